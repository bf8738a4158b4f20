"""Mistakes of types, loops and shapes for a1.pairwise_distances(x, z) -> (M, N)."""

from __future__ import annotations

import numpy as np

from .distances import BANK, Array, euclidean

__all__ = ["BANK"]


@BANK.mistake(
    "Squares of uint8 are taken, of x or of z, before they are floats, and wrap round: "
    "convert both first, then square."
)
def squares_of_uint8(x: Array, z: Array) -> Array:
    a, b = (x**2).sum(axis=1).astype(float), (z**2).sum(axis=1).astype(float)
    squares = a[:, None] + b - 2.0 * x.astype(float) @ z.T.astype(float)
    return np.sqrt(np.maximum(squares, 0))


@BANK.mistake(
    "Differences of images fit into int16 but their squares do not, and wrap round: use floats."
)
def int16_wraps(x: Array, z: Array) -> Array:
    if x.dtype == np.uint8:
        x, z = x.astype(np.int16), z.astype(np.int16)
    return np.sqrt(((x[:, None] - z[None]) ** 2).sum(axis=2))


@BANK.mistake("float16 is too coarse and ends at 65504: use float64, x.astype(float).")
def float16(x: Array, z: Array) -> Array:
    x, z = x.astype(np.float16), z.astype(np.float16)
    return np.sqrt(((x[:, None] - z[None]) ** 2).sum(axis=2))


@BANK.mistake(
    "Your result array has the dtype of x: uint8 holds whole numbers up to 255. "
    "Allocate it as float, np.zeros((M, N))."
)
def dtype_of_x(x: Array, z: Array) -> Array:
    out = np.zeros((len(x), len(z)), dtype=x.dtype)
    for i in range(len(x)):
        for j in range(len(z)):
            out[i, j] = np.linalg.norm(x[i].astype(float) - z[j].astype(float))
    return out


@BANK.mistake("The squares stand the wrong way: those of x are the column, those of z the row.")
def squares_swapped(x: Array, z: Array) -> Array:
    x, z = x.astype(float), z.astype(float)
    squares = (z**2).sum(axis=1)[:, None] + (x**2).sum(axis=1) - 2 * x @ z.T
    return np.sqrt(np.maximum(squares, 0))


@BANK.mistake("The inner loop runs over the rows of x: the columns belong to z, range(len(z)).")
def inner_range_of_x(x: Array, z: Array) -> Array:
    out = np.zeros((len(x), len(z)))
    for i in range(len(x)):
        for j in range(len(x)):
            if j < len(z):
                out[i, j] = np.linalg.norm(x[i].astype(float) - z[j].astype(float))
    return out


@BANK.mistake("Only half of the matrix is filled: x and z differ, so every pair is needed.")
def half_filled(x: Array, z: Array) -> Array:
    return np.tril(euclidean(x, z))


@BANK.mistake("Your sum for one row of x runs over the rows of z: sum over the features, axis=1.")
def row_loop_wrong_axis(x: Array, z: Array) -> Array:
    x, z = x.astype(float), z.astype(float)
    out = np.zeros((len(x), len(z)))
    for i in range(len(x)):
        out[i] = np.sqrt(((x[i] - z) ** 2).sum(axis=0))
    return out


@BANK.mistake("The last feature is left out: the loop over features is range(x.shape[1]).")
def last_feature_dropped(x: Array, z: Array) -> Array:
    return euclidean(x[:, :-1], z[:, :-1])


@BANK.mistake("The first feature is left out: the loop over features starts at 0.")
def first_feature_dropped(x: Array, z: Array) -> Array:
    return euclidean(x[:, 1:], z[:, 1:])


@BANK.mistake("This is the difference of the two norms: take the norm of the difference x - z.")
def difference_of_norms(x: Array, z: Array) -> Array:
    x, z = x.astype(float), z.astype(float)
    return np.abs(np.linalg.norm(x, axis=1)[:, None] - np.linalg.norm(z, axis=1))


@BANK.mistake(
    "np.max(a, 0) is the maximum along axis 0: to clamp each entry write np.maximum(a, 0)."
)
def max_for_maximum(x: Array, z: Array) -> Array:
    x, z = x.astype(float), z.astype(float)
    return np.sqrt(np.max((x**2).sum(axis=1)[:, None] + (z**2).sum(axis=1) - 2 * x @ z.T, 0))


@BANK.mistake("x **= 2 squares your argument in place: write x**2, a new array.")
def squares_in_place(x: Array, z: Array) -> Array:
    x, z = np.asarray(x, float), np.asarray(z, float)
    product = x @ z.T
    x **= 2
    z **= 2
    return np.sqrt(np.maximum(x.sum(axis=1)[:, None] + z.sum(axis=1) - 2 * product, 0))


def _with_epsilon(epsilon: float) -> None:
    def answer(x: Array, z: Array) -> Array:
        return np.sqrt(euclidean(x, z) ** 2 + epsilon)

    BANK.add_mistake(
        f"epsilon_1e{round(-np.log10(epsilon))}_in_root",
        f"Adding {epsilon:.0e} under the root makes equal points differ: "
        "clamp negative squares with np.maximum(., 0).",
        answer,
    )


for _epsilon in (1e-3, 1e-6):
    _with_epsilon(_epsilon)


@BANK.odd_but_right
def repeated_and_tiled(x: Array, z: Array) -> Array:
    pairs = np.repeat(x, len(z), axis=0).astype("f8") - np.tile(z, (len(x), 1))
    return np.linalg.norm(pairs, axis=1).reshape(len(x), len(z))


@BANK.odd_but_right
def absolute_squares(x: Array, z: Array) -> Array:
    x, z = x.astype(float), z.astype(float)
    return np.sqrt(np.abs((x**2).sum(1)[:, None] + (z**2).sum(1) - 2 * x @ z.T))


@BANK.odd_but_right
def reduced_by_hypot(x: Array, z: Array) -> Array:
    return np.hypot.reduce(np.abs(x.astype(float)[:, None] - z.astype(float)), axis=2)
