"""Calling an answer: time limit, captured output, warnings that hurt nobody."""

from __future__ import annotations

import contextlib
import io
import linecache
import signal
import threading
import traceback
import types
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import numpy as np

from .refuse import refusing
from .values import BrokenContract, Problem, as_array


class OutOfTime(BaseException):
    """Raised inside an answer when its time is up; no `except Exception` holds it.

    Its argument, where it has one, is the limit in seconds.
    """


class AnswerRaised(Exception):
    """What an answer that runs in another process raised: the error's name, its text, the line."""

    def __init__(self, name: str, said: str, line: str = ""):
        super().__init__(said)
        self.name, self.said, self.line = name, said, line

    def __str__(self) -> str:
        return self.said


class StandIn(ABC):
    """An answer that runs in another process, where its time is kept and its rules are held."""

    @abstractmethod
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the answer returns, as plain data, or what it raised."""

    @abstractmethod
    def case(self, seconds: float, forbidden: tuple[str, ...]) -> AbstractContextManager[None]:
        """The time that the calls of one case have together, and what they may not use."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop the body after `seconds`, where the system can (main thread, not on Windows)."""
    main = threading.current_thread() is threading.main_thread()
    if not (main and hasattr(signal, "setitimer")):
        yield
        return

    def stop(signum: int, frame: types.FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    # The alarm repeats, for a loop that catches everything.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Prints, progress bars and warnings of an answer are its own business."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def held_to(answer: Any, seconds: float, forbidden: tuple[str, ...]) -> Iterator[None]:
    """Hold an answer's calls to their time and rules, here or where it runs."""
    if isinstance(answer, StandIn):
        with answer.case(seconds, forbidden):
            yield
    else:
        with refusing(forbidden), time_limit(seconds):
            yield


def collect(
    run: Callable[..., Iterator[tuple[str, Any]]],
    answer: Any,
    args: dict[str, Any],
    seconds: float,
    forbidden: tuple[str, ...] = (),
) -> tuple[dict[str, np.ndarray], Problem | None]:
    """The outputs that `run` yields from an answer, up to the first problem."""
    values: dict[str, np.ndarray] = {}
    try:
        with quietly(), held_to(answer, seconds, forbidden):
            for name, value in run(answer, *args.values()):
                values[name] = as_array(name, value)
    except BrokenContract as broken:
        problem = broken.problem
        # None after a first output is no blank answer: something is missing in a started one.
        return values, replace(problem, kind="type") if values else problem
    except NotImplementedError:
        return values, Problem("blank", "It raises NotImplementedError.", "none")
    except OutOfTime as late:
        limit = late.args[0] if late.args else seconds
        text = f"It did not finish within {limit:g} seconds."
        return values, Problem("timeout", text, "timeout")
    except (Exception, SystemExit) as error:
        return values, _raised(error)
    return values, None


def _raised(error: BaseException) -> Problem:
    name = error.name if isinstance(error, AnswerRaised) else type(error).__name__
    said = str(error).strip().partition("\n")[0][:200]
    text = f"It stopped with {name}: {said}" if said else f"It stopped with {name}"
    line = line_of_answer(error)
    if line:
        text += f"\nin the line: {line}"
    return Problem("raised", text, f"{name}: {said}")


def line_of_answer(error: BaseException) -> str:
    """The last line of notebook code that the error passed through."""
    if isinstance(error, AnswerRaised):
        return error.line
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if "ipykernel" in frame.filename or frame.filename.startswith("<ipython"):
            return linecache.getline(frame.filename, frame.lineno or 0).strip()[:120]
    return ""
