"""What decides the numbers of a training run, and the tables of optimizers and schedules."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import torch
from torch import nn

from strides.torch_training.augment import Augment
from strides.torch_training.devices import PRECISIONS

Groups = list[dict]


def _sgd(groups: Groups, recipe: "Recipe") -> torch.optim.Optimizer:
    return torch.optim.SGD(groups, lr=recipe.learning_rate, momentum=recipe.momentum)


def _nesterov(groups: Groups, recipe: "Recipe") -> torch.optim.Optimizer:
    rate, momentum = recipe.learning_rate, recipe.momentum
    return torch.optim.SGD(groups, lr=rate, momentum=momentum, nesterov=True)


def _adam(groups: Groups, recipe: "Recipe") -> torch.optim.Optimizer:
    return torch.optim.Adam(groups, lr=recipe.learning_rate)


def _adamw(groups: Groups, recipe: "Recipe") -> torch.optim.Optimizer:
    return torch.optim.AdamW(groups, lr=recipe.learning_rate)


OPTIMIZERS: dict[str, Callable[[Groups, "Recipe"], torch.optim.Optimizer]] = {
    "sgd": _sgd,
    "nesterov": _nesterov,
    "adam": _adam,
    "adamw": _adamw,
}

# The learning rate as a share of the highest, by the share of the way after warm-up, 0 to 1.
SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": lambda way: 1.0,
    "step": lambda way: 1.0 if way < 0.5 else 0.1 if way < 0.75 else 0.01,
    "linear": lambda way: 1.0 - way,
    "cosine": lambda way: 0.5 * (1.0 + math.cos(math.pi * way)),
}


@dataclass(frozen=True)
class Recipe:
    """How to train: what must be the same for two runs to give the same net.

    epochs, batch_size (images a step), learning_rate (the highest), optimizer ("sgd", "nesterov",
    "adam", "adamw"), momentum (of the first two), weight_decay (of weights, not of biases and
    batch norm), schedule ("constant", "step", "linear", "cosine"), warm_up (share of all steps, 0
    to 1, in which the rate climbs from 0), label_smoothing (share of the target given to all
    classes), clip (largest norm of the gradient), average (decay of a moving average of the
    weights), augment, precision ("auto", "float32", "bf16", "fp16"), seed.
    A "linear" schedule with a warm-up is what is called one-cycle. Raises ValueError for names that
    are not listed here and numbers out of range.
    """

    epochs: int = 10
    batch_size: int = 128
    learning_rate: float = 0.05
    optimizer: str = "nesterov"
    momentum: float = 0.9
    weight_decay: float = 5e-4
    schedule: str = "linear"
    warm_up: float = 0.2
    label_smoothing: float = 0.0
    clip: float | None = None
    average: float | None = None
    augment: Augment = field(default_factory=Augment)
    precision: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        _expect("epochs", self.epochs, self.epochs >= 1, "1 or more")
        _expect("batch_size", self.batch_size, self.batch_size >= 1, "1 image or more")
        _expect("learning_rate", self.learning_rate, self.learning_rate > 0, "a positive number")
        _expect("momentum", self.momentum, 0 <= self.momentum < 1, "0 or more and less than 1")
        _expect("weight_decay", self.weight_decay, self.weight_decay >= 0, "0 or more")
        _expect("warm_up", self.warm_up, 0 <= self.warm_up <= 1, "0 to 1")
        smoothing = self.label_smoothing
        _expect("label_smoothing", smoothing, 0 <= smoothing < 1, "0 or more and less than 1")
        _expect("clip", self.clip, self.clip is None or self.clip > 0, "a positive number or None")
        fits = self.average is None or 0 <= self.average < 1
        _expect("average", self.average, fits, "0 or more and less than 1, or None")
        _expect_name("optimizer", self.optimizer, OPTIMIZERS)
        _expect_name("schedule", self.schedule, SCHEDULES)
        _expect_name("precision", self.precision, ["auto", *PRECISIONS])
        _expect("seed", self.seed, isinstance(self.seed, int), "a whole number")

    def make_optimizer(self, net: nn.Module) -> torch.optim.Optimizer:
        """The optimizer for the parameters that require a gradient; vectors do not decay."""
        learnt = [parameter for parameter in net.parameters() if parameter.requires_grad]
        if not learnt:
            raise ValueError(
                "net: expected a parameter that requires a gradient; received none; "
                "try requires_grad_(True) on the last layer"
            )
        matrices = [parameter for parameter in learnt if parameter.ndim > 1]
        vectors = [parameter for parameter in learnt if parameter.ndim <= 1]
        groups = [
            {"params": matrices, "weight_decay": self.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ]
        return OPTIMIZERS[self.optimizer]([group for group in groups if group["params"]], self)

    def make_schedule(
        self, optimizer: torch.optim.Optimizer, steps: int
    ) -> torch.optim.lr_scheduler.LRScheduler:
        """The schedule, to be stepped after each of `steps` batches."""
        return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: self.share(step, steps))

    def share(self, step: int, steps: int) -> float:
        """The learning rate of a step (0, 1, ...) out of `steps`, as a share of the highest."""
        climb = self.warm_up * steps
        if step < climb:
            return (step + 1) / (climb + 1)
        return SCHEDULES[self.schedule](min(1.0, (step - climb) / max(1.0, steps - climb)))


def _expect(name: str, value: object, fits: bool, wanted: str) -> None:
    """Raise ValueError unless the value fits."""
    if not fits:
        raise ValueError(
            f"{name}: expected {wanted}; received {value}; try leaving it out for the default"
        )


def _expect_name(name: str, value: str, choices: Collection[str]) -> None:
    """Raise ValueError unless the value is one of the choices."""
    _expect(name, repr(value), value in choices, f"one of {', '.join(choices)}")
