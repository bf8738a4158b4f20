"""Nets of the course that are ready to train."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from strides.activations import relu
from strides.conv import max_pool2d
from strides.layers import flatten
from strides.nets.joins import Sequential
from strides.nets.module import Layer, Module, Operation
from strides.nets.parts import Conv2d, Linear


def mlp(
    sizes: tuple[int, ...],
    rng: np.random.Generator,
    activation: Operation = relu,
    dtype: DTypeLike = np.float32,
    needs_dx: bool = True,
) -> Sequential:
    """Fully connected net: sizes (784, 100, 10) has 784 inputs, 100 hidden units and 10 scores.

    x may be images, which are flattened. Without needs_dx, backward returns None for their
    gradient, which training does not use. Raises ValueError for fewer than two sizes.
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes: expected inputs, ..., outputs; received {sizes}; try (784, 10)")
    first = Linear(sizes[0], sizes[1], rng, dtype=dtype, **_option(needs_dx))
    parts: list[Module | Operation] = [flatten, first]
    for inputs, outputs in pairwise(sizes[1:]):
        parts += [activation, Linear(inputs, outputs, rng, dtype=dtype)]
    return Sequential(*parts)


def lenet(
    rng: np.random.Generator,
    channels: int = 1,
    classes: int = 10,
    dtype: DTypeLike = np.float32,
    needs_dx: bool = True,
) -> Sequential:
    """LeNet-5's layout for images (N, channels, 28, 28), with ReLU and max pooling.

    Without needs_dx, backward returns None for the images' gradient, which training does not use.
    Source: LeCun, Bottou, Bengio and Haffner, 1998, who padded the images to 32x32.
    """
    return Sequential(
        Conv2d(channels, 6, 5, rng, dtype=dtype, pad=2, **_option(needs_dx)),
        relu,
        Layer(max_pool2d, window=2),
        Conv2d(6, 16, 5, rng, dtype=dtype),
        relu,
        Layer(max_pool2d, window=2),
        flatten,
        Linear(16 * 5 * 5, 120, rng, dtype=dtype),
        relu,
        Linear(120, 84, rng, dtype=dtype),
        relu,
        Linear(84, classes, rng, dtype=dtype),
    )


def convnet(
    rng: np.random.Generator,
    channels: int = 3,
    side: int = 32,
    classes: int = 10,
    dtype: DTypeLike = np.float32,
    needs_dx: bool = True,
) -> Sequential:
    """Two 3x3 convolutions, 32 and 64 filters, each with ReLU and 2x2 pooling, and a linear layer.

    For images (N, channels, side, side). Without needs_dx, backward returns None for the images'
    gradient, which training does not use. Raises ValueError for a side that 4 does not divide.
    """
    if side % 4:
        raise ValueError(
            f"side: expected a multiple of 4; received {side}; try {side // 4 * 4 + 4}"
        )
    return Sequential(
        Conv2d(channels, 32, 3, rng, dtype=dtype, pad=1, **_option(needs_dx)),
        relu,
        Layer(max_pool2d, window=2),
        Conv2d(32, 64, 3, rng, dtype=dtype, pad=1),
        relu,
        Layer(max_pool2d, window=2),
        flatten,
        Linear(64 * (side // 4) ** 2, classes, rng, dtype=dtype),
    )


def _option(needs_dx: bool) -> dict[str, Any]:
    """needs_dx as an option where it is not the default, since an operation may lack it."""
    return {} if needs_dx else {"needs_dx": False}
