"""Slips in what a1.train(...) hands on from step to step, in its draws, and in what it keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .train import BANK, Array, Run, choose, descend, drawn_by, mistake, sgd

__all__ = ["BANK"]


def trace(run: Run) -> tuple[list[Array], list[float]]:
    """Every w of a right training, the first one included, and its losses."""
    points = [run.w.copy()]

    def update(w: Array, dw: Array, rate: float, t: int) -> Array:
        points.append(descend(w, dw, rate, t))
        return points[-1]

    _, history = sgd(run, update=update)
    return points, history


DRAWS: list[tuple[str, str, Callable[[np.random.Generator, int, int], Array]]] = [
    (
        "last_row_never",
        "The last row is never drawn: rng.integers leaves its upper end out, so it is x.shape[0].",
        lambda rng, n, size: rng.integers(0, n - 1, size),
    ),
    (
        "first_row_never",
        "The first row is never drawn: row numbers start at 0.",
        lambda rng, n, size: rng.integers(1, n, size),
    ),
    (
        "rows_held_out",
        "The last fifth of the rows is never drawn: draw from all of x, x.shape[0].",
        lambda rng, n, size: rng.choice(int(0.8 * n), size),
    ),
    (
        "whole_set_shuffled",
        "loss_function was called with the whole set, shuffled: take the first batch_size rows "
        "of each shuffling.",
        lambda rng, n, size: rng.permutation(n),
    ),
    (
        "generator_in_loop",
        "A generator with a fixed seed is made in every step, so each step draws the same batch: "
        "draw with the argument rng.",
        lambda rng, n, size: np.random.default_rng(0).choice(n, size),
    ),
    (
        "global_generator",
        "np.random draws your batches, so no training can be repeated: draw with the argument rng.",
        lambda rng, n, size: np.random.choice(n, size),  # noqa: NPY002
    ),
]
for _name, _says, _draw in DRAWS:
    BANK.add_mistake(_name, _says, drawn_by(_draw))


@mistake(
    "You make a generator of your own, so every training draws the same batches: draw with the "
    "argument rng."
)
def own_generator(run: Run) -> Any:
    return sgd(run._replace(rng=np.random.default_rng(3)))


@mistake("reg is halved on its way to loss_function: pass it as it is.")
def reg_halved(run: Run) -> Any:
    return sgd(run._replace(reg=run.reg / 2))


@mistake("reg is doubled on its way to loss_function: pass it as it is.")
def reg_doubled(run: Run) -> Any:
    return sgd(run._replace(reg=2 * run.reg))


@mistake("loss_function is called without reg: it is loss_function(w, x, y, reg).")
def reg_left_out(run: Run) -> Any:
    f = run.loss_function
    return sgd(run._replace(loss_function=lambda w, x, y, reg: f(w, x, y)))


@mistake("learning_rate and reg are the wrong way round: reg belongs to loss_function.")
def rate_and_reg_swapped(run: Run) -> Any:
    return sgd(run._replace(rate=run.reg, reg=run.rate))


@mistake("steps and batch_size are the wrong way round: range(steps), and batch_size rows.")
def steps_and_batch_swapped(run: Run) -> Any:
    return sgd(run._replace(steps=run.size, size=run.steps))


@mistake("The penalty's gradient is added again: backward() holds it already.")
def penalty_gradient_twice(run: Run) -> Any:
    return sgd(run, update=lambda w, dw, rate, t: w - rate * (dw + 2 * run.reg * w))


@mistake("The penalty is added to history again: the loss holds it already.")
def penalty_in_history_twice(run: Run) -> Any:
    points, history = trace(run)
    losses = zip(points, history, strict=False)
    return points[-1], [loss + run.reg * float(np.sum(w * w)) for w, loss in losses]


@mistake("w is drawn anew at the start: start from the argument w.")
def random_start(run: Run) -> Any:
    return sgd(run._replace(w=1e-3 * run.rng.standard_normal(run.w.shape)))


@mistake("Momentum is added: here each step is learning_rate times its own gradient alone.")
def momentum(run: Run) -> Any:
    velocity = np.zeros(run.w.shape)

    def update(w: Array, dw: Array, rate: float, t: int) -> Array:
        velocity[...] = 0.9 * velocity - rate * dw
        return w + velocity

    return sgd(run, update=update)


@mistake("The gradient is brought to length 1: subtract learning_rate times the gradient as it is.")
def normalised_gradient(run: Run) -> Any:
    return sgd(run, update=lambda w, dw, rate, t: w - rate * dw / (np.linalg.norm(dw) + 1e-12))


@mistake("Large entries of the gradient are clipped: use the gradient as it is.")
def clipped_gradient(run: Run) -> Any:
    return sgd(run, update=lambda w, dw, rate, t: w - rate * np.clip(dw, -0.1, 0.1))


@mistake("Each step starts from the first w again: subtract from the w of the step before.")
def steps_from_start(run: Run) -> Any:
    return sgd(run, update=lambda w, dw, rate, t: run.w - rate * dw)


@mistake("Every gradient is taken at the first w: call loss_function with the w that has moved.")
def gradient_at_start(run: Run) -> Any:
    f, start = run.loss_function, run.w.copy()
    return sgd(run._replace(loss_function=lambda w, x, y, reg: f(start, x, y, reg)))


@mistake("The w you return is the one before the last step: return the w that has moved.")
def before_last_step(run: Run) -> Any:
    points, history = trace(run)
    return points[-2], history


@mistake("The w you return is the one of the lowest loss: return the last one.")
def best_w(run: Run) -> Any:
    points, history = trace(run)
    return points[int(np.argmin(history))], history


@mistake("The w you return is the mean over the steps: return the last one.")
def average_w(run: Run) -> Any:
    points, history = trace(run)
    return np.mean(points[1:], axis=0), history


@mistake("history has one loss too many, the first: append one in every step, and none before.")
def history_longer(run: Run) -> Any:
    first = run.loss_function(run.w, run.x, run.y, run.reg)[0]
    w, history = sgd(run)
    return w, [first, *history]


@mistake("Training ends after one pass through the set: steps says how many batches there are.")
def one_pass(run: Run) -> Any:
    batches = iter(
        run.rng.permutation(len(run.x))[: len(run.x) // run.size * run.size].reshape(-1, run.size)
    )
    steps = min(run.steps, len(run.x) // run.size)
    return sgd(run._replace(steps=steps), draw=lambda *_: next(batches))


@mistake(
    "The rows are shuffled once, and the same few batches come round again: draw or shuffle anew."
)
def one_order(run: Run) -> Any:
    order, batches = run.rng.permutation(len(run.x)), len(run.x) // run.size
    starts = iter(range(run.steps))

    def draw(*_: Any) -> Array:
        first = next(starts) % batches * run.size
        return order[first : first + run.size]

    return sgd(run, draw=draw)


@mistake(
    "The last batch of each pass through the set is smaller: leave it out, or draw with rng.choice."
)
def smaller_last_batch(run: Run) -> Any:
    left: list[int] = []

    def draw(rng: np.random.Generator, n: int, size: int) -> Array:
        if not left:
            left.extend(rng.permutation(n))
        rows = np.array(left[:size])
        del left[:size]
        return rows

    return sgd(run, draw=draw)


@mistake("Each of the steps is a whole pass through the set: a step is one batch.")
def steps_as_passes(run: Run) -> Any:
    w, history = run.w, []
    for t in range(run.steps):
        order = run.rng.permutation(len(run.x))
        for start in range(0, len(order), run.size):
            rows = order[start : start + run.size]
            loss, backward = run.loss_function(w, run.x[rows], run.y[rows], run.reg)
            w = descend(w, backward(), run.rate, t)
        history.append(loss)
    return w, history


@mistake("Training stops when the loss of a batch rises: do all the steps that are asked for.")
def stops_early(run: Run) -> Any:
    w, history = run.w, []
    for t in range(run.steps):
        rows = choose(run.rng, len(run.x), run.size)
        loss, backward = run.loss_function(w, run.x[rows], run.y[rows], run.reg)
        history.append(loss)
        w = descend(w, backward(), run.rate, t)
        if len(history) > 3 and history[-1] > history[-2]:
            break
    return w, history
