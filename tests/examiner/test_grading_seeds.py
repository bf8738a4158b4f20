"""Inputs are drawn anew for each submission: marks and names must not depend on the draw."""

from __future__ import annotations

import numpy as np
import pytest

from examiner import examine
from examiner.examine import _prepared, bank_of, exam_of
from examiner.report import exercises

SEEDS = (2**63 - 1, 4_611_686_018_427_387_904, 1_234_567_890_123_456_789)
"""Seeds are drawn from 63 bits; the tests of the bank use small ones."""
SAMPLE = 8
BORDERLINE = {
    *(("a1.svm_loss", name) for name in ("skips_right_samples", "divided_by_violations")),
    *(("a1.svm_loss", name) for name in ("delta_0_5", "delta_2")),
    *(("a1.softmax_loss", f"epsilon_{size}_in_log") for size in ("1e7", "1e8")),
    *(("a1.softmax_loss", name) for name in ("clip_1e3", "clip_1e4")),
    ("a1.multilabel_loss", "epsilon_1e7"),
    ("a1.pairwise_distances", "epsilon_1e6_in_root"),
}
"""Right for some inputs and wrong for others, so that the parts they earn depend on the draw."""
EXERCISES = exercises()


@pytest.mark.parametrize("exercise", EXERCISES)
def test_marks_and_names_are_the_same_for_other_inputs(exercise: str) -> None:
    mistakes = [m for m in bank_of(exercise).mistakes if (exercise, m.id) not in BORDERLINE]
    for mistake in mistakes[:: max(1, len(mistakes) // SAMPLE)]:
        scores = [examine(mistake.answer, exercise, seed) for seed in (0, *SEEDS)]
        assert len({tuple(row.earned for row in score.rows) for score in scores}) == 1, mistake.id
        assert all(score.diagnoses == [mistake.id] for score in scores), mistake.id


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e != "a5.classify_solids"])
def test_right_answers_are_right_for_other_inputs(exercise: str) -> None:
    for name, answer in bank_of(exercise).right.items():
        for seed in SEEDS:
            score = examine(answer, exercise, seed)
            assert score.earned == score.possible, name


def test_each_seed_draws_inputs_of_its_own() -> None:
    for exercise in ("a1.softmax_loss", "a1.knn_predict", "a5.conv2d", "a5.classify_solids"):
        exam = exam_of(exercise)
        name = next(iter(exam.cases(np.random.default_rng(0))[0].args))
        drawn = [exam.cases(np.random.default_rng(s))[0].args[name].tobytes() for s in SEEDS]
        again = [exam.cases(np.random.default_rng(s))[0].args[name].tobytes() for s in SEEDS]
        assert len(set(drawn)) == len(SEEDS)
        assert drawn == again


def test_many_seeds_leave_little_behind() -> None:
    for seed in range(100):
        examine(lambda *args: None, "a1.relative_error", seed)
    assert _prepared.cache_info().currsize <= 16
