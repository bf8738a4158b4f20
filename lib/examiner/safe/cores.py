"""A core for each sandbox of this machine, so that a busy submission slows down nobody else."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path


class OwnCore:
    """The first core that no other sandbox of this user has; `number` is None where all are taken.

    A core is held by a lock on a file, which the system lets go when this process ends.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self._lock = -1
        for core in sorted(os.sched_getaffinity(0)):
            place = Path(tempfile.gettempdir(), f"strides-core-{os.getuid()}-{core}")
            lock = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                continue
            self.number, self._lock = core, lock
            return

    def release(self) -> None:
        """Let another sandbox have it."""
        if self.number is not None:
            os.close(self._lock)
            self.number = None
