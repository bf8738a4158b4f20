"""Slopes: measure how fast an operation's output moves, and report where a gradient disagrees.

`gradcheck` prepares the call; here one argument x at a time is moved. The output, weighed by an
upstream gradient, is one number, and its slope along a direction d is sum(gradient * d).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Index = tuple[int, ...]

ALL_UP_TO = 400  # an array of up to this size is checked in all of its entries,
SAMPLE = 50  # a larger one in this many of them
DIRECTIONS = 3  # and, as a whole, along this many random directions
MOST_FOUND = 8  # until they agree, or this many single entries were found that do not


def step_for(dtype: Any) -> float:
    """Step h with the smallest error for values of a dtype: the cube root of its precision eps.

    A larger step loses sight of the slope (an error like h^2), a smaller one drowns in rounding
    (an error like eps / h). 6e-6 for float64, 5e-3 for float32.
    Source: Press, Teukolsky, Vetterling and Flannery, Numerical Recipes, section 5.7.
    """
    return float(precision(dtype)) ** (1 / 3)


def precision(dtype: Any) -> float:
    """Gap between 1 and the next number of a dtype; that of float64 for integers."""
    return float(np.finfo(dtype if np.dtype(dtype).kind == "f" else np.float64).eps)


@dataclass(frozen=True)
class Comparison:
    """Gradient and measured slope along one direction, and what they make of each other."""

    analytic: float
    numeric: float
    relative_error: float  # |analytic - numeric| over the larger of the two, or over the noise
    agrees: bool
    kink: bool  # the slopes to either side differ, and the gradient lies between them


@dataclass(frozen=True)
class ArgumentReport:
    """What was found for one argument.

    problem is None where the gradient agrees, else "value", "shape", "not finite" or "input
    changed". index is the entry with the largest relative error, analytic and numeric its two
    gradients. kinks are entries at a corner of the function, where no single slope is right; they
    count neither for nor against the gradient.
    """

    name: str
    shape: tuple[int, ...]
    problem: str | None = None
    index: Index | None = None
    analytic: float = np.nan
    numeric: float = np.nan
    relative_error: float = np.nan
    checked: int = 0
    wrong: int = 0
    directions: int = 0
    kinks: tuple[Index, ...] = ()
    note: str = ""

    @property
    def ok(self) -> bool:
        """True unless there is a problem."""
        return self.problem is None

    def __str__(self) -> str:
        lines = [f"  {self.name} {self.shape}: {self._finding()}"]
        if self.kinks:
            lines[0] += f"; kinks left out: {len(self.kinks)}, as at {list(self.kinks[0])}"
        if self.note:
            lines.append(f"    {self.note}")
        return "\n".join(lines)

    def _finding(self) -> str:
        if self.problem == "input changed":
            return "CHANGED by the operation; work on a copy of it"
        if self.problem == "shape":
            return f"WRONG SHAPE, the gradient must have the shape of {self.name}"
        if self.problem == "not finite":
            return f"NOT FINITE, backward gives {self.analytic} at {_place(self.index)}"
        if self.problem == "value":
            return (
                f"WRONG at {self.wrong} of {self.checked} entries, most at {_place(self.index)}: "
                f"backward {self.analytic:.6g}, slope {self.numeric:.6g}, "
                f"relative error {self.relative_error:.1e}"
            )
        if self.checked == 0:
            return "no entry to compare"
        along = f" and along {self.directions} directions" if self.directions else ""
        error = f"relative error up to {self.relative_error:.1e}"
        return f"agrees at {self.checked} entries{along}, {error}"


@dataclass(frozen=True)
class GradientReport:
    """The findings of `gradient_check`, one for each argument; print it to read it."""

    operation: str
    arguments: tuple[ArgumentReport, ...]

    @property
    def ok(self) -> bool:
        """True where every gradient agrees with its slopes."""
        return all(argument.ok for argument in self.arguments)

    def __str__(self) -> str:
        bad = [argument for argument in self.arguments if not argument.ok]
        good = [argument for argument in self.arguments if argument.ok]
        verdict = f"{len(bad)} of {len(self.arguments)} wrong" if bad else "all agree"
        lines = [f"gradients of {self.operation}: {verdict}"]
        for number, argument in enumerate(bad + good):
            more = str(argument).split("\n")
            if len(lines) + len(more) > 7:
                lines.append(f"  and {len(bad + good) - number} more")
                break
            lines += more
        return "\n".join(lines)


@dataclass(frozen=True)
class Probe:
    """One argument x of an operation f, and the gradient that is to be judged there.

    upstream weighs the output f(x); x moves by steps of size h; tolerance is the relative error
    between gradient and slope that still counts as agreement.
    """

    f: Callable[[Array], Array]
    x: Array
    gradient: Array
    upstream: Array
    h: float
    tolerance: float
    here: Array  # f(x)
    rounding: float  # slope that rounding alone can make, as a share of the output

    def compare(self, direction: Array) -> Comparison:
        """Move x by h * direction to either side and hold the slope against the gradient."""
        right = (self.f(self.x + self.h * direction) - self.here) / self.h
        left = (self.here - self.f(self.x - self.h * direction)) / self.h
        numeric = float(np.sum(self.upstream * (left + right)) / 2)
        analytic = float(np.sum(self.gradient * direction))
        gap = abs(analytic - numeric)
        if not np.isfinite(gap):
            return Comparison(analytic, numeric, np.inf, agrees=False, kink=False)
        noise = self.rounding * float(np.linalg.norm(self.upstream * self.here))
        scale = max(abs(analytic), abs(numeric), noise / self.tolerance)
        agrees = gap <= self.tolerance * scale
        # A curve bends by about h between the two sides, a corner by much more, at any h.
        bend = np.abs(right - left)
        corner = bend > 20 * self.h * np.maximum(np.abs(left), np.abs(right))
        between = float(np.sum(np.abs(self.upstream) * bend * corner) / 2)
        kink = between > 20 * self.h * scale and gap <= between + self.tolerance * scale
        error = gap / scale if gap else 0.0
        return Comparison(analytic, numeric, error, agrees, kink and not agrees)

    def at(self, index: Index) -> Comparison:
        """Compare along one entry; an entry larger than 1 moves by h times its size."""
        size = max(1.0, abs(self.x[index]))
        direction = np.zeros_like(self.x)
        direction[index] = size
        found = self.compare(direction)
        return replace(found, analytic=found.analytic / size, numeric=found.numeric / size)

    def search(self, rng: np.random.Generator) -> tuple[dict[Index, Comparison], int]:
        """Move all entries along random directions; where one disagrees, find the entries.

        Returns these entries, and how many directions agreed once they were held still.
        """
        found: dict[Index, Comparison] = {}
        for done in range(DIRECTIONS):
            direction = rng.standard_normal(self.x.shape)
            direction *= np.maximum(1, np.abs(self.x)) / np.linalg.norm(direction)
            while not self.compare(direction).agrees:
                if len(found) == MOST_FOUND:
                    return found, done
                index = self.locate(direction)
                found[index] = self.at(index)
                direction[index] = 0
        return found, DIRECTIONS

    def locate(self, direction: Array) -> Index:
        """Entry at which the gradient disagrees along a direction, by halving the direction."""
        suspects = np.flatnonzero(direction)
        while suspects.size > 1:
            first, second = np.array_split(suspects, 2)
            part = np.zeros_like(direction)
            part.flat[first] = direction.flat[first]
            suspects = second if self.compare(part).agrees else first
        return tuple(int(i) for i in np.unravel_index(suspects[0], direction.shape))

    def report(self, name: str, rng: np.random.Generator) -> ArgumentReport:
        """Compare entry by entry, a large x also along directions, and say what was found."""
        shape = self.x.shape
        if self.gradient.shape != shape:
            note = f"expected {shape}; backward gives shape {self.gradient.shape}"
            return ArgumentReport(name, shape, "shape", note=note)
        if not np.isfinite(self.gradient).all():
            index = tuple(np.argwhere(~np.isfinite(self.gradient))[0].tolist())
            value = float(self.gradient[index])
            return ArgumentReport(name, shape, "not finite", index, analytic=value)
        large = self.x.size > ALL_UP_TO
        places = rng.choice(self.x.size, SAMPLE, replace=False) if large else range(self.x.size)
        indices = [tuple(int(i) for i in np.unravel_index(place, shape)) for place in places]
        found = {index: self.at(index) for index in indices}
        directions = 0
        if large and all(one.agrees or one.kink for one in found.values()):
            more, directions = self.search(rng)
            found |= more
        return _summary(name, shape, found, directions)


def _summary(
    name: str, shape: tuple[int, ...], found: dict[Index, Comparison], directions: int
) -> ArgumentReport:
    """The report on an argument with these comparisons, kinks set aside."""
    kinks = tuple(index for index, one in found.items() if one.kink)
    smooth = {index: one for index, one in found.items() if not one.kink}
    wrong = {index: one for index, one in smooth.items() if not one.agrees}
    if not smooth:
        return ArgumentReport(name, shape, kinks=kinks)
    index, worst = max((wrong or smooth).items(), key=lambda item: item[1].relative_error)
    note = _common_factor(smooth) if wrong else ""
    if not np.isfinite(worst.numeric):
        note = "the output is not finite a step away from here; try a smaller h"
    return ArgumentReport(
        name,
        shape,
        "value" if wrong else None,
        index,
        worst.analytic,
        worst.numeric,
        worst.relative_error,
        len(smooth),
        len(wrong),
        directions,
        kinks,
        note,
    )


def _common_factor(found: dict[Index, Comparison]) -> str:
    """A sentence, if the gradient is the slope times one and the same number everywhere."""
    analytic = np.array([one.analytic for one in found.values()])
    numeric = np.array([one.numeric for one in found.values()])
    if len(found) < 2 or not np.isfinite(numeric).all() or not numeric.any():
        return ""
    factor = float(analytic @ numeric / (numeric @ numeric))
    if not np.allclose(analytic, factor * numeric, rtol=1e-4, atol=1e-4 * abs(analytic).max()):
        return ""
    return f"backward gives {factor:.5g} times the slope at every entry"


def _place(index: Index | None) -> str:
    return str(list(index or ()))
