"""Prepare the course's own folder for JupyterLab: books, exchange, a sample class.

May be run any number of times: it adds what is missing and leaves submissions, marks and
everybody's notebooks as they are.
"""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from traitlets.config import Config

from examiner.build import build
from examiner.build.trees import ASSIGNMENTS, SOLUTIONS, source_files

from .course import Course
from .demo import class_files, enrol_and_submit
from .errors import CourseError
from .sample_class import MEMBERS, variants

FOLDER = Path("build", "lab")


def prepare_lab(root: Path, console: Console) -> Course:
    """Build what is missing, release every assignment once, hand in the sample class once."""
    if is_anything_missing(root):
        console.print(str(build(root, missing_only=True)), highlight=False)
    course = Course(root)
    for assignment in course.assignments():
        if not is_released(course, assignment):
            console.print(f"Releasing {assignment} ...")
            release_apart(course, assignment)
        if not variants(assignment):
            continue
        if newcomers := class_to_hand_in(course, assignment):
            console.print(f"Handing in {assignment} for {', '.join(newcomers)} ...")
            hand_in(course, assignment, newcomers)
    return course


def is_anything_missing(root: Path) -> bool:
    """Whether a source has no notebook yet; looking is much quicker than building."""
    notebooks = list(source_files(root).values())
    released = [name.replace(SOLUTIONS, ASSIGNMENTS, 1) for name in notebooks]
    return not all((root / name).is_file() for name in [*notebooks, *released])


def is_released(course: Course, assignment: str) -> bool:
    """Whether the gradebook knows the assignment and students can fetch it."""
    try:
        course.require_release(assignment)
    except CourseError:
        return False
    return (course.exchange_folder("outbound") / assignment).is_dir()


def release_apart(course: Course, assignment: str) -> None:
    """Release without writing into assignments/, where somebody may be working."""
    overrides = Config()
    overrides.CourseDirectory.release_directory = str(course.root / FOLDER / "release")
    Course(course.root, overrides).release(assignment)


def class_to_hand_in(course: Course, assignment: str) -> list[str]:
    """The members of the sample class without a submission; none where there are real ones."""
    inbound = course.exchange_folder("inbound").glob(f"*+{assignment}+*")
    there = {path.name.split("+")[0] for path in inbound} | set(course.submitted(assignment))
    members = [member.name for member in MEMBERS]
    return [] if there - set(members) else [name for name in members if name not in there]


def hand_in(course: Course, assignment: str, students: list[str]) -> None:
    """Put the submissions of these members of the sample class into the exchange."""
    overrides = Config()
    overrides.Exchange.cache = str(course.root / FOLDER / "cache")
    overrides.CourseDirectory.release_directory = str(course.root / FOLDER / "release")
    sample = Course(course.root, overrides)
    files = class_files(sample, assignment)
    for student in students:
        enrol_and_submit(sample, assignment, student, files[student])
