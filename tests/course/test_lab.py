"""Preparing the course for JupyterLab adds what is missing and touches nothing else."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from examiner.course.course import Course
from examiner.course.lab import prepare_lab
from examiner.course.sample_class import MEMBERS

pytestmark = pytest.mark.course
ROOT = Path(__file__).parents[2]
A = "a1_classifiers"
NAMES = [member.name for member in MEMBERS]


def prepare(root):
    console = Console(file=io.StringIO(), width=200)
    prepare_lab(root, console)
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
    assert f"Releasing {A}" in first
    assert f"Handing in {A} for {', '.join(NAMES)}" in first
    inbound = clone / "build" / "exchange" / "strides" / "inbound"
    assert sorted(path.name.split("+")[0] for path in inbound.iterdir()) == NAMES
    before = state(clone)
    assert prepare(clone) == ""
    assert state(clone) == before

    course = Course(clone)
    assert course.collect(A) == NAMES
    shutil.rmtree(inbound / next(inbound.iterdir()).name)
    before = state(clone)
    assert prepare(clone) == ""
    assert state(clone) == before


def test_work_in_the_assignment_and_real_submissions_are_left_alone(clone):
    prepare(clone)
    notebook = clone / "assignments" / A / f"{A}.ipynb"
    notebook.write_text(notebook.read_text().replace("your code here", "my work"))
    (clone / "gradebook.db").unlink()
    shutil.rmtree(clone / "build")
    real = clone / "submitted" / "zoe" / A
    real.mkdir(parents=True)
    shutil.copy(notebook, real)
    said = prepare(clone)
    assert f"Releasing {A}" in said
    assert "Handing in" not in said
    assert "my work" in notebook.read_text()
    outbound = clone / "build" / "exchange" / "strides" / "outbound" / A / f"{A}.ipynb"
    assert "my work" not in outbound.read_text()
    assert (real / notebook.name).read_text() == notebook.read_text()
