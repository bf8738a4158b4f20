"""Exams on linear classifiers: SVM loss, log-softmax, softmax loss, multi-label loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.special import expit, log_expit, log_softmax, softmax

from strides.check import ALL, INPUTS, Case, Check, Exam, one_output, unpack
from strides.visible.rules import FORBIDDEN

PENALTY = "Lecture 03, 10. A penalty is a belief"
GRADIENT = "Lecture 03, 8. One loss with three names"
STABILITY = "Lecture 03, 7. Break it, then mend it"


def run_loss(answer: Any, *args: Any) -> Iterator[tuple[str, Any]]:
    """A classifier's loss and the gradient into its weights."""
    loss, backward = unpack(answer(*args), ("loss", "backward"), functions=("backward",))
    yield "loss", loss
    yield "dw", backward()


def classifier_cases(rng: np.random.Generator, suits: Callable[..., bool]) -> list[Case]:
    """Inputs with every size different, repeated labels, and then each coincidence on purpose.

    Each is drawn again until it `suits`, as (w, x, y, reg).
    """

    def draw(n: int, d: int, c: int, reg: float = 0.0, scale: float = 1.0, **put: Any) -> Any:
        while True:
            y = np.concatenate([rng.permutation(c), rng.integers(0, c, size=n)])[:n]
            x, w = rng.normal(size=(n, d)), scale * rng.normal(size=(d, c))
            args = {"w": w, "x": x, "y": rng.permutation(y), "reg": reg} | put
            if suits(**args):
                return args

    whole = rng.integers(-2, 3, size=(3, 4)) * np.array([2, 1, -1, 1])
    single = draw(7, 5, 4, 0.3)
    single |= {name: single[name].astype(np.float32) for name in ("w", "x")}
    return [
        Case("plain", draw(7, 5, 4)),
        Case("wide scores", draw(9, 3, 5, scale=2.0)),
        Case("penalty", draw(6, 5, 4, 0.3)),
        Case("strong penalty", draw(5, 4, 3, 2.5)),
        Case("as many samples as classes", draw(4, 3, 4)),
        Case("as many features as classes", draw(6, 3, 3)),
        Case("the last class is absent", draw(6, 5, 4, y=np.array([0, 2, 1, 2, 0, 2]))),
        Case("whole-number weights", draw(7, 3, 4, w=whole)),
        Case("float32", single, rtol=1e-4),
    ]


SIZES = (
    "as many samples as classes",
    "as many features as classes",
    "the last class is absent",
    "whole-number weights",
    "float32",
)


def oracle_svm(w: np.ndarray, x: np.ndarray, y: np.ndarray, reg: float) -> dict[str, Any]:
    """The definition, one sample and one class at a time."""
    w, x = w.astype(np.float64), x.astype(np.float64)
    loss, dw = reg * np.square(w).sum(), 2 * reg * w
    for row, label in zip(x, y, strict=True):
        for j in range(w.shape[1]):
            margin = row @ w[:, j] - row @ w[:, label] + 1
            if j != label and margin > 0:
                loss += margin / len(x)
                dw[:, j] += row / len(x)
                dw[:, label] -= row / len(x)
    return {"loss": loss, "dw": dw}


def svm_cases(rng: np.random.Generator) -> list[Case]:
    """Classifier cases in which no margin is at its kink."""
    return classifier_cases(rng, _clear_of_kinks)


def _clear_of_kinks(w: np.ndarray, x: np.ndarray, y: np.ndarray, reg: float) -> bool:
    scores = x @ w
    margins = scores - scores[np.arange(len(y)), y][:, None] + 1
    margins[np.arange(len(y)), y] = 1
    satisfied = (margins <= 0).any() and (margins > 0).any()
    return bool((np.abs(margins) > 1e-3).all() and satisfied)


