"""Marks come from scores as data; nothing that goes wrong earns a point in silence."""

from __future__ import annotations

import pytest
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_output

from examiner.course.marks import mark_of
from examiner.course.record import keep_shown_score
from strides.check.score import MIME, Row, Score

from .conftest import role_cell


def graded_cell(*outputs, points=10):
    cell = role_cell("test_f", "check(f)", grade=True, locked=True, points=points)
    cell.outputs = [*outputs]
    keep_shown_score(cell)
    return cell


def shown(data, plain="3"):
    bundle = from_dict({MIME: data, "text/plain": plain})
    return new_output("execute_result", bundle, execution_count=1)


def score(earned, possible):
    return shown({"exercise": "t.f", "earned": earned, "possible": possible, "rows": []})


STDERR = new_output("stream", name="stderr", text="DeprecationWarning: old")


def test_the_score_counts():
    data = Score("t.f", (Row("a", 3, 4, "failed"), Row("b", 4, 6, "failed"))).as_data()
    assert mark_of(graded_cell(shown(data))).points == 7
    assert mark_of(graded_cell(shown(data))).reason == ""


def test_a_warning_costs_nothing():
    assert mark_of(graded_cell(STDERR, score(10, 10))).points == 10


def test_the_last_score_counts():
    assert mark_of(graded_cell(score(9, 10), score(2, 10))).points == 2


@pytest.mark.parametrize(
    "outputs",
    [
        (),
        (new_output("stream", name="stdout", text="10"),),
        (new_output("execute_result", {"text/plain": "10.0"}, execution_count=1),),
        (new_output("display_data", {MIME: {"earned": 10, "possible": 10}}),),
        (new_output("error", ename="NameError", evalue="f", traceback=["x"]),),
        (shown(["earned", 10]),),
        (score(float("nan"), 10),),
        (score(float("inf"), float("inf")),),
        (score(-1, 10),),
        (score(11, 10),),
        (score("10", 10),),
        (score(True, True),),
        (score(None, None),),
    ],
)
def test_no_points_without_a_score(outputs):
    mark = mark_of(graded_cell(*outputs))
    assert mark.points == 0
    assert "test_f" in mark.reason


def test_a_stopped_cell_gets_nothing_whatever_it_shows():
    cell = graded_cell(score(10, 10))
    cell.metadata["strides_grading"] = {"stopped": "timed out", "limit": 5}
    assert mark_of(cell).points == 0
    assert mark_of(cell).reason == "Cell 'test_f' was stopped after 5 s."


def test_checks_that_are_worth_more_than_the_cell_are_capped_and_said():
    mark = mark_of(graded_cell(score(12, 12)))
    assert mark.points == 10
    assert mark.reason == "Cell 'test_f' is worth 10 points, its checks 12."


def test_a_name_that_the_answer_left_undefined_is_the_answers_doing():
    missing = new_output("error", ename="NameError", evalue="name 'f' is not defined", traceback=[])
    assert not mark_of(graded_cell(missing)).look


NO_F = new_output("error", ename="NameError", evalue="name 'f' is not defined", traceback=[])
SYNTAX = new_output(
    "error", ename="SyntaxError", evalue="'(' was never closed (31.py, line 2)", traceback=[]
)


def cell_before(source, *outputs, name="", **record):
    cell = role_cell(name, source, solution=True) if name else new_code_cell(source)
    cell.outputs = [*outputs]
    cell.metadata["strides_grading"] = record
    return cell


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (
            [cell_before("def f(x:", SYNTAX, name="f"), cell_before("f(2)", NO_F)],
            "Cell 'f' stopped with SyntaxError: '(' was never closed (line 2).",
        ),
        (
            [cell_before("1", SYNTAX), cell_before("f = (", SYNTAX)],
            "Cell 'number 2' stopped with SyntaxError: '(' was never closed (line 2).",
        ),
        (
            [cell_before("def f(): ...", SYNTAX, name="f", stopped="timed out", limit=5)],
            "Cell 'f' was stopped after 5 s.",
        ),
        (
            [cell_before("def g(x:", SYNTAX, name="g"), cell_before("1", name="f")],
            "Cell 'test_f' showed no score: NameError: name 'f' is not defined.",
        ),
        (
            [cell_before("def f(x:", SYNTAX), cell_before("def f(x): del f")],
            "Cell 'test_f' showed no score: NameError: name 'f' is not defined.",
        ),
    ],
)
def test_a_missing_name_is_explained_by_the_cell_that_was_to_define_it(cells, reason):
    mark = mark_of(graded_cell(NO_F), cells)
    assert (mark.points, mark.reason, mark.look) == (0, reason, False)


def test_a_check_that_ran_out_of_time_is_said_and_the_points_stay():
    rows = Score("t.f", (Row("a", 4, 4, "passed"), Row("b", 0, 6, "timeout"))).as_data()
    mark = mark_of(graded_cell(shown(rows)))
    assert (mark.points, mark.reason, mark.look) == (4, "f ran out of time.", False)


@pytest.mark.parametrize(
    "outputs",
    [
        (),
        (new_output("error", ename="ImportError", evalue="no examiner", traceback=["x"]),),
        (new_output("error", ename="NameError", evalue="name 'lru' is not defined"),),
        (score(12, 12),),
    ],
)
def test_what_may_be_the_courses_fault_waits_for_a_person(outputs):
    assert mark_of(graded_cell(*outputs)).look
