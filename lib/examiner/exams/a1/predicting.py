"""Exams on predicting, and the question on the mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from strides.check import ALL, INPUTS, BrokenContract, Case, Check, Exam, Problem, chosen


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
        index = chosen(answer, options)
        if options[index] != right:
            raise BrokenContract(Problem("value", f"Not {options[index]}.", options[index]))
        yield "choice", index

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
