"""A course of one lecture and one assignment, for tests of the builder and the bundle."""

import shutil
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]

HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

"""

LECTURE = (
    HEADER
    + """\
# %% [markdown]
# # Doubling
#
# We double $x$.

# %% tags=["hide-input"]
# %matplotlib inline
import numpy as np

# %%
def double(x):
    return 2 * np.asarray(x)


# %%
double([1, 2])

# %% [markdown]
# Once more.

# %%
double([1, 2])
"""
)

ASSIGNMENT = (
    HEADER
    + """\
# %% [markdown]
# # Doubling, by you

# %% locked="setup"
import numpy as np

# %% solution="double"
def double(x):
    \"\"\"Twice x.\"\"\"
    ### BEGIN SOLUTION
    the_secret_sum = np.add(x, x)
    return the_secret_sum
    ### END SOLUTION


# %%
# Try it here.

# %% test="double" points=4
score = 0.0 if double(1) is None else 1.0
### BEGIN HIDDEN TESTS
from examiner import examine

score += examine(double, "a9.double")
### END HIDDEN TESTS
score

# %% [markdown] answer="why" points=1.5
# Because adding is the_secret_reason.
"""
)

LECTURE_FILE = "sources/lectures/01_doubling.py"
ASSIGNMENT_FILE = "sources/assignments/a9_doubling/a9_doubling.py"
LECTURE_NOTEBOOK = "lectures/01_doubling.ipynb"
SOLUTION_NOTEBOOK = "solutions/a9_doubling/a9_doubling.ipynb"
RELEASED_NOTEBOOK = "assignments/a9_doubling/a9_doubling.ipynb"
NOTEBOOKS = (LECTURE_NOTEBOOK, SOLUTION_NOTEBOOK, RELEASED_NOTEBOOK)


def make_small_course(root: Path) -> Path:
    """Write the course's sources and the repository's nbgrader_config.py below ``root``."""
    root.mkdir(exist_ok=True)
    shutil.copy(REPO / "nbgrader_config.py", root)
    write(root, LECTURE_FILE, LECTURE)
    write(root, ASSIGNMENT_FILE, ASSIGNMENT)
    return root


def write(root: Path, file: str, text: str) -> Path:
    """Write a text below ``root``, with its folders."""
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file below ``root`` with its bytes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
