"""The bank of assignment a1, in the order of its exercises."""

from __future__ import annotations

from examiner.bank import Bank

from . import (
    distances_loops,
    knn_vote,
    library,
    log_softmax_slips,
    multilabel_right,
    multilabel_slips,
    multilabel_stability,
    numerical_gradient_types,
    predict_slips,
    relative_error_reduced,
    softmax_epsilon,
    softmax_gradient,
    softmax_right,
    standardise_slips,
    svm_gradient,
    svm_right,
    train_result,
    train_right,
    train_slips,
    why_mean,
)

BANKS: dict[str, Bank] = {
    module.BANK.exercise: module.BANK
    for module in (
        distances_loops,
        knn_vote,
        standardise_slips,
        numerical_gradient_types,
        relative_error_reduced,
        svm_gradient,
        svm_right,
        log_softmax_slips,
        softmax_epsilon,
        softmax_gradient,
        softmax_right,
        why_mean,
        multilabel_stability,
        multilabel_slips,
        multilabel_right,
        train_result,
        train_slips,
        train_right,
        predict_slips,
    )
}
library.add_to(BANKS)
