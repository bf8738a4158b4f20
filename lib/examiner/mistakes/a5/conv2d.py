"""Mistakes for a5.conv2d(x, w, b, stride, pad) -> out, backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from examiner.bank import Bank

from .conv_contract import add_shared
from .conv_dw_db import DB_IMAGES, DW_IMAGES
from .conv_dx import DX_IMAGES
from .conv_whole import IMAGES_ONLY
from .parts import Array, in_two, made

BANK = Bank("a5.conv2d")
add_shared(BANK, in_two)
for _name, _says, _out in IMAGES_ONLY:
    BANK.add_mistake(_name, _says, in_two(made(out=_out)))
for _name, _says, _part in DX_IMAGES:
    BANK.add_mistake(_name, _says, in_two(made(dx=_part)))
for _name, _says, _part in DW_IMAGES:
    BANK.add_mistake(_name, _says, in_two(made(dw=_part)))
for _name, _says, _part in DB_IMAGES:
    BANK.add_mistake(_name, _says, in_two(made(db=_part)))


@BANK.mistake("You return the numbers of the worked example whatever the input is.")
def visible_answer(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    dx = np.array([[[[1.0, 0, 0], [2, 1, 0], [0, 4, -2]]]])
    gradients = dx, np.array([[[[3.0, 8], [2, 3]]]]), np.array([3.0])
    return np.array([[[[1.0, 2], [4, 3]]]]), lambda dout: gradients


@BANK.mistake(
    "A size is a float: `/` gives floats, and range and np.zeros need whole numbers. Use //."
)
def float_sizes(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    size = (x.shape[2] + 2 * pad - w.shape[2]) / stride + 1
    return np.zeros((len(x), len(w), size, size)), lambda dout: (x, w, b)


@BANK.mistake(
    "backward fails on a float index: `/` gives floats, and range needs whole numbers. Use //."
)
def float_sizes_back(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    out, _ = in_two(made())(x, w, b, stride, pad)

    def backward(dout: Array) -> Any:
        return [range((x.shape[2] + 2 * pad - w.shape[2]) / stride + 1)]

    return out, backward
