"""Exams on im2col, its adjoint col2im, and the order of lines that makes a convolution of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from strides.check import ALL, INPUTS, BrokenContract, Case, Check, Exam, Problem, ordered
from strides.visible.rules import FORBIDDEN

from .convolution import TEXT, Array


def run_im2col(
    answer: Any, x: Array, kh: int, kw: int, stride: int, pad: int
) -> Iterator[tuple[str, Any]]:
    yield "columns", answer(x, kh, kw, stride, pad)


def oracle_im2col(x: Array, kh: int, kw: int, stride: int, pad: int) -> dict[str, Any]:
    tx = torch.tensor(x, dtype=torch.float64)
    return {"columns": F.unfold(tx, (kh, kw), padding=pad, stride=stride).numpy()}


def run_col2im(
    answer: Any,
    columns: Array,
    shape: tuple[int, int, int, int],
    kh: int,
    kw: int,
    stride: int,
    pad: int,
) -> Iterator[tuple[str, Any]]:
    yield "images", answer(columns, shape, kh, kw, stride, pad)


def oracle_col2im(
    columns: Array, shape: tuple[int, int, int, int], kh: int, kw: int, stride: int, pad: int
) -> dict[str, Any]:
    tc = torch.tensor(columns, dtype=torch.float64)
    return {"images": F.fold(tc, shape[2:], (kh, kw), padding=pad, stride=stride).numpy()}


SETTINGS = {
    "plain": ((2, 3, 6, 8), 4, 5, 1, 0),
    "padding": ((3, 2, 4, 5), 2, 3, 1, 2),
    "padding 1": ((2, 4, 3, 6), 3, 2, 1, 1),
    "stride 2": ((2, 3, 7, 10), 3, 4, 2, 0),
    "stride 3 and padding": ((2, 3, 8, 11), 2, 5, 3, 1),
    "stride larger than the window": ((3, 2, 9, 7), 2, 1, 3, 0),
    "square": ((3, 3, 5, 5), 3, 3, 1, 0),
    "one of each": ((1, 1, 4, 3), 2, 2, 1, 0),
    "float32": ((2, 3, 5, 7), 3, 2, 2, 1),
}


def im2col_cases(rng: np.random.Generator) -> list[Case]:
    cases = []
    for name, (shape, kh, kw, stride, pad) in SETTINGS.items():
        x = rng.normal(size=shape).astype(np.float32 if name == "float32" else np.float64)
        args = {"x": x, "kh": kh, "kw": kw, "stride": stride, "pad": pad}
        cases.append(Case(name, args, rtol=1e-4 if name == "float32" else 1e-6))
    return cases


def col2im_cases(rng: np.random.Generator) -> list[Case]:
    cases = []
    for name, (shape, kh, kw, stride, pad) in SETTINGS.items():
        n, c, height, width = shape
        oh, ow = (height + 2 * pad - kh) // stride + 1, (width + 2 * pad - kw) // stride + 1
        dtype = np.float32 if name == "float32" else np.float64
        columns = rng.normal(size=(n, c * kh * kw, oh * ow)).astype(dtype)
        args = {"columns": columns, "shape": shape, "kh": kh, "kw": kw}
        args |= {"stride": stride, "pad": pad}
        cases.append(Case(name, args, rtol=1e-4 if name == "float32" else 1e-6))
    return cases


PLAIN = ("plain", "square")
MOVED = (
    "padding",
    "padding 1",
    "stride 2",
    "stride 3 and padding",
    "stride larger than the window",
)
SMALL = ("one of each", "float32")
IM2COL = Exam(
    "a5.im2col",
    run_im2col,
    oracle_im2col,
    im2col_cases,
    (
        Check("no padding, stride 1", 1, {"columns": PLAIN}),
        Check("padding and stride", 2, {"columns": MOVED}),
        Check("other sizes and types, arguments unchanged", 1, {"columns": SMALL, INPUTS: ALL}),
    ),
    TEXT,
    forbidden=FORBIDDEN["a5.im2col"],
)
COL2IM = Exam(
    "a5.col2im",
    run_col2im,
    oracle_col2im,
    col2im_cases,
    (
        Check("no padding, stride 1", 1, {"images": PLAIN}),
        Check("padding and stride", 1, {"images": MOVED}),
        Check("other sizes and types, arguments unchanged", 1, {"images": SMALL, INPUTS: ALL}),
    ),
    TEXT,
    forbidden=FORBIDDEN["a5.col2im"],
)

LINES = "abcdefg"
STRANGERS = {
    "f": "Line f cuts w into the wrong rows: each filter must be one row.",
    "g": "Line g adds the bias along the positions: each filter has one bias.",
}
BEFORE = (
    ("a", "c", "The product stands before the columns that it needs."),
    ("b", "c", "The product stands before the rows of the filters that it needs."),
    ("c", "d", "The bias is added before there is anything to add it to."),
    ("d", "e", "The function returns before the bias is added."),
)


def run_order(answer: Any) -> Iterator[tuple[str, Any]]:
    """1 for an order in which every line has what it needs; the first thing wrong otherwise."""
    letters = ordered(answer, LINES)

    def wrong(text: str, sign: str) -> BrokenContract:
        return BrokenContract(Problem("value", text, sign))

    for letter in STRANGERS:
        if letter in letters:
            raise wrong("One of the lines does not belong there.", f"stranger {letter}")
    if len(set(letters)) < len(letters):
        raise wrong("A line stands there twice.", "twice")
    for letter in "abcde":
        if letter not in letters:
            raise wrong("A line is missing.", f"missing {letter}")
    for first, second, _ in BEFORE:
        if letters.index(first) > letters.index(second):
            raise wrong("The order cannot run.", f"{second} before {first}")
    yield "order", 1


ORDER = Exam(
    "a5.product_order",
    run_order,
    lambda: {"order": 1},
    lambda rng: [Case("order", {})],
    (Check("the order of the lines", 2, {"order": ALL}),),
    TEXT,
)
