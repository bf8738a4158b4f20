"""Normalisation: give numbers mean 0 and variance 1, then let the net choose another scale.

What differs is the set of numbers that share one mean and one variance. For x (N, C, H, W):

    batch_norm     one channel, over all examples and places     C sets of N * H * W
    layer_norm     one example                                   N sets of C * H * W
    instance_norm  one channel of one example                    N * C sets of H * W
    group_norm     some channels of one example                  N * groups sets

Each returns `out, backward`, and `dx, dgamma, dbeta = backward(dout)`. With xhat for the numbers
of mean 0 and variance 1, out = gamma * xhat + beta. Since a set's own mean and variance move with
each of its numbers, the gradient of xhat loses its mean and its part along xhat on the way to x:

    dx = (dxhat - mean(dxhat) - xhat * mean(dxhat * xhat)) / sqrt(var + eps)

x sets the dtype: float32 gives float32, float64 gives float64, integers count as float64, and
parameters follow. No array is ever changed. NaN, inf and shapes that do not fit raise: see
`strides.expect`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from strides import expect

Array = NDArray[Any]
Result = tuple[Array, Callable[[ArrayLike], tuple[Array, Array, Array]]]  # out, backward


@dataclass
class RunningStatistics:
    """Mean and variance of each channel, (C,), averaged over the batches that training has seen.

    They stand in for those of a batch in eval mode. The arrays are replaced, never written to.
    """

    mean: Array
    var: Array

    @classmethod
    def start(cls, channels: int, dtype: DTypeLike = np.float32) -> "RunningStatistics":
        """Mean 0 and variance 1, before any batch was seen."""
        return cls(np.zeros(channels, dtype), np.ones(channels, dtype))

    def update(self, mean: Array, var: Array, count: int, momentum: float) -> None:
        """Move towards the mean and variance of a batch with `count` numbers in each channel.

        momentum is the weight of the new batch. var is a sum of squares divided by count; divided
        by count - 1 it estimates the variance of all the data, and that is what is kept.
        """
        self.mean = self.mean + momentum * (mean - self.mean)
        self.var = self.var + momentum * (count / (count - 1) * var - self.var)


def batch_norm(
    x: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    running: RunningStatistics,
    train: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Result:
    """Normalise each channel over the batch, then scale it by gamma and shift it by beta.

    x (N, C), (N, C, L) or (N, C, H, W); gamma, beta (C,). In train mode mean and variance are
    those of the batch, and `running` takes them in with weight `momentum`: it moves on, as an rng
    does. In eval mode they are those of `running`, which stays as it is, and the batch may be
    empty. With gamma = sqrt(var + eps) and beta = mean, out is x. Raises ValueError for a single
    number in each channel (train mode), momentum outside 0 to 1, negative eps; TypeError for a
    `running` that is no RunningStatistics. Source: Ioffe and Szegedy, 2015.
    """
    x = expect.batch("x", x, "(N, C)", "(N, C, L)", "(N, C, H, W)")
    gamma, beta = _per_channel("gamma", gamma, x), _per_channel("beta", beta, x)
    momentum, eps = _from_0_to_1("momentum", momentum), expect.zero_or_more("eps", eps)
    known_mean, known_var = _known(running, x)
    planes = x.reshape(*x.shape[:2], prod(x.shape[2:]))  # (N, C, H * W)
    count = x.size // x.shape[1]
    if train:
        _require_two("channel", count, x)
        mean = np.einsum("ncl->c", planes) / count
        out = planes - _spread(mean, planes)
        var = np.einsum("ncl,ncl->c", out, out) / count
    else:
        mean, var = known_mean, known_var
        out = planes - _spread(mean, planes)
    inv_std = _inverse_std(var, eps)
    scale = gamma * inv_std
    out *= _spread(scale, planes)  # in place, which saves memory and time
    out += _spread(beta, planes)
    if train:
        running.update(mean, var, count, momentum)

    def backward(dout: ArrayLike) -> tuple[Array, Array, Array]:
        dout = expect.upstream(dout, x.shape, x.dtype).reshape(planes.shape)
        dx = planes - _spread(mean, planes)
        dgamma = np.einsum("ncl,ncl->c", dout, dx) * inv_std  # sum of dout * xhat
        dbeta = np.einsum("ncl->c", dout)
        if train:
            dx *= _spread(-dgamma * inv_std / count, planes)  # -xhat * mean(dout * xhat)
            dx += dout
            dx -= _spread(dbeta / count, planes)
            dx *= _spread(scale, planes)
        else:
            np.multiply(dout, _spread(scale, planes), out=dx)  # mean and var stand still
        return dx.reshape(x.shape), dgamma, dbeta

    return out.reshape(x.shape), backward


def layer_norm(x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, eps: float = 1e-5) -> Result:
    """Normalise each example over all that belongs to it; batches and eval mode make no difference.

    x (N, D), (N, C, L) or (N, C, H, W); gamma, beta in the shape of one example, (D,) or (C, H, W).
    Raises ValueError for a single number in each example, negative eps.
    Source: Ba, Kiros and Hinton, 2016.
    """
    x = expect.batch("x", x, "(N, D)", "(N, C, L)", "(N, C, H, W)")
    gamma = expect.parameter("gamma", gamma, x.shape[1:], "the shape of one example of x", x)
    beta = expect.parameter("beta", beta, x.shape[1:], "the shape of one example of x", x)
    return _normalise_examples(x, 1, gamma, beta, shared=(0,), eps=eps)


def instance_norm(x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, eps: float = 1e-5) -> Result:
    """Normalise each channel of each example over its places.

    x (N, C, L) or (N, C, H, W); gamma, beta (C,). Raises ValueError for a single place, negative
    eps. Source: Ulyanov, Vedaldi and Lempitsky, 2016.
    """
    x = expect.batch("x", x, "(N, C, L)", "(N, C, H, W)")
    return group_norm(x, gamma, beta, groups=x.shape[1], eps=eps)


def group_norm(
    x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, groups: int, eps: float = 1e-5
) -> Result:
    """Normalise neighbouring channels of each example together, C / groups of them at a time.

    x (N, C), (N, C, L) or (N, C, H, W); gamma, beta (C,). One group is a layer norm with one gamma
    a channel, C groups are an instance norm. Raises ValueError where groups does not divide C, for
    a single number in each group, negative eps. Source: Wu and He, 2018.
    """
    x = expect.batch("x", x, "(N, C)", "(N, C, L)", "(N, C, H, W)")
    gamma, beta = _per_channel("gamma", gamma, x), _per_channel("beta", beta, x)
    groups = expect.count("groups", groups)
    if x.shape[1] % groups:
        raise ValueError(
            f"groups: expected a divisor of the {x.shape[1]} channels of x {x.shape}; "
            f"received {groups}; try 1"
        )
    places = tuple(range(2, x.ndim))
    gamma, beta = np.expand_dims(gamma, (0, *places)), np.expand_dims(beta, (0, *places))
    return _normalise_examples(x, groups, gamma, beta, shared=(0, *places), eps=eps)


def _normalise_examples(
    x: Array, groups: int, gamma: Array, beta: Array, shared: tuple[int, ...], eps: float
) -> Result:
    """Normalise each example of x in `groups` equal parts; entries of gamma serve `shared` axes."""
    eps = expect.zero_or_more("eps", eps)
    size = prod(x.shape[1:]) // groups
    _require_two("group" if groups > 1 else "example", size, x)
    sets = x.reshape(len(x) * groups, size)
    centred = sets - sets.mean(axis=1, keepdims=True)
    inv_std = _inverse_std(np.mean(centred * centred, axis=1, keepdims=True), eps)
    xhat = (centred * inv_std).reshape(x.shape)

    def backward(dout: ArrayLike) -> tuple[Array, Array, Array]:
        dout = expect.upstream(dout, x.shape, x.dtype)
        dgamma, dbeta = np.sum(dout * xhat, axis=shared), np.sum(dout, axis=shared)
        dxhat, xhats = (dout * gamma).reshape(sets.shape), xhat.reshape(sets.shape)
        along = np.mean(dxhat * xhats, axis=1, keepdims=True)
        dx = inv_std * (dxhat - dxhat.mean(axis=1, keepdims=True) - xhats * along)
        return dx.reshape(x.shape), dgamma, dbeta

    return gamma * xhat + beta, backward


def _spread(values: Array, planes: Array) -> Array:
    """values (C,) as (C, H * W), each repeated: NumPy adds that to images in one long loop.

    With (C, 1) it would start a new loop for each channel of each image, which takes longer.
    """
    return np.repeat(values, planes.shape[2]).reshape(planes.shape[1:])


def _inverse_std(var: Array, eps: float) -> Array:
    """1 / sqrt(var + eps), where that is a number."""
    advice = "eps=1e-5, since a constant input has variance 0"
    expect.reject("var + eps", var + eps, var + eps <= 0, "numbers above 0", advice)
    return 1 / np.sqrt(var + eps)


def _per_channel(name: str, values: ArrayLike, x: Array) -> Array:
    """gamma or beta, checked to hold one number for each channel of x."""
    return expect.parameter(name, values, x.shape[1:2], "one number for each channel of x", x)


def _from_0_to_1(name: str, value: float) -> float:
    """The value as a Python float from 0 to 1."""
    if not 0 <= float(value) <= 1:
        raise ValueError(f"{name}: expected a number from 0 to 1; received {value}; try 0.1")
    return float(value)


def _require_two(kind: str, count: int, x: Array) -> None:
    """Raise a ValueError where a mean would be over a single number, or over none."""
    if count < 2:
        advice = "a larger batch, or train=False" if kind == "channel" else "larger examples"
        raise ValueError(
            f"x: expected two or more numbers in each {kind}, to take their variance; "
            f"received {count}, x is {x.shape}; try {advice}"
        )


def _known(running: RunningStatistics, x: Array) -> tuple[Array, Array]:
    """Mean and variance kept in `running`, checked to fit the channels of x, in its dtype."""
    if not isinstance(running, RunningStatistics):
        raise TypeError(
            f"running: expected RunningStatistics; received {type(running).__name__}; "
            f"try RunningStatistics.start({x.shape[1]})"
        )
    mean = _per_channel("running.mean", running.mean, x)
    return mean, _per_channel("running.var", running.var, x)
