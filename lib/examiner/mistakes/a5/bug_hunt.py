"""The bug hunt: wrong lines for a5.slip, and mendings that are not for a5.mended_conv2d."""

from __future__ import annotations

from typing import Any

import numpy as np

from examiner.bank import Bank

from .conv2d_right import columns_with_channels_last, quadruple_loop, seven_loops
from .conv_contract import RIGHT
from .conv_dx import assigned_places, assigned_weights
from .parts import Array, Call, cropped, entries, in_two, made, scattered

SLIP = Bank("a5.slip")
for _id, _says, _letter in (
    ("padding_line", "Line a is right: out agrees, with padding and without.", "a"),
    ("bias_line", "Line b is right: out agrees. The bias is added once to each map.", "b"),
    (
        "dw_line",
        "Line c is right: each weight (i, j) comes up once in this loop, and dw agrees. "
        "What comes up more than once?",
        "c",
    ),
    (
        "crop_line",
        "Line e is right: it cuts rightly for pad = 0, too, and dx is wrong without padding "
        "as well.",
        "e",
    ),
    ("db_line", "Line f is right: db agrees. It sums over samples, rows and columns.", "f"),
):
    SLIP.add_mistake(_id, _says, _letter)
SLIP.right["capital_letter"] = " D "
SLIP.right["with_a_bracket"] = "d)"

MENDED = Bank("a5.mended_conv2d")


def mistake(name: str, says: str, **parts: Any) -> None:
    MENDED.add_mistake(name, says, in_two(made(**parts)))


def _overlaps(call: Call) -> Array:
    """How many windows see each pixel of the padded images, 1 where none does."""
    ones = np.ones((1, 1, *call.sides))
    seen = np.zeros((1, 1, *call.padded.shape[2:]))
    for i, j in entries(call):
        seen[call.places(i, j)] += ones
    return np.maximum(seen, 1)


mistake(
    "not_mended",
    "dx is what the colleague's function gives: one line of it is still to be mended. "
    "Which array is written to more than once?",
    dx=assigned_weights,
)
mistake(
    "averaged",
    "Where windows overlap their shares are averaged: add them up.",
    dx=lambda call, dout: cropped(call, scattered(call, dout) / _overlaps(call)),
)
mistake(
    "subtracted",
    "The shares are subtracted: add them up.",
    dx=lambda call, dout: -cropped(call, scattered(call, dout)),
)
mistake(
    "maximum_kept",
    "The largest share is kept where windows overlap: add them all up.",
    dx=lambda call, dout: cropped(call, _maximum(call, dout)),
)
mistake(
    "places_assigned",
    "The loop runs over the places now, and still assigns: add with +=.",
    dx=lambda call, dout: assigned_places(call, dout, False),
)
mistake(
    "padding_kept",
    "dx has the padded shape now: line e was right.",
    dx=scattered,
)
mistake(
    "stride_dropped",
    "dx ignores the stride now: the places were right.",
    dx=lambda call, dout: cropped(call, scattered(call, dout, stride=(1, 1))),
)
mistake(
    "filter_turned",
    "The filter is flipped in dx now: the weights were right, and `=` was not.",
    dx=lambda call, dout: cropped(call, scattered(call, dout, call.w[:, :, ::-1, ::-1])),
)
mistake(
    "db_divided",
    "db is divided by N now, and it was right: db must stay the sum.",
    db=lambda call, dout: dout.sum(axis=(0, 2, 3)) / len(dout),
)


def _maximum(call: Call, dout: Array) -> Array:
    dpadded = np.zeros(call.padded.shape)
    for i, j in entries(call):
        sent = np.einsum("nfuv,fc->ncuv", dout, call.w[:, :, i, j])
        dpadded[call.places(i, j)] = np.maximum(dpadded[call.places(i, j)], sent)
    return dpadded


def _added_to_every_call(call: Call) -> Any:
    out, backward = RIGHT(call)
    total = np.zeros(call.x.shape)

    def back(dout: Array) -> Any:
        found = backward(dout)
        total[...] += found[0]
        return total.copy(), found[1], found[2]

    return out, back


MENDED.add_mistake(
    "allocated_outside",
    "dx grows from call to call: allocate dpadded inside backward.",
    in_two(_added_to_every_call),
)
for _right in (quadruple_loop, seven_loops, columns_with_channels_last):
    MENDED.odd_but_right(_right)
