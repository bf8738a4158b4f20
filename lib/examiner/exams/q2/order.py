"""The layers of a net in an order in which each gets what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from strides.check import BrokenContract, Case, Check, Exam, Problem, ordered

LETTERS = "abcdefgh"
NEEDED = "abcdef"
STRANGERS = "gh"
PICTURE = (1, 28, 28)
CONVOLUTIONS = {"b": (6, 16, 5, 0), "e": (1, 6, 5, 2)}
"""Channels in, filters, window, padding."""
POOLS, FLATTEN, AFFINE, INPUTS = "cf", "d", "a", 400

Shape = tuple[int, ...]


def wrong(text: str, sign: str) -> BrokenContract:
    return BrokenContract(Problem("value", text, sign))


def run_order(answer: Any) -> Iterator[tuple[str, Any]]:
    """1 for an order that runs from the picture to ten scores; the first thing wrong otherwise."""
    letters = ordered(answer, LETTERS)
    for letter in STRANGERS:
        if letter in letters:
            raise wrong("One of the layers does not belong there.", f"stranger {letter}")
    if len(set(letters)) < len(letters):
        raise wrong("A layer stands there twice.", "twice")
    for letter in NEEDED:
        if letter not in letters:
            raise wrong("A layer is missing.", f"missing {'pool' if letter in POOLS else letter}")
    shape: Shape = PICTURE
    for letter in letters:
        shape = after(letter, shape)
    yield "order", 1


def after(letter: str, shape: Shape) -> Shape:
    """The shape that a layer makes of a shape. Raises BrokenContract where it cannot."""
    if letter == AFFINE:
        if len(shape) > 1:
            raise wrong(f"Layer {letter} gets rows and columns.", "affine not flat")
        if shape != (INPUTS,):
            text = f"Layer {letter} takes {INPUTS} numbers and gets {shape[0]:,}."
            raise wrong(text, f"affine of {shape[0]}")
        return (10,)
    if len(shape) == 1:
        raise wrong(f"Layer {letter} needs rows and columns.", f"flat before {kind_of(letter)}")
    channels, *sides = shape
    if letter == FLATTEN:
        return (channels * sides[0] * sides[1],)
    if letter in POOLS:
        return (channels, *(side // 2 for side in sides))
    takes, filters, window, pad = CONVOLUTIONS[letter]
    if channels != takes:
        raise wrong(f"Layer {letter} gets another number of channels.", f"channels {letter}")
    return (filters, *(side + 2 * pad - window + 1 for side in sides))


def kind_of(letter: str) -> str:
    """Layers whose place is wrong for the same reason go by one name."""
    return "pool" if letter in POOLS else "convolution"


LAYERS = Exam(
    "q2.q2_12",
    run_order,
    lambda: {"order": 1},
    lambda rng: [Case("order", {})],
    (Check("the order of the layers", 2, {"order": ("order",)}),),
    "Lecture 07, 7. How large is the output?",
)
