"""Initialisers: random weights of a size that neither swells nor shrinks what passes through.

Each number that leaves a layer is a sum over `fan_in` inputs, so its variance is fan_in times that
of a weight (times that of an input). Xavier keeps the variance in both directions, forward and
backward, as well as one number can; He makes up for ReLU, which drops half of it.
Each takes a shape, as `fans` does, and a numpy.random.Generator, and returns weights with mean 0.
Each raises ValueError for a shape that is no layer's: biases start at 0.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


def he_normal(
    shape: tuple[int, ...], rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Array:
    """Normal weights of variance 2 / fan_in, for layers before a ReLU.

    Source: He, Zhang, Ren and Sun, 2015.
    """
    return _normal(shape, rng, dtype, 2 / fans(shape)[0])


def he_uniform(
    shape: tuple[int, ...], rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Array:
    """Uniform weights of variance 2 / fan_in. Source: He, Zhang, Ren and Sun, 2015."""
    return _uniform(shape, rng, dtype, 2 / fans(shape)[0])


def xavier_normal(
    shape: tuple[int, ...], rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Array:
    """Normal weights of variance 2 / (fan_in + fan_out), for layers before a tanh or a sigmoid.

    Source: Glorot and Bengio, 2010.
    """
    return _normal(shape, rng, dtype, 2 / sum(fans(shape)))


def xavier_uniform(
    shape: tuple[int, ...], rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Array:
    """Uniform weights of variance 2 / (fan_in + fan_out). Source: Glorot and Bengio, 2010."""
    return _uniform(shape, rng, dtype, 2 / sum(fans(shape)))


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many inputs an output is made from, and how many outputs an input goes to.

    shape: (D, M) for an affine layer, (F, C, K) or (F, C, KH, KW) for a bank of filters, where both
    count the places of a filter. Raises ValueError for other shapes and for empty ones.
    """
    if len(shape) not in (2, 3, 4) or 0 in shape:
        raise ValueError(
            f"shape: expected (D, M), (F, C, K) or (F, C, KH, KW) without a 0; received {shape}; "
            f"try np.zeros for biases"
        )
    if len(shape) == 2:
        return shape
    places = math.prod(shape[2:])
    return shape[1] * places, shape[0] * places


def _normal(
    shape: tuple[int, ...], rng: np.random.Generator, dtype: DTypeLike, variance: float
) -> Array:
    return (math.sqrt(variance) * rng.standard_normal(shape)).astype(dtype)


def _uniform(
    shape: tuple[int, ...], rng: np.random.Generator, dtype: DTypeLike, variance: float
) -> Array:
    """Uniform numbers between -a and a have variance a^2 / 3."""
    bound = math.sqrt(3 * variance)
    return rng.uniform(-bound, bound, shape).astype(dtype)
