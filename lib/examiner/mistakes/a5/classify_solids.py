"""Mistakes and odd but right answers for a5.classify_solids(x, y, x_new) -> labels.

Most of the wrong ones look the right labels up and spoil them, so that nothing has to be trained.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from examiner.bank import Bank
from examiner.exams.a5.solids import labels_of
from strides.activations import relu
from strides.conv import conv2d, max_pool2d
from strides.layers import flatten
from strides.losses import softmax_loss
from strides.nets import Conv2d, Layer, Linear, Sequential
from strides.optim import Adam, Momentum
from strides.training import Trainer

from .max_pool2d import MAX
from .parts import Array, in_two, made

BANK = Bank("a5.classify_solids")
OWN, OWN_POOL = in_two(made()), MAX.answer()


def convnet(
    rng: np.random.Generator, conv: Callable = OWN, pool: Callable = OWN_POOL, filters: int = 8
) -> Sequential:
    return Sequential(
        Conv2d(3, filters, 5, rng, operation=conv, stride=2, pad=2),
        relu,
        Layer(pool, window=3, stride=1),
        flatten,
        Linear(filters * 36, 10, rng),
    )


def spoiled(change: Callable[[Array], Any]) -> Callable[..., Any]:
    """Right labels, changed."""
    return lambda x, y, x_new: change(labels_of(x_new).copy())


def partly(labels: Array) -> Array:
    """Every second label moved on by one."""
    labels[::2] = (labels[::2] + 1) % 10
    return labels


for _name, _says, _change in (
    (
        "from_one",
        "Labels go from 1 to 10 here: they are 0 to 9, as argmax gives them.",
        lambda labels: labels + 1,
    ),
    (
        "scores",
        "The scores came back: return the class of the largest, argmax(axis=1).",
        lambda labels: np.eye(10)[labels] * 3.7,
    ),
    (
        "one_hot",
        "One-hot rows came back: return the labels, argmax(axis=1).",
        lambda labels: np.eye(10)[labels] > 0,
    ),
    ("column", "The labels stand in a column: return shape (M,).", lambda labels: labels[:, None]),
    (
        "over_samples",
        "argmax runs over the samples: one label an image is axis=1.",
        lambda labels: np.eye(10)[labels].argmax(axis=0),
    ),
    ("one_label", "A single label came back: argmax needs axis=1.", lambda labels: labels[0]),
    (
        "one_class",
        "Every image gets the same label: does the loss fall while you train?",
        lambda labels: 0 * labels + 3,
    ),
    (
        "chance",
        "Your labels are no better than chance. Does the loss fall on a few images? "
        "Do x and y stay together when you draw batches?",
        lambda labels: (labels + 5) % 10,
    ),
    (
        "not_enough",
        "The net learns, but not enough: try more epochs, more filters, or another "
        "learning rate, on images of the split val.",
        partly,
    ),
    (
        "training_labels",
        "Labels of the training images came back, 800: label x_new.",
        lambda labels: np.concatenate([labels, labels]),
    ),
    (
        "largest_scores",
        "The largest scores came back: return where they are, argmax.",
        lambda labels: labels + 0.37,
    ),
    (
        "half_of_them",
        "Some of the images have no label: label all of x_new.",
        lambda labels: labels[: len(labels) // 2],
    ),
):
    BANK.add_mistake(_name, _says, spoiled(_change))


def _with_library(conv: Callable, pool: Callable) -> Callable[..., Any]:
    def answer(x: Array, y: Array, x_new: Array) -> Any:
        convnet(np.random.default_rng(0), conv, pool)(x_new[:2])
        return labels_of(x_new)

    return answer


BANK.add_mistake(
    "library_convolution",
    "The convolution is the library's: put your own in with operation=conv2d.",
    _with_library(conv2d, OWN_POOL),
)
BANK.add_mistake(
    "library_pooling",
    "The pooling is the library's: Layer(max_pool2d, ...) takes your own.",
    _with_library(OWN, max_pool2d),
)


@BANK.mistake("The images are changed by the call: x = (x - mean) / std makes new ones.")
def images_changed(x: Array, y: Array, x_new: Array) -> Any:
    labels = labels_of(x_new)
    x -= 0.5
    x_new -= 0.5
    return labels


@BANK.odd_but_right
def small_and_double(x: Array, y: Array, x_new: Array) -> Any:
    net = convnet(np.random.default_rng(3), filters=16)
    Trainer(net, Adam(0.005), batch_size=25, progress=False).fit(4 * x - 2, y, epochs=10)
    return [float(label) for label in net(4 * x_new - 2).argmax(axis=1)]


@BANK.odd_but_right
def loop_of_its_own(x: Array, y: Array, x_new: Array) -> Any:
    rng = np.random.default_rng(1)
    net, optimiser = convnet(rng, filters=16), Momentum(0.01)
    mean, std = x.mean(axis=(0, 2, 3), keepdims=True), x.std(axis=(0, 2, 3), keepdims=True)
    for _ in range(12):
        for rows in rng.permutation(len(x)).reshape(-1, 20):
            scores, backward = net.forward((x[rows] - mean) / std, train=True)
            _, back = softmax_loss(scores, y[rows])
            optimiser.step(net.params(), backward(back())[1])
    print("trained")
    return net((x_new - mean) / std).argmax(axis=1).astype(np.uint8)
