"""What the tests of strides.conv share: windows to draw, and an operation with its options set."""

from collections.abc import Callable
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st


def side(draw: Callable[..., Any], most: int = 9) -> tuple[int, int, int, int, int]:
    """One side of an image and its window: (n, window, stride, pad, dilation), which fit.

    Kernels as large as the image, strides larger than the window and pixels never seen included.
    """
    n = draw(st.integers(1, most))
    pad = draw(st.integers(0, 3))
    window = draw(st.integers(1, min(5, n + 2 * pad)))
    stride = draw(st.integers(1, 4))
    dilation = draw(st.integers(1, 3)) if window > 1 else 1
    assume(dilation * (window - 1) + 1 <= n + 2 * pad)
    return n, window, stride, pad, dilation


def with_options(operation: Callable[..., Any], *options: Any) -> Callable[..., Any]:
    """The operation as a function of its arrays alone."""
    return lambda *arrays: operation(*arrays, *options)
