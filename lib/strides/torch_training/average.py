"""A moving average of a net's weights, which often predicts better than the weights of any step."""

import copy

import torch
from torch import nn


class MovingAverage:
    """A copy of a net that follows it: average = decay * average + (1 - decay) * weights.

    Running statistics are averaged in the same way, counters are copied. In the first steps the
    decay is (1 + step) / (10 + step) at most, so that the start is soon forgotten.
    Raises ValueError for a decay outside 0 to 1. Source: Polyak and Juditsky, 1992, for the idea.
    """

    def __init__(self, net: nn.Module, decay: float) -> None:
        if not 0 <= decay < 1:
            raise ValueError(
                f"decay: expected 0 or more and less than 1; received {decay}; try 0.99"
            )
        self.decay, self.steps = decay, 0
        self.net = copy.deepcopy(net).requires_grad_(False).eval()

    @torch.no_grad()
    def update(self, net: nn.Module) -> None:
        """Move the average towards the net as it is now."""
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        self.steps += 1
        current = net.state_dict()
        for name, average in self.net.state_dict().items():
            if average.is_floating_point():
                average.lerp_(current[name], 1 - decay)
            else:
                average.copy_(current[name])

    def state_dict(self) -> dict[str, object]:
        """What a checkpoint holds of it."""
        return {"steps": self.steps, "net": self.net.state_dict()}

    def load_state_dict(self, state: dict) -> None:
        """Go on from what state_dict gave."""
        self.steps = state["steps"]
        self.net.load_state_dict(state["net"])
