"""The sample class is made from the reference by replacing answers."""

from __future__ import annotations

import ast

import pytest
from nbformat.v4 import new_notebook

from examiner.course import sample_class
from examiner.course.errors import CourseError
from examiner.course.sample_class import MEMBERS, answers, make_class, variants, without_markers

from .conftest import find, role_cell

A = "a1_classifiers"


def test_eight_members_with_names_of_their_own():
    assert len(MEMBERS) == len({member.name for member in MEMBERS}) == 8
    assert {member.variant for member in MEMBERS} == {"reference", "blank", *variants(A)}


@pytest.mark.parametrize("variant", variants(A))
def test_each_answer_defines_what_its_cell_asks_for(variant):
    found = answers(A, variant)
    assert found
    for name, source in found.items():
        defined = [
            node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)
        ]
        assert name in defined


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A sample class for an assignment of two answers."""
    monkeypatch.setattr(sample_class, "FOLDER", tmp_path)
    for member in MEMBERS[2:]:
        folder = tmp_path / "t9" / member.variant
        folder.mkdir(parents=True)
        (folder / "f.py").write_text(f"f = '{member.variant}'\n")

    def notebook(f, g):
        return new_notebook(
            cells=[role_cell("f", f, solution=True), role_cell("g", g, solution=True)]
        )

    solution = notebook("### BEGIN SOLUTION\nf = 1\n### END SOLUTION", "g = 2")
    return notebook("f = ...", "g = ..."), solution


def test_answers_are_replaced_one_by_one(small):
    made = make_class("t9", *small)
    sources = {
        name: (find(notebook, "f").source, find(notebook, "g").source)
        for name, notebook in made.items()
    }
    assert sources["ada"] == ("f = 1", "g = 2")
    assert sources["ben"] == ("f = ...", "g = ...")
    assert sources["cleo"] == ("f = 'loops'", "g = 2")


def test_an_answer_that_no_cell_asks_for(small, tmp_path):
    (tmp_path / "t9" / "loops" / "h.py").write_text("h = 1")
    with pytest.raises(CourseError, match=r"no answer called h; it has f, g"):
        make_class("t9", *small)


def test_an_assignment_without_a_class(small):
    with pytest.raises(CourseError, match=r"t8 has no sample class.*endless"):
        make_class("t8", *small)


def test_solution_markers_go():
    assert without_markers("a\n    ### BEGIN SOLUTION\n    b\n    ### END SOLUTION") == "a\n    b"
