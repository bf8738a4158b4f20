"""The report on a class: right numbers, and nothing of a student's that acts in a page."""

from __future__ import annotations

import io
import json
from html.parser import HTMLParser

import pytest
from rich.console import Console
from typer.testing import CliRunner

import grading_runs
from examiner.cli import app
from examiner.course.class_page import page, show, write
from examiner.course.class_report import (
    Bin,
    ClassReport,
    Exercise,
    Look,
    histogram,
    look_at,
    summary,
)
from examiner.course.course import Course
from examiner.course.errors import CourseError
from examiner.course.results import Result
from examiner.course.settings import grading_settings
from examiner.course.workforce import open_workers

A = "t1_tiny"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def graded(tiny):
    """Ada has everything, Ben nothing, Cleo half; Dora's file is none, Zoe handed nothing in."""
    course = Course(tiny.course.root, grading_settings("grading_runs.TakeResults"))
    tiny.hand_in(
        "ada", tiny.answers(double="double = lambda x: 2 * x", half="half = lambda x: x/2")
    )
    tiny.hand_in("ben", tiny.released)
    tiny.hand_in("cleo", tiny.answers(double="double = lambda x: x", half="half = lambda x: x/2"))
    tiny.hand_in("dora", b"")
    tiny.hand_in("emil", tiny.answers(why="Because it is."))
    course.enrol("zoe", "Zoe", "Zett")
    with open_workers(2) as workers:
        course.autograde(A, workers=workers, run=grading_runs.in_this_process)
    return course


@pytest.mark.course
def test_the_numbers_of_a_class(graded):
    report = graded.report(A)
    assert (report.submitted, report.missing) == (5, ["zoe"])
    assert report.statuses == {"graded": 3, "blank": 1, "refused": 1}
    assert report.possible == 12
    assert report.points == {
        "lowest": 0,
        "lower quartile": 0,
        "median": 3,
        "mean": 4.5,
        "upper quartile": 7.5,
        "highest": 12,
    }
    assert [part.students for part in report.bins] == [2, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    found = {e.name: (e.possible, e.students, e.full, e.mean, e.waiting) for e in report.exercises}
    assert found == {
        "double": (6, 4, 1, 1.5 + 0, 0),
        "half": (6, 4, 2, 3, 0),
        "why": (3, 3, 0, 0, 1),
    }
    assert [e.name for e in report.exercises] == ["double", "half", "why"]
    assert report.diagnoses == {"double_not_done": 1}
    assert set(report.slowest) == {"ada", "ben", "cleo", "emil"}
    assert report.waiting == 1
    assert [(look.student, look.status) for look in report.looks] == [("dora", "refused")]
    assert "empty" in report.looks[0].reasons[0]


@pytest.mark.course
def test_the_command_prints_and_writes(graded, tmp_path):
    def strides(*arguments):
        return CliRunner().invoke(app, ["--course", str(graded.root), "report", "t1", *arguments])

    said = strides().output
    assert "5 submissions: 3 graded, 1 blank, 1 refused; nothing came from 1" in said
    assert "50% (2 of 4)" in said
    for name in ("report.html", "report.json"):
        assert strides("--to", str(tmp_path / name)).exit_code == 0
    assert json.loads((tmp_path / "report.json").read_text())["points"]["median"] == 3
    assert "double_not_done" in (tmp_path / "report.html").read_text()
    wrong = strides("--to", str(tmp_path / "report.pdf"))
    assert wrong.exit_code == 2
    assert "expected a file called .html or .json" in wrong.stderr


@pytest.mark.course
def test_nothing_handed_in_and_nothing_graded(tiny):
    with pytest.raises(CourseError, match="nothing to report"):
        tiny.course.report(A)
    tiny.hand_in("ada", tiny.right())
    report = tiny.course.report(A)
    assert (report.points, report.statuses) == ({}, {"not graded": 1})
    assert report.looks == [Look("ada", "not graded", ["It was not graded yet."])]
    assert [exercise.students for exercise in report.exercises] == [0, 0, 0]
    assert "not graded" in page(report)


def a_report(**changes):
    fields = {
        "assignment": "a1",
        "submitted": 2,
        "missing": ["zoe"],
        "statuses": {"graded": 1, "refused": 1},
        "possible": 10.0,
        "points": {"mean": 7.5},
        "bins": [Bin(0, 5, 0), Bin(5, 10, 1)],
        "exercises": [Exercise("f", 10, 1, 0, 7.5, 0)],
        "diagnoses": {"no_mean": 1},
        "slowest": {"ada": 3.25},
        "seconds": 3.25,
        "waiting": 2,
        "looks": [Look(f"x{HOSTILE}", "refused", [f"found {HOSTILE}", "second"])],
    }
    return ClassReport(**{**fields, **changes})


class Tables(HTMLParser):
    """Which tags a page has, and whether each heading cell of a table says its scope."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.unscoped, self.captions = [], 0, 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.unscoped += tag == "th" and dict(attributes).get("scope") not in ("row", "col")


def test_the_page_is_safe_and_can_be_read_aloud():
    text = page(a_report())
    tables = Tables(text)
    assert not {"script", "img", "link", "iframe"} & set(tables.tags)
    assert "&lt;script&gt;alert(1)" in text
    assert tables.tags.count("table") == tables.tags.count("caption") == 6
    assert tables.unscoped == 0
    assert '<html lang="en">' in text
    assert "5 to 10" in text
    assert "0 to below 5" in text


def test_the_terminal_shows_words_of_students_as_they_are():
    console = Console(file=io.StringIO(), width=100)
    show(a_report(looks=[Look("ada", "refused", ["found [red]x[/red]"])]), console)
    text = console.file.getvalue()
    assert "found [red]x[/red]" in text
    assert "2 cells wait to be marked by hand" in text
    assert "Nothing came from: zoe" in text
    assert "█" * 30 in text


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="cannot be written there"):
        write(a_report(), tmp_path / "file" / "report.html")


def test_points_of_one_and_of_nobody():
    assert summary([]) == {}
    assert set(summary([7.0]).values()) == {7.0}
    assert [part.students for part in histogram([0.0, 10.0, 5.0, 4.9], 10.0)] == [
        *(1, 0, 0, 0, 1),
        *(1, 0, 0, 0, 1),
    ]
    assert sum(part.students for part in histogram([0.0], 0.0)) == 1


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (Result("ada", "a1", status="graded"), None),
        (Result("ada", "a1", status="blank"), None),
        (Result("ada", "a1", status="timed out", reasons=["f is late."]), ["f is late."]),
        (Result("ada", "a1", status="kernel died", reasons=["f died."]), ["f died."]),
        (
            Result("ada", "a1", status="needs a look"),
            ["A test cell failed, and not by the answer."],
        ),
        (
            Result("ada", "a1", status="graded", reasons=["minor"], unsafe=True),
            ["It was graded without a sandbox."],
        ),
    ],
)
def test_who_needs_a_look_and_why(result, why):
    look = look_at(result)
    assert (look and look.reasons) == why
