"""What a convolution gets wrong in dx: (name, message, part)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .parts import Array, Call, back_x, cropped, entries, scattered

Part = Callable[[Call, Array], Any]
Named = list[tuple[str, str, Part]]


def turned(w: Array) -> Array:
    return w[:, :, ::-1, ::-1]


def minus_pad(call: Call, dout: Array) -> Array:
    """Cut with [pad:-pad], along the sides that have padding to think of."""
    dpadded, (ph, pw) = scattered(call, dout), call.pad
    one_row = call.x.shape[2] == call.w.shape[2] == 1 and ph == 0
    rows = slice(None) if one_row else slice(ph, -ph)
    return dpadded[:, :, rows, pw:-pw]


def assigned_places(call: Call, dout: Array, per_filter: bool) -> Array:
    """`=` in the loops over places, for one filter after another or for all at once."""
    dpadded = np.zeros(call.padded.shape)
    (sh, sw), (kh, kw) = call.stride, call.w.shape[2:]
    filters = [slice(f, f + 1) for f in range(len(call.w))] if per_filter else [slice(None)]
    for f in filters:
        for i, j in np.ndindex(*dout.shape[2:]):
            sent = np.einsum("nf,fckl->nckl", dout[:, f, i, j], call.w[f])
            dpadded[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw] = sent
    return cropped(call, dpadded)


def assigned_weights(call: Call, dout: Array) -> Array:
    """`=` in a loop over the weights of a filter."""
    dpadded = np.zeros(call.padded.shape)
    for i, j in entries(call):
        dpadded[call.places(i, j)] = np.einsum("nfuv,fc->ncuv", dout, call.w[:, :, i, j])
    return cropped(call, dpadded)


def only_filter(call: Call, dout: Array, which: int) -> Array:
    chosen = np.zeros_like(dout)
    chosen[:, which] = dout[:, which]
    return back_x(call, chosen)


def places(dout: Array) -> int:
    return int(np.prod(dout.shape[2:]))


def _transposed(call: Call, dout: Array) -> Array:
    """Loops over places with w[f].T, where that has the shape of a window."""
    dpadded = np.zeros(call.padded.shape)
    (sh, sw), (kh, kw) = call.stride, call.w.shape[2:]
    for n, f, i, j in np.ndindex(*dout.shape):
        sent = dout[n, f, i, j] * call.w[f].transpose(0, 2, 1)
        dpadded[n, :, i * sh : i * sh + kh, j * sw : j * sw + kw] += sent
    return cropped(call, dpadded)


DX: Named = [
    (
        "dx_with_padding",
        "dx still has its padding: cut it off, dpadded[..., pad : pad + H, pad : pad + W].",
        scattered,
    ),
    (
        "dx_cut_by_minus_pad",
        "[pad:-pad] is empty for pad = 0: cut with [pad : pad + W], and rows with H.",
        minus_pad,
    ),
    (
        "dx_cut_from_start",
        "dx is cut from the beginning of the padded array: it begins at pad.",
        lambda call, dout: scattered(call, dout)[:, :, : call.x.shape[2], : call.x.shape[3]],
    ),
    (
        "dx_cut_from_end",
        "dx is the end of the padded array: it ends pad before that.",
        lambda call, dout: scattered(call, dout)[:, :, -call.x.shape[2] :, -call.x.shape[3] :],
    ),
    (
        "dx_assigned",
        "Windows overlap, and filters follow each other: add with +=, do not assign to dpadded.",
        lambda call, dout: assigned_places(call, dout, True),
    ),
    (
        "dx_assigned_all_filters",
        "Windows overlap: add each window's share to dpadded with +=, do not assign it.",
        lambda call, dout: assigned_places(call, dout, False),
    ),
    (
        "dx_assigned_by_weight",
        "In the loop over the weights of a filter one pixel comes up several times: "
        "add to dpadded with +=.",
        assigned_weights,
    ),
    (
        "dx_stride_ignored",
        "dx ignores the stride: output i goes back to the window that begins at i * stride.",
        lambda call, dout: cropped(call, scattered(call, dout, stride=(1, 1))),
    ),
    (
        "dx_flipped",
        "The filter is flipped in dx: dout * w[f] goes to the window as it is.",
        lambda call, dout: cropped(call, scattered(call, dout, turned(call.w))),
    ),
    (
        "dx_first_filter_only",
        "dx comes from the first filter alone: sum over all F filters.",
        lambda call, dout: only_filter(call, dout, 0),
    ),
    (
        "dx_last_filter_only",
        "dx comes from the last filter alone: sum over all F filters.",
        lambda call, dout: only_filter(call, dout, -1),
    ),
    (
        "dx_without_dout",
        "dx does not use dout: each output sends dout times the filter.",
        lambda call, dout: back_x(call, np.ones_like(dout)),
    ),
    (
        "dx_without_w",
        "dx does not use w: an output grows with a pixel as the weight says.",
        lambda call, dout: cropped(call, scattered(call, dout, np.ones_like(call.w))),
    ),
    (
        "dx_over_n",
        "dx is divided by N: dout already holds the mean of the loss.",
        lambda call, dout: back_x(call, dout) / len(dout),
    ),
    (
        "dx_over_places",
        "dx is divided by the number of places: each output sends its whole share.",
        lambda call, dout: back_x(call, dout) / places(dout),
    ),
    (
        "dx_zero",
        "dx is all 0: it is allocated, but nothing is added to it, or not returned.",
        lambda call, dout: 0 * back_x(call, dout),
    ),
    ("dx_negated", "The sign of dx is reversed.", lambda call, dout: -back_x(call, dout)),
    (
        "dx_first_channel_for_all",
        "All channels of dx are the same: each channel has its own weights w[:, c].",
        lambda call, dout: np.repeat(back_x(call, dout)[:, :1], call.x.shape[1], axis=1),
    ),
    (
        "dx_one_sample",
        "Every sample of dx holds the sum over the samples: keep the index n.",
        lambda call, dout: np.repeat(
            back_x(call, dout).sum(axis=0, keepdims=True), len(dout), axis=0
        ),
    ),
]

DX_IMAGES: Named = [
    (
        "dx_kernel_transposed",
        "dx uses the filter with rows and columns exchanged.",
        _transposed,
    ),
    (
        "dx_rows_cut_only",
        "dx keeps the padding of its columns: cut rows and columns.",
        lambda call, dout: scattered(call, dout)[:, :, call.pad[0] : call.pad[0] + call.x.shape[2]],
    ),
    (
        "dx_stride_in_rows_only",
        "In dx the stride holds for rows alone: columns begin at j * stride, too.",
        lambda call, dout: cropped(call, scattered(call, dout, stride=(call.stride[0], 1))),
    ),
    (
        "dx_stride_in_columns_only",
        "In dx the stride holds for columns alone: rows begin at i * stride, too.",
        lambda call, dout: cropped(call, scattered(call, dout, stride=(1, call.stride[1]))),
    ),
]
