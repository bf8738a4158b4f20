"""Losses: how wrong the scores are, as one number, and which way to push them.

Each loss is a function that returns two things, `loss, backward = softmax_loss(scores, y)`:
the number, and the function that turns it into a gradient, `dscores = backward()`.
What the backward pass needs is what the inner function remembers of the outer one.
`backward(upstream)` multiplies by the gradient of whatever is computed from the loss.

Losses are means over the N rows. float32 scores give a float32 loss and gradient, float64 gives
float64, integers count as float64. Inputs are never changed. A loss too large for its dtype is inf.
Arguments that do not fit raise an error that says what was expected: see `strides.expect`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides import expect

Array = NDArray[Any]
Result = tuple[Any, Callable[..., Array]]  # loss, backward

inf_without_warning = np.errstate(over="ignore")


def _mean(losses: Array, name: str = "scores") -> Any:
    """Mean that divides before it adds, so that large losses do not overflow on the way.

    name is the argument that an error speaks of.
    """
    if losses.size == 0:
        raise ValueError(f"{name}: expected at least one row; received 0; try a larger batch")
    return (losses / losses.size).sum()


# Several classes: scores (N, C), one column a class, and labels y (N,) with numbers 0 to C-1.


@inf_without_warning
def softmax(scores: ArrayLike) -> Array:
    """Turn each row of scores, (N, C) or (C,), into probabilities that are positive and sum to 1.

    Adding a constant to a row changes nothing, so the largest score is moved to 0: exp() then
    stays between 0 and 1. Raises ValueError for NaN or inf. Source: Bridle, 1990.
    """
    scores = expect.rows("scores", scores, "(N, C)", "(C,)")
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


@inf_without_warning
def log_softmax(scores: ArrayLike) -> Array:
    """Logarithm of softmax for scores (N, C) or (C,), finite where the probability rounds to 0.

    log(exp(s_j) / sum_k exp(s_k)) = s_j - log(sum_k exp(s_k)), after the shift of `softmax`.
    Raises ValueError for NaN or inf.
    """
    scores = expect.rows("scores", scores, "(N, C)", "(C,)")
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@inf_without_warning
def softmax_loss(scores: ArrayLike, y: ArrayLike) -> Result:
    """Cross-entropy: the mean over rows of -log(the probability given to the right class).

    scores (N, C), y (N,). The gradient of a row is its probabilities, less 1 at the right class,
    over N. Raises ValueError for labels outside 0 to C-1, NaN or N = 0, TypeError for labels not
    integers. Source: Bridle, 1990.
    """
    scores = expect.rows("scores", scores, "(N, C)")
    y = expect.classes(y, scores)
    rows = np.arange(len(y))
    highest = scores[rows, scores.argmax(axis=1)]  # for short rows twice as fast as max
    shifted = scores - highest[:, None]
    right = shifted[rows, y]
    exps = np.exp(shifted, out=shifted)  # the shifted scores are not needed again
    sums = np.einsum("nc->n", exps)  # for short rows four times as fast as sum
    loss = _mean(np.log(sums) - right)

    def backward(upstream: float = 1.0) -> Array:
        share = float(upstream) / len(y)
        dscores = exps * (share / sums)[:, None]  # the probabilities are exps / sums
        dscores[rows, y] -= share
        return dscores

    return loss, backward


@inf_without_warning
def hinge_loss(scores: ArrayLike, y: ArrayLike, margin: float = 1.0) -> Result:
    """Multiclass SVM loss: every wrong class pays for coming within `margin` of the right one.

    scores (N, C), y (N,). A row costs sum over j != y of max(0, s_j - s_y + margin).
    Raises ValueError for labels outside 0 to C-1, a negative margin, NaN or N = 0, TypeError for
    labels not integers. Source: Weston and Watkins, 1999.
    """
    scores = expect.rows("scores", scores, "(N, C)")
    y = expect.classes(y, scores)
    margin = expect.zero_or_more("margin", margin)
    rows = np.arange(len(y))
    margins = scores - scores[rows, y][:, None] + margin
    margins[rows, y] = 0  # the right class does not compete with itself
    loss = _mean(np.maximum(margins, 0).sum(axis=1))

    def backward(upstream: float = 1.0) -> Array:
        dscores = (margins > 0).astype(scores.dtype)  # each wrong class that pays is pushed down
        dscores[rows, y] = -dscores.sum(axis=1)  # and the right class up, once for each of them
        return dscores * (float(upstream) / len(y))

    return loss, backward


@inf_without_warning
def perceptron_loss(scores: ArrayLike, y: ArrayLike) -> Result:
    """Perceptron loss: by how much the highest score beats the right one, 0 where they are one.

    scores (N, C), y (N,). A row costs max_j s_j - s_y. Source: Rosenblatt, 1958, for two classes.
    Raises ValueError for labels outside 0 to C-1, NaN or N = 0, TypeError for labels not integers.
    """
    scores = expect.rows("scores", scores, "(N, C)")
    y = expect.classes(y, scores)
    rows = np.arange(len(y))
    predicted = scores.argmax(axis=1)
    loss = _mean(scores[rows, predicted] - scores[rows, y])

    def backward(upstream: float = 1.0) -> Array:
        dscores = np.zeros_like(scores)
        dscores[rows, predicted] += 1
        dscores[rows, y] -= 1  # the two cancel where the prediction is right
        return dscores * (float(upstream) / len(y))

    return loss, backward


# Two classes: scores (N,), labels y (N,) of -1 and +1. All five depend on y * s alone, which is
# positive where the sign of the score is right.


def zero_one_loss(scores: ArrayLike, y: ArrayLike) -> float:
    """Share of rows on the wrong side, from 0 to 1; a score of 0 takes no side and counts as wrong.

    scores (N,), y (N,) of -1 and +1. Flat almost everywhere, so there is nothing to follow downhill
    and no backward: the four losses below are what we minimise in its place.
    Raises ValueError for other labels, NaN or N = 0.
    """
    scores = expect.rows("scores", scores, "(N,)")
    y = expect.signs(y, scores)
    return float(np.mean(y * scores <= 0))


@inf_without_warning
def binary_hinge_loss(scores: ArrayLike, y: ArrayLike) -> Result:
    """Hinge loss, the mean of max(0, 1 - y s): for scores (N,) and y (N,) of -1 and +1.

    Raises ValueError for other labels, NaN or N = 0. Source: Cortes and Vapnik, 1995.
    """
    scores = expect.rows("scores", scores, "(N,)")
    y = expect.signs(y, scores)
    margins = 1 - y * scores
    loss = _mean(np.maximum(margins, 0))

    def backward(upstream: float = 1.0) -> Array:
        return np.where(margins > 0, -y, 0) * (float(upstream) / len(y))

    return loss, backward


def logistic_loss(scores: ArrayLike, y: ArrayLike) -> Result:
    """Logistic loss, the mean of log(1 + exp(-y s)): for scores (N,) and y (N,) of -1 and +1.

    It is -log p(y | s) where p(y | s) = 1 / (1 + exp(-y s)), and its gradient is
    -(1 - p(y | s)) y / N. logaddexp(0, a) is log(1 + exp(a)) without the overflow.
    Raises ValueError for other labels, NaN or N = 0. Source: Cox, 1958.
    """
    scores = expect.rows("scores", scores, "(N,)")
    y = expect.signs(y, scores)
    loss = _mean(np.logaddexp(0, -y * scores))

    def backward(upstream: float = 1.0) -> Array:
        doubt = np.exp(-np.logaddexp(0, y * scores))  # 1 - p(y | s)
        return -doubt * y * (float(upstream) / len(y))

    return loss, backward


@inf_without_warning
def exponential_loss(scores: ArrayLike, y: ArrayLike) -> Result:
    """Exponential loss, the mean of exp(-y s): for scores (N,) and y (N,) of -1 and +1.

    One score far on the wrong side outweighs all the rest. Source: Freund and Schapire, 1997.
    Raises ValueError for other labels, NaN or N = 0.
    """
    scores = expect.rows("scores", scores, "(N,)")
    y = expect.signs(y, scores)
    losses = np.exp(-y * scores)

    def backward(upstream: float = 1.0) -> Array:
        return -y * losses * (float(upstream) / len(y))

    return _mean(losses), backward


@inf_without_warning
def squared_loss(scores: ArrayLike, y: ArrayLike) -> Result:
    """Squared loss, the mean of (s - y)^2: for scores (N,) and any numbers y (N,).

    With y of -1 and +1 it equals (1 - y s)^2, so it also punishes being right by more than 1.
    Raises ValueError for shapes that differ, NaN or N = 0.
    """
    scores = expect.rows("scores", scores, "(N,)")
    y = expect.targets("y", y, scores)
    gaps = scores - y

    def backward(upstream: float = 1.0) -> Array:
        return gaps * (2 * float(upstream) / len(y))

    return _mean(gaps**2), backward


# Several labels at once, distributions, and the size of the weights.


def bce_with_logits_loss(scores: ArrayLike, targets: ArrayLike) -> Result:
    """Binary cross-entropy: one yes-or-no question for each entry of scores (N, C).

    targets (N, C) from 0 to 1. The mean runs over all N * C entries, as it does in torch.
    With p = 1 / (1 + exp(-s)) an entry costs -t log p - (1 - t) log(1 - p), which is written
    below in a form where nothing overflows. Its gradient is (p - t) / (N C).
    Raises ValueError for shapes that differ, targets outside 0 to 1, NaN or N = 0.
    """
    scores = expect.rows("scores", scores, "(N, C)")
    targets = expect.targets("targets", targets, scores)
    outside = (targets < 0) | (targets > 1)
    expect.reject("targets", targets, outside, "numbers from 0 to 1", "1 for yes and 0 for no")
    losses = np.maximum(scores, 0) - scores * targets + np.log1p(np.exp(-np.abs(scores)))

    def backward(upstream: float = 1.0) -> Array:
        probs = np.exp(-np.logaddexp(0, -scores))
        return (probs - targets) * (float(upstream) / scores.size)

    return _mean(losses), backward


@np.errstate(divide="ignore")
def kl_divergence(p: ArrayLike, q: ArrayLike) -> Result:
    """Kullback-Leibler divergence: the mean over rows of sum_j p_j log(p_j / q_j), in nats.

    p and q hold probabilities, (N, C) or (C,). 0 log 0 counts as 0; q_j = 0 where p_j > 0 gives
    inf. backward gives the gradient with respect to q, each of its entries free to move.
    Raises ValueError for shapes that differ, negative entries, rows that do not sum to 1 (within
    0.001), NaN or N = 0. Source: Kullback and Leibler, 1951.
    """
    q = expect.probabilities("q", expect.rows("q", q, "(N, C)", "(C,)"))
    p = expect.probabilities("p", expect.targets("p", p, q))
    seen = p > 0
    terms = np.zeros_like(q)
    terms[seen] = p[seen] * (np.log(p[seen]) - np.log(q[seen]))
    rows = terms.sum(axis=-1)

    def backward(upstream: float = 1.0) -> Array:
        dq = np.zeros_like(q)
        with np.errstate(divide="ignore", over="ignore"):
            dq[seen] = -p[seen] / q[seen]
        return dq * (float(upstream) / rows.size)

    return _mean(rows, "q"), backward


@inf_without_warning
def l2_penalty(w: ArrayLike, reg: float) -> Result:
    """Weight penalty reg * sum(w * w), for weights of any shape; its gradient is 2 * reg * w.

    Raises ValueError for NaN in w and for a negative reg. Source: Hoerl and Kennard, 1970.
    """
    w = expect.numbers("w", w)
    reg = expect.zero_or_more("reg", reg)

    def backward(upstream: float = 1.0) -> Array:
        return w * (2 * reg * float(upstream))

    return reg * np.sum(w * w), backward
