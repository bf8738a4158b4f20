"""Exams on training by SGD and on predicting, and the question on the mean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from strides.check import ALL, INPUTS, BrokenContract, Case, Check, Exam, Problem, chosen, unpack


class Spy:
    """A loss with a known gradient that writes down what it was called with."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def __call__(self, w: np.ndarray, x: np.ndarray, y: np.ndarray, reg: float) -> Any:
        w, x, y = np.array(w, np.float64), np.array(x, np.float64), np.array(y)
        # A quadratic bowl whose bottom moves with the batch, so that every step shows.
        goal = np.outer(x.mean(axis=0), np.arange(1, w.shape[1] + 1)) + y.mean()
        loss, dw = float(np.square(w - goal).mean()), (w - goal) + reg
        self.calls.append({"w": w, "x": x, "y": y, "reg": reg, "loss": loss, "dw": dw})
        return loss, lambda dout=1.0: dout * dw


def run_train(
    answer: Any,
    w: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    learning_rate: float,
    steps: int,
    batch_size: int,
    reg: float,
) -> Iterator[tuple[str, Any]]:
    """Facts about a run of training that do not depend on which rows were drawn."""
    spy, start = Spy(), w.copy()
    rng = np.random.default_rng(7)
    result = answer(spy, w, x, y, learning_rate, steps, batch_size, reg, rng)
    final, history = unpack(result, ("w", "history"))
    if not spy.calls:
        raise BrokenContract(Problem("type", "It never called loss_function.", "no calls"))
    calls = _distinct(spy.calls)
    points = [call["w"] for call in calls] + [_float(final, start)]
    rows = [_rows_of(call, x, y) for call in calls]
    yield "steps", len(calls)
    yield "batch size", np.array([len(call["x"]) for call in calls])
    yield "start", points[0] - start
    yield (
        "move",
        np.array(
            [_moved(a, b, call) for a, b, call in zip(points, points[1:], calls, strict=False)]
        )
        / learning_rate,
    )
    yield "labels", np.array([None not in found for found in rows], float)
    yield "variety", _variety(rows, batch_size)
    yield "penalty", np.array([float(call["reg"]) for call in calls])
    yield "history length", len(history)
    losses = [call["loss"] for call in calls]
    same = len(history) == len(losses) and np.allclose(np.asarray(history, float), losses)
    yield "history", float(same)


def _float(value: Any, like: np.ndarray) -> np.ndarray:
    array = np.asarray(value)
    if array.shape != like.shape or array.dtype.kind not in "fiu":
        text = f"w has shape {array.shape}; expected the trained weights, shape {like.shape}."
        raise BrokenContract(Problem("shape", text, f"w shape {array.shape}"))
    return array.astype(np.float64)


