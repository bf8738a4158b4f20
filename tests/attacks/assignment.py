"""The small assignment of the attacks: six exercises with the real exams of a1."""

from __future__ import annotations

import copy

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from .attack import POINTS, Attack

ASSIGNMENT = "t4_attacked"
CONFIG = """
from pathlib import Path
from examiner.course.settings import grading_settings
root = Path(__file__).parent
c = get_config()
c.CourseDirectory.course_id = "attacked"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.Exchange.root = str(root / "exchange")
c.Exchange.cache = str(root / "cache")
c.ClearSolutions.code_stub = {"python": "...  # your code here"}
c.merge(grading_settings())
"""
SETUP = "import numpy as np\n\nfrom strides.check import check"
TEST = """score = check({name}, "a1.{name}")
### BEGIN HIDDEN TESTS
# {canary}
from examiner import examine

score += examine({name}, "a1.{name}")
### END HIDDEN TESTS
score"""
PRELUDE = """def leaked(*what):
    print("LEA" + "KED", *what)"""

RIGHT = {
    "relative_error": """def relative_error(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))""",
    "log_softmax": """def log_softmax(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))""",
    "multilabel_loss": """def multilabel_loss(scores, t):
    small = np.exp(-np.abs(scores))
    loss = np.mean(np.maximum(scores, 0) - scores * t + np.log1p(small))

    def backward():
        p = np.where(scores >= 0, 1 / (1 + small), small / (1 + small))
        return (p - t) / scores.size

    return loss, backward""",
    "numerical_gradient": """def numerical_gradient(f, x, h=1e-5):
    point = x.astype(np.float64)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        middle = point[index]
        point[index] = middle + h
        plus = f(point)
        point[index] = middle - h
        minus = f(point)
        point[index] = middle
        gradient[index] = (plus - minus) / (2 * h)
    return gradient""",
    "predict": """def predict(w, x):
    return (x @ w).argmax(axis=1)""",
    "why_mean": 'why_mean = "c"',
}
WRONG = {
    "relative_error": "def relative_error(a, b):\n    return 7.0",
    "log_softmax": "def log_softmax(scores):\n    return np.zeros(np.shape(scores)) + 7",
    "multilabel_loss": """def multilabel_loss(scores, t):
    return -7.0, lambda: np.zeros(np.shape(scores)) - 7""",
    "numerical_gradient": """def numerical_gradient(f, x, h=1e-5):
    return np.zeros(np.shape(x)) - 77""",
    "predict": "def predict(w, x):\n    return np.full(len(x), -7)",
    "why_mean": 'why_mean = "a"',
}
BASES = {"right": RIGHT, "wrong": WRONG, "blank": {}}
FREE, SETUP_CELL, WHY = "free", "setup", "why"


def _role(name: str, source: str, **role: object) -> NotebookNode:
    make = new_markdown_cell if role.pop("markdown", False) else new_code_cell
    full = {"grade": False, "solution": False, "locked": False, "schema_version": 3, **role}
    return make(source, id=name, metadata={"nbgrader": {"grade_id": name, **full}})


def _solution(name: str, canary: str) -> str:
    """The reference's answer between solution markers, as a source has it."""
    head, newline, body = RIGHT[name].partition("\n")
    if not newline:
        return f"### BEGIN SOLUTION\n{head}  # {canary}\n### END SOLUTION"
    marks = ("    ### BEGIN SOLUTION\n", "\n    ### END SOLUTION")
    return f"{head}\n{marks[0]}    # {canary}\n{body}{marks[1]}"


def make_source(canary: str) -> NotebookNode:
    """The assignment with solutions and hidden tests, a canary word in each."""
    cells = [
        new_markdown_cell("# Attacked", id="intro"),
        _role(SETUP_CELL, SETUP, locked=True),
    ]
    for name, points in POINTS.items():
        test = TEST.format(name=name, canary=canary)
        cells += [
            _role(name, _solution(name, canary), solution=True),
            _role(f"test_{name}", test, grade=True, locked=True, points=points),
        ]
    cells.insert(4, new_code_cell("# Try it here.", id=FREE))
    cells.append(_role(WHY, "Why?", markdown=True, grade=True, solution=True, points=2))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def find(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell of an id."""
    return next(cell for cell in notebook.cells if cell.get("id") == name)


def fill_in(blank: NotebookNode, attack: Attack, paths: dict[str, str]) -> NotebookNode:
    """A copy of a blank notebook with an attack's cells; `paths` stand for words in sources."""

    def known(source: str) -> str:
        for word, path in paths.items():
            source = source.replace(word, f'bytes.fromhex("{path.encode().hex()}").decode()')
        return source

    notebook = copy.deepcopy(blank)
    for name, source in (BASES[attack.base] | attack.answers).items():
        find(notebook, name).source = known(source)
    if attack.free:
        find(notebook, FREE).source = known(attack.free)
    first, last = [known(cell) for cell in attack.first], [known(cell) for cell in attack.last]
    if any("leaked(" in cell.source for cell in notebook.cells) or "leaked(" in str(first + last):
        first.insert(0, PRELUDE)
    place = notebook.cells.index(find(notebook, SETUP_CELL)) + 1
    notebook.cells[place:place] = [
        new_code_cell(source, id=f"first-{index}") for index, source in enumerate(first)
    ]
    notebook.cells += [
        new_code_cell(source, id=f"last-{index}") for index, source in enumerate(last)
    ]
    if attack.edit:
        attack.edit(notebook)
    return notebook
