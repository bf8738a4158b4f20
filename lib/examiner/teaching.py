"""The part of the strides command that teaches a class: release, grade, report, export.

Heavy imports stand inside the commands, so that `strides --help` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from examiner.shell import STOPPED, open_course, out

if TYPE_CHECKING:
    from examiner.course.course import Course
    from examiner.course.results import Result

GRADING = "Teaching it"

app = typer.Typer()

Assignment = Annotated[str, typer.Argument(help="An assignment, such as a1.")]


@app.command(rich_help_panel=GRADING)
def release(context: typer.Context, assignment: Assignment) -> None:
    """Build, enter the assignment in the gradebook, and put it in the exchange."""
    from examiner.build import build as build_trees

    course = open_course(context)
    if (course.root / "sources").is_dir():
        build_trees(course.root)
    name = course.resolve(assignment)
    out.print(f"{name}: released to {course.release(name)}", highlight=False, soft_wrap=True)


@app.command(rich_help_panel=GRADING)
def take(
    context: typer.Context,
    assignment: Assignment,
    folder: Annotated[Path, typer.Argument(help="Where NAME.ipynb lies for each student.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also in place of a newer submission.")
    ] = False,
) -> None:
    """Bring in submissions that came as files, without an exchange."""
    from examiner.course.incoming import take as take_files

    course = open_course(context)
    for line in take_files(course, course.resolve(assignment), folder, replace):
        out.print(line, highlight=False, markup=False, soft_wrap=True)
    out.print(f"Next: strides grade {assignment}", highlight=False)


@app.command(rich_help_panel=GRADING)
def grade(
    context: typer.Context,
    assignment: Assignment,
    student: Annotated[
        list[str] | None, typer.Option(help="Grade only this one; may be repeated.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Grade all again, as after a change of the exams.")
    ] = False,
    collect: Annotated[
        bool, typer.Option(help="First bring in new submissions from the exchange.")
    ] = True,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; one for each core if none.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="A Dask scheduler, tcp://HOST:PORT, in place of processes.")
    ] = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Without a sandbox; each result is marked so.")
    ] = False,
) -> None:
    """Collect and autograde; marks go to the gradebook. Run it twice: marks stay the same.

    Ctrl-C keeps what is graded; the same command goes on from there.
    """
    from examiner.course.workers import get_ready

    if not scheduler:
        get_ready()
    course = open_course(context, unsafe)
    name = course.resolve(assignment)
    if collect:
        course.collect(name)
    show_strays(course, name)
    students = course.to_grade(name, student or None)
    show_results(grade_with_bar(course, name, students, force, workers, scheduler))
    out.print(f"Next: strides feedback {assignment}, strides export {assignment}", highlight=False)


def show_strays(course: Course, name: str) -> None:
    """Name what in submitted/ is not graded, and what would be."""
    from examiner.course.incoming import not_looked_at

    if strays := not_looked_at(course, name):
        expected = course.folder("submitted", "STUDENT", name) / "NOTEBOOK.ipynb"
        lines = [f"Not looked at (expected {expected.relative_to(course.root)}):", *strays]
        out.print("\n  ".join(lines), highlight=False, markup=False, soft_wrap=True)


def grade_with_bar(
    course: Course,
    name: str,
    students: list[str],
    force: bool,
    workers: int | None,
    scheduler: str | None,
) -> list[Result]:
    """Grade and show how far it is; Ctrl-C says how many are graded and ends the command."""
    from examiner.course.display import outcomes
    from examiner.course.jobs import warmer
    from examiner.course.workforce import cores, open_workers

    size = workers or min(cores(), max(1, len(students)))
    with outcomes(out, len(students), f"grade {name}") as bar:
        try:
            with open_workers(size, scheduler, warmer(course.config, name)) as workforce:
                return course.autograde(name, students, force, bar.take, workforce)
        except KeyboardInterrupt:
            done = sum(bar.counts.values())
    out.print(
        f"Stopped: {done} of {len(students)} are graded; the same command goes on from there.",
        soft_wrap=True,
        highlight=False,
    )
    raise typer.Exit(STOPPED)


def show_results(results: list[Result]) -> None:
    from examiner.course.display import results_table

    out.print(results_table(results))


@app.command(rich_help_panel=GRADING)
def feedback(context: typer.Context, assignment: Assignment) -> None:
    """Write a page of feedback for each graded submission and hand it back."""
    course = open_course(context)
    for page in course.feedback(course.resolve(assignment)):
        out.print(str(page), highlight=False, soft_wrap=True)


@app.command(rich_help_panel=GRADING)
def report(
    context: typer.Context,
    assignment: Assignment,
    to: Annotated[
        Path | None, typer.Option(help="Write it to FILE.html or FILE.json instead.")
    ] = None,
) -> None:
    """How the class did: points, exercises, diagnoses, what is slow, what needs a look."""
    from examiner.course.class_page import show, write

    course = open_course(context)
    found = course.report(course.resolve(assignment))
    if to:
        out.print(str(write(found, to)), highlight=False, soft_wrap=True)
    else:
        show(found, out)


@app.command(rich_help_panel=GRADING)
def export(
    context: typer.Context,
    assignment: Annotated[str | None, typer.Argument(help="One assignment; all if none.")] = None,
    to: Annotated[Path | None, typer.Option(help="The file; build/marks.csv if none.")] = None,
    columns: Annotated[
        str | None, typer.Option(help="Columns, with commas between; all if none.")
    ] = None,
    header: Annotated[
        str | None, typer.Option(help="What the columns are called, with commas between.")
    ] = None,
    format: Annotated[
        Literal["plain", "moodle", "canvas"], typer.Option(help="Who shall read the file.")
    ] = "plain",
) -> None:
    """Write the marks as CSV, with status and diagnoses; zero where nothing came.

    Columns: assignment, student, last_name, first_name, email, submitted, score, late_penalty,
    max_score, needs_manual_grade, status, diagnoses.

    Students who handed nothing in are listed once nbgrader knows them:
    nbgrader db student import FILE.csv (columns id, first_name, last_name, email).
    """
    course = open_course(context)
    name = course.resolve(assignment) if assignment else None
    options: dict[str, object] = {"format": format}
    if columns:
        options["columns"] = [column.strip() for column in columns.split(",")]
    if header:
        options["header"] = [title.strip() for title in header.split(",")]
    path = course.export(to or course.root / "build" / "marks.csv", name, **options)
    out.print(str(path), highlight=False, soft_wrap=True)
