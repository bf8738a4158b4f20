"""nbgrader's configuration: which folder is what, and how a notebook is released and run.

Everything of nbgrader reads this file: Formgrader, Validate, the strides command, the builder.
"""

import os
from pathlib import Path

from examiner.course.settings import grading_settings

ROOT = Path(__file__).resolve().parent
CELL_SECONDS = 200  # a5 trains a net on loops in one cell; each call has a shorter limit of its own

c = get_config()  # noqa: F821  (nbgrader provides it)

# The course. solutions/ and assignments/ are generated from sources/ with `make build`.
c.CourseDirectory.course_id = "strides"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    ".DS_Store",
    "__pycache__",
    "*.pyc",
    "*.py",  # a py:percent source holds the solutions
    "*.db",
    "*.log",
    "feedback",
]

# Handing out and in: a folder open to all (mode 777), which `strides release` makes.
c.Exchange.root = os.environ.get("STRIDES_EXCHANGE", str(ROOT / "build" / "exchange"))

# What students find where the solution stood: a blank answer returns None.
c.ClearSolutions.code_stub = {"python": "...  # your code here"}
c.ClearSolutions.text_stub = "*Your answer goes here.*"

# The last step of a release notes what was released, so that a build never overwrites work.
c.GenerateAssignment.preprocessors.append("examiner.build.release.Stamp")

# A quiz of own numbers comes with the key that they are drawn from.
c.GenerateAssignment.preprocessors.append("examiner.course.numbers.WriteNumbers")

# Running a submission: a cell that does not end is interrupted, and the next one runs.
c.Execute.timeout = CELL_SECONDS
c.Execute.interrupt_on_timeout = True
c.Execute.error_on_timeout = {
    "ename": "CellTimeoutError",
    "evalue": f"this cell ran for more than {CELL_SECONDS} s and was stopped",
    "traceback": [f"This cell ran for more than {CELL_SECONDS} s and was stopped."],
}

# Reading, mending, running and marking a submission, and cleaning its feedback page.
c.merge(grading_settings())
