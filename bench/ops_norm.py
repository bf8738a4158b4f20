"""The claim: batch norm, dropout and softmax loss keep up with torch on one CPU thread.

python bench/ops_norm.py              # half a minute

Between forward and backward the output is let go, as in a net whose next layer keeps its own:
held, it would by itself make the peak of forward + backward at least twice the input.
"""

from collections.abc import Iterator
from typing import Any

import harness
import numpy as np
import torch
from harness import TORCH, Case, Row, no_grad, normals, with_gradients
from torch.nn import functional

from strides.layers import dropout
from strides.losses import softmax_loss
from strides.norm import RunningStatistics, batch_norm

IMAGES = [
    (64, 32, 32, 32),
    (64, 64, 16, 16),
    (64, 128, 8, 8),
    (128, 64, 14, 14),
    (16, 128, 28, 28),
    (32, 64, 56, 56),
    (16, 512, 7, 7),
]
VECTORS = [(128, 256), (256, 1024)]
SCORES = [(128, 10), (256, 100), (128, 1000), (4096, 10)]


def batch_norms() -> Iterator[Case]:
    """batch_norm in train mode, of images and of vectors."""
    for shape in IMAGES + VECTORS:
        name = "batch norm of images" if len(shape) == 4 else "batch norm of vectors"
        channels = shape[1]
        arrays = normals(*shape), normals(channels, seed=1), normals(channels, seed=2)
        dout, running = normals(*shape, seed=3), RunningStatistics.start(channels)
        tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
        kept = torch.zeros(channels), torch.ones(channels)

        def ours(arrays: Any = arrays, running: Any = running) -> Any:
            return batch_norm(*arrays, running)

        def both(ours: Any = ours, dout: Any = dout) -> Any:
            return ours()[1](dout)

        def torchs(tensors: Any = tensors, kept: Any = kept) -> Any:
            return functional.batch_norm(tensors[0], *kept, *tensors[1:], training=True)

        yield f"{name} forward", shape, ours, no_grad(torchs), TORCH
        theirs = with_gradients(torchs, tensors, dout)
        yield f"{name} forward + backward", shape, both, theirs, TORCH


def dropouts() -> Iterator[Case]:
    """dropout of half the entries."""
    rng = np.random.default_rng(0)
    for shape in IMAGES[:2] + VECTORS:
        x, dout = normals(*shape), normals(*shape, seed=1)
        tensor = torch.tensor(x, requires_grad=True)

        def ours(x: Any = x) -> Any:
            return dropout(x, 0.5, rng)

        def both(ours: Any = ours, dout: Any = dout) -> Any:
            return ours()[1](dout)

        def torchs(tensor: Any = tensor) -> Any:
            return functional.dropout(tensor, 0.5)

        yield "dropout forward", shape, ours, no_grad(torchs), TORCH
        theirs = with_gradients(torchs, [tensor], dout)
        yield "dropout forward + backward", shape, both, theirs, TORCH


def softmax_losses() -> Iterator[Case]:
    """softmax_loss of N rows of scores and C classes."""
    one = np.ones((), np.float32)
    for shape in SCORES:
        scores, y = normals(*shape), np.random.default_rng(1).integers(0, shape[1], shape[0])
        tensor, labels = torch.tensor(scores, requires_grad=True), torch.tensor(y)

        def ours(scores: Any = scores, y: Any = y) -> Any:
            return softmax_loss(scores, y)

        def both(ours: Any = ours) -> Any:
            return ours()[1]()

        def torchs(tensor: Any = tensor, labels: Any = labels) -> Any:
            return functional.cross_entropy(tensor, labels)

        yield "softmax loss forward", shape, ours, no_grad(torchs), TORCH
        theirs = with_gradients(torchs, [tensor], one)
        yield "softmax loss forward + backward", shape, both, theirs, TORCH


def rows() -> Iterator[Row]:
    """Everything measured here, as it goes into build/bench.json."""
    for cases in (batch_norms(), dropouts(), softmax_losses()):
        yield from harness.rows_of(cases)


if __name__ == "__main__":
    harness.show(rows())
