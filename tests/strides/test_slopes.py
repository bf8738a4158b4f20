"""The parts of the gradient checker that the tests of `gradient_check` do not reach one by one."""

import numpy as np
import pytest

from strides.slopes import MOST_FOUND, ArgumentReport, GradientReport, Probe, precision, step_for


def probe(gradient: np.ndarray, x: np.ndarray) -> Probe:
    """A probe on the squares of x, whose true gradient is 2 x."""
    h = step_for(np.float64)
    rounding = 10 * precision(np.float64) / h
    return Probe(lambda x: x**2, x, gradient, np.ones(x.shape), h, h, x**2, rounding)


@pytest.mark.parametrize(
    ("dtype", "eps"), [(np.float64, 2**-52), (np.float32, 2**-23), (np.int64, 2**-52)]
)
def test_step_and_precision(dtype, eps):
    assert precision(dtype) == eps
    assert step_for(dtype) ** 3 == pytest.approx(eps)


def test_the_slope_along_a_direction_is_that_of_the_entries_together():
    x = np.array([1.0, -2.0, 0.5])
    found = probe(2 * x, x).compare(np.array([1.0, 1.0, -2.0]))
    assert found.agrees
    assert found.numeric == pytest.approx(2 - 4 - 2)
    assert found.analytic == pytest.approx(2 - 4 - 2)


def test_an_entry_larger_than_one_has_the_same_slope():
    x = np.array([1000.0, 0.001])
    assert probe(2 * x, x).at((0,)).numeric == pytest.approx(2000)
    assert probe(2 * x, x).at((1,)).numeric == pytest.approx(0.002)


@pytest.mark.parametrize("wrong", range(7))
def test_locate_halves_a_direction_down_to_the_wrong_entry(wrong):
    x = np.arange(1.0, 8.0)
    gradient = 2 * x
    gradient[wrong] += 1
    assert probe(gradient, x).locate(np.ones(7)) == (wrong,)


def test_search_finds_every_wrong_entry():
    x = np.random.default_rng(0).standard_normal((30, 30))
    gradient = 2 * x
    places = [(0, 0), (3, 29), (17, 5)]
    for place in places:
        gradient[place] += 0.5
    found, directions = probe(gradient, x).search(np.random.default_rng(1))
    assert directions == 3
    assert {index for index, one in found.items() if not one.agrees} == set(places)


def test_a_search_ends_where_everything_is_wrong():
    x = np.random.default_rng(0).standard_normal((30, 30))
    found, directions = probe(-2 * x, x).search(np.random.default_rng(1))
    assert directions == 0
    assert len(found) == MOST_FOUND


def test_a_report_is_right_when_all_its_arguments_are():
    right = ArgumentReport("x", (2,), checked=2, relative_error=1e-9)
    wrong = ArgumentReport("w", (2,), "shape", note="expected (2,); backward gives shape (1, 2)")
    assert GradientReport("op", (right, right)).ok
    assert not GradientReport("op", (right, wrong)).ok
    assert str(GradientReport("op", (right, wrong))).split("\n") == [
        "gradients of op: 1 of 2 wrong",
        "  w (2,): WRONG SHAPE, the gradient must have the shape of w",
        "    expected (2,); backward gives shape (1, 2)",
        "  x (2,): agrees at 2 entries, relative error up to 1.0e-09",
    ]
