"""The bank of assignment a1, in the order of its exercises."""

from __future__ import annotations

from examiner.bank import Bank

from . import (
    distances_loops,
    knn_vote,
    log_softmax,
    multilabel_right,
    multilabel_stability,
    numerical_gradient,
    predict,
    relative_error_reduced,
    softmax_epsilon,
    softmax_gradient,
    softmax_right,
    standardise_slips,
    svm_gradient,
    svm_right,
    train_result,
    train_right,
    why_mean,
)

BANKS: dict[str, Bank] = {
    module.BANK.exercise: module.BANK
    for module in (
        distances_loops,
        knn_vote,
        standardise_slips,
        numerical_gradient,
        relative_error_reduced,
        svm_gradient,
        svm_right,
        log_softmax,
        softmax_epsilon,
        softmax_gradient,
        softmax_right,
        why_mean,
        multilabel_stability,
        multilabel_right,
        train_result,
        train_right,
        predict,
    )
}
