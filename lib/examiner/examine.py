"""Marking one answer with the hidden exam of its exercise."""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Any

import numpy as np

from strides.check import Case, Exam, Score, find_exam, mark
from strides.check.exam import Diagnose

from .bank import Bank
from .diagnose import diagnoser


def examine(answer: Any, exercise: str, seed: int = 0) -> Score:
    """The score of an answer on the hidden checks of an exercise such as "a1.softmax_loss".

    The inputs are drawn from `seed`: the same seed gives the same inputs.
    Raises ValueError for an exercise that does not exist.
    """
    exam, cases, name = _prepared(exercise, seed)
    return mark(exam, answer, cases, name)


@lru_cache(maxsize=64)
def _prepared(exercise: str, seed: int) -> tuple[Exam, list[Case], Diagnose]:
    """An exam with its inputs, and a diagnoser that runs each mistake on them once."""
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
