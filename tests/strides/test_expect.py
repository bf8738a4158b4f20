"""What fits is handed on unchanged; what does not is named. The losses' tests hold the messages."""

import numpy as np
import pytest

from strides import expect

SCORES = np.zeros((2, 3), np.float32)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_are_handed_on_without_a_copy(dtype):
    values = np.ones((2, 3), dtype)
    assert expect.numbers("x", values) is values
    assert expect.rows("x", values, "(N, C)") is values


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.bool_])
def test_integers_become_float64(dtype):
    assert expect.numbers("x", np.ones(3, dtype)).dtype == np.float64


def test_a_float_in_a_list_is_a_float64():
    assert expect.numbers("x", [1, 2.5]).dtype == np.float64


def test_labels_are_handed_on():
    y = np.array([2, 0], np.uint8)
    assert expect.classes(y, SCORES) is y


def test_signs_and_targets_take_the_dtype_of_the_scores():
    assert expect.signs([1, -1], SCORES[:, 0]).dtype == np.float32
    assert expect.targets("t", np.zeros((2, 3)), SCORES).dtype == np.float32


def test_either_of_two_shapes_fits():
    for values in (SCORES, SCORES[0]):
        assert expect.rows("x", values, "(N, C)", "(C,)") is values
    with pytest.raises(
        ValueError, match=r"x: expected shape \(N, C\) or \(C,\); received \(\); tr"
    ):
        expect.rows("x", 1.0, "(N, C)", "(C,)")


@pytest.mark.parametrize("shape", [(5, 1), (1, 5), (1, 1, 5)])
def test_a_column_or_a_row_for_a_vector_is_told_to_ravel(shape):
    with pytest.raises(ValueError, match=r"shape \(N,\); received .*; try x.ravel\(\)"):
        expect.rows("x", np.zeros(shape), "(N,)")


def test_a_matrix_for_a_vector_is_not_told_to_ravel():
    with pytest.raises(ValueError, match="try one row for each example"):
        expect.rows("x", SCORES, "(N,)")


@pytest.mark.parametrize("sums", [[1.0, 1.0009], [0.9995, 1.0]])
def test_probabilities_may_be_off_by_rounding(sums):
    values = np.array(sums)[:, None] * [0.25, 0.75]
    assert expect.probabilities("p", values) is values


def test_the_first_bad_row_of_probabilities_is_named():
    values = np.array([[0.5, 0.5], [0.5, 0.6]])
    with pytest.raises(ValueError, match=r"sum of p: expected rows .* received 1.1 at \[1\]; try"):
        expect.probabilities("p", values)


def test_a_single_number_has_no_place_to_name():
    with pytest.raises(ValueError, match=r"w: expected finite numbers; received nan; try"):
        expect.numbers("w", np.nan)


@pytest.mark.parametrize("value", [0, 0.0, 3, np.float32(0.5), np.array(2.0)])
def test_zero_or_more(value):
    assert expect.zero_or_more("reg", value) == float(value)
    assert type(expect.zero_or_more("reg", value)) is float


@pytest.mark.parametrize("value", [-1e-9, np.inf, np.nan])
def test_less_than_zero(value):
    with pytest.raises(ValueError, match=f"reg: expected a number of 0 or more; received {value}"):
        expect.zero_or_more("reg", value)
