"""The gradient checker: right gradients pass, wrong ones are caught and their place is named."""

import functools
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from strides.gradcheck import gradient_check, numerical_gradient
from strides.losses import bce_with_logits_loss, l2_penalty, softmax_loss
from strides.slopes import ALL_UP_TO, step_for

drawn = settings(deadline=None, derandomize=True, max_examples=30)
shapes = st.lists(st.integers(1, 5), max_size=3)
seeds = st.integers(0, 2**32 - 1)


def normal(*shape: int, seed: int = 0, dtype: Any = np.float64) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


X, W, B = normal(4, 6), normal(6, 3, seed=1), normal(3, seed=2)


def affine(x, w, b, scale=1.0):
    def backward(dout):
        return scale * dout @ w.T, scale * x.T @ dout, dout.sum(axis=0)

    return scale * x @ w + b, backward


def affine_with(spoil):
    """The affine operation whose gradients (dx, dw, db) have been through `spoil`."""

    def affine_spoilt(x, w, b):
        out, backward = affine(x, w, b)
        return out, lambda dout: spoil(*backward(dout))

    return affine_spoilt


def square(x):
    return x**2, lambda dout: 2 * x * dout


def relu(x):
    return np.maximum(x, 0), lambda dout: dout * (x > 0)


# numerical_gradient


@drawn
@given(shape=shapes, seed=seeds, size=st.sampled_from([1e-3, 1.0, 30.0]))
def test_numerical_gradient_equals_torch(shape, seed, size):
    x = np.asarray(size * np.random.default_rng(seed).standard_normal(shape))
    tensor = torch.tensor(x, requires_grad=True)
    (torch.tanh(tensor) * tensor + torch.sin(tensor)).sum().backward()
    measured = numerical_gradient(lambda x: np.sum(np.tanh(x) * x + np.sin(x)), x)
    assert measured.shape == x.shape
    assert measured.dtype == np.float64
    np.testing.assert_allclose(measured, tensor.grad.numpy(), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int64, np.uint8])
def test_numerical_gradient_is_measured_in_float64(dtype):
    x = np.array([[1, 2, 3], [4, 5, 6]], dtype=dtype)
    seen = set()

    def f(x):
        seen.add(x.dtype)
        return np.sum(x**3)

    measured = numerical_gradient(f, x)
    np.testing.assert_allclose(measured, 3 * x.astype(float) ** 2, rtol=1e-8)
    assert seen == {np.dtype(np.float64)}


def test_numerical_gradient_leaves_x_alone_and_so_may_f():
    x = normal(2, 3)
    x.flags.writeable = False

    def f(x):
        x *= 2  # spoils the copy it was given
        return x.sum()

    np.testing.assert_allclose(numerical_gradient(f, x), np.full((2, 3), 2.0), rtol=1e-9)


def test_the_step_follows_from_the_dtype_of_f_unless_given():
    steps = []

    def recorder(dtype):
        def f(x):
            steps.append(float(x[0]))
            return dtype(x[0])

        return f

    numerical_gradient(recorder(np.float64), [0.0])
    numerical_gradient(recorder(np.float32), [0.0])
    numerical_gradient(recorder(np.float64), [0.0], h=0.25)
    numerical_gradient(recorder(np.float64), [-8.0], h=0.25)
    h64, h32 = step_for(np.float64), step_for(np.float32)
    assert steps == [0, h64, -h64, 0, h32, -h32, 0, 0.25, -0.25, -8, -6, -10]
    assert 1e-6 < h64 < 1e-5
    assert 1e-3 < h32 < 1e-2


def test_numerical_gradient_takes_a_number_for_x():
    assert numerical_gradient(lambda x: x**2, 3.0) == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("f", "x", "error", "message"),
    [
        (np.tanh, [1.0, 2.0], ValueError, r"f: expected one number; received an array of shape "),
        (np.sum, [1j], TypeError, r"x: expected real numbers; received dtype complex128; try"),
        (np.sum, ["a"], TypeError, r"x: expected real numbers; received dtype <U1; try"),
    ],
)
def test_numerical_gradient_of_bad_input(f, x, error, message):
    with pytest.raises(error, match=message):
        numerical_gradient(f, x)


