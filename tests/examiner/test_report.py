"""The counts of the grading report: one verdict for each mistake and each right answer."""

from __future__ import annotations

import json

import pytest

from examiner.report import Grading, grade_bank, judge_mistake, judge_right, write
from strides.check import Row, Score

FIELDS = "exercise mistakes rejected named misnamed right_answers accepted misses".split()  # noqa: SIM905


def score(earned, *diagnoses):
    rows = [Row("a", earned, 4, "passed")]
    rows += [Row("b", 0, 1, "failed", "look", name) for name in diagnoses]
    return Score("t.f", tuple(rows))


@pytest.mark.parametrize(
    ("given", "verdict", "miss"),
    [
        (score(2, "slip"), "named", ""),
        (score(2), "unnamed", "slip loses points without its name"),
        (score(2, "other"), "misnamed", "slip is called other"),
        (score(2, "slip", "other"), "misnamed", "slip is called other"),
        (score(4), "missed", "slip earns all 4 points"),
    ],
)
def test_a_mistake_has_one_verdict(given, verdict, miss):
    assert judge_mistake("slip", given, 4) == (verdict, miss)


def test_a_right_answer_earns_everything_or_is_told_why():
    assert judge_right("odd", score(4), 4) == ""
    failed = Score("t.f", (Row("a", 1, 4, "failed", "off by one"),))
    assert judge_right("odd", failed, 4) == "odd is right but earns 1 of 4: off by one"


def test_counts_agree_with_the_misses():
    grading = grade_bank("a1.softmax_loss")
    assert grading.mistakes > 0
    assert grading.right_answers > 0
    short = 2 * grading.mistakes - grading.named - grading.rejected
    short += grading.right_answers - grading.accepted
    assert grading.complete == (short == 0)


def test_the_data(tmp_path):
    write([Grading("a1.f", 3, 3, 2, 1, 4, 4, ("x is called y",))], tmp_path / "build" / "r.json")
    (row,) = json.loads((tmp_path / "build" / "r.json").read_text())
    assert list(row) == FIELDS
    assert (row["mistakes"], row["misnamed"], row["misses"]) == (3, 1, ["x is called y"])
