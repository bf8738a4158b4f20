"""The exam on training by SGD: facts about a run that do not depend on the rows drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from strides.check import ALL, INPUTS, BrokenContract, Case, Check, Exam, Problem, unpack
from strides.check.values import as_array
from strides.visible.handed import numbers, one_number
from strides.visible.rules import FORBIDDEN

Array = np.ndarray
STEPS = "number of steps"
SIZES = "rows in each batch"
LABELS = "labels in each batch"
OWN = "rows have their own labels"
START = "first w less the w given"
LENGTH = "length of each step, in learning_rate times gradient"
OFF = "part of each step that is not along the gradient"
VARIETY = "variety of the batches"
UNSEEN = "rows that were never drawn"
REPEATS = "the same generator draws the same batches"
FOLLOWS = "another generator draws other batches"
REG = "reg given to loss_function"
ENTRIES = "entries of history"
LOSSES = "entries of history that are the loss before their step"

MOST_STEPS = 2000


@dataclass
class Spy:
    """A loss with a known gradient that writes down the calls whose gradient was asked for."""

    steps: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, w: Array, x: Array, y: Array, reg: float) -> Any:
        w, x = numbers("w", w).astype(np.float64), numbers("x", x).astype(np.float64)
        y = numbers("y", y).copy()
        # A quadratic bowl whose bottom moves with the batch, so that every step shows.
        goal = np.outer(x.mean(axis=0), np.arange(1, w.shape[1] + 1)) + y.mean()
        penalty = one_number("reg", reg)
        loss, dw = float(np.square(w - goal).mean()), (w - goal) + penalty
        if w.ndim != 2 or dw.shape != w.shape:
            raise ValueError(
                f"w: expected a row for each column of x; received {w.shape}, {x.shape}"
            )
        call = {"w": w, "x": x, "y": np.ravel(y), "reg": penalty, "loss": loss, "dw": dw}
        asked = False

        def backward(dout: float = 1.0) -> Array:
            nonlocal asked
            if not asked:
                self.add(call)
            asked = True
            return one_number("dout", dout) * dw

        return loss, backward

    def add(self, call: dict[str, Any]) -> None:
        if len(self.steps) == MOST_STEPS:
            raise RuntimeError(f"expected the steps asked for; received {MOST_STEPS} and more")
        self.steps.append(call)


def run_train(
    answer: Any,
    w: Array,
    x: Array,
    y: Array,
    learning_rate: float,
    steps: int,
    batch_size: int,
    reg: float,
) -> Iterator[tuple[str, Any]]:
    """Train once, then for a few steps with one seed, with the same, and with another."""

    def trained(seed: int, w: Array, count: int) -> tuple[list[dict[str, Any]], Any]:
        spy, rng = Spy(), np.random.default_rng(seed)
        result = answer(spy, w, x, y, learning_rate, count, batch_size, reg, rng)
        return spy.steps, result

    start, rows_given, labels_given = w.copy(), x.copy(), y.copy()
    calls, result = trained(7, w, steps)
    final, history = _result(result, start)
    if not calls:
        text = "No gradient was asked for: call loss_function and then its backward()."
        raise BrokenContract(Problem("type", text, "no calls"))
    rows = [_rows_of(call["x"], rows_given) for call in calls]
    yield STEPS, len(calls)
    yield SIZES, np.array([len(call["x"]) for call in calls])
    yield LABELS, np.array([len(call["y"]) for call in calls])
    pairs = zip(calls, rows, strict=True)
    yield OWN, float(all(_own_labels(call, found, labels_given) for call, found in pairs))
    yield START, calls[0]["w"] - start
    points = [call["w"] for call in calls] + [final]
    moves = [_move(a, b, call["dw"]) for (a, b), call in zip(pairwise(points), calls, strict=True)]
    yield LENGTH, np.array([length for length, _ in moves]) / learning_rate
    yield OFF, np.array([off for _, off in moves]) / learning_rate
    yield VARIETY, _variety(rows, batch_size)
    yield UNSEEN, _never_drawn(rows, len(rows_given))
    first, again, other = (trained(seed, start.copy(), min(steps, 5))[0] for seed in (7, 7, 8))
    yield REPEATS, float(_same_batches(first, again))
    yield FOLLOWS, float(not _same_batches(first, other))
    yield REG, np.array([call["reg"] for call in calls])
    yield ENTRIES, len(history)
    losses = np.array([call["loss"] for call in calls])
    count = min(len(history), len(losses))
    yield LOSSES, int(np.isclose(history[:count], losses[:count], rtol=1e-5).sum())


def _result(result: Any, start: Array) -> tuple[Array, Array]:
    final, history = unpack(result, ("w", "history"))
    final, history = as_array("w", final), as_array("history", history)
    if final.shape != start.shape:
        text = f"w has shape {final.shape}; expected the trained weights, shape {start.shape}."
        raise BrokenContract(Problem("shape", text, f"w shape {final.shape}"))
    if history.ndim != 1:
        text = f"history has shape {history.shape}; expected one loss a step."
        raise BrokenContract(Problem("shape", text, f"history axes {history.ndim}"))
    return final.astype(np.float64), history.astype(np.float64)


def _rows_of(batch: Array, x: Array) -> list[int | None]:
    """The place of each row of a batch in x, None for a row that is not there."""
    places = {row.tobytes(): index for index, row in enumerate(x.astype(np.float64))}
    return [places.get(row.tobytes()) for row in batch]


def _own_labels(call: dict[str, Any], rows: list[int | None], y: Array) -> bool:
    labels = call["y"]
    return len(labels) == len(rows) and all(
        row is not None and y[row] == label for row, label in zip(rows, labels, strict=True)
    )


def _move(before: Array, after: Array, dw: Array) -> tuple[float, float]:
    """How far w moved along minus its gradient, and how far off it, in lengths of the gradient."""
    step, size = after - before, float(np.vdot(dw, dw))
    along = -float(np.vdot(step, dw)) / size
    return along, float(np.linalg.norm(step + along * dw)) / size**0.5


def _variety(rows: list[list[int | None]], batch_size: int) -> float:
    """1 where batches differ and reach about the set; less where they do not.

    0: always the first rows; 0.25: always the same rows; 0.5: few rows in all;
    0.75: each batch goes on where the last one ended.
    """
    seen = {index for found in rows for index in found if index is not None}
    if _all_alike(rows):
        return 0.0 if seen == set(range(batch_size)) else 0.25
    if len(seen) <= batch_size:
        return 0.5
    in_turn = [index for found in rows for index in found]
    goes_on = [b == a + 1 or b == 0 for a, b in pairwise(in_turn) if a is not None]
    return 0.75 if all(goes_on) else 1.0


def _never_drawn(rows: list[list[int | None]], n: int) -> Array:
    """1 for each row that was never drawn, where draws were enough and not all alike; else 0."""
    drawn = [index for found in rows for index in found if index is not None]
    unseen = np.isin(np.arange(n), drawn, invert=True).astype(float)
    return unseen if len(drawn) >= 15 * n and not _all_alike(rows) else np.zeros(n)


def _all_alike(rows: list[list[int | None]]) -> bool:
    """Whether every batch holds the same rows."""
    return len({frozenset(found) for found in rows}) == 1


def _same_batches(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> bool:
    return len(a) == len(b) and all(
        np.array_equal(p["x"], q["x"]) for p, q in zip(a, b, strict=True)
    )


def oracle_train(
    w: Array,
    x: Array,
    y: Array,
    learning_rate: float,
    steps: int,
    batch_size: int,
    reg: float,
) -> dict[str, Any]:
    return {
        STEPS: steps,
        SIZES: np.full(steps, batch_size),
        LABELS: np.full(steps, batch_size),
        OWN: 1.0,
        START: np.zeros(w.shape),
        LENGTH: np.ones(steps),
        OFF: np.zeros(steps),
        VARIETY: 1.0,
        UNSEEN: np.zeros(len(x)),
        REPEATS: 1.0,
        FOLLOWS: 1.0,
        REG: np.full(steps, reg),
        ENTRIES: steps,
        LOSSES: steps,
    }


def train_cases(rng: np.random.Generator) -> list[Case]:
    def draw(n: int, d: int, c: int, steps: int, batch: int, rate: float, reg: float) -> dict:
        return {
            "w": rng.normal(size=(d, c)),
            "x": rng.normal(size=(n, d)) + 1,
            "y": rng.integers(0, c, size=n),
            "learning_rate": rate,
            "steps": steps,
            "batch_size": batch,
            "reg": reg,
        }

    def case(name: str, args: dict[str, Any]) -> Case:
        return Case(name, args, rtol=1e-4, atol=1e-4)

    return [
        case("plain", draw(60, 4, 3, 25, 5, 0.1, 0.0)),
        case("another learning rate", draw(40, 3, 4, 12, 4, 0.02, 0.3)),
        case("three steps", draw(30, 5, 2, 3, 7, 0.5, 0.1)),
        case("few rows, many steps", draw(10, 2, 3, 60, 4, 0.05, 0.2)),
    ]


TRAIN = Exam(
    "a1.train",
    run_train,
    oracle_train,
    train_cases,
    (
        Check("w goes downhill by the learning rate", 2, {START: ALL, LENGTH: ALL, OFF: ALL}),
        Check("as many steps as asked for, of batch_size rows", 1, {STEPS: ALL, SIZES: ALL}),
        Check(
            "batches are drawn anew with rng, from all rows, with their labels",
            1,
            dict.fromkeys((LABELS, OWN, VARIETY, UNSEEN, REPEATS, FOLLOWS), ALL),
        ),
        Check("history and penalty", 2, {ENTRIES: ALL, LOSSES: ALL, REG: ALL, INPUTS: ALL}),
    ),
    "Lecture 03, 12. Train one, and ask how sure it is",
    may_change=frozenset({"w"}),
    forbidden=FORBIDDEN["a1.train"],
)
