"""The strides command: what it offers, and how it ends."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from examiner import teaching
from examiner.cli import app
from examiner.course.errors import CourseError
from small_course import LECTURE_NOTEBOOK, make_small_course

COMMANDS = (
    "build sync bundle grading-report release take grade feedback export lab demo".split()  # noqa: SIM905
)


@pytest.fixture
def run():
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [*map(str, arguments)])


def test_help_names_every_command(run):
    result = run("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert command in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(run, command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert command in result.output


def test_help_loads_nothing_heavy():
    code = (
        "import sys, examiner.cli; "
        "print({'torch', 'nbgrader', 'jupytext', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_an_error_is_one_line_and_exit_code_2(run, tmp_path):
    result = run("--course", tmp_path, "grade", "a1")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"strides: {tmp_path}: expected a course folder with")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize("command", [["build"], ["export"], ["bundle"], ["demo"], ["grade", "a1"]])
def test_a_missing_course_is_told_in_one_wording(run, tmp_path, monkeypatch, command):
    message = (
        f"strides: {tmp_path}: expected a course folder with nbgrader_config.py, found none. "
        "Run strides in the course's folder, or name it with --course.\n"
    )
    assert run("--course", tmp_path, *command).stderr == message
    monkeypatch.chdir(tmp_path)
    assert run(*command).stderr == message


def test_an_edited_notebook_is_kept_and_the_way_out_named(run, tmp_path):
    course = make_small_course(tmp_path / "course")
    assert run("--course", course, "build").exit_code == 0
    lecture = course / LECTURE_NOTEBOOK
    lecture.write_text(lecture.read_text().replace("Once more", "Once again"))
    result = run("--course", course, "build")
    assert result.exit_code == 2
    assert "or run `strides build --force`" in result.stderr
    assert "Once again" in lecture.read_text()


def test_debug_shows_where(run, tmp_path):
    result = run("--debug", "--course", tmp_path, "grade", "a1")
    assert isinstance(result.exception, CourseError)


def test_an_unforeseen_error_is_told_with_its_kind(run, monkeypatch):
    def broken(context, unsafe):
        raise PermissionError("gradebook.db")

    monkeypatch.setattr(teaching, "open_course", broken)
    result = run("grade", "a1")
    assert result.exit_code == 2
    assert result.stderr == (
        "strides: PermissionError: gradebook.db (strides --debug shows where)\n"
    )


def test_stopping_by_hand(run, monkeypatch):
    def stopped(context, unsafe):
        raise KeyboardInterrupt

    monkeypatch.setattr(teaching, "open_course", stopped)
    result = run("grade", "a1")
    assert result.exit_code == 130
    assert result.stderr.startswith("Stopped.")


def test_a_missing_argument_shows_the_usage(run):
    result = run("grade")
    assert result.exit_code == 2
    assert "Usage" in result.stderr
