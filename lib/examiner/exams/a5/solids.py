"""The exam on the ConvNet: what it says of images that it has not seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from strides.check import ALL, INPUTS, BrokenContract, Case, Check, Exam, Problem
from strides.check.values import as_array
from strides.data import solids
from strides.visible.rules import FORBIDDEN

from .convolution import TEXT, Array

GOAL = 0.58
"""Share of right labels that is asked for; a linear classifier reaches about 0.55."""
CHANCE = 0.2
COUNT = "shape of the labels"
LABELS = "entries that are whole numbers from 0 to 9"
REACHED = "whether enough labels are right"


def run_solids(answer: Any, x: Array, y: Array, x_new: Array) -> Iterator[tuple[str, Any]]:
    """Train once; the labels of the new images stay with the examiner."""
    y_new = labels_of(x_new)
    labels = as_array("labels", answer(x, y, x_new)).astype(np.float64)
    yield COUNT, np.array(labels.shape)
    yield LABELS, int(np.isin(labels, np.arange(10)).sum())
    share = np.mean(labels == y_new) if labels.shape == y_new.shape else 0.0
    if share < GOAL:
        text = f"{share:.0%} of the {len(y_new)} labels are right; expected {GOAL:.0%} or more."
        raise BrokenContract(Problem("value", text, _level(labels, float(share))))
    yield REACHED, 1.0


def _level(labels: Array, share: float) -> str:
    """What two answers that are not good enough have in common."""
    if len(np.unique(labels)) == 1:
        return "one class"
    return "chance" if share < CHANCE else "below the goal"


def oracle_solids(x: Array, y: Array, x_new: Array) -> dict[str, Any]:
    count = len(x_new)
    return {COUNT: np.array([count]), LABELS: count, REACHED: 1.0}


@cache
def small(split: str, size: int) -> tuple[Array, Array]:
    """Images of 16 x 16 numbers from 0 to 1, and their labels."""
    found = solids(split, size=size)
    blocks = found.images.reshape(size, 3, 16, 2, 16, 2) / 255
    return blocks.mean(axis=(3, 5)).astype(np.float32), found.labels


def labels_of(x_new: Array) -> Array:
    """The labels of new images, found by the images themselves."""
    known = {x.tobytes(): label for x, label in zip(*small("test", 400), strict=True)}
    return np.array([known[x.tobytes()] for x in x_new])


def solids_cases(rng: np.random.Generator) -> list[Case]:
    x, y = small("train", 800)
    order, others = rng.permutation(800), rng.permutation(400)
    x_new, _ = small("test", 400)
    return [Case("solids", {"x": x[order], "y": y[order], "x_new": x_new[others]})]


SOLIDS = Exam(
    "a5.classify_solids",
    run_solids,
    oracle_solids,
    solids_cases,
    (
        Check("one label for each new image", 1, {COUNT: ALL, LABELS: ALL, INPUTS: ALL}),
        Check(
            f"at least {GOAL:.0%} of the labels are right, with your own operations",
            2,
            {REACHED: ALL},
        ),
    ),
    TEXT,
    seconds=180.0,
    forbidden=FORBIDDEN["a5.classify_solids"],
)
