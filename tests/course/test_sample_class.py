"""The sample class is made from the reference by replacing answers."""

from __future__ import annotations

import ast

import pytest
from nbformat.v4 import new_notebook

from examiner import examine
from examiner.course import sample_class
from examiner.course.errors import CourseError
from examiner.course.sample_class import (
    CLASSES,
    MEMBERS,
    answers,
    make_class,
    members,
    variants,
    without_markers,
)

from .conftest import find, role_cell

VARIANTS = [(assignment, variant) for assignment in CLASSES for variant in variants(assignment)]


@pytest.mark.parametrize("assignment", CLASSES)
def test_eight_members_with_names_of_their_own(assignment):
    them = members(assignment)
    assert [member.name for member in them] == [member.name for member in MEMBERS]
    assert len({member.name for member in them}) == 8
    assert {member.variant for member in them} == {"reference", "blank", *variants(assignment)}


@pytest.mark.parametrize(("assignment", "variant"), VARIANTS)
def test_each_answer_defines_what_its_cell_asks_for(assignment, variant):
    found = answers(assignment, variant)
    assert found
    for name, source in found.items():
        assert name in defined(source)


def defined(source):
    """The names that a piece of code gives to functions and values."""
    body = ast.parse(source).body
    functions = [node.name for node in body if isinstance(node, ast.FunctionDef)]
    values = [node.targets[0].id for node in body if isinstance(node, ast.Assign)]
    return functions + values


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A sample class for an assignment of two answers."""
    monkeypatch.setattr(sample_class, "FOLDER", tmp_path)
    monkeypatch.setattr(sample_class, "CLASSES", {"t9": MEMBERS, "t8": MEMBERS})
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


def test_everyone_writes_their_own_id_into_a_quiz(small):
    released, solution = small
    released.cells.append(role_cell("student", "student = (...)", solution=True))
    solution.cells.append(role_cell("student", "student = None", solution=True))
    made = make_class("t9", released, solution)
    assert find(made["cleo"], "student").source == 'student = "cleo"'
    assert find(made["ada"], "student").source == 'student = "ada"'
    assert find(made["ben"], "student").source == "student = (...)"


def test_an_answer_that_no_cell_asks_for(small, tmp_path):
    (tmp_path / "t9" / "loops" / "h.py").write_text("h = 1")
    with pytest.raises(CourseError, match=r"no answer called h; it has f, g"):
        make_class("t9", *small)


def test_an_assignment_without_a_class(small):
    with pytest.raises(CourseError, match=r"t7 has no sample class; expected one of t9, t8"):
        make_class("t7", *small)


def test_a_class_without_its_variants(small):
    with pytest.raises(CourseError, match=r"class of t8 is incomplete: expected endless"):
        make_class("t8", *small)


def test_solution_markers_go():
    assert without_markers("a\n    ### BEGIN SOLUTION\n    b\n    ### END SOLUTION") == "a\n    b"


def answer_of(assignment, variant, name):
    """The function of a variant's answer."""
    place = {}
    exec(answers(assignment, variant)[name], place)
    return place[name]


@pytest.mark.parametrize("name", ["conv1d", "conv2d", "avg_pool2d", "im2col"])
def test_loops_of_a5_earn_everything(name):
    score = examine(answer_of("a5_convolution", "loops", name), f"a5.{name}")
    assert score.earned == score.possible > 0


@pytest.mark.parametrize(
    ("variant", "diagnosis"),
    [
        ("kernel_flipped", "flipped"),
        ("all_axes_padded", "all_axes_padded"),
        ("stride_ignored", "dx_stride_ignored"),
        ("assigned", "dx_assigned_all_filters"),
    ],
)
def test_mistakes_of_a5_are_named(variant, diagnosis):
    score = examine(answer_of("a5_convolution", variant, "conv2d"), "a5.conv2d")
    assert 0 < score.earned < score.possible
    assert score.diagnoses == [diagnosis]
