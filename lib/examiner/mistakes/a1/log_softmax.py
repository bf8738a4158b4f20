"""Mistakes and odd but right answers for a1.log_softmax(scores) -> log_p (N, C)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import logsumexp

from examiner.bank import Bank

from .softmax_parts import probabilities

Array = np.ndarray
BANK = Bank("a1.log_softmax")
mistake = BANK.mistake


@mistake("exp overflows for large scores: subtract each row's largest score first.")
def no_shift(scores: Array) -> Array:
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


@mistake("exp overflows, and the log is of a quotient: shift the row, then s - log(sum(exp(s))).")
def log_of_unshifted_softmax(scores: Array) -> Array:
    e = np.exp(scores)
    return np.log(e / e.sum(axis=1, keepdims=True))


@mistake(
    "A probability that underflows to 0 has log -inf: stay in logs, s - m - log(sum(exp(s - m)))."
)
def log_of_softmax(scores: Array) -> Array:
    return np.log(probabilities(scores))


@mistake(
    "One shift for the whole matrix leaves small rows with exp = 0: shift each row by its own."
)
def shift_by_global_max(scores: Array) -> Array:
    z = scores - scores.max()
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@mistake("One shift for the whole matrix, and the log of a quotient: shift each row by its own.")
def log_of_globally_shifted(scores: Array) -> Array:
    e = np.exp(scores - scores.max())
    return np.log(e / e.sum(axis=1, keepdims=True))


@mistake("The smallest score of each row is subtracted: use the largest, so that exp is at most 1.")
def shift_by_min(scores: Array) -> Array:
    z = scores - scores.min(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@mistake("The mean of each row is subtracted: use the largest, so that exp is at most 1.")
def shift_by_mean(scores: Array) -> Array:
    z = scores - scores.mean(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@mistake("These are probabilities: the exercise asks for their logarithm.")
def softmax_returned(scores: Array) -> Array:
    return probabilities(scores)


@mistake("The sign is flipped: log-probabilities are never positive.")
def negative_log(scores: Array) -> Array:
    return logsumexp(scores, axis=1, keepdims=True) - scores


@mistake("The shift is subtracted from the scores but the row's log-sum is missing.")
def only_shifted(scores: Array) -> Array:
    return scores - scores.max(axis=1, keepdims=True)


@mistake("The sum runs down the columns: sum over the classes, axis 1.")
def over_samples(scores: Array) -> Array:
    return scores - logsumexp(scores, axis=0, keepdims=True)


@mistake("The sum runs over the whole matrix: sum over the classes of each row.")
def over_everything(scores: Array) -> Array:
    return scores - logsumexp(scores)


@mistake("The row's log-sum has shape (N,): keep its axis with keepdims=True.")
def log_without_keepdims(scores: Array) -> Array:
    return scores - logsumexp(scores, axis=1)


@mistake("The row maximum has shape (N,): keep its axis with keepdims=True.")
def shift_without_keepdims(scores: Array) -> Array:
    z = scores - scores.max(axis=1)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@mistake("The shift is subtracted in the sum but not from the scores: z = s - m in both places.")
def shift_in_sum_only(scores: Array) -> Array:
    z = scores - scores.max(axis=1, keepdims=True)
    return scores - np.log(np.exp(z).sum(axis=1, keepdims=True))


@mistake("The maximum is subtracted twice: once inside the sum and once in the end.")
def shift_twice(scores: Array) -> Array:
    m = scores.max(axis=1, keepdims=True)
    return scores - m - logsumexp(scores, axis=1, keepdims=True)


@mistake("Your logarithm is to the base 10: use np.log.")
def log10(scores: Array) -> Array:
    return (scores - logsumexp(scores, axis=1, keepdims=True)) / np.log(10)


@mistake("The last step's logarithm is to the base 2: use np.log.")
def log2_of_sum(scores: Array) -> Array:
    z = scores - scores.max(axis=1, keepdims=True)
    return z - np.log2(np.exp(z).sum(axis=1, keepdims=True))


@mistake("exp is missing in the sum: log(sum(exp(s))).")
def log_of_sum(scores: Array) -> Array:
    return scores - np.log(scores.sum(axis=1, keepdims=True))


@mistake("The logarithm is missing: subtract log(sum(exp(s))), not the sum.")
def sum_without_log(scores: Array) -> Array:
    z = scores - scores.max(axis=1, keepdims=True)
    return z - np.exp(z).sum(axis=1, keepdims=True)


@mistake("Scores are clipped: far ones are all taken for the same. Subtract the row's maximum.")
def clipped_scores(scores: Array) -> Array:
    z = np.clip(scores, -500, 500)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


for _power in range(6, 17):
    BANK.add_mistake(
        f"epsilon_1e{_power}",
        f"The 1e-{_power} in your log hides small probabilities: "
        "stay in logs, s - m - log(sum(exp(s - m))).",
        lambda scores, power=_power: np.log(probabilities(scores) + 10.0**-power),
    )
BANK.add_mistake(
    "clip_1e300",
    "The 1e-300, clipped at or added, hides smaller probabilities: stay in logs, s - m - log(sum(exp(s - m))).",
    lambda scores: np.log(np.clip(probabilities(scores), 1e-300, 1)),
)


@mistake("You shift the scores in place and so change your argument: write z = scores - m.")
def shifts_in_place(scores: Array) -> Array:
    np.subtract(scores, scores.max(axis=1, keepdims=True), out=scores, casting="unsafe")
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


@mistake("You return log p of one class a row: return all of them, shape (N, C).")
def one_number_a_row(scores: Array) -> Array:
    return (scores - logsumexp(scores, axis=1, keepdims=True)).max(axis=1)


@BANK.odd_but_right
def logaddexp_reduce(scores: Array) -> Array:
    return scores - np.logaddexp.reduce(scores, axis=1)[:, None]


@BANK.odd_but_right
def row_by_row(scores: Array) -> Any:
    rows = []
    for row in scores:
        m = max(row)
        rows.append([s - m - np.log(sum(np.exp(t - m) for t in row)) for s in row])
    return rows


@BANK.odd_but_right
def with_scipy(scores: Array) -> Array:
    return scores - logsumexp(scores, axis=1, keepdims=True)


@BANK.odd_but_right
def differences_between_scores(scores: Array) -> Array:
    return -logsumexp(scores[:, None, :] - scores[:, :, None], axis=2)
