"""Prepare what `strides lab` shows: the notebooks, and a practice course with a sample class.

The practice course has a folder of its own, with its own gradebook, exchange and submissions:
the sample class never meets a real one. Preparing may be done any number of times: it adds
what is missing and leaves the rest as it is.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from rich.console import Console

from examiner.build import build
from examiner.build.notebook import content_hash
from examiner.build.trees import (
    ASSIGNMENTS,
    SOLUTIONS,
    read_json,
    source_files,
    write_atomically,
)

from .course import Course
from .demo import class_files, enrol_and_submit
from .errors import CourseError
from .numbers import files_for
from .sample_class import MEMBERS, variants
from .settings import CONFIG_FILE

FOLDER = Path("build", "lab")
CLASS = FOLDER / "class"
CONFIG = '''"""The practice course of `strides lab`: the course's settings, books of its own."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent

c = get_config()  # noqa: F821  (nbgrader provides it)
load_subconfig("nbgrader_config.py", path=str(FOLDER.parents[2]))  # noqa: F821
c.CourseDirectory.root = str(FOLDER)
c.CourseDirectory.db_url = f"sqlite:///{FOLDER / 'gradebook.db'}"
c.Exchange.root = str(FOLDER / "exchange")
c.Exchange.cache = str(FOLDER / "cache")
'''


def build_missing(root: Path, console: Console) -> None:
    """Build the notebooks that are not there, and put a quiz's numbers beside it."""
    if is_anything_missing(root):
        console.print(str(build(root, missing_only=True)), highlight=False)
    names = [path.name for path in sorted((root / ASSIGNMENTS).glob("*")) if path.is_dir()]
    for path, content in files_for(root, ASSIGNMENTS, names).items():
        write_atomically(root / path, content)


def prepare_class(root: Path, console: Console) -> Course:
    """Bring the practice course into being: release every assignment, hand in the sample class."""
    course = Course(root)
    folder = course.root / CLASS
    config = folder / CONFIG_FILE
    if not config.is_file() or config.read_text(encoding="utf-8") != CONFIG:
        write_atomically(config, CONFIG.encode())
    practice = Course(folder)
    for assignment in course.assignments():
        if not same_source(course, practice, assignment):
            console.print(
                f"The sample class has an older {assignment}. Delete {folder} for a new one.",
                soft_wrap=True,
            )
        if not is_released(practice, assignment):
            console.print(f"Releasing {assignment} to the sample class ...")
            practice.release(assignment)
        if variants(assignment) and (newcomers := class_to_hand_in(practice, assignment)):
            console.print(f"Handing in {assignment} for {', '.join(newcomers)} ...")
            hand_in(practice, assignment, newcomers)
    return practice


def is_anything_missing(root: Path) -> bool:
    """Whether a source has no notebook yet; looking is much quicker than building."""
    notebooks = list(source_files(root).values())
    released = [name.replace(SOLUTIONS, ASSIGNMENTS, 1) for name in notebooks]
    return not all((root / name).is_file() for name in [*notebooks, *released])


def same_source(course: Course, practice: Course, assignment: str) -> bool:
    """Whether the practice course has the assignment as it is now; copies it where it has none."""
    source = course.folder("source", ".", assignment)
    copied = practice.folder("source", ".", assignment)
    if not copied.is_dir():
        shutil.copytree(source, copied)
    return all(
        _content(copied / path.name) == _content(path) for path in sorted(source.glob("*.ipynb"))
    )


def _content(path: Path) -> str:
    """A hash of a notebook's cells without outputs; empty where there is no notebook."""
    notebook = read_json(path) if path.is_file() else None
    return content_hash(notebook) if notebook else ""


def is_released(course: Course, assignment: str) -> bool:
    """Whether the gradebook knows the assignment and students can fetch it."""
    try:
        course.require_release(assignment)
    except CourseError:
        return False
    return (course.exchange_folder("outbound") / assignment).is_dir()


def class_to_hand_in(practice: Course, assignment: str) -> list[str]:
    """The members of the sample class without a submission."""
    inbound = practice.exchange_folder("inbound").glob(f"*+{assignment}+*")
    there = {path.name.split("+")[0] for path in inbound} | set(practice.submitted(assignment))
    return [member.name for member in MEMBERS if member.name not in there]


def hand_in(practice: Course, assignment: str, students: list[str]) -> None:
    """Put the submissions of these members of the sample class into the practice exchange."""
    files = class_files(practice, assignment)
    for student in students:
        enrol_and_submit(practice, assignment, student, files[student])
