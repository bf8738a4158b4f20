"""Putting a submission's structure back, on the notebooks alone."""

from __future__ import annotations

import copy

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from examiner.course.restore import restore

from .conftest import find, role_cell


@pytest.fixture
def released():
    return new_notebook(
        cells=[
            role_cell("setup", "import numpy", locked=True),
            role_cell("f", "def f(): ...", solution=True),
            role_cell("test_f", "check(f)", grade=True, locked=True, points=5),
            new_code_cell("f()", id="free"),
            role_cell("g", "def g(): ...", solution=True),
            role_cell("test_g", "check(g)", grade=True, locked=True, points=7),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


def ids(notebook):
    return [c.metadata.get("nbgrader", {}).get("grade_id", "-") for c in notebook.cells]


def test_an_untouched_notebook_is_left_alone(released):
    notebook, notes = restore(released, released)
    assert notebook == released
    assert notes == []


def test_answers_and_own_cells_stay(released):
    work = copy.deepcopy(released)
    find(work, "f").source = "f = 1"
    work.cells.insert(2, new_code_cell("my own cell"))
    notebook, notes = restore(work, released)
    assert notes == []
    assert [c.source for c in notebook.cells[1:3]] == ["f = 1", "my own cell"]


def test_deleted_tests_come_back_where_they_belong(released):
    work = copy.deepcopy(released)
    work.cells = [c for c in work.cells if c.id in ("setup", "f", "free", "g")]
    notebook, notes = restore(work, released)
    assert ids(notebook) == ["setup", "f", "-", "test_f", "g", "test_g"]
    assert notes == [
        "Cell 'test_f' was missing; it was put back.",
        "Cell 'test_g' was missing; it was put back.",
    ]


def test_an_answer_without_any_id_is_not_overwritten_by_the_stub(released):
    work = copy.deepcopy(released)
    answer = find(work, "f")
    answer.update(id="other", source="f = 1", metadata={})
    notebook, notes = restore(work, released)
    assert [c.source for c in notebook.cells].count("def f(): ...") == 0
    assert "f = 1" in [c.source for c in notebook.cells]
    assert notes == ["Cell 'f' is missing; its tests ran on what the notebook defines elsewhere."]


def test_an_untouched_copy_does_not_undo_the_answer(released):
    work = copy.deepcopy(released)
    copied = copy.deepcopy(find(work, "f"))
    find(work, "f").source = "f = 1"
    work.cells.insert(2, copied)
    notebook, notes = restore(work, released)
    assert ids(notebook) == ids(released)
    assert find(notebook, "f").source == "f = 1"
    assert notes == ["Cell 'f' was there 2 times; the last edited one was graded."]


def test_two_edited_copies_both_run_and_the_last_one_counts(released):
    work = copy.deepcopy(released)
    second = copy.deepcopy(find(work, "f"))
    find(work, "f").source, second.source = "f = 1", "f = 2"
    work.cells.insert(2, second)
    notebook, _ = restore(work, released)
    assert ids(notebook)[:4] == ["setup", "-", "f", "test_f"]
    assert find(notebook, "f").source == "f = 2"


def test_a_copied_test_runs_once(released):
    work = copy.deepcopy(released)
    work.cells.append(copy.deepcopy(find(work, "test_f")))
    notebook, notes = restore(work, released)
    assert ids(notebook).count("test_f") == 1
    assert len(notebook.cells) == len(released.cells)
    assert notes == ["Cell 'test_f' was there 2 times; one was graded."]


def test_unknown_ids_become_plain_cells(released):
    work = copy.deepcopy(released)
    work.cells.append(role_cell("bonus", "100", grade=True, locked=True, points=100))
    notebook, notes = restore(work, released)
    assert ids(notebook)[-1] == "-"
    assert notes == []


def test_a_damaged_role_is_replaced(released):
    work = copy.deepcopy(released)
    find(work, "test_g").metadata["nbgrader"] = {"grade_id": "test_g", "schema_version": 99}
    notebook, _ = restore(work, released)
    assert find(notebook, "test_g").metadata == find(released, "test_g").metadata


@pytest.mark.parametrize("role", [None, [], "x", {"grade_id": 3}, {"grade_id": ["f"]}])
def test_a_role_that_is_no_role(released, role):
    work = copy.deepcopy(released)
    work.cells[3].metadata["nbgrader"] = role
    notebook, _ = restore(work, released)
    assert ids(notebook) == ids(released)
