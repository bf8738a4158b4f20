"""Run an answer, compare, explain: the engine of visible tests and of hidden exams alike."""

from __future__ import annotations

import difflib
import importlib
from typing import Any

import numpy as np

from .calls import AnswerRaised, OutOfTime, StandIn
from .exam import ALL, INPUTS, Case, Check, Exam, mark
from .runs import gradients, one_output, out_and_backward
from .score import Row, Score
from .values import BrokenContract, Foreign, Problem, chosen, ordered, unpack
from .whole import whole_number

__all__ = [
    "ALL",
    "INPUTS",
    "AnswerRaised",
    "BrokenContract",
    "Case",
    "Check",
    "Exam",
    "Foreign",
    "OutOfTime",
    "Problem",
    "Row",
    "Score",
    "StandIn",
    "check",
    "chosen",
    "find_exam",
    "gradients",
    "mark",
    "one_output",
    "ordered",
    "out_and_backward",
    "unpack",
    "whole_number",
]


def check(answer: Any, exercise: str) -> Score:
    """The score of an answer on the visible checks of an exercise such as "a1.softmax_loss"."""
    exam = find_exam("strides.visible", exercise)
    return mark(exam, answer, exam.cases(np.random.default_rng(0)))


def find_exam(package: str, exercise: str) -> Exam:
    """The exam called `exercise` in `package`; raises ValueError that names the nearest ones."""
    assignment = exercise.partition(".")[0]
    try:
        exams: dict[str, Exam] = importlib.import_module(f"{package}.{assignment}").EXAMS
    except ModuleNotFoundError as error:
        if error.name != f"{package}.{assignment}":
            raise
        raise ValueError(
            f'exercise: expected "assignment.exercise", such as "a1.softmax_loss"; '
            f"received {exercise!r}"
        ) from error
    if exercise not in exams:
        near = difflib.get_close_matches(exercise, exams, n=3) or sorted(exams)
        raise ValueError(f"exercise: expected one of {', '.join(near)}; received {exercise!r}")
    return exams[exercise]