@pytest.mark.parametrize("h", [0.0, -1e-5, np.nan])
def test_a_step_must_be_positive(h):
    with pytest.raises(ValueError, match="h: expected a positive number"):
        numerical_gradient(np.sum, [1.0], h=h)
    with pytest.raises(ValueError, match="h: expected a positive number"):
        gradient_check(square, X, h=h)


@pytest.mark.parametrize("tolerance", [0, -1e-5, np.nan])
def test_a_tolerance_must_be_positive(tolerance):
    with pytest.raises(ValueError, match="tolerance: expected a positive number"):
        gradient_check(square, X, tolerance=tolerance)


# gradient_check: right gradients


@drawn
@given(n=st.integers(1, 5), d=st.integers(1, 5), m=st.integers(1, 5), seed=seeds)
def test_right_gradients_agree(n, d, m, seed):
    x, w, b = normal(n, d, seed=seed), normal(d, m, seed=seed + 1), normal(m, seed=seed + 2)
    report = gradient_check(affine, x, w, b, scale=0.7)
    assert report.ok, str(report)
    assert [(a.name, a.shape, a.checked) for a in report.arguments] == [
        ("x", (n, d), n * d),
        ("w", (d, m), d * m),
        ("b", (m,), m),
    ]


def test_float32_inputs_are_checked_in_float64():
    arguments = [a.astype(np.float32) for a in (X, W, B)]
    seen = set()

    def op(x, w, b):
        seen.update(a.dtype for a in (x, w, b))
        return affine(x, w, b)

    report = gradient_check(op, *arguments)
    assert report.ok, str(report)
    assert seen == {np.dtype(np.float64)}
    assert max(a.relative_error for a in report.arguments) < 1e-7


def test_an_operation_that_rounds_to_float32_gets_a_step_and_a_tolerance_to_match():
    def rounded(x, factor=1.0):
        return np.tanh(x).astype(np.float32), lambda dout: factor * dout * (1 - np.tanh(x) ** 2)

    report = gradient_check(rounded, X)
    assert report.ok, str(report)
    assert 1e-7 < report.arguments[0].relative_error < step_for(np.float32)
    assert gradient_check(rounded, X, factor=1.05).arguments[0].wrong == X.size


def test_integers_and_numbers_are_no_arguments_to_check():
    y = np.array([0, 2, 1, 1])
    report = gradient_check(softmax_loss, X[:, :3], y)
    assert [a.name for a in report.arguments] == ["scores"]
    assert [a.name for a in gradient_check(l2_penalty, W, 0.3).arguments] == ["w"]


def test_wrt_names_the_arguments_that_have_a_gradient():
    targets = np.abs(np.tanh(X))
    assert [a.name for a in gradient_check(affine, X, W, B, wrt=("b", "x")).arguments] == ["x", "b"]
    assert gradient_check(bce_with_logits_loss, X, targets, wrt="scores").ok
    with pytest.raises(ValueError, match=r"2 gradients .* scores, targets; received 1; try wrt='s"):
        gradient_check(bce_with_logits_loss, X, targets)


def test_none_stands_for_no_gradient():
    def op(x, w, b=None):
        out, backward = affine(x, w, 0.0)
        return out, lambda dout: (*backward(dout)[:2], None)

    assert [a.name for a in gradient_check(op, X, W, None).arguments] == ["x", "w"]
    assert [a.name for a in gradient_check(op, X, W, B).arguments] == ["x", "w"]


def test_a_backward_that_needs_an_upstream_number_gets_one():
    def total(x):
        return x.sum(), lambda dout: np.full(x.shape, dout)

    assert gradient_check(total, X).ok


def test_an_array_of_one_number():
    assert gradient_check(square, np.array(2.0)).arguments[0].analytic == 4.0
    assert not gradient_check(lambda x: (x**2, lambda: x), np.array(2.0)).ok


def test_names_come_from_the_signature():
    def many(*arrays):
        return sum(a.sum() for a in arrays), lambda: [np.ones(a.shape) for a in arrays]

    assert [a.name for a in gradient_check(many, X, B).arguments] == ["argument 0", "argument 1"]
    fixed = functools.partial(affine, scale=2.0)
    assert [a.name for a in gradient_check(fixed, X, W, B).arguments] == ["x", "w", "b"]


def test_the_same_seed_gives_the_same_report():
    large = normal(30, 20)
    first, second = gradient_check(square, large, seed=3), gradient_check(square, large, seed=3)
    assert first == second
    assert first != gradient_check(square, large, seed=4)


