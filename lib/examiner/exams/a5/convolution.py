"""Exams on convolution: conv1d, conv2d, and the mended conv2d of the bug hunt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from strides.check import (
    ALL,
    INPUTS,
    BrokenContract,
    Case,
    Check,
    Exam,
    Problem,
    gradients,
    out_and_backward,
)
from strides.check.values import as_array
from strides.visible.rules import FORBIDDEN

Array = np.ndarray
TEXT = "the text of this exercise"
AGAIN = "gradients of a second call of backward less the first"


def forward_and_back(result: Any, dout: Array, names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The output, the gradients, and whether backward gives the same gradients again.

    An answer whose backward is still missing is marked on its output.
    """
    out, backward = out_and_backward(result)
    yield "out", out
    first = gradients(backward, dout, names)
    # Copies: a second call may write into the same arrays.
    first = [np.array(value) if isinstance(value, np.ndarray) else value for value in first]
    yield from zip(names, first, strict=True)
    second = gradients(backward, dout, names)
    yield AGAIN, np.array([_gap(*both) for both in zip(names, first, second, strict=True)])


def _gap(name: str, first: Any, second: Any) -> float:
    """The largest difference between what two calls gave."""
    a, b = as_array(name, first), as_array(name, second)
    if a.shape != b.shape:
        text = f"A second call of backward gives {name} the shape {b.shape}, the first {a.shape}."
        raise BrokenContract(Problem("shape", text, f"{name} {a.shape} {b.shape}"))
    return float(np.max(np.abs(b.astype(np.float64) - a.astype(np.float64)), initial=0.0))


def run_conv(
    answer: Any, x: Array, w: Array, b: Array, stride: int, pad: int, dout: Array
) -> Iterator[tuple[str, Any]]:
    yield from forward_and_back(answer(x, w, b, stride, pad), dout, ("dx", "dw", "db"))


def oracle_conv(x: Array, w: Array, b: Array, stride: int, pad: int, dout: Array) -> dict[str, Any]:
    """torch in float64."""
    tx, tw, tb = (torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (x, w, b))
    operation = F.conv1d if x.ndim == 3 else F.conv2d
    out = operation(tx, tw, tb, stride=stride, padding=pad)
    grads = torch.autograd.grad(out, (tx, tw, tb), torch.tensor(dout, dtype=torch.float64))
    dx, dw, db = (g.numpy() for g in grads)
    return {"out": out.detach().numpy(), "dx": dx, "dw": dw, "db": db, AGAIN: np.zeros(3)}


def draw(
    rng: np.random.Generator,
    x: tuple[int, ...],
    w: tuple[int, ...],
    stride: int = 1,
    pad: int = 0,
    dtype: Any = np.float64,
) -> dict[str, Any]:
    """Arguments with images of shape x and filters of shape (F, KH, KW)."""
    sides = [(n + 2 * pad - k) // stride + 1 for n, k in zip(x[2:], w[1:], strict=True)]
    shapes = (x, (w[0], x[1], *w[1:]), (w[0],), (x[0], w[0], *sides))
    drawn = [(rng.normal(size=shape) + 0.3).astype(dtype) for shape in shapes]
    return {
        "x": drawn[0],
        "w": drawn[1],
        "b": drawn[2],
        "stride": stride,
        "pad": pad,
        "dout": drawn[3],
    }


def conv1d_cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case("plain", draw(rng, (2, 3, 11), (5, 4))),
        Case("padding", draw(rng, (2, 5, 9), (3, 4), pad=2)),
        Case("stride 2", draw(rng, (3, 2, 13), (4, 5), stride=2)),
        Case("stride 3 and padding", draw(rng, (2, 3, 12), (4, 5), stride=3, pad=1)),
        Case("stride larger than the window", draw(rng, (4, 3, 14), (2, 2), stride=3)),
        Case("stride 2 and padding 2", draw(rng, (3, 4, 10), (2, 3), stride=2, pad=2)),
        Case("as many filters as positions", draw(rng, (3, 2, 8), (5, 4))),
        Case("window 1", draw(rng, (3, 5, 7), (2, 1))),
        Case("one of each", draw(rng, (1, 1, 6), (1, 3), pad=1)),
        Case("float32", draw(rng, (2, 3, 11), (5, 4), 2, 1, np.float32), rtol=1e-4),
    ]


