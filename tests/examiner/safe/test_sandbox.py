"""What a submission finds in its sandbox, and what it cannot do there."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from examiner.safe import sandbox
from examiner.safe.box import Box, Gone
from examiner.safe.cores import OwnCore
from examiner.safe.sandbox import SandboxMissing, explain, find_bubblewrap
from examiner.safe.standin import Remote
from strides_box.confine import Limits
from strides_box.refusals import REFUSED

from .conftest import LIMITS

REPO = Path(__file__).parents[3]


def test_it_sees_python_and_strides_and_nothing_of_the_course(shows):
    assert shows("import strides, numpy; print('here')") == "here\n"
    assert "ModuleNotFoundError" in shows("import examiner")
    found = shows(f"import os; print(sorted(os.listdir({str(REPO)!r})))")
    assert "solutions" not in found
    assert "sources" not in found
    assert shows(f"import os; print(sorted(os.listdir({str(REPO / 'lib')!r})))") == (
        "['strides', 'strides_box']\n"
    )


@pytest.mark.parametrize(
    "place", ["/etc/passwd", "/etc/shadow", "/home", "/var", "/run", "/root/.ssh"]
)
def test_places_of_the_machine_are_not_there(shows, place):
    assert shows(f"import os; print(os.path.exists({place!r}))") == "False\n"


def test_the_environment_is_its_own(shows, monkeypatch):
    assert "STRIDES_TEST_SECRET" not in shows("import os; print(dict(os.environ))")
    assert shows("import os; print(os.listdir('/proc'))") == "[]\n"
    assert shows("import os; print(os.getpid(), os.getppid(), os.getuid() != 0)") == "1 0 True\n"


def test_it_writes_in_its_scratch_only_and_not_too_much(shows):
    assert shows("open('a', 'w').write('x'); print(open('a').read())") == "x\n"
    assert shows("import tempfile; tempfile.TemporaryFile().write(b'x')") == ""
    for place in ("/a", "/usr/a", "/dev/a", str(REPO / "lib/strides/a.py"), "/proc/a", "/data/a"):
        assert "Error" in shows(f"open({place!r}, 'w')"), place
    many = "for i in range(100): open(f'{i}', 'wb').write(bytes(1_000_000))"
    assert "No space left" in shows(many)
    assert "No space left" in shows("for i in range(300): open(f'/dev/shm/{i}', 'w').close()")


def test_one_file_has_a_size_limit(shows):
    assert "File too large" in shows("open('big', 'wb').write(bytes(100_000_000))")


def test_it_has_no_network(shows):
    for address in ("127.0.0.1", "8.8.8.8"):
        line = f"import socket; socket.create_connection(({address!r}, 80), 1)"
        assert "Network is unreachable" in shows(line)
    bound = "import socket; socket.socket(socket.AF_UNIX).connect('\\0/tmp/.X11-unix/X0')"
    assert "Connection refused" in shows(bound)


def test_it_has_no_rights_and_gets_none(shows):
    status = """
import ctypes, os
libc = ctypes.CDLL(None)
print(libc.unshare(0x10000000 | 0x20000), libc.unshare(0x20000), libc.chroot(b"/usr"))
print(libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, b""), libc.setuid(0))
"""
    assert shows(status) == "-1 -1 -1\n-1 -1\n"
    assert "PermissionError" in shows("import os; os.setpriority(os.PRIO_PROCESS, 0, -5)")


@pytest.mark.skipif(platform.machine() not in REFUSED, reason="no table of system calls")
def test_system_calls_that_it_has_no_use_for_are_refused(shows):
    assert "PermissionError" in shows("import os; os.memfd_create('x')")
    numbers = sorted(set(REFUSED[platform.machine()].values()))
    calls = f"""
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
for number in {numbers}:
    result = libc.syscall(number, 0, 0, 0, 0, 0)
    if result != -1 or ctypes.get_errno() != errno.EPERM:
        print("allowed:", number)
