"""What a convolution gets wrong in dw and db: (name, message, part)."""

from __future__ import annotations

import numpy as np

from .conv_dx import Named, places, turned
from .parts import Array, Call, back_b, back_w, windows


def last(call: Call, dout: Array, samples: bool, places: bool) -> Array:
    """dw of the last sample, of the last place, or of both."""
    kept = np.zeros_like(dout)
    where = np.s_[-1 if samples else slice(None), :]
    where += (-1, -1) if places else (slice(None), slice(None))
    kept[where] = dout[where]
    return back_w(call, kept)


def at_end(call: Call) -> Array:
    (ph, pw) = call.pad
    return np.pad(call.x, ((0, 0), (0, 0), (0, 2 * ph), (0, 2 * pw)))


def weigh(seen: Array, dout: Array) -> Array:
    return np.einsum("nckluv,nfuv->fckl", seen, dout)


DW: Named = [
    (
        "dw_last_place",
        "dw holds the last place of the last sample: dw[f] += in the loop, not =.",
        lambda call, dout: last(call, dout, True, True),
    ),
    (
        "dw_last_sample",
        "dw holds the last sample alone: sum over N.",
        lambda call, dout: last(call, dout, True, False),
    ),
    (
        "dw_last_place_all_samples",
        "dw holds the last place alone: add over all places with +=.",
        lambda call, dout: last(call, dout, False, True),
    ),
    (
        "dw_over_n",
        "dw is divided by N: dout already holds the mean of the loss, so sum over the samples.",
        lambda call, dout: back_w(call, dout) / len(dout),
    ),
    (
        "dw_over_places",
        "dw is averaged over the places: sum over them.",
        lambda call, dout: back_w(call, dout) / places(dout),
    ),
    (
        "dw_mean",
        "dw is averaged over samples and places: sum over both.",
        lambda call, dout: back_w(call, dout) / places(dout) / len(dout),
    ),
    (
        "dw_stride_ignored",
        "dw ignores the stride: output i saw the window that begins at i * stride.",
        lambda call, dout: weigh(windows(call, stride=(1, 1)), dout),
    ),
    (
        "dw_unpadded",
        "dw takes its windows from x without the padding at the beginning: "
        "use the same padded array as forward.",
        lambda call, dout: weigh(windows(call, at_end(call)), dout),
    ),
    (
        "dw_flipped",
        "dw is flipped: the weight at k meets the window's number k.",
        lambda call, dout: turned(back_w(call, dout)),
    ),
    (
        "dw_without_dout",
        "dw does not use dout: each window counts as much as its output's dout.",
        lambda call, dout: back_w(call, np.ones_like(dout)),
    ),
    (
        "dw_without_x",
        "dw does not use x: a weight's gradient is the pixel it meets, times dout.",
        lambda call, dout: weigh(np.ones_like(windows(call)), dout),
    ),
    (
        "dw_channels_summed",
        "Every channel of dw holds the sum over the channels: keep the index c.",
        lambda call, dout: np.repeat(
            back_w(call, dout).sum(axis=1, keepdims=True), call.x.shape[1], axis=1
        ),
    ),
    (
        "dw_filters_summed",
        "Every filter of dw holds the sum over the filters: filter f has its own dout[:, f].",
        lambda call, dout: np.repeat(
            back_w(call, dout).sum(axis=0, keepdims=True), len(call.w), axis=0
        ),
    ),
    (
        "dw_channels_before_filters",
        "The first two axes of dw are exchanged: dw has the shape of w, (F, C, ...).",
        lambda call, dout: np.swapaxes(back_w(call, dout), 0, 1),
    ),
    ("dw_negated", "The sign of dw is reversed.", lambda call, dout: -back_w(call, dout)),
    (
        "dw_zero",
        "dw is all 0: it is allocated, but nothing is added to it.",
        lambda call, dout: 0 * back_w(call, dout),
    ),
    (
        "dw_with_bias",
        "The bias slipped into dw: a weight's gradient is the pixel it meets, times dout.",
        lambda call, dout: back_w(call, dout) + call.b[:, None, None, None],
    ),
]

DB: Named = [
    (
        "db_one_number",
        "db is one number: sum over samples and places, but not over the filters.",
        lambda call, dout: dout.sum(),
    ),
    (
        "db_not_over_samples",
        "db still has the samples: sum over N, too.",
        lambda call, dout: dout.sum(axis=(2, 3)),
    ),
    (
        "db_over_samples_only",
        "db is summed over the samples alone: sum over the places, too.",
        lambda call, dout: dout.sum(axis=0)[:, 0] if dout.shape[2] == 1 else dout.sum(axis=0),
    ),
    (
        "db_over_n",
        "db is divided by N: dout already holds the mean of the loss.",
        lambda call, dout: back_b(call, dout) / len(dout),
    ),
    (
        "db_mean",
        "db is averaged over samples and places: sum over both.",
        lambda call, dout: dout.mean(axis=(0, 2, 3)),
    ),
    (
        "db_over_places",
        "db is averaged over the places: sum over them.",
        lambda call, dout: back_b(call, dout) / places(dout),
    ),
    (
        "db_counts",
        "db counts the outputs of a filter: sum their dout.",
        lambda call, dout: back_b(call, np.ones_like(dout)),
    ),
    (
        "db_ones",
        "db is all 1: the bias is used in every place of every sample.",
        lambda call, dout: np.ones_like(call.b),
    ),
    (
        "db_zero",
        "db is all 0: sum dout over samples and places.",
        lambda call, dout: np.zeros_like(call.b),
    ),
    (
        "db_first_sample",
        "db holds the first sample alone: sum over N.",
        lambda call, dout: back_b(call, dout[:1]),
    ),
    (
        "db_last_sample",
        "db holds the last sample alone: add with +=.",
        lambda call, dout: back_b(call, dout[-1:]),
    ),
    (
        "db_last_place",
        "db holds the last place of the last sample: db[f] += in the loop, not =.",
        lambda call, dout: back_b(call, dout[-1:, :, -1:, -1:]),
    ),
    (
        "db_keeps_axes",
        "db keeps axes of length 1: its shape is (F,).",
        lambda call, dout: dout.sum(axis=(0, 2, 3)).reshape(1, -1, 1),
    ),
    ("db_negated", "The sign of db is reversed.", lambda call, dout: -back_b(call, dout)),
    (
        "db_times_b",
        "db is multiplied by b: out grows as fast as the bias does, so the factor is 1.",
        lambda call, dout: call.b * back_b(call, dout),
    ),
]

DW_IMAGES: Named = [
    (
        "dw_transposed",
        "The rows and columns of dw are exchanged: dw has the shape of w.",
        lambda call, dout: back_w(call, dout).transpose(0, 1, 3, 2),
    ),
    (
        "dw_stride_in_rows_only",
        "In dw the stride holds for rows alone: columns begin at j * stride, too.",
        lambda call, dout: weigh(windows(call, stride=(call.stride[0], 1)), dout),
    ),
]
DB_IMAGES: Named = [
    (
        "db_over_n_and_rows",
        "db still has the columns: sum over samples, rows and columns, axis=(0, 2, 3).",
        lambda call, dout: dout.sum(axis=(0, 2)),
    ),
    (
        "db_not_over_filters",
        "db is summed over the filters and keeps the columns: sum over axis=(0, 2, 3).",
        lambda call, dout: dout.sum(axis=(0, 1, 2)),
    ),
]
