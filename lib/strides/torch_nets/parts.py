"""What several nets have in common: convolutions with ReLU, normalisation, starting values."""

import copy
from collections import OrderedDict
from collections.abc import Collection

import torch
from torch import nn


def conv_relu(
    channels: int,
    filters: int,
    window: int,
    *,
    stride: int = 1,
    pad: int = 0,
    groups: int = 1,
    batch_norm: bool = False,
) -> nn.Sequential:
    """A convolution and its ReLU, with batch norm in place of the bias where it is asked for."""
    conv = nn.Conv2d(channels, filters, window, stride, pad, groups=groups, bias=not batch_norm)
    layers: list[tuple[str, nn.Module]] = [("conv", conv)]
    if batch_norm:
        layers.append(("norm", nn.BatchNorm2d(filters)))
    layers.append(("relu", nn.ReLU()))
    return nn.Sequential(OrderedDict(layers))


def response_norm(radius: int = 5) -> nn.LocalResponseNorm:
    """Local response normalisation over `radius` channels: x / (2 + 1e-4 * sum of x^2) ** 0.75.

    torch multiplies alpha with the mean of the squares where the paper has their sum, so alpha
    is `radius` times the published 1e-4. Source: Krizhevsky, Sutskever and Hinton, 2012, 3.3.
    """
    return nn.LocalResponseNorm(radius, alpha=1e-4 * radius, beta=0.75, k=2.0)


def side_after(body: nn.Module, channels: int, side: int) -> int:
    """Height (and width) of what a stack of convolutions makes of a square image.

    Raises ValueError when the image is too small to pass through.
    """
    on_meta = copy.deepcopy(body).to("meta")
    try:
        return int(on_meta(torch.empty(1, channels, side, side, device="meta")).shape[-1])
    except RuntimeError as error:
        raise ValueError(
            f"side: expected images large enough for every layer; received {side}x{side}; "
            f"try 224 ({error})"
        ) from error


def one_of(name: str, value: object, choices: Collection[object]) -> None:
    """Raise ValueError unless the value is one of the choices."""
    if value not in choices:
        listed = [repr(choice) for choice in choices]
        raise ValueError(
            f"{name}: expected one of {', '.join(listed)}; received {value!r}; try {listed[0]}"
        )


def he_start(net: nn.Module) -> nn.Module:
    """Give every convolution and affine layer He's starting values, in place, and return the net.

    Weights are normal with mean 0 and variance 2 / fan-in, biases 0, which keeps the variance of
    activations through ReLUs. Source: He, Zhang, Ren and Sun, 2015.
    """
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return net
