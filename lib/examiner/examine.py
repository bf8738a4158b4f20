"""Marking one answer with the hidden exam of its exercise."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from strides.check import Case, Exam, Score, find_exam, mark
from strides.check.exam import Diagnose

from .bank import Bank
from .diagnose import diagnoser
from .whose import told_whose

KEPT = 16
"""Exams whose inputs are kept: those of one assignment, for who marks many with one seed."""


def examine(
    answer: Any,
    exercise: str,
    seed: int = 0,
    student_seed: int | None = None,
    shown: Callable[[], Any] = lambda: None,
) -> Score:
    """The score of an answer on the hidden checks of an exercise such as "a1.softmax_loss".

    The inputs are drawn from `seed`: the same seed gives the same inputs. Each student's own
    numbers are drawn from `student_seed`, where there is one; `shown()` is what the notebook
    showed as these. Raises ValueError for an exercise that does not exist.
    """
    own = exam_of(exercise).own
    drawn = student_seed if own and student_seed is not None else seed
    exam, cases, name = _prepared(exercise, drawn)
    score = mark(exam, answer, cases, name)
    if own and score.earned < score.possible:
        return told_whose(score, exam, answer, cases, shown())
    return score


@lru_cache(maxsize=KEPT)
def _prepared(exercise: str, seed: int) -> tuple[Exam, list[Case], Diagnose]:
    """An exam with its inputs, and a diagnoser that keeps what mistakes give on them."""
    exam = exam_of(exercise)
    cases = exam.cases(np.random.default_rng(seed))
    return exam, cases, diagnoser(exam, bank_of(exercise), cases)


def exam_of(exercise: str) -> Exam:
    return find_exam("examiner.exams", exercise)


def bank_of(exercise: str) -> Bank:
    """The bank of mistakes and right answers of an exercise; raises ValueError where none is."""
    module = importlib.import_module(f"examiner.mistakes.{exercise.partition('.')[0]}")
    banks: dict[str, Bank] = module.BANKS
    if exercise not in banks:
        raise ValueError(
            f"{exercise}: expected a bank in {module.__name__}, found {', '.join(banks)}. "
            "Write one, and enter it in BANKS."
        )
    return banks[exercise]
