"""Mistakes and odd but right answers for a5.output_size and a5.fits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from examiner.bank import Bank

SIZE = Bank("a5.output_size")
FITS = Bank("a5.fits")


def guarded(n: int, window: int, pad: int) -> None:
    if window > n + 2 * pad:
        raise ValueError("the window does not fit")


def size(n: int, window: int, stride: int, pad: int) -> int:
    guarded(n, window, pad)
    return (n + 2 * pad - window) // stride + 1


@SIZE.mistake("1 is missing: a window of 5 has 28 places on 32 numbers, 0 to 27.")
def no_plus_one(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return (n + 2 * pad - window) // stride


@SIZE.mistake("Padding is added at both ends: 2 * pad.")
def padded_once(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return (n + pad - window) // stride + 1


@SIZE.mistake("The padding is missing: n + 2 * pad numbers are there.")
def not_padded(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return (n - window) // stride + 1


@SIZE.mistake("The padding is missing, in the size and in the question whether the window fits.")
def not_padded_at_all(n: int, window: int, stride: int, pad: int) -> Any:
    return size(n, window, stride, 0)


@SIZE.mistake("The padding is subtracted: it makes the input larger.")
def pad_subtracted(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return (n - 2 * pad - window) // stride + 1


@SIZE.mistake("A float came back: use // in place of /, and rounding down comes with it.")
def true_division(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return (n + 2 * pad - window) / stride + 1


@SIZE.mistake("The size is rounded up: the last step that runs over the end does not count.")
def rounded_up(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return math.ceil((n + 2 * pad - window) / stride) + 1


@SIZE.mistake("The size is rounded to the nearest whole number: round down.")
def rounded(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return math.floor((n + 2 * pad - window) / stride + 0.5) + 1


@SIZE.mistake("1 is added before the division: add it after.")
def one_before_division(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return (n + 2 * pad - window + 1) // stride


@SIZE.mistake("stride is added in place of 1 without being divided: (...) // stride + 1.")
def stride_added(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return (n + 2 * pad - window) // stride + stride


@SIZE.mistake("The stride is ignored: divide by it.")
def stride_ignored(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return n + 2 * pad - window + 1


@SIZE.mistake("Only `window` is divided by the stride: put brackets around the difference.")
def brackets_missing(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return n + 2 * pad - window // stride + 1


@SIZE.mistake("The window is not subtracted: its last start lies `window` before the end.")
def window_not_subtracted(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return (n + 2 * pad) // stride


@SIZE.mistake("This counts windows side by side, n // window: they move by `stride`.")
def side_by_side(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return (n + 2 * pad) // window


@SIZE.mistake("window and stride are exchanged: subtract the window, divide by the stride.")
def window_and_stride_swapped(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, pad)
    return (n + 2 * pad - stride) // window + 1


@SIZE.mistake("A size that does not come out even raises an error: round down in that case.")
def raises_for_rests(n: int, window: int, stride: int, pad: int) -> Any:
    if (n + 2 * pad - window) % stride:
        raise ValueError("does not fit")
    return size(n, window, stride, pad)


@SIZE.mistake("A window that is too large must raise a ValueError: no number came to a stop.")
def never_raises(n: int, window: int, stride: int, pad: int) -> Any:
    return (n + 2 * pad - window) // stride + 1


@SIZE.mistake("A window that is too large gives 0 here: raise a ValueError.")
def zero_when_too_large(n: int, window: int, stride: int, pad: int) -> Any:
    return max(0, (n + 2 * pad - window) // stride + 1)


@SIZE.mistake("A window that is too large gives None here: raise a ValueError.")
def none_when_too_large(n: int, window: int, stride: int, pad: int) -> Any:
    return None if window > n + 2 * pad else size(n, window, stride, pad)


@SIZE.mistake("Whether the window is too large is asked of n alone: its padding counts.")
def guard_without_pad(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n, window, 0)
    return size(n, window, stride, pad)


@SIZE.mistake("A window as large as the input fits, once: raise only where it is larger.")
def guard_too_strict(n: int, window: int, stride: int, pad: int) -> Any:
    guarded(n - 1, window, pad)
    return size(n, window, stride, pad)


@SIZE.mistake("An assert fails with AssertionError: raise a ValueError.")
def asserts(n: int, window: int, stride: int, pad: int) -> Any:
    if window > n + 2 * pad:
        raise AssertionError
    return size(n, window, stride, pad)


@SIZE.mistake("You return the number of the worked example whatever the input is.")
def visible_answer(n: int, window: int, stride: int, pad: int) -> Any:
    return 15


@SIZE.odd_but_right
def counted(n: int, window: int, stride: int, pad: int) -> Any:
    places, start = 0, -pad
    while start + window <= n + pad:
        places, start = places + 1, start + stride
    if not places:
        raise ValueError(n, window)
    return np.int64(places)


@SIZE.odd_but_right
def length_of_a_range(n: int, window: int, stride: int, pad: int) -> Any:
    starts = range(0, n + 2 * pad - window + 1, stride)
    if len(starts) == 0:
        raise ValueError("no place for this window")
    return len(starts)


@SIZE.odd_but_right
def floor_of_a_float(n: int, window: int, stride: int, pad: int) -> Any:
    exact = (n + 2 * pad - window) / stride + 1
    if exact < 1:
        raise ValueError("too large")
    return math.floor(exact)


@SIZE.odd_but_right
def by_convolving(n: int, window: int, stride: int, pad: int) -> Any:
    line = np.pad(np.zeros(n), pad)
    return len(np.lib.stride_tricks.sliding_window_view(line, window)[::stride])


@FITS.mistake("A window larger than its input does not fit: the rest must be 0 or more.")
def too_large_fits(n: int, window: int, stride: int, pad: int) -> Any:
    return (n + 2 * pad - window) % stride == 0


@FITS.mistake("The padding is missing: n + 2 * pad numbers are there.")
def no_padding(n: int, window: int, stride: int, pad: int) -> Any:
    return n >= window and (n - window) % stride == 0


@FITS.mistake("Padding is added at both ends: 2 * pad.")
def one_sided(n: int, window: int, stride: int, pad: int) -> Any:
    return n + pad >= window and (n + pad - window) % stride == 0


@FITS.mistake("The answer is turned round: True where nothing is left over.")
def negated(n: int, window: int, stride: int, pad: int) -> Any:
    rest = n + 2 * pad - window
    return not (rest >= 0 and rest % stride == 0)


@FITS.mistake(
    "This asks only whether the window is small enough: the last step must end at the end."
)
def small_enough(n: int, window: int, stride: int, pad: int) -> Any:
    return n + 2 * pad >= window


@FITS.mistake("1 slipped into the rest: ask for (n + 2 * pad - window) % stride.")
def one_in_rest(n: int, window: int, stride: int, pad: int) -> Any:
    rest = n + 2 * pad - window
    return rest >= 0 and (rest + 1) % stride == 0


@FITS.mistake("The window is not subtracted before the division.")
def divides_n(n: int, window: int, stride: int, pad: int) -> Any:
    return n + 2 * pad >= window and (n + 2 * pad) % stride == 0


@FITS.mistake("A window as large as its input fits: the rest may be 0.")
def exact_excluded(n: int, window: int, stride: int, pad: int) -> Any:
    rest = n + 2 * pad - window
    return rest > 0 and rest % stride == 0


@FITS.mistake("Everything fits here: where something is left over the answer is False.")
def always(n: int, window: int, stride: int, pad: int) -> Any:
    return True


@FITS.mistake("Nothing fits here: where the last step ends at the end the answer is True.")
def never(n: int, window: int, stride: int, pad: int) -> Any:
    return False


@FITS.mistake("The rest of the division came back: compare it with 0.")
def rest_returned(n: int, window: int, stride: int, pad: int) -> Any:
    return (n + 2 * pad - window) % stride


@FITS.mistake("The size came back: the answer is True or False.")
def size_returned(n: int, window: int, stride: int, pad: int) -> Any:
    return (n + 2 * pad - window) // stride + 1


@FITS.mistake("The division by window asks whether windows side by side fill the input.")
def tiles(n: int, window: int, stride: int, pad: int) -> Any:
    return (n + 2 * pad) % window == 0


@FITS.mistake("A window that is too large stops with an error here: the answer is False.")
def raises_when_too_large(n: int, window: int, stride: int, pad: int) -> Any:
    size(n, window, stride, pad)
    return (n + 2 * pad - window) % stride == 0


@FITS.odd_but_right
def whole_float(n: int, window: int, stride: int, pad: int) -> Any:
    exact = (n + 2 * pad - window) / stride
    return exact >= 0 and exact.is_integer()


@FITS.odd_but_right
def zero_or_one(n: int, window: int, stride: int, pad: int) -> Any:
    return int(n + 2 * pad in range(window, n + 2 * pad + 1, stride))


@FITS.odd_but_right
def numpy_bool(n: int, window: int, stride: int, pad: int) -> Any:
    ends = np.arange(window, n + 2 * pad + 1, stride)
    return np.any(ends == n + 2 * pad)
