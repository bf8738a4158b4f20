"""Output sizes against a count by hand, and the numbers of the course."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from strides.conv import (
    exact_size,
    explain_size,
    fits,
    output_size,
    same_padding,
    transposed_size,
)

drawn = settings(deadline=None, derandomize=True, max_examples=200)


def test_a_3x3_filter_on_a_7x7_input():
    assert [output_size(7, 3, stride) for stride in (1, 2)] == [5, 3]
    assert output_size(7, 3, pad=1) == 7
    assert exact_size(7, 3, 3) == pytest.approx(2.33, abs=0.004)
    assert [fits(7, 3, stride) for stride in (1, 2, 3)] == [True, True, False]
    assert output_size(7, 3, 3) == 2  # rounded down, as in torch


def test_the_arithmetic_in_words():
    assert explain_size(7, 3, 2) == "(7 - 3)/2 + 1 = 3: fits"
    assert explain_size(7, 3, 3) == (
        "(7 - 3)/3 + 1 = 2.33: does not fit; 2 positions, the last 1 of the input unseen"
    )
    assert explain_size(32, 5, 1, 2) == "(32 + 2*2 - 5)/1 + 1 = 32: fits"


def test_repeated_5x5_filters_shrink_the_image():
    assert output_size(32, 5) == 28
    assert output_size(output_size(32, 5), 5) == 24


def test_an_11x11_filter_at_stride_4_fits_227_but_not_224():
    assert not fits(224, 11, 4)
    assert fits(227, 11, 4)
    assert output_size(227, 11, 4) == 55


def test_same_padding():
    assert [same_padding(window) for window in (1, 3, 5, 7)] == [0, 1, 2, 3]
    assert same_padding(3, dilation=2) == 2
    assert same_padding(2, dilation=2) == 1


@drawn
@given(n=st.integers(1, 30), window=st.integers(1, 9), dilation=st.integers(1, 3))
def test_same_padding_keeps_the_size(n, window, dilation):
    if dilation * (window - 1) % 2 == 0:
        assert output_size(n, window, 1, same_padding(window, dilation), dilation) == n


@pytest.mark.parametrize("window", [2, 4])
def test_an_even_window_has_no_same_padding(window):
    with pytest.raises(ValueError, match=f"expected an odd number; received {window}; try"):
        same_padding(window)


geometry = {
    "n": st.integers(1, 20),
    "window": st.integers(1, 7),
    "stride": st.integers(1, 5),
    "pad": st.integers(0, 3),
    "dilation": st.integers(1, 3),
}


@drawn
@given(**geometry)
def test_output_size_counts_the_positions(n, window, stride, pad, dilation):
    padded, last = n + 2 * pad, dilation * (window - 1)
    starts = [start for start in range(0, padded, stride) if start + last < padded]
    if not starts:
        with pytest.raises(ValueError, match="expected a filter no larger than the input"):
            output_size(n, window, stride, pad, dilation)
        return
    assert output_size(n, window, stride, pad, dilation) == len(starts)
    assert fits(n, window, stride, pad, dilation) == (starts[-1] + last == padded - 1)
    assert np.floor(exact_size(n, window, stride, pad, dilation)) == len(starts)
    assert explain_size(n, window, stride, pad, dilation).endswith("fits") == fits(
        n, window, stride, pad, dilation
    )


@drawn
@given(output_pad=st.integers(0, 4), **geometry)
def test_transposed_size_equals_torch(n, window, stride, pad, dilation, output_pad):
    options = (n, window, stride, pad, output_pad, dilation)
    if output_pad >= max(stride, dilation):
        return
    x, w = torch.zeros(1, 1, n), torch.zeros(1, 1, window)
    try:
        out = torch.conv_transpose1d(x, w, None, stride, pad, output_pad, 1, dilation)
    except RuntimeError:
        with pytest.raises(ValueError, match="expected padding that leaves some output"):
            transposed_size(*options)
        return
    assert transposed_size(*options) == out.shape[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((3, 5), "window: expected a filter no larger than the input of 3; received 5; try"),
        ((3, 7, 1, 1), r"input of 3 \(5 with padding 1\); received 7; .* or pad=2"),
        ((4, 3, 1, 0, 2), r"received 3 \(which spans 5 with dilation 2\)"),
        ((7, 3, 0), "stride: expected 1 or more; received 0; try 1"),
        ((7, 0), "window: expected 1 or more; received 0"),
        ((0, 1), "n: expected 1 or more; received 0"),
        ((7, 3, 1, -1), "pad: expected 0 or more; received -1; try 0"),
        ((7, 3, 1, 0, 0), "dilation: expected 1 or more; received 0"),
    ],
)
def test_what_does_not_fit_says_so(arguments, said):
    for function in (output_size, exact_size, fits, explain_size):
        with pytest.raises(ValueError, match=said):
            function(*arguments)


def test_sizes_are_whole_numbers():
    with pytest.raises(TypeError):
        output_size(7.5, 3)
