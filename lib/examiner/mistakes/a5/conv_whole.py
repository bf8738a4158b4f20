"""What a convolution gets wrong as a whole (`BOTH`), and only with rows and columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from .conv_forward import Out, flipped
from .parts import Array, Call, Core, cropped, forward, made, product, scattered, windows


def _flip_both(call: Call) -> Any:
    w = flipped(call.w)
    return product(windows(call), w, call.b), lambda dout: (
        cropped(call, scattered(call, dout, w)),
        flipped(made()(call)[1](dout)[1]),
        dout.sum(axis=(0, 2, 3)),
    )


def _x_changed(call: Call) -> Any:
    core = made()(call)
    result = core[0]
    call.x[...] = call.x * 0.5
    return result, core[1]


BOTH: list[tuple[str, str, Core]] = [
    (
        "flipped",
        "The filter is flipped, forward and back: this is the mathematicians' convolution. "
        "ConvNets use cross-correlation, w[k] meets x[i + k].",
        _flip_both,
    ),
    ("x_changed", "The call changes x: work on a copy, such as the padded array.", _x_changed),
    (
        "out_only",
        "You return out alone: return out, backward, or out, None while backward is missing.",
        forward,
    ),
    (
        "backward_missing",
        "backward is still missing: these rows count once you return out, backward.",
        lambda call: (forward(call), None),
    ),
    (
        "order_swapped",
        "The two values are in the other order: return out, backward.",
        lambda call: made()(call)[::-1],
    ),
]


def all_axes_padded(call: Call) -> Array:
    """The loops of the definition, on an array padded along samples and channels, too."""
    out = np.zeros((len(call.x), len(call.w), *call.sides))
    padded = np.pad(call.x, max(call.pad))
    (sh, sw), (kh, kw) = call.stride, call.w.shape[2:]
    for n, f, i, j in np.ndindex(*out.shape):
        seen = padded[n, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
        out[n, f, i, j] = np.sum(seen * call.w[f]) + call.b[f]
    return out


IMAGES_ONLY: list[tuple[str, str, Out]] = [
    (
        "kernel_transposed",
        "The rows and columns of the filter are exchanged: w is (F, C, KH, KW), rows first.",
        lambda call: forward(call.but(w=call.w.transpose(0, 1, 3, 2))),
    ),
    (
        "flipped_rows_only",
        "The rows of the filter are turned round: w[k] meets row i + k.",
        lambda call: product(windows(call), call.w[:, :, ::-1], call.b),
    ),
    (
        "flipped_columns_only",
        "The columns of the filter are turned round: w[.., l] meets column j + l.",
        lambda call: product(windows(call), call.w[..., ::-1], call.b),
    ),
    (
        "rows_padded_only",
        "Only rows are padded: columns get `pad` zeros at each end, too.",
        lambda call: forward(call.but(pad=(call.pad[0], 0))),
    ),
    (
        "columns_padded_only",
        "Only columns are padded: rows get `pad` zeros at each end, too.",
        lambda call: forward(call.but(pad=(0, call.pad[1]))),
    ),
    (
        "stride_in_rows_only",
        "Columns move by 1: the stride holds for rows and columns.",
        lambda call: product(windows(call, stride=(call.stride[0], 1)), call.w, call.b),
    ),
    (
        "stride_in_columns_only",
        "Rows move by 1: the stride holds for rows and columns.",
        lambda call: product(windows(call, stride=(1, call.stride[1])), call.w, call.b),
    ),
    (
        "columns_before_rows",
        "The rows and columns of out are exchanged: out is (N, F, OH, OW).",
        lambda call: forward(call).transpose(0, 1, 3, 2),
    ),
    (
        "filters_last",
        "The filters stand on the last axis: out is (N, F, OH, OW).",
        lambda call: forward(call).transpose(0, 2, 3, 1),
    ),
    (
        "filters_first",
        "The filters stand before the samples: out is (N, F, OH, OW).",
        lambda call: forward(call).transpose(1, 0, 2, 3),
    ),
    (
        "all_axes_padded",
        "np.pad(x, pad) pads samples and channels, too: give a pair for each axis, "
        "((0, 0), (0, 0), (pad, pad), (pad, pad)).",
        all_axes_padded,
    ),
]
