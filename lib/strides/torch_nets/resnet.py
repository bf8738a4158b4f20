"""ResNets: nets whose blocks learn what to add to their input.

Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2015, table 1 for
ImageNet and section 4.2 for CIFAR-10.
"""

from collections import OrderedDict

import torch
from torch import nn

from strides.torch_nets.parts import he_start, one_of

# Columns of table 1: the kind of block, and how many of them each of conv2_x to conv5_x has.
TABLE = {
    18: ("basic", (2, 2, 2, 2)),
    34: ("basic", (3, 4, 6, 3)),
    50: ("bottleneck", (3, 4, 6, 3)),
    101: ("bottleneck", (3, 4, 23, 3)),
    152: ("bottleneck", (3, 8, 36, 3)),
}
WIDTHS = (64, 128, 256, 512)
# Section 4.2: 6n + 2 layers, three stages of n blocks with these widths, on 32x32, 16x16 and 8x8.
CIFAR_WIDTHS = (16, 32, 64)


class Block(nn.Module):
    """relu(branch(x) + shortcut(x)); without a shortcut, relu(branch(x)), as in a plain net."""

    def __init__(self, branch: nn.Module, shortcut: nn.Module | None) -> None:
        super().__init__()
        self.branch, self.shortcut = branch, shortcut
        self.relu = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.branch(x)
        return self.relu(out if self.shortcut is None else out + self.shortcut(x))


class PaddedIdentity(nn.Module):
    """The shortcut that learns nothing: every stride-th pixel, and zeros for the new maps (A)."""

    def __init__(self, channels: int, maps: int, stride: int) -> None:
        super().__init__()
        self.stride, self.new = stride, maps - channels

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x[:, :, :: self.stride, :: self.stride]
        return nn.functional.pad(x, (0, 0, 0, 0, 0, self.new))


def resnet(
    depth: int = 50, classes: int = 1000, channels: int = 3, stride_on: str = "3x3"
) -> nn.Sequential:
    """ResNet-18, 34, 50, 101 or 152 for images (N, channels, H, W): scores (N, classes).

    Where maps shrink, shortcuts are 1x1 convolutions (the paper's option B). In bottlenecks, the
    3x3 convolution takes the stride, as in most code today; `stride_on="1x1"` puts it on the first
    1x1, as the authors did: the 11.3 billion operations of table 1 for 152 layers are that form's.
    Starts from He's values. Raises ValueError for an unknown depth or place of the stride.
    """
    one_of("depth", depth, TABLE)
    one_of("stride_on", stride_on, ("1x1", "3x3"))
    kind, counts = TABLE[depth]
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        conv1=_conv_norm(channels, 64, 7, stride=2),
        relu1=nn.ReLU(),
        pool1=nn.MaxPool2d(3, 2, padding=1),
    )
    inputs = 64
    for number, (width, count) in enumerate(zip(WIDTHS, counts, strict=True), start=2):
        stride = 1 if number == 2 else 2
        out = width if kind == "basic" else 4 * width
        blocks = []
        for place in range(count):
            step = stride if place == 0 else 1
            if kind == "basic":
                branch = _basic(inputs, width, step)
            else:
                branch = _bottleneck(inputs, width, step, stride_on)
            blocks.append(Block(branch, _projection(inputs, out, step)))
            inputs = out
        layers[f"conv{number}_x"] = nn.Sequential(*blocks)
    return _with_top(layers, inputs, classes)


def cifar_resnet(
    depth: int = 20, classes: int = 10, channels: int = 3, residual: bool = True
) -> nn.Sequential:
    """The ResNet for CIFAR-10 with 20, 32, 44, 56, 110 or any 6n + 2 layers: scores (N, classes).

    Images are (N, channels, 32, 32) in the paper; other sizes pass too. Shortcuts learn nothing
    (option A), so the plain net, `residual=False`, has exactly the same parameters.
    Starts from He's values. Raises ValueError for a depth that is not 6n + 2.
    """
    if depth < 8 or depth % 6 != 2:
        lower = max(8, depth - (depth - 2) % 6)
        raise ValueError(
            f"depth: expected 6n + 2 layers, n at least 1; received {depth}; "
            f"try {lower} or {lower + 6}"
        )
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        conv1=_conv_norm(channels, 16, 3), relu1=nn.ReLU()
    )
    inputs = 16
    for number, width in enumerate(CIFAR_WIDTHS, start=2):
        blocks = []
        for place in range((depth - 2) // 6):
            stride = 2 if number > 2 and place == 0 else 1
            shortcut = _padded(inputs, width, stride) if residual else None
            blocks.append(Block(_basic(inputs, width, stride), shortcut))
            inputs = width
        layers[f"conv{number}_x"] = nn.Sequential(*blocks)
    return _with_top(layers, inputs, classes)


def _conv_norm(channels: int, filters: int, window: int, stride: int = 1) -> nn.Sequential:
    """A convolution that keeps the size (for stride 1), and batch norm in place of its bias."""
    conv = nn.Conv2d(channels, filters, window, stride, padding=window // 2, bias=False)
    return nn.Sequential(OrderedDict(conv=conv, norm=nn.BatchNorm2d(filters)))


def _basic(channels: int, width: int, stride: int) -> nn.Sequential:
    """Two 3x3 convolutions: figure 5, left."""
    return nn.Sequential(
        OrderedDict(
            conv1=_conv_norm(channels, width, 3, stride),
            relu=nn.ReLU(),
            conv2=_conv_norm(width, width, 3),
        )
    )


def _bottleneck(channels: int, width: int, stride: int, stride_on: str) -> nn.Sequential:
    """1x1 to fewer maps, 3x3 among them, 1x1 to four times as many: figure 5, right."""
    first, second = (stride, 1) if stride_on == "1x1" else (1, stride)
    return nn.Sequential(
        OrderedDict(
            conv1=_conv_norm(channels, width, 1, first),
            relu1=nn.ReLU(),
            conv2=_conv_norm(width, width, 3, second),
            relu2=nn.ReLU(),
            conv3=_conv_norm(width, 4 * width, 1),
        )
    )


def _projection(channels: int, maps: int, stride: int) -> nn.Module:
    """The identity, or a 1x1 convolution where the shape changes (option B)."""
    if stride == 1 and channels == maps:
        return nn.Identity()
    return _conv_norm(channels, maps, 1, stride)


def _padded(channels: int, maps: int, stride: int) -> nn.Module:
    """The identity, or a padded one where the shape changes (option A)."""
    if stride == 1 and channels == maps:
        return nn.Identity()
    return PaddedIdentity(channels, maps, stride)


def _with_top(layers: OrderedDict[str, nn.Module], maps: int, classes: int) -> nn.Sequential:
    """The layers with global average pooling and the classifier on top."""
    layers["average"] = nn.AdaptiveAvgPool2d(1)
    layers["flatten"] = nn.Flatten()
    layers["fc"] = nn.Linear(maps, classes)
    net = nn.Sequential(layers)
    he_start(net)
    return net