def test_inputs_are_not_changed():
    arguments = [a.copy() for a in (X, W, B)]
    for a in arguments:
        a.flags.writeable = False
    assert gradient_check(affine, *arguments).ok


def test_entries_far_from_one_are_checked_too():
    x = np.array([1e-6, 1e-3, 1.0, 1e3, 1e6, -1e6])
    assert gradient_check(square, x).ok


def test_a_wrong_gradient_far_from_one_is_caught():
    """A step of 6e-6 would drown in the rounding of 1e9."""
    triple = lambda x: (3 * x, lambda dout: 3.03 * dout)  # noqa: E731
    found = gradient_check(triple, np.array([1e9])).arguments[0]
    assert found.wrong == 1


def test_a_gradient_of_zero_and_an_output_of_zero_agree():
    report = gradient_check(lambda x: (0 * x, lambda dout: 0 * dout), X)
    assert report.ok
    assert report.arguments[0].relative_error == 0


def test_an_empty_array_has_nothing_to_compare():
    report = gradient_check(square, np.zeros((0, 3)))
    assert report.ok
    assert "no entry to compare" in str(report)


# gradient_check: wrong gradients


def nudge(gradient, index, by):
    gradient = gradient.copy()
    gradient[index] += by
    return gradient


@pytest.mark.parametrize("index", [(0, 0), (2, 1), (5, 2)])
def test_one_wrong_entry_is_named(index):
    op = affine_with(lambda dx, dw, db: (dx, nudge(dw, index, 1e-3), db))
    report = gradient_check(op, X, W, B)
    assert [a.ok for a in report.arguments] == [True, False, True]
    found = report.arguments[1]
    assert (found.name, found.problem, found.index) == ("w", "value", index)
    assert (found.wrong, found.checked) == (1, 18)
    assert found.analytic - found.numeric == pytest.approx(1e-3, rel=1e-4)
    assert f"at {list(index)}" in str(report)
    assert f"{found.analytic:.6g}" in str(report)


def test_of_several_wrong_entries_the_worst_is_named():
    def op(x):
        factors = np.array([1.0, 1.1, 3.0, 1.2, 1.0])
        return x**2, lambda dout: factors * 2 * x * dout

    found = gradient_check(op, np.ones(5)).arguments[0]
    assert (found.index, found.wrong) == ((2,), 3)
    assert found.relative_error == pytest.approx(2 / 3)


@pytest.mark.parametrize("factor", [-1.0, 0.0, 0.5, 2.0, 4.0, 1.001])
def test_a_common_factor_is_caught_and_stated(factor):
    report = gradient_check(affine_with(lambda dx, dw, db: (dx, factor * dw, db)), X, W, B)
    found = report.arguments[1]
    assert found.problem == "value"
    assert found.wrong == found.checked == 18
    assert f"backward gives {factor:.5g} times the slope at every entry" in str(report)


def test_no_factor_is_stated_where_there_is_none():
    report = gradient_check(affine_with(lambda dx, dw, db: (dx, dw + 0.1, db)), X, W, B)
    assert report.arguments[1].wrong == 18
    assert "times the slope" not in str(report)


