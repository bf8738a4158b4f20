"""Transposed and locally connected layers, im2col and col2im."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from against_torch import assert_same_as_torch, drawn, dtypes, normals, seeds
from conv_cases import side, with_options
from strides.conv import (
    col2im,
    conv2d,
    conv_transpose2d,
    im2col,
    locally_connected2d,
    output_size,
    transposed_size,
)
from strides.gradcheck import gradient_check

# Transposed convolution


@st.composite
def transposed_cases(draw: Any, most: int = 7) -> tuple[list[tuple[int, ...]], tuple[Any, ...]]:
    """Shapes of x, w, b and the options stride, pad, output_pad."""
    n, c, f = draw(st.integers(0, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    sides = []
    for _ in range(2):
        size, window, stride = (draw(st.integers(1, last)) for last in (most, 5, 3))
        pad, extra = draw(st.integers(0, 3)), draw(st.integers(0, stride - 1))
        assume((size - 1) * stride - 2 * pad + window + extra > 0)
        sides.append((size, window, stride, pad, extra))
    x, w, *options = zip(*sides, strict=True)
    return [(n, c, *x), (c, f, *w), (f,)], tuple(options)


@drawn
@given(case=transposed_cases(), seed=seeds, dtype=dtypes)
def test_conv_transpose2d_equals_torch(case, seed, dtype):
    shapes, options = case
    ours, theirs = (with_options(f, *options) for f in (conv_transpose2d, torch.conv_transpose2d))
    assert_same_as_torch(ours, theirs, normals(seed, dtype, *shapes))


@drawn
@given(case=transposed_cases(most=4), seed=seeds)
def test_transposed_gradients_agree_with_slopes(case, seed):
    shapes, options = case
    shapes[0] = (max(1, shapes[0][0]), *shapes[0][1:])
    report = gradient_check(conv_transpose2d, *normals(seed, np.float64, *shapes), *options)
    assert report.ok, str(report)


def test_it_is_the_gradient_of_conv2d():
    x, w, dout = normals(0, np.float64, (2, 3, 9, 8), (4, 3, 3, 2), (2, 4, 5, 5))
    _, backward = conv2d(x, w, np.zeros(4), 2, 1)
    out, _ = conv_transpose2d(dout, w, np.zeros(3), 2, 1, output_pad=(0, 0))
    assert out.shape[2:] == (transposed_size(5, 3, 2, 1), transposed_size(5, 2, 2, 1)) == (9, 8)
    np.testing.assert_allclose(out, backward(dout)[0], atol=1e-12)


XT, WT, BT = normals(1, np.float64, (2, 3, 4, 5), (3, 2, 3, 3), (2,))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((XT, WT.swapaxes(0, 1), BT), r"w: expected shape \(C, F, KH, KW\) with C = 3 for x"),
        ((XT, WT, np.zeros(3)), r"b: expected shape \(2,\), one bias for each filter"),
        ((XT[0], WT, BT), r"x: expected shape \(N, C, H, W\); received \(3, 4, 5\)"),
        ((XT, WT, BT, 2, 0, 2), r"output_pad: expected less than the stride \(2, 2\); received"),
        ((XT, WT, BT, 1, 4), "pad: expected padding that leaves some output; received 4"),
        ((XT * np.nan, WT, BT), "x: expected finite numbers; received nan"),
    ],
)
def test_what_does_not_fit_a_transposed_convolution(arguments, said):
    with pytest.raises(ValueError, match=said):
        conv_transpose2d(*arguments)


# Locally connected


def torch_local(stride: Any, pad: Any) -> Any:
    """The same layer from torch's unfold, one product for each place."""

    def layer(x: Any, w: Any, b: Any) -> Any:
        oh, ow, f = w.shape[:3]
        columns = torch.nn.functional.unfold(x, w.shape[4:], stride=stride, padding=pad)
        out = torch.einsum("pfk,nkp->nfp", w.reshape(oh * ow, f, -1), columns)
        return out.reshape(len(x), f, oh, ow) + b

    return layer


@st.composite
def local_cases(draw: Any, most: int = 7) -> tuple[list[tuple[int, ...]], tuple[Any, ...]]:
    rows, columns = side(draw, most), side(draw, most)
    n, c, f = (draw(st.integers(1, 3)) for _ in range(3))
    sizes = [output_size(*along[:4]) for along in (rows, columns)]
    x = (n, c, rows[0], columns[0])
    w = (*sizes, f, c, rows[1], columns[1])
    return [x, w, (f, *sizes)], tuple((rows[i], columns[i]) for i in (2, 3))


