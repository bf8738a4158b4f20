"""Mistakes in a linear classifier's penalty, reg * sum(w * w), and in its gradient."""

from __future__ import annotations

import numpy as np

from .linear import Array, Combine, penalised, squares, twice


def _without_last_row(w: Array) -> Array:
    kept = w.astype(float)
    kept[-1] = 0
    return kept


PENALTY_MISTAKES: list[tuple[str, str, Combine]] = [
    (
        "reg_missing",
        "Changing reg changes nothing in your result: add reg * sum(w * w) to the loss "
        "and 2 * reg * w to the gradient.",
        penalised(lambda w, reg: 0, lambda w, reg: 0),
    ),
    (
        "reg_missing_loss",
        "The penalty is missing in your loss: add reg * sum(w * w).",
        penalised(lambda w, reg: 0, twice),
    ),
    (
        "reg_missing_grad",
        "The penalty is missing in your gradient: add 2 * reg * w.",
        penalised(squares, lambda w, reg: 0),
    ),
    (
        "reg_grad_half",
        "The penalty's gradient is half of what it should be: the derivative of reg * w * w is "
        "2 * reg * w.",
        penalised(squares, lambda w, reg: reg * w),
    ),
    (
        "reg_half_convention",
        "Loss and gradient agree but use half the penalty: here it is reg * sum(w * w), "
        "without 1/2.",
        penalised(lambda w, reg: 0.5 * squares(w, reg), lambda w, reg: reg * w),
    ),
    (
        "reg_half_loss",
        "The penalty in your loss has a factor 1/2: here it is reg * sum(w * w).",
        penalised(lambda w, reg: 0.5 * squares(w, reg), twice),
    ),
    (
        "reg_grad_unscaled",
        "The penalty's gradient does not depend on reg: it is 2 * reg * w.",
        penalised(squares, lambda w, reg: 2 * w),
    ),
    (
        "reg_grad_quadruple",
        "The penalty's gradient is twice too large: the derivative of reg * w * w is 2 * reg * w.",
        penalised(squares, lambda w, reg: 4 * reg * w),
    ),
    (
        "reg_grad_sign",
        "The penalty's gradient has the wrong sign: the penalty grows with w, so add 2 * reg * w.",
        penalised(squares, lambda w, reg: -2 * reg * w),
    ),
    (
        "reg_subtracted",
        "The penalty is subtracted: add it, so that large weights cost more.",
        penalised(lambda w, reg: -squares(w, reg), lambda w, reg: -2 * reg * w),
    ),
    (
        "reg_in_mean",
        "The penalty's gradient is divided by N as well: divide only the data part.",
        lambda w, x, losses, d, reg: (
            losses.mean() + squares(w, reg),
            (x.T @ d + twice(w, reg)) / len(x),
        ),
    ),
    (
        "reg_in_mean_loss",
        "The penalty in the loss is divided by N as well: divide only the data part.",
        lambda w, x, losses, d, reg: (
            (losses.sum() + squares(w, reg)) / len(x),
            x.T @ d / len(x) + twice(w, reg),
        ),
    ),
    (
        "reg_in_mean_both",
        "The penalty is divided by N, in loss and gradient: divide only the data part.",
        lambda w, x, losses, d, reg: (
            (losses.sum() + squares(w, reg)) / len(x),
            (x.T @ d + twice(w, reg)) / len(x),
        ),
    ),
    (
        "reg_averaged",
        "Your penalty is a mean over the weights: it is their sum, reg * sum(w * w).",
        penalised(lambda w, reg: reg * np.mean(w * w), twice),
    ),
    (
        "reg_averaged_both",
        "Your penalty and its gradient are averaged over the weights: the penalty is a sum.",
        penalised(lambda w, reg: reg * np.mean(w * w), lambda w, reg: 2 * reg * w / w.size),
    ),
    (
        "reg_norm",
        "Your penalty is the norm of w, not its square: it is reg * sum(w * w).",
        penalised(
            lambda w, reg: reg * np.linalg.norm(w), lambda w, reg: reg * w / np.linalg.norm(w)
        ),
    ),
    (
        "reg_norm_loss",
        "The penalty in your loss is the norm of w, not its square: it is reg * sum(w * w).",
        penalised(lambda w, reg: reg * np.linalg.norm(w), twice),
    ),
    (
        "reg_absolute",
        "Your penalty is reg * sum(|w|) (L1): here it is L2, reg * sum(w * w).",
        penalised(lambda w, reg: reg * np.abs(w).sum(), lambda w, reg: reg * np.sign(w)),
    ),
    (
        "reg_absolute_loss",
        "The penalty in your loss is reg * sum(|w|): here it is reg * sum(w * w).",
        penalised(lambda w, reg: reg * np.abs(w).sum(), twice),
    ),
    (
        "reg_plain_sum",
        "Your penalty sums w without squaring it: it is reg * sum(w * w).",
        penalised(lambda w, reg: reg * np.sum(w), twice),
    ),
    (
        "reg_matrix_product",
        "Your penalty uses a matrix product of w with itself: square entry by entry, w * w.",
        penalised(lambda w, reg: reg * np.sum(w.T @ w), twice),
    ),
    (
        "reg_squared",
        "reg enters squared: the penalty is reg * sum(w * w).",
        penalised(lambda w, reg: reg**2 * np.sum(w * w), lambda w, reg: 2 * reg**2 * w),
    ),
    (
        "reg_times_n",
        "The penalty is added once for each sample: add it once, after the mean.",
        lambda w, x, losses, d, reg: (
            losses.mean() + len(x) * squares(w, reg),
            x.T @ d / len(x) + len(x) * twice(w, reg),
        ),
    ),
    (
        "reg_times_n_loss",
        "The penalty is added to the loss once for each sample: add it once, after the mean.",
        lambda w, x, losses, d, reg: (
            losses.mean() + len(x) * squares(w, reg),
            x.T @ d / len(x) + twice(w, reg),
        ),
    ),
    (
        "reg_times_n_grad",
        "The penalty's gradient is added once for each sample: add it once, after the mean.",
        lambda w, x, losses, d, reg: (
            losses.mean() + squares(w, reg),
            x.T @ d / len(x) + len(x) * twice(w, reg),
        ),
    ),
    (
        "reg_unscaled",
        "The penalty does not depend on reg: it is reg * sum(w * w).",
        penalised(lambda w, reg: np.sum(w * w), lambda w, reg: 2 * w),
    ),
    (
        "reg_unscaled_loss",
        "The penalty in your loss does not depend on reg: it is reg * sum(w * w).",
        penalised(lambda w, reg: np.sum(w * w), twice),
    ),
    (
        "reg_double_loss",
        "The penalty in your loss is twice too large: it is reg * sum(w * w).",
        penalised(lambda w, reg: 2 * squares(w, reg), twice),
    ),
    (
        "reg_grad_one_number",
        "The penalty's gradient is one number added to every entry: it is 2 * reg * w, entry by entry.",
        penalised(squares, lambda w, reg: np.full(w.shape, 2 * reg * np.sum(w * w))),
    ),
    (
        "reg_grad_sum_of_w",
        "The penalty's gradient is one number added to every entry: it is 2 * reg * w, entry by entry.",
        penalised(squares, lambda w, reg: np.full(w.shape, 2 * reg * np.sum(w))),
    ),
    (
        "reg_grad_squares",
        "The penalty's gradient has w squared: the derivative of reg * w * w is 2 * reg * w.",
        penalised(squares, lambda w, reg: 2 * reg * w * w),
    ),
    (
        "reg_skips_last_row",
        "Your penalty leaves out the last row of w: in this exercise it covers all of w.",
        penalised(
            lambda w, reg: squares(_without_last_row(w), reg),
            lambda w, reg: twice(_without_last_row(w), reg),
        ),
    ),
    (
        "reg_skips_last_row_loss",
        "The penalty in your loss leaves out the last row of w: in this exercise it covers all "
        "of w.",
        penalised(lambda w, reg: squares(_without_last_row(w), reg), twice),
    ),
    (
        "reg_square_of_sum",
        "Your penalty is the square of the sum of w: square each entry first, reg * sum(w * w).",
        penalised(lambda w, reg: reg * np.sum(w) ** 2, twice),
    ),
    (
        "reg_not_summed",
        "Your loss is a matrix: the penalty reg * w * w is not summed. It is reg * sum(w * w).",
        penalised(lambda w, reg: reg * w * w, twice),
    ),
    (
        "reg_subtracted_loss",
        "The penalty is subtracted from your loss: does a minus sign stand before a bracket that "
        "holds it? Add reg * sum(w * w).",
        penalised(lambda w, reg: -squares(w, reg), twice),
    ),
    (
        "reg_double_both",
        "The penalty is twice too large, in loss and gradient: they are reg * sum(w * w) and "
        "2 * reg * w.",
        penalised(lambda w, reg: 2 * squares(w, reg), lambda w, reg: 2 * twice(w, reg)),
    ),
]
