"""The right answers of q2's numeric questions, counted one by one and not by the formulas.

The arguments of each function are the numbers of its question, in the order of the pool.
"""

from __future__ import annotations

from math import prod

import numpy as np

from examiner.exams.numeric import numeric

POINTS = 2.0
SIZE = "Lecture 07, 7. How large is the output?"
SEES = "Lecture 07, 8. How far does a number see?"
POOLING = "Lecture 07, 10. Pooling: forget the exact place"


def starts(n: int, window: int, stride: int, pad: int) -> int:
    """In how many places a whole window stands."""
    return sum(s + window <= n + 2 * pad for s in range(0, n + 2 * pad, stride))


def places(n: int, window: int, stride: int, pad: int) -> int:
    return starts(n, window, stride, pad)


def outputs(C: int, H: int, W: int, F: int, KH: int, KW: int) -> int:
    """The numbers in an array of the output's shape."""
    return np.zeros((F, starts(H, KH, 1, 0), starts(W, KW, 1, 0)), bool).size


def parameters(C: int, H: int, W: int, F: int, K: int) -> int:
    """The numbers in arrays for the weights and the biases."""
    return np.zeros((F, C, K, K), bool).size + np.zeros(F, bool).size


def padding(F: int, D: int) -> int:
    """The least padding at which a side of 100 stays 100 under the spread filter."""
    reach = len(range(0, F * D, D)[:-1]) * D + 1
    return next(p for p in range(1000) if starts(100, reach, 1, p) == 100)


def field(F1: int, S1: int, F2: int, S2: int, F3: int) -> int:
    """Go back from one output, layer by layer: the first and the last input that it sees."""
    first = last = 0
    for window, stride in ((F3, 1), (F2, S2), (F1, S1)):
        first, last = first * stride, last * stride + window - 1
    return last - first + 1


def net(C: int, H: int, W: int, F: int, K: int, classes: int) -> int:
    """Parameters of a convolution that keeps the size, a pool that halves it, an affine layer."""
    pooled = (F, starts(H, 2, 2, 0), starts(W, 2, 2, 0))
    return parameters(C, H, W, F, K) + (prod(pooled) + 1) * classes


EXAMS = (
    numeric("q2.q2_1", places, POINTS, SIZE),
    numeric("q2.q2_2", outputs, POINTS, SIZE),
    numeric("q2.q2_3", parameters, POINTS, SIZE),
    numeric("q2.q2_4", padding, POINTS, SIZE),
    numeric("q2.q2_5", field, POINTS, SEES),
    numeric("q2.q2_6", net, POINTS, POOLING),
)
