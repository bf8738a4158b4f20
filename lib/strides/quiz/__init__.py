"""Quizzes: each student's own numbers, drawn from their id and a key of the course."""

from .numbers import FILE, Numbers, draw, listed, own_numbers, quiz_of, seed_of
from .pools import POOLS, Row

__all__ = [
    "FILE",
    "POOLS",
    "Numbers",
    "Row",
    "draw",
    "listed",
    "own_numbers",
    "quiz_of",
    "seed_of",
]
