"""The safe grader gives the mark, and the name, that the examiner gives in the same process."""

from __future__ import annotations

import pytest

from examiner.examine import bank_of, examine
from examiner.report import exercises
from examiner.safe.box import Box
from examiner.safe.standin import Remote
from strides_box.confine import Limits

SEED = 11
SOURCE = """
import numpy as np
from examiner.examine import bank_of, exam_of
bank = bank_of({exercise!r})
answers = [mistake.answer for mistake in bank.mistakes] + list(bank.right.values())
if exam_of({exercise!r}).own:  # formulas of a student's own numbers
    (case,) = exam_of({exercise!r}).cases(np.random.default_rng({seed}))
    answers = [answer.of(*case.args.values()) for answer in answers]
"""


@pytest.fixture(scope="module")
def open_box():
    """A warm parent beside us, where the bank can be imported."""
    with Box(confined=False) as box:
        yield box


@pytest.mark.parametrize("exercise", exercises())
def test_marks_and_names_are_the_same_over_the_whole_bank(open_box, exercise):
    bank = bank_of(exercise)
    answers = [mistake.answer for mistake in bank.mistakes] + list(bank.right.values())
    names = [mistake.id for mistake in bank.mistakes] + list(bank.right)
    remote = Remote(open_box.start(Limits(seconds=600)))
    remote.run(SOURCE.format(exercise=exercise, seed=SEED), 60)
    differences = []
    for place, (name, answer) in enumerate(zip(names, answers, strict=True)):
        remote.run(f"answer = answers[{place}]", 5)
        ours = examine(answer, exercise, seed=SEED)
        theirs = examine(remote.look("answer"), exercise, seed=SEED)
        if (ours.earned, ours.diagnoses) != (theirs.earned, theirs.diagnoses):
            differences.append((name, ours.rows, theirs.rows))
    remote.submission.end()
    assert differences == []
