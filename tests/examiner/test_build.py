"""The builder: from sources to the three generated trees, twice the same, losing nobody's work."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from examiner.build import BuildError, build, find_root
from examiner.build.release import course_config
from small_course import (
    ASSIGNMENT,
    ASSIGNMENT_FILE,
    LECTURE,
    LECTURE_FILE,
    LECTURE_NOTEBOOK,
    NOTEBOOKS,
    RELEASED_NOTEBOOK,
    SOLUTION_NOTEBOOK,
    make_small_course,
    snapshot,
    write,
)


@pytest.fixture
def course(tmp_path):
    return make_small_course(tmp_path)


@pytest.fixture
def built(course):
    build(course)
    return course


def cells_by_id(root, name):
    return {cell["id"]: cell for cell in nbformat.read(root / name, 4).cells}


def edit_notebook(root, name, change):
    """Change a notebook as JupyterLab would on saving."""
    notebook = nbformat.read(root / name, 4)
    change(notebook)
    nbformat.write(notebook, root / name)


def test_build_makes_the_three_trees(course):
    report = build(course)
    assert [change.path for change in report.changes] == sorted(NOTEBOOKS)
    assert {change.reason for change in report.changes} == {"missing"}
    for name in NOTEBOOKS:
        nbformat.validate(nbformat.read(course / name, 4))


def test_a_second_build_changes_nothing(built):
    before = snapshot(built)
    report = build(built)
    assert report.in_step
    assert snapshot(built) == before


def test_check_reports_and_writes_nothing(built):
    write(built, LECTURE_FILE, LECTURE.replace("We double", "We always double"))
    (built / RELEASED_NOTEBOOK).unlink()
    before = snapshot(built)
    report = build(built, check=True)
    assert {(change.path, change.reason) for change in report.changes} == {
        (LECTURE_NOTEBOOK, "out of date"),
        (RELEASED_NOTEBOOK, "missing"),
    }
    assert not report.in_step
    assert LECTURE_NOTEBOOK in str(report)
    assert snapshot(built) == before


def test_markers_become_nbgraders_metadata(built):
    cells = cells_by_id(built, SOLUTION_NOTEBOOK)
    grading = {name: dict(cell.metadata["nbgrader"]) for name, cell in cells.items() if
               "nbgrader" in cell.metadata}  # fmt: skip
    common = {"schema_version": 3, "task": False}
    no_role = {"grade": False, "solution": False, "locked": False}
    assert grading == {
        "setup": {**common, **no_role, "locked": True, "grade_id": "setup"},
        "double": {**common, **no_role, "solution": True, "grade_id": "double"},
        "test_double": {
            **common,
            **no_role,
            "grade": True,
            "locked": True,
            "grade_id": "test_double",
            "points": 4,
        },
        "why": {
            **common,
            **no_role,
            "grade": True,
            "solution": True,
            "grade_id": "why",
            "points": 1.5,
        },
    }


def test_notebooks_have_no_outputs_one_kernel_and_keep_their_tags(built):
    for name in NOTEBOOKS:
        notebook = nbformat.read(built / name, 4)
        assert notebook.metadata.kernelspec.name == "python3"
        for cell in notebook.cells:
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None
    tagged = [
        cell for cell in nbformat.read(built / LECTURE_NOTEBOOK, 4).cells if "tags" in cell.metadata
    ]
    assert [cell.metadata["tags"] for cell in tagged] == [["hide-input"]]
    assert tagged[0].source.startswith("%matplotlib inline")


def test_ids_come_from_the_content_and_roles_keep_theirs(built):
    before = list(cells_by_id(built, LECTURE_NOTEBOOK))
    assert before[5] == f"{before[3]}-2", "the repeated cell is numbered"
    text = LECTURE.replace("# %%\ndouble([1, 2])\n\n# %% [markdown]", "# %% [markdown]", 1)
    write(built, LECTURE_FILE, text)
    write(built, ASSIGNMENT_FILE, ASSIGNMENT.replace("Twice x.", "Two times x."))
    ids_before = list(cells_by_id(built, SOLUTION_NOTEBOOK))
    build(built)
    after = list(cells_by_id(built, LECTURE_NOTEBOOK))
    assert after == [*before[:3], before[4], before[3]], "cells that stayed kept their ids"
    assert list(cells_by_id(built, SOLUTION_NOTEBOOK)) == ids_before


def test_the_release_holds_no_solution_and_no_hidden_test(built):
    text = (built / RELEASED_NOTEBOOK).read_text()
    for secret in ("the_secret_sum", "the_secret_reason", "SOLUTION", "HIDDEN", "examine"):
        assert secret not in text
    cells = cells_by_id(built, RELEASED_NOTEBOOK)
    assert cells["double"].source == 'def double(x):\n    """Twice x."""\n    ...  # your code here'
    assert cells["why"].source == "*Your answer goes here.*"
    assert cells["test_double"].metadata["editable"] is False
    assert len(cells["test_double"].metadata["nbgrader"]["checksum"]) == 32


def test_nbgrader_itself_releases_the_same_bytes(built, monkeypatch):
    """Formgrader's button, which keeps books in a gradebook, leaves the tree in step."""
    from nbgrader.apps import NbGraderAPI

    expected = (built / RELEASED_NOTEBOOK).read_bytes()
    (built / RELEASED_NOTEBOOK).unlink()
    monkeypatch.chdir(built)
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", programs)  # nbgrader calls alembic by its name
    result = NbGraderAPI(config=course_config(built)).generate_assignment("a9_doubling")
    assert result["success"], result
    assert (built / "gradebook.db").exists()
    assert (built / RELEASED_NOTEBOOK).read_bytes() == expected


