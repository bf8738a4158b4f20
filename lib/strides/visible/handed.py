"""What a function that is handed to an answer does with the arguments it gets back."""

from __future__ import annotations

from typing import Any

import numpy as np

MOST = 1000
"""Numbers in one argument; the exercises need some hundred."""


def numbers(name: str, value: Any) -> np.ndarray:
    """An argument as an array of numbers.

    Raises TypeError for anything else, and ValueError for more numbers than any exercise needs:
    two long arrays of different axes would be spread into one too large to hold.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{name}: expected numbers; received an array of dtype {array.dtype}")
    if max((array.size, *array.shape)) > MOST:
        raise ValueError(f"{name}: expected at most {MOST} numbers; received shape {array.shape}")
    return array


def one_number(name: str, value: Any) -> float:
    """An argument as a float. Raises TypeError, or ValueError for more numbers than one."""
    array = numbers(name, value)
    if array.size != 1:
        raise ValueError(f"{name}: expected one number; received shape {array.shape}")
    return float(array.real.item())
