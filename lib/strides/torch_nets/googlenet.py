"""GoogLeNet: nine Inception modules, the winner of ILSVRC 2014.

Source: Szegedy et al., "Going deeper with convolutions", 2014, table 1, figure 3 and section 5.
"""

from collections import OrderedDict
from typing import NamedTuple

import torch
from torch import nn

from strides.torch_nets.parts import conv_relu, he_start, response_norm


class Row(NamedTuple):
    """Filters of one Inception module, in the order of the columns of table 1."""

    one: int
    reduce3: int
    three: int
    reduce5: int
    five: int
    pool: int

    @property
    def out(self) -> int:
        """Maps that leave the module: the four branches side by side."""
        return self.one + self.three + self.five + self.pool


TABLE = {
    #          1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool proj
    "3a": Row(64, 96, 128, 16, 32, 32),
    "3b": Row(128, 128, 192, 32, 96, 64),
    "4a": Row(192, 96, 208, 16, 48, 64),
    "4b": Row(160, 112, 224, 24, 64, 64),
    "4c": Row(128, 128, 256, 24, 64, 64),
    "4d": Row(112, 144, 288, 32, 64, 64),
    "4e": Row(256, 160, 320, 32, 128, 128),
    "5a": Row(256, 160, 320, 32, 128, 128),
    "5b": Row(384, 192, 384, 48, 128, 128),
}
POOL_AFTER = {"3b", "4e"}
HEAD_AFTER = ("4a", "4d")


class Inception(nn.Module):
    """1x1, 3x3 and 5x5 convolutions and a max pooling side by side, their maps stacked."""

    def __init__(self, channels: int, row: Row, batch_norm: bool) -> None:
        super().__init__()

        def conv(inputs: int, filters: int, window: int) -> nn.Sequential:
            pad = window // 2
            return conv_relu(inputs, filters, window, pad=pad, batch_norm=batch_norm)

        self.one = conv(channels, row.one, 1)
        self.three = nn.Sequential(conv(channels, row.reduce3, 1), conv(row.reduce3, row.three, 3))
        self.five = nn.Sequential(conv(channels, row.reduce5, 1), conv(row.reduce5, row.five, 5))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(channels, row.pool, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.one(x), self.three(x), self.five(x), self.pool(x)], dim=1)


class GoogLeNet(nn.Module):
    """The net that `googlenet` builds."""

    def __init__(self, classes: int, channels: int, auxiliary: bool, batch_norm: bool) -> None:
        super().__init__()
        self.stem = _stem(channels, batch_norm)
        self.inception, self.heads = nn.ModuleDict(), nn.ModuleDict()
        maps = 192
        for name, row in TABLE.items():
            self.inception[name] = Inception(maps, row, batch_norm)
            maps = row.out
            if auxiliary and name in HEAD_AFTER:
                self.heads[name] = _head(maps, classes, batch_norm)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.top = nn.Sequential(
            OrderedDict(
                average=nn.AdaptiveAvgPool2d(1),
                flatten=nn.Flatten(),
                dropout=nn.Dropout(0.4),
                fc=nn.Linear(maps, classes),
            )
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, ...]:
        x = self.stem(x)
        auxiliary = []
        for name, module in self.inception.items():
            x = module(x)
            if self.training and name in self.heads:
                auxiliary.append(self.heads[name](x))
            if name in POOL_AFTER:
                x = self.pool(x)
        scores = self.top(x)
        return (scores, *auxiliary) if auxiliary else scores


def googlenet(
    classes: int = 1000, channels: int = 3, auxiliary: bool = False, batch_norm: bool = False
) -> GoogLeNet:
    """GoogLeNet for images (N, channels, H, W), 224x224 in the paper: scores (N, classes).

    With its two auxiliary heads, and while it trains, it returns three arrays of scores: its own
    and theirs, whose losses the paper weighs by 0.3. The heads need images of 224x224.
    Without heads 6,998,552 parameters. Batch norm, which came a year later, replaces biases and
    response normalisation. Starts from He's values.
    """
    net = GoogLeNet(classes, channels, auxiliary, batch_norm)
    he_start(net)
    return net


def _stem(channels: int, batch_norm: bool) -> nn.Sequential:
    """The rows of table 1 above the first Inception module; 224x224 becomes 28x28 with 192 maps."""
    layers: dict[str, nn.Module] = {
        "conv1": conv_relu(channels, 64, 7, stride=2, pad=3, batch_norm=batch_norm),
        "pool1": nn.MaxPool2d(3, 2, ceil_mode=True),
        "norm1": response_norm(),
        "reduce2": conv_relu(64, 64, 1, batch_norm=batch_norm),
        "conv2": conv_relu(64, 192, 3, pad=1, batch_norm=batch_norm),
        "norm2": response_norm(),
        "pool2": nn.MaxPool2d(3, 2, ceil_mode=True),
    }
    if batch_norm:
        del layers["norm1"], layers["norm2"]
    return nn.Sequential(OrderedDict(layers))


def _head(channels: int, classes: int, batch_norm: bool) -> nn.Sequential:
    """An auxiliary classifier on 14x14 maps, as listed in section 5."""
    return nn.Sequential(
        OrderedDict(
            average=nn.AvgPool2d(5, 3),
            reduce=conv_relu(channels, 128, 1, batch_norm=batch_norm),
            flatten=nn.Flatten(),
            fc1=nn.Linear(128 * 4 * 4, 1024),
            relu1=nn.ReLU(),
            dropout=nn.Dropout(0.7),
            fc2=nn.Linear(1024, classes),
        )
    )
