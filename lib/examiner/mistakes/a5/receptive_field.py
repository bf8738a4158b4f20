"""Mistakes and odd but right answers for a5.receptive_field(layers)."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from examiner.bank import Bank

BANK = Bank("a5.receptive_field")
Layers = list[dict[str, Any]]


@BANK.mistake("Window sizes are added up: a layer adds window - 1 (times the distance).")
def sum_of_windows(layers: Layers) -> Any:
    return sum(layer["window"] for layer in layers)


@BANK.mistake("Strides are ignored: after stride 2 neighbours are 2 pixels apart.")
def strides_ignored(layers: Layers) -> Any:
    return 1 + sum(layer["window"] - 1 for layer in layers)


@BANK.mistake("A layer's own stride comes too early: it counts from the next layer on.")
def own_stride_counted(layers: Layers) -> Any:
    field, jump = 1, 1
    for layer in layers:
        jump *= layer["stride"]
        field += (layer["window"] - 1) * jump
    return field


@BANK.mistake("Only the stride of the layer before counts: strides multiply up.")
def last_stride_only(layers: Layers) -> Any:
    field, jump = 1, 1
    for layer in layers:
        field += (layer["window"] - 1) * jump
        jump = layer["stride"]
    return field


@BANK.mistake("Strides are added up: they multiply.")
def strides_added(layers: Layers) -> Any:
    field, jump = 1, 1
    for layer in layers:
        field += (layer["window"] - 1) * jump
        jump += layer["stride"] - 1
    return field


@BANK.mistake("Pools are left out: they have a window and a stride, too.")
def pools_ignored(layers: Layers) -> Any:
    return right_field([layer for layer in layers if layer["kind"] == "conv"])


@BANK.mistake("The windows of pools are left out: they see neighbours, too.")
def pool_windows_ignored(layers: Layers) -> Any:
    field, jump = 1, 1
    for layer in layers:
        if layer["kind"] == "conv":
            field += (layer["window"] - 1) * jump
        jump *= layer["stride"]
    return field


@BANK.mistake("The strides of pools are left out: they set neighbours apart, too.")
def pool_strides_ignored(layers: Layers) -> Any:
    field, jump = 1, 1
    for layer in layers:
        field += (layer["window"] - 1) * jump
        jump *= layer["stride"] if layer["kind"] == "conv" else 1
    return field


@BANK.mistake("The layer adds its whole window times the distance: window - 1 of them are new.")
def whole_window_added(layers: Layers) -> Any:
    field, jump = 1, 1
    for layer in layers:
        field += layer["window"] * jump
        jump *= layer["stride"]
    return field


@BANK.mistake("The field begins at 0: with no layer a number sees itself, 1 pixel.")
def from_zero(layers: Layers) -> Any:
    return right_field(layers) - 1


@BANK.mistake("The window is subtracted at the end: only window - 1 is added for each layer.")
def products(layers: Layers) -> Any:
    return prod(layer["window"] for layer in layers)


@BANK.mistake("The field of the last layer alone came back: go through all of them.")
def last_layer(layers: Layers) -> Any:
    return layers[-1]["window"]


@BANK.mistake("The field of the first layer alone came back: is `return` inside the loop?")
def first_layer(layers: Layers) -> Any:
    return layers[0]["window"]


@BANK.mistake("The layers are gone through from the last to the first with the rule for forward.")
def backwards(layers: Layers) -> Any:
    return right_field(layers[::-1])


@BANK.mistake("The padding is subtracted: it does not change how far a number sees.")
def padding_subtracted(layers: Layers) -> Any:
    return right_field(layers) - 2 * sum(layer.get("pad", 0) for layer in layers)


@BANK.mistake("The distance between neighbours came back: the field is asked for.")
def jump_returned(layers: Layers) -> Any:
    return prod(layer["stride"] for layer in layers)


@BANK.mistake("The area came back: the field is asked for along one side.")
def area(layers: Layers) -> Any:
    return right_field(layers) ** 2


@BANK.mistake("The last layer's window is left out.")
def last_left_out(layers: Layers) -> Any:
    return right_field(layers[:-1])


def right_field(layers: Layers) -> int:
    field, jump = 1, 1
    for layer in layers:
        field += (layer["window"] - 1) * jump
        jump *= layer["stride"]
    return field


@BANK.odd_but_right
def from_the_end(layers: Layers) -> Any:
    field = 1
    for layer in reversed(layers):
        field = (field - 1) * layer["stride"] + layer["window"]
    return float(field)


@BANK.odd_but_right
def by_reach(layers: Layers) -> Any:
    windows = np.array([layer["window"] for layer in layers])
    strides = np.array([1] + [layer["stride"] for layer in layers[:-1]])
    return 1 + np.sum((windows - 1) * np.cumprod(strides))


@BANK.odd_but_right
def recursive(layers: Layers) -> Any:
    if not layers:
        return 1
    first, *rest = layers
    return (recursive(rest) - 1) * first["stride"] + first["window"]