def _distinct(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The calls without repeats at the same point: looking at a loss twice is no step."""
    kept = [calls[0]]
    for call in calls[1:]:
        last = kept[-1]
        again = np.array_equal(call["w"], last["w"]) and np.array_equal(call["x"], last["x"])
        if not again:
            kept.append(call)
    return kept


def _rows_of(call: dict[str, Any], x: np.ndarray, y: np.ndarray) -> list[int | None]:
    """For each row of a batch, its place in x, or None where its label is another one's."""
    places: dict[bytes, list[int]] = {}
    for index, row in enumerate(x.astype(np.float64)):
        places.setdefault(row.tobytes(), []).append(index)
    labels = np.ravel(call["y"])
    if len(labels) != len(call["x"]):
        return [None]
    found = (
        [i for i in places.get(row.tobytes(), []) if y[i] == label]
        for row, label in zip(call["x"], labels, strict=True)
    )
    return [indices[0] if indices else None for indices in found]


def _moved(before: np.ndarray, after: np.ndarray, call: dict[str, Any]) -> float:
    """How many gradients w moved downhill in a step; nan where it moved elsewhere."""
    step, dw = after - before, call["dw"]
    size = -float(np.vdot(step, dw) / np.vdot(dw, dw))
    return size if np.allclose(step, -size * dw, rtol=1e-6, atol=1e-9) else float("nan")


def _variety(rows: list[list[int | None]], batch_size: int) -> float:
    """1 where batches differ and reach all over the set; less where they do not.

    0: always the first rows; 0.25: always the same rows; 0.5: few rows in all;
    0.75: each batch goes on where the last one ended.
    """
    sets = {frozenset(found) for found in rows}
    seen = {index for found in rows for index in found if index is not None}
    if len(sets) == 1:
        return 0.0 if seen == set(range(batch_size)) else 0.25
    if len(seen) <= 2 * batch_size:
        return 0.5
    in_turn = [index for found in rows for index in found]
    follows = [b == a + 1 or b == 0 for a, b in pairwise(in_turn) if a is not None]
    return 0.75 if all(follows) else 1.0


def oracle_train(
    w: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    learning_rate: float,
    steps: int,
    batch_size: int,
    reg: float,
) -> dict[str, Any]:
    return {
        "steps": steps,
        "batch size": np.full(steps, batch_size),
        "start": np.zeros(w.shape),
        "move": np.ones(steps),
        "labels": np.ones(steps),
        "variety": 1.0,
        "penalty": np.full(steps, reg),
        "history length": steps,
        "history": 1.0,
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

    return [
        Case("plain", draw(60, 4, 3, 25, 5, 0.1, 0.0), rtol=1e-4),
        Case("another learning rate", draw(40, 3, 4, 12, 4, 0.02, 0.3), rtol=1e-4),
        Case("three steps", draw(30, 5, 2, 3, 7, 0.5, 0.1), rtol=1e-4),
    ]


TRAIN = Exam(
    "a1.train",
    run_train,
    oracle_train,
    train_cases,
    (
        Check("w goes downhill by the learning rate", 2, {"start": ALL, "move": ALL}),
        Check(
            "as many steps as asked for, of batch_size rows", 1, {"steps": ALL, "batch size": ALL}
        ),
        Check(
            "batches are drawn anew, with their labels",
            1,
            {"labels": ALL, "variety": ("plain", "another learning rate")},
        ),
        Check(
            "history and penalty",
            2,
            {"history length": ALL, "history": ALL, "penalty": ALL, INPUTS: ALL},
        ),
    ),
    "Lecture 03, 12. Train one, and ask how sure it is",
    may_change=frozenset({"w"}),
)


def run_predict(answer: Any, w: np.ndarray, x: np.ndarray) -> Iterator[tuple[str, Any]]:
    yield "labels", answer(w, x)


def oracle_predict(w: np.ndarray, x: np.ndarray) -> dict[str, Any]:
    scores = [[sum(a * b for a, b in zip(row, column, strict=True)) for column in w.T] for row in x]
    return {"labels": np.array([row.index(max(row)) for row in scores])}


def predict_cases(rng: np.random.Generator) -> list[Case]:
    def draw(n: int, d: int, c: int) -> dict[str, Any]:
        return {"w": rng.normal(size=(d, c)), "x": rng.normal(size=(n, d))}

    below = draw(6, 4, 3)
    below["w"], below["x"] = -np.abs(below["w"]), np.abs(below["x"])
    return [
        Case("plain", draw(9, 5, 4)),
        Case("as many samples as classes", draw(5, 3, 5)),
        Case("all scores negative", below),
        Case("one sample", draw(1, 4, 6)),
    ]


PREDICT = Exam(
    "a1.predict",
    run_predict,
    oracle_predict,
    predict_cases,
    (Check("the class of the largest score", 1, {"labels": ALL, INPUTS: ALL}),),
    "the text of this exercise",
)


def choice(name: str, right: str, options: str, points: float, section: str) -> Exam:
    """A multiple-choice question: the answer is one letter, kept as a plain value."""

    def run(answer: Any) -> Iterator[tuple[str, Any]]:
        yield "choice", chosen(answer, options)

    return Exam(
        name,
        run,
        lambda: {"choice": options.index(right)},
        lambda rng: [Case("choice", {})],
        (Check("the choice", points, {"choice": ("choice",)}),),
        section,
    )


WHY_MEAN = choice(
    "a1.why_mean", "c", "abcd", 1, "Lecture 03, 2. Learning means being less surprised"
)
