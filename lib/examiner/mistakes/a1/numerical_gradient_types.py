"""Mistakes of types, steps and indices for a1.numerical_gradient(f, x, h) -> gradient."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .numerical_gradient import BANK, Array, central, differences

__all__ = ["BANK"]


def _assigned(f: Callable, point: Array, h: float) -> Array:
    """Central differences that set each entry of `point` in its own dtype, and set it back."""
    gradient = np.zeros(point.shape)
    for index in np.ndindex(*point.shape):
        middle = point[index]
        point[index] = middle + h
        plus = f(point)
        point[index] = middle - h
        gradient[index] = (plus - f(point)) / (2 * h)
        point[index] = middle
    return gradient


def _added(f: Callable, point: Array, h: float) -> Array:
    """The same with += and -=, which in whole numbers does not lead back."""
    gradient = np.zeros(point.shape)
    for index in np.ndindex(*point.shape):
        point[index] += h
        plus = f(point)
        point[index] -= 2 * h
        gradient[index] = (plus - f(point)) / (2 * h)
        point[index] += h
    return gradient


@BANK.mistake(
    "You move the entries in x's own dtype: integers cut x[i] + 1e-5 off, and float32 rounds it "
    "away. Work on x.astype(float), which is a copy."
)
def type_of_x(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return _assigned(f, x.copy(), h)


@BANK.mistake(
    "Your copy has x's own dtype: integers cut += 1e-5 off and drift, float32 rounds it away. "
    "Work on x.astype(float), which is a copy."
)
def type_of_x_drifts(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return _added(f, x.copy(), h)


@BANK.mistake(
    "You move the entries of x itself: += 1e-5 changes an array of integers for good, and drowns "
    "in float32. Work on x.astype(float), which is a copy."
)
def moves_x_itself(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return _added(f, x, h)


@BANK.mistake("Your copy is of float32, where h = 1e-5 drowns in rounding: use x.astype(float).")
def float32_copy(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return _assigned(f, x.astype(np.float32), h)


@BANK.mistake(
    "x is changed by your call: after x[i] -= 2 * h the entry is h too low, so add h once to "
    "restore it. Or work on a copy, x.astype(float)."
)
def restored_too_far(f: Callable, x: Array, h: float = 1e-5) -> Array:
    point = np.asarray(x, float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        point[index] += h
        plus = f(point)
        point[index] -= 2 * h
        gradient[index] = (plus - f(point)) / (2 * h)
        point[index] += 2 * h
    return gradient


@BANK.mistake(
    "Your numerical gradient is half the true one: divide by the distance of the two points. "
    "Moved by h both ways, that is 2h."
)
def half_steps(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: (g(h / 2) - g(-h / 2)) / (2 * h))


@BANK.mistake("Your steps are h * |x[i]|, but you divide by 2h: move each entry by h.")
def steps_scaled_by_x(f: Callable, x: Array, h: float = 1e-5) -> Array:
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        step, plus, minus = h * abs(x[index]), x.astype(float), x.astype(float)
        plus[index] += step
        minus[index] -= step
        gradient[index] = (f(plus) - f(minus)) / (2 * h)
    return gradient


@BANK.mistake(
    "x[i] with one number is a whole row where x has more axes, and ends after x.shape[0]: "
    "index with np.ndindex(*x.shape)."
)
def flat_index(f: Callable, x: Array, h: float = 1e-5) -> Array:
    point = x.astype(float)
    gradient = np.zeros(x.shape)
    for i in range(x.size):
        middle = point[i]
        point[i] = middle + h
        plus = f(point)
        point[i] = middle - h
        gradient[i] = (plus - f(point)) / (2 * h)
        point[i] = middle
    return gradient


@BANK.mistake("Two loops serve a matrix alone: np.ndindex(*x.shape) walks through any shape.")
def two_loops(f: Callable, x: Array, h: float = 1e-5) -> Array:
    gradient = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            plus, minus = x.astype(float), x.astype(float)
            plus[i, j] += h
            minus[i, j] -= h
            gradient[i, j] = (f(plus) - f(minus)) / (2 * h)
    return gradient


@BANK.odd_but_right
def extended_precision(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: central(g, h), np.longdouble)


@BANK.odd_but_right
def richardson(f: Callable, x: Array, h: float = 1e-3) -> Array:
    return differences(f, x, lambda g: (4 * central(g, h) - central(g, 2 * h)) / 3)


@BANK.odd_but_right
def divides_by_the_true_step(f: Callable, x: Array, h: float = 1e-5) -> Array:
    gradient = np.empty(x.shape)
    for index, value in np.ndenumerate(x.astype(float)):
        plus, minus = np.array(x, float), np.array(x, float, order="F")
        plus[index], minus[index] = value + h, value - h
        gradient[index] = (f(plus) - f(minus)) / (plus[index] - minus[index])
    return gradient
