"""The hidden exams of assignment a1."""

from __future__ import annotations

from strides.check import Exam

from . import gradients, linear, neighbours, predicting, train

EXAMS: dict[str, Exam] = {
    exam.name: exam
    for exam in (
        neighbours.DISTANCES,
        neighbours.KNN,
        neighbours.STANDARDISE,
        gradients.NUMERICAL,
        gradients.RELATIVE,
        linear.SVM,
        linear.LOG_SOFTMAX,
        linear.SOFTMAX,
        linear.MULTILABEL,
        train.TRAIN,
        predicting.PREDICT,
        predicting.WHY_MEAN,
    )
}
