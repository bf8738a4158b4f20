"""How an answer is run: what is called, and what is yielded of what came back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .values import BrokenContract, Problem, unpack


def one_output(name: str) -> Callable[..., Iterator[tuple[str, Any]]]:
    """A run that calls the answer and yields its one output."""

    def run(answer: Any, *args: Any) -> Iterator[tuple[str, Any]]:
        yield name, answer(*args)

    return run


def out_and_backward(result: Any) -> tuple[Any, Any]:
    """What an operation returned; backward is None where it is still to write."""
    pair = isinstance(result, tuple | list) and len(result) == 2
    if pair and (result[1] is None or result[1] is ...):
        return result[0], None
    out, backward = unpack(result, ("out", "backward"), functions=("backward",))
    return out, backward


def gradients(backward: Any, dout: np.ndarray, names: tuple[str, ...]) -> list[Any]:
    """What backward(dout) returns, as a list; one gradient may come alone.

    Raises BrokenContract where backward is None.
    """
    if backward is None:
        text = "backward is missing: return out, backward."
        raise BrokenContract(Problem("type", text, "no backward"))
    returned = backward(dout)
    packed = isinstance(returned, tuple | list) and bool(returned)
    packed = packed and isinstance(returned[0], np.ndarray)
    return unpack(returned, names) if len(names) > 1 or packed else [returned]