print("done")
"""
    assert shows(calls) == "done\n"
    clone = "import ctypes; print(ctypes.CDLL(None).syscall(56, 0x10000000 | 17, 0, 0, 0, 0))"
    if platform.machine() == "x86_64":
        assert shows(clone) == "-1\n"


def test_processes_and_threads_are_few(shows):
    many = """
import os, time
children = 0
try:
    for _ in range(500):
        if os.fork() == 0:
            time.sleep(60)
        children += 1
except OSError as problem:
    print(children < 60, problem)
"""
    assert "True [Errno 11]" in shows(many)


def test_nothing_outlives_a_submission(box):
    remote = Remote(box.start(LIMITS))
    marker = f"strides-test-{os.getpid()}-{time.monotonic_ns()}"
    daemon = f"""
import subprocess, sys
for _ in range(3):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", {marker!r}],
                     start_new_session=True)
"""
    assert remote.run(daemon, 5).outputs == []
    until = time.monotonic() + 10
    while len(processes_with(marker)) < 3:  # a program's arguments show a moment after its start
        assert time.monotonic() < until
    remote.submission.end()
    assert processes_with(marker) == []


def processes_with(marker: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def test_one_submission_leaves_nothing_to_the_next(box):
    first = Remote(box.start(LIMITS))
    first.run("import numpy, builtins\nnumpy.mark = builtins.mark = 1\nopen('a', 'w')", 5)
    first.submission.end()
    second = Remote(box.start(LIMITS))
    seen = second.run(
        "import os, numpy, builtins\n"
        "print(hasattr(numpy, 'mark'), hasattr(builtins, 'mark'), os.path.exists('a'))",
        5,
    )
    second.submission.end()
    assert seen.outputs[0]["text"] == "False False False\n"


def test_memory_is_limited_for_one_process_and_for_all(box):
    remote = Remote(box.start(Limits(data=600_000_000, memory=700_000_000)))
    one = remote.run("x = bytearray(2_000_000_000)", 10)
    assert one.outputs[-1]["ename"] == "MemoryError"
    several = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        x = bytearray(b"1") * 200_000_000
        time.sleep(60)
time.sleep(60)
"""
    with pytest.raises(Gone, match="out of memory"):
        remote.run(several, 30)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import os; os._exit(0)", "ended"),
        ("import ctypes; ctypes.string_at(0)", "ended"),
        ("import os; os.closerange(3, 1000)", "ended"),
        ("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass", "time"),
    ],
)
def test_a_process_that_ends_or_does_not_end_is_gone(box, source, why):
    remote = Remote(box.start(LIMITS))
    with pytest.raises(Gone, match=why):
        remote.run(source, 0.3)
    with pytest.raises(Gone, match=why):
        remote.look("x")


def test_a_loop_that_swallows_everything_ends(box):
    remote = Remote(box.start(LIMITS))
    stubborn = "while True:\n    try:\n        while True: sum(())\n    except BaseException: pass"
    try:
        late = remote.run(stubborn, 0.3).late  # where the alarm strikes between two tries
    except Gone as gone:
        late = str(gone) == "out of time"
    assert late
    remote.submission.end()


def test_the_parent_has_one_thread_when_it_forks(box):
    assert box.threads == 1


AS_A_USER = """
from examiner.safe.box import Box
from examiner.safe.standin import Remote
from strides_box.confine import Limits
from strides_box.refusals import REFUSED
with Box() as box:
    remote = Remote(box.start(Limits(processes=20, disk=1_000_000)))
    many = "import os, time\\nfor _ in range(100):\\n    if os.fork() == 0: time.sleep(60)"
    disk = "open('a', 'wb').write(bytes(900_000)); open('b', 'wb').write(bytes(900_000))"
    who = "import os; print(os.getuid(), os.listdir('/proc'))"
    for source in (who, "open('/a', 'w')", disk, many):
        shown = remote.run(source, 5).outputs[-1]
        print((shown.get("text") or shown["evalue"]).strip())
"""


