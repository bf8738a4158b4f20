"""Counting: what a layer and a whole net cost, and how far they see, before any is built.

A net is a list of layers, and shapes are those of one image, (C, H, W):

    lenet = [Conv(6, 5, pad=2), Pool(2), Conv(16, 5), Pool(2), Affine(120), Affine(84), Affine(10)]
    parameter_count((1, 28, 28), lenet)    # 61,706
    mac_count((1, 28, 28), lenet)
    receptive_field(lenet[:4])             # (16, 16)

A MAC is one multiplication with the addition that follows it. As is usual, those of convolutions
and affine layers are counted, and the little that biases, pooling and normalisation need is not.
Windows, strides and so on are whole numbers or (rows, columns).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

from strides.conv.arguments import Pair, pair, window_options
from strides.conv.arithmetic import output_size, reach

Shape = tuple[int, ...]


class Layer:
    """What every layer answers, for one image of a shape (C, H, W)."""

    def output(self, shape: Shape) -> Shape:
        """Shape of the output: what came in, for most layers without a window."""
        return shape

    def parameters(self, shape: Shape) -> int:
        """How many numbers are learnt."""
        return 0

    def macs(self, shape: Shape) -> int:
        """How many multiplications one image costs."""
        return 0


@dataclass(frozen=True)
class Conv(Layer):
    """A convolution with `filters` filters; shared weights unless it is a `Local`."""

    filters: int
    window: Pair
    stride: Pair = 1
    pad: Pair = 0
    dilation: Pair = 1
    groups: int = 1
    bias: bool = True

    def output(self, shape: Shape) -> Shape:
        """Shape of the output. Raises ValueError for a filter that does not fit."""
        _, *sides = _image(shape)
        if shape[0] % self.groups or self.filters % self.groups:
            raise ValueError(
                f"groups: expected a divisor of {shape[0]} channels and {self.filters} filters; "
                f"received {self.groups}; try 1"
            )
        return (self.filters, *_sides(sides, self.window, self.stride, self.pad, self.dilation))

    def weights_of_one(self, shape: Shape) -> int:
        """Weights of one filter: its window times the channels that it sees."""
        return shape[0] // self.groups * prod(pair("window", self.window, 1))

    def parameters(self, shape: Shape) -> int:
        """Weights and biases: each filter has its own, and uses them everywhere."""
        self.output(shape)
        return self.filters * (self.weights_of_one(shape) + self.bias)

    def macs(self, shape: Shape) -> int:
        """One dot product with a filter for each number of the output."""
        return prod(self.output(shape)) * self.weights_of_one(shape)


@dataclass(frozen=True)
class Local(Conv):
    """A locally connected layer: a filter of its own for each number of the output."""

    def parameters(self, shape: Shape) -> int:
        """Weights and biases: as many filters as numbers in the output."""
        return prod(self.output(shape)) * (self.weights_of_one(shape) + self.bias)


@dataclass(frozen=True)
class Pool(Layer):
    """Max or average pooling; the stride is the window unless it is given."""

    window: Pair
    stride: Pair | None = None
    pad: Pair = 0

    def output(self, shape: Shape) -> Shape:
        """Shape of the output. Raises ValueError for a window that does not fit."""
        channels, *sides = _image(shape)
        stride = self.window if self.stride is None else self.stride
        return (channels, *_sides(sides, self.window, stride, self.pad, 1))


@dataclass(frozen=True)
class GlobalPool(Layer):
    """Global average pooling: one number a channel."""

    def output(self, shape: Shape) -> Shape:
        """One number for each channel."""
        return (_image(shape)[0],)


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Batch normalisation: a gain and an offset for each channel."""

    def parameters(self, shape: Shape) -> int:
        """gamma and beta; the running statistics are not learnt by gradient, and not counted."""
        return 2 * shape[0]


@dataclass(frozen=True)
class Affine(Layer):
    """A fully connected layer with `units` outputs; it flattens what comes in."""

    units: int
    bias: bool = True

    def output(self, shape: Shape) -> Shape:
        """One number for each unit."""
        return (self.units,)

    def parameters(self, shape: Shape) -> int:
        """A weight from each number that comes in to each unit, and a bias for each unit."""
        return self.units * (prod(shape) + self.bias)

    def macs(self, shape: Shape) -> int:
        """One for each weight."""
        return self.units * prod(shape)


@dataclass(frozen=True)
class Cost:
    """What one layer of a net makes and takes; activations are the numbers in its output."""

    layer: Layer
    output: Shape
    activations: int
    parameters: int
    macs: int


def costs(shape: Shape, layers: Iterable[Layer]) -> Iterator[Cost]:
    """The cost of each layer in turn, for images of this shape (C, H, W).

    Raises ValueError for a filter or a window that does not fit.
    """
    for layer in layers:
        out = layer.output(shape)
        yield Cost(layer, out, prod(out), layer.parameters(shape), layer.macs(shape))
        shape = out


def parameter_count(shape: Shape, layers: Iterable[Layer]) -> int:
    """Weights and biases of a whole net for images of this shape (C, H, W)."""
    return sum(cost.parameters for cost in costs(shape, layers))


def mac_count(shape: Shape, layers: Iterable[Layer]) -> int:
    """Multiplications of a whole net for one image of this shape (C, H, W)."""
    return sum(cost.macs for cost in costs(shape, layers))


def receptive_field(layers: Iterable[Layer]) -> tuple[int, int]:
    """Rows and columns of the input that one number in the output of these layers depends on.

    Raises ValueError for a layer without a window: after it every number sees the whole image.
    """
    first, last = seen_by(layers, 0, 0)
    return last[0] - first[0] + 1, last[1] - first[1] + 1


def seen_by(
    layers: Iterable[Layer], row: int, column: int
) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last (row, column) of the input that the output at (row, column) depends on.

    Walks from the output to the input: a window at row r begins at row stride * r - pad below it.
    Numbers below 0 lie in the padding. Raises ValueError as `receptive_field` does.
    """
    first, last = [row, column], [row, column]
    for layer in reversed(list(layers)):
        if isinstance(layer, BatchNorm):
            continue
        if not isinstance(layer, Conv | Pool):
            raise ValueError(
                f"layers: expected convolutions and pooling; received {layer}; "
                f"try the layers before it"
            )
        stride = layer.window if layer.stride is None else layer.stride
        dilation = layer.dilation if isinstance(layer, Conv) else 1
        window = pair("window", layer.window, 1)
        steps, pads, apart = window_options(stride, layer.pad, dilation)
        for side in (0, 1):
            first[side] = steps[side] * first[side] - pads[side]
            last[side] = (
                steps[side] * last[side] - pads[side] + reach(window[side], apart[side]) - 1
            )
    return (first[0], first[1]), (last[0], last[1])


def _image(shape: Shape) -> Shape:
    if len(shape) != 3:
        raise ValueError(f"shape: expected (C, H, W); received {shape}; try (3, 32, 32)")
    return shape


def _sides(
    sides: Iterable[int], window: Pair, stride: Pair, pad: Pair, dilation: Pair
) -> Iterator[int]:
    options = (pair("window", window, 1), *window_options(stride, pad, dilation))
    return (output_size(*side) for side in zip(sides, *options, strict=True))
