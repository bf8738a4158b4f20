"""Mistakes in the step and the batch of a1.train(...) -> w, history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from examiner.bank import Bank

Array = np.ndarray
BANK = Bank("a1.train")


class Run(NamedTuple):
    """The arguments of `train`, in their order."""

    loss_function: Callable[..., Any]
    w: Array
    x: Array
    y: Array
    rate: float
    steps: int
    size: int
    reg: float
    rng: np.random.Generator


def packed(answer: Callable[[Run], Any]) -> Callable[..., Any]:
    """An answer to the exercise's nine arguments from one that takes a Run."""
    return lambda *args: answer(Run(*args))


def mistake(says: str) -> Callable[[Callable[[Run], Any]], Callable[[Run], Any]]:
    """Add a mistake that is given as a function of a Run."""

    def add(answer: Callable[[Run], Any]) -> Callable[[Run], Any]:
        BANK.add_mistake(answer.__name__, says, packed(answer))
        return answer

    return add


def choose(rng: np.random.Generator, n: int, size: int) -> Array:
    return rng.choice(n, size)


def descend(w: Array, dw: Array, rate: float, t: int) -> Array:
    return w - rate * dw


def sgd(
    run: Run,
    draw: Callable[[np.random.Generator, int, int], Array] = choose,
    update: Callable[[Array, Array, float, int], Array] = descend,
) -> tuple[Array, list[float]]:
    """SGD with parts that can be exchanged: how a batch is drawn, and how w moves."""
    w, history = run.w, []
    for t in range(run.steps):
        rows = draw(run.rng, len(run.x), run.size)
        loss, backward = run.loss_function(w, run.x[rows], run.y[rows], run.reg)
        w = update(w, backward(), run.rate, t)
        history.append(loss)
    return w, history


def updated_by(update: Callable[[Array, Array, float, int], Array]) -> Callable[..., Any]:
    return packed(lambda run: sgd(run, update=update))


def drawn_by(draw: Callable[[np.random.Generator, int, int], Array]) -> Callable[..., Any]:
    return packed(lambda run: sgd(run, draw=draw))


UPDATES: list[tuple[str, str, Callable[[Array, Array, float, int], Array]]] = [
    (
        "ascent",
        "w moves uphill: subtract the gradient, w - learning_rate * dw.",
        lambda w, dw, rate, t: w + rate * dw,
    ),
    (
        "no_update",
        "w is the same after training as before: w - learning_rate * dw has to become the new w.",
        lambda w, dw, rate, t: w,
    ),
    (
        "no_learning_rate",
        "The gradient is subtracted whole: multiply it by learning_rate.",
        lambda w, dw, rate, t: w - dw,
    ),
    (
        "divided_by_rate",
        "The gradient is divided by learning_rate: multiply.",
        lambda w, dw, rate, t: w - dw / rate,
    ),
    (
        "rate_squared",
        "The learning rate enters twice.",
        lambda w, dw, rate, t: w - rate**2 * dw,
    ),
    (
        "half_rate",
        "Steps are half as long as learning_rate says.",
        lambda w, dw, rate, t: w - rate / 2 * dw,
    ),
    (
        "double_rate",
        "Steps are twice as long as learning_rate says: is the gradient applied twice?",
        lambda w, dw, rate, t: w - 2 * rate * dw,
    ),
    (
        "decaying_rate",
        "Your learning rate shrinks from step to step: here it stays the same.",
        lambda w, dw, rate, t: w - rate / (t + 1) * dw,
    ),
    (
        "rate_by_steps",
        "Your learning rate grows from step to step: here it stays the same.",
        lambda w, dw, rate, t: w - rate * (t + 1) * dw,
    ),
    (
        "fixed_rate_001",
        "The learning rate is written into your code as 0.01: use the argument.",
        lambda w, dw, rate, t: w - 0.01 * dw,
    ),
    (
        "fixed_rate_0001",
        "The learning rate is written into your code as 0.001: use the argument.",
        lambda w, dw, rate, t: w - 0.001 * dw,
    ),
    (
        "assigns_gradient",
        "w becomes the step itself: subtract the step from w.",
        lambda w, dw, rate, t: -rate * dw,
    ),
]
for _name, _says, _update in UPDATES:
    BANK.add_mistake(_name, _says, updated_by(_update))


