"""A course of two exercises, made in a temporary folder, that runs the whole loop in seconds."""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from examiner.course.course import Course

ASSIGNMENT = "t1_tiny"
CONFIG = """
from pathlib import Path
root = Path(__file__).parent
c = get_config()
c.CourseDirectory.course_id = "tiny"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Exchange.root = str(root / "exchange")
c.Exchange.cache = str(root / "cache")
c.Execute.timeout = 2
c.ClearSolutions.code_stub = {"python": "...  # your code here"}
"""
SETUP = "from strides.check.score import Row, Score"
DOUBLE = """def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION"""
HALF = DOUBLE.replace("double", "half").replace("2 * x", "x / 2")
TEST = """right = {name}(3) == {value}
score = Score("t1.{name}", (Row("visible", 2.0 * right, 2.0, "passed" if right else "failed"),))
### BEGIN HIDDEN TESTS
named = "{name}_not_done" if {name}(3) == 3 else None
right = {name}(-1) == {other}
hidden = Row("hidden", 4.0 * right, 4.0, "passed" if right else "failed", "look again", named)
score += Score("t1.{name}", (hidden,))
### END HIDDEN TESTS
score"""


def role_cell(name: str, source: str, **role: object) -> NotebookNode:
    make = new_markdown_cell if role.pop("markdown", False) else new_code_cell
    full = {"grade": False, "solution": False, "locked": False, "schema_version": 3, **role}
    return make(source, id=name, metadata={"nbgrader": {"grade_id": name, **full}})


def make_source() -> NotebookNode:
    """The tiny assignment's source: two exercises of 6 points and a written answer of 3."""

    def tests(name: str, value: float, other: float) -> NotebookNode:
        source = TEST.format(name=name, value=value, other=other)
        return role_cell(f"test_{name}", source, grade=True, locked=True, points=6)

    cells = [
        new_markdown_cell("# Tiny", id="intro"),
        role_cell("setup", SETUP, locked=True),
        role_cell("double", DOUBLE, solution=True),
        tests("double", 6, -2),
        role_cell("half", HALF, solution=True),
        new_code_cell("half(8)", id="free"),
        tests("half", 1.5, -0.5),
        role_cell("why", "Why?", markdown=True, grade=True, solution=True, points=3),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def find(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell of a grade id."""
    cells = (c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)
    return next(cells)


@dataclass
class Tiny:
    """The course, its released notebook, and ways to fill in and hand in a copy of it."""

    course: Course
    released: NotebookNode

    def answers(self, **sources: str) -> NotebookNode:
        """A copy of the released notebook with the cells of these grade ids rewritten."""
        notebook = copy.deepcopy(self.released)
        for name, source in sources.items():
            find(notebook, name).source = source
        return notebook

    def right(self) -> NotebookNode:
        """Right answers, not written as the reference's."""
        return self.answers(double="double = lambda x: x + x", half="half = lambda x: x * 0.5")

    def hand_in(self, student: str, content: NotebookNode | bytes, name: str = "") -> Path:
        """Put a file into the student's submitted folder, as collecting does."""
        folder = self.course.folder("submitted", student, ASSIGNMENT)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (name or f"{ASSIGNMENT}.ipynb")
        data = content if isinstance(content, bytes) else nbformat.writes(content).encode()
        path.write_bytes(data)
        return path


@pytest.fixture(scope="session")
def tiny_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny course whose assignment is released."""
    root = tmp_path_factory.mktemp("tiny")
    (root / "nbgrader_config.py").write_text(CONFIG)
    folder = root / "solutions" / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(make_source(), folder / f"{ASSIGNMENT}.ipynb")
    Course(root).release(ASSIGNMENT)
    return root


@pytest.fixture
def tiny(tiny_template: Path, tmp_path: Path) -> Tiny:
    """A copy of the tiny course for one test."""
    root = tmp_path / "course"
    shutil.copytree(tiny_template, root)
    (root / "exchange").chmod(0o777)
    released = nbformat.read(root / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", 4)
    return Tiny(Course(root), released)
