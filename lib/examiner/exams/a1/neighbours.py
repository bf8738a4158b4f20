"""Exams on nearest neighbours: distances, votes, standardised inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import zscore

from strides.check import ALL, INPUTS, Case, Check, Exam, one_output, unpack
from strides.visible.rules import FORBIDDEN


def oracle_distances(x: np.ndarray, z: np.ndarray) -> dict[str, Any]:
    return {"distances": cdist(x.astype(np.float64), z.astype(np.float64))}


def distance_cases(rng: np.random.Generator) -> list[Case]:
    x, z = rng.normal(size=(5, 4)), rng.normal(size=(7, 4))
    square = {"x": rng.normal(size=(6, 3)), "z": rng.normal(size=(6, 3))}
    wide = {"x": rng.normal(size=(4, 5)), "z": rng.normal(size=(5, 5))}
    images = {
        "x": rng.integers(0, 256, size=(4, 12), dtype=np.uint8),
        "z": rng.integers(0, 256, size=(9, 12), dtype=np.uint8),
    }
    points = 100 + 10 * rng.normal(size=(40, 8))
    single = {"x": x.astype(np.float32), "z": z.astype(np.float32)}
    return [
        Case("plain", {"x": x, "z": z}),
        Case("as many of one as of the other", square),
        Case("as many points as features", wide),
        Case("one point against one", {"x": x[:1], "z": z[:1]}),
        Case("one point against several", {"x": x[:1], "z": z}),
        Case("uint8 images", images),
        Case("the same points twice", {"x": points, "z": points.copy()}, atol=1e-4),
        Case("float32", single, rtol=1e-4),
    ]


SHAPES = (
    "as many points as features",
    "one point against one",
    "one point against several",
    "float32",
)
DISTANCES = Exam(
    "a1.pairwise_distances",
    one_output("distances"),
    oracle_distances,
    distance_cases,
    (
        Check(
            "distances between two sets",
            2,
            {"distances": ("plain", "as many of one as of the other"), INPUTS: ALL},
        ),
        Check("any shapes and float32", 1, {"distances": SHAPES}),
        Check("images of dtype uint8", 1, {"distances": ("uint8 images",)}),
        Check("identical points are at distance 0", 1, {"distances": ("the same points twice",)}),
    ),
    "the text of this exercise",
    forbidden=FORBIDDEN["a1.pairwise_distances"],
)


def oracle_knn(distances: np.ndarray, y: np.ndarray, k: int) -> dict[str, Any]:
    nearest = [sorted(range(len(y)), key=row.__getitem__)[:k] for row in distances]
    votes = [[int(y[i]) for i in indices] for indices in nearest]
    return {"labels": np.array([max(set(v), key=v.count) for v in votes])}


def knn_cases(rng: np.random.Generator) -> list[Case]:
    def draw(m: int, n: int, classes: int, k: int) -> dict[str, Any]:
        """Distances without ties, whose k nearest labels have one winner in every row."""
        found = np.zeros((0, n))
        while len(found) < m:
            distances, y = rng.uniform(1, 9, size=(4 * m, n)), rng.integers(0, classes, size=n)
            order = np.argsort(distances, axis=1)
            counts = np.array([np.bincount(y[row[:k]], minlength=classes) for row in order])
            ranked = np.sort(counts, axis=1)
            found = distances[ranked[:, -1] > ranked[:, -2]]
        return {"distances": found[:m], "y": y, "k": k}

    return [
        Case("k = 1", draw(24, 10, 4, 1)),
        Case("k = 3", draw(24, 13, 3, 3)),
        Case("k = 5", draw(24, 11, 3, 5)),
        Case("as many test as training points", draw(6, 6, 3, 3)),
        Case("labels up to 9", draw(24, 30, 10, 9)),
        Case("more test than training points", draw(9, 5, 2, 3)),
        Case("one test point", draw(1, 7, 3, 3)),
    ]


KNN = Exam(
    "a1.knn_predict",
    one_output("labels"),
    oracle_knn,
    knn_cases,
    (
        Check("the nearest neighbour, k = 1", 1, {"labels": ("k = 1",)}),
        Check(
            "the vote of k neighbours",
            2,
            {"labels": ("k = 3", "k = 5", "as many test as training points")},
        ),
        Check(
            "any number of classes and points",
            1,
            {
                "labels": ("labels up to 9", "more test than training points", "one test point"),
                INPUTS: ALL,
            },
        ),
    ),
    "the text of this exercise",
    forbidden=FORBIDDEN["a1.knn_predict"],
)


def run_standardise(answer: Any, train: np.ndarray, other: np.ndarray) -> Iterator[tuple[str, Any]]:
    train_z, other_z = unpack(answer(train, other), ("train_z", "other_z"))
    yield "train_z", train_z
    yield "other_z", other_z


def oracle_standardise(train: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    train, other = train.astype(np.float64), other.astype(np.float64)
    return {
        "train_z": zscore(train, axis=0),
        "other_z": np.array([(row - np.mean(train, 0)) / np.std(train, 0) for row in other]),
    }


def standardise_cases(rng: np.random.Generator) -> list[Case]:
    scale, shift = rng.uniform(0.5, 9, size=4), rng.normal(size=4) * 5
    train, other = rng.normal(size=(9, 4)) * scale + shift, rng.normal(size=(6, 4)) * 3 + 2
    images = {
        "train": rng.integers(0, 256, size=(7, 5), dtype=np.uint8),
        "other": rng.integers(0, 256, size=(3, 5), dtype=np.uint8),
    }
    square = {"train": rng.normal(size=(5, 5)) * 3 + 1, "other": rng.normal(size=(5, 5))}
    return [
        Case("plain", {"train": train, "other": other}),
        Case("square", square),
        Case("uint8 images", images, rtol=1e-4),
        Case("one other row", {"train": train, "other": other[:1]}),
    ]


STANDARDISE = Exam(
    "a1.standardise",
    run_standardise,
    oracle_standardise,
    standardise_cases,
    (
        Check(
            "the training set",
            1,
            {"train_z": ("plain", "square", "uint8 images"), INPUTS: ALL},
        ),
        Check("another set, with the training statistics", 1, {"other_z": ALL}),
    ),
    "the text of this exercise",
    forbidden=FORBIDDEN["a1.standardise"],
)
