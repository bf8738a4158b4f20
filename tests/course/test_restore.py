"""Putting a submission's structure back, on the notebooks alone."""

from __future__ import annotations

import copy

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from examiner.course.restore import restore

from .conftest import find, role_cell


def make_released():
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


@pytest.fixture
def released():
    return make_released()


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


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("f = 1", "by what it defines"),
        ("import os\nf: int = 1", "by what it defines"),
        ("async def f(): ...", "by what it defines"),
        ("%run helper.py", "by its place"),
    ],
)
def test_an_answer_without_any_id_is_recognised(released, source, how):
    work = copy.deepcopy(released)
    find(work, "f").update(id="other", source=source, metadata={})
    notebook, notes = restore(work, released)
    assert ids(notebook) == ids(released)
    assert find(notebook, "f").source == source
    assert notes == [f"Cell 'f' was without its id; it was recognised {how} and graded as 'f'."]


def test_an_answer_that_is_nowhere_is_not_overwritten_by_the_stub(released):
    work = copy.deepcopy(released)
    work.cells.remove(find(work, "f"))
    find(work, "g").source = "f = g = 1"
    notebook, notes = restore(work, released)
    assert [c.source for c in notebook.cells].count("def f(): ...") == 0
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


def test_answers_of_another_kind_are_turned_back(released):
    work = copy.deepcopy(released)
    position = work.cells.index(find(work, "f"))
    work.cells[position] = new_markdown_cell("def f(): return 1", id="other")
    work.cells[position].metadata["nbgrader"] = {"grade_id": "f"}
    find(work, "g").cell_type = "raw"
    notebook, notes = restore(work, released)
    assert {find(notebook, name).cell_type for name in "fg"} == {"code"}
    assert find(notebook, "f").source == "def f(): return 1"
    assert notes == [
        "Cell 'f' had become a markdown cell; it was turned back.",
        "Cell 'g' had become a raw cell; it was turned back.",
    ]


def test_all_metadata_and_ids_are_lost(released):
    work = copy.deepcopy(released)
    find(work, "f").source = "def f(): return 1"
    find(work, "g").source = "import math\ng = math.sin"
    for number, cell in enumerate(work.cells):
        cell.update(id=f"other-{number}", metadata={})
    notebook, notes = restore(work, released)
    assert ids(notebook) == ids(released)
    assert find(notebook, "f").source == "def f(): return 1"
    assert find(notebook, "g").source == "import math\ng = math.sin"
    assert len(notes) == 5
    assert "Cell 'test_f' was without its id; it was recognised by its text" in "\n".join(notes)


def test_a_test_before_its_answer_is_put_behind_it(released):
    work = copy.deepcopy(released)
    order = ["test_f", "test_g", "g", "f", "setup"]
    work.cells = [find(work, name) for name in order]
    notebook, notes = restore(work, released)
    assert ids(notebook) == ["setup", "g", "f", "test_f", "test_g"]
    assert notes == [
        "Cell 'setup' stood behind cells that need it; it was put back before them.",
        "Cell 'test_f' stood before an answer that it may need; it was put behind it.",
        "Cell 'test_g' stood before an answer that it may need; it was put behind it.",
    ]


def test_exercises_in_another_order_that_runs_stay(released):
    work = copy.deepcopy(released)
    work.cells = [find(work, name) for name in ["setup", "f", "g", "test_f", "test_g"]]
    assert ids(restore(work, released)[0]) == ["setup", "f", "g", "test_f", "test_g"]
    assert restore(work, released)[1] == []


def test_own_cells_keep_their_place_and_text(released):
    work = copy.deepcopy(released)
    for place in (1, 3, 6):
        work.cells.insert(place, new_code_cell(f"helper = {place}", id=f"mine-{place}"))
    work.cells[1].metadata = {"tags": ["raises-exception"], "transient": {"remove_source": True}}
    notebook, notes = restore(work, released)
    assert [c.source for c in notebook.cells] == [c.source for c in work.cells]
    assert notebook.cells[1].metadata == {}
    assert notes == []


def test_the_notebooks_own_metadata_is_the_released(released):
    work = copy.deepcopy(released)
    work.metadata.update(widgets={"x": 1}, title="<script>", language_info={"name": '"><img'})
    work.metadata.kernelspec = {"name": "bash", "display_name": "Bash"}
    notebook, notes = restore(work, released)
    assert notebook.metadata == released.metadata
    assert notes == ["The notebook was saved with the kernel 'bash'; it was graded with 'python3'."]


def test_merged_answers_run_where_they_are(released):
    work = copy.deepcopy(released)
    find(work, "f").source = "def f(): return 1\ndef g(): return 2"
    work.cells.remove(find(work, "g"))
    notebook, notes = restore(work, released)
    assert [name for name in ids(notebook) if name != "-"] == ["setup", "f", "test_f", "test_g"]
    assert notes == ["Cell 'g' is missing; its tests ran on what the notebook defines elsewhere."]


def test_a_split_answer_runs_whole(released):
    work = copy.deepcopy(released)
    second = copy.deepcopy(find(work, "f"))
    find(work, "f").source, second.source, second.id = "import numpy as n", "f = n.sin", "split"
    work.cells.insert(2, second)
    notebook, _ = restore(work, released)
    assert [c.source for c in notebook.cells[1:4]] == ["import numpy as n", "f = n.sin", "check(f)"]


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["delete", "copy", "rename", "strip", "id", "kind", "move", "own", "edit"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    max_size=12,
)


def changed(notebook, changes):
    """A copy of a notebook after changes such as students and their editors make."""
    work = copy.deepcopy(notebook)
    for what, first, second in changes:
        if not work.cells:
            break
        here = first % len(work.cells)
        cell = work.cells[here]
        if what == "delete":
            del work.cells[here]
        elif what == "copy":
            work.cells.insert(second % (len(work.cells) + 1), copy.deepcopy(cell))
        elif what == "rename":
            cell.metadata["nbgrader"] = {"grade_id": ["f", "x", "test_g"][second % 3], "points": 99}
        elif what == "strip":
            cell.metadata = {}
        elif what == "id":
            cell.id = f"new-{second}"
        elif what == "kind":
            source = cell.source
            make = [new_markdown_cell, new_code_cell, new_raw_cell][second % 3]
            work.cells[here] = make(source, id=cell.id, metadata=cell.metadata)
        elif what == "move":
            work.cells.insert(second % len(work.cells), work.cells.pop(here))
        elif what == "own":
            work.cells.insert(here, new_code_cell("mine = 1", id=f"mine-{second}"))
        else:
            cell.source = ["", "def f(): return 2", "g = 3", "score"][second % 4]
    return work


@settings(max_examples=300, deadline=None)
@given(changes=CHANGES)
def test_whatever_was_changed_the_result_can_be_graded(changes):
    released = make_released()
    work = changed(released, changes)
    before = copy.deepcopy(work)
    notebook, notes = restore(work, released)
    assert work == before
    nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    named = [name for name in ids(notebook) if name != "-"]
    assert len(named) == len(set(named))
    place = {name: index for index, name in enumerate(ids(notebook))}
    assert {"setup", "test_f", "test_g"} <= place.keys()
    for name in ("setup", "test_f", "test_g"):
        assert find(notebook, name) == find(released, name)
    assert place["setup"] == min(place[name] for name in named)
    for answer, test in (("f", "test_f"), ("f", "test_g"), ("g", "test_g")):
        if answer in place:
            assert place[answer] < place[test]
    if work == released:
        assert notes == []
