"""Mistakes and odd but right answers for a5.parameter_count(shape, layers)."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from examiner.bank import Bank

BANK = Bank("a5.parameter_count")
Layers = list[dict[str, Any]]
Shape = tuple[int, ...]


def shrunk(n: int, layer: dict[str, Any]) -> int:
    return (n + 2 * layer.get("pad", 0) - layer["window"]) // layer["stride"] + 1


def count(
    shape: Shape,
    layers: Layers,
    conv: Callable[[int, int, int], int] = lambda c, k, f: (c * k * k + 1) * f,
    affine: Callable[[int, int], int] = lambda inputs, outputs: (inputs + 1) * outputs,
    side: Callable[[int, dict[str, Any]], int] = shrunk,
    pooled: Callable[[int, int], int] = lambda c, k: c,
    pool: Callable[[int, int], int] = lambda c, k: 0,
) -> int:
    """The count with parts that can be exchanged."""
    total = 0
    for layer in layers:
        if layer["kind"] == "affine":
            total += affine(prod(shape), layer["outputs"])
            shape = (layer["outputs"],)
            continue
        c, k = shape[0], layer["window"]
        if layer["kind"] == "conv":
            total += conv(c, k, layer["filters"])
            c = layer["filters"]
        else:
            total += pool(c, k)
            c = pooled(c, k)
        shape = (c, side(shape[1], layer), side(shape[2], layer))
    return total


def without(layer: dict[str, Any], **changes: int) -> dict[str, Any]:
    return layer | changes


for _name, _says, _parts in (
    (
        "conv_without_bias",
        "The biases of convolutions are missing: one for each filter.",
        {"conv": lambda c, k, f: c * k * k * f},
    ),
    (
        "affine_without_bias",
        "The biases of affine layers are missing: one for each output.",
        {"affine": lambda inputs, outputs: inputs * outputs},
    ),
    (
        "no_bias",
        "The biases are missing: one for each filter and one for each output.",
        {
            "conv": lambda c, k, f: c * k * k * f,
            "affine": lambda inputs, outputs: inputs * outputs,
        },
    ),
    (
        "one_bias_a_layer",
        "A convolution gets one bias in all: it has one for each filter.",
        {"conv": lambda c, k, f: c * k * k * f + 1},
    ),
    (
        "bias_per_channel",
        "Filters get a bias for each channel: one for each filter is enough.",
        {"conv": lambda c, k, f: c * (k * k + 1) * f},
    ),
    (
        "channels_forgotten",
        "A filter sees all channels: it has C * window * window weights.",
        {"conv": lambda c, k, f: (k * k + 1) * f},
    ),
    (
        "window_not_squared",
        "A filter has rows and columns: C * window * window weights.",
        {"conv": lambda c, k, f: (c * k + 1) * f},
    ),
    (
        "one_filter_counted",
        "The weights of one filter are counted: there are `filters` of them.",
        {"conv": lambda c, k, f: c * k * k + f},
    ),
    (
        "pool_counted",
        "Pools are counted as if they had weights: they have none.",
        {"pool": lambda c, k: c * k * k},
    ),
    (
        "pool_divides_channels",
        "Pooling works channel by channel: the number of channels stays.",
        {"pooled": lambda c, k: max(1, c // k)},
    ),
    (
        "pool_makes_one_channel",
        "Pooling works channel by channel: it does not merge the channels.",
        {"pooled": lambda c, k: 1},
    ),
    (
        "sizes_stay",
        "The sides stay as they were: convolutions and pools shrink them.",
        {"side": lambda n, layer: n},
    ),
    (
        "pad_ignored",
        "The padding is left out of the sizes.",
        {"side": lambda n, layer: shrunk(n, without(layer, pad=0))},
    ),
    (
        "padded_once",
        "Padding is added at both ends: 2 * pad.",
        {
            "side": lambda n, layer: (
                (n + layer.get("pad", 0) - layer["window"]) // layer["stride"] + 1
            )
        },
    ),
    (
        "strides_ignored",
        "The strides are left out of the sizes.",
        {"side": lambda n, layer: shrunk(n, without(layer, stride=1))},
    ),
    (
        "divided_by_stride_alone",
        "Sides are divided by the stride and nothing else: the window counts, too.",
        {"side": lambda n, layer: n // layer["stride"]},
    ),
    (
        "size_without_one",
        "1 is missing in the sizes: (n + 2 * pad - window) // stride + 1.",
        {"side": lambda n, layer: max(1, shrunk(n, layer) - 1)},
    ),
    (
        "size_rounded_up",
        "Sizes are rounded up: round down.",
        {
            "side": lambda n, layer: (
                -(-(n + 2 * layer.get("pad", 0) - layer["window"]) // layer["stride"]) + 1
            )
        },
    ),
    (
        "pool_side_by_window",
        "A pool moves by its stride, not by its window.",
        {
            "side": lambda n, layer: (
                n // layer["window"] if layer["kind"] == "pool" else shrunk(n, layer)
            )
        },
    ),
):

    def _wrong(shape: Shape, layers: Layers, parts: dict[str, Any] = _parts) -> Any:
        return count(shape, layers, **parts)

    BANK.add_mistake(_name, _says, _wrong)


@BANK.mistake(
    "The channels of the image are used in every layer: a layer gets the filters before it."
)
def first_channels_for_all(shape: Shape, layers: Layers) -> Any:
    return count(shape, layers, conv=lambda c, k, f: (shape[0] * k * k + 1) * f)


@BANK.mistake("The affine layer takes the channels alone: it gets C * H * W numbers.")
def affine_takes_channels(shape: Shape, layers: Layers) -> Any:
    total, c = 0, shape[0]
    for layer in layers:
        if layer["kind"] == "conv":
            total += (c * layer["window"] ** 2 + 1) * layer["filters"]
            c = layer["filters"]
        elif layer["kind"] == "affine":
            total += (c + 1) * layer["outputs"]
            c = layer["outputs"]
    return total


@BANK.mistake(
    "The image's own numbers go into every affine layer: take what the layer before gives."
)
def affine_takes_image(shape: Shape, layers: Layers) -> Any:
    return count(shape, layers, affine=lambda inputs, outputs: (prod(shape) + 1) * outputs)


@BANK.mistake("H is used for both sides: the images need not be square.")
def square_assumed(shape: Shape, layers: Layers) -> Any:
    return count((shape[0], shape[1], shape[1]), layers)


@BANK.mistake("Only the last layer is counted: add up with +=.")
def last_layer_counted(shape: Shape, layers: Layers) -> Any:
    return count(shape, layers) - count(shape, layers[:-1])


@BANK.mistake("Only convolutions are counted: affine layers have weights, too.")
def affine_left_out(shape: Shape, layers: Layers) -> Any:
    return count(shape, [layer for layer in layers if layer["kind"] != "affine"])


@BANK.mistake("Only affine layers are counted: filters have weights, too.")
def conv_left_out(shape: Shape, layers: Layers) -> Any:
    return count(shape, layers, conv=lambda c, k, f: 0)


@BANK.odd_but_right
def by_arrays(shape: Shape, layers: Layers) -> Any:
    total = 0.0
    x = np.zeros(shape)
    for layer in layers:
        if layer["kind"] == "affine":
            w = np.zeros((x.size, layer["outputs"]))
            total, x = total + w.size + w.shape[1], np.zeros(layer["outputs"])
            continue
        sides = [
            len(range(0, n + 2 * layer.get("pad", 0) - layer["window"] + 1, layer["stride"]))
            for n in x.shape[1:]
        ]
        filters = layer.get("filters", x.shape[0])
        if "filters" in layer:
            total += (
                np.zeros((filters, x.shape[0], layer["window"], layer["window"])).size + filters
            )
        x = np.zeros((filters, *sides))
    return total


@BANK.odd_but_right
def one_after_another(shape: Shape, layers: Layers) -> Any:
    parts = [count(shape, layers[: i + 1]) - count(shape, layers[:i]) for i in range(len(layers))]
    return np.sum(parts)
