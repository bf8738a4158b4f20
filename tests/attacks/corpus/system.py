"""Calls to the kernel that leave a box: namespaces, mounts, tracing, terminals, users."""

from __future__ import annotations

from ..attack import ANY, Attack, Expect, in_cell

CALLS = """import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    answer = getattr(libc, name)(*arguments)
    return answer if answer != -1 else -ctypes.get_errno()
"""

ATTACKS: list[Attack] = [
    in_cell(
        "new_namespaces",
        "makes namespaces of its own, to be root there and mount what it likes",
        CALLS
        + """for flags in (0x10000000, 0x10000000 | 0x20000, 0x20000, 0x40000000, 0x20000000):
    pid = os.fork()
    if pid == 0:
        try:
            if call("unshare", flags) == 0:
                for source, kind in ((b"proc", b"proc"), (b"none", b"tmpfs"), (b"sysfs", b"sysfs")):
                    call("mount", source, b"/tmp", kind, 0, None)
                for name in (@COURSE@ + "/gradebook.db", @REPO@ + "/lib/examiner"):
                    if os.path.exists(name):
                        leaked("reached the course")
        finally:
            os._exit(0)
    os.waitpid(pid, 0)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "mounts",
        "mounts, unmounts and moves roots to uncover what lies below",
        CALLS
        + """for folder in (b"/", b"/tmp", b"/home", b"/root", b"/proc", b"/usr", b"/var"):
    call("umount2", folder, 2)
    call("umount2", folder, 8)
call("mount", b"none", b"/", None, 0x4000 | 0x40000, None)
call("mount", None, b"/usr", None, 0x20 | 0x1000, None)
call("pivot_root", b".", b".")
for name in (@COURSE@ + "/gradebook.db", @REPO@ + "/lib/examiner", "/root/.bashrc"):
    if os.path.exists(name):
        leaked(name)
try:
    with open("/usr/strides-atk-usr", "w") as file:
        leaked("wrote to /usr")
except OSError:
    pass""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "chroot",
        "leaves a changed root the old way: chroot, then up and up",
        CALLS
        + """os.makedirs("cage", exist_ok=True)
try:
    here = os.open("/", os.O_RDONLY)
    os.chroot("cage")
    os.fchdir(here)
    for _ in range(50):
        os.chdir("..")
    os.chroot(".")
except OSError as problem:
    print(problem.strerror)
for name in (@COURSE@ + "/gradebook.db", @REPO@ + "/lib/examiner/lock.py"):
    if os.path.exists(name):
        leaked("reached the course")""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "users_changed",
        "becomes root, or anybody else",
        CALLS
        + """for change in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0),
               lambda: os.setgid(0),
               lambda: os.setgroups([0]), lambda: os.seteuid(0)):
    try:
        change()
    except OSError:
        pass
if os.system("sudo -n true 2>/dev/null") == 0 or os.system("su -c true </dev/null 2>&1") == 0:
    leaked("sudo")
for folder, _, files in os.walk("/usr/bin"):
    for name in files:
        if os.stat(os.path.join(folder, name)).st_mode & 0o4000:
            print("setuid", name)
