"""The strides command: build the notebooks, run the course, grade, report.

Heavy imports stand inside the commands, so that `strides --help` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from examiner import teaching
from examiner.shell import Shell, out, root_folder

MAKING, TRYING = "Making the course", "Trying it"
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


@app.command(rich_help_panel=MAKING)
def site(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(help="A folder; build/site if none.")] = None,
) -> None:
    """Write the lectures, with their outputs, as pages that need no network."""
    from examiner.site import FOLDER, build_site

    root = root_folder(context)
    out.print(str(build_site(root, to or root / FOLDER, out)), highlight=False, soft_wrap=True)


@app.command(name="grading-report", rich_help_panel=MAKING)
def grading_report(context: typer.Context) -> None:
    """Count, for each exercise, the mistakes rejected and named, the right answers accepted."""
    from examiner.report import main

    raise typer.Exit(main(root_folder(context)))


app.add_typer(teaching.app)


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
