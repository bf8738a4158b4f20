"""Exams on checking gradients by differences."""

from __future__ import annotations

from typing import Any

import numpy as np

from strides.check import ALL, INPUTS, Case, Check, Exam, one_output
from strides.visible.handed import numbers
from strides.visible.rules import FORBIDDEN


class Cubic:
    """f(x) = sum(a x^3 + b x^2) + sum(c x)^2: a smooth function with a known gradient.

    Its last term ties the entries together: one left moved shows in the others' differences.
    """

    def __init__(self, rng: np.random.Generator, shape: tuple[int, ...]):
        self.a, self.b, self.c = rng.normal(size=(3, *shape))

    def __call__(self, x: np.ndarray) -> Any:
        x = numbers("x", x)
        return np.sum(self.a * x**3 + self.b * x**2) + np.sum(self.c * x) ** 2

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return 3 * self.a * x**2 + 2 * self.b * x + 2 * self.c * np.sum(self.c * x)


def oracle_numerical(f: Cubic, x: np.ndarray) -> dict[str, Any]:
    return {"gradient": f.gradient(x.astype(np.float64))}


def numerical_cases(rng: np.random.Generator) -> list[Case]:
    def draw(*shape: int) -> dict[str, Any]:
        return {"f": Cubic(rng, shape), "x": rng.normal(size=shape)}

    whole, single = draw(4), draw(3, 2)
    whole["x"] = np.arange(1, 5)
    single["x"] = single["x"].astype(np.float32)
    flipped = draw(3, 4)
    flipped["x"] = np.asfortranarray(flipped["x"])
    return [
        Case("a vector", draw(5), rtol=1e-7, same=1e-8),
        Case("a matrix", draw(3, 4), rtol=1e-7, same=1e-8),
        Case("three axes", draw(2, 3, 2), rtol=1e-7, same=1e-8),
        Case("column by column in memory", flipped, rtol=1e-7, same=1e-8),
        Case("integers", whole),
        Case("float32", single, rtol=1e-4),
    ]


NUMERICAL = Exam(
    "a1.numerical_gradient",
    one_output("gradient"),
    oracle_numerical,
    numerical_cases,
    (
        Check("a vector", 2, {"gradient": ("a vector",)}),
        Check(
            "any shape",
            2,
            {
                "gradient": ("a matrix", "three axes", "column by column in memory"),
                INPUTS: ALL,
            },
        ),
        Check("x of integers or of float32", 1, {"gradient": ("integers", "float32")}),
    ),
    "the text of this exercise",
    forbidden=FORBIDDEN["a1.numerical_gradient"],
)


def oracle_error(a: np.ndarray, b: np.ndarray) -> dict[str, Any]:
    pairs = zip(a.ravel().tolist(), b.ravel().tolist(), strict=True)
    return {"error": max(abs(p - q) / max(1e-8, abs(p) + abs(q)) for p, q in pairs)}


def error_cases(rng: np.random.Generator) -> list[Case]:
    a, matrix = rng.normal(size=6), rng.normal(size=(3, 4))
    # Far enough from 0 that a small change leaves the sign as it is.
    a += 0.2 * np.sign(a)
    zeros = a.copy()
    zeros[2] = 0
    near = matrix * (1 + 1e-3 * rng.normal(size=matrix.shape))
    one_off = matrix.copy()
    one_off[1, 2] *= 1.5
    return [
        Case("close arrays", {"a": matrix, "b": near}),
        Case("different arrays", {"a": a, "b": a + 0.1 * rng.uniform(0.1, 1, size=6)}),
        Case("one entry off", {"a": matrix, "b": one_off}),
        Case("b above a", {"a": np.abs(a), "b": np.abs(a) * 1.5}),
        Case("a above b", {"a": np.abs(a) * 1.5, "b": np.abs(a)}),
        Case("the sign flipped", {"a": a, "b": -a}),
        Case("equal arrays with a zero", {"a": zeros, "b": zeros.copy()}),
        Case("equal arrays", {"a": a, "b": a.copy()}),
        Case("zero against not zero", {"a": np.array([0.0, 1, 2]), "b": np.array([5.0, 1, 2])}),
    ]


RELATIVE = Exam(
    "a1.relative_error",
    one_output("error"),
    oracle_error,
    error_cases,
    (
        Check(
            "the largest relative error",
            1,
            {
                "error": (
                    "close arrays",
                    "different arrays",
                    "one entry off",
                    "b above a",
                    "a above b",
                ),
                INPUTS: ALL,
            },
        ),
        Check(
            "signs and zeros",
            1,
            {
                "error": (
                    "the sign flipped",
                    "equal arrays with a zero",
                    "equal arrays",
                    "zero against not zero",
                )
            },
        ),
    ),
    "the text of this exercise",
    forbidden=FORBIDDEN["a1.relative_error"],
)
