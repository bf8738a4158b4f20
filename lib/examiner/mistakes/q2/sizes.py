"""Slips in q2's questions on sizes: places, outputs, padding, receptive field."""

from __future__ import annotations

from math import ceil
from typing import Any

from examiner.exams.q2 import counts

from .slips import numeric_bank, slip

SIZE, OUTPUTS, PADDING, FIELD = (numeric_bank(counts.EXAMS[place]) for place in (0, 1, 3, 4))


@slip(SIZE, "A size is a whole number: the last step runs over the end, so round down.")
def not_rounded(n: int, window: int, stride: int, pad: int) -> Any:
    return (n + 2 * pad - window) / stride + 1


@slip(SIZE, "The last step runs over the end and does not count: round down, not up.")
def rounded_up(n: int, window: int, stride: int, pad: int) -> Any:
    return ceil((n + 2 * pad - window) / stride) + 1


@slip(SIZE, "This is the number of steps: before the first of them the window stands, too. Add 1.")
def no_plus_one(n: int, window: int, stride: int, pad: int) -> Any:
    return (n + 2 * pad - window) // stride


@slip(SIZE, "The padding is counted once: it lies at both ends.")
def padded_once(n: int, window: int, stride: int, pad: int) -> Any:
    return (n + pad - window) // stride + 1


@slip(SIZE, "The padding is left out: n + 2 pad numbers are there.")
def not_padded(n: int, window: int, stride: int, pad: int) -> Any:
    return (n - window) // stride + 1


@slip(SIZE, "The stride is left out: divide by it.")
def stride_left_out(n: int, window: int, stride: int, pad: int) -> Any:
    return n + 2 * pad - window + 1


@slip(SIZE, "The window is not subtracted: it must lie inside in its last place, too.")
def window_left_out(n: int, window: int, stride: int, pad: int) -> Any:
    return (n + 2 * pad) // stride + 1


@slip(SIZE, "This counts windows side by side: they begin `stride` apart.")
def side_by_side(n: int, window: int, stride: int, pad: int) -> Any:
    return (n + 2 * pad) // window


@slip(SIZE, "These are the places in both directions: the question is about one side.")
def both_sides(n: int, window: int, stride: int, pad: int) -> Any:
    return counts.places(n, window, stride, pad) ** 2


@slip(OUTPUTS, "KH and KW are exchanged: the rows go with H and KH, the columns with W and KW.")
def sides_exchanged(C: int, H: int, W: int, F: int, KH: int, KW: int) -> Any:
    return F * (H - KW + 1) * (W - KH + 1)


@slip(
    OUTPUTS, "The size is kept here: without padding each side loses as much as its window less 1."
)
def size_kept(C: int, H: int, W: int, F: int, KH: int, KW: int) -> Any:
    return F * H * W


@slip(OUTPUTS, "1 is missing at each side: H - KH + 1 and W - KW + 1 places.")
def no_plus_one_each(C: int, H: int, W: int, F: int, KH: int, KW: int) -> Any:
    return F * (H - KH) * (W - KW)


@slip(OUTPUTS, "This is one activation map: there is one for each filter.")
def one_map(C: int, H: int, W: int, F: int, KH: int, KW: int) -> Any:
    return (H - KH + 1) * (W - KW + 1)


@slip(OUTPUTS, "This has as many maps as the input has channels: there is one for each filter.")
def channels_of_input(C: int, H: int, W: int, F: int, KH: int, KW: int) -> Any:
    return C * (H - KH + 1) * (W - KW + 1)


@slip(OUTPUTS, "Filters and channels are multiplied: a filter adds up over all channels at once.")
def a_map_for_each_pair(C: int, H: int, W: int, F: int, KH: int, KW: int) -> Any:
    return C * F * (H - KH + 1) * (W - KW + 1)


@slip(OUTPUTS, "This counts the weights. The question asks for the numbers of the output.")
def weights(C: int, H: int, W: int, F: int, KH: int, KW: int) -> Any:
    return F * C * KH * KW


@slip(OUTPUTS, "This counts multiplications. The question asks for the numbers of the output.")
def work(C: int, H: int, W: int, F: int, KH: int, KW: int) -> Any:
    return F * (H - KH + 1) * (W - KW + 1) * C * KH * KW


@slip(PADDING, "The dilation is left out: the filter reaches over D (F - 1) + 1 numbers.")
def no_dilation(F: int, D: int) -> Any:
    return (F - 1) // 2


@slip(PADDING, "This is the padding of both ends together: half of it goes to each.")
def both_ends(F: int, D: int) -> Any:
    return D * (F - 1)


@slip(PADDING, "This is how far the filter reaches: (reach - 1) / 2 zeros go to each end.")
def reach(F: int, D: int) -> Any:
    return D * (F - 1) + 1


@slip(PADDING, "The dilation is added: it multiplies the F - 1 steps from number to number.")
def dilation_added(F: int, D: int) -> Any:
    return (F - 1) // 2 + D


@slip(PADDING, "This is half of the reach: subtract 1 from it first.")
def half_of_reach(F: int, D: int) -> Any:
    return (D * (F - 1) + 1) / 2


@slip(PADDING, "Half of the reach is rounded up: subtract 1 from the reach, then halve.")
def half_of_reach_rounded_up(F: int, D: int) -> Any:
    return D * (F - 1) // 2 + 1


@slip(FIELD, "The strides are left out: after a stride of 2 the next window counts twice.")
def strides_left_out(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return 1 + (F1 - 1) + (F2 - 1) + (F3 - 1)


@slip(FIELD, "The windows are multiplied: they overlap, so what they reach further adds up.")
def windows_multiplied(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return F1 * F2 * F3


@slip(
    FIELD,
    "The windows are added whole: each layer adds its window less 1, times the strides before it.",
)
def windows_added(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return F1 + F2 + F3


@slip(FIELD, "The last layer counts the stride before it alone: take the product of all of them.")
def only_the_last_stride(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return 1 + (F1 - 1) + (F2 - 1) * S1 + (F3 - 1) * S2


@slip(FIELD, "The strides before the last layer are added: they multiply.")
def strides_added(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return 1 + (F1 - 1) + (F2 - 1) * S1 + (F3 - 1) * (S1 + S2)


@slip(FIELD, "Each layer's own stride is counted already: only those before it count.")
def own_stride_too(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return 1 + (F1 - 1) * S1 + (F2 - 1) * S1 * S2 + (F3 - 1) * S1 * S2


@slip(FIELD, "Each window counts whole here: it adds window - 1, since its first number is there.")
def window_for_window_less_one(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return 1 + F1 + F2 * S1 + F3 * S1 * S2


@slip(FIELD, "1 is missing: these are the pixels that come in addition to the first.")
def first_pixel_forgotten(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return (F1 - 1) + (F2 - 1) * S1 + (F3 - 1) * S1 * S2


@slip(FIELD, "The pool is left out: it makes the field larger, and its stride counts.")
def pool_left_out(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return 1 + (F1 - 1) + (F3 - 1) * S1


@slip(FIELD, "The pool's window is left out: it widens the field as a filter does.")
def pools_window_left_out(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return 1 + (F1 - 1) + (F3 - 1) * S1 * S2


@slip(FIELD, "The last layer is left out: the question is about one of its numbers.")
def last_layer_left_out(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return 1 + (F1 - 1) + (F2 - 1) * S1


@slip(FIELD, "The order is turned round: the strides before a layer count, not those after it.")
def turned_round(F1: int, S1: int, F2: int, S2: int, F3: int) -> Any:
    return 1 + (F3 - 1) + (F2 - 1) * S2 + (F1 - 1) * S1 * S2