def test_an_ordinary_user_has_the_same_sandbox():
    """Where the tests run as root: the grader as another user, who can reach this Python."""
    if os.geteuid() != 0:
        pytest.skip("the other tests are run as an ordinary user already")
    python = Path(sys.base_prefix)
    reach = [
        part
        for parent in sandbox.between([python])
        for part in ("--perms", "0755", "--dir", str(parent))
    ]
    cover = ["--tmpfs", "/root", *reach] if python.is_relative_to("/root") else reach
    outer = [
        "bwrap",
        "--bind",
        "/",
        "/",
        "--dev-bind",
        "/dev",
        "/dev",
    ]
    outer += [*cover, "--ro-bind", str(python), str(python)]
    outer += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--setenv", "HOME", "/tmp"]
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    run = subprocess.run(
        [*outer, *user, sys.executable, "-B", "-c", AS_A_USER], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    who, write, disk, many = run.stdout.splitlines()
    assert who == "1000 []"
    assert "Read-only file system" in write
    assert "No space left" in disk
    assert "Resource temporarily unavailable" in many


def test_a_machine_without_bubblewrap_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sandbox.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SandboxMissing, match="apt install bubblewrap"):
        find_bubblewrap()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("bwrap: setting up uid map: Permission denied", "may not make user namespaces"),
        ("bwrap: Creating new namespace failed: Operation not permitted", "refuses new namespaces"),
        ("new namespaces: Operation not permitted", "namespaces within a sandbox"),
    ],
)
def test_a_refused_namespace_is_explained(said, why):
    assert why in explain(said)
    assert "--unsafe" in explain(said)


def test_a_refused_sandbox_is_said_before_anything_runs(monkeypatch, tmp_path):
    refusing = tmp_path / "bwrap"
    refusing.write_text(
        "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"
    )
    refusing.chmod(0o755)
    monkeypatch.setattr("examiner.safe.box.find_bubblewrap", lambda: str(refusing))
    with pytest.raises(SandboxMissing, match="user namespaces"):
        Box()


def test_a_sandbox_with_torch_runs_it_and_hands_over_its_numbers():
    with Box(torch=True) as box:
        assert box.threads == 1
        remote = Remote(box.start(Limits(seconds=60)))
        remote.run(
            "import torch\n"
            "conv = torch.nn.Conv2d(3, 8, 3)\n"
            "def f(x):\n"
            "    out = conv(torch.from_numpy(x)).sum()\n"
            "    out.backward()\n"
            "    return out.detach(), conv.weight.grad, float(out), conv",
            30,
        )
        f = remote.look("f")
        with remote.case(20, ()):
            out, gradient, number, conv = f(np.ones((2, 3, 8, 8), np.float32))
        remote.submission.end()
    assert float(out.array) == pytest.approx(number)
    assert (out.module, out.name, gradient.array.shape) == ("torch", "Tensor", (8, 3, 3, 3))
    assert callable(conv)


def test_each_sandbox_keeps_to_a_core_of_its_own(tmp_path, monkeypatch):
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("this machine has one core")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    seen = set()
    with Box() as first, Box() as second:
        for box in (first, second):
            remote = Remote(box.start(LIMITS))
            ran = remote.run("import os; print(sorted(os.sched_getaffinity(0)))", 5)
            seen.add(ran.outputs[0]["text"])
            remote.submission.end()
    assert len(seen) == 2


def test_a_core_is_free_again_when_its_sandbox_has_ended(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    cores = sorted(os.sched_getaffinity(0))
    taken = [OwnCore() for _ in cores]
    assert [core.number for core in taken] == cores
    assert OwnCore().number is None
    taken[0].release()
    assert OwnCore().number == cores[0]
