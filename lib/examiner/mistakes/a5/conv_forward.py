"""What a convolution gets wrong in out: (name, message, part)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .parts import Array, Call, forward, product, windows

Out = Callable[[Call], Any]


def padded_by(call: Call, before: tuple[int, int], after: tuple[int, int], **how: Any) -> Array:
    return np.pad(call.x, ((0, 0), (0, 0), *zip(before, after, strict=True)), **how)


def out_of(call: Call, padded: Array, stride: Any = None) -> Array:
    return product(windows(call, padded, stride), call.w, call.b)


def double(pad: tuple[int, int]) -> tuple[int, int]:
    return 2 * pad[0], 2 * pad[1]


def channels(call: Call, which: slice) -> Array:
    return product(windows(call)[:, which], call.w[:, which], call.b)


def flipped(w: Array) -> Array:
    return w[:, :, ::-1, ::-1]


def by_windows(call: Call) -> Array:
    """Windows that begin where the last one ended; what lies beyond the end is 0."""
    found = np.zeros((len(call.x), len(call.w), *call.sides))
    kh, kw = call.w.shape[2:]
    images = np.pad(call.padded, ((0, 0), (0, 0), (0, 99), (0, 99)))
    for i, j in np.ndindex(*call.sides):
        seen = images[:, :, i * kh : i * kh + kh, j * kw : j * kw + kw]
        found[:, :, i, j] = np.einsum("nckl,fckl->nf", seen, call.w) + call.b
    return found


def without_last(call: Call) -> Array:
    out = forward(call)
    out[:, :, -1 if out.shape[2] > 1 else slice(None)] *= out.shape[2] == 1
    out[:, :, :, -1] = 0
    return out


def unpadded_windows(call: Call) -> Array:
    """The loops of the definition, on x in place of the padded images."""
    out = np.zeros((len(call.x), len(call.w), *call.sides))
    (sh, sw), (kh, kw) = call.stride, call.w.shape[2:]
    for n, f, i, j in np.ndindex(*out.shape):
        seen = call.x[n, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
        out[n, f, i, j] = np.sum(seen * call.w[f]) + call.b[f]
    return out


def in_whole_numbers(call: Call) -> Array:
    return forward(call).astype(int)


def size_of(weights: Array) -> int:
    return int(np.prod(weights.shape[1:]))


def fixed_pad(call: Call) -> Array:
    """The padding written into the code: 1 along every side that there is."""
    rows = 0 if call.x.shape[2] == call.w.shape[2] == 1 and call.pad[0] == 0 else 1
    return forward(call.but(pad=(rows, 1)))


OUT: list[tuple[str, str, Out]] = [
    (
        "flipped_forward",
        "Your filter is flipped in out: ConvNets use cross-correlation, w[k] meets x[i + k].",
        lambda call: product(windows(call), flipped(call.w), call.b),
    ),
    (
        "first_channel_only",
        "out holds what the first channel gives: sum over all C channels.",
        lambda call: channels(call, slice(0, 1)),
    ),
    (
        "last_channel_only",
        "out holds what the last channel gives: `=` in the loop over channels must be `+=`.",
        lambda call: channels(call, slice(-1, None)),
    ),
    (
        "last_channel_missing",
        "The last channel is left out of the sum: the channels are 0 to C - 1.",
        lambda call: channels(call, slice(0, max(1, call.x.shape[1] - 1))),
    ),
    (
        "mean_over_channels",
        "The channels are averaged: add them up.",
        lambda call: product(windows(call), call.w / call.x.shape[1], call.b),
    ),
    (
        "mean_over_window",
        "The products of a window are averaged (np.mean): add them up.",
        lambda call: product(windows(call), call.w / size_of(call.w), call.b),
    ),
    (
        "bias_averaged_too",
        "Sum and bias are both divided by the size of the window: nothing is divided here.",
        lambda call: forward(call) / size_of(call.w),
    ),
    (
        "no_bias",
        "The bias is missing: add b[f] to every number of filter f.",
        lambda call: product(windows(call), call.w, 0 * call.b),
    ),
    (
        "bias_subtracted",
        "The bias is subtracted: add it.",
        lambda call: product(windows(call), call.w, -call.b),
    ),
    (
        "bias_per_channel",
        "The bias is added once for each channel: add it once for each number of out.",
        lambda call: product(windows(call), call.w, call.x.shape[1] * call.b),
    ),
    (
        "bias_per_weight",
        "The bias is added to every product before the sum: add it once, after the sum.",
        lambda call: product(windows(call), call.w, size_of(call.w) * call.b),
    ),
    (
        "first_bias_for_all",
        "Every filter gets the bias of the first one: filter f has b[f].",
        lambda call: product(windows(call), call.w, np.full_like(call.b, call.b[0])),
    ),
    (
        "all_biases_added",
        "The sum of all biases is added: filter f has b[f] alone.",
        lambda call: product(windows(call), call.w, np.full_like(call.b, call.b.sum())),
    ),
    (
        "bias_along_last_axis",
        "`out + b` adds the biases along the last axis: they belong to the filters, "
        "b[:, None] or b[:, None, None].",
        lambda call: product(windows(call), call.w, 0 * call.b) + call.b,
    ),
    (
        "first_filter_for_all",
        "Every map comes from the first filter: map f belongs to w[f].",
        lambda call: product(windows(call), np.repeat(call.w[:1], len(call.w), axis=0), call.b),
    ),
    (
        "first_sample_for_all",
        "All samples give the same out: index the padded input with n, not with 0.",
        lambda call: np.repeat(forward(call)[:1], len(call.x), axis=0),
    ),
    (
        "only_last_sample",
        "Only the last sample is there, the others are 0: is something made anew inside the loop?",
        lambda call: (
            forward(call) * (np.arange(len(call.x)) == len(call.x) - 1)[:, None, None, None]
        ),
    ),
    (
        "not_padded",
        "The input is not padded: add `pad` zeros at each end before the windows are taken.",
        lambda call: forward(call.but(pad=(0, 0))),
    ),
    (
        "size_padded_but_not_x",
        "The size of out counts the padding, but the windows are taken from x without it: "
        "index the padded array.",
        unpadded_windows,
    ),
    (
        "padded_after_only",
        "All the padding stands at the end: put `pad` zeros at each end.",
        lambda call: out_of(call, padded_by(call, (0, 0), double(call.pad))),
    ),
    (
        "padded_before_only",
        "All the padding stands at the beginning: put `pad` zeros at each end.",
        lambda call: out_of(call, padded_by(call, double(call.pad), (0, 0))),
    ),
    (
        "padded_with_ones",
        "The padding is not 0: use np.pad's constant mode with 0.",
        lambda call: out_of(call, padded_by(call, call.pad, call.pad, constant_values=1)),
    ),
    (
        "padded_with_edge",
        "The padding repeats the border: pad with zeros.",
        lambda call: out_of(call, padded_by(call, call.pad, call.pad, mode="edge")),
    ),
    (
        "padded_by_wrapping",
        "The padding goes round to the other side (np.roll, or mode='wrap'): pad with zeros.",
        lambda call: out_of(call, padded_by(call, call.pad, call.pad, mode="wrap")),
    ),
    (
        "stride_not_in_index",
        "The stride is in the size of out but not in the index: the window begins at i * stride.",
        lambda call: product(windows(call, stride=(1, 1)), call.w, call.b),
    ),
    (
        "stride_ignored",
        "The stride is ignored: the window moves by `stride`, and out is smaller for it.",
        lambda call: forward(call.but(stride=(1, 1))),
    ),
    (
        "moves_by_window",
        "The window moves by its own size: it begins at i * stride, not at i * KH.",
        by_windows,
    ),
    (
        "last_place_missing",
        "The last place of each side is left at 0: range(OH) already ends at OH - 1.",
        without_last,
    ),
    (
        "whole_number_out",
        "The fractions of out are cut off: allocate it as float, not as int.",
        in_whole_numbers,
    ),
    (
        "relu_applied",
        "Negative numbers are cut off: out is not rectified.",
        lambda call: np.maximum(forward(call), 0),
    ),
    ("out_negated", "The sign of out is reversed.", lambda call: -forward(call)),
    (
        "products_of_sums",
        "The sum of the window is multiplied by the sum of the filter: multiply entry by entry, "
        "then sum.",
        lambda call: np.einsum("nckluv,fdij->nfuv", windows(call), call.w) + call.b[:, None, None],
    ),
    (
        "pad_written_in",
        "The padding is written into your code as 1: use the argument pad.",
        fixed_pad,
    ),
]
