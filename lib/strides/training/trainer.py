"""The training loop."""

import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strides import expect
from strides.data import batches
from strides.data.cache import load_arrays, save_arrays
from strides.data.progress import Progress
from strides.losses import l2_penalty, softmax_loss
from strides.nets import Module
from strides.optim import Optimizer, clip_gradients
from strides.schedules import Schedule
from strides.training.history import Epoch, History

Array = NDArray[Any]
Callback = Callable[["Trainer"], None]


def accuracy(scores: Array, y: Array) -> float:
    """Share of rows, from 0 to 1, whose highest score is that of the right class."""
    return float(np.mean(scores.argmax(axis=1) == y))


class Trainer:
    """Trains a net, whose weights change IN PLACE, and keeps the history, the best and the last.

    loss(scores, y) is an operation of the contract; metric(scores, y) a number where more is
    better, or None to go by the loss. schedule(t) sets the learning rate before step t. reg is the
    weight of an L2 penalty, reg * sum(w * w) over all weights with two axes or more, and part of
    the loss that is written down. clip bounds the joint norm of the gradients. patience ends the
    run after so many epochs without a better validation score, and puts the best weights back.
    augment(x, rng) changes a batch. The callbacks get the trainer after each step or epoch: they
    may read all of it, change `optimizer.learning_rate`, or call `stop`.
    Shuffling and augmentation follow from seed and the number of the epoch alone.
    Raises TypeError or ValueError for a batch_size or a patience that is no integer of 1 or more.
    """

    def __init__(
        self,
        net: Module,
        optimizer: Optimizer,
        loss: Callable[..., Any] = softmax_loss,
        *,
        batch_size: int = 128,
        metric: Callable[[Array, Array], float] | None = accuracy,
        schedule: Schedule | None = None,
        reg: float = 0.0,
        clip: float | None = None,
        patience: int | None = None,
        augment: Callable[[Array, np.random.Generator], Array] | None = None,
        after_step: Sequence[Callback] = (),
        after_epoch: Sequence[Callback] = (),
        seed: int = 0,
        progress: bool = True,
    ) -> None:
        self.net, self.optimizer, self.loss, self.metric = net, optimizer, loss, metric
        self.batch_size, self.seed = expect.count("batch_size", batch_size), seed
        self.patience = None if patience is None else expect.count("patience", patience)
        self.schedule, self.reg, self.clip, self.augment = schedule, reg, clip, augment
        self.after_step, self.after_epoch = after_step, after_epoch
        self.progress = progress
        self.history = History()
        self.best: dict[str, Array] = {}  # state of the net at its best epoch so far
        self.best_epoch = 0
        self.best_score: float | None = None

    def fit(
        self,
        x: Array,
        y: Array,
        epochs: int,
        val: tuple[Array, Array] | None = None,
        checkpoint: str | PathLike[str] | None = None,
    ) -> History:
        """Train until `epochs` epochs are done in all, and return the history.

        x (N, ...) floats, y (N,). After each epoch `val` is evaluated, and all that is needed to go
        on is written to `checkpoint`. An interrupt (Ctrl-C, the stop button) ends the run with what
        it has. Raises TypeError for x that is not floats; ValueError for x and y that do not fit or
        hold NaN, for patience without val, and for a loss that is no longer finite.
        """
        self._check(x, y, val)
        steps = math.ceil(len(x) / self.batch_size)
        self.history.stopped = ""
        try:
            with Progress("training", steps * epochs) as bar:
                while len(self.history.epochs) < epochs and self._goes_on():
                    finished = self._epoch(x, y, val, epochs, bar)
                    if finished and checkpoint is not None:
                        self.save(checkpoint)
        except KeyboardInterrupt:
            self.stop("interrupted")
            done = len(self.history.epochs)
            print(
                f"interrupted after {done} of {epochs} epochs; fit again goes on", file=sys.stderr
            )
        if self._out_of_patience():
            self.net.load_state(self.best)
            self.stop("early")
        self.history.stopped = self.history.stopped or "done"
        return self.history

    @np.errstate(over="ignore", invalid="ignore")  # what is not finite raises an error instead
    def step(self, x: Array, y: Array) -> float:
        """One step on one batch: forward, backward, update; returns the loss before it.

        Raises ValueError where the numbers on the way, or the loss, are not finite.
        """
        if self.schedule is not None:
            self.optimizer.learning_rate = self.schedule(self.optimizer.steps)
        scores, backward = self.net.forward(x, train=True)
        loss, backward_of_loss = self.loss(scores, y)
        _, grads = backward(backward_of_loss())
        params = self.net.params()
        if self.reg:
            penalised = [i for i, w in enumerate(params) if w.ndim > 1]
            for i in penalised:
                penalty, backward_of_penalty = l2_penalty(params[i], self.reg)
                loss, grads[i] = loss + penalty, grads[i] + backward_of_penalty()
        if not math.isfinite(loss):
            raise ValueError(
                f"loss: expected a finite number; received {loss}; try a lower learning rate"
            )
        if self.clip is not None:
            clip_gradients(grads, self.clip)
        self.optimizer.step(params, grads)
        return float(loss)

    def stop(self, reason: str) -> None:
        """End the run after the step in hand: for callbacks."""
        self.history.stopped = reason

    def predict(self, x: Array) -> Array:
        """The net's scores for x, in eval mode, a batch at a time."""
        starts = range(0, len(x), self.batch_size)
        return np.concatenate([self.net(x[i : i + self.batch_size]) for i in starts])

    def evaluate(self, x: Array, y: Array) -> tuple[float, float | None]:
        """Loss (without the penalty) and metric on x and y, in eval mode."""
        scores = self.predict(x)
        loss, _ = self.loss(scores, y)
        return float(loss), None if self.metric is None else float(self.metric(scores, y))

    def save(self, path: str | PathLike[str]) -> None:
        """Write all that the next step depends on to a .npz file, whole or not at all."""
        about = {name: getattr(self, name) for name in ("seed", "batch_size")}
        about |= {"optimizer": type(self.optimizer).__name__, "history": self.history.as_dict()}
        about |= {"best_epoch": self.best_epoch, "best_score": self.best_score}
        arrays = {"about": np.array(json.dumps(about))}
        parts = {"net": self.net.state(), "optimizer": self.optimizer.state(), "best": self.best}
        for part, state in parts.items():
            arrays |= {f"{part}/{name}": array for name, array in state.items()}
        save_arrays(Path(path), arrays)

    def load(self, path: str | PathLike[str]) -> None:
        """Go on from a file that `save` or `fit` wrote, bit for bit.

        Raises FileNotFoundError where there is none, DamagedData for a file that is not whole,
        ValueError for another net, optimizer, seed or batch size than this trainer's.
        """
        arrays = load_arrays(Path(path))
        about = json.loads(str(arrays["about"]))
        optimizer = type(self.optimizer).__name__
        mine = (("seed", self.seed), ("batch_size", self.batch_size), ("optimizer", optimizer))
        for name, value in mine:
            if about[name] != value:
                raise ValueError(
                    f"{name}: expected {about[name]}, as in {path}; received {value}; "
                    f"try a trainer made as the one that saved it"
                )
        self.net.load_state(_part(arrays, "net/"))
        self.optimizer.load_state(_part(arrays, "optimizer/"))
        self.best, self.best_epoch = _part(arrays, "best/"), about["best_epoch"]
        self.best_score = about["best_score"]
        self.history = History.from_dict(about["history"])

    def _epoch(
        self, x: Array, y: Array, val: tuple[Array, Array] | None, epochs: int, bar: Progress
    ) -> bool:
        """One pass over x and y; False where a callback stopped it half way, with no row for it."""
        started, number = time.perf_counter(), len(self.history.epochs) + 1
        order, noise = np.random.SeedSequence([self.seed, number]).generate_state(2).tolist()
        rng, losses = np.random.default_rng(noise), []
        steps = math.ceil(len(x) / self.batch_size)
        for xs, ys in batches(x, y, self.batch_size, seed=order):
            try:
                losses.append(self.step(self.augment(xs, rng) if self.augment else xs, ys))
            except (TypeError, ValueError) as error:
                error.add_note(f"at step {len(losses) + 1} of epoch {number}")
                raise
            self.history.losses.append(losses[-1])
            self.history.learning_rates.append(self.optimizer.learning_rate)
            if self.progress:
                bar.label = f"epoch {number:3} of {epochs}, loss {losses[-1]:8.4f}"
                bar.reach((number - 1) * steps + len(losses))
            for callback in self.after_step:
                callback(self)
            if self.history.stopped:
                return False
        val_loss, val_score = (None, None) if val is None else self.evaluate(*val)
        seconds = time.perf_counter() - started
        rate, mean = self.optimizer.learning_rate, float(np.mean(losses))
        self.history.epochs.append(Epoch(number, mean, val_loss, val_score, rate, seconds))
        if val_loss is not None:
            self._keep_if_best(-val_loss if val_score is None else val_score, number)
        for callback in self.after_epoch:
            callback(self)
        return True

    def _keep_if_best(self, score: float, number: int) -> None:
        if self.best_score is None or score > self.best_score:
            self.best, self.best_epoch, self.best_score = self.net.state(), number, score

    def _goes_on(self) -> bool:
        return not self.history.stopped and not self._out_of_patience()

    def _out_of_patience(self) -> bool:
        done = len(self.history.epochs)
        return (
            self.patience is not None
            and bool(self.best)
            and (done - self.best_epoch >= self.patience)
        )

    def _check(self, x: Array, y: Array, val: tuple[Array, Array] | None) -> None:
        """Raise unless x holds floats and y as many rows, at least one, and patience has val."""
        if self.patience is not None and val is None:
            raise ValueError(
                "val: expected (x, y), since patience goes by it; received None; try patience=None"
            )
        for name, (images, labels) in {"x": (x, y), **({"val": val} if val else {})}.items():
            if np.asarray(images).dtype.kind != "f":
                raise TypeError(
                    f"{name}: expected floats; received dtype {np.asarray(images).dtype}; "
                    f"try strides.data.normalise(...)"
                )
            if len(images) != len(labels) or len(images) == 0:
                raise ValueError(
                    f"{name}: expected one label for each of 1 or more rows; "
                    f"received {len(images)} rows and {len(labels)} labels; try taking both alike"
                )


def _part(arrays: dict[str, Array], prefix: str) -> dict[str, Array]:
    """The arrays whose names start with the prefix, by the rest of their names."""
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
