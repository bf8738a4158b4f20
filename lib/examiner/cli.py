"""The strides command: build the notebooks, run the course, grade, report.

Heavy imports stand inside the commands, so that `strides --help` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from examiner.shell import Shell

if TYPE_CHECKING:
    from examiner.course.course import Course
    from examiner.course.results import Result

MAKING, GRADING, TRYING = "Making the course", "Teaching it", "Trying it"
HELP = """Strides, a course on ConvNets that grades itself.

An assignment is named by its folder or by what stands before the first underscore:
[bold]a1[/bold] is a1_classifiers.
"""

app = typer.Typer(
    cls=Shell,
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
out = Console()

Assignment = Annotated[str, typer.Argument(help="An assignment, such as a1.")]


@app.callback()
def options(
    context: typer.Context,
    course: Annotated[
        Path | None,
        typer.Option(help="The course's folder; else the nearest one above.", show_default=False),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    context.obj = course


def root_folder(context: typer.Context) -> Path:
    """The course's folder: the one given, or the nearest with an nbgrader_config.py."""
    from examiner.course.settings import CONFIG_FILE, require_course

    given: Path | None = context.find_root().obj
    start = (given or Path.cwd()).resolve()
    folders = [start] if given else [start, *start.parents]
    found = (folder for folder in folders if (folder / CONFIG_FILE).is_file())
    return require_course(next(found, start))


def open_course(context: typer.Context) -> Course:
    from examiner.course.course import Course

    return Course(root_folder(context))


@app.command(rich_help_panel=MAKING)
def build(
    context: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if anything is out of step.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Set edited notebooks aside in build/set_aside.")
    ] = False,
) -> None:
    """Bring lectures, solutions and assignments in step with sources/."""
    from examiner.build import build as build_trees

    report = build_trees(root_folder(context), check=check, force=force)
    out.print(str(report), highlight=False, soft_wrap=True)
    raise typer.Exit(1 if check and not report.in_step else 0)


@app.command(rich_help_panel=MAKING)
def sync(
    context: typer.Context,
    notebook: Annotated[Path, typer.Argument(help="A notebook of lectures/ or solutions/.")],
) -> None:
    """Carry an edit made in JupyterLab back to the notebook's source, then build."""
    from examiner.build import build as build_trees
    from examiner.build import carry_back

    root = root_folder(context)
    changed = carry_back(notebook, root)
    out.print(f"{notebook}: {'its source has the edit now' if changed else 'nothing to carry'}")
    out.print(str(build_trees(root)), highlight=False, soft_wrap=True)


@app.command(rich_help_panel=MAKING)
def bundle(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(help="A file or folder; build/ if none.")] = None,
) -> None:
    """Make the students' zip: lectures, blank assignments, lib/strides."""
    from examiner.bundle import make_bundle

    root = root_folder(context)
    out.print(str(make_bundle(root, to or root / "build")), highlight=False, soft_wrap=True)


@app.command(name="grading-report", rich_help_panel=MAKING)
def grading_report(context: typer.Context) -> None:
    """Count, for each exercise, the mistakes rejected and named, the right answers accepted."""
    from examiner.report import main

    raise typer.Exit(main(root_folder(context)))


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
) -> None:
    """Collect and autograde; marks go to the gradebook. Run it twice: marks stay the same."""
    course = open_course(context)
    name = course.resolve(assignment)
    if collect:
        course.collect(name)
    show_strays(course, name)
    show_results(grade_with_bar(course, name, course.to_grade(name, student or None), force))
    out.print(f"Next: strides feedback {assignment}, strides export {assignment}", highlight=False)


def show_strays(course: Course, name: str) -> None:
    """Name what in submitted/ is not graded, and what would be."""
    from examiner.course.incoming import not_looked_at

    if strays := not_looked_at(course, name):
        expected = course.folder("submitted", "STUDENT", name) / "NOTEBOOK.ipynb"
        lines = [f"Not looked at (expected {expected.relative_to(course.root)}):", *strays]
        out.print("\n  ".join(lines), highlight=False, markup=False, soft_wrap=True)


def grade_with_bar(course: Course, name: str, students: list[str], force: bool) -> list[Result]:
    """Grade one student after the other and show how far it is."""
    from examiner.course.display import steps

    results: list[Result] = []
    with steps(out, len(students)) as bar:
        bar.at(f"autograde {name}")
        results += course.autograde(name, students, force, report=lambda _: bar.done())
    return results


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
def export(
    context: typer.Context,
    assignment: Annotated[str | None, typer.Argument(help="One assignment; all if none.")] = None,
    to: Annotated[Path | None, typer.Option(help="The file; build/marks.csv if none.")] = None,
) -> None:
    """Write the marks as CSV, with status and diagnoses; zero where nothing came.

    Students who handed nothing in are listed once nbgrader knows them:
    nbgrader db student import FILE.csv (columns id, first_name, last_name, email).
    """
    course = open_course(context)
    name = course.resolve(assignment) if assignment else None
    path = course.export(to or course.root / "build" / "marks.csv", name)
    out.print(str(path), highlight=False, soft_wrap=True)


@app.command(rich_help_panel=TRYING)
def lab(
    context: typer.Context,
    browser: Annotated[bool, typer.Option(help="Open a browser; off on a server.")] = True,
    port: Annotated[int, typer.Option(help="The first port to try.")] = 8888,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Prepare the course and start nothing.")
    ] = False,
    without_class: Annotated[
        bool, typer.Option("--without-class", help="Formgrader on your own class.")
    ] = False,
) -> None:
    """Open the course in JupyterLab: lecture, assignment, Formgrader on a sample class.

    The sample class is kept in build/lab/class, away from your own submissions and marks.
    """
    from examiner.course.lab import build_missing, prepare_class
    from examiner.course.server import start_server

    root = root_folder(context)
    build_missing(root, out)
    if not without_class:
        prepare_class(root, out)
    if not prepare_only:
        start_server(root, out, port, browser, sample_class=not without_class)


@app.command(rich_help_panel=TRYING)
def demo(
    context: typer.Context,
    assignment: Annotated[str, typer.Argument(help="An assignment with a sample class.")] = "a1",
    seconds: Annotated[int, typer.Option(min=1, help="Limit for each cell.")] = 12,
) -> None:
    """Run the whole loop on a sample class of eight, in build/demo."""
    from examiner.course.demo import run_demo, show

    root = root_folder(context)
    show(run_demo(root, assignment, out, seconds), root, out)


if __name__ == "__main__":
    app()
