"""Marks as files that learning-management systems take."""

from __future__ import annotations

import csv

import pytest
from typer.testing import CliRunner

import grading_runs
from examiner.cli import app
from examiner.course.course import Course
from examiner.course.errors import CourseError
from examiner.course.marks_file import harmless
from examiner.course.marks_tables import canvas, moodle
from examiner.course.settings import grading_settings
from examiner.course.workforce import open_workers

A = "t1_tiny"


@pytest.fixture
def graded(tiny):
    course = Course(tiny.course.root, grading_settings("grading_runs.TakeResults"))
    course.enrol("ada", "Ada", "Sample")
    course.enrol("zoe", "Zoe", "=1+1")  # nbgrader lists students by their last names
    tiny.hand_in("ada", tiny.right())
    with open_workers(1) as workers:
        course.autograde(A, workers=workers, run=grading_runs.in_this_process)
    return course


def read(path):
    with path.open(newline="") as file:
        return list(csv.reader(file))


@pytest.mark.course
def test_columns_and_what_they_are_called(graded, tmp_path):
    to = tmp_path / "marks.csv"
    options = ["--columns", "student_id, score", "--header", "Username,Grade"]
    command = ["--course", str(graded.root), "export", "t1", "--to", str(to)]
    done = CliRunner().invoke(app, [*command, *options])
    assert done.exit_code == 0, done.output
    assert read(to) == [["Username", "Grade"], ["zoe", "0.0"], ["ada", "12.0"]]
    assert read(graded.export(to, A, columns=["last_name", "status"])) == [
        ["last_name", "status"],
        ["'=1+1", "not submitted"],
        ["Sample", "graded"],
    ]
    with pytest.raises(CourseError, match=r"columns: expected some of assignment.*received grade"):
        graded.export(to, columns=["grade"])
    with pytest.raises(CourseError, match=r"header: expected 2 names.*received 1 \(Grade\)"):
        graded.export(to, columns=["student", "score"], header=["Grade"])
    wrong = CliRunner().invoke(app, [*command, "--format", "moodel"])
    assert wrong.exit_code == 2


@pytest.mark.course
def test_moodle_and_canvas(graded, tmp_path):
    def exported(format):
        return read(graded.export(tmp_path / "marks.csv", A, format=format))

    assert exported("moodle") == [
        ["Username", "First name", "Last name", "Email address", A],
        ["zoe", "Zoe", "'=1+1", "", "0.0"],
        ["ada", "Ada", "Sample", "", "12.0"],
    ]
    assert exported("canvas") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", A],
        ["Points Possible", "", "", "", "", "15.0"],
        ["'=1+1, Zoe", "", "", "zoe", "", "0.0"],
        ["Sample, Ada", "", "", "ada", "", "12.0"],
    ]


def row(student, assignment, score, status="graded", **more):
    named = {"first_name": "", "last_name": "", "email": "", "max_score": 10.0}
    return {"student": student, "assignment": assignment, "score": score, "status": status} | (
        named | more
    )


def test_several_assignments_are_columns_and_what_is_not_graded_stays_empty():
    rows = [
        row("ada", "a1", 9.0),
        row("ada", "a2", 0.0, "not graded"),
        row("ben", "a1", 0.0, "not submitted"),
        row("ben", "a2", 4.0, "graded, without a sandbox"),
    ]
    assert [line[4:] for line in moodle(rows)] == [["a1", "a2"], [9.0, ""], [0.0, 4.0]]
    assert [line[5:] for line in canvas(rows)[1:]] == [[10.0, 10.0], [9.0, ""], [0.0, 4.0]]
    assert canvas(rows)[2][:4] == ["ada", "", "", "ada"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_text_is_a_formula(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("cell", ["ada", "", "a=1", -1.5, 0, True])
def test_other_cells_stay(cell):
    assert harmless(cell) is cell
