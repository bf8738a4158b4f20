"""Answers that are right for the numbers of somebody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from strides.check import Case, Exam, Score
from strides.check.exam import listed, observe
from strides.quiz import POOLS

ID = "numbers_of_somebody_else"
SAYS = (
    "It would be right for the numbers that the notebook shows, {shown}, which are not yours. "
    "Write your own id where the notebook asks for it, run it, and answer for your numbers."
)


def told_whose(score: Score, exam: Exam, answer: Any, cases: list[Case], shown: Any) -> Score:
    """The score, with a message where the answer is right for other numbers than one's own.

    `shown` are the numbers of all questions as the submission has them, which may be anything:
    what is no row of the question's pool is left alone.
    """
    row = shown.get(exam.function) if isinstance(shown, dict) else None
    if not isinstance(row, dict) or any(type(number) is not int for number in row.values()):
        return score
    pool = POOLS[exam.name.partition(".")[0]][exam.function]
    own = cases[0].args
    theirs = next((one for one in pool if one == row and one != own), None)
    if theirs is None or observe(exam, answer, [replace(cases[0], args=theirs)])[0].problem:
        return score
    lines = [f"Your numbers: {listed(own)}.", SAYS.format(shown=listed(theirs))]
    rows = [
        replace(one, message="\n".join(lines), diagnosis=ID) if one.earned < one.possible else one
        for one in score.rows
    ]
    return replace(score, rows=tuple(rows))
