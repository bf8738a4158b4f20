"""The sample class of `strides lab` has a course of its own; preparing adds what is missing."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from nbgrader.apps import NbGraderApp
from rich.console import Console
from typer.testing import CliRunner

from examiner.cli import app
from examiner.course.course import Course
from examiner.course.errors import CourseError
from examiner.course.lab import CLASS, build_missing, prepare_class
from examiner.course.sample_class import MEMBERS

pytestmark = pytest.mark.course
ROOT = Path(__file__).parents[2]
A = "a1_classifiers"
NAMES = [member.name for member in MEMBERS]


def prepare(root):
    console = Console(file=io.StringIO(), width=200)
    build_missing(root, console)
    prepare_class(root, console)
    return console.file.getvalue()


def state(root):
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """The course as a newcomer has it: sources and configuration."""
    monkeypatch.delenv("STRIDES_EXCHANGE", raising=False)
    root = tmp_path / "clone"
    shutil.copytree(ROOT / "sources" / "assignments" / A, root / "sources" / "assignments" / A)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


def test_preparing_twice_changes_nothing_the_second_time(clone):
    first = prepare(clone)
    assert f"Releasing {A} to the sample class" in first
    assert f"Handing in {A} for {', '.join(NAMES)}" in first
    inbound = clone / CLASS / "exchange" / "strides" / "inbound"
    assert sorted(path.name.split("+")[0] for path in inbound.iterdir()) == NAMES
    before = state(clone)
    assert prepare(clone) == ""
    assert state(clone) == before

    course = Course(clone / CLASS)
    assert course.collect(A) == NAMES
    shutil.rmtree(inbound / next(inbound.iterdir()).name)
    before = state(clone)
    assert prepare(clone) == ""
    assert state(clone) == before


def test_the_sample_class_never_meets_the_courses_own(clone):
    """Not in its exchange, nor its gradebook, nor its marks; real work stays as it is."""
    exchange = clone / "build" / "exchange" / "strides"
    prepare(clone)
    notebook = clone / "assignments" / A / f"{A}.ipynb"
    course = Course(clone)
    course.release(A)
    content = notebook.read_bytes()
    course.submit(A, "zoe", {notebook.name: content})
    notebook.write_text(notebook.read_text().replace("your code here", "my work"))
    prepare(clone)
    shutil.rmtree(clone / CLASS)
    prepare(clone)

    assert "my work" in notebook.read_text()
    assert [path.name.split("+")[0] for path in (exchange / "inbound").iterdir()] == ["zoe"]
    assert course.collect(A) == ["zoe"]
    assert (clone / "submitted" / "zoe" / A / notebook.name).read_bytes() == content
    marks = course.export(clone / "marks.csv").read_text()
    assert not [name for name in NAMES if name in marks]


def test_the_courses_own_exchange_and_gradebook_are_left_alone(clone, monkeypatch):
    monkeypatch.setenv("STRIDES_EXCHANGE", str(clone / "elsewhere"))
    prepare(clone)
    assert not (clone / "elsewhere").exists()
    assert not (clone / "submitted").exists()
    with pytest.raises(CourseError, match="No assignment was released"):
        Course(clone).export(clone / "marks.csv")


def test_nbgrader_in_the_practice_folder_has_the_courses_settings(clone, monkeypatch):
    """What Formgrader reads: it takes the settings of the server's working folder."""
    prepare(clone)
    monkeypatch.chdir(clone / CLASS)
    nbgrader = NbGraderApp()
    nbgrader.load_config_file()
    config = nbgrader.config
    assert config.CourseDirectory.root == str(clone / CLASS)
    assert config.CourseDirectory.db_url == f"sqlite:///{clone / CLASS / 'gradebook.db'}"
    assert config.Exchange.root == str(clone / CLASS / "exchange")
    assert config.CourseDirectory.source_directory == "solutions"
    assert config.GenerateFeedback.exporter_class == "examiner.page.OfflineHTMLExporter"


def test_the_commands_work_on_the_practice_course_too(clone):
    prepare(clone)
    solution = clone / CLASS / "solutions" / A / f"{A}.ipynb"
    before = solution.read_bytes()
    result = CliRunner().invoke(app, ["--course", str(clone / CLASS), "release", "a1"])
    assert result.exit_code == 0, result.output
    assert solution.read_bytes() == before


def test_an_older_sample_class_is_kept_and_said(clone):
    prepare(clone)
    solution = clone / "solutions" / A / f"{A}.ipynb"
    solution.write_text(solution.read_text().replace("BEGIN SOLUTION", "BEGIN SOLUTION #"))
    copied = clone / CLASS / "solutions" / A / f"{A}.ipynb"
    before = copied.read_bytes()
    assert f"has an older {A}. Delete {clone / CLASS} for a new one." in prepare(clone)
    assert copied.read_bytes() == before


def test_without_the_class(clone):
    arguments = ["--course", str(clone), "lab", "--prepare-only", "--without-class"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert (clone / "assignments" / A / f"{A}.ipynb").is_file()
    assert not (clone / CLASS).exists()
