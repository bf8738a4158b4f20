"""Mistakes in the loop of a1.train(...) -> w, history, and in what it returns."""

from __future__ import annotations

from typing import Any

import numpy as np

from .train import BANK, Run, choose, descend, mistake, sgd

__all__ = ["BANK"]


@mistake("One step too many: range(steps).")
def one_step_more(run: Run) -> Any:
    return sgd(run._replace(steps=run.steps + 1))


@mistake("One step too few: range(steps).")
def one_step_less(run: Run) -> Any:
    return sgd(run._replace(steps=run.steps - 1))


@mistake("The return stands inside the loop: training ends after one step.")
def early_return(run: Run) -> Any:
    return sgd(run._replace(steps=1))


@mistake("You go through whole epochs: steps is the number of batches in all.")
def epochs(run: Run) -> Any:
    return sgd(run._replace(steps=run.steps * (len(run.x) // run.size)))


@mistake("history holds the last loss alone: append one loss in every step.")
def last_loss_only(run: Run) -> Any:
    w, history = sgd(run)
    return w, history[-1:]


@mistake("history is one number, the last loss: append one loss in every step to a list.")
def last_loss_as_number(run: Run) -> Any:
    w, history = sgd(run)
    return w, history[-1]


@mistake("history is empty: append the loss of every step.")
def empty_history(run: Run) -> Any:
    return sgd(run)[0], []


@mistake("history leaves out the first loss: append one loss in every step, from the first on.")
def first_loss_missing(run: Run) -> Any:
    w, history = sgd(run)
    return w, history[1:]


@mistake(
    "Only the first entry of history is its step's loss: append each step's own loss, "
    "no running sum or mean."
)
def cumulative_history(run: Run) -> Any:
    w, history = sgd(run)
    return w, np.cumsum(history)


@mistake(
    "No entry of history is the loss of its batch before its step: append the loss that "
    "loss_function gave for the batch, before w moves."
)
def loss_after_update(run: Run) -> Any:
    w, history = run.w, []
    for t in range(run.steps):
        rows = choose(run.rng, len(run.x), run.size)
        _, backward = run.loss_function(w, run.x[rows], run.y[rows], run.reg)
        w = descend(w, backward(), run.rate, t)
        history.append(run.loss_function(w, run.x[rows], run.y[rows], run.reg)[0])
    return w, history


@mistake("The w you return is not the trained one but the one it started from.")
def returns_start(run: Run) -> Any:
    return run.w.copy(), sgd(run)[1]


@mistake("w starts from zeros: start from the argument w.")
def starts_from_zero(run: Run) -> Any:
    return sgd(run._replace(w=np.zeros_like(run.w)))


@mistake("Every step starts from the first w again: let w keep what it has learned.")
def restarts_each_step(run: Run) -> Any:
    moved, history = run.w, []
    for t in range(run.steps):
        rows = choose(run.rng, len(run.x), run.size)
        loss, backward = run.loss_function(run.w, run.x[rows], run.y[rows], run.reg)
        moved = descend(run.w, backward(), run.rate, t)
        history.append(loss)
    return moved, history


@mistake("Gradients pile up from step to step: each step uses its own gradient alone.")
def gradients_pile_up(run: Run) -> Any:
    total = np.zeros(run.w.shape)

    def update(w: Any, dw: Any, rate: float, t: int) -> Any:
        np.add(total, dw, out=total)
        return w - rate * total

    return sgd(run, update=update)


@mistake(
    "No gradient of loss_function is asked for: call the argument loss_function, then its "
    "backward(), and subtract learning_rate times what that returns, not the loss."
)
def no_gradient_asked(run: Run) -> Any:
    w, history = run.w, []
    for _ in range(run.steps):
        rows = choose(run.rng, len(run.x), run.size)
        loss, _backward = run.loss_function(w, run.x[rows], run.y[rows], run.reg)
        w = w - run.rate * loss
        history.append(loss)
    return w, history


@mistake("The two values are in the other order: return w, history.")
def order_swapped(run: Run) -> Any:
    return sgd(run)[::-1]


@mistake("You return w alone: return w, history.")
def w_only(run: Run) -> Any:
    return sgd(run)[0]


@mistake("You return the history alone: return w, history.")
def history_only(run: Run) -> Any:
    return sgd(run)[1]


@mistake("backward is subtracted without being called: write backward().")
def backward_not_called(run: Run) -> Any:
    loss, backward = run.loss_function(run.w, run.x[: run.size], run.y[: run.size], run.reg)
    return run.w - run.rate * backward, [loss]


@mistake("x is shuffled in place: shuffle row numbers, and leave x and y as they are.")
def shuffles_in_place(run: Run) -> Any:
    result = sgd(run._replace(x=run.x.copy(), y=run.y.copy()))
    order = np.roll(np.arange(len(run.x)), 1)
    run.x[...], run.y[...] = run.x[order], run.y[order]
    return result
