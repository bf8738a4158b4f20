"""Looking at what an answer returned: its kind, its shape, how far off it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST = 1_000_000
"""Numbers that one output has at most."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with an answer: its kind (a row's status or "type", "shape", ...) and a text.

    `sign` is what two answers that fail in the same way have in common.
    """

    kind: str
    text: str
    sign: str = ""


@dataclass(frozen=True)
class Foreign:
    """A value of another process that is not plain data: its type's module and name are known."""

    module: str
    name: str


class BrokenContract(Exception):
    """An answer returned something else than the exercise's contract says."""

    def __init__(self, problem: Problem):
        super().__init__(problem.text)
        self.problem = problem


def describe(value: Any) -> str:
    """A value in a few words: `array (3, 4) float64`, `0.25`, `a function`."""
    if isinstance(value, np.ndarray):
        shape = f"{type(value).__name__.replace('ndarray', 'array')} {value.shape} {value.dtype}"
        return f"{shape} = {value:.6g}" if value.shape == () and value.dtype.kind == "f" else shape
    if isinstance(value, bool | np.bool_) or value is None:
        return str(value)
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    if isinstance(value, int | np.integer):
        return str(value) if abs(int(value)) < 10**20 else "a very large whole number"
    if isinstance(value, str):
        return repr(value if len(value) <= 20 else value[:20] + "...")
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    if callable(value):
        return "a function"
    return f"a {type_of(value).name}"


def type_of(value: Any) -> Foreign:
    """The module and the name of a value's type, wherever the value lives."""
    if isinstance(value, Foreign):
        return value
    return Foreign(type(value).__module__, type(value).__name__)


def describe_call(function: str, args: Mapping[str, Any]) -> str:
    """The call as a line: `softmax_loss(w array (4, 3) float64, ..., reg=0.3)`."""
    parts = []
    for name, value in args.items():
        shown = describe(value)
        parts.append(f"{name}: {shown}" if isinstance(value, np.ndarray) else f"{name}={shown}")
    return f"{function}({', '.join(parts)})"


def ordered(value: Any, options: str) -> list[str]:
    """The letters of an order among the options, given as a list, a tuple or a string."""
    if value is None or value is Ellipsis or (isinstance(value, str | list) and not value):
        raise BrokenContract(Problem("blank", "No order is given.", "none"))
    flat = not isinstance(value, np.ndarray) or value.ndim == 1
    if not isinstance(value, str | list | tuple | np.ndarray) or not flat or len(value) > 100:
        text = 'Expected a list of letters, such as ["b", "a"].'
        raise BrokenContract(Problem("type", text, "kind"))
    letters = [str(part).strip(" ,.").lower() for part in value]
    letters = [letter for letter in letters if letter]
    for letter in letters:
        if letter not in options or len(letter) != 1:
            text = f'Expected letters from "{options[0]}" to "{options[-1]}"; found {letter!r:.20}.'
            raise BrokenContract(Problem("type", text, "letter"))
    return letters


def show(value: np.ndarray) -> str:
    """A small array's numbers, on one line; a large one in a few words."""
    if value.size > 12:
        return describe(value)
    return " ".join(np.array2string(value, precision=4, suppress_small=True).split())


def as_array(name: str, value: Any) -> np.ndarray:
    """The value as a plain array of numbers; raises BrokenContract for anything else."""
    if value is None:
        raise BrokenContract(Problem("blank", f"{name} is None.", "returned none"))
    if value is Ellipsis:
        raise BrokenContract(Problem("blank", f"{name} is `...`.", "none"))
    if isinstance(value, np.matrix):
        text = (
            f"{name} is an np.matrix, where `*` and indexing mean something else. "
            "Return a plain array: build it with np.array, not np.matrix."
        )
        raise BrokenContract(Problem("type", text, "matrix"))
    kind = type_of(value)
    if kind.module.partition(".")[0] == "torch":
        text = f"{name} is a torch {kind.name}. This exercise is done in NumPy."
        raise BrokenContract(Problem("type", text, "torch"))
    if callable(value):
        text = f"{name} is a function. Expected numbers: was it meant to be called?"
        raise BrokenContract(Problem("type", text, "callable"))
    if isinstance(value, list | tuple) and _holds_text(value):
        text = f"{name} is {describe(value)} that holds text. Expected numbers."
        raise BrokenContract(Problem("type", text, "dtype U"))
    try:
        array = np.asarray(value)
    except (ValueError, TypeError) as error:
        text = f"{name} is {describe(value)} that does not make an array ({error})."
        raise BrokenContract(Problem("type", text, "ragged")) from error
    if array.dtype.kind not in "biufc":
        text = f"{name} is {describe(value)} of dtype {array.dtype}. Expected numbers."
        raise BrokenContract(Problem("type", text, f"dtype {array.dtype.kind}"))
    if array.size > MOST:
        text = f"{name} has shape {array.shape}: far too many numbers."
        raise BrokenContract(Problem("shape", text, "too many"))
    if array.dtype.kind == "c":
        array = _real(name, array)
    # A number beyond float64 is inf, here as in what it is compared with.
    long = array.dtype.kind == "f" and array.dtype.itemsize > 8
    return np.array(array, np.float64 if long else array.dtype)


