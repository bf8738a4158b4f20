"""Mistakes in the contract `loss, backward`, and in types and sizes; `add_shared` adds them all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from examiner.bank import Bank

from .linear import Array, Data, classifier
from .linear_mean import MEAN_MISTAKES
from .linear_penalty import PENALTY_MISTAKES


def data_mistakes(bank: Bank) -> Callable[[str], Callable[[Data], Data]]:
    """A decorator that adds mistakes in the loss on the scores, (scores, y) -> losses, dscores."""

    def mistake(says: str) -> Callable[[Data], Data]:
        def add(data: Data) -> Data:
            bank.add_mistake(data.__name__, says, classifier(data))
            return data

        return add

    return mistake


def add_shared(bank: Bank, data: Data, repeated: Callable[..., Any]) -> None:
    """Give a bank the mistakes of putting the parts together, and those of the contract.

    `repeated(w, x, y, reg)` loses repeated labels, as `dw[:, y] -= ...` does.
    """
    answer = classifier(data)
    for name, says, combine in MEAN_MISTAKES + PENALTY_MISTAKES:
        bank.add_mistake(name, says, classifier(data, combine))
    bank.add_mistake(
        "repeated_labels_lost",
        "`dw[:, y] -= ...` writes each column once, so samples that share a label are lost. "
        "Use np.add.at, a one-hot matrix, or change the scores' gradient, one row a sample.",
        repeated,
    )
    contract: list[tuple[str, str, Callable[..., Any]]] = [
        (
            "order_swapped",
            "The two values are in the other order: return loss, backward.",
            lambda w, x, y, reg: answer(w, x, y, reg)[::-1],
        ),
        (
            "loss_only",
            "You return the loss alone: return loss, backward.",
            lambda w, x, y, reg: answer(w, x, y, reg)[0],
        ),
        (
            "gradient_not_a_function",
            "The second value is the gradient itself: return a function backward() "
            "that returns it.",
            lambda w, x, y, reg: (answer(w, x, y, reg)[0], answer(w, x, y, reg)[1]()),
        ),
        (
            "backward_returns_none",
            "backward() returns None: does it end with `return dw`?",
            lambda w, x, y, reg: (answer(w, x, y, reg)[0], lambda dout=1.0: None),
        ),
        (
            "backward_needs_argument",
            "backward() is called without arguments: give dout the default 1.0.",
            lambda w, x, y, reg: (
                answer(w, x, y, reg)[0],
                needs_argument(bank, answer(w, x, y, reg)[1]),
            ),
        ),
        ("writes_into_w", _WRITES, lambda w, x, y, reg: _writes_into_w(answer, w, x, y, reg)),
        (
            "scales_w",
            "Your argument w is changed by the call: make new arrays, 2 * reg * w and not w *= 2 * reg.",
            lambda w, x, y, reg: _scales_w(answer, w, x, y, reg),
        ),
        (
            "integer_gradient",
            "Your gradient takes its type from w: with whole-number weights it is truncated. "
            "Allocate it as float, np.zeros(w.shape).",
            lambda w, x, y, reg: _in_type_of_w(answer, w, x, y, reg),
        ),
        (
            "integer_gradient_in_place",
            "np.zeros_like(w) takes its type from w, and adding floats to integers fails. "
            "Allocate the gradient as float, np.zeros(w.shape).",
            lambda w, x, y, reg: _added_to_zeros_like_w(answer, w, x, y, reg),
        ),
        (
            "ten_classes",
            "The number of classes is written into your code: take it from w.shape[1].",
            lambda w, x, y, reg: _fixed_classes(answer, w, x, y, reg, 10),
        ),
        (
            "visible_answer",
            "You return the numbers of the worked example whatever the input is.",
            lambda w, x, y, reg: _visible_answer(answer),
        ),
    ]
    for name, says, wrong in contract:
        bank.add_mistake(name, says, wrong)


def needs_argument(bank: Bank, gradient: Callable[[], Array]) -> Callable[..., Array]:
    """A backward without a default, called in errors as it is in a student's answer."""

    def backward(dout: float) -> Array:
        return dout * gradient()

    backward.__qualname__ = f"{bank.exercise.partition('.')[2]}.<locals>.backward"
    return backward


_WRITES = "Your gradient is accumulated in w itself (`dw = w` makes no copy): start from np.zeros(w.shape)."


def _writes_into_w(answer: Callable, w: Array, x: Array, y: Array, reg: float) -> Any:
    loss, backward = answer(w, x, y, reg)
    step = backward()
    dw = w
    dw += step.astype(w.dtype)
    return loss, lambda dout=1.0: dw


def _scales_w(answer: Callable, w: Array, x: Array, y: Array, reg: float) -> Any:
    loss, _ = answer(w, x, y, reg)
    data = answer(w, x, y, 0.0)[1]()

    def backward(dout: float = 1.0) -> Array:
        nonlocal w
        w *= 2 * reg
        return data + w

    return loss, backward


def _in_type_of_w(answer: Callable, w: Array, x: Array, y: Array, reg: float) -> Any:
    loss, backward = answer(w, x, y, reg)
    dw = np.zeros_like(w)
    dw[...] = backward()
    return loss, lambda dout=1.0: dw


def _added_to_zeros_like_w(answer: Callable, w: Array, x: Array, y: Array, reg: float) -> Any:
    loss, backward = answer(w, x, y, reg)
    step = backward()
    dw = np.zeros_like(w)
    dw += step
    return loss, lambda dout=1.0: dw


def _fixed_classes(answer: Callable, w: Array, x: Array, y: Array, reg: float, c: int) -> Any:
    loss, backward = answer(w, x, y, reg)
    dw = np.zeros((w.shape[0], c))
    dw[:, : w.shape[1]] = backward()
    return loss, lambda dout=1.0: dw


def _visible_answer(answer: Callable) -> Any:
    w = np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 1.0]])
    return answer(w, np.array([[1.0, 2.0], [2.0, -1.0]]), np.array([0, 1]), 0.1)