def decayed(factor: float) -> Callable[[Array, Array, float, int], Array]:
    return lambda w, dw, rate, t: w - rate * factor**t * dw


for _factor in (0.5, 0.9, 0.95, 0.99, 0.999):
    BANK.add_mistake(
        f"decay_{_factor}".replace(".", "_"),
        "Your learning rate is multiplied by a factor in each step: here it stays the same.",
        updated_by(decayed(_factor)),
    )

DRAWS: list[tuple[str, str, Callable[[np.random.Generator, int, int], Array]]] = [
    (
        "first_rows",
        "Every batch is x[:batch_size]: rows beyond were never used. Draw rows at random.",
        lambda rng, n, size: np.arange(size),
    ),
    (
        "whole_set",
        "loss_function was called with the whole set: give it batch_size rows.",
        lambda rng, n, size: np.arange(n),
    ),
    (
        "one_row",
        "loss_function was called with one row: give it batch_size rows.",
        lambda rng, n, size: rng.choice(n, 1),
    ),
    (
        "batch_too_large",
        "Batches have batch_size + 1 rows.",
        lambda rng, n, size: rng.choice(n, size + 1),
    ),
    (
        "batch_too_small",
        "Batches have batch_size - 1 rows.",
        lambda rng, n, size: rng.choice(n, size - 1),
    ),
    (
        "rows_from_head",
        "Rows are drawn from the first batch_size alone: draw from all of x, x.shape[0].",
        lambda rng, n, size: rng.choice(size, size),
    ),
]
for _name, _says, _draw in DRAWS:
    BANK.add_mistake(_name, _says, drawn_by(_draw))


@mistake(
    "Every step sees the same batch: draw a new one in every step, from rng, which is made once."
)
def same_batch(run: Run) -> Any:
    rows = choose(run.rng, len(run.x), run.size)
    return sgd(run, draw=lambda *_: rows)


@mistake("Batches run through the set in order, without drawing: draw rows at random with rng.")
def in_order(run: Run) -> Any:
    ends = iter(range(0, run.steps * run.size, run.size))
    return sgd(run, draw=lambda rng, n, size: (next(ends) + np.arange(size)) % n)


@mistake(
    "The labels do not belong to the rows: shuffle or index x and y with the same row numbers."
)
def labels_drawn_apart(run: Run) -> Any:
    f = run.loss_function
    return sgd(run._replace(loss_function=lambda w, x, y, reg: f(w, x, run.y[: run.size], reg)))


@mistake("All labels are passed with a batch of rows: index y with the same rows as x.")
def all_labels(run: Run) -> Any:
    f = run.loss_function
    return sgd(run._replace(loss_function=lambda w, x, y, reg: f(w, x, run.y, reg)))


@mistake("reg is not passed to loss_function: the penalty is lost.")
def reg_not_passed(run: Run) -> Any:
    return sgd(run._replace(reg=0.0))


@mistake("The step is divided by batch_size: the loss is a mean already.")
def rate_over_batch(run: Run) -> Any:
    return sgd(run._replace(rate=run.rate / run.size))


@mistake("The step is multiplied by batch_size: subtract learning_rate * dw.")
def rate_times_batch(run: Run) -> Any:
    return sgd(run._replace(rate=run.rate * run.size))


@mistake("The step is divided by the number of steps: subtract learning_rate * dw.")
def rate_over_steps(run: Run) -> Any:
    return sgd(run._replace(rate=run.rate / run.steps))