def _real(name: str, value: np.ndarray) -> np.ndarray:
    """The real part of complex numbers, whose imaginary part may be no more than rounding."""
    size = np.abs(value.real).max(initial=1.0)
    if not (np.abs(value.imag) <= 1e-6 * size).all():
        text = f"{name} is complex, with an imaginary part that is not 0. Expected real numbers."
        raise BrokenContract(Problem("type", text, "complex"))
    return value.real


def _holds_text(value: list | tuple) -> bool:
    """Whether there is text somewhere in nested lists: as an array it would take any room."""
    todo: list[Any] = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, str | bytes):
            return True
        if isinstance(part, list | tuple):
            todo.extend(part)
    return False


def unpack(value: Any, names: tuple[str, ...], functions: tuple[str, ...] = ()) -> list[Any]:
    """The parts of a returned tuple or list, each a function where `functions` says so."""
    expected = f"Expected {len(names)} values: {', '.join(names)}."
    if value is None or value is Ellipsis:
        raise BrokenContract(Problem("blank", "It returned None.", "returned none"))
    if not isinstance(value, tuple | list) or len(value) != len(names):
        parts = f"{len(value)} values" if isinstance(value, tuple | list) else describe(value)
        text = f"It returned {parts}. {expected}"
        raise BrokenContract(Problem("type", text, f"returned {parts}"))
    for name, part in zip(names, value, strict=True):
        if (name in functions) != callable(part):
            if any(callable(other) for other in value) and functions:
                text = f"The values came in another order: {name} is {describe(part)}. {expected}"
            else:
                text = (
                    f"{name} is {describe(part)}. {expected} "
                    f"{name} is a function that computes the gradient when it is called."
                )
            raise BrokenContract(Problem("type", text, f"{name} callable: {callable(part)}"))
    return list(value)


def chosen(value: Any, options: str) -> int:
    """The place of a chosen letter among the options of a multiple-choice question."""
    if value is None or value is Ellipsis or (isinstance(value, str) and not value.strip()):
        raise BrokenContract(Problem("blank", "No option is chosen.", "none"))
    letter = value.strip(" .)(\n").lower() if isinstance(value, str) else ""
    if len(letter) != 1 or letter not in options:
        listed = ", ".join(f'"{option}"' for option in options)
        text = f"Expected one of {listed}; received {describe(value)}."
        raise BrokenContract(Problem("type", text, "letter"))
    return options.index(letter)


def scale_between(value: np.ndarray, expected: np.ndarray) -> float | None:
    """The one factor between value and expected, where there is one (and it is not 1)."""
    norm = float(np.vdot(expected, expected))
    if value.shape != expected.shape or norm == 0:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        factor = float(np.vdot(expected, value)) / norm
        one = np.allclose(value, factor * expected, rtol=1e-6, atol=1e-9 * norm**0.5)
    if not one:
        return None
    return None if abs(factor - 1) < 1e-6 else factor


def find_problem(
    name: str, value: np.ndarray, expected: np.ndarray, rtol: float, atol: float
) -> Problem | None:
    """What sets a value apart from the expected one, or None. Never says the expected numbers."""
    if value.shape != expected.shape and not (value.size == 1 and expected.shape == ()):
        text = f"{name} has shape {value.shape}; expected {_kind(expected)}."
        if value.shape == expected.shape[::-1]:
            text += " Its axes are swapped."
        return Problem("shape", text, f"shape {value.shape}")
    value = value.reshape(expected.shape)
    if not np.isfinite(value).all():
        bad = "nan" if np.isnan(value).any() else "inf"
        count = "" if value.shape == () else f" in {(~np.isfinite(value)).sum()} of {value.size}"
        return Problem("finite", f"{name} is {bad}{count}; expected finite numbers.", bad)
    scale = float(np.max(np.abs(expected), initial=0.0))
    gap = np.abs(value.astype(np.float64) - expected)
    if (gap <= atol + rtol * scale).all():
        return None
    return Problem("value", _gap_text(name, value, expected, gap, atol + rtol * scale), "value")


def _gap_text(
    name: str, value: np.ndarray, expected: np.ndarray, gap: np.ndarray, allowed: float
) -> str:
    if expected.dtype.kind == "b" and value.shape == ():
        return f"{name} = {bool(value)}, which is the wrong one of True and False."
    came = f"{name} = {value:.6g}" if value.shape == () else f"{name}: {_kind(value)}"
    scale = float(np.max(np.abs(expected), initial=0.0))
    relative = f", relative {gap.max() / scale:.2g}" if scale else ""
    text = f"{came}, of the right kind; largest difference {gap.max():.3g}{relative}"
    if value.shape != ():
        text += f", {(gap > allowed).sum()} of {value.size} entries off"
    factor = scale_between(value.astype(np.float64), np.asarray(expected, np.float64))
    if factor is not None and (value.shape != () or _is_simple(factor)):
        times = (
            f"exactly {factor:.6g} times the expected value" if abs(factor) > 1e-9 else "all zero"
        )
        text += f".\nIt is {times}"
    return text + "."


def _is_simple(factor: float) -> bool:
    """Whether a factor says something about a single number: -1, 2, 1/9, ..."""
    size = max(abs(factor), 1 / abs(factor)) if factor else 0.5
    return bool(abs(size - round(size)) < 1e-6 and 1 <= size <= 100)


def _kind(value: np.ndarray) -> str:
    return "one number" if value.shape == () else f"an array of shape {value.shape}"
