"""Exams on predicting, and the question on the mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from examiner.exams.choice import choice
from strides.check import (
    ALL,
    INPUTS,
    Case,
    Check,
    Exam,
    one_output,
)
from strides.visible.rules import FORBIDDEN


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
    one_output("labels"),
    oracle_predict,
    predict_cases,
    (Check("the class of the largest score", 1, {"labels": ALL, INPUTS: ALL}),),
    "the text of this exercise",
    forbidden=FORBIDDEN["a1.predict"],
)


WHY_MEAN = choice(
    "a1.why_mean", "c", "abcd", 1, "Lecture 03, 2. Learning means being less surprised"
)
