"""Mistakes and odd but right answers for a1.pairwise_distances(x, z) -> (M, N)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from examiner.bank import Bank

Array = np.ndarray
BANK = Bank("a1.pairwise_distances")


def euclidean(x: Array, z: Array) -> Array:
    return np.linalg.norm(x.astype(float)[:, None] - z.astype(float)[None], axis=2)


@BANK.mistake("The square root is missing: these are squared distances.")
def no_root(x: Array, z: Array) -> Array:
    return euclidean(x, z) ** 2


@BANK.mistake("The root is taken twice.")
def root_twice(x: Array, z: Array) -> Array:
    return np.sqrt(euclidean(x, z))


@BANK.mistake(
    "Your distance is the L1 one, a sum of absolute differences: square them, then take the root."
)
def manhattan(x: Array, z: Array) -> Array:
    return np.abs(x.astype(float)[:, None] - z.astype(float)[None]).sum(axis=2)


@BANK.mistake(
    "Your distance is the largest difference: sum the squared differences, then take the root."
)
def chebyshev(x: Array, z: Array) -> Array:
    return np.abs(x.astype(float)[:, None] - z.astype(float)[None]).max(axis=2)


@BANK.mistake("These are scalar products: the distance is the norm of the difference.")
def scalar_product(x: Array, z: Array) -> Array:
    return x.astype(float) @ z.astype(float).T


@BANK.mistake("Your distance is 1 minus the cosine of the angle: it is the norm of the difference.")
def cosine(x: Array, z: Array) -> Array:
    x, z = x.astype(float), z.astype(float)
    lengths = np.linalg.norm(x, axis=1)[:, None] * np.linalg.norm(z, axis=1)
    return 1 - x @ z.T / lengths


@BANK.mistake("The differences are added up without being squared.")
def not_squared(x: Array, z: Array) -> Array:
    return (x.astype(float)[:, None] - z.astype(float)[None]).sum(axis=2)


@BANK.mistake("The squared differences are averaged over the features: sum them.")
def mean_not_sum(x: Array, z: Array) -> Array:
    return euclidean(x, z) / np.sqrt(x.shape[1])


@BANK.mistake(
    "The squared differences are averaged and the root is missing: sum, then take the root."
)
def mean_of_squares(x: Array, z: Array) -> Array:
    return euclidean(x, z) ** 2 / x.shape[1]


@BANK.mistake("Each distance is divided by the number of features: the distance is a sum.")
def divided_by_features(x: Array, z: Array) -> Array:
    return euclidean(x, z) / x.shape[1]


@BANK.mistake("The matrix is transposed: rows belong to x, columns to z.")
def transposed(x: Array, z: Array) -> Array:
    return euclidean(x, z).T


@BANK.mistake("The matrix is square, of x with itself: compare x with z.")
def x_with_itself(x: Array, z: Array) -> Array:
    return euclidean(x, x)


@BANK.mistake("The matrix is square, of z with itself: compare x with z.")
def z_with_itself(x: Array, z: Array) -> Array:
    return euclidean(z, z)


@BANK.mistake(
    "Only rows of the same number are compared: compare every row of x with every row of z."
)
def paired_rows(x: Array, z: Array) -> Array:
    return np.sqrt(((x.astype(float) - z.astype(float)) ** 2).sum(axis=1))


@BANK.mistake("Images of dtype uint8 wrap round: 3 - 5 became 254. Turn x and z into floats first.")
def uint8_wraps(x: Array, z: Array) -> Array:
    return np.sqrt(((x[:, None] - z[None]) ** 2).sum(axis=2))


@BANK.mistake(
    "Squares of uint8 differences wrap round: turn x and z into floats before you subtract."
)
def uint8_wraps_then_float(x: Array, z: Array) -> Array:
    return np.sqrt(((x[:, None] - z[None]).astype(float) ** 2).sum(axis=2))


def _expanded(x: Array, z: Array, clamp: bool) -> Array:
    squares = (x**2).sum(axis=1)[:, None] + (z**2).sum(axis=1) - 2 * x @ z.T
    return np.sqrt(np.maximum(squares, 0) if clamp else squares)


@BANK.mistake(
    "In |x|^2 + |z|^2 - 2xz, rounding makes the square of a zero distance slightly negative and "
    "its root nan: clamp with np.maximum(., 0). Turn uint8 into floats first, too."
)
def root_of_negative_uint8(x: Array, z: Array) -> Array:
    return _expanded(x, z, clamp=False)


@BANK.mistake(
    "In |x|^2 + |z|^2 - 2xz, rounding makes the square of a zero distance slightly negative and "
    "its root nan: clamp with np.maximum(., 0)."
)
def root_of_negative(x: Array, z: Array) -> Array:
    return _expanded(x.astype(float), z.astype(float), clamp=False)


@BANK.mistake("Squares and products of uint8 wrap round: turn x and z into floats first.")
def uint8_wraps_in_products(x: Array, z: Array) -> Array:
    return _expanded(x, z, clamp=True)


def _squares(x: Array, z: Array) -> tuple[Array, Array, Array]:
    x, z = x.astype(float), z.astype(float)
    return (x**2).sum(axis=1), (z**2).sum(axis=1), x @ z.T


@BANK.mistake("The 2 is missing in |x|^2 + |z|^2 - 2xz.")
def no_two(x: Array, z: Array) -> Array:
    a, b, product = _squares(x, z)
    return np.sqrt(np.maximum(a[:, None] + b - product, 0))


@BANK.mistake("The product has the wrong sign: |x|^2 + |z|^2 - 2xz.")
def product_sign(x: Array, z: Array) -> Array:
    a, b, product = _squares(x, z)
    return np.sqrt(np.maximum(a[:, None] + b + 2 * product, 0))


@BANK.mistake("|x|^2 is missing in |x|^2 + |z|^2 - 2xz.")
def no_x_square(x: Array, z: Array) -> Array:
    _, b, product = _squares(x, z)
    return np.sqrt(np.maximum(b - 2 * product, 0))


@BANK.mistake("|z|^2 is missing in |x|^2 + |z|^2 - 2xz.")
def no_z_square(x: Array, z: Array) -> Array:
    a, _, product = _squares(x, z)
    return np.sqrt(np.maximum(a[:, None] - 2 * product, 0))


@BANK.mistake(
    "The squares of the rows of x have shape (M,) and are spread along the columns: "
    "make them a column with keepdims=True."
)
def squares_as_row(x: Array, z: Array) -> Array:
    a, b, product = _squares(x, z)
    return np.sqrt(np.maximum(a + b - 2 * product, 0))


@BANK.mistake("Both squares are columns: those of z are a row, one for each column.")
def squares_as_column(x: Array, z: Array) -> Array:
    a, b, product = _squares(x, z)
    return np.sqrt(np.maximum(a[:, None] + b[:, None] - 2 * product, 0))


@BANK.mistake("The squares are summed over everything: sum them over the features of each row.")
def squares_of_everything(x: Array, z: Array) -> Array:
    a, b, product = _squares(x, z)
    return np.sqrt(np.maximum(a.sum() + b.sum() - 2 * product, 0))


@BANK.mistake("You sum over the rows (axis 0): distances sum over the features.")
def sum_over_rows(x: Array, z: Array) -> Array:
    return np.sqrt(((x.astype(float)[:, None] - z.astype(float)[None]) ** 2).sum(axis=0))


@BANK.mistake("You sum over the points (axis 1): distances sum over the features, axis 2.")
def sum_over_points(x: Array, z: Array) -> Array:
    return np.sqrt(((x.astype(float)[:, None] - z.astype(float)[None]) ** 2).sum(axis=1))


@BANK.mistake("You sum over everything: a distance sums over the features of two rows.")
def sum_over_everything(x: Array, z: Array) -> Array:
    total = np.sqrt(((x.astype(float)[:, None] - z.astype(float)[None]) ** 2).sum())
    return np.full((len(x), len(z)), total)


@BANK.mistake("np.linalg.norm without axis is the norm of the whole matrix: give it axis=1.")
def norm_without_axis(x: Array, z: Array) -> Array:
    return np.array([[np.linalg.norm(x.astype(float) - b)] * 1 for b in z.astype(float)])[:, 0][
        None
    ].repeat(len(x), axis=0)


@BANK.mistake("Return a plain array: np.matrix changes what * and indexing mean.")
def matrix(x: Array, z: Array) -> Any:
    return np.asmatrix(euclidean(x, z))


@BANK.mistake("Distances are rounded to whole numbers: the result array has an integer dtype.")
def whole_numbers(x: Array, z: Array) -> Array:
    return euclidean(x, z).astype(int)


@BANK.mistake(
    "Features are cut to whole numbers before the distance: turn x and z into floats, not integers."
)
def whole_features(x: Array, z: Array) -> Array:
    return euclidean(x.astype(np.int64), z.astype(np.int64))


@BANK.mistake("The last row or column stays zero: do your loops end one too early?")
def last_missing(x: Array, z: Array) -> Array:
    out = euclidean(x, z)
    out[-1], out[:, -1] = 0, 0
    return out


@BANK.mistake("Only the last row is filled in: is the return inside the loop, or the index fixed?")
def first_row_only(x: Array, z: Array) -> Array:
    out = euclidean(x, z)
    out[1:] = 0
    return out


@BANK.mistake("The differences are relative to one row of z: compare with each row.")
def first_point_only(x: Array, z: Array) -> Array:
    return np.repeat(euclidean(x, z)[:, :1], len(z), axis=1)


@BANK.mistake("You subtract in place and so change x: work on a new array.")
def changes_x(x: Array, z: Array) -> Array:
    out = euclidean(x, z)
    x -= z[0].astype(x.dtype)
    return out


@BANK.mistake("You return the worked example's numbers whatever the input is.")
def visible_answer(x: Array, z: Array) -> Array:
    return np.array([[3.0, 0.0, 5.0], [4.0, 5.0, 0.0]])


@BANK.mistake("Indices of the nearest points came back: the exercise asks for distances.")
def nearest_indices(x: Array, z: Array) -> Array:
    return euclidean(x, z).argsort(axis=1)


@BANK.odd_but_right
def two_loops(x: Array, z: Array) -> Any:
    return [
        [math.sqrt(sum((float(p) - float(q)) ** 2 for p, q in zip(a, b, strict=True))) for b in z]
        for a in x
    ]


@BANK.odd_but_right
def one_loop(x: Array, z: Array) -> Array:
    out = np.empty((x.shape[0], z.shape[0]))
    for i in range(x.shape[0]):
        out[i] = np.linalg.norm(z.astype(np.float64) - x[i].astype(np.float64), axis=1)
    return out


@BANK.odd_but_right
def expanded_and_clamped(x: Array, z: Array) -> Array:
    return _expanded(x.astype(np.float64), z.astype(np.float64), clamp=True)


@BANK.odd_but_right
def broadcast_in_own_precision(x: Array, z: Array, verbose: bool = True) -> Array:
    if verbose:
        print("shapes", x.shape, z.shape)
    kind = x.dtype if x.dtype.kind == "f" else np.float32
    return np.sqrt(np.square(x.astype(kind)[:, None, :] - z.astype(kind)).sum(-1))