WRONG = {
    "upstream ignored": lambda x: (x**2, lambda dout: 2 * x),
    "upstream summed": lambda x: (x**2, lambda dout: 2 * x * dout.mean()),
    "constant forgotten": lambda x: (x**2, lambda dout: x * dout),
    "absolute value": lambda x: (x**2, lambda dout: 2 * np.abs(x) * dout),
    "transposed": lambda x: (x**2, lambda dout: (2 * x * dout).T),
    "rows mixed": lambda x: (x**2, lambda dout: (2 * x * dout)[::-1]),
    "clipped": lambda x: (x**2, lambda dout: np.clip(2 * x * dout, -1, 1)),
    "wrong side of a corner": lambda x: (np.maximum(x, 0), lambda dout: dout * (x < 0)),
    "one-sided rounding": lambda x: (x**2, lambda dout: 2 * x * dout * (1 + 2e-5)),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_gradients_are_caught(kind):
    report = gradient_check(WRONG[kind], normal(4, 4))
    assert not report.ok, str(report)
    assert report.arguments[0].problem == "value"
    assert report.arguments[0].kinks == ()


def test_a_penalty_with_half_its_gradient_is_caught():
    def loss(w, reg):
        return reg * np.sum(w * w), lambda: reg * w

    assert not gradient_check(loss, W, 0.3).ok
    assert gradient_check(loss, W, 0.0).ok  # nothing to see without the penalty


def test_repeated_labels_lost_are_caught_at_their_column():
    """dw[:, y] -= ... counts a label once, however often it occurs."""
    x, y = X, np.array([1, 1, 2, 1])

    def right_scores(w):
        def backward():
            dw = np.zeros_like(w)
            dw[:, y] += x.T
            return dw

        return (x @ w)[range(4), y].sum(), backward

    found = gradient_check(right_scores, W).arguments[0]
    assert found.problem == "value"
    assert found.wrong == 6
    assert found.index is not None
    assert found.index[1] == 1


@pytest.mark.parametrize(
    ("spoil", "name", "shape"),
    [
        (lambda dx, dw, db: (dx, dw.ravel(), db), "w", "(18,)"),
        (lambda dx, dw, db: (dx, dw.T, db), "w", "(3, 6)"),
        (lambda dx, dw, db: (dx, dw, db[None]), "b", "(1, 3)"),
        (lambda dx, dw, db: (0.0, dw, db), "x", "()"),
    ],
)
def test_a_gradient_of_the_wrong_shape(spoil, name, shape):
    report = gradient_check(affine_with(spoil), X, W, B)
    bad = [a for a in report.arguments if not a.ok]
    assert [(a.name, a.problem) for a in bad] == [(name, "shape")]
    assert f"backward gives shape {shape}" in str(report)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite(value):
    op = affine_with(lambda dx, dw, db: (nudge(dx, (1, 4), value), dw, db))
    found = gradient_check(op, X, W, B).arguments[0]
    assert (found.problem, found.index) == ("not finite", (1, 4))
    assert f"backward gives {value} at [1, 4]" in str(found)


def test_an_operation_that_changes_its_inputs():
    def forward_writes(x, w, b):
        out, backward = affine(x.copy(), w, b)
        x -= 1
        return out, backward

    def backward_writes(x):
        def backward(dout):
            dout *= 2 * x
            return dout

        return x**2, backward

    def labels_lost(scores, y):
        result = softmax_loss(scores, y.copy())
        y[:] = 0
        return result

    for op, arguments, name in [
        (forward_writes, (X, W, B), "x"),
        (backward_writes, (X,), "the upstream gradient"),
        (labels_lost, (X[:, :3], np.array([0, 2, 1, 1])), "y"),
    ]:
        report = gradient_check(op, *arguments)
        changed = [a.name for a in report.arguments if a.problem == "input changed"]
        assert changed == [name]
        assert not report.ok
        assert f"{name} {report.arguments[0].shape}: CHANGED by the operation" in str(report)


def test_a_step_out_of_the_domain():
    def log(x):
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.log(x), lambda dout: dout / x

    x = np.array([1.0, 1e-7])
    report = gradient_check(log, x)
    assert report.arguments[0].index == (1,)
    assert "not finite a step away from here; try a smaller h" in str(report)
    assert gradient_check(log, x, h=1e-11, tolerance=1e-3).ok


# gradient_check: kinks


def test_a_kink_is_reported_as_a_kink():
    x = normal(3, 4)
    x[1, 2] = 0.0
    report = gradient_check(relu, x)
    assert report.ok, str(report)
    found = report.arguments[0]
    assert found.kinks == ((1, 2),)
    assert found.checked == 11
    assert "kinks left out: 1, as at [1, 2]" in str(report)


@pytest.mark.parametrize("off", [-1e-6, 1e-6])
def test_a_kink_within_a_step_is_one_too(off):
    found = gradient_check(relu, np.array([0.5, off, -2.0])).arguments[0]
    assert found.ok
    assert found.kinks == ((1,),)


def test_a_kink_inside_a_loss():
    scores = np.array([[2.0, 1.0, -3.0], [0.3, 0.1, 2.0]])  # 1.0 - 2.0 + 1 is right at the margin

    def hinge(scores):
        margins = np.maximum(0, scores - scores[[0, 1], [0, 2]][:, None] + 1)
        margins[[0, 1], [0, 2]] = 0

        def backward():
            d = (margins > 0) / 2
            d[[0, 1], [0, 2]] -= d.sum(axis=1)
            return d

        return margins.sum() / 2, backward

    found = gradient_check(hinge, scores).arguments[0]
    assert found.ok, str(found)
    assert set(found.kinks) == {(0, 0), (0, 1)}
    assert found.checked == 4


def test_ties_between_windows_with_upstream_of_both_signs_are_kinks():
    """Two maxima over the same tied pair: neither side of the step shows the split that is made."""

    def maxima(x):
        def backward(dout):
            return np.array([dout[0], dout[1]])

        return np.array([x.max(), x.max()]), backward

    found = gradient_check(maxima, np.ones(2), seed=0).arguments[0]
    assert found.kinks == ((0,), (1,))


def test_a_gradient_beyond_both_sides_of_a_kink_is_wrong():
    found = gradient_check(lambda x: (np.abs(x), lambda dout: 3 * dout), np.zeros(2)).arguments[0]
    assert found.problem == "value"
    assert found.kinks == ()


def test_a_kink_elsewhere_hides_no_wrong_entry():
    x = normal(3, 4)
    x[1, 2] = 0.0

    def op(x):
        out, backward = relu(x)
        return out, lambda dout: nudge(backward(dout), (2, 0), 0.01)

    found = gradient_check(op, x).arguments[0]
    assert (found.problem, found.index, found.kinks) == ("value", (2, 0), ((1, 2),))


def test_only_kinks_leave_nothing_to_compare():
    report = gradient_check(relu, np.zeros(3))
    assert report.ok
    assert "no entry to compare; kinks left out: 3, as at [0]" in str(report)


def test_curvature_is_no_kink():
    def steep(x, factor=5.0):
        return np.exp(5 * x), lambda dout: factor * np.exp(5 * x) * dout

    near = np.clip(X, -1, 1)
    right, wrong = gradient_check(steep, near), gradient_check(steep, near, factor=5.01)
    assert (right.arguments[0].wrong, right.arguments[0].kinks) == (0, ())
    assert (wrong.arguments[0].wrong, wrong.arguments[0].kinks) == (24, ())


def test_the_curvature_of_many_outputs_together_is_no_kink():
    z = normal(100_000)

    def shifted(x, factor=1.0):
        out = np.tanh(x + z)
        return out, lambda dout: factor * np.sum(dout * (1 - out**2), keepdims=True)

    assert gradient_check(shifted, np.zeros(1)).ok
    found = gradient_check(shifted, np.zeros(1), factor=1.0002).arguments[0]
    assert (found.problem, found.kinks) == ("value", ())


def test_rounding_in_a_large_output_is_no_error():
    """Slopes far below the rounding of the loss cannot be measured, and are not held against it."""
    scores = np.array([[40.0, 0.0, 3.0], [-1.0, 30.0, 31.0]])
    report = gradient_check(softmax_loss, scores, np.array([1, 0]))
    assert report.ok, str(report)


# gradient_check: large arrays


def counted(operation):
    calls = []

    def op(*args):
        calls.append(1)
        return operation(*args)

    return op, calls


def test_a_large_array_takes_few_calls():
    op, calls = counted(square)
    report = gradient_check(op, normal(100, 200))
    assert report.ok, str(report)
    assert report.arguments[0].directions == 3
    assert len(calls) < 120
    assert "agrees at 50 entries and along 3 directions" in str(report)


@drawn
@given(row=st.integers(0, 99), column=st.integers(0, 199), seed=seeds)
def test_one_wrong_entry_of_many_is_found_and_named(row, column, seed):
    def op(x):
        return x**2, lambda dout: nudge(2 * x * dout, (row, column), 0.1)

    found = gradient_check(op, normal(100, 200, seed=seed), seed=seed).arguments[0]
    assert (found.problem, found.index, found.wrong) == ("value", (row, column), 1)


def test_a_kink_in_a_large_array_is_set_aside():
    x = normal(50, 40)
    x[7, 9] = x[31, 2] = 0.0
    found = gradient_check(relu, x).arguments[0]
    assert found.ok
    assert set(found.kinks) <= {(7, 9), (31, 2)}
    assert found.directions == 3


def test_a_kink_in_a_large_array_hides_no_wrong_entry():
    x = normal(50, 40)
    x[7, 9] = x[31, 2] = 0.0

    def op(x):
        out, backward = relu(x)
        return out, lambda dout: nudge(backward(dout), (20, 20), 0.1)

    found = gradient_check(op, x).arguments[0]
    assert (found.problem, found.index) == ("value", (20, 20))


def test_a_wrong_gradient_of_a_large_array_needs_no_directions():
    wrong = lambda x: (x**2, lambda dout: x * dout)  # noqa: E731
    op, calls = counted(wrong)
    found = gradient_check(op, normal(100, 200)).arguments[0]
    assert (found.wrong, found.checked, found.directions) == (50, 50, 0)
    assert len(calls) < 120


def test_the_border_between_small_and_large():
    assert gradient_check(square, normal(ALL_UP_TO)).arguments[0].checked == ALL_UP_TO
    assert gradient_check(square, normal(ALL_UP_TO + 1)).arguments[0].checked < ALL_UP_TO


# gradient_check: operations that cannot be checked


def noisy(x):
    mask = np.random.default_rng().random(x.shape) < 0.5
    return x * mask, lambda dout: dout * mask


@pytest.mark.parametrize(
    ("operation", "arguments", "error", "message"),
    [
        (
            lambda x: x,
            (X,),
            TypeError,
            r"expected \(out, backward\), a value and a function; received ndarray; try",
        ),
        (lambda x: None, (X,), TypeError, r"received NoneType; try `return out, backward`"),
        (lambda x: (x, 2 * x), (X,), TypeError, r"received 2 values \(ndarray, ndarray\)"),
        (lambda x: (1.0, 2.0, 3.0), (X,), TypeError, r"received 3 values \(float, float, float\)"),
        (noisy, (X,), ValueError, r"noisy: expected the same output .*; try a fixed seed"),
        (
            lambda x: (x / 0, lambda dout: dout),
            (np.zeros(2),),
            ValueError,
            r"expected a finite output; received NaN or inf",
        ),
        (
            square,
            (np.arange(3),),
            ValueError,
            r"square: expected arrays of floats to check; .*none",
        ),
        (square, (2.0,), ValueError, r"received none; try passing arrays by position"),
        (
            affine_with(lambda dx, dw, db: (dx, dw)),
            (X, W, B),
            ValueError,
            r"expected 3 gradients from backward, one for each of x, w, b; received 2; try wrt='x'",
        ),
        (affine_with(lambda *d: None), (X, W, B), ValueError, r"for each of x, w, b; received 0"),
        (lambda x: (x, lambda dout: (dout, dout)), (X,), ValueError, r"1 gradients .* received 2"),
    ],
)
@pytest.mark.filterwarnings("ignore:(invalid|divide)")
def test_an_operation_that_cannot_be_checked(operation, arguments, error, message):
    with pytest.raises(error, match=message):
        gradient_check(operation, *arguments)


def test_an_unknown_name_in_wrt():
    with pytest.raises(ValueError, match=r"received wrt='z' beside x, w, b; try"):
        gradient_check(affine, X, W, B, wrt=("x", "z"))


# The report as a reader sees it


def test_a_report_of_right_gradients_reads_well():
    lines = str(gradient_check(affine, X, W, B)).split("\n")
    assert lines[0] == "gradients of affine: all agree"
    assert lines[1].startswith("  x (4, 6): agrees at 24 entries, relative error up to ")
    assert len(lines) == 4


def test_a_report_of_wrong_gradients_names_them_first():
    report = gradient_check(affine_with(lambda dx, dw, db: (dx, 2 * dw, db)), X, W, B)
    lines = str(report).split("\n")
    assert lines[0] == "gradients of affine_spoilt: 1 of 3 wrong"
    assert lines[1].startswith("  w (6, 3): WRONG at 18 of 18 entries, most at [")
    assert "relative error 5.0e-01" in lines[1]
    assert lines[2] == "    backward gives 2 times the slope at every entry"
    assert lines[3].startswith("  x (4, 6): agrees")


@pytest.mark.parametrize("factor", [1, 2])
def test_a_report_never_takes_more_than_eight_lines(factor):
    arrays = [normal(2, 2, seed=seed) for seed in range(12)]

    def op(*arrays):
        return sum(a.sum() for a in arrays), lambda: [np.full(a.shape, factor) for a in arrays]

    lines = str(gradient_check(op, *arrays)).split("\n")
    assert 6 <= len(lines) <= 8
    assert lines[-1] == f"  and {[6, 9][factor - 1]} more"
