"""Slips in q2's questions on parameters, of a layer and of a net."""

from __future__ import annotations

from math import prod
from typing import Any

from examiner.exams.q2 import counts

from .slips import numeric_bank, slip

PARAMETERS, NET = (numeric_bank(counts.EXAMS[place]) for place in (2, 5))


def convolution(C: int, F: int, K: int) -> int:
    return F * (C * K * K + 1)


def affine(*shape: int, classes: int) -> int:
    return (prod(shape) + 1) * classes


@slip(PARAMETERS, "The biases are left out: each filter has one.")
def no_bias(C: int, H: int, W: int, F: int, K: int) -> Any:
    return F * C * K * K


@slip(PARAMETERS, "There is one bias here for the whole layer: each filter has its own.")
def one_bias(C: int, H: int, W: int, F: int, K: int) -> Any:
    return F * C * K * K + 1


@slip(PARAMETERS, "There is a bias here for each channel of each filter: one for a filter is all.")
def bias_for_each_channel(C: int, H: int, W: int, F: int, K: int) -> Any:
    return F * C * (K * K + 1)


@slip(PARAMETERS, "The depth is left out: a filter has K by K weights for each channel.")
def no_depth(C: int, H: int, W: int, F: int, K: int) -> Any:
    return F * (K * K + 1)


@slip(PARAMETERS, "This is one filter: the layer has F of them.")
def one_filter(C: int, H: int, W: int, F: int, K: int) -> Any:
    return C * K * K + 1


@slip(PARAMETERS, "K is counted once: a filter has K rows and K columns.")
def window_is_a_line(C: int, H: int, W: int, F: int, K: int) -> Any:
    return F * (C * K + 1)


@slip(PARAMETERS, "This gives every place filters of its own: a convolution shares them.")
def not_shared(C: int, H: int, W: int, F: int, K: int) -> Any:
    return F * (C * K * K + 1) * (H - K + 1) * (W - K + 1)


@slip(PARAMETERS, "These are multiplications: a filter is used in many places, and counts once.")
def multiplications(C: int, H: int, W: int, F: int, K: int) -> Any:
    return F * C * K * K * (H - K + 1) * (W - K + 1)


@slip(PARAMETERS, "This joins every input with every filter, as a fully connected layer does.")
def fully_connected(C: int, H: int, W: int, F: int, K: int) -> Any:
    return (C * H * W + 1) * F


@slip(NET, "The pool got parameters here, a window of weights for each channel: it has none.")
def pool_has_weights(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return counts.net(C, H, W, F, K, classes) + F * 2 * 2


@slip(NET, "The pool got weights and biases here: it has no parameters.")
def pool_has_weights_and_biases(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return counts.net(C, H, W, F, K, classes) + F * (2 * 2 + 1)


@slip(NET, "The pool got one window of weights here: it has no parameters.")
def pool_has_one_window(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return counts.net(C, H, W, F, K, classes) + 2 * 2


@slip(NET, "The affine layer gets too many numbers: the pool halves rows and columns before it.")
def not_pooled(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return convolution(C, F, K) + affine(F, H, W, classes=classes)


@slip(NET, "The pool halves one side only here: it halves rows and columns.")
def one_side_pooled(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return convolution(C, F, K) + affine(F, H // 2, W, classes=classes)


@slip(NET, "The pool halves the channels here, too: it works in each channel on its own.")
def channels_pooled(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return convolution(C, F, K) + affine(F // 2, H // 2, W // 2, classes=classes)


@slip(NET, "The affine layer takes the channels of the picture here: the pool hands on F of them.")
def channels_of_the_picture(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return convolution(C, F, K) + affine(C, H // 2, W // 2, classes=classes)


@slip(NET, "The affine layer gets one number a channel here: it takes all that the pool leaves.")
def one_number_a_channel(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return convolution(C, F, K) + affine(F, classes=classes)


@slip(NET, "All biases are left out: each filter has one, and each class.")
def no_biases(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return F * C * K * K + F * (H // 2) * (W // 2) * classes


@slip(NET, "The biases of the affine layer are left out: each class has one.")
def no_bias_in_affine(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return counts.net(C, H, W, F, K, classes) - classes


@slip(NET, "The biases of the convolution are left out: each filter has one.")
def no_bias_in_convolution(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return counts.net(C, H, W, F, K, classes) - F


@slip(NET, "The convolution is left out: its weights and biases count, too.")
def affine_alone(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return affine(F, H // 2, W // 2, classes=classes)


@slip(NET, "The affine layer is left out: most of the parameters are there.")
def convolution_alone(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return convolution(C, F, K)


@slip(NET, "The convolution's padding is left out: with it rows and columns stay.")
def shrunk(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    rows, columns = (H - K + 1) // 2, (W - K + 1) // 2
    return convolution(C, F, K) + affine(F, rows, columns, classes=classes)


@slip(NET, "The depth of the filters is left out: K by K weights for each channel.")
def no_depth_in_filters(C: int, H: int, W: int, F: int, K: int, classes: int) -> Any:
    return convolution(1, F, K) + affine(F, H // 2, W // 2, classes=classes)
