"""Locally connected layer: a convolution whose filters differ from place to place."""

from collections.abc import Callable
from typing import Any

from numpy.typing import ArrayLike, NDArray

from strides.conv.arguments import Pair, finite, image_batch, upstream, window_options
from strides.conv.columns import col2im, im2col
from strides.conv.shifted import Window

Array = NDArray[Any]
Result = tuple[Array, Callable[[ArrayLike], tuple[Array, Array, Array]]]


def locally_connected2d(
    x: ArrayLike, w: ArrayLike, b: ArrayLike, stride: Pair = 1, pad: Pair = 0
) -> Result:
    """Look at every window with filters of its own: conv2d without the sharing of weights.

    x (N, C, H, W), w (OH, OW, F, C, KH, KW), b (F, OH, OW); out (N, F, OH, OW), sizes as in
    conv2d. It has OH * OW times the weights of conv2d. backward(dout) returns dx, dw, db.
    Raises ValueError for shapes that do not match and NaN.
    """
    x, w, b = finite(x=x, w=w, b=b)
    x = image_batch("x", x)
    w = image_batch("w", w, "(OH, OW, F, C, KH, KW)")
    kernel = (w.shape[4], w.shape[5])
    window = Window(kernel, *window_options(stride, pad))
    (n, c), (oh, ow), filters = x.shape[:2], window.output(*x.shape[2:]), w.shape[2]
    for name, array, expected in [
        ("w", w, (oh, ow, filters, c, *kernel)),
        ("b", b, (filters, oh, ow)),
    ]:
        if array.shape != expected:
            raise ValueError(
                f"{name}: expected shape {expected} for x {x.shape}, an output of {oh}x{ow} and "
                f"{filters} filters; received {array.shape}; try np.zeros({expected})"
            )
    places, entries = oh * ow, c * kernel[0] * kernel[1]
    columns = im2col(x, kernel, window.stride, window.pad).transpose(2, 1, 0)  # places, entries, N
    banks = w.reshape(places, filters, entries)
    out = (banks @ columns).transpose(2, 1, 0).reshape(n, filters, oh, ow) + b

    def backward(dout: ArrayLike) -> tuple[Array, Array, Array]:
        dout = upstream(dout, (n, filters, oh, ow), x.dtype)
        by_place = dout.reshape(n, filters, places).transpose(2, 1, 0)
        dw = (by_place @ columns.swapaxes(1, 2)).reshape(w.shape)
        dcolumns = (banks.swapaxes(1, 2) @ by_place).transpose(2, 1, 0)
        dx = col2im(dcolumns, x.shape, kernel, window.stride, window.pad)
        return dx, dw, dout.sum(axis=0)

    return out, backward
