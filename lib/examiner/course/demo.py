"""The instructor's loop without a screen, on the sample class, in a folder of its own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
from rich.console import Console
from traitlets.config import Config

from examiner.build import build

from .course import Course
from .display import Steps, results_table, steps
from .errors import CourseError
from .jobs import warmer
from .results import Result, write_results
from .sample_class import MEMBERS, make_class, members
from .workers import get_ready
from .workforce import cores, open_workers

FOLDER = Path("build", "demo")
DATA = Path("build", "demo.json")
CELL_SECONDS = 12


@dataclass(frozen=True)
class Demo:
    """What a demo left: the results, the feedback pages, the marks file, the data file."""

    results: list[Result]
    pages: list[Path]
    marks: Path
    data: Path


def demo_settings(root: Path, cell_seconds: int = CELL_SECONDS) -> Config:
    """nbgrader settings that keep the demo's books and exchange below build/demo."""
    folder = root / FOLDER
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.db_url = f"sqlite:///{folder / 'gradebook.db'}"
    config.Exchange.root = str(folder / "exchange")
    config.Exchange.cache = str(folder / "cache")
    config.Execute.timeout = cell_seconds
    return config


def run_demo(
    root: Path, assignment: str, console: Console, cell_seconds: int = CELL_SECONDS
) -> Demo:
    """Build, release, hand in, collect, autograde, feedback, export; from scratch each time.

    Deletes nothing but `build/demo` below the root. Raises CourseError and BuildError.
    """
    get_ready()
    with steps(console, total=5 + 2 * len(MEMBERS)) as bar:
        bar.at("build the notebooks")
        build(root, missing_only=True)
        course = _fresh_course(root, cell_seconds)
        name = course.resolve(assignment)
        bar.done()
        bar.at("release the assignment")
        course.release(name)
        bar.done()
        _hand_in(course, name, bar)
        results = _grade(course, name, bar)
        bar.at("feedback pages")
        pages = course.feedback(name)
        bar.done()
        bar.at("export the marks")
        marks = course.export(course.root / "marks.csv")
        write_results(results, root / DATA)
        bar.done()
        bar.at("done")
    return Demo(results, pages, marks, root / DATA)


def _fresh_course(root: Path, cell_seconds: int) -> Course:
    """An empty course below build/demo with the solutions of this one."""
    folder = root / FOLDER
    if folder.is_symlink():
        raise CourseError(f"{folder}: expected a folder to empty, found a link; remove it first.")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    course = Course(root, demo_settings(root, cell_seconds))
    source = course.api.coursedir.source_directory
    shutil.copytree(root / source, folder / source)
    return course


def _hand_in(course: Course, assignment: str, bar: Steps) -> None:
    for student, files in class_files(course, assignment).items():
        bar.at(f"{student} hands in")
        enrol_and_submit(course, assignment, student, files)
        bar.done()


def enrol_and_submit(
    course: Course, assignment: str, student: str, files: dict[str, bytes]
) -> None:
    """Enter a member of the sample class in the gradebook and hand in their files."""
    course.enrol(student, student.title(), "Sample")
    course.submit(assignment, student, files)


def class_files(course: Course, assignment: str) -> dict[str, dict[str, bytes]]:
    """The files that each member of the sample class hands in."""
    files: dict[str, dict[str, bytes]] = {member.name: {} for member in MEMBERS}
    for name in course.require_release(assignment):
        file = f"{name}.ipynb"
        released = nbformat.read(
            course.folder("release", ".", assignment) / file, as_version=nbformat.current_nbformat
        )
        solution = nbformat.read(
            course.folder("source", ".", assignment) / file, as_version=nbformat.current_nbformat
        )
        for student, notebook in make_class(assignment, released, solution).items():
            files[student][file] = nbformat.writes(notebook).encode()
    return files


def _grade(course: Course, assignment: str, bar: Steps) -> list[Result]:
    bar.at("collect")
    students = course.collect(assignment)
    bar.done()
    bar.at(f"autograde {assignment}")
    warm = warmer(course.config, assignment)
    with open_workers(min(cores(), max(1, len(students))), warm_up=warm) as workers:
        return course.autograde(assignment, report=lambda _: bar.done(), workers=workers)


def show(demo: Demo, root: Path, console: Console) -> None:
    """The table, and where everything is."""
    about = {member.name: member.about for member in members(demo.results[0].assignment)}
    console.print(results_table(demo.results, about))
    console.print("Feedback pages:")
    for page in demo.pages:
        console.print(f"  {page.relative_to(root)}", soft_wrap=True, highlight=False)
    console.print(f"Marks: {demo.marks.relative_to(root)}", soft_wrap=True, highlight=False)
    console.print(f"Data:  {demo.data.relative_to(root)}", soft_wrap=True, highlight=False)
