"""Bombs, each with an end in case nothing stops it: processes, memory, disk, descriptors."""

from __future__ import annotations

from ..attack import ANY, DIED, FULL, GRADED, LOOK, TIMED_OUT, Attack, Expect, beside, without
from .processes import EITHER, NAMED

FILLED = Expect(FULL, (GRADED, DIED, TIMED_OUT))

ATTACKS: list[Attack] = [
    beside(
        "fork_bomb",
        "up to 2000 processes that wait",
        NAMED
        + """made = 0
try:
    for made in range(2000):
        if os.fork() == 0:
            mark()
            time.sleep(3600)
except OSError:
    pass
if made > 1900:
    leaked("no limit of processes")""",
        expects=EITHER,
    ),
    beside(
        "fork_doubling",
        "processes that all fork, ten times",
        NAMED
        + """me = os.getpid()
for _ in range(10):
    try:
        os.fork()
    except OSError:
        pass
if os.getpid() != me:
    mark()
    time.sleep(3600)""",
        expects=EITHER,
    ),
    beside(
        "shell_bomb",
        "a shell function that pipes into itself",
        "import subprocess\nsubprocess.run(['bash', '-c', "
        "'n=0; b() { [ $n -gt 11 ] || { n=$((n+1)); b | b & }; }; b # strides-atk'], timeout=1)",
        expects=EITHER,
    ),
    beside(
        "thread_bomb",
        "up to 20000 threads that wait",
        """import threading, time
threading.stack_size(65536)
made = 0
try:
    for made in range(20_000):
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
except (RuntimeError, MemoryError):
    pass
if made > 19_000:
    leaked("no limit of threads")""",
        expects=EITHER,
    ),
    beside(
        "memory_bomb",
        "6 GB in steps of 100 MB, each touched",
        """kept = []
for step in range(60):
    kept.append(bytearray(b"x") * 100_000_000)
leaked("no limit of memory")""",
        expects=FILLED,
    ),
    beside(
        "memory_bomb_arrays",
        "6 GB in NumPy arrays",
        "kept = [np.ones(12_500_000) for _ in range(60)]\nleaked('no limit of memory')",
        expects=FILLED,
    ),
    beside(
        "memory_bomb_mapped",
        "6 GB of shared anonymous memory, which limits on data do not count",
        """import mmap
kept, block = [], bytes(100_000_000)
for _ in range(60):
    kept.append(mmap.mmap(-1, 100_000_000))
    kept[-1].write(block)
leaked("no limit of shared memory")""",
        expects=FILLED,
    ),
    beside(
        "memory_bomb_file",
        "6 GB in a file that lies in memory (memfd)",
        """import os
kept, block = [], bytes(50_000_000)
for _ in range(120):
    kept.append(os.memfd_create("strides-atk"))
    os.write(kept[-1], block)
leaked("no limit of memory files")""",
        expects=FILLED,
    ),
    beside(
        "memory_by_processes",
        "many processes that each take what one may",
        NAMED
        + """taken = 0
for _ in range(12):
    read, write = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        break
    if pid == 0:
        mark()
        try:
            kept = bytearray(b"x") * 500_000_000
            os.write(write, b"1")
        except MemoryError:
            os.write(write, b"0")
        time.sleep(3600)
    os.close(write)
    taken += os.read(read, 1) == b"1"
if taken > 8:
    leaked("more than 4 GB by processes")""",
        expects=EITHER,
    ),
    Attack(
        "memory_in_answer",
        "an answer that builds an outer product of everything",
        {"predict": "def predict(w, x):\n    return np.ones((60_000, 60_000)) @ w"},
        base="right",
        expects=Expect(without("predict"), (GRADED, DIED, TIMED_OUT, LOOK)),
    ),
    beside(
        "disk_bomb",
        "6 GB into every folder that can be written",
        """import os, tempfile
block, written = bytes(50_000_000), 0
for place in {".", os.path.expanduser("~"), tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm",
              "/run", "/run/lock", "/var/crash", "/dev/mqueue"}:
    try:
        with open(os.path.join(place, "strides-atk-block"), "wb") as file:
            for _ in range(120):
                file.write(block)
                written += len(block)
                if written > 3_000_000_000:
                    leaked("no limit of disk", place)
                    raise SystemExit
    except OSError:
        pass""",
        expects=FILLED,
    ),
    beside(
        "many_files",
        "300,000 small files",
        """import os, tempfile
folder = tempfile.mkdtemp(prefix="strides-atk-")
made = 0
try:
    for made in range(300_000):
        os.close(os.open(f"{folder}/{made}", os.O_CREAT | os.O_WRONLY))
    leaked("no limit of files")
except OSError:
    pass""",
        expects=FILLED,
    ),
    beside(
        "sparse_file",
        "a file of 8 exabytes that takes no room, and a deep folder",
        """import os
with open("strides-atk-sparse", "wb") as file:
    try:
        os.truncate(file.fileno(), 2**62)
    except OSError as problem:
        print(problem.strerror)
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")""",
        expects=FILLED,
    ),
    beside(
        "descriptors",
        "opens files and pipes until there are no more",
        """import os
kept = []
try:
    while len(kept) < 100_000:
        kept += os.pipe()
    leaked("no limit of descriptors")
except OSError:
    pass""",
        expects=EITHER,
    ),
    beside(
        "limits_raised",
        "raises every limit that it has",
        """import resource
for name in dir(resource):
    if name.startswith("RLIMIT_"):
        try:
            resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY,) * 2)
            before = resource.getrlimit(getattr(resource, name))
        except (OSError, ValueError):
            pass
if resource.getrlimit(resource.RLIMIT_NPROC)[0] == -1 == resource.getrlimit(resource.RLIMIT_AS)[0]:
    try:
        kept = [bytearray(b"x") * 100_000_000 for _ in range(60)]
        leaked("no limit of memory")
    except MemoryError:
        pass""",
        expects=FILLED,
    ),
    beside(
        "deep_recursion",
        "recursion without end, with the limit raised",
        """import sys, threading
sys.setrecursionlimit(10**9)
def down(n):
    return down(n + 1) + 1
down(0)""",
        expects=Expect(FULL, (GRADED, DIED, TIMED_OUT)),
    ),
    Attack(
        "recursion_in_answer",
        "an answer that calls itself for ever",
        {"predict": "def predict(w, x):\n    return predict(w, x)"},
        base="right",
        expects=Expect(without("predict"), says="RecursionError"),
    ),
    beside(
        "imports_forever",
        "imports modules that it writes, ten thousand",
        """import importlib, os, sys
sys.path.insert(0, os.getcwd())
for number in range(10_000):
    name = f"strides_atk_{number}"
    with open(name + ".py", "w") as file:
        file.write("data = 'x' * 100_000")
    importlib.invalidate_caches()
    importlib.import_module(name)""",
        expects=Expect((0, FULL), ANY),
    ),
]
