"""Exams on max and average pooling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from strides.check import ALL, INPUTS, Case, Check, Exam
from strides.visible.rules import FORBIDDEN

from .convolution import AGAIN, TEXT, Array, forward_and_back


def run_pool(
    answer: Any, x: Array, window: int, stride: int, dout: Array
) -> Iterator[tuple[str, Any]]:
    yield from forward_and_back(answer(x, window, stride), dout, ("dx",))


def oracle_pool(operation: Callable[..., torch.Tensor]) -> Callable[..., dict[str, Any]]:
    """torch's pooling in float64."""

    def oracle(x: Array, window: int, stride: int, dout: Array) -> dict[str, Any]:
        tx = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        out = operation(tx, window, stride)
        (dx,) = torch.autograd.grad(out, tx, torch.tensor(dout, dtype=torch.float64))
        return {"out": out.detach().numpy(), "dx": dx.numpy(), AGAIN: np.zeros(1)}

    return oracle


def draw(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    window: int,
    stride: int,
    shift: float = 0.0,
    dtype: Any = np.float64,
) -> dict[str, Any]:
    """Images without ties: every number occurs once."""
    sides = [(n - window) // stride + 1 for n in shape[2:]]
    size = int(np.prod(shape))
    x = rng.permutation(np.linspace(-2, 2, size)).reshape(shape) + shift + 0.013
    return {
        "x": x.astype(dtype),
        "window": window,
        "stride": stride,
        "dout": (rng.normal(size=(*shape[:2], *sides)) + 0.4).astype(dtype),
    }


def pool_cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case("window 2, stride 2", draw(rng, (2, 3, 6, 8), 2, 2)),
        Case("window 3, stride 3", draw(rng, (3, 2, 6, 9), 3, 3)),
        Case("negative numbers", draw(rng, (2, 4, 6, 10), 2, 2, shift=-5.0)),
        Case("overlapping", draw(rng, (2, 4, 7, 9), 3, 2)),
        Case("overlapping, stride 1", draw(rng, (3, 2, 5, 6), 2, 1, shift=-1.0)),
        Case("large overlap", draw(rng, (2, 3, 8, 6), 4, 1)),
        Case("gaps", draw(rng, (2, 3, 9, 12), 2, 3)),
        Case("a rest at the end", draw(rng, (3, 2, 7, 5), 2, 2)),
        Case("overlap and a rest", draw(rng, (2, 3, 9, 11), 4, 3, shift=-3.0)),
        Case("square", draw(rng, (3, 3, 6, 6), 3, 1)),
        Case("the whole image", draw(rng, (2, 5, 4, 4), 4, 4)),
        Case("window 1", draw(rng, (2, 3, 4, 5), 1, 2)),
        Case("one image", draw(rng, (1, 1, 5, 4), 2, 1)),
        Case("float32", draw(rng, (2, 3, 7, 9), 3, 2, -1.0, np.float32), rtol=1e-4),
    ]


APART = ("window 2, stride 2", "window 3, stride 3", "negative numbers")
OVERLAP = ("overlapping", "overlapping, stride 1", "large overlap", "overlap and a rest", "square")
RESTS = ("gaps", "a rest at the end")
SMALL = ("the whole image", "window 1", "one image", "float32")
MAX = Exam(
    "a5.max_pool2d",
    run_pool,
    oracle_pool(F.max_pool2d),
    pool_cases,
    (
        Check("forward: windows side by side", 2, {"out": APART}),
        Check("forward: overlap, gaps and rests", 2, {"out": (*OVERLAP, *RESTS)}),
        Check("backward: windows side by side", 1, {"dx": APART}),
        Check("backward: overlap, gaps and rests", 2, {"dx": (*OVERLAP, *RESTS)}),
        Check(
            "other sizes and types, arguments unchanged",
            1,
            {"out": SMALL, "dx": SMALL, AGAIN: ALL, INPUTS: ALL},
        ),
    ),
    TEXT,
    upstream="dout",
    forbidden=FORBIDDEN["a5.max_pool2d"],
)
AVG = Exam(
    "a5.avg_pool2d",
    run_pool,
    oracle_pool(F.avg_pool2d),
    pool_cases,
    (
        Check("forward", 1, {"out": (*APART, *OVERLAP, *RESTS)}),
        Check("backward: windows side by side", 1, {"dx": APART}),
        Check("backward: overlap, gaps and rests", 1, {"dx": (*OVERLAP, *RESTS)}),
        Check(
            "other sizes and types, arguments unchanged",
            1,
            {"out": SMALL, "dx": SMALL, AGAIN: ALL, INPUTS: ALL},
        ),
    ),
    TEXT,
    upstream="dout",
    forbidden=FORBIDDEN["a5.avg_pool2d"],
)
