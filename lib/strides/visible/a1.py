"""The worked numbers of assignment a1: the same ones as in its text.

Each is small enough to be done by hand. The gradient of a loss is compared with the
numerical gradient of that same loss, so that no expected gradient stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from strides.check import (
    BrokenContract,
    Exam,
    Problem,
    chosen,
    one_output,
    unpack,
)
from strides.gradcheck import numerical_gradient

from .handed import numbers, one_number
from .worked import worked


def run_classifier(
    answer: Any, w: np.ndarray, x: np.ndarray, y: np.ndarray, reg: float
) -> Iterator[tuple[str, Any]]:
    """A classifier's loss, and its gradient into the weights less the numerical one."""
    loss, backward = unpack(answer(w, x, y, reg), ("loss", "backward"), functions=("backward",))
    yield "loss", loss
    yield from compare_gradient("dw", backward(), lambda v: np.sum(answer(v, x, y, reg)[0]), w)


def run_multilabel(answer: Any, scores: np.ndarray, t: np.ndarray) -> Iterator[tuple[str, Any]]:
    """The multi-label loss, and its gradient into the scores less the numerical one."""
    loss, backward = unpack(answer(scores, t), ("loss", "backward"), functions=("backward",))
    yield "loss", loss
    yield from compare_gradient("dscores", backward(), lambda v: np.sum(answer(v, t)[0]), scores)


def compare_gradient(name: str, gradient: Any, f: Any, x: np.ndarray) -> Iterator[tuple[str, Any]]:
    """The difference between a gradient and the numerical gradient of the answer's own loss."""
    if gradient is None:
        raise BrokenContract(Problem("type", f"backward() returned None; expected {name}.", "none"))
    if np.shape(gradient) != x.shape:
        text = f"{name} has shape {np.shape(gradient)}; expected {x.shape}."
        raise BrokenContract(Problem("shape", text, f"shape {np.shape(gradient)}"))
    yield f"{name} less the numerical gradient of your loss", gradient - numerical_gradient(f, x)


def run_standardise(answer: Any, train: np.ndarray, other: np.ndarray) -> Iterator[tuple[str, Any]]:
    """Both standardised sets."""
    yield from zip(
        ("train_z", "other_z"),
        unpack(answer(train, other), ("train_z", "other_z")),
        strict=True,
    )


def run_train(
    answer: Any, w: np.ndarray, x: np.ndarray, y: np.ndarray
) -> Iterator[tuple[str, Any]]:
    """Two steps on a bowl: loss sum(w^2) / 2, gradient w."""

    def bowl(w: np.ndarray, x: np.ndarray, y: np.ndarray, reg: float) -> Any:
        point = numbers("w", w).copy()
        return float(np.sum(point**2) / 2), lambda dout=1.0: one_number("dout", dout) * point

    result = answer(bowl, w, x, y, 0.1, 2, 1, 0.0, np.random.default_rng(0))
    yield from zip(("w", "history"), unpack(result, ("w", "history")), strict=True)


def product(x: np.ndarray) -> Any:
    """The function of the worked number of the numerical gradient."""
    x = numbers("x", x)
    return x[0] ** 2 * x[1]


def run_choice(answer: Any) -> Iterator[tuple[str, Any]]:
    """Whether one of the letters is chosen: visible checks do not say which is right."""
    chosen(answer, "abcd")
    yield "chosen", 1


# What float32 inside an answer leaves in its numerical gradient.
NOISE = 2e-4
CLASSIFIER = {
    "w": np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 1.0]]),
    "x": np.array([[1.0, 2.0], [2.0, -1.0]]),
    "y": np.array([0, 1]),
    "reg": 0.1,
}
DW = {"dw less the numerical gradient of your loss": np.zeros((2, 3))}

_exams = (
    worked(
        "a1.pairwise_distances",
        one_output("distances"),
        {
            "x": np.array([[0.0, 0.0], [3.0, 4.0]]),
            "z": np.array([[3.0, 0.0], [0.0, 0.0], [3.0, 4.0]]),
        },
        {"distances": np.array([[3.0, 0.0, 5.0], [4.0, 5.0, 0.0]])},
        points=1,
        pending=5,
    ),
    worked(
        "a1.knn_predict",
        one_output("labels"),
        {
            "distances": np.array([[1.0, 5.0, 2.0, 9.0], [7.0, 3.0, 4.0, 1.0]]),
            "y": np.array([0, 1, 0, 1]),
            "k": 3,
        },
        {"labels": np.array([0, 1])},
        points=1,
        pending=4,
    ),
    worked(
        "a1.standardise",
        run_standardise,
        {"train": np.array([[0.0, 10.0], [2.0, 30.0]]), "other": np.array([[3.0, 20.0]])},
        {"train_z": np.array([[-1.0, -1.0], [1.0, 1.0]]), "other_z": np.array([[2.0, 0.0]])},
        points=1,
        pending=2,
    ),
    worked(
        "a1.numerical_gradient",
        one_output("gradient"),
        {"f": product, "x": np.array([3.0, 2.0])},
        {"gradient": np.array([12.0, 9.0])},
        points=1,
        pending=5,
    ),
    worked(
        "a1.relative_error",
        one_output("error"),
        {"a": np.array([1.0, 2.0]), "b": np.array([1.0, 2.2])},
        {"error": 0.2 / 4.2},
        points=1,
        pending=2,
    ),
    worked(
        "a1.svm_loss",
        run_classifier,
        CLASSIFIER,
        {"loss": 3.9} | DW,
        points=1,
        pending=8,
        atol=NOISE,
    ),
    worked(
        "a1.log_softmax",
        one_output("log_p"),
        {"scores": np.array([[1.0, -2.0, 0.0], [0.0, 0.0, 0.0]])},
        {"log_p": np.array([[-0.34901, -3.34901, -1.34901], [-1.09861, -1.09861, -1.09861]])},
        points=1,
        pending=3,
    ),
    worked(
        "a1.softmax_loss",
        run_classifier,
        CLASSIFIER,
        {"loss": 2.703215} | DW,
        points=1,
        pending=8,
        atol=NOISE,
    ),
    worked(
        "a1.multilabel_loss",
        run_multilabel,
        {"scores": np.array([[0.0, 2.0]]), "t": np.array([[1.0, 0.0]])},
        {
            "loss": 1.410038,
            "dscores less the numerical gradient of your loss": np.zeros((1, 2)),
        },
        points=1,
        pending=4,
    ),
    worked(
        "a1.train",
        run_train,
        {
            "w": np.array([[1.0, 2.0]]),
            "x": np.array([[1.0], [2.0], [3.0]]),
            "y": np.array([0, 1, 0]),
        },
        {"w": np.array([[0.81, 1.62]]), "history": np.array([2.5, 2.025])},
        points=1,
        pending=6,
        may_change=frozenset({"w"}),
    ),
    worked(
        "a1.predict",
        one_output("labels"),
        {"w": np.array([[1.0, 0.0], [0.0, 1.0]]), "x": np.array([[2.0, 5.0], [3.0, 1.0]])},
        {"labels": np.array([1, 0])},
        points=1,
        pending=1,
    ),
    worked(
        "a1.why_mean",
        run_choice,
        {},
        {"chosen": 1},
        points=0,
        pending=1,
        name="an option is chosen",
    ),
)
EXAMS: dict[str, Exam] = {exam.name: exam for exam in _exams}
