"""A trainer for image classifiers: one loop, which can be watched, stopped and gone on with."""

import math
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import torch
from torch import nn

from strides.data.progress import Progress
from strides.torch_training.chance import generator, seed_all
from strides.torch_training.devices import choose_device, numerics
from strides.torch_training.evaluation import Score, evaluate, predict
from strides.torch_training.history import Epoch, History, Report
from strides.torch_training.images import Array, LabelledImages, Normalisation, prepare
from strides.torch_training.interruption import Interruption
from strides.torch_training.learner import Learner, MakeOptimizer, MakeSchedule
from strides.torch_training.objective import LossOfEach
from strides.torch_training.recipe import Recipe
from strides.torch_training.run import Run, find_run, no_totals, read_run, write_run


class TrainingDiverged(Exception):
    """The loss is no longer a number."""


class Trainer:
    """Trains a net by a Recipe, on the device it is given or the fastest there is.

    channels_last (None: where a GPU gains by it), compile (True, or the name of a torch.compile
    backend), deterministic (the same bits in every run). With a folder, the state is written there
    after every epoch, and after every save_every batches, and the newest `keep` files are kept.
    Callbacks receive a Report after every report_every batches and after every epoch.
    progress=False leaves out the lines on stderr. optimizer(net), schedule(optimizer, steps) and
    loss(scores, labels), which gives one number an image, replace those of the recipe.
    Modules in evaluation mode inside a net in training mode, such as frozen batch norm, stay so.
    """

    def __init__(
        self,
        net: nn.Module,
        recipe: Recipe | None = None,
        *,
        device: str | torch.device | None = None,
        channels_last: bool | None = None,
        compile: bool | str = False,
        deterministic: bool = False,
        folder: str | Path | None = None,
        keep: int = 2,
        save_every: int | None = None,
        report_every: int = 20,
        callbacks: Sequence[Callable[[Report], object]] = (),
        progress: bool = True,
        optimizer: MakeOptimizer | None = None,
        schedule: MakeSchedule | None = None,
        loss: LossOfEach | None = None,
    ) -> None:
        counts = {"keep": keep, "save_every": save_every, "report_every": report_every}
        for name, count in counts.items():
            if count is not None and count < 1:
                raise ValueError(f"{name}: expected 1 or more; received {count}; try 1")
        self.recipe = recipe or Recipe()
        self.device = choose_device(device)
        self.learner = Learner(
            net, self.recipe, self.device, channels_last, loss, optimizer, schedule
        )
        self.compile = "inductor" if compile is True else compile
        self.deterministic = deterministic
        self.folder = None if folder is None else Path(folder)
        self.keep, self.save_every, self.report_every = keep, save_every, report_every
        self.callbacks, self.progress = list(callbacks), progress
        self.run: Run | None = None
        self._losses: list[torch.Tensor] = []  # of the last steps, still on the device
        self._reported, self._reported_at = 0, time.monotonic()

    @property
    def net(self) -> nn.Module:
        """The net to predict with: the moving average of its weights where the recipe has one."""
        return self.learner.best

    @property
    def history(self) -> History:
        """What was seen so far."""
        return History() if self.run is None else self.run.history

    def fit(
        self,
        train: Iterable[Array],
        val: Iterable[Array] | None = None,
        resume: bool | str | Path = True,
    ) -> History:
        """Train to the recipe's last epoch, from where the run was stopped if it was.

        train and val are (images, labels) or a strides.data.Dataset: uint8 images
        (N, C, H, W), which are normalised by the training images' mean and deviation, or floats,
        which are taken as they are.
        A run that this trainer began goes on from memory, one that another process began from the
        newest checkpoint in the folder, or from the one that resume names. With resume=False the
        folder must hold none. Ctrl-C finishes the batch in hand, writes a checkpoint, and raises
        KeyboardInterrupt; calling fit again goes on.
        Raises ValueError for data that does not fit, TrainingDiverged when the loss is no longer
        a number, DamagedCheckpoint, and CheckpointMismatch when the folder holds another run.
        """
        data = self._given(train)
        held_out = None if val is None else self._given(val)
        with numerics(self.deterministic), Interruption() as stop:
            if self.run is None:
                self.run = self._begin(data, resume)
            elif self.run.data != data.fingerprint:
                raise ValueError(
                    f"train: expected the data that this run began with ({self.run.data}); "
                    f"received {data.fingerprint}; try a new Trainer for other data"
                )
            while self.run.epoch < self.recipe.epochs:
                self._run_epoch(self.run, data, held_out, stop)
        return self.run.history

    def evaluate(self, images: Array, labels: Array) -> Score:
        """Loss and accuracy on labelled images, without augmentation or label smoothing.

        Raises ValueError for uint8 images before fit, which measures how to normalise them.
        """
        return evaluate(self.learner, self._given((images, labels)), self._normal)

    def predict(self, images: Array) -> torch.Tensor:
        """Scores (N, C), float32, on the CPU; raises ValueError as evaluate does."""
        return predict(self.learner, images, self._normal)

    def _begin(self, data: LabelledImages, resume: bool | str | Path) -> Run:
        """Set out, or take up the run of a checkpoint."""
        self.learner.plan(self._batches(data) * self.recipe.epochs)
        path = find_run(self.folder, resume)
        if path is None:
            seed_all(self.recipe.seed)
            run = Run(data.fingerprint, data.normal, no_totals(self.device))
        else:
            run = read_run(path, self.learner, data.fingerprint)
            done = f"{run.epoch} of {self.recipe.epochs} epochs and {run.batch} batches"
            self._say(f"going on from {path}: {done} are done")
        self._reported = len(run.history.losses)
        if self.compile and run.epoch < self.recipe.epochs:
            images, labels = next(data.batches(torch.arange(len(data)), self.recipe.batch_size))
            self.learner.compile(prepare(images, labels, run.normal).images, self.compile)
        return run

    def _run_epoch(
        self, run: Run, data: LabelledImages, held_out: LabelledImages | None, stop: Interruption
    ) -> None:
        """The rest of the epoch in hand, with its validation and its checkpoint."""
        recipe, batches = self.recipe, self._batches(data)
        order = torch.randperm(len(data), generator=generator(recipe.seed, "order", run.epoch))
        label = f"epoch {run.epoch + 1} of {recipe.epochs}"
        self.learner.train()
        began = self._reported_at = time.monotonic()
        first = run.batch
        with Progress(label, batches, " batches") as bar:
            for images, labels in data.batches(order, recipe.batch_size, first):
                self._step(run, images, labels)
                if stop.asked or (self.save_every and run.step % self.save_every == 0):
                    self._save(run)
                if stop.asked:
                    raise KeyboardInterrupt(f"stopped after batch {run.batch} of {batches}")
                if run.step % self.report_every == 0 and run.batch < batches:
                    report = self._report(run, run.epoch + 1, run.batch, batches)
                    bar.label = f"{label}, loss {report.loss:.3f}"
                if self.progress:
                    bar.reach(run.batch)
        self._end_epoch(run, held_out, len(data) - first * recipe.batch_size, began)
        self._report(run, run.epoch, batches, batches)

    def _step(self, run: Run, images: torch.Tensor, labels: torch.Tensor) -> None:
        """Learn from one batch; nothing waits for the device here."""
        source = generator(self.recipe.seed, "augment", run.epoch, run.batch)
        batch = prepare(images, labels, run.normal, self.recipe.augment, source)
        run.history.learning_rates.append(self.learner.learning_rate)
        loss, right = self.learner.step(batch)
        count = torch.full_like(loss, len(batch))
        run.totals += torch.stack([loss * count, right, count])
        self._losses.append(loss)
        run.batch, run.step = run.batch + 1, run.step + 1

    def _end_epoch(
        self, run: Run, held_out: LabelledImages | None, images: int, began: float
    ) -> None:
        """Validate, write the epoch into the history and to disk."""
        self._fetch_losses(run)
        loss, right, count = run.totals.tolist()
        seconds = time.monotonic() - began
        score = None if held_out is None else evaluate(self.learner, held_out, run.normal)
        epoch = Epoch(
            number=run.epoch + 1,
            train_loss=loss / count,
            train_accuracy=right / count,
            val_loss=None if score is None else score.loss,
            val_accuracy=None if score is None else score.accuracy,
            learning_rate=run.history.learning_rates[-1],
            seconds=seconds,
            images_per_second=images / max(seconds, 1e-9),
        )
        run.history.epochs.append(epoch)
        run.epoch, run.batch, run.totals = run.epoch + 1, 0, no_totals(self.device)
        self._save(run)
        self._say(str(epoch))

    def _report(self, run: Run, epoch: int, batch: int, batches: int) -> Report:
        """Tell the callbacks how it goes."""
        self._fetch_losses(run)
        recent = run.history.losses[self._reported :]
        now = time.monotonic()
        speed = len(recent) * self.recipe.batch_size / max(now - self._reported_at, 1e-9)
        self._reported, self._reported_at = len(run.history.losses), now
        report = Report(
            epoch=epoch,
            epochs=self.recipe.epochs,
            batch=batch,
            batches=batches,
            step=run.step,
            loss=sum(recent) / max(len(recent), 1),
            learning_rate=run.history.learning_rates[-1],
            images_per_second=speed,
            history=run.history,
        )
        for callback in self.callbacks:
            callback(report)
        return report

    def _fetch_losses(self, run: Run) -> None:
        """Bring the losses of the last steps from the device; raise TrainingDiverged if need be.

        fp16 may lose single steps to its small range: it goes on while some losses are finite.
        """
        if not self._losses:
            return
        losses = torch.stack(self._losses).tolist()
        finite = [math.isfinite(loss) for loss in losses]
        if not (any(finite) if self.learner.precision == "fp16" else all(finite)):
            first = finite.index(False)
            raise TrainingDiverged(
                f"loss: expected a finite number; received {losses[first]} in step "
                f"{len(run.history.losses) + first + 1} (epoch {run.epoch + 1}); "
                f"try a learning rate below {self.recipe.learning_rate}, or clip=1.0"
            )
        self._losses.clear()
        run.history.losses.extend(losses)

    def _save(self, run: Run) -> None:
        """Write a checkpoint, if there is a folder for it."""
        self._fetch_losses(run)
        if self.folder is not None:
            write_run(self.folder, self.keep, run, self.learner)

    @property
    def _normal(self) -> Normalisation | None:
        return None if self.run is None else self.run.normal

    def _given(self, pair: Iterable[Array]) -> LabelledImages:
        """Images and labels, checked and on the device."""
        images, labels = pair
        return LabelledImages(images, labels, self.device)

    def _batches(self, data: LabelledImages) -> int:
        """Batches an epoch; the last may be smaller."""
        return math.ceil(len(data) / self.recipe.batch_size)

    def _say(self, line: str) -> None:
        """One line on stderr, where output is wanted."""
        if self.progress:
            print(line, file=sys.stderr, flush=True)