status = open("/proc/self/status").read() if os.path.exists("/proc/self/status") else ""
if "NoNewPrivs:\\t0" in status:
    leaked("new privileges may be had")""",
    ),
    in_cell(
        "tracing",
        "traces its parent, and reads and writes its memory",
        CALLS
        + """for pid in (os.getppid(), 1, 2, 3):
    if pid in (0, os.getpid()):
        continue
    for request in (16, 0x4206):
        if call("ptrace", request, pid, None, None) == 0:
            print("traced", pid == os.getppid())
    buffer = ctypes.create_string_buffer(64)
    class Span(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
    local, remote = Span(ctypes.addressof(buffer), 64), Span(id(0), 64)
    for name in ("process_vm_readv", "process_vm_writev"):
        call(name, pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "own_memory",
        "writes to /proc/self/mem and changes the pages of code",
        CALLS
        + """try:
    with open("/proc/self/mem", "r+b", 0) as memory:
        memory.seek(id(101) + 24)
        memory.write(b"\\x00")
except (OSError, ValueError) as problem:
    print(type(problem).__name__)
call("mprotect", ctypes.c_void_p(0x400000), 4096, 7)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "rare_calls",
        "keyrings, userfaultfd, bpf, io_uring, perf events, module loading, reboot, swap",
        CALLS
        + """syscalls = {"add_key": 248, "keyctl": 250, "userfaultfd": 323, "bpf": 321,
            "io_uring": 425, "memfd_create": 319, "clock_settime": 227,
            "perf": 298, "init_module": 175, "finit_module": 313, "kexec": 246, "swapon": 167,
            "acct": 163, "settimeofday": 164, "sethostname": 170, "quotactl": 179, "pidfd": 438,
            "open_by_handle": 304, "name_to_handle": 303, "fanotify": 300, "clone3": 435}
opened = {}
for name, number in syscalls.items():
    answer = libc.syscall(number, 0, 0, 0, 0, 0)
    opened[name] = answer if answer >= 0 else -ctypes.get_errno()
print(opened)
if opened["sethostname"] >= 0 and libc.sethostname(b"strides-atk", 11) == 0:
    print("renamed its own box")""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "file_handles",
        "opens files of the host by their inode numbers",
        CALLS
        + """buffer = ctypes.create_string_buffer(8 + 128)
import struct
for inode in (2, 11, 12, 13, 64, 128):
    struct.pack_into("IiQ", buffer, 0, 8, 1, inode)
    for folder in ("/", "/usr", "/etc", "/tmp"):
        end = os.open(folder, os.O_RDONLY)
        got = libc.open_by_handle_at(end, buffer, os.O_RDONLY)
        if got >= 0:
            leaked("a handle", os.listdir(got)[:5])
        os.close(end)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "terminal",
        "types into the terminal of whoever grades, and rings",
        CALLS
        + """import fcntl, glob, termios
ends = [0, 1, 2]
for path in ("/dev/tty", "/dev/console", "/dev/ptmx", *glob.glob("/dev/pts/*"), "/dev/tty1"):
    try:
        ends.append(os.open(path, os.O_RDWR | os.O_NOCTTY))
        print("opened", path)
    except OSError:
        pass
for end in ends:
    for letter in b"touch strides-atk-typed\\n":
        try:
            fcntl.ioctl(end, termios.TIOCSTI, bytes([letter]))
            leaked("typed")
        except OSError:
            break""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "devices",
        "writes to devices and to the kernel's switches",
        """import glob
for path in ["/dev/full", "/dev/kmsg", "/dev/random", "/dev/watchdog", "/dev/mem", "/dev/sda",
             "/dev/vda", "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/sys/power/state",
             "/proc/self/oom_score_adj", "/proc/self/uid_map", "/proc/1/oom_score_adj",
             "/proc/sys/kernel/hostname", "/sys/fs/cgroup/cgroup.procs",
             *glob.glob("/sys/fs/cgroup/*/tasks"), *glob.glob("/sys/fs/cgroup/*/release_agent")]:
    try:
        with open(path, "rb+", 0) as file:
            if path.startswith(("/proc/sys", "/sys", "/dev/mem", "/dev/vd", "/dev/kmsg")):
                leaked(path)
    except OSError:
        pass""",
    ),
    in_cell(
        "preload",
        "gives every later program a library and a start-up file of its own",
        """import os
with open("evil.py", "w") as file:
    file.write("print(21)")
for name, value in {"LD_PRELOAD": os.path.abspath("evil.so"), "LD_LIBRARY_PATH": os.getcwd(),
                    "PYTHONSTARTUP": os.path.abspath("evil.py"), "PYTHONPATH": os.getcwd(),
                    "PYTHONHOME": "/nowhere", "IPYTHONDIR": os.getcwd(), "PATH": os.getcwd(),
                    "PYTHONINSPECT": "1", "BASH_ENV": "evil.py", "HOME": "/"}.items():
    os.environ[name] = value""",
    ),
    in_cell(
        "descriptors_replaced",
        "puts files of its own in the places of the first three descriptors",
        """import os, sys
for number in (0, 1, 2):
    end = os.open("out", os.O_CREAT | os.O_RDWR)
    os.dup2(end, number)
sys.stdout = sys.stderr = sys.__stdout__ = open("out", "w")
sys.stdout.close()
print("21")""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "working_folder",
        "removes its working folder and goes where it no longer exists",
        """import os, shutil
here = os.getcwd()
os.makedirs("gone", exist_ok=True)
os.chdir("gone")
shutil.rmtree(here, ignore_errors=True)
try:
    os.chroot("/nonexistent")
except OSError:
    pass""",
        expects=Expect(0, ANY),
    ),
]
