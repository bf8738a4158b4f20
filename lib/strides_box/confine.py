"""What the system holds against a submission: namespaces, mounts, rights and limits of its own.

`Confined.start` gives a submission its process: the calling process moves into new namespaces
and becomes the watcher, its child is process 1 of them and runs the student's code. Linux only;
the numbers are those of Linux's headers.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from dataclasses import dataclass

from .refusals import refuse_system_calls

_libc = ctypes.CDLL(None, use_errno=True)

NEW_NAMESPACES = 0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000
"""User, mount, pid, network, ipc, host name."""
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 2, 4, 16384, 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
SIGKILL = 9
MOUNT_SETATTR, LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 442, 444, 445, 446
KEYCTL, JOIN_SESSION_KEYRING = {"x86_64": 250, "aarch64": 219}, 1
AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY = -100, 0x8000, 1
READ_AND_RUN, FILE_ACCESS, ALL_ACCESS = 0b1101, 0b111, 0x1FFF
MOVE_BETWEEN_FOLDERS = 0x2000


@dataclass(frozen=True)
class Limits:
    """What one submission may use: bytes, counts, seconds."""

    memory: int = 2_000_000_000
    data: int = 1_500_000_000
    disk: int = 64_000_000
    files: int = 2_000
    processes: int = 48
    open_files: int = 256
    seconds: float = 600.0


def check(result: int, doing: str) -> int:
    """The result of a system call; raises OSError that says what was being done."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{doing}: {os.strerror(number)}")
    return result


def control(option: int, value: int, doing: str) -> None:
    check(_libc.prctl(option, value, 0, 0, 0), doing)


def drop_root(uid: int = 65534) -> None:
    """Go on as an ordinary user where this process is root; root escapes some limits."""
    if os.getuid() == 0 and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        # Otherwise the files of this process below /proc belong to root.
        control(PR_SET_DUMPABLE, 1, "staying readable to oneself")


def new_namespaces() -> None:
    """Move this process to namespaces of its own; its next child is process 1 in them."""
    uid, gid = os.getuid(), os.getgid()
    check(_libc.unshare(NEW_NAMESPACES), "new namespaces")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"1000 {uid} 1"),
        ("gid_map", f"1000 {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def no_further_namespaces() -> bool:
    """Let nobody in this user namespace make another; False where the system keeps that shut.

    Then Landlock still holds: within a further namespace nothing can be mounted or written.
    """
    try:
        with open("/proc/sys/user/max_user_namespaces", "w", encoding="ascii") as file:
            file.write("0")
    except OSError:
        return False
    return True


def mount(kind: str, target: str, options: str = "", flags: int = MS_NOSUID | MS_NODEV) -> None:
    source = kind.encode()
    result = _libc.mount(source, target.encode(), source, flags, options.encode())
    check(result, f"mounting {target}")


def scratch() -> str:
    """The folder that a submission may write in, as the sandbox was told."""
    return os.environ["TMPDIR"]


def private_files(limits: Limits) -> None:
    """A system that can only be read, a scratch folder, and nothing below /proc."""
    check(_libc.mount(b"", b"/", None, MS_REC | MS_PRIVATE, None), "private mounts")
    attributes = struct.pack("QQQQ", MOUNT_ATTR_RDONLY, 0, 0, 0)
    result = _libc.syscall(MOUNT_SETATTR, AT_FDCWD, b"/", AT_RECURSIVE, attributes, len(attributes))
    check(result, "making the system read-only")
    room = f"size={limits.disk},nr_inodes={limits.files},mode=0700"
    mount("tmpfs", scratch(), room)
    mount("tmpfs", "/dev/shm", room)
    mount("tmpfs", "/proc", "size=4k,nr_inodes=1,mode=0500")
    os.chdir(scratch())


def limit(limits: Limits) -> None:
    """Limits that the system holds for each process."""
    seconds = int(limits.seconds) + 5
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_DATA, limits.data),
        (resource.RLIMIT_FSIZE, limits.disk),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(what, (most, most))


def no_rights() -> None:
    """Give up every capability for good, and the way to new ones."""
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
    check(_libc.capset(header, nothing), "dropping capabilities")
    control(PR_SET_NO_NEW_PRIVS, 1, "no new privileges")


def new_keyring() -> None:
    """An empty keyring in place of the one of whoever started the grader."""
    if number := KEYCTL.get(platform.machine()):
        check(_libc.syscall(number, JOIN_SESSION_KEYRING, None), "a keyring of its own")


def landlock_version() -> int:
    """The version of the kernel's Landlock, 0 where there is none."""
    return max(0, _libc.syscall(LANDLOCK_CREATE, None, 0, 1))


def landlock(writable: tuple[str, ...]) -> bool:
    """Write below these folders only, and mount nothing, in later user namespaces too.

    False where the kernel has no Landlock.
    """
    version = landlock_version()
    if not version:
        return False
    everything = ALL_ACCESS | (MOVE_BETWEEN_FOLDERS if version > 1 else 0)
    handled = struct.pack("Q", everything)
    rules = check(_libc.syscall(LANDLOCK_CREATE, handled, len(handled), 0), "landlock")
    there = [folder for folder in writable if os.path.exists(folder)]
    for folder, access in [("/", READ_AND_RUN), *((folder, everything) for folder in there)]:
        place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        allowed = access if os.path.isdir(folder) else access & FILE_ACCESS
        rule = struct.pack("=Qi", allowed, place)
        check(_libc.syscall(LANDLOCK_ADD, rules, 1, rule, 0), f"landlock {folder}")
        os.close(place)
    check(_libc.syscall(LANDLOCK_RESTRICT, rules, 0), "landlock")
    os.close(rules)
    return True


def close_files(keep: int) -> None:
    """Close everything but one file; standard input, output and error go nowhere."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.closerange(3, keep)
    os.closerange(keep + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def process_one(limits: Limits, keep: int) -> None:
    """What process 1 does before the student's code: everything that cannot be undone."""
    control(PR_SET_PDEATHSIG, SIGKILL, "ending with the watcher")
    private_files(limits)
    close_files(keep)
    os.setsid()
    new_keyring()
    no_rights()
    landlock((scratch(), "/dev/shm", "/dev/null", "/dev/tty", "/dev/pts"))
    limit(limits)
    refuse_system_calls()
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  (open as long as the process)
