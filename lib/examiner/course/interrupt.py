"""Ctrl-C that waits until a submission is written."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def finish_first() -> Iterator[None]:
    """Let this block end before Ctrl-C raises KeyboardInterrupt; a second one raises at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = 0

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt
