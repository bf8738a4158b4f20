"""Reading a whole number that somebody typed."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from .values import BrokenContract, Problem, describe

GROUPED = re.compile(r"[+-]?\d{1,3}([ _,'\u00a0\u2009\u202f]\d{3})+(\.0*)?")
PLAIN = re.compile(r"[+-]?\d{1,18}(\.\d{0,9})?")
CLOSE = 1e-6
MOST = 10**15


def whole_number(value: Any) -> int | float:
    """The number of an answer: 26, 26.0, np.int64(26), "26" and a lone [26] are the same.

    Thousands may be grouped in text: "26 370", "26,370". A number that is not whole comes back
    as a float. Raises BrokenContract for what is no number, and where nothing is given.
    """
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(())[()]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is Ellipsis or (isinstance(value, str) and not value.strip()):
        raise BrokenContract(Problem("blank", "No number is given.", "none"))
    number = _of_text(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < MOST:
        text = f"Expected one whole number, such as 26; received {describe(value)}."
        raise BrokenContract(Problem("type", text, "no number"))
    return round(number) if abs(number - round(number)) < CLOSE else float(number)


def _of_text(text: str) -> float | None:
    """The number in a text, or None."""
    text = text.strip()
    if GROUPED.fullmatch(text):
        text = re.sub(r"[ _,'\u00a0\u2009\u202f]", "", text)
    return float(text) if PLAIN.fullmatch(text) else None
