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

    (tiny.course.root / "submitted" / "cleo.ipynb").write_bytes(content)
    strays = strides("grade", "t1")
    assert f"(expected submitted/STUDENT/{A}/NOTEBOOK.ipynb):\n  cleo.ipynb\n" in strays.output

    unknown = strides("grade", "a9")
    assert unknown.exit_code == 2
    assert unknown.stderr == (
        f"strides: assignment 'a9': expected one of those that exist ({A}).\n"
    )
    zoe = strides("grade", "t1", "--student", "zoe")
    assert zoe.exit_code == 2
    assert "0/" not in zoe.stdout


def test_take_then_grade(tiny, tmp_path):
    def strides(*arguments):
        course = str(tiny.course.root)
        return CliRunner().invoke(app, ["--course", course, *map(str, arguments)])

    nobody = strides("grade", "t1")
    assert (nobody.exit_code, nobody.stdout) == (2, "")
    nbformat.write(tiny.right(), tmp_path / "ada.ipynb")
    taken = strides("take", "t1", tmp_path)
    assert "ada.ipynb: taken for ada" in taken.output
    assert "12/12 100 %" in strides("grade", "t1").output
