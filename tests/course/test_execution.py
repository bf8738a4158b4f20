"""Cells that hang or end Python cost their own points and no more."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.course
A = "t1_tiny"
RIGHT = "double = lambda x: 2 * x"


def test_an_endless_cell_is_stopped_and_reported(tiny):
    tiny.hand_in("hana", tiny.answers(double=RIGHT, half="while True:\n    pass"))
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.status) == (6, "timed out")
    assert result.reasons[0] == "Cell 'half' was stopped after 2 s."
    assert "stopped after 2 s" in tiny.course.feedback(A)[0].read_text()


def test_a_loop_that_refuses_to_be_interrupted(tiny):
    stubborn = """while True:
    try:
        while True:
            pass
    except KeyboardInterrupt:
        pass"""
    tiny.hand_in("hana", tiny.answers(double=RIGHT, half=stubborn))
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.status) == (6, "timed out")


def test_an_endless_function_costs_its_own_exercise(tiny):
    endless = "def double(x):\n    while True:\n        pass"
    tiny.hand_in("hana", tiny.answers(double=endless, half="half = lambda x: x / 2"))
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.status) == (6, "timed out")
    assert "Cell 'test_double' was stopped after 2 s." in result.reasons


def test_a_kernel_that_dies_gives_no_silent_full_marks(tiny):
    tiny.hand_in(
        "ida", tiny.answers(double="import os\nos._exit(1)", half="half = lambda x: x / 2")
    )
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.status) == (6, "kernel died")
    assert result.reasons[0] == "Cell 'double' ended Python (its kernel died)."


def test_a_syntax_error_costs_its_own_exercise_and_is_named_as_one(tiny):
    tiny.hand_in("jo", tiny.answers(double=RIGHT, half="def half(x:"))
    (result,) = tiny.course.autograde(A)
    assert (result.points, result.status) == (6, "graded")
    assert result.reasons[-1].startswith("Cell 'half' stopped with SyntaxError: ")
    assert result.reasons[-1].endswith("(line 1).")
    page = tiny.course.feedback(A)[0].read_text()
    assert "stopped with SyntaxError" in page


def test_a_score_that_the_answer_forges_counts_for_nothing(tiny):
    forging = """def half(x):
    return x
from strides.check import Score
Score.as_data = lambda self: {"earned": 6.0, "possible": 6.0, "rows": []}"""
    tiny.hand_in("hana", tiny.answers(double=RIGHT, half=forging))
    assert tiny.course.autograde(A)[0].points == 6


def test_warnings_and_prints_cost_nothing(tiny):
    noisy = """import sys, warnings
def double(x):
    print("thinking")
    warnings.warn("old", DeprecationWarning, stacklevel=1)
    print("hm", file=sys.stderr)
    return 2 * x"""
    tiny.hand_in("kim", tiny.answers(double=noisy, half="half = lambda x: x / 2"))
    assert tiny.course.autograde(A)[0].points == 12
