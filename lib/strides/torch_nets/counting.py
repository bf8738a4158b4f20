"""What a net costs: parameters, activations and multiply-accumulates, layer by layer."""

from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import nn


@dataclass(frozen=True)
class Layer:
    """One layer for one image: its name and kind, output shape (without N), and what it costs."""

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    macs: int

    @property
    def activations(self) -> int:
        """Numbers in the output."""
        return prod(self.shape)


@dataclass(frozen=True)
class Summary:
    """The layers of a net in the order in which an image passes them; prints as a table."""

    layers: tuple[Layer, ...]

    @property
    def parameters(self) -> int:
        """Parameters of the layers that ran."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def activations(self) -> int:
        """Numbers in all outputs together."""
        return sum(layer.activations for layer in self.layers)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of all convolutions and affine layers."""
        return sum(layer.macs for layer in self.layers)

    def __str__(self) -> str:
        heads = ("layer", "kind", "output", "parameters", "activations", "MACs")
        rows = [
            (
                layer.name,
                layer.kind,
                "x".join(str(size) for size in layer.shape),
                *(f"{count:,}" for count in (layer.parameters, layer.activations, layer.macs)),
            )
            for layer in self.layers
        ]
        totals = (self.parameters, self.activations, self.macs)
        rows.append(("total", "", "", *(f"{count:,}" for count in totals)))
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        return "\n".join(_line(row, widths) for row in [heads, *rows])


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    """One line of the table: words to the left, numbers to the right."""
    words = [text.ljust(width) for text, width in zip(row[:3], widths[:3], strict=True)]
    numbers = [text.rjust(width) for text, width in zip(row[3:], widths[3:], strict=True)]
    return "  ".join([*words, *numbers]).rstrip()


def parameters(net: nn.Module) -> int:
    """How many numbers the net learns; one that is used in two places counts once."""
    return sum(parameter.numel() for parameter in net.parameters())


def macs(net: nn.Module, shape: tuple[int, int, int] = (3, 224, 224)) -> int:
    """Multiply-accumulates for one image (C, H, W); those of convolutions and affine layers count.

    A paper's FLOPs are often these; where a multiplication and an addition count apart, double it.
    """
    return summary(net, shape).macs


def summary(net: nn.Module, shape: tuple[int, int, int] = (3, 224, 224)) -> Summary:
    """Send one blank image (C, H, W) through the net and list the layers that it passed.

    The net runs as in evaluation, so auxiliary heads are not listed, and is left as it was.
    Nothing is computed for a net on the meta device. Raises what the net raises when the image
    does not fit.
    """
    layers: list[Layer] = []
    hooks = [
        module.register_forward_hook(_recorder(name, layers))
        for name, module in net.named_modules()
        if not any(module.children())
    ]
    device = next((parameter.device for parameter in net.parameters()), torch.device("cpu"))
    modes = {module: module.training for module in net.modules()}
    try:
        with torch.no_grad():
            net.eval()(torch.zeros(1, *shape, device=device))
    finally:
        for hook in hooks:
            hook.remove()
        for module, training in modes.items():
            module.training = training
    return Summary(tuple(layers))


def _recorder(name: str, layers: list[Layer]) -> Any:
    """A forward hook that adds its module to the list."""

    def record(module: nn.Module, _: Any, output: torch.Tensor) -> None:
        shape = tuple(output.shape[1:])
        cost = _macs_of(module, output)
        layers.append(Layer(name, type(module).__name__, shape, parameters(module), cost))

    return record


def _macs_of(module: nn.Module, output: torch.Tensor) -> int:
    """Each output of a convolution or affine layer takes one product a weight of its filter."""
    if isinstance(module, nn.Conv2d | nn.Linear):
        return output[0].numel() * module.weight[0].numel()
    return 0
