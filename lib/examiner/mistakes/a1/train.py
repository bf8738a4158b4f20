"""Mistakes and odd but right answers for a1.train(...) -> w, history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from examiner.bank import Bank

Array = np.ndarray
BANK = Bank("a1.train")


def _train(
    loss_function: Callable,
    w: Array,
    x: Array,
    y: Array,
    learning_rate: float,
    steps: int,
    batch_size: int,
    reg: float,
    rng: np.random.Generator,
    *,
    draw: Callable[[np.random.Generator, int, int], Array],
    update: Callable[[Array, Array, float, int], Array],
    after: bool = False,
) -> Any:
    """SGD with its parts exchanged: how a batch is drawn, how w moves, when the loss is kept."""
    history = []
    for t in range(steps):
        rows = draw(rng, len(x), batch_size)
        loss, backward = loss_function(w, x[rows], y[rows], reg)
        w = update(w, backward(), learning_rate, t)
        history.append(loss_function(w, x[rows], y[rows], reg)[0] if after else loss)
    return w, history


def choose(rng: np.random.Generator, n: int, size: int) -> Array:
    return rng.choice(n, size)


def descend(w: Array, dw: Array, rate: float, t: int) -> Array:
    return w - rate * dw


def _with(**parts: Any) -> Callable[..., Any]:
    defaults: dict[str, Any] = {"draw": choose, "update": descend}
    return lambda *args: _train(*args, **(defaults | parts))


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
    BANK.add_mistake(_name, _says, _with(update=_update))

for _factor in (0.5, 0.9, 0.95, 0.99, 0.999):
    BANK.add_mistake(
        f"decay_{_factor}".replace(".", "_"),
        "Your learning rate is multiplied by a factor in each step: here it stays the same.",
        _with(update=lambda w, dw, rate, t, factor=_factor: w - rate * factor**t * dw),
    )

BANK.add_mistake(
    "first_rows",
    "Every batch is x[:batch_size]: rows beyond were never used. Draw rows at random.",
    _with(draw=lambda rng, n, size: np.arange(size)),
)
BANK.add_mistake(
    "whole_set",
    "loss_function was called with the whole set: give it batch_size rows.",
    _with(draw=lambda rng, n, size: np.arange(n)),
)
BANK.add_mistake(
    "one_row",
    "loss_function was called with one row: give it batch_size rows.",
    _with(draw=lambda rng, n, size: rng.choice(n, 1)),
)
BANK.add_mistake(
    "batch_too_large",
    "Batches have batch_size + 1 rows.",
    _with(draw=lambda rng, n, size: rng.choice(n, size + 1)),
)
BANK.add_mistake(
    "batch_too_small",
    "Batches have batch_size - 1 rows.",
    _with(draw=lambda rng, n, size: rng.choice(n, size - 1)),
)
BANK.add_mistake(
    "rows_from_head",
    "Rows are drawn from the first batch_size alone: draw from all of x, x.shape[0].",
    _with(draw=lambda rng, n, size: rng.choice(size, size)),
)
BANK.add_mistake(
    "loss_after_update",
    "history holds the loss after each step: keep the one before, so that it starts with the first.",
    _with(after=True),
)


def sgd(*args: Any) -> Any:
    return _with()(*args)


@BANK.mistake(
    "Every step sees the same batch: draw a new one in every step, from rng, which is made once."
)
def same_batch(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    rows = rng.choice(len(x), size, replace=False)
    return _with(draw=lambda *_: rows)(f, w, x, y, rate, steps, size, reg, rng)


@BANK.mistake("The labels do not belong to the rows: index x and y with the same rows.")
def labels_drawn_apart(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    history = []
    for _ in range(steps):
        loss, backward = f(w, x[rng.choice(len(x), size)], y[:size], reg)
        w = w - rate * backward()
        history.append(loss)
    return w, history


@BANK.mistake("All labels are passed with a batch of rows: index y with the same rows as x.")
def all_labels(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    return sgd(lambda w, xb, yb, reg: f(w, xb, y, reg), w, x, y, rate, steps, size, reg, rng)


@BANK.mistake("reg is not passed to loss_function: the penalty is lost.")
def reg_not_passed(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    return sgd(f, w, x, y, rate, steps, size, 0.0, rng)


@BANK.mistake("One step too many: range(steps).")
def one_step_more(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    return sgd(f, w, x, y, rate, steps + 1, size, reg, rng)


@BANK.mistake("One step too few: range(steps).")
def one_step_less(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    return sgd(f, w, x, y, rate, steps - 1, size, reg, rng)


@BANK.mistake("The return stands inside the loop: training ends after one step.")
def early_return(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    return sgd(f, w, x, y, rate, 1, size, reg, rng)


@BANK.mistake("You go through whole epochs: steps is the number of batches in all.")
def epochs(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    return sgd(f, w, x, y, rate, steps * (len(x) // size), size, reg, rng)
