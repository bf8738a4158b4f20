"""The claim: a step of Adam, and a whole step of training, keep up with torch on one CPU thread.

torch's Adam is as it comes, which on a CPU goes over the parameters one by one. A training step is
forward, backward and update on one batch. It is measured beside torch, and beside the same net with
the im2col layer in place of our convolution: divide the two peaks to compare their memory.

python bench/ops_optim.py             # half a minute
"""

from collections.abc import Callable, Iterator

import harness
import numpy as np
import torch
from harness import TORCH, Call, Case, Row, normals
from im2col_layer import im2col_conv2d
from torch import nn

from strides.losses import softmax_loss
from strides.nets import Conv2d, Sequential, convnet, lenet, mlp
from strides.optim import Adam

Shape = tuple[int, ...]


def torch_lenet() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )


def torch_convnet() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(4096, 10)),
    )


def torch_mlp() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))


def our_mlp(rng: np.random.Generator, needs_dx: bool = True) -> Sequential:
    return mlp((784, 256, 10), rng, needs_dx=needs_dx)


# name, batch, our net, torch's
NETS: list[tuple[str, Shape, Callable[..., Sequential], Callable[[], nn.Module]]]
NETS = [
    ("training step, conv32-conv64", (128, 3, 32, 32), convnet, torch_convnet),
    ("training step, LeNet", (128, 1, 28, 28), lenet, torch_lenet),
    ("training step, 784-256-10", (128, 1, 28, 28), our_mlp, torch_mlp),
]
SIZES: dict[str, list[Shape]] = {
    "Adam, LeNet's weights": [w.shape for w in lenet(np.random.default_rng(0)).params()],
    "Adam, conv32-conv64's": [w.shape for w in convnet(np.random.default_rng(0)).params()],
    "Adam, 10 arrays": [(256, 256)] * 10,
    "Adam, 1 array": [(1000, 1000)],
    "Adam, 1 large array": [(4096, 1000)],
}


def updates() -> Iterator[Case]:
    """Adam's update of parameters of these sizes; the shape shown is the largest one's."""
    for name, shapes in SIZES.items():
        params = [normals(*shape) for shape in shapes]
        grads = [normals(*shape, seed=1) for shape in shapes]
        tensors = [torch.tensor(w, requires_grad=True) for w in params]
        for tensor, grad in zip(tensors, grads, strict=True):
            tensor.grad = torch.tensor(grad)
        ours, theirs = Adam(), torch.optim.Adam(tensors)

        def step(ours: Adam = ours, params: list = params, grads: list = grads) -> None:
            ours.step(params, grads)

        yield name, max(shapes, key=np.prod), step, theirs.step, TORCH


def training() -> Iterator[Case]:
    """A training step of our nets beside torch's, and beside the same net on the im2col layer."""
    for name, shape, make, make_torch in NETS:
        x, y = normals(*shape), np.random.default_rng(1).integers(0, 10, shape[0])
        ours = training_step(make(np.random.default_rng(0), needs_dx=False), x, y)
        yield name, shape, ours, torch_training_step(make_torch(), x, y), TORCH

        older = make(np.random.default_rng(0))
        convolutions = [part for part in older.children if isinstance(part, Conv2d)]
        for part in convolutions:
            part.operation = im2col_conv2d
        if convolutions:
            theirs = training_step(older, x, y)
            yield name, shape, ours, theirs, "im2col layer"
            yield f"{name} (im2col layer)", shape, theirs, ours, "ours"


def training_step(net: Sequential, x: np.ndarray, y: np.ndarray) -> Call:
    """Forward, backward and update on one batch."""
    adam = Adam()

    def step() -> None:
        scores, backward = net.forward(x, train=True)
        _, backward_of_loss = softmax_loss(scores, y)
        _, grads = backward(backward_of_loss())
        adam.step(net.params(), grads)

    return step


def torch_training_step(net: nn.Module, x: np.ndarray, y: np.ndarray) -> Call:
    """The same in torch."""
    adam, inputs, labels = torch.optim.Adam(net.parameters()), torch.tensor(x), torch.tensor(y)

    def step() -> None:
        loss = nn.functional.cross_entropy(net(inputs), labels)
        adam.zero_grad()
        loss.backward()
        adam.step()

    return step


def rows() -> Iterator[Row]:
    """What is measured here, for build/bench.json."""
    yield from harness.rows_of(updates())
    yield from harness.rows_of(training())


if __name__ == "__main__":
    harness.show(rows())