@drawn
@given(case=local_cases(), seed=seeds, dtype=dtypes)
def test_locally_connected2d_equals_torch(case, seed, dtype):
    shapes, options = case
    arrays = normals(seed, dtype, *shapes)
    assert_same_as_torch(with_options(locally_connected2d, *options), torch_local(*options), arrays)


@drawn
@given(case=local_cases(most=4), seed=seeds)
def test_local_gradients_agree_with_slopes(case, seed):
    shapes, options = case
    report = gradient_check(locally_connected2d, *normals(seed, np.float64, *shapes), *options)
    assert report.ok, str(report)


def test_with_the_same_filters_everywhere_it_is_conv2d():
    x, w, b, dout = normals(0, np.float64, (2, 3, 7, 8), (4, 3, 3, 2), (4,), (2, 4, 4, 5))
    shared, shared_backward = conv2d(x, w, b, 2, 1)
    everywhere = np.broadcast_to(w, (4, 5, *w.shape))
    out, backward = locally_connected2d(
        x, everywhere, np.broadcast_to(b[:, None, None], (4, 4, 5)), 2, 1
    )
    np.testing.assert_allclose(out, shared, atol=1e-12)
    (dx, dw, db), expected = backward(dout), shared_backward(dout)
    np.testing.assert_allclose(dx, expected[0], atol=1e-12)
    np.testing.assert_allclose(dw.sum(axis=(0, 1)), expected[1], atol=1e-12)
    np.testing.assert_allclose(db.sum(axis=(1, 2)), expected[2], atol=1e-12)


def test_an_empty_batch_of_local_filters():
    arrays = [
        np.zeros(shape, np.float32) for shape in [(0, 3, 4, 4), (2, 2, 5, 3, 3, 3), (5, 2, 2)]
    ]
    out, backward = locally_connected2d(*arrays)
    assert out.shape == (0, 5, 2, 2)
    assert [g.shape for g in backward(out)] == [a.shape for a in arrays]


def test_local_filters_of_the_wrong_number():
    x, w, b = normals(0, np.float64, (2, 3, 7, 8), (5, 6, 4, 3, 3, 3), (4, 5, 6))
    assert locally_connected2d(x, w, b)[0].shape == (2, 4, 5, 6)
    with pytest.raises(ValueError, match=r"w: expected shape \(7, 8, 4, 3, 3, 3\) .* received"):
        locally_connected2d(x, w, b, pad=1)
    with pytest.raises(ValueError, match=r"b: expected shape \(4, 5, 6\) .* received \(4,\); try"):
        locally_connected2d(x, w, np.zeros(4))
    with pytest.raises(ValueError, match=r"w: expected shape \(OH, OW, F, C, KH, KW\); received"):
        locally_connected2d(x, w[0], b)


# im2col


@drawn
@given(data=st.data(), seed=seeds, dtype=dtypes)
def test_im2col_and_col2im_equal_torch(data, seed, dtype):
    rows, columns = side(data.draw), side(data.draw)
    shape = (data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3)), rows[0], columns[0])
    window, stride, pad, dilation = zip(rows[1:], columns[1:], strict=True)
    (x,) = normals(seed, dtype, shape)
    ours = im2col(x, window, stride, pad, dilation)
    theirs = torch.nn.functional.unfold(torch.tensor(x), window, dilation, pad, stride)
    assert ours.dtype == dtype
    np.testing.assert_array_equal(ours, theirs.numpy())
    back = col2im(ours, shape, window, stride, pad, dilation)
    expected = torch.nn.functional.fold(theirs, shape[2:], window, dilation, pad, stride)
    assert back.dtype == dtype
    np.testing.assert_allclose(back, expected.numpy(), rtol=1e-5)


def test_a_convolution_is_one_product_with_the_columns():
    x, w, b = normals(0, np.float64, (2, 3, 8, 9), (4, 3, 3, 2), (4,))
    out, _ = conv2d(x, w, b, 2, 1)
    product = w.reshape(4, -1) @ im2col(x, (3, 2), 2, 1) + b[:, None]
    np.testing.assert_allclose(product.reshape(out.shape), out, atol=1e-12)


def test_what_does_not_fit_im2col():
    x = np.ones((2, 3, 5, 6))
    with pytest.raises(ValueError, match="no larger than the input of 5; received 6"):
        im2col(x, 6)
    with pytest.raises(ValueError, match=r"x: expected shape \(N, C, H, W\); received \(3, 5, 6\)"):
        im2col(x[0], 3)
    with pytest.raises(ValueError, match=r"columns: expected shape \(2, 27, 12\) for images"):
        col2im(im2col(x, 3, 2), x.shape, 3)
