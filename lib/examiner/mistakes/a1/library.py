"""Answers that hand the work of an exercise of a1 to the library."""

from __future__ import annotations

from typing import Any

import numpy as np

from examiner.bank import Bank
from strides import gradcheck, knn, losses
from strides.optim import SGD

from .linear import Array


def distances(x: Array, z: Array) -> Any:
    return knn.pairwise_distances(x, z)


def labels(distances: Array, y: Array, k: int) -> Any:
    return knn.vote(distances, y, k)


def gradient(f: Any, x: Array, h: float = 1e-5) -> Any:
    return gradcheck.numerical_gradient(f, x, h)


def log_softmax(scores: Array) -> Any:
    return losses.log_softmax(scores)


def hinge(w: Array, x: Array, y: Array, reg: float) -> Any:
    loss, backward = losses.hinge_loss(x @ w, y)
    return loss + reg * np.sum(w * w), lambda: x.T @ backward() + 2 * reg * w


def cross_entropy(w: Array, x: Array, y: Array, reg: float) -> Any:
    loss, backward = losses.softmax_loss(x @ w, y)
    return loss + reg * np.sum(w * w), lambda: x.T @ backward() + 2 * reg * w


def binary(scores: Array, t: Array) -> Any:
    return losses.bce_with_logits_loss(scores, t)


def trained(
    loss_function: Any,
    w: Array,
    x: Array,
    y: Array,
    learning_rate: float,
    steps: int,
    batch_size: int,
    reg: float,
    rng: np.random.Generator,
) -> Any:
    history, rule = [], SGD(learning_rate)
    for _ in range(steps):
        rows = rng.choice(len(x), batch_size)
        loss, backward = loss_function(w, x[rows], y[rows], reg)
        rule.step([w], [backward()])
        history.append(loss)
    return w, history


ANSWERS = {
    "a1.pairwise_distances": (
        distances,
        "Write the distances with NumPy: two loops around one row and one row are enough.",
    ),
    "a1.knn_predict": (
        labels,
        "Write the vote with NumPy: np.argsort finds the nearest, np.bincount counts.",
    ),
    "a1.numerical_gradient": (
        gradient,
        "Write the differences with NumPy: move one entry, call f, put the entry back.",
    ),
    "a1.svm_loss": (
        hinge,
        "Write the loss and its gradient with NumPy: begin with one sample and one class.",
    ),
    "a1.log_softmax": (
        log_softmax,
        "Write it with NumPy: subtract the row's largest score, then take the log of the sum.",
    ),
    "a1.softmax_loss": (
        cross_entropy,
        "Write the loss and its gradient with NumPy: your own log_softmax may be called.",
    ),
    "a1.multilabel_loss": (
        binary,
        "Write the loss and its gradient with NumPy: the text has a form for any scores.",
    ),
    "a1.train": (
        trained,
        "Write the step with NumPy: w - learning_rate * backward().",
    ),
}


def add_to(banks: dict[str, Bank]) -> None:
    """Add each of them, under the name "library", to the bank of its exercise."""
    for exercise, (answer, says) in ANSWERS.items():
        banks[exercise].add_mistake("library", says, answer)
