"""AlexNet: the net that won ILSVRC 2012.

Sources: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural
networks", 2012, section 3.5 and figure 2 (two towers, one a GPU); Krizhevsky, "One weird trick for
parallelizing convolutional neural networks", 2014 (one tower).
"""

from collections import OrderedDict
from typing import NamedTuple

from torch import nn

from strides.torch_nets.parts import conv_relu, response_norm, side_after


class Conv(NamedTuple):
    """A row of the table: a convolution with ReLU, and what follows it."""

    filters: int
    window: int
    stride: int = 1
    pad: int = 0
    towers: int = 1
    after: tuple[str, ...] = ()


# The paper says 224x224 images; with its 55x55 maps that takes two pixels of padding in conv1.
TWO_TOWERS = (
    Conv(96, 11, stride=4, pad=2, after=("norm", "pool")),
    Conv(256, 5, pad=2, towers=2, after=("norm", "pool")),
    Conv(384, 3, pad=1),
    Conv(384, 3, pad=1, towers=2),
    Conv(256, 3, pad=1, towers=2, after=("pool",)),
)
ONE_TOWER = (
    Conv(64, 11, stride=4, pad=2, after=("pool",)),
    Conv(192, 5, pad=2, after=("pool",)),
    Conv(384, 3, pad=1),
    Conv(256, 3, pad=1),
    Conv(256, 3, pad=1, after=("pool",)),
)


def alexnet(
    classes: int = 1000,
    channels: int = 3,
    side: int = 224,
    as_published: bool = True,
    hidden: int = 4096,
) -> nn.Sequential:
    """AlexNet for images (N, channels, side, side): scores (N, classes).

    As published, conv2, conv4 and conv5 see only the half of the maps that lived on their own GPU
    (two groups), and response normalisation follows conv1 and conv2; 60,965,224 parameters. The
    one-tower form of 2014 has neither; 61,100,840. `hidden` is the width of fc6 and fc7.
    Weights start as in the paper: standard deviation 0.01, biases 1 where it says so, else 0.
    Raises ValueError for images that are too small to pass through.
    """
    features = _features(TWO_TOWERS if as_published else ONE_TOWER, channels)
    maps = 256 * side_after(features, channels, side) ** 2
    net = nn.Sequential(
        OrderedDict(
            features=features,
            flatten=nn.Flatten(),
            dropout6=nn.Dropout(0.5),
            fc6=nn.Linear(maps, hidden),
            relu6=nn.ReLU(),
            dropout7=nn.Dropout(0.5),
            fc7=nn.Linear(hidden, hidden),
            relu7=nn.ReLU(),
            fc8=nn.Linear(hidden, classes),
        )
    )
    _start(net)
    return net


def _features(table: tuple[Conv, ...], channels: int) -> nn.Sequential:
    """The convolutions of a table, named conv1, norm1, pool1, conv2, ..."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for number, row in enumerate(table, start=1):
        layers[f"conv{number}"] = conv_relu(
            channels, row.filters, row.window, stride=row.stride, pad=row.pad, groups=row.towers
        )
        for name in row.after:
            layers[f"{name}{number}"] = response_norm() if name == "norm" else nn.MaxPool2d(3, 2)
        channels = row.filters
    return nn.Sequential(layers)


def _start(net: nn.Module) -> None:
    """Section 5: weights from N(0, 0.01^2), biases 1 in the layers named here and 0 elsewhere."""
    ones = {"features.conv2.conv", "features.conv4.conv", "features.conv5.conv", "fc6", "fc7"}
    for name, module in net.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.normal_(module.weight, std=0.01)
            if module.bias is not None:
                nn.init.constant_(module.bias, 1.0 if name in ones else 0.0)
