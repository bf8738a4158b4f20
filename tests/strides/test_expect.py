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


# What layers ask for

IMAGES = np.zeros((0, 3, 2, 2), np.float32)


def test_a_batch_may_be_empty_and_is_handed_on():
    assert expect.batch("x", IMAGES, "(N, D)", "(N, C, H, W)") is IMAGES


@pytest.mark.parametrize(
    ("shape", "advice"),
    [
        ((3,), r"x\[None\] if this is a single example"),
        ((2, 3, 4), r"flatten\(x\)"),
        ((), "printing its shape"),
        ((2, 0), "sizes of 1 or more after N"),
    ],
)
def test_another_shape_than_that_of_a_batch(shape, advice):
    with pytest.raises(ValueError, match=rf"x: expected shape \(N, D\); received .*; try {advice}"):
        expect.batch("x", np.zeros(shape), "(N, D)")


def test_parameters_and_upstream_gradients_take_the_dtype_of_x():
    w = expect.parameter("w", [[1], [2]], (2, 1), "weights", IMAGES)
    assert w.dtype == np.float32
    assert expect.parameter("w", w, (2, 1), "weights", IMAGES) is w
    dout = expect.upstream([1.0, np.nan], (2,), np.float32)
    assert dout.dtype == np.float32
    assert expect.upstream(dout, (2,), np.float32) is dout


@pytest.mark.parametrize(("shape", "advice"), [((3, 2), "w.T"), ((6,), r"np.zeros\(\(2, 3\)\)")])
def test_a_parameter_of_another_shape(shape, advice):
    with pytest.raises(ValueError, match=rf"w: expected shape \(2, 3\), weights; .*; try {advice}"):
        expect.parameter("w", np.zeros(shape), (2, 3), "weights", IMAGES)


def test_an_upstream_gradient_is_not_broadcast():
    with pytest.raises(
        ValueError, match=r"dout: expected shape \(2, 3\), .*; received \(3,\); try"
    ):
        expect.upstream(np.zeros(3), (2, 3), np.float32)


def test_numbers_and_counts_become_plain_python():
    assert type(expect.number("p", np.float64(0.5))) is float
    assert type(expect.count("groups", np.int64(2))) is int
    with pytest.raises(ValueError, match=r"p: expected a finite number; received inf; try"):
        expect.number("p", np.inf)
    with pytest.raises(ValueError, match=r"groups: expected an integer of 1 or more; received 0"):
        expect.count("groups", 0)
    with pytest.raises(TypeError, match=r"groups: expected an integer; received 2.0, a float"):
        expect.count("groups", 2.0)
