"""Exams on sizes and counts: output size, fitting, receptive field, parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from strides.check import ALL, BrokenContract, Case, Check, Exam, Problem, one_output
from strides.check.values import as_array
from strides.visible.rules import FORBIDDEN

TEXT = "the text of this exercise"
TOO_LARGE = -1000


def run_size(answer: Any, n: int, window: int, stride: int, pad: int) -> Iterator[tuple[str, Any]]:
    """The size as a whole number; a ValueError counts as "the window does not fit"."""
    try:
        size = answer(n, window, stride, pad)
    except ValueError:
        yield "size", TOO_LARGE
        return
    if isinstance(size, float | np.floating):
        text = f"size is the float {size:g}. Expected a whole number of type int: try // for /."
        raise BrokenContract(Problem("type", text, f"float {size:g}"))
    if (as_array("size", size) == TOO_LARGE).any():
        raise BrokenContract(Problem("value", f"size is {TOO_LARGE}.", "too large"))
    yield "size", size


def oracle_size(n: int, window: int, stride: int, pad: int) -> dict[str, Any]:
    """Count the starts at which the whole window lies inside."""
    starts = [s for s in range(0, n + 2 * pad, stride) if s + window <= n + 2 * pad]
    return {"size": len(starts) or TOO_LARGE}


def settings(*rows: tuple[str, int, int, int, int]) -> list[Case]:
    names = ("n", "window", "stride", "pad")
    return [Case(row[0], dict(zip(names, row[1:], strict=True))) for row in rows]


def size_cases(rng: np.random.Generator) -> list[Case]:
    n, wide = (int(v) for v in rng.choice([23, 29, 31, 37], 2, replace=False))
    return settings(
        ("one step at a time", n, 5, 1, 0),
        ("same size", wide, 7, 1, 3),
        ("padding", n, 6, 1, 2),
        ("a stride that fits", 29, 5, 3, 0),
        ("a stride and padding that fit", 19, 6, 5, 1),
        ("a stride with a rest", 20, 5, 2, 0),
        ("a rest and padding", 32, 5, 4, 2),
        ("a larger rest", 25, 2, 6, 1),
        ("a stride larger than the window", 17, 2, 5, 0),
        ("a window as large as the input", 8, 8, 3, 0),
        ("a window of 1", 9, 1, 2, 0),
        ("fits with padding only", 3, 6, 2, 2),
        ("too large", 4, 7, 1, 0),
        ("too large in spite of padding", 4, 9, 2, 2),
        ("too large by 1", 6, 7, 1, 0),
    )


WHOLE = ("one step at a time", "same size", "padding", "a window of 1")
STEPS = ("a stride that fits", "a stride and padding that fit", "a stride with a rest")
REST = (
    "a rest and padding",
    "a larger rest",
    "a stride larger than the window",
    "a window as large as the input",
    "fits with padding only",
)
LARGE = ("too large", "too large in spite of padding", "too large by 1")
SIZE = Exam(
    "a5.output_size",
    run_size,
    oracle_size,
    size_cases,
    (
        Check("sizes", 1, {"size": (*WHOLE, *STEPS, *REST)}),
        Check("ValueError for a window that is too large", 1, {"size": LARGE}),
    ),
    TEXT,
    forbidden=FORBIDDEN["a5.output_size"],
)


def oracle_fits(n: int, window: int, stride: int, pad: int) -> dict[str, Any]:
    """Whether one of the steps ends exactly at the end."""
    ends = [start + window for start in range(0, n + 2 * pad, stride)]
    return {"fits": n + 2 * pad in ends}


FITS = Exam(
    "a5.fits",
    one_output("fits"),
    oracle_fits,
    lambda rng: [*size_cases(rng), *settings(("the last 1 unseen", 7, 3, 3, 0))],
    (Check("whether the last step ends at the end", 1, {"fits": ALL}),),
    TEXT,
    forbidden=FORBIDDEN["a5.fits"],
)

Layers = list[dict[str, Any]]


def conv(filters: int, window: int, stride: int = 1, pad: int = 0) -> dict[str, Any]:
    return {"kind": "conv", "filters": filters, "window": window, "stride": stride, "pad": pad}


def pool(window: int, stride: int) -> dict[str, Any]:
    return {"kind": "pool", "window": window, "stride": stride}


def affine(outputs: int) -> dict[str, Any]:
    return {"kind": "affine", "outputs": outputs}


def oracle_field(layers: Layers) -> dict[str, Any]:
    """Go back from one output: the first and last input that each layer sees."""
    first = last = 0
    for layer in reversed(layers):
        first, last = first * layer["stride"], last * layer["stride"] + layer["window"] - 1
    return {"field": last - first + 1}


def field_cases(rng: np.random.Generator) -> list[Case]:
    some = [int(f) for f in rng.integers(2, 30, size=8)]
    stacks: dict[str, Layers] = {
        "one layer": [conv(some[0], 7, 2, 3)],
        "two layers of stride 1": [conv(some[1], 5), conv(some[2], 5)],
        "three different windows": [conv(some[3], 3, 1, 1), conv(some[4], 5, 1, 2), conv(8, 2)],
        "a stride first": [conv(some[5], 5, 2, 1), conv(some[6], 3)],
        "a stride last": [conv(some[5], 3), conv(some[6], 4, 3)],
        "pooling between": [conv(6, 5, 1, 2), pool(2, 2), conv(16, 5), pool(2, 2)],
        "overlapping pooling": [conv(96, 11, 4), pool(3, 2), conv(some[7], 5, 1, 2), pool(3, 2)],
        "1 x 1": [conv(9, 3, 2, 1), conv(4, 1), conv(5, 3, 1, 1), conv(3, 1, 2)],
        "deep": [conv(4, 3, 2), conv(4, 3, 3), pool(3, 1), conv(4, 2, 2), conv(7, 5)],
    }
    return [Case(name, {"layers": layers}) for name, layers in stacks.items()]


UNIT = ("one layer", "two layers of stride 1", "three different windows")
STRIDED = (
    "a stride first",
    "a stride last",
    "pooling between",
    "overlapping pooling",
    "1 x 1",
    "deep",
)
FIELD = Exam(
    "a5.receptive_field",
    one_output("field"),
    oracle_field,
    field_cases,
    (
        Check("layers of stride 1, or one alone", 1, {"field": UNIT}),
        Check("strides and pooling", 1, {"field": STRIDED}),
    ),
    TEXT,
    forbidden=FORBIDDEN["a5.receptive_field"],
)


def run_count(
    answer: Any, shape: tuple[int, int, int], layers: Layers
) -> Iterator[tuple[str, Any]]:
    yield "parameters", answer(shape, layers)


def oracle_count(shape: tuple[int, int, int], layers: Layers) -> dict[str, Any]:
    """The net in torch, its parameters counted."""
    x, count = torch.zeros(1, *shape), 0
    for layer in layers:
        part = in_torch(layer, x)
        count += sum(p.numel() for p in part.parameters())
        x = part(x.flatten(1) if layer["kind"] == "affine" else x)
    return {"parameters": count}


def in_torch(layer: dict[str, Any], x: torch.Tensor) -> torch.nn.Module:
    if layer["kind"] == "conv":
        options = {"stride": layer["stride"], "padding": layer["pad"]}
        return torch.nn.Conv2d(x.shape[1], layer["filters"], layer["window"], **options)
    if layer["kind"] == "pool":
        return torch.nn.MaxPool2d(layer["window"], layer["stride"])
    return torch.nn.Linear(x[0].numel(), layer["outputs"])


def count_cases(rng: np.random.Generator) -> list[Case]:
    filters, other = (int(f) for f in rng.choice([5, 7, 11, 13], 2, replace=False))
    nets: dict[str, tuple[tuple[int, int, int], Layers]] = {
        "one convolution": ((3, 32, 32), [conv(10, 5, 1, 2)]),
        "one channel": ((1, 14, 11), [conv(filters, 4, 3, 1)]),
        "two convolutions": ((3, 20, 17), [conv(filters, 3), conv(other, 5, 2, 2)]),
        "an affine layer alone": ((2, 5, 6), [affine(other)]),
        "two affine layers": ((1, 7, 4), [affine(12), affine(3)]),
        "pooling in between": (
            (3, 18, 22),
            [conv(filters, 3, 1, 2), pool(2, 2), conv(other, 3), pool(3, 2), affine(10)],
        ),
        "strides and rests": (
            (4, 27, 21),
            [conv(filters, 5, 3, 1), pool(3, 1), conv(other, 2, 2), affine(9), affine(4)],
        ),
        "LeNet": (
            (1, 28, 28),
            [
                *(conv(6, 5, 1, 2), pool(2, 2), conv(16, 5), pool(2, 2)),
                *(affine(120), affine(84), affine(10)),
            ],
        ),
    }
    return [
        Case(name, {"shape": shape, "layers": layers}, rtol=1e-9, atol=0.1)
        for name, (shape, layers) in nets.items()
    ]


CONVOLUTIONS = ("one convolution", "one channel", "two convolutions")
NETS = (
    "an affine layer alone",
    "two affine layers",
    "pooling in between",
    "strides and rests",
    "LeNet",
)
COUNT = Exam(
    "a5.parameter_count",
    run_count,
    oracle_count,
    count_cases,
    (
        Check("convolutions", 1, {"parameters": CONVOLUTIONS}),
        Check("nets with pooling and affine layers", 1, {"parameters": NETS}),
    ),
    TEXT,
    forbidden=FORBIDDEN["a5.parameter_count"],
)
