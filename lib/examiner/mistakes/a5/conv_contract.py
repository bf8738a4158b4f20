"""The mistakes that conv1d and conv2d share, put into a bank; and those of the contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from examiner.bank import Bank

from .conv_dw_db import DB, DW
from .conv_dx import DX
from .conv_forward import OUT
from .conv_whole import BOTH
from .parts import Array, Call, Core, made

RIGHT = made()


def gradients(change: Callable[[Call, Array, tuple[Array, ...]], Any]) -> Core:
    """A convolution whose right gradients are changed together before they come back."""

    def core(call: Call) -> Any:
        out, backward = RIGHT(call)
        return out, lambda dout: change(call, dout, backward(dout))

    return core


def _adds_up(call: Call) -> Any:
    """dw and db are allocated outside of backward."""
    out, backward = RIGHT(call)
    dw, db = np.zeros(call.w.shape), np.zeros(call.b.shape)

    def back(dout: Array) -> Any:
        nonlocal dw, db
        found = backward(dout)
        dw, db = dw + found[1], db + found[2]
        return found[0], dw, db

    return out, back


def _dx_adds_up(call: Call) -> Any:
    """All three are allocated outside of backward."""
    out, backward = RIGHT(call)
    totals = [np.zeros(a.shape) for a in (call.x, call.w, call.b)]

    def back(dout: Array) -> Any:
        for total, part in zip(totals, backward(dout), strict=True):
            total += part
        return tuple(total.copy() for total in totals)

    return out, back


def _changes(name: str) -> Core:
    """A convolution that works in place on one of its arguments on the way back."""

    def core(call: Call) -> Any:
        out, backward = RIGHT(call)

        def back(dout: Array) -> Any:
            found = backward(dout)
            target = dout if name == "dout" else getattr(call, name)
            target *= 0.5
            return found

        return out, back

    return core


CONTRACT: list[tuple[str, str, Core]] = [
    (
        "all_over_n",
        "All gradients are divided by N: dout already holds the mean of the loss.",
        gradients(lambda call, dout, found: tuple(g / len(dout) for g in found)),
    ),
    (
        "gradients_in_other_order",
        "The gradients come in another order: return dx, dw, db.",
        gradients(lambda call, dout, found: (found[1], found[2], found[0])),
    ),
    (
        "dw_before_dx",
        "dw comes first: return dx, dw, db, in the order of the arguments.",
        gradients(lambda call, dout, found: (found[1], found[0], found[2])),
    ),
    (
        "no_db",
        "db is missing: backward returns dx, dw, db.",
        gradients(lambda call, dout, found: found[:2]),
    ),
    (
        "db_none",
        "db is None: sum dout over samples and places, and return it.",
        gradients(lambda call, dout, found: (*found[:2], None)),
    ),
    (
        "dx_alone",
        "backward returns one array: it returns dx, dw, db.",
        gradients(lambda call, dout, found: found[0]),
    ),
    (
        "backward_returns_none",
        "backward(dout) returns None: does it end with `return dx, dw, db`?",
        gradients(lambda call, dout, found: None),
    ),
    (
        "adds_up_between_calls",
        "dw and db grow from call to call: allocate them inside backward.",
        _adds_up,
    ),
    (
        "all_add_up_between_calls",
        "The gradients grow from call to call: allocate them inside backward.",
        _dx_adds_up,
    ),
    ("dout_changed", "backward changes dout: work on a new array.", _changes("dout")),
    ("w_changed", "backward changes w: work on a new array.", _changes("w")),
]


def add_shared(bank: Bank, answer_of: Callable[[Core], Any]) -> None:
    """Give a bank the mistakes of every convolution, in the form of its exercise."""
    for name, says, out in OUT:
        bank.add_mistake(name, says, answer_of(made(out=out)))
    for name, says, core in BOTH:
        bank.add_mistake(name, says, answer_of(core))
    for name, says, part in DX:
        bank.add_mistake(name, says, answer_of(made(dx=part)))
    for name, says, part in DW:
        bank.add_mistake(name, says, answer_of(made(dw=part)))
    for name, says, part in DB:
        bank.add_mistake(name, says, answer_of(made(db=part)))
    for name, says, core in CONTRACT:
        bank.add_mistake(name, says, answer_of(core))
