"""The commands that teach with, run one after the other on the tiny course."""

from __future__ import annotations

import csv

import nbformat
import pytest
from typer.testing import CliRunner

from examiner.cli import app

pytestmark = pytest.mark.course
A = "t1_tiny"


def test_grade_feedback_export(tiny, tmp_path):
    def strides(*arguments):
        course = str(tiny.course.root)
        return CliRunner().invoke(app, ["--course", course, *map(str, arguments)])

    content = nbformat.writes(tiny.right()).encode()
    tiny.course.submit(A, "ada", {f"{A}.ipynb": content})
    tiny.hand_in("ben", b"")

    graded = strides("grade", "t1")
    assert graded.exit_code == 0, graded.output
    assert "12/12 100 %" in graded.output
    assert "refused" in graded.output
    again = strides("grade", "t1")
    assert "12/12 100 %" in again.output

    pages = strides("feedback", "t1")
    assert pages.exit_code == 0, pages.output
    assert pages.output.count(f"{A}.html") == 2

    marks = tmp_path / "marks.csv"
    assert strides("export", "t1", "--to", marks).exit_code == 0
    with marks.open() as file:
        assert {row["student"]: row["score"] for row in csv.DictReader(file)} == {
            "ada": "12.0",
            "ben": "0.0",
        }

    unknown = strides("grade", "a9")
    assert unknown.exit_code == 2
    assert unknown.stderr == (
        f"strides: assignment 'a9': expected one of those that exist ({A}).\n"
    )
    assert strides("grade", "t1", "--student", "zoe").exit_code == 2