STRIDED1 = (
    "stride 2",
    "stride 3 and padding",
    "stride larger than the window",
    "stride 2 and padding 2",
)
SMALL = ("one of each", "float32")
PLAIN1 = ("plain", "as many filters as positions", "window 1")
CONV1D = Exam(
    "a5.conv1d",
    run_conv,
    oracle_conv,
    conv1d_cases,
    (
        Check("out without padding", 1, {"out": PLAIN1}),
        Check("out with padding", 1, {"out": ("padding",)}),
        Check("out with a stride", 1, {"out": STRIDED1}),
        Check("db", 1, {"db": (*PLAIN1, "padding", *STRIDED1)}),
        Check("dw", 1, {"dw": (*PLAIN1, "padding", *STRIDED1)}),
        Check("dx without a stride", 1, {"dx": (*PLAIN1, "padding")}),
        Check("dx with a stride", 1, {"dx": STRIDED1}),
        Check(
            "other sizes and types, arguments unchanged",
            1,
            {"out": SMALL, "dx": SMALL, "dw": SMALL, "db": SMALL, AGAIN: ALL, INPUTS: ALL},
        ),
    ),
    TEXT,
    upstream="dout",
    forbidden=FORBIDDEN["a5.conv1d"],
)


def conv2d_cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case("plain", draw(rng, (4, 5, 9, 7), (6, 3, 2))),
        Case("padding", draw(rng, (2, 3, 5, 8), (4, 3, 6), pad=2)),
        Case("padding 1", draw(rng, (3, 2, 4, 7), (5, 2, 3), pad=1)),
        Case("stride 2", draw(rng, (2, 3, 7, 10), (5, 3, 4), stride=2)),
        Case("stride 3 and padding", draw(rng, (2, 4, 11, 8), (3, 5, 2), stride=3, pad=1)),
        Case("stride 2 and padding 2", draw(rng, (3, 2, 6, 8), (5, 3, 4), stride=2, pad=2)),
        Case("stride larger than the window", draw(rng, (2, 4, 9, 12), (3, 1, 2), stride=3)),
        Case("as many filters as columns", draw(rng, (3, 2, 7, 6), (5, 3, 2))),
        Case("square", draw(rng, (3, 3, 6, 6), (3, 3, 3), pad=1)),
        Case("1 x 1", draw(rng, (3, 5, 4, 6), (2, 1, 1))),
        Case("one of each", draw(rng, (1, 1, 5, 4), (1, 2, 3), pad=1)),
        Case("float32", draw(rng, (2, 3, 7, 8), (4, 3, 2), 2, 1, np.float32), rtol=1e-4),
    ]


PLAIN = ("plain", "as many filters as columns", "1 x 1")
PADDED = ("padding", "padding 1", "square")
STRIDED = (
    "stride 2",
    "stride 3 and padding",
    "stride 2 and padding 2",
    "stride larger than the window",
)
OTHERS = (*PADDED, *STRIDED)
CONV2D = Exam(
    "a5.conv2d",
    run_conv,
    oracle_conv,
    conv2d_cases,
    (
        Check("forward: no padding, stride 1", 3, {"out": PLAIN}),
        Check("forward: padding", 2, {"out": PADDED}),
        Check("forward: stride", 2, {"out": STRIDED}),
        Check("backward: db", 1, {"db": (*PLAIN, *OTHERS)}),
        Check("backward: dw, no padding, stride 1", 1, {"dw": PLAIN}),
        Check("backward: dw, padding and stride", 2, {"dw": OTHERS}),
        Check("backward: dx, no padding, stride 1", 1, {"dx": PLAIN}),
        Check("backward: dx, padding", 1, {"dx": PADDED}),
        Check("backward: dx, stride", 2, {"dx": STRIDED}),
        Check(
            "other sizes and types, arguments unchanged",
            1,
            {"out": SMALL, "dx": SMALL, "dw": SMALL, "db": SMALL, AGAIN: ALL, INPUTS: ALL},
        ),
    ),
    TEXT,
    upstream="dout",
    forbidden=FORBIDDEN["a5.conv2d"],
)
MENDED = Exam(
    "a5.mended_conv2d",
    run_conv,
    oracle_conv,
    conv2d_cases,
    (Check("everything", 3, dict.fromkeys(("out", "dx", "dw", "db", AGAIN, INPUTS), ALL)),),
    TEXT,
    upstream="dout",
    forbidden=FORBIDDEN["a5.mended_conv2d"],
)
