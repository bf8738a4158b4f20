"""Ctrl-C between batches: the batch in hand is finished and kept before the run stops."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Interruption:
    """Inside `with Interruption() as stop`, the first Ctrl-C sets stop.asked, a second interrupts.

    Outside the main thread, where Python delivers no signals, it never asks.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before: Any = None

    def __enter__(self) -> "Interruption":
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._put_back()

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        self._put_back()

    def _put_back(self) -> None:
        """Give Ctrl-C its usual meaning again."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None
