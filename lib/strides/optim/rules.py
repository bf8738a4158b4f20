"""The update rules, from gradient descent to AdamW.

In the formulas w is a parameter, g its gradient, and eta the learning rate. Each rule raises
ValueError for a learning rate or an eps that is negative, when it is made.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strides import expect
from strides.optim.base import Optimizer

Array = NDArray[Any]


class SGD(Optimizer):
    """Gradient descent, w <- w - eta g, stochastic where g comes from a batch.

    Source: Robbins and Monro, 1951.
    """

    def move(self, w: Array, g: Array) -> None:
        w -= self.learning_rate * g


class Momentum(Optimizer):
    """Gradient descent with a velocity v that builds up where gradients agree.

    velocity form: v <- decay v + g. running-average form (average=True):
    v <- decay v + (1 - decay) g. Then w <- w - eta v. Where gradients agree the first moves
    1 / (1 - decay) times as far as the second. Raises ValueError for a decay outside [0, 1).
    Source: Polyak, 1964.
    """

    remembers = ("velocity",)

    def __init__(self, learning_rate: float, decay: float = 0.9, average: bool = False) -> None:
        super().__init__(learning_rate)
        self.decay = _below_one("decay", decay)
        self.share = 1 - self.decay if average else 1.0

    def move(self, w: Array, g: Array, v: Array) -> None:
        v *= self.decay
        v += self.share * g
        w -= self.learning_rate * v


class Nesterov(Optimizer):
    """Momentum that looks ahead: v <- decay v + g, then w <- w - eta (g + decay v).

    w is the point looked ahead to, where g was taken. Raises ValueError for a decay outside [0, 1).
    Source: Nesterov, 1983, in the form of Sutskever et al., 2013.
    """

    remembers = ("velocity",)

    def __init__(self, learning_rate: float, decay: float = 0.9) -> None:
        super().__init__(learning_rate)
        self.decay = _below_one("decay", decay)

    def move(self, w: Array, g: Array, v: Array) -> None:
        v *= self.decay
        v += g
        w -= self.learning_rate * (g + self.decay * v)


class Adagrad(Optimizer):
    """Smaller steps where gradients were large: s <- s + g^2, w <- w - eta g / (sqrt(s) + eps).

    s only grows, so the steps shrink for ever. Source: Duchi, Hazan and Singer, 2011.
    """

    remembers = ("squares",)

    def __init__(self, learning_rate: float = 0.01, eps: float = 1e-10) -> None:
        super().__init__(learning_rate)
        self.eps = expect.zero_or_more("eps", eps)

    def move(self, w: Array, g: Array, s: Array) -> None:
        s += g * g
        w -= self.learning_rate * g / (np.sqrt(s) + self.eps)


class RMSProp(Optimizer):
    """Adagrad that forgets: s <- decay s + (1 - decay) g^2, w <- w - eta g / (sqrt(s) + eps).

    Raises ValueError for a decay outside [0, 1). Source: Tieleman and Hinton, 2012.
    """

    remembers = ("squares",)

    def __init__(self, learning_rate: float = 0.01, decay: float = 0.99, eps: float = 1e-8) -> None:
        super().__init__(learning_rate)
        self.decay = _below_one("decay", decay)
        self.eps = expect.zero_or_more("eps", eps)

    def move(self, w: Array, g: Array, s: Array) -> None:
        s += (1 - self.decay) * (g * g - s)
        w -= self.learning_rate * g / (np.sqrt(s) + self.eps)


class Adadelta(Optimizer):
    """RMSProp with a step in the units of w: the typical move over the typical gradient.

    s <- decay s + (1 - decay) g^2, d = sqrt(u + eps) / sqrt(s + eps) g, w <- w - eta d,
    u <- decay u + (1 - decay) d^2. eps starts it off, for u is 0 at first.
    Raises ValueError for a decay outside [0, 1). Source: Zeiler, 2012.
    """

    remembers = ("squares", "updates")

    def __init__(self, learning_rate: float = 1.0, decay: float = 0.9, eps: float = 1e-6) -> None:
        super().__init__(learning_rate)
        self.decay = _below_one("decay", decay)
        self.eps = expect.zero_or_more("eps", eps)

    def move(self, w: Array, g: Array, s: Array, u: Array) -> None:
        s += (1 - self.decay) * (g * g - s)
        d = np.sqrt(u + self.eps) / np.sqrt(s + self.eps) * g
        w -= self.learning_rate * d
        u += (1 - self.decay) * (d * d - u)


class Adam(Optimizer):
    """A mean of past gradients, over the root of a mean of their squares.

    A gradient weighs beta1^k and its square beta2^k, k steps later. m <- beta1 m + g and
    s <- beta2 s + g^2 are the weighted sums. After t steps the weights add up to
    M = (1 - beta1^t) / (1 - beta1) and S = (1 - beta2^t) / (1 - beta2), so that m / M and s / S are
    the means, from the first step on: w <- w - eta (m / M) / (sqrt(s / S) + eps). The paper keeps
    (1 - beta1) m and (1 - beta2) s, and divides by what is left: its "bias correction".
    Raises ValueError for a beta outside [0, 1). Source: Kingma and Ba, 2015.
    """

    remembers = ("sum", "sum_of_squares")

    def __init__(
        self,
        learning_rate: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(learning_rate)
        self.beta1, self.beta2 = _below_one("beta1", beta1), _below_one("beta2", beta2)
        self.eps = expect.zero_or_more("eps", eps)

    def move(self, w: Array, g: Array, m: Array, s: Array) -> None:
        m *= self.beta1
        m += g
        s *= self.beta2
        s += g * g
        weights = (1 - self.beta1**self.steps) / (1 - self.beta1)  # M
        root = math.sqrt((1 - self.beta2**self.steps) / (1 - self.beta2))  # sqrt(S)
        size = np.sqrt(s)  # sqrt(S) times the typical size of a gradient
        size += self.eps * root
        change = m / size
        change *= self.learning_rate * root / weights
        w -= change


class AdamW(Adam):
    """Adam that also shrinks every weight, w <- (1 - eta weight_decay) w, before its own step.

    The shrinking stays out of the running averages; an L2 penalty in the loss would enter them.
    Raises ValueError for a negative weight_decay.
    Source: Loshchilov and Hutter, 2019.
    """

    def __init__(
        self,
        learning_rate: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, eps)
        self.weight_decay = expect.zero_or_more("weight_decay", weight_decay)

    def move(self, w: Array, g: Array, m: Array, s: Array) -> None:
        w *= 1 - self.learning_rate * self.weight_decay
        super().move(w, g, m, s)


def _below_one(name: str, value: float) -> float:
    """The value as a Python float, from 0 up to but not 1."""
    if not 0 <= value < 1:
        raise ValueError(f"{name}: expected a number from 0 to below 1; received {value}; try 0.9")
    return float(value)
