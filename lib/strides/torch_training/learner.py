"""One training step, and all that changes in it: net, optimizer, schedule, scaler, average."""

import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import nn

from strides.torch_training.average import MovingAverage
from strides.torch_training.checkpoints import CheckpointMismatch
from strides.torch_training.devices import PRECISIONS, CompileWarning, choose_precision, compiled
from strides.torch_training.images import Batch
from strides.torch_training.objective import LossOfEach, Objective, Outputs, correct
from strides.torch_training.recipe import Recipe

Optimizer = torch.optim.Optimizer
Schedule = torch.optim.lr_scheduler.LRScheduler
MakeOptimizer = Callable[[nn.Module], Optimizer]
MakeSchedule = Callable[[Optimizer, int], Schedule]


class Learner:
    """A net on its device with everything that a step of training reads and changes."""

    def __init__(
        self,
        net: nn.Module,
        recipe: Recipe,
        device: torch.device,
        channels_last: bool | None,
        loss: LossOfEach | None,
        make_optimizer: MakeOptimizer | None,
        make_schedule: MakeSchedule | None,
    ) -> None:
        self.recipe, self.device = recipe, device
        self.precision = choose_precision(recipe.precision, device)
        if channels_last is None:
            channels_last = device.type == "cuda" and self.precision != "float32"
        self.layout = torch.channels_last if channels_last else torch.contiguous_format
        self.net = net.to(device)
        for parameter in net.parameters():
            if parameter.ndim == 4:
                parameter.data = parameter.data.contiguous(memory_format=self.layout)
        self.frozen = [module for module in net.modules() if net.training and not module.training]
        self.objective = Objective(loss, recipe.label_smoothing)
        self.optimizer = (make_optimizer or recipe.make_optimizer)(self.net)
        self.make_schedule = make_schedule or recipe.make_schedule
        self.schedule: Schedule | None = None
        self.scaler = torch.amp.GradScaler(device.type, enabled=self.precision == "fp16")
        self.average = None if recipe.average is None else MovingAverage(self.net, recipe.average)
        self._running: nn.Module = self.net

    @property
    def learning_rate(self) -> float:
        """That of the next step, of the first group of parameters."""
        return float(self.optimizer.param_groups[0]["lr"])

    @property
    def best(self) -> nn.Module:
        """The net to predict with: the moving average where there is one."""
        return self.net if self.average is None else self.average.net

    def plan(self, steps: int) -> None:
        """Lay out the learning rates of so many steps."""
        self.schedule = self.make_schedule(self.optimizer, steps)

    def train(self) -> None:
        """Everything in training mode, except modules that were in evaluation mode when given."""
        self.net.train()
        for module in self.frozen:
            module.training = False

    def compile(self, images: torch.Tensor, backend: str) -> None:
        """Run compiled from here on, or warn with the reason why that does not work."""
        self.train()
        with self.autocast():
            self._running, reason = compiled(self.net, self._laid_out(images), backend)
        if reason is not None:
            warnings.warn(
                f"compile: expected torch.compile to work here; received {reason}; training goes "
                f"on without it, try compile=False to be spared this line",
                CompileWarning,
                stacklevel=4,
            )

    def step(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Change the net by one batch; its mean loss and how many were right, left on the device.

        With fp16, a step whose gradient overflows changes nothing but the scale.
        """
        assert self.schedule is not None
        self.optimizer.zero_grad(set_to_none=True)
        with self.autocast():
            outputs: Outputs = self._running(self._laid_out(batch.images))
        loss = self.objective(outputs, batch)
        self.scaler.scale(loss).backward()
        if self.recipe.clip is not None:
            self.scaler.unscale_(self.optimizer)
            nn.utils.clip_grad_norm_(self.net.parameters(), self.recipe.clip)
        scale = self.scaler.get_scale()
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if self.scaler.get_scale() >= scale:  # it shrinks where a step was left out
            self.schedule.step()
            if self.average is not None:
                self.average.update(self.net)
        scores = outputs[0] if isinstance(outputs, tuple) else outputs
        return loss.detach(), correct(scores.detach(), batch.labels)

    @torch.inference_mode()
    def scores(self, images: torch.Tensor) -> torch.Tensor:
        """Scores in float32 for prepared images, in evaluation mode; the net's mode is kept."""
        training = self.net.training
        with self.autocast():
            scores = self.best.eval()(self._laid_out(images)).float()
        if training:
            self.train()
        return scores

    def autocast(self) -> AbstractContextManager:
        """Inside, convolutions and matrix products compute in the chosen precision."""
        dtype = PRECISIONS[self.precision]
        return torch.autocast(self.device.type, dtype, enabled=self.precision != "float32")

    def _laid_out(self, images: torch.Tensor) -> torch.Tensor:
        return images.contiguous(memory_format=self.layout)

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint holds of all this."""
        assert self.schedule is not None
        return {
            "net": self.net.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "scaler": self.scaler.state_dict(),
            "average": None if self.average is None else self.average.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what state_dict gave; raises CheckpointMismatch when the net is another."""
        assert self.schedule is not None
        ours, theirs = _shapes(self.net.state_dict()), _shapes(state["net"])
        for name in [*ours, *theirs]:
            if ours.get(name) != theirs.get(name):
                raise CheckpointMismatch(
                    f"net: expected {name} with shape {theirs.get(name)}, as in the checkpoint; "
                    f"received {ours.get(name)}; try another folder for this net"
                )
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.scaler.load_state_dict(state["scaler"])
        if self.average is not None:
            self.average.load_state_dict(state["average"])


def _shapes(state: dict[str, torch.Tensor]) -> dict[str, tuple[int, ...]]:
    """The shape of each array, by name."""
    return {name: tuple(array.shape) for name, array in state.items()}
