"""The worked numbers of assignment a5: the same ones as in its text.

Each is small enough to be done by hand, the way back too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from strides.check import (
    ALL,
    INPUTS,
    Case,
    Check,
    Exam,
    chosen,
    gradients,
    one_output,
    ordered,
    out_and_backward,
)

from .rules import FORBIDDEN
from .worked import worked

IMAGE = np.array([[[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 1.0, 1.0]]]])
POOLED = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], float)
COLUMNS = np.array([[[1.0, 2.0], [2.0, 3.0], [4.0, 5.0], [5.0, 6.0]]])
LAYERS = [
    {"kind": "conv", "filters": 10, "window": 5, "stride": 1, "pad": 2},
    {"kind": "pool", "window": 2, "stride": 2},
]


def run_operation(names: tuple[str, ...]) -> Callable[..., Iterator[tuple[str, Any]]]:
    """Forward, then backward of the last argument; `out, None` is a way back still to write."""

    def run(answer: Any, *args: Any) -> Iterator[tuple[str, Any]]:
        out, backward = out_and_backward(answer(*args[:-1]))
        yield "out", out
        yield from zip(names, gradients(backward, args[-1], names), strict=True)

    return run


def operation(
    exercise: str,
    args: dict[str, Any],
    expected: dict[str, Any],
    pending: float,
) -> Exam:
    """A visible exam of one example, half a point forward and half a point back."""
    names = tuple(name for name in expected if name != "out")
    return Exam(
        exercise,
        run_operation(names),
        lambda *_: expected,
        lambda _: [Case("example", args, rtol=1e-4, atol=1e-6)],
        (
            Check("the example worked by hand: out", 0.5, {"out": ALL, INPUTS: ALL}),
            Check("the example worked by hand: the way back", 0.5, dict.fromkeys(names, ALL)),
        ),
        "the example above this cell",
        pending=pending,
        visible=True,
        upstream="dout",
        forbidden=FORBIDDEN[exercise],
    )


def run_slip(answer: Any) -> Iterator[tuple[str, Any]]:
    """Whether one of the letters is chosen."""
    chosen(answer, "abcdef")
    yield "chosen", 1


def run_order(answer: Any) -> Iterator[tuple[str, Any]]:
    """Whether there is an order of letters: visible checks do not say which is right."""
    ordered(answer, "abcdefg")
    yield "given", 1


def run_solids(answer: Any, x: np.ndarray, y: np.ndarray, x_new: np.ndarray) -> Iterator[Any]:
    """The shape of the labels for a handful of images; how many are right is seen later."""
    labels = answer(x, y, x_new)
    blank = labels is None or labels is Ellipsis
    yield "shape of the labels", labels if blank else np.array(np.shape(labels))


def noise(count: int) -> np.ndarray:
    """Numbers without a pattern, the same every time, so that no slip is hidden by symmetry."""
    rng = np.random.default_rng(5)
    return rng.uniform(size=(count, 3, 16, 16)).astype(np.float32)


_exams = (
    worked(
        "a5.output_size",
        one_output("size"),
        {"n": 32, "window": 5, "stride": 2, "pad": 1},
        {"size": 15},
        points=1,
        pending=2,
    ),
    worked(
        "a5.fits",
        one_output("fits"),
        {"n": 7, "window": 3, "stride": 3, "pad": 0},
        {"fits": False},
        points=1,
        pending=1,
    ),
    operation(
        "a5.conv1d",
        {
            "x": np.array([[[1.0, 2.0, 4.0, 3.0]]]),
            "w": np.array([[[1.0, 2.0, -1.0]]]),
            "b": np.array([0.5]),
            "stride": 1,
            "pad": 1,
            "dout": np.array([[[1.0, 0.0, 0.0, 2.0]]]),
        },
        {
            "out": np.array([[[0.5, 1.5, 7.5, 10.5]]]),
            "dx": np.array([[[2.0, -1.0, 2.0, 4.0]]]),
            "dw": np.array([[[8.0, 7.0, 2.0]]]),
            "db": np.array([3.0]),
        },
        pending=8,
    ),
    operation(
        "a5.conv2d",
        {
            "x": IMAGE,
            "w": np.array([[[[1.0, 0.0], [2.0, -1.0]]]]),
            "b": np.array([1.0]),
            "stride": 1,
            "pad": 0,
            "dout": np.array([[[[1.0, 0.0], [0.0, 2.0]]]]),
        },
        {
            "out": np.array([[[[1.0, 2.0], [4.0, 3.0]]]]),
            "dx": np.array([[[[1.0, 0.0, 0.0], [2.0, 1.0, 0.0], [0.0, 4.0, -2.0]]]]),
            "dw": np.array([[[[3.0, 8.0], [2.0, 3.0]]]]),
            "db": np.array([3.0]),
        },
        pending=16,
    ),
    worked(
        "a5.slip",
        run_slip,
        {},
        {"chosen": 1},
        points=0,
        pending=1,
        name="a line is chosen",
    ),
    operation(
        "a5.mended_conv2d",
        {
            "x": np.ones((1, 1, 1, 3)),
            "w": np.array([[[[2.0, 3.0]]]]),
            "b": np.zeros(1),
            "stride": 1,
            "pad": 0,
            "dout": np.ones((1, 1, 1, 2)),
        },
        {
            "out": np.array([[[[5.0, 5.0]]]]),
            "dx": np.array([[[[2.0, 5.0, 3.0]]]]),
            "dw": np.array([[[[2.0, 2.0]]]]),
            "db": np.array([2.0]),
        },
        pending=3,
    ),
    operation(
        "a5.max_pool2d",
        {
            "x": POOLED[None, None],
            "window": 2,
            "stride": 2,
            "dout": np.array([[[[1.0, 2.0], [3.0, 4.0]]]]),
        },
        {
            "out": np.array([[[[6.0, 8.0], [3.0, 4.0]]]]),
            "dx": np.array([[[[0, 0, 0, 0], [0, 1, 0, 2], [3, 0, 0, 0], [0, 0, 0, 4]]]]),
        },
        pending=8,
    ),
    operation(
        "a5.avg_pool2d",
        {
            "x": np.array([[[[1.0, 3.0, 5.0], [5.0, 7.0, 9.0]]]]),
            "window": 2,
            "stride": 1,
            "dout": np.array([[[[4.0, 8.0]]]]),
        },
        {
            "out": np.array([[[[4.0, 6.0]]]]),
            "dx": np.array([[[[1.0, 3.0, 2.0], [1.0, 3.0, 2.0]]]]),
        },
        pending=4,
    ),
    worked(
        "a5.im2col",
        one_output("columns"),
        {
            "x": np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]),
            "kh": 2,
            "kw": 2,
            "stride": 1,
            "pad": 0,
        },
        {"columns": COLUMNS},
        points=1,
        pending=4,
    ),
    worked(
        "a5.col2im",
        one_output("images"),
        {"columns": COLUMNS, "shape": (1, 1, 2, 3), "kh": 2, "kw": 2, "stride": 1, "pad": 0},
        {"images": np.array([[[[1.0, 4.0, 3.0], [4.0, 10.0, 6.0]]]])},
        points=1,
        pending=3,
    ),
    worked(
        "a5.product_order",
        run_order,
        {},
        {"given": 1},
        points=0,
        pending=2,
        name="an order is given",
    ),
    worked(
        "a5.receptive_field",
        one_output("field"),
        {
            "layers": [
                {"kind": "conv", "filters": 8, "window": 5, "stride": 1, "pad": 0},
                {"kind": "pool", "window": 2, "stride": 2},
                {"kind": "conv", "filters": 8, "window": 3, "stride": 1, "pad": 0},
            ]
        },
        {"field": 10},
        points=1,
        pending=2,
    ),
    worked(
        "a5.parameter_count",
        one_output("parameters"),
        {"shape": (3, 32, 32), "layers": [*LAYERS, {"kind": "affine", "outputs": 10}]},
        {"parameters": 26370},
        points=1,
        pending=2,
    ),
    worked(
        "a5.classify_solids",
        run_solids,
        {"x": noise(20), "y": np.arange(20) % 10, "x_new": noise(5)},
        {"shape of the labels": np.array([5])},
        points=0,
        pending=3,
        name="a label for each of five images of noise",
    ),
)
EXAMS: dict[str, Exam] = {exam.name: exam for exam in _exams}
