"""An edit made in JupyterLab goes back to its source, and nothing else there changes."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from examiner.build import CarryBackError, build, carry_back
from small_course import (
    ASSIGNMENT,
    ASSIGNMENT_FILE,
    LECTURE,
    LECTURE_FILE,
    LECTURE_NOTEBOOK,
    RELEASED_NOTEBOOK,
    SOLUTION_NOTEBOOK,
    make_small_course,
    write,
)

SOURCES = {
    LECTURE_NOTEBOOK: (LECTURE_FILE, LECTURE),
    SOLUTION_NOTEBOOK: (ASSIGNMENT_FILE, ASSIGNMENT),
}


@pytest.fixture
def course(tmp_path):
    make_small_course(tmp_path)
    build(tmp_path)
    return tmp_path


def carry(course, name, edit):
    """Edit a notebook as JupyterLab would, carry it back, and return the source's text."""
    notebook = nbformat.read(course / name, 4)
    edit(notebook)
    nbformat.write(notebook, course / name)
    carry_back(course / name, course)
    return (course / SOURCES[name][0]).read_text()


def cell(notebook, cell_id):
    return next(cell for cell in notebook.cells if cell["id"] == cell_id)


@pytest.mark.parametrize("name", SOURCES)
def test_the_round_trip_is_byte_identical(course, name):
    file, text = SOURCES[name]
    assert carry_back(course / name, course) is False
    assert (course / file).read_text() == text


@pytest.mark.parametrize("name", SOURCES)
def test_running_a_notebook_changes_no_source(course, name):
    def run(notebook):
        for index, cell in enumerate(notebook.cells):
            cell.metadata["execution"] = {"iopub.status.idle": "now"}
            cell.metadata["scrolled"] = True
            if cell.cell_type == "code":
                cell.outputs = [nbformat.v4.new_output("stream", text="out")]
                cell.execution_count = index
        notebook.metadata["language_info"]["version"] = "3.12.1"
        notebook.metadata["widgets"] = {}

    assert carry(course, name, run) == SOURCES[name][1]


def test_one_edited_cell_changes_its_own_lines(course):
    def edit(notebook):
        notebook.cells[0].source = "# Doubling\n\nWe double $x$, twice."
        notebook.cells[2].source += "\n"

    text = carry(course, LECTURE_NOTEBOOK, edit)
    assert text == LECTURE.replace("# We double $x$.", "# We double $x$, twice.")
    build(course)
    assert build(course, check=True).in_step


def test_cells_added_moved_and_removed(course):
    def edit(notebook):
        notebook.cells[0:0] = [new_markdown_cell("Before all else.")]
        notebook.cells.insert(4, new_code_cell("%time double(3)", metadata={"tags": ["slow"]}))
        notebook.cells.append(notebook.cells.pop(6))

    text = carry(course, LECTURE_NOTEBOOK, edit)
    assert "# %% [markdown]\n# Before all else.\n\n# %% [markdown]\n# # Doubling" in text
    assert '\n# %% tags=["slow"]\n# %time double(3)\n\n# %%\ndouble([1, 2])\n' in text
    assert text.endswith("# %% [markdown]\n# Once more.\n")
    build(course)
    assert build(course, check=True).in_step


def test_an_edited_solution_keeps_its_markers(course):
    def edit(notebook):
        double = cell(notebook, "double")
        double.source = double.source.replace("np.add(x, x)", "2 * np.asarray(x)")
        cell(notebook, "test_double").metadata["nbgrader"]["points"] = 6

    text = carry(course, SOLUTION_NOTEBOOK, edit)
    expected = ASSIGNMENT.replace("np.add(x, x)", "2 * np.asarray(x)").replace(
        "points=4", "points=6"
    )
    assert text == expected
    build(course)
    assert build(course, check=True).in_step


def test_a_new_exercise_made_in_lab_gets_markers(course):
    def edit(notebook):
        test = cell(notebook, "test_double")
        new = new_code_cell(test.source, metadata=test.metadata.copy())
        new.metadata["nbgrader"] = {**test.metadata["nbgrader"], "grade_id": "test_more"}
        notebook.cells.append(new)

    assert '\n# %% test="more" points=4\nscore = 0.0' in carry(course, SOLUTION_NOTEBOOK, edit)


def refuse(course, name, edit, message):
    sources = {file: (course / file).read_text() for file, _ in SOURCES.values()}
    notebook = nbformat.read(course / name, 4)
    edit(notebook)
    nbformat.write(notebook, course / name)
    with pytest.raises(CarryBackError, match=message):
        carry_back(course / name, course)
    assert {file: (course / file).read_text() for file in sources} == sources


def test_a_released_notebook_is_refused(course):
    refuse(course, RELEASED_NOTEBOOK, lambda notebook: None, "students' version")


def test_a_pasted_picture_is_refused(course):
    def edit(notebook):
        notebook.cells[0].attachments = {"a.png": {"image/png": ""}}

    refuse(course, LECTURE_NOTEBOOK, edit, "pasted picture")


def test_an_edit_that_would_break_the_source_is_refused(course):
    def edit(notebook):
        double = cell(notebook, "double")
        double.source = double.source.replace("    ### END SOLUTION", "")

    refuse(course, SOLUTION_NOTEBOOK, edit, "would break the source.*\n.*END SOLUTION")


def test_a_task_cell_is_refused(course):
    def edit(notebook):
        cell(notebook, "why").metadata["nbgrader"] |= {
            "task": True,
            "grade": False,
            "solution": False,
        }

    refuse(course, SOLUTION_NOTEBOOK, edit, "manually graded task")


def test_a_cell_line_inside_a_cell_is_refused(course):
    def edit(notebook):
        notebook.cells[2].source += "\n# %%\nx = 1"

    refuse(course, LECTURE_NOTEBOOK, edit, "'# %%'")


def test_a_source_that_moved_on_is_refused(course):
    write(course, LECTURE_FILE, LECTURE.replace("# Once more.", "# And again."))

    def edit(notebook):
        notebook.cells[0].source = "# Doubling everything"

    refuse(course, LECTURE_NOTEBOOK, edit, "has changed since this notebook was made")


@pytest.mark.parametrize(
    ("name", "message"),
    [("lectures/none.ipynb", "no such file"), ("lectures/mine.ipynb", "has no source")],
)
def test_an_unknown_notebook_is_refused(course, name, message):
    write(course, "lectures/mine.ipynb", "{}")
    with pytest.raises(CarryBackError, match=message):
        carry_back(course / name, course)


def test_a_notebook_of_another_course_is_refused(course, tmp_path_factory):
    other = write(tmp_path_factory.mktemp("other"), LECTURE_NOTEBOOK, "{}")
    with pytest.raises(CarryBackError, match="is not in the course"):
        carry_back(other, course)


def test_a_damaged_notebook_is_refused(course):
    path = course / LECTURE_NOTEBOOK
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(CarryBackError, match="damaged"):
        carry_back(path, course)
