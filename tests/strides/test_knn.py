"""Nearest neighbours against SciPy and scikit-learn, ties, cross-validation, and bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.neighbors import KNeighborsClassifier

from strides import knn

drawn = settings(deadline=None, derandomize=True, max_examples=40)
sizes = st.integers(1, 9)
METRICS = {"l1": "cityblock", "l2": "euclidean"}


def points(n: int, d: int, seed: int, dtype=np.float64) -> np.ndarray:
    array = np.random.default_rng(seed).standard_normal((n, d)).astype(dtype)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize("metric", METRICS)
@drawn
@given(m=sizes, n=sizes, d=sizes, seed=st.integers(0, 1000))
def test_distances_equal_scipy(metric, m, n, d, seed):
    a, b = points(m, d, seed), points(n, d, seed + 1)
    np.testing.assert_allclose(
        knn.pairwise_distances(a, b, metric), cdist(a, b, METRICS[metric]), rtol=1e-10, atol=1e-7
    )


@pytest.mark.parametrize("metric", METRICS)
def test_float32_stays_float32(metric):
    a, b = points(5, 4, 0, np.float32), points(3, 4, 1, np.float32)
    distances = knn.pairwise_distances(a, b, metric)
    assert distances.dtype == np.float32
    np.testing.assert_allclose(distances, cdist(a, b, METRICS[metric]), rtol=1e-4)


@pytest.mark.parametrize("metric", METRICS)
def test_bytes_do_not_wrap_around(metric):
    a, b = np.array([[0, 250]], np.uint8), np.array([[255, 0]], np.uint8)
    expected = cdist(a.astype(float), b.astype(float), METRICS[metric])
    np.testing.assert_allclose(knn.pairwise_distances(a, b, metric), expected)


def test_l1_in_blocks_equals_l1_at_once(monkeypatch):
    a, b = points(7, 4, 0), points(5, 4, 1)
    whole = knn.pairwise_distances(a, b, "l1")
    monkeypatch.setattr(knn, "BLOCK", 40)
    np.testing.assert_array_equal(knn.pairwise_distances(a, b, "l1"), whole)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [1, 2, 5, 30])
def test_predictions_equal_scikit_learn(metric, k):
    x, z = points(30, 4, 0), points(40, 4, 1)
    y = np.random.default_rng(2).integers(0, 4, 30)
    reference = KNeighborsClassifier(k, metric=METRICS[metric], algorithm="brute").fit(x, y)
    np.testing.assert_array_equal(knn.predict(x, y, z, k, metric), reference.predict(z))


def test_ties_by_hand():
    y = np.array([2, 1, 1, 0])
    near_and_far = np.array([[1.0, 2.0, 9.0, 3.0], [1.0, 1.0, 1.0, 0.5]])
    np.testing.assert_array_equal(knn.vote(near_and_far, y, 1), [2, 0])
    # 2, 1 and 0 once each: the smallest; then 0 and 2, for 2 stands first of three at distance 1
    np.testing.assert_array_equal(knn.vote(near_and_far, y, 3), [0, 0])
    np.testing.assert_array_equal(knn.vote(near_and_far, y, 4), [1, 1])


def test_an_image_is_its_own_nearest_neighbour():
    x, y = points(20, 3, 0), np.arange(20)
    np.testing.assert_array_equal(knn.predict(x, y, x), y)


def test_cross_validation_equals_one_fold_at_a_time():
    x, y = points(23, 3, 0), np.random.default_rng(1).integers(0, 3, 23)
    ks = (1, 4, 7)
    found = knn.cross_validate(x, y, ks, folds=4, metric="l1", seed=5)
    assert found.shape == (3, 4)
    order = np.random.default_rng(5).permutation(23)
    seen = []
    for fold, held_out in enumerate(np.array_split(order, 4)):
        others = np.setdiff1d(order, held_out, assume_unique=True)
        seen.extend(held_out)
        for i, k in enumerate(ks):
            guesses = knn.predict(x[others], y[others], x[held_out], k, "l1")
            assert found[i, fold] == pytest.approx(np.mean(guesses == y[held_out]))
    assert sorted(seen) == list(range(23))


def test_cross_validation_finds_that_noise_asks_for_a_larger_k():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((300, 2))
    y = (x[:, 0] > 0) ^ (rng.random(300) < 0.2)
    means = knn.cross_validate(x, y.astype(int), (1, 15)).mean(axis=1)
    assert means[1] > means[0] + 0.05


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x, y: knn.pairwise_distances(x, x[:, :2]), ValueError, "b: expected rows of 3"),
        (lambda x, y: knn.pairwise_distances(x, x, "cosine"), ValueError, "metric: .*'cosine'"),
        (lambda x, y: knn.pairwise_distances(x[0], x), ValueError, "a: expected two dimensions"),
        (lambda x, y: knn.pairwise_distances(x * np.nan, x), ValueError, "a: expected finite"),
        (lambda x, y: knn.predict(x, y, x, 0), ValueError, "k: expected 1 to 6, .* received 0"),
        (lambda x, y: knn.predict(x, y, x, 7), ValueError, "k: expected 1 to 6, .* received 7"),
        (lambda x, y: knn.predict(x, y[:5], x), ValueError, "y: expected 6 labels, one for each"),
        (lambda x, y: knn.predict(x, y * 1.0, x), TypeError, "y: expected integers"),
        (lambda x, y: knn.predict(x, y - 9, x), ValueError, "y: expected labels of 0 or more"),
        (lambda x, y: knn.cross_validate(x, y, folds=7), ValueError, "folds: expected 2 to 6"),
        (lambda x, y: knn.cross_validate(x, y, (5,), 3), ValueError, "k: expected 1 to 4"),
    ],
)
def test_what_does_not_fit(call, error, message):
    with pytest.raises(error, match=message):
        call(points(6, 3, 0), np.array([0, 1, 2, 0, 1, 2]))
