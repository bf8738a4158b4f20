"""The claim: conv2d and max pooling keep up with torch on one CPU thread, in pure NumPy.

python bench/ops_conv.py              # a minute or two
"""

from collections.abc import Iterator
from typing import Any

import harness
import torch
from harness import TORCH, Case, Row, no_grad, normals, with_gradients
from im2col_layer import im2col_conv2d
from torch.nn import functional

from strides.conv import conv2d, max_pool2d
from strides.conv.arguments import pair

# (N, C, H, W), filters, window, stride, pad
CONVOLUTIONS = [
    ((64, 3, 32, 32), 32, 3, 1, 1),
    ((64, 3, 32, 32), 32, 5, 1, 2),
    ((64, 32, 16, 16), 64, 3, 1, 1),
    ((64, 32, 16, 16), 64, 5, 1, 2),
    ((32, 64, 32, 32), 64, 3, 1, 1),
    ((16, 128, 14, 14), 256, 3, 2, 1),
    ((128, 1, 28, 28), 6, 5, 1, 2),  # LeNet's two
    ((128, 6, 14, 14), 16, 5, 1, 0),
    ((64, 64, 32, 32), 64, 1, 1, 0),
    ((32, 256, 14, 14), 64, 1, 1, 0),
    ((4, 3, 224, 224), 64, 7, 2, 3),
    ((16, 128, 16, 16), 128, 3, 1, 1),
    ((64, 64, 8, 8), 64, 3, 1, 1),
    ((16, 512, 7, 7), 512, 3, 1, 1),
    ((4, 64, 56, 56), 64, 3, 1, 1),
    ((32, 32, 28, 20), 48, (3, 5), 2, (1, 2)),
]
# (N, C, H, W), window, stride, pad
POOLINGS = [
    ((64, 32, 32, 32), 2, 2, 0),
    ((64, 64, 16, 16), 2, 2, 0),
    ((128, 6, 28, 28), 2, 2, 0),
    ((32, 64, 56, 56), 2, 2, 0),
    ((16, 64, 112, 112), 3, 2, 1),
]


def bank(filters: int, kernel: tuple[int, int], stride: int) -> str:
    """A filter bank in a few signs."""
    return f"{filters} {kernel[0]}x{kernel[1]}" + (f" / {stride}" if stride > 1 else "")


def convolutions() -> Iterator[Case]:
    """conv2d beside torch, and beside the im2col layer where that takes the options."""
    for shape, filters, window, stride, pad in CONVOLUTIONS:
        kernel = pair("window", window)
        arrays = normals(*shape), normals(filters, shape[1], *kernel, seed=1), normals(filters)
        tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
        options: tuple[Any, Any] = (stride, pad)

        def ours(arrays: Any = arrays, options: Any = options) -> Any:
            return conv2d(*arrays, *options)

        def torchs(tensors: Any = tensors, options: Any = options) -> Any:
            return torch.conv2d(*tensors, *options)

        dout = normals(*torchs().shape, seed=2)

        def both(ours: Any = ours, dout: Any = dout) -> Any:
            out, backward = ours()
            return out, backward(dout)

        def older(arrays: Any = arrays, options: Any = options, dout: Any = dout) -> Any:
            out, backward = im2col_conv2d(*arrays, *options)
            return out, backward(dout)

        name = bank(filters, kernel, stride)
        yield f"conv2d forward, {name}", shape, ours, no_grad(torchs), TORCH
        theirs = with_gradients(torchs, tensors, dout)
        yield f"conv2d forward + backward, {name}", shape, both, theirs, TORCH
        if isinstance(pad, int):
            yield f"conv2d forward + backward, {name}", shape, both, older, "im2col layer"
            yield f"im2col layer forward + backward, {name}", shape, older, theirs, TORCH


def poolings() -> Iterator[Case]:
    """max_pool2d beside torch."""
    for shape, window, stride, pad in POOLINGS:
        x = normals(*shape)
        tensor = torch.tensor(x, requires_grad=True)

        def ours(x: Any = x, options: Any = (window, stride, pad)) -> Any:
            return max_pool2d(x, *options)

        def torchs(tensor: Any = tensor, options: Any = (window, stride, pad)) -> Any:
            return functional.max_pool2d(tensor, *options)

        dout = normals(*torchs().shape, seed=2)

        def both(ours: Any = ours, dout: Any = dout) -> Any:
            out, backward = ours()
            return out, backward(dout)

        name = f"{window}x{window} / {stride}"
        yield f"max pool forward, {name}", shape, ours, no_grad(torchs), TORCH
        theirs = with_gradients(torchs, [tensor], dout)
        yield f"max pool forward + backward, {name}", shape, both, theirs, TORCH


def rows() -> Iterator[Row]:
    """Everything measured here, as it goes into build/bench.json."""
    yield from harness.rows_of(convolutions())
    yield from harness.rows_of(poolings())


if __name__ == "__main__":
    harness.show(rows())
