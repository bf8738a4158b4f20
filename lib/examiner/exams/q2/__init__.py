"""The hidden exams of quiz q2."""

from __future__ import annotations

from strides.check import Exam

from . import choices, counts, order

EXAMS: dict[str, Exam] = {exam.name: exam for exam in (*counts.EXAMS, *choices.EXAMS, order.LAYERS)}