SVM = Exam(
    "a1.svm_loss",
    run_loss,
    oracle_svm,
    svm_cases,
    (
        Check("loss without penalty", 2, {"loss": ("plain", "wide scores")}),
        Check("loss with penalty", 1, {"loss": ("penalty", "strong penalty")}, PENALTY),
        Check("gradient without penalty", 2, {"dw": ("plain", "wide scores")}),
        Check("gradient with penalty", 2, {"dw": ("penalty", "strong penalty")}, PENALTY),
        Check("other sizes and types", 1, {"loss": SIZES, "dw": SIZES, INPUTS: ALL}),
    ),
    "Lecture 03, 9. Hinge or softmax?",
    forbidden=FORBIDDEN["a1.svm_loss"],
)


def oracle_softmax(w: np.ndarray, x: np.ndarray, y: np.ndarray, reg: float) -> dict[str, Any]:
    w, x = w.astype(np.float64), x.astype(np.float64)
    scores = x @ w
    one_hot = np.eye(w.shape[1])[y]
    return {
        "loss": -np.mean(np.sum(one_hot * log_softmax(scores, axis=1), axis=1))
        + reg * np.linalg.norm(w) ** 2,
        "dw": x.T @ (softmax(scores, axis=1) - one_hot) / len(x) + 2 * reg * w,
    }


def softmax_cases(rng: np.random.Generator) -> list[Case]:
    def shifted(scores: np.ndarray, y: list[int]) -> dict[str, Any]:
        """Weights and inputs that give these scores: the inputs are unit vectors."""
        return {"w": scores, "x": np.eye(len(scores)), "y": np.array(y), "reg": 0.0}

    spread = rng.uniform(-2, 2, size=(5, 3))
    confident = rng.uniform(-1, 1, size=(3, 4)) + np.array([60.0, 79.0, 60.0, 61.0])
    return [
        *classifier_cases(rng, _not_too_sure),
        Case("scores near 1000", shifted(1000 + spread, [0, 2, 1, 1, 0])),
        Case("scores near -1000", shifted(spread - 1000, [2, 2, 1, 0, 0])),
        Case("confident and wrong", shifted(confident, [0, 2, 3]), rtol=3e-4, same=1e-6),
        Case("one class far below", shifted(3000 + spread - [0, 0, 3000], [0, 1, 1, 0, 1])),
    ]


def _not_too_sure(w: np.ndarray, x: np.ndarray, y: np.ndarray, reg: float) -> bool:
    """Whether every true class has a probability that a small number added does not drown."""
    return bool(softmax(x @ w, axis=1)[np.arange(len(y)), y].min() >= 1e-4)


SOFTMAX = Exam(
    "a1.softmax_loss",
    run_loss,
    oracle_softmax,
    softmax_cases,
    (
        Check("loss without penalty", 1, {"loss": ("plain", "wide scores")}),
        Check("loss with penalty", 1, {"loss": ("penalty", "strong penalty")}, PENALTY),
        Check("gradient without penalty", 2, {"dw": ("plain", "wide scores")}, GRADIENT),
        Check("gradient with penalty", 1, {"dw": ("penalty", "strong penalty")}, PENALTY),
        Check(
            "large scores",
            2,
            dict.fromkeys(
                ("loss", "dw"),
                (
                    "scores near 1000",
                    "scores near -1000",
                    "confident and wrong",
                    "one class far below",
                ),
            ),
            STABILITY,
        ),
        Check("other sizes and types", 1, {"loss": SIZES, "dw": SIZES, INPUTS: ALL}),
    ),
    "Lecture 03, 5. Softmax: more than two classes",
    forbidden=FORBIDDEN["a1.softmax_loss"],
)


def oracle_log_softmax(scores: np.ndarray) -> dict[str, Any]:
    return {"log_p": log_softmax(scores.astype(np.float64), axis=1)}


