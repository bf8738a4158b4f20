"""Mistakes and odd but right answers for a1.numerical_gradient(f, x, h) -> gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from examiner.bank import Bank

Array = np.ndarray
BANK = Bank("a1.numerical_gradient")


def differences(f: Callable, x: Array, quotient: Callable, dtype: Any = np.float64) -> Array:
    """One quotient for each entry: quotient(g), where g(t) is f with that entry moved by t."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):

        def moved(t: float, index: tuple[int, ...] = index) -> Any:
            point = x.astype(dtype)
            point[index] += t
            return f(point)

        gradient[index] = quotient(moved)
    return gradient


def central(g: Callable, h: float = 1e-5) -> Any:
    return (g(h) - g(-h)) / (2 * h)


@BANK.mistake(
    "Your differences are one-sided, (f(x + h) - f(x)) / h: move both ways, and divide by 2h."
)
def forward_difference(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: (g(h) - g(0)) / h)


@BANK.mistake(
    "Your differences are one-sided, (f(x) - f(x - h)) / h: move both ways, and divide by 2h."
)
def backward_difference(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: (g(0) - g(-h)) / h)


@BANK.mistake(
    "Your numerical gradient is twice the true one: divide by the distance of the two points, 2h."
)
def missing_2(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: (g(h) - g(-h)) / h)


@BANK.mistake(
    "Your numerical gradient is h times too small or large: divide by 2 * h, in brackets."
)
def divided_by_2_times_h(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: (g(h) - g(-h)) / 2 * h)


@BANK.mistake("The difference is never divided by 2h.")
def not_divided(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: g(h) - g(-h))


@BANK.mistake("The difference is divided by 2 but not by h.")
def divided_by_2(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: (g(h) - g(-h)) / 2)


@BANK.mistake("One-sided differences divided by 2h: half the gradient. Move both ways.")
def forward_over_2h(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: (g(h) - g(0)) / (2 * h))


