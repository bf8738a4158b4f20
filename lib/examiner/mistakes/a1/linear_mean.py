"""Mistakes in a linear classifier's mean over the samples, and in its chain rule."""

from __future__ import annotations

import numpy as np

from .linear import Combine, squares, twice

MEAN_MISTAKES: list[tuple[str, str, Combine]] = [
    (
        "no_mean",
        "Loss and gradient are sums over the samples: divide the data part of both by N.",
        lambda w, x, losses, d, reg: (losses.sum() + squares(w, reg), x.T @ d + twice(w, reg)),
    ),
    (
        "no_mean_loss",
        "The data part of your loss is a sum over the samples: divide it by N.",
        lambda w, x, losses, d, reg: (
            losses.sum() + squares(w, reg),
            x.T @ d / len(x) + twice(w, reg),
        ),
    ),
    (
        "no_mean_grad",
        "The data part of your gradient is a sum over the samples: divide it by N.",
        lambda w, x, losses, d, reg: (losses.mean() + squares(w, reg), x.T @ d + twice(w, reg)),
    ),
    (
        "double_mean_grad",
        "The data part of your gradient is divided by N twice: once is enough.",
        lambda w, x, losses, d, reg: (
            losses.mean() + squares(w, reg),
            x.T @ d / len(x) ** 2 + twice(w, reg),
        ),
    ),
    (
        "double_mean",
        "Loss and gradient are divided by N twice: once is enough.",
        lambda w, x, losses, d, reg: (
            losses.mean() / len(x) + squares(w, reg),
            x.T @ d / len(x) ** 2 + twice(w, reg),
        ),
    ),
    (
        "mean_over_classes",
        "Your mean runs over the N x C entries: it divides by C as well. Divide by N alone.",
        lambda w, x, losses, d, reg: (
            losses.mean() / d.shape[1] + squares(w, reg),
            x.T @ d / len(x) + twice(w, reg),
        ),
    ),
    (
        "mean_over_classes_both",
        "Loss and gradient are divided by N and by C. Divide by the number of samples N alone.",
        lambda w, x, losses, d, reg: (
            losses.mean() / d.shape[1] + squares(w, reg),
            x.T @ d / d.size + twice(w, reg),
        ),
    ),
    (
        "mean_over_classes_grad",
        "The data part of your gradient is divided by N and by C: divide it by N alone.",
        lambda w, x, losses, d, reg: (
            losses.mean() + squares(w, reg),
            x.T @ d / d.size + twice(w, reg),
        ),
    ),
    (
        "divided_by_classes",
        "You divide by the number of classes: divide by the number of samples N.",
        lambda w, x, losses, d, reg: (
            losses.sum() / d.shape[1] + squares(w, reg),
            x.T @ d / d.shape[1] + twice(w, reg),
        ),
    ),
    (
        "divided_by_features",
        "You divide by the number of features: divide by the number of samples N, x.shape[0].",
        lambda w, x, losses, d, reg: (
            losses.sum() / x.shape[1] + squares(w, reg),
            x.T @ d / x.shape[1] + twice(w, reg),
        ),
    ),
    (
        "sign",
        "Your gradient has the wrong sign: it has to point uphill, where the loss grows.",
        lambda w, x, losses, d, reg: (
            losses.mean() + squares(w, reg),
            -(x.T @ d / len(x) + twice(w, reg)),
        ),
    ),
    (
        "sign_of_data_part",
        "The data part of your gradient has the wrong sign; its penalty part is right.",
        lambda w, x, losses, d, reg: (
            losses.mean() + squares(w, reg),
            -x.T @ d / len(x) + twice(w, reg),
        ),
    ),
    (
        "loss_sign",
        "Your data loss has the wrong sign: it must fall as the score of the true class rises.",
        lambda w, x, losses, d, reg: (
            -losses.mean() + squares(w, reg),
            x.T @ d / len(x) + twice(w, reg),
        ),
    ),
    (
        "transposed_gradient",
        "Your gradient is transposed: dw has the shape (D, C) of w, so it is x.T @ dscores.",
        lambda w, x, losses, d, reg: (
            losses.mean() + squares(w, reg),
            d.T @ x / len(x) + 2 * reg * w.T,
        ),
    ),
    (
        "gradient_of_scores",
        "backward() returns the gradient into the scores, shape (N, C). "
        "One more step of the chain rule gives dw = x.T @ dscores.",
        lambda w, x, losses, d, reg: (losses.mean() + squares(w, reg), d / len(x)),
    ),
    (
        "loss_per_sample",
        "Your loss is one number for each sample: average over the samples to return one number.",
        lambda w, x, losses, d, reg: (losses + squares(w, reg), x.T @ d / len(x) + twice(w, reg)),
    ),
    (
        "median_loss",
        "Your loss is not a mean over the samples: average with np.mean.",
        lambda w, x, losses, d, reg: (
            np.median(losses) + squares(w, reg),
            x.T @ d / len(x) + twice(w, reg),
        ),
    ),
    (
        "first_sample_only",
        "Your loss looks at the first sample alone: average over all of them.",
        lambda w, x, losses, d, reg: (
            losses[0] + squares(w, reg),
            np.outer(x[0], d[0]) + twice(w, reg),
        ),
    ),
    (
        "early_return",
        "Your loss holds the first sample's share alone: is the `return` inside the loop?",
        lambda w, x, losses, d, reg: (
            losses[0] / len(x) + squares(w, reg),
            np.outer(x[0], d[0]) / len(x) + twice(w, reg),
        ),
    ),
    (
        "last_sample_only",
        "Your gradient holds the last sample alone: accumulate with += in the loop, not =.",
        lambda w, x, losses, d, reg: (
            losses.mean() + squares(w, reg),
            np.outer(x[-1], d[-1]) / len(x) + twice(w, reg),
        ),
    ),
    (
        "zero_gradient",
        "backward() returns zeros: the gradient is never filled in.",
        lambda w, x, losses, d, reg: (losses.mean() + squares(w, reg), np.zeros(w.shape)),
    ),
    (
        "returns_w",
        "backward() returns w itself: return the gradient dw.",
        lambda w, x, losses, d, reg: (losses.mean() + squares(w, reg), w),
    ),
]