def test_a_removed_source_takes_its_notebooks_along(built):
    other = write(built, "assignments/a9_doubling/notes.txt", "mine")
    mine = write(built, "lectures/my_own.ipynb", json.dumps({"cells": [], "metadata": {}}))
    shutil.rmtree(built / "sources/assignments/a9_doubling")
    report = build(built)
    assert {(change.path, change.reason) for change in report.changes} == {
        (SOLUTION_NOTEBOOK, "without a source"),
        (RELEASED_NOTEBOOK, "without a source"),
    }
    assert not (built / "solutions/a9_doubling").exists()
    assert not (built / RELEASED_NOTEBOOK).exists()
    assert other.read_text() == "mine"
    assert mine.exists()


def test_a_file_that_is_no_generated_notebook_is_never_overwritten(course):
    mine = write(course, LECTURE_NOTEBOOK, '{"cells": [], "metadata": {}}')
    with pytest.raises(BuildError, match=r"lectures/01_doubling\.ipynb: .*move it away"):
        build(course)
    assert mine.read_text() == '{"cells": [], "metadata": {}}'
    assert (course / SOLUTION_NOTEBOOK).exists(), "the others are built all the same"


def test_a_notebook_that_was_only_run_is_overwritten(built):
    def run(notebook):
        notebook.cells[3].outputs = [nbformat.v4.new_output("stream", text="2 4")]
        notebook.metadata["language_info"]["version"] = "3.12.1"

    clean = (built / LECTURE_NOTEBOOK).read_bytes()
    edit_notebook(built, LECTURE_NOTEBOOK, run)
    assert not build(built, check=True).in_step
    assert build(built, missing_only=True).in_step, "a second `make lab` leaves outputs alone"
    build(built)
    assert (built / LECTURE_NOTEBOOK).read_bytes() == clean


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_an_edited_notebook_is_never_overwritten(built, name):
    def edit(notebook):
        notebook.cells[1].source += "\nmine = 1"

    edit_notebook(built, name, edit)
    edited = (built / name).read_bytes()
    advice = "copy it elsewhere" if name == RELEASED_NOTEBOOK else f"strides sync {name}"
    with pytest.raises(BuildError, match=advice):
        build(built)
    assert not build(built, check=True).in_step
    assert (built / name).read_bytes() == edited
    build(built, force=True)
    assert build(built, check=True).in_step
    kept = list((built / "build/set_aside").rglob("*.ipynb"))
    assert [path.read_bytes() for path in kept] == [edited]


def test_an_edited_notebook_without_a_source_is_kept(built):
    edit_notebook(built, LECTURE_NOTEBOOK, lambda nb: nb.cells.pop())
    (built / LECTURE_FILE).unlink()
    with pytest.raises(BuildError, match=r"was edited, and its source .* is gone"):
        build(built)
    assert (built / LECTURE_NOTEBOOK).exists()


@pytest.mark.parametrize("content", ["", '{"cells": [', "[]", '{"cells": [{}], "metadata": {}}'])
def test_a_damaged_notebook_is_named(built, content):
    write(built, LECTURE_NOTEBOOK, content)
    with pytest.raises(BuildError, match=r"lectures/01_doubling\.ipynb"):
        build(built)


def test_an_interrupted_write_leaves_the_old_file(built, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    before = snapshot(built)
    write(built, LECTURE_FILE, LECTURE.replace("We double", "We always double"))
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        build(built)
    after = snapshot(built)
    del before[LECTURE_FILE], after[LECTURE_FILE]
    assert after == before


def test_a_file_that_makes_no_notebook_is_named(course):
    write(course, "sources/assignments/a9_doubling/extra.py", "x = 1")
    with pytest.raises(BuildError, match=r"sources/assignments/a9_doubling/extra\.py: no notebook"):
        build(course)


def test_a_root_without_configuration_is_named(course):
    (course / "nbgrader_config.py").unlink()
    with pytest.raises(BuildError, match=r"nbgrader_config\.py"):
        build(course)
    with pytest.raises(BuildError, match=r"nbgrader_config\.py"):
        find_root(course)


def test_the_module_builds_checks_and_says_so(course):
    def run(*arguments):
        command = [sys.executable, "-m", "examiner.build", *arguments]
        return subprocess.run(command, cwd=course / "sources", capture_output=True, text=True)

    assert run("--check").returncode == 1
    first = run()
    assert first.returncode == 0
    assert RELEASED_NOTEBOOK in first.stdout
    checked = run("--check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "3 generated notebooks" in checked.stdout
    write(course, LECTURE_FILE, "x = 1\n")
    broken = run()
    assert broken.returncode == 1
    assert broken.stderr.startswith(f"{LECTURE_FILE}:1: expected jupytext's header")
