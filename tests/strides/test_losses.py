"""The losses against torch, against the gradient checker, at extreme scores and on bad input."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from strides import losses
from strides.gradcheck import gradient_check

torch.set_num_threads(1)

drawn = settings(deadline=None, derandomize=True, max_examples=40)
sizes = st.integers(1, 9)
seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from([np.float64, np.float32])
TOLERANCE = {np.float64: 1e-10, np.float32: 2e-5}


# What torch makes of the same arguments. `s` is a tensor that requires a gradient.


def torch_softmax(s: Any, y: Any) -> Any:
    return torch.nn.functional.cross_entropy(s, y)


def torch_hinge(s: Any, y: Any, margin: float = 1.0) -> Any:
    # torch divides by the number of classes as well
    return torch.nn.functional.multi_margin_loss(s, y, margin=margin) * s.shape[1]


def torch_perceptron(s: Any, y: Any) -> Any:
    return (s.max(dim=1).values - s.gather(1, y[:, None])[:, 0]).mean()


def torch_binary_hinge(s: Any, y: Any) -> Any:
    return torch.clamp(1 - y * s, min=0).mean()


def torch_logistic(s: Any, y: Any) -> Any:
    return torch.nn.functional.soft_margin_loss(s, y.to(s.dtype))


def torch_exponential(s: Any, y: Any) -> Any:
    return torch.exp(-y * s).mean()


def torch_kl(q: Any, p: Any) -> Any:
    return torch.nn.functional.kl_div(q.log(), p, reduction="batchmean")


MULTICLASS = {
    losses.softmax_loss: torch_softmax,
    losses.hinge_loss: torch_hinge,
    losses.perceptron_loss: torch_perceptron,
}
BINARY = {
    losses.binary_hinge_loss: torch_binary_hinge,
    losses.logistic_loss: torch_logistic,
    losses.exponential_loss: torch_exponential,
}


def frozen(array: np.ndarray) -> np.ndarray:
    """The array, so that writing to it raises an error."""
    array.flags.writeable = False
    return array


def scores_and_classes(n: int, c: int, seed: int, dtype: Any) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = (2 * rng.standard_normal((n, c))).astype(dtype)
    return frozen(scores), frozen(rng.integers(0, c, n))


def scores_and_signs(n: int, seed: int, dtype: Any) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = (2 * rng.standard_normal(n)).astype(dtype)
    return frozen(scores), frozen(rng.choice([-1, 1], n))


def distributions(n: int, c: int, seed: int, dtype: Any) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p, q = rng.dirichlet(np.full(c, 2.0), (2, n)) * 0.9 + 0.1 / c
    return frozen(p.astype(dtype)), frozen(q.astype(dtype))


def assert_same_as_torch(
    loss: Any, dscores: np.ndarray, scores: np.ndarray, reference: Callable[..., Any]
) -> None:
    """The loss and the gradient equal those of reference(tensor), in value, dtype and shape."""
    tensor = torch.tensor(scores, requires_grad=True)
    expected = reference(tensor)
    expected.backward()
    tolerance = TOLERANCE[scores.dtype.type]
    assert np.ndim(loss) == 0
    assert np.asarray(loss).dtype == scores.dtype
    assert dscores.dtype == scores.dtype
    assert dscores.shape == scores.shape
    np.testing.assert_allclose(loss, expected.item(), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(dscores, tensor.grad.numpy(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("operation", MULTICLASS)
@drawn
@given(n=sizes, c=sizes, seed=seeds, dtype=dtypes)
def test_multiclass_losses_equal_torch(operation, n, c, seed, dtype):
    scores, y = scores_and_classes(n, c, seed, dtype)
    loss, backward = operation(scores, y)
    reference = MULTICLASS[operation]
    assert_same_as_torch(loss, backward(), scores, lambda s: reference(s, torch.tensor(y)))


@drawn
@given(n=sizes, c=sizes, seed=seeds, dtype=dtypes, margin=st.floats(0.1, 3))
def test_hinge_loss_with_another_margin_equals_torch(n, c, seed, dtype, margin):
    scores, y = scores_and_classes(n, c, seed, dtype)
    loss, backward = losses.hinge_loss(scores, y, np.float64(margin))
    reference = lambda s: torch_hinge(s, torch.tensor(y), margin)  # noqa: E731
    assert_same_as_torch(loss, backward(), scores, reference)


@pytest.mark.parametrize("operation", BINARY)
@drawn
@given(n=sizes, seed=seeds, dtype=dtypes)
def test_binary_losses_equal_torch(operation, n, seed, dtype):
    scores, y = scores_and_signs(n, seed, dtype)
    loss, backward = operation(scores, y)
    reference = BINARY[operation]
    assert_same_as_torch(loss, backward(), scores, lambda s: reference(s, torch.tensor(y)))


@drawn
@given(n=sizes, seed=seeds, dtype=dtypes)
def test_squared_loss_equals_torch(n, seed, dtype):
    scores, _ = scores_and_signs(n, seed, dtype)
    y = frozen(np.random.default_rng(seed + 1).standard_normal(n))
    loss, backward = losses.squared_loss(scores, y)
    targets = torch.tensor(y.astype(dtype))
    reference = lambda s: torch.nn.functional.mse_loss(s, targets)  # noqa: E731
    assert_same_as_torch(loss, backward(), scores, reference)


@drawn
@given(n=sizes, c=sizes, seed=seeds, dtype=dtypes, hard=st.booleans())
def test_bce_with_logits_loss_equals_torch(n, c, seed, dtype, hard):
    scores, _ = scores_and_classes(n, c, seed, dtype)
    targets = np.random.default_rng(seed + 1).random((n, c))
    targets = frozen(np.round(targets) if hard else targets)
    loss, backward = losses.bce_with_logits_loss(scores, targets)
    same = torch.tensor(targets.astype(dtype))
    reference = lambda s: torch.nn.functional.binary_cross_entropy_with_logits(s, same)  # noqa: E731
    assert_same_as_torch(loss, backward(), scores, reference)


@drawn
@given(n=sizes, c=sizes, seed=seeds, dtype=dtypes)
def test_kl_divergence_equals_torch(n, c, seed, dtype):
    p, q = distributions(n, c, seed, dtype)
    loss, backward = losses.kl_divergence(p, q)
    assert_same_as_torch(loss, backward(), q, lambda t: torch_kl(t, torch.tensor(p)))


@drawn
@given(shape=st.lists(sizes, max_size=4), seed=seeds, dtype=dtypes, reg=st.floats(0, 2))
def test_l2_penalty_equals_torch(shape, seed, dtype, reg):
    w = frozen(np.asarray(np.random.default_rng(seed).standard_normal(shape), dtype))
    loss, backward = losses.l2_penalty(w, np.float64(reg))
    dw = np.asarray(backward())
    tensor = torch.tensor(w, requires_grad=True)
    expected = reg * (tensor**2).sum()
    expected.backward()
    tolerance = TOLERANCE[dtype]
    assert loss.dtype == dw.dtype == dtype
    assert dw.shape == w.shape
    np.testing.assert_allclose(loss, expected.item(), rtol=tolerance)
    np.testing.assert_allclose(dw, tensor.grad.numpy(), rtol=tolerance)


@drawn
@given(shape=st.lists(sizes, min_size=1, max_size=2), seed=seeds, dtype=dtypes)
def test_softmax_and_log_softmax_equal_torch(shape, seed, dtype):
    scores = frozen((3 * np.random.default_rng(seed).standard_normal(shape)).astype(dtype))
    tensor = torch.tensor(scores)
    tolerance = TOLERANCE[dtype]
    for ours, theirs in [
        (losses.softmax(scores), torch.softmax(tensor, -1)),
        (losses.log_softmax(scores), torch.log_softmax(tensor, -1)),
    ]:
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=tolerance, atol=tolerance)


@drawn
@given(n=sizes, seed=seeds, dtype=dtypes)
def test_zero_one_loss_counts_the_wrong_side(n, seed, dtype):
    scores, y = scores_and_signs(n, seed, dtype)
    wrong = sum(1 for s, t in zip(scores.tolist(), y.tolist(), strict=True) if s * t <= 0)
    assert losses.zero_one_loss(scores, y) == pytest.approx(wrong / n)
    assert type(losses.zero_one_loss(scores, y)) is float


def test_a_score_of_zero_is_on_the_wrong_side_for_both_labels():
    assert losses.zero_one_loss([0.0, 0.0, 1.0, -1.0], [-1, 1, 1, -1]) == 0.5


# The gradients against measured slopes, which know nothing of torch.


@pytest.mark.parametrize("operation", MULTICLASS)
@drawn
@given(n=sizes, c=sizes, seed=seeds, dtype=dtypes)
def test_multiclass_gradients_agree_with_slopes(operation, n, c, seed, dtype):
    report = gradient_check(operation, *scores_and_classes(n, c, seed, dtype))
    assert report.ok, str(report)
    assert report.arguments[0].checked + len(report.arguments[0].kinks) == n * c


@pytest.mark.parametrize("operation", BINARY)
@drawn
@given(n=sizes, seed=seeds, dtype=dtypes)
def test_binary_gradients_agree_with_slopes(operation, n, seed, dtype):
    report = gradient_check(operation, *scores_and_signs(n, seed, dtype))
    assert report.ok, str(report)


@drawn
@given(n=sizes, c=sizes, seed=seeds, dtype=dtypes)
def test_the_other_gradients_agree_with_slopes(n, c, seed, dtype):
    scores, _ = scores_and_classes(n, c, seed, dtype)
    p, q = distributions(n, c, seed, dtype)
    for report in [
        gradient_check(losses.squared_loss, scores[:, 0], q[:, 0], wrt="scores"),
        gradient_check(losses.bce_with_logits_loss, scores, p, wrt="scores"),
        gradient_check(losses.kl_divergence, p, q, wrt="q"),
        gradient_check(losses.l2_penalty, scores, 0.3),
    ]:
        assert report.ok, str(report)


SCORES = np.array([[1.0, -2.0, 0.0], [0.3, 0.1, 2.0]])
EVERY_LOSS = {
    "softmax_loss": (SCORES, np.array([2, 0])),
    "hinge_loss": (SCORES, np.array([2, 0])),
    "perceptron_loss": (SCORES, np.array([2, 0])),
    "binary_hinge_loss": (SCORES[1], np.array([1, -1, 1])),
    "logistic_loss": (SCORES[1], np.array([1, -1, 1])),
    "exponential_loss": (SCORES[1], np.array([1, -1, 1])),
    "squared_loss": (SCORES[1], np.array([0.5, 2.0, -1.0])),
    "bce_with_logits_loss": (SCORES, np.array([[1.0, 0.0, 1.0], [0.2, 1.0, 0.0]])),
    "kl_divergence": (np.array([[0.2, 0.8]]), np.array([[0.5, 0.5]])),
    "l2_penalty": (SCORES, 0.3),
}


@pytest.mark.parametrize("name", EVERY_LOSS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_upstream_scales_the_gradient_and_leaves_its_dtype(name, dtype):
    first, second = EVERY_LOSS[name]
    if name == "kl_divergence":
        second = second.astype(dtype)
    _, backward = getattr(losses, name)(first.astype(dtype), second)
    once = backward()
    for upstream in (3, 3.0, np.float64(3.0), np.array(3.0)):
        scaled = backward(upstream)
        assert scaled.dtype == once.dtype == dtype
        np.testing.assert_allclose(scaled, 3 * once, rtol=5e-3)
    np.testing.assert_array_equal(backward(), once)  # a second call finds nothing changed


@pytest.mark.parametrize("name", EVERY_LOSS)
def test_a_gradient_belongs_to_the_caller(name):
    """Writing to a gradient changes neither the inputs nor the next gradient."""
    arguments = [np.array(a) if isinstance(a, np.ndarray) else a for a in EVERY_LOSS[name]]
    _, backward = getattr(losses, name)(*arguments)
    once = backward()
    kept = once.copy()
    once[...] = 99
    np.testing.assert_array_equal(backward(), kept)
    for before, after in zip(EVERY_LOSS[name], arguments, strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("name", [name for name in EVERY_LOSS if name != "kl_divergence"])
def test_integer_scores_count_as_float64(name):
    first, second = EVERY_LOSS[name]
    whole = np.round(first * 10).astype(np.int32)
    loss, backward = getattr(losses, name)(whole, second)
    expected, expected_backward = getattr(losses, name)(whole.astype(np.float64), second)
    assert loss == expected
    assert backward().dtype == np.float64
    np.testing.assert_array_equal(backward(), expected_backward())


def test_lists_are_welcome():
    loss, backward = losses.softmax_loss([[1, -2, 0]], [2])
    assert loss == pytest.approx(1.349, abs=5e-4)
    assert backward().shape == (1, 3)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64])
def test_labels_of_any_integer_dtype(dtype):
    y = np.array([2, 0], dtype=dtype)
    assert losses.softmax_loss(SCORES, y)[0] == losses.softmax_loss(SCORES, [2, 0])[0]


# Worked numbers of the course.


def test_softmax_of_the_course_map():
    np.testing.assert_allclose(losses.softmax([1.0, -2.0, 0.0]), [0.7, 0.04, 0.26], atol=0.006)


def test_hinge_and_softmax_loss_of_the_course_map():
    scores = [[-2.85, 0.86, 0.28]]
    assert losses.hinge_loss(scores, [2])[0] == pytest.approx(1.58)
    assert losses.softmax_loss(scores, [2])[0] == pytest.approx(1.04, abs=0.005)


def test_the_logistic_gradient_uses_the_probability_of_the_label_itself():
    scores, y = np.array([0.5, -1.5]), np.array([-1, -1])
    p_own = 1 / (1 + np.exp(-y * scores))
    _, backward = losses.logistic_loss(scores, y)
    np.testing.assert_allclose(backward(), -(1 - p_own) * y / 2)


def test_cross_entropy_is_the_kl_divergence_from_one_hot_labels():
    q = losses.softmax(SCORES)
    assert losses.kl_divergence(np.eye(3)[[2, 0]], q)[0] == pytest.approx(
        losses.softmax_loss(SCORES, [2, 0])[0]
    )


def test_perceptron_loss_is_the_hinge_without_margin_for_two_classes():
    scores = SCORES[:, :2]
    assert losses.perceptron_loss(scores, [1, 0])[0] == pytest.approx(
        losses.hinge_loss(scores, [1, 0], margin=0)[0]
    )


# Extreme scores. Expected values follow by hand: beside a gap of 20000 every exp(-gap) is 0.
# RuntimeWarnings are errors here, so nothing overflows on the way either.

HUGE = {np.float32: 1e38, np.float64: 1e308}
extreme = pytest.mark.filterwarnings("error::RuntimeWarning")


@extreme
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_loss_at_scores_far_apart(dtype):
    scores = np.array([[1e4, -1e4], [-1e4, 1e4], [1e4, 1e4], [-1e4, -1e4]], dtype)
    loss, backward = losses.softmax_loss(scores, [1, 1, 0, 1])
    assert loss == pytest.approx((2e4 + 0 + 2 * np.log(2)) / 4)
    expected = np.array([[1, -1], [0, 0], [-0.5, 0.5], [0.5, -0.5]]) / 4
    np.testing.assert_allclose(backward(), expected, atol=1e-7)
    np.testing.assert_allclose(losses.softmax(scores)[:3], [[1, 0], [0, 1], [0.5, 0.5]])
    np.testing.assert_allclose(losses.log_softmax(scores)[0], [0, -2e4])


@extreme
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_loss_at_the_ends_of_the_dtype(dtype):
    huge = HUGE[dtype]
    scores = np.array([[huge, 0], [huge, 0], [0, -huge]], dtype)
    loss, backward = losses.softmax_loss(scores, [1, 1, 1])
    assert loss == pytest.approx(huge)  # the mean of three, though their sum is too large
    np.testing.assert_allclose(backward(), np.array([[1, -1], [1, -1], [1, -1]]) / 3, rtol=1e-6)
    apart = np.array([[np.finfo(dtype).max, np.finfo(dtype).min]], dtype)
    np.testing.assert_array_equal(losses.softmax(apart), [[1, 0]])
    np.testing.assert_array_equal(losses.log_softmax(apart), [[0, -np.inf]])
    assert losses.softmax_loss(apart, [0])[0] == 0
    loss, backward = losses.softmax_loss(apart, [1])
    assert loss == np.inf  # the gap between the two is more than the dtype can hold
    np.testing.assert_array_equal(backward(), [[1, -1]])


@extreme
@pytest.mark.parametrize("operation", [losses.hinge_loss, losses.perceptron_loss])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_margin_losses_at_the_ends_of_the_dtype(operation, dtype):
    huge = HUGE[dtype]
    loss, backward = operation(np.array([[huge, 0], [huge, 0]], dtype), [1, 0])
    assert loss == pytest.approx(huge / 2)
    np.testing.assert_array_equal(backward(), [[0.5, -0.5], [0, 0]])
    apart = np.array([[np.finfo(dtype).max, np.finfo(dtype).min]], dtype)
    assert operation(apart, [0])[0] == 0
    assert operation(apart, [1])[0] == np.inf


@extreme
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e4, None])
def test_logistic_and_binary_hinge_loss_at_extreme_scores(dtype, size):
    size = size or HUGE[dtype]
    scores, y = np.array([size, -size, size, -size], dtype), [-1, 1, 1, -1]
    for operation in (losses.logistic_loss, losses.binary_hinge_loss):
        loss, backward = operation(scores, y)
        assert loss == pytest.approx(size / 2, rel=1e-3)
        np.testing.assert_allclose(backward(), [0.25, -0.25, 0, 0], atol=1e-7)


@extreme
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e4, None])
def test_bce_with_logits_loss_at_extreme_scores(dtype, size):
    size = size or HUGE[dtype]
    scores, targets = np.array([[size, -size], [size, -size]], dtype), [[0, 1], [1, 0]]
    loss, backward = losses.bce_with_logits_loss(scores, targets)
    assert loss == pytest.approx(size / 2)
    np.testing.assert_allclose(backward(), [[0.25, -0.25], [0, 0]], atol=1e-7)


@extreme
def test_losses_that_truly_overflow_are_inf():
    assert losses.exponential_loss([-1e4, 1e4], [1, 1])[0] == np.inf
    assert losses.squared_loss([1e200], [0.0])[0] == np.inf
    assert losses.l2_penalty(np.full(3, 1e200), 1.0)[0] == np.inf
    loss, backward = losses.exponential_loss([1e4], [1])
    assert loss == 0
    assert backward() == 0


@extreme
def test_kl_divergence_with_zeros():
    loss, backward = losses.kl_divergence([0.0, 1.0], [0.5, 0.5])
    assert loss == pytest.approx(np.log(2))
    np.testing.assert_allclose(backward(), [0, -2])
    loss, backward = losses.kl_divergence([0.5, 0.5], [0.0, 1.0])
    assert loss == np.inf
    np.testing.assert_array_equal(backward(), [-np.inf, -0.5])
    loss, backward = losses.kl_divergence([[0, 1], [1, 0]], np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert loss == 0
    np.testing.assert_array_equal(backward(), [[0, -0.5], [-0.5, 0]])


@extreme
def test_kl_divergence_of_tiny_probabilities_does_not_overflow():
    loss, _ = losses.kl_divergence([0.5, 0.5], [1e-310, 1.0])
    assert loss == pytest.approx(0.5 * (np.log(0.5) - np.log(1e-310)) + 0.5 * np.log(0.5))


# Bad input: what was expected, what came, what to try.

NAN = np.array([[1.0, 2.0, 3.0], [4.0, np.nan, 6.0]])


@pytest.mark.parametrize("operation", MULTICLASS)
@pytest.mark.parametrize(
    ("scores", "y", "error", "message"),
    [
        (SCORES, [0, 3], ValueError, r"y: expected labels from 0 to 2; received 3 at \[1\]; try"),
        (SCORES, [-1, 0], ValueError, r"y: expected labels from 0 to 2; received -1 at \[0\]"),
        (
            SCORES,
            [0],
            ValueError,
            r"y: expected 2 labels, one for each row of scores \(2, 3\); received 1; try",
        ),
        (SCORES, [0.0, 1.0], TypeError, r"y: expected integers; received dtype float64; try y.ast"),
        (SCORES, [True, False], TypeError, r"y: expected integers; received dtype bool; try"),
        (SCORES, ["cat", "dog"], TypeError, r"y: expected integers; received dtype <U3; try"),
        (SCORES, [[0], [1]], ValueError, r"received shape \(2, 1\); try y.ravel\(\)"),
        (
            SCORES,
            np.eye(3, dtype=int)[:2],
            ValueError,
            r"received shape \(2, 3\); try y.argmax\(axis=1\) if each row of y is one-hot",
        ),
        (SCORES, None, ValueError, r"y: expected 2 labels"),
        (NAN, [0, 1], ValueError, r"scores: expected finite numbers; received nan at \[1, 1\]; tr"),
        ([[1, np.inf]], [0], ValueError, r"expected finite numbers; received inf at \[0, 1\]"),
        ([[-np.inf, 1]], [0], ValueError, r"expected finite numbers; received -inf at \[0, 0\]"),
        (SCORES[0], [0, 1, 2], ValueError, r"shape \(N, C\); received \(3,\); try scores\[None, :"),
        (SCORES[None], [0], ValueError, r"scores: expected shape \(N, C\); received \(1, 2, 3\)"),
        (1.0, [0], ValueError, r"scores: expected shape \(N, C\); received \(\)"),
        (np.zeros((0, 3)), np.zeros(0, int), ValueError, r"at least one row; received 0; try"),
        (np.zeros((2, 0)), [0, 0], ValueError, r"received \(2, 0\), which is empty"),
        (["a", "b"], [0], TypeError, r"scores: expected real numbers; received dtype <U1; try"),
        (SCORES * 1j, [0, 1], TypeError, r"scores: expected real numbers; received dtype complex"),
    ],
)
def test_bad_input_to_multiclass_losses(operation, scores, y, error, message):
    with pytest.raises(error, match=message):
        operation(scores, y)


@pytest.mark.parametrize("operation", [*BINARY, losses.zero_one_loss])
@pytest.mark.parametrize(
    ("scores", "y", "message"),
    [
        (
            SCORES[0],
            [0, 1, 1],
            r"y: expected labels of -1 and \+1; received 0 at \[0\]; try 2 \* y",
        ),
        (SCORES[0], [True, True, False], r"received False at \[2\]; try 2 \* y - 1"),
        (SCORES[0], [1, 0.5, 1], r"y: expected labels of -1 and \+1; received 0.5 at \[1\]"),
        (
            SCORES[0],
            [1, -1],
            r"y: expected 3 labels, one for each row of scores \(3,\); received 2",
        ),
        (SCORES[0], [[1], [-1], [1]], r"received shape \(3, 1\); try y.ravel\(\)"),
        (SCORES[:, :1], [1, -1], r"shape \(N,\); received \(2, 1\); try scores.ravel\(\)"),
        ([np.nan, 1.0], [1, -1], r"scores: expected finite numbers; received nan at \[0\]"),
        ([], [], r"scores: expected shape \(N,\); received \(0,\), which is empty; try a larger b"),
    ],
)
def test_bad_input_to_binary_losses(operation, scores, y, message):
    with pytest.raises(ValueError, match=message):
        operation(scores, y)


ROW = [[0.5, 0.5]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: losses.squared_loss([1.0, 2.0], [[1.0], [2.0]]),
            r"y: expected shape \(2,\), one number for each score; received \(2, 1\); try",
        ),
        (lambda: losses.squared_loss([1.0], [np.nan]), r"y: expected finite .* nan at \[0\]"),
        (lambda: losses.squared_loss([], []), r"scores: expected shape \(N,\); received \(0,\)"),
        (
            lambda: losses.bce_with_logits_loss(SCORES, [2, 0]),
            r"targets: expected shape \(2, 3\), one number for each score; received \(2,\)",
        ),
        (
            lambda: losses.bce_with_logits_loss(SCORES, SCORES),
            r"targets: expected numbers from 0 to 1; received -2.0 at \[0, 1\]; try 1 for yes",
        ),
        (
            lambda: losses.bce_with_logits_loss(np.zeros((0, 3)), np.zeros((0, 3))),
            r"at least one row; received 0",
        ),
        (
            lambda: losses.kl_divergence(ROW, [[-0.7, -0.7]]),
            r"q: expected probabilities; received -0.7 at \[0, 0\]; try softmax\(...\), without",
        ),
        (
            lambda: losses.kl_divergence([[2.0, 3.0]], ROW),
            r"sum of p: expected rows that sum to 1; received 5.0 at \[0\]; try softmax",
        ),
        (lambda: losses.kl_divergence([0.5, 0.5], ROW), r"p: expected shape \(1, 2\)"),
        (
            lambda: losses.kl_divergence(np.zeros((0, 2)), np.zeros((0, 2))),
            r"at least one row; received 0",
        ),
        (lambda: losses.l2_penalty([1.0], -0.1), r"reg: expected a number of 0 or more; rec.*-0.1"),
        (lambda: losses.l2_penalty([1.0], np.nan), r"reg: expected a number of 0 or more; .*nan"),
        (lambda: losses.l2_penalty([np.inf], 0.1), r"w: expected finite numbers; received inf at"),
        (
            lambda: losses.hinge_loss(SCORES, [0, 1], margin=-1),
            r"margin: expected a number of 0 or more; received -1.0; try",
        ),
        (lambda: losses.softmax([[1.0, np.nan]]), r"scores: expected finite numbers"),
        (lambda: losses.log_softmax(SCORES[None]), r"shape \(N, C\) or \(C,\); received \(1, 2, 3"),
        (lambda: losses.softmax(np.zeros((2, 0))), r"received \(2, 0\), which is empty"),
    ],
)
def test_bad_input_to_the_others(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("operation", [losses.softmax, losses.log_softmax])
def test_no_rows_make_no_probabilities(operation):
    assert operation(np.zeros((0, 3), np.float32)).shape == (0, 3)


def test_no_weights_cost_nothing():
    loss, backward = losses.l2_penalty(np.zeros((0, 3)), 0.5)
    assert loss == 0
    assert backward().shape == (0, 3)
