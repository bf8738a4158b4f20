"""The watcher of one submission: outside its process table, with power over it.

It runs no student code. It ends the submission's process 1, and with it every process that the
submission started, when its time is up, when it holds too much memory, or when it is told to.
"""

from __future__ import annotations

import os
import signal
import time

from .confine import Limits

EVERY = 0.05
WAKE = (signal.SIGCHLD, signal.SIGTERM)
ENDED, OUT_OF_MEMORY, OUT_OF_TIME, TOLD = 0, 71, 72, 73
"""The watcher's exit codes."""


def watch(child: int, limits: Limits, processes: int) -> int:
    """Wait for the submission's process 1 and end it where it must be; why it ended.

    `processes` is the open folder /proc as it was before the submission's own mounts. The
    signals WAKE are blocked.
    """
    until = time.monotonic() + limits.seconds
    own = memory_held(str(os.getpid()), processes)
    while True:
        woken = signal.sigtimedwait(WAKE, EVERY)
        if os.waitpid(child, os.WNOHANG)[0] == child:
            return ENDED
        why = ENDED
        if woken and woken.si_signo == signal.SIGTERM:
            why = TOLD
        elif time.monotonic() > until:
            why = OUT_OF_TIME
        elif memory_of_submission(processes, own) > limits.memory:
            why = OUT_OF_MEMORY
        if why:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return why


def memory_of_submission(processes: int, inherited: int) -> int:
    """Bytes of memory of the processes in deeper namespaces, beyond what each inherited."""
    names = [name for name in os.listdir(processes) if name.isdigit()]
    depth = len(_status("self", processes).get("NSpid", []))
    held = 0
    for name in names:
        if len(_status(name, processes).get("NSpid", [])) > depth:
            held += max(0, memory_held(name, processes) - inherited)
    return held


def memory_held(name: str, processes: int) -> int:
    """Bytes of memory of a process that no file stands behind, its own and shared."""
    status = _status(name, processes)
    return sum(int(status.get(kind, ["0"])[0]) for kind in ("RssAnon", "RssShmem")) * 1024


def _status(name: str, processes: int) -> dict[str, list[str]]:
    """The lines of a process's status; empty where the process is gone."""
    try:
        file = os.open(f"{name}/status", os.O_RDONLY, dir_fd=processes)
    except OSError:
        return {}
    try:
        text = os.read(file, 8192).decode("ascii", "replace")
    except OSError:
        return {}
    finally:
        os.close(file)
    lines = (line.partition(":") for line in text.splitlines())
    return {key: rest.split() for key, _, rest in lines}