@BANK.mistake("The sign is flipped: f(x + h) - f(x - h), in this order.")
def sign(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return -differences(f, x, central)


@BANK.mistake("f(x + h) and f(x - h) are added: take their difference.")
def added(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: (g(h) + g(-h)) / (2 * h))


@BANK.mistake("Your differences have an absolute value: the gradient has a sign.")
def absolute(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return np.abs(differences(f, x, central))


@BANK.mistake("The step is too small: rounding drowns the difference. h = 1e-5 serves float64.")
def step_1e12(f: Callable, x: Array, h: float = 1e-12) -> Array:
    return differences(f, x, lambda g: central(g, 1e-12))


@BANK.mistake("The step is too large for the curve of f: h = 1e-5 serves float64.")
def step_1e1(f: Callable, x: Array, h: float = 1e-1) -> Array:
    return differences(f, x, lambda g: central(g, 1e-1))


@BANK.mistake("The step is too large for the curve of f: h = 1e-5 serves float64.")
def step_1e2(f: Callable, x: Array, h: float = 1e-2) -> Array:
    return differences(f, x, lambda g: central(g, 1e-2))


@BANK.mistake(
    "The quotients are computed in float32, where h = 1e-5 drowns in rounding: use float64."
)
def float32(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, central, x.dtype if x.dtype == np.float32 else np.float64)


@BANK.mistake("np.zeros_like(x) takes the integer dtype of x: the gradient is truncated.")
def gradient_in_type_of_x(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, central).astype(x.dtype)


@BANK.mistake(
    "The gradient is zero: f gave the same value twice. x.flatten() is a copy that f never sees, "
    "and plus = x; minus = x are one array: write x.copy() and move one entry in each."
)
def flatten_copy(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return np.zeros(x.shape)


@BANK.mistake(
    "x.ravel() is a copy where x lies column by column in memory: index the entries with np.ndindex."
)
def ravel_copy(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, central) if x.flags.c_contiguous else np.zeros(x.shape)


@BANK.mistake("The gradient comes back flat: it has the shape of x.")
def flat(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, central).ravel()


@BANK.mistake("The gradient is transposed: it has the shape of x.")
def transposed(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, central).T


@BANK.mistake(
    "Every entry holds the sum of all slopes: move one entry at a time, and store its quotient "
    "in that entry alone, gradient[i] = ..., not gradient += ...."
)
def all_at_once(f: Callable, x: Array, h: float = 1e-5) -> Array:
    point = x.astype(float)
    return np.full(x.shape, (f(point + h) - f(point - h)) / (2 * h))


@BANK.mistake("You return one number: the gradient has one entry for each entry of x.")
def one_number(f: Callable, x: Array, h: float = 1e-5) -> Any:
    point = x.astype(float)
    return (f(point + h) - f(point - h)) / (2 * h)


@BANK.mistake("Entries are not moved back before the next: restore x[i] after each.")
def not_restored(f: Callable, x: Array, h: float = 1e-5) -> Array:
    point, gradient = x.astype(float), np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        point[index] += h
        plus = f(point)
        point[index] -= 2 * h
        gradient[index] = (plus - f(point)) / (2 * h)
    return gradient


@BANK.mistake("x is changed by your call: restore each entry, or work on a copy.")
def leaves_x_moved(f: Callable, x: Array, h: float = 1e-5) -> Array:
    gradient = differences(f, x, central)
    np.subtract(x, 1 if x.dtype.kind == "i" else h, out=x, casting="unsafe")
    return gradient


@BANK.mistake("Only the rows are walked through: move every entry, with np.ndindex(*x.shape).")
def rows_only(f: Callable, x: Array, h: float = 1e-5) -> Array:
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        plus, minus = x.astype(float), x.astype(float)
        plus[i] += h
        minus[i] -= h
        gradient[i] = (f(plus) - f(minus)) / (2 * h)
    return gradient


@BANK.mistake("Brackets are missing: f(x + h) - f(x - h) / (2h) divides the second value alone.")
def no_brackets(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: g(h) - g(-h) / (2 * h))


@BANK.mistake("The difference is divided by h squared: divide by 2h.")
def divided_by_h_squared(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: (g(h) - g(-h)) / h**2)


@BANK.mistake("Only the last quotient comes back: store each in its entry.")
def last_quotient(f: Callable, x: Array, h: float = 1e-5) -> Any:
    return differences(f, x, central).ravel()[-1]


@BANK.mistake("Only the last entry is filled in: does the loop start the gradient anew each time?")
def last_entry_only(f: Callable, x: Array, h: float = 1e-5) -> Array:
    gradient = np.zeros(x.shape)
    gradient[(-1,) * x.ndim] = differences(f, x, central).ravel()[-1]
    return gradient


@BANK.mistake("Only the first entry is filled in: is the return inside the loop?")
def early_return(f: Callable, x: Array, h: float = 1e-5) -> Array:
    gradient = np.zeros(x.shape)
    first = (0,) * x.ndim
    gradient[first] = differences(f, x, central)[first]
    return gradient


@BANK.mistake("The values of f come back: divide their difference by 2h.")
def values_of_f(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return differences(f, x, lambda g: g(h))


@BANK.mistake("You return the worked example's numbers whatever f is.")
def visible_answer(f: Callable, x: Array, h: float = 1e-5) -> Array:
    return np.array([12.0, 9.0])


@BANK.odd_but_right
def five_points(f: Callable, x: Array, h: float = 1e-4) -> Array:
    return differences(f, x, lambda g: (8 * (g(h) - g(-h)) - (g(2 * h) - g(-2 * h))) / (12 * h))


@BANK.odd_but_right
def complex_step(f: Callable, x: Array, h: float = 1e-20) -> Array:
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        point = x.astype(complex)
        point[index] += 1j * h
        gradient[index] = np.imag(f(point)) / h
    return gradient


@BANK.odd_but_right
def restores_by_adding(f: Callable, x: Array, h: float = 1e-5) -> Array:
    work = x if x.dtype == np.float64 else x.astype(np.float64)
    gradient = np.zeros_like(work)
    it = np.nditer(work, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        work[i] += h
        plus = f(work)
        work[i] -= 2 * h
        minus = f(work)
        work[i] += h
        gradient[i] = (plus - minus) / (2 * h)
        it.iternext()
    return gradient


@BANK.odd_but_right
def unit_vectors(f: Callable, x: Array, h: float = 1e-5) -> Any:
    flat = x.ravel().astype(float)
    steps = h * np.eye(x.size)
    values = [
        (f((flat + s).reshape(x.shape)) - f((flat - s).reshape(x.shape))) / (2 * h) for s in steps
    ]
    return np.reshape(values, x.shape).tolist()
