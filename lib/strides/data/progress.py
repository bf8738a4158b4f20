"""A progress line on stderr that appears only where the work takes longer than a second."""

import sys
import time
from types import TracebackType

QUIET_SECONDS = 1.0
SECONDS_BETWEEN_LINES = 0.2
WIDTH = 30


class Progress:
    """`with Progress("drawing", 10_000) as progress: progress.reach(500)`."""

    def __init__(self, label: str, total: int | None, unit: str = "", scale: float = 1.0) -> None:
        self.label, self.total, self.unit, self.scale = label, total, unit, scale
        self._next = time.monotonic() + QUIET_SECONDS
        self._shown = False

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            sys.stderr.write("\n")

    def reach(self, done: int) -> None:
        """Say how much is done so far, in the units of total."""
        now = time.monotonic()
        finished = done == self.total
        too_early = now < self._next
        if (finished and not self._shown) or (too_early and not finished):
            return
        self._next = now + SECONDS_BETWEEN_LINES
        self._shown = True
        sys.stderr.write("\r" + self.line(done))
        sys.stderr.flush()

    def line(self, done: int) -> str:
        """The line for so much done, for example `drawing [=====     ] 500 of 1,000`."""
        if not self.total:
            return f"{self.label} {self._number(done)}{self.unit}"
        filled = WIDTH * min(done, self.total) // self.total
        bar = "=" * filled + " " * (WIDTH - filled)
        return f"{self.label} [{bar}] {self._number(done)} of {self._number(self.total)}{self.unit}"

    def _number(self, amount: int) -> str:
        return f"{amount:,}" if self.scale == 1 else f"{amount / self.scale:.1f}"