def log_softmax_cases(rng: np.random.Generator) -> list[Case]:
    scores = rng.normal(size=(5, 3)) * 2
    within = np.array([[1000.0, 0.0, -500.0], [3.0, 1200.0, 900.0]]) + rng.normal(size=(2, 3))
    between = rng.normal(size=(4, 3)) + np.array([[1000.0], [0.0], [-1000.0], [5000.0]])
    return [
        Case("plain", {"scores": scores}),
        Case("as many rows as classes", {"scores": rng.normal(size=(4, 4))}),
        Case("one row", {"scores": rng.normal(size=(1, 6))}),
        Case("far apart within a row", {"scores": within}),
        Case("rows far apart", {"scores": between}),
        Case("whole numbers", {"scores": rng.integers(-4, 5, size=(3, 5))}),
        Case("float32", {"scores": scores.astype(np.float32)}, rtol=1e-4),
    ]


LOG_SOFTMAX = Exam(
    "a1.log_softmax",
    one_output("log_p"),
    oracle_log_softmax,
    log_softmax_cases,
    (
        Check(
            "ordinary scores",
            1,
            {
                "log_p": (
                    "plain",
                    "as many rows as classes",
                    "one row",
                    "whole numbers",
                    "float32",
                ),
                INPUTS: ALL,
            },
        ),
        Check("scores far apart within a row", 1, {"log_p": ("far apart within a row",)}),
        Check("rows far apart from each other", 1, {"log_p": ("rows far apart",)}),
    ),
    STABILITY,
    forbidden=FORBIDDEN["a1.log_softmax"],
)


def run_multilabel(answer: Any, scores: np.ndarray, t: np.ndarray) -> Iterator[tuple[str, Any]]:
    loss, backward = unpack(answer(scores, t), ("loss", "backward"), functions=("backward",))
    yield "loss", loss
    yield "dscores", backward()


def oracle_multilabel(scores: np.ndarray, t: np.ndarray) -> dict[str, Any]:
    s, t = scores.astype(np.float64), t.astype(np.float64)
    return {
        "loss": np.mean(-t * log_expit(s) - (1 - t) * log_expit(-s)),
        "dscores": (expit(s) - t) / s.size,
    }


def multilabel_cases(rng: np.random.Generator) -> list[Case]:
    def draw(n: int, c: int, dtype: Any = np.float64) -> dict[str, Any]:
        t = (rng.uniform(size=(n, c)) < 0.4).astype(dtype)
        t[0, 0], t[-1, -1] = 1, 0
        return {"scores": rng.normal(size=(n, c)) * 2, "t": t}

    soft, whole = draw(4, 3), draw(3, 4)
    whole["scores"] = rng.integers(-3, 4, size=(3, 4))
    soft["t"] = rng.uniform(size=(4, 3))
    large = {
        "scores": np.array([[800.0, -900.0, 1000.0], [-1000.0, 750.0, -800.0]]),
        "t": np.array([[0.0, 1.0, 1.0], [0.0, 1.0, 1.0]]),
    }
    single = {name: value.astype(np.float32) for name, value in draw(3, 5).items()}
    return [
        Case("plain", draw(5, 4)),
        Case("square", draw(3, 3)),
        Case("soft targets", soft),
        Case("targets of integers", draw(4, 6, np.int64)),
        Case("scores of integers", whole),
        Case("scores near 1000", large),
        Case("float32", single, rtol=1e-4),
    ]


MULTILABEL = Exam(
    "a1.multilabel_loss",
    run_multilabel,
    oracle_multilabel,
    multilabel_cases,
    (
        Check("loss", 1, {"loss": ("plain", "square", "soft targets")}),
        Check("gradient", 1, {"dscores": ("plain", "square", "soft targets")}),
        Check("scores near 1000", 1, dict.fromkeys(("loss", "dscores"), ("scores near 1000",))),
        Check(
            "whole numbers, float32",
            1,
            dict.fromkeys(
                ("loss", "dscores"), ("targets of integers", "scores of integers", "float32")
            )
            | {INPUTS: ALL},
        ),
    ),
    "Lecture 03, 11. Several right answers",
    forbidden=FORBIDDEN["a1.multilabel_loss"],
)
