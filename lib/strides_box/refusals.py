"""System calls that a submission has no use for, refused by the kernel (seccomp).

Namespaces, mounts, keys, other processes' memory, the kernel's own programs, memory that belongs
to no process and so would be counted nowhere, and other cores than the sandbox's own.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

PR_SET_SECCOMP, FILTER = 22, 2
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, FAIL = 0x7FFF0000, 0x00050000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
"""Places in what a filter sees of a call."""
NEW_NAMESPACE = 0x7E020080
OTHER_ABI = 0x40000000

# Names as in the kernel's tables, arch/x86/entry/syscalls and scripts/syscall.tbl.
SAME_EVERYWHERE = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "pidfd_getfd": 438,
    "mount_setattr": 442,
    "memfd_secret": 447,
}
REFUSED = {
    "x86_64": SAME_EVERYWHERE
    | {
        "shmget": 29,
        "msgget": 68,
        "sched_setparam": 142,
        "sched_setscheduler": 144,
        "sched_setaffinity": 203,
        "sched_setattr": 314,
        "ptrace": 101,
        "pivot_root": 155,
        "chroot": 161,
        "mount": 165,
        "umount2": 166,
        "add_key": 248,
        "request_key": 249,
        "keyctl": 250,
        "unshare": 272,
        "perf_event_open": 298,
        "setns": 308,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "memfd_create": 319,
        "bpf": 321,
        "userfaultfd": 323,
    },
    "aarch64": SAME_EVERYWHERE
    | {
        "umount2": 39,
        "mount": 40,
        "pivot_root": 41,
        "chroot": 51,
        "unshare": 97,
        "ptrace": 117,
        "sched_setparam": 118,
        "sched_setscheduler": 119,
        "sched_setaffinity": 122,
        "msgget": 186,
        "sched_setattr": 274,
        "shmget": 194,
        "add_key": 217,
        "request_key": 218,
        "keyctl": 219,
        "perf_event_open": 241,
        "setns": 268,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "memfd_create": 279,
        "bpf": 280,
        "userfaultfd": 282,
    },
}
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE, CLONE3 = {"x86_64": 56, "aarch64": 220}, 435


def step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """One instruction of a filter; the jumps are counted from the next one."""
    return struct.pack("HBBI", code, if_so, if_not, value)


def refuse(test: int, value: int, error: int) -> bytes:
    """Fail with an error where the value just loaded passes a test; else go on."""
    return step(test, value, 0, 1) + step(RETURN, FAIL | error)


def filter_for(machine: str) -> bytes:
    """The filter's program for a machine."""
    program = step(LOAD, ARCHITECTURE)
    program += step(EQUAL, AUDIT[machine], 1, 0) + step(RETURN, FAIL | errno.ENOSYS)
    program += step(LOAD, NUMBER) + refuse(AT_LEAST, OTHER_ABI, errno.ENOSYS)
    for number in REFUSED[machine].values():
        program += refuse(EQUAL, number, errno.EPERM)
    # The C library falls back on clone, whose flags can be looked at.
    program += refuse(EQUAL, CLONE3, errno.ENOSYS)
    program += step(EQUAL, CLONE[machine], 1, 0) + step(RETURN, ALLOW)
    program += step(LOAD, FIRST_ARGUMENT) + refuse(ANY_BIT, NEW_NAMESPACE, errno.EPERM)
    return program + step(RETURN, ALLOW)


def refuse_system_calls() -> bool:
    """Refuse them to this process and all that it starts; False for a machine without a table."""
    machine = platform.machine()
    if machine not in REFUSED:
        return False
    program = filter_for(machine)
    held = ctypes.create_string_buffer(program, len(program))
    form = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, FILTER, form, 0, 0) < 0:
        number = ctypes.get_errno()
        raise OSError(number, "refusing system calls")
    return True
