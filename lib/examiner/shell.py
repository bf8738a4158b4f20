"""What the parts of the strides command share: where the course is, and how a command ends.

An error is one clear line and exit code 2.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

if TYPE_CHECKING:
    from examiner.course.course import Course

FAILED, STOPPED = 2, 130

out = Console()


class Shell(TyperGroup):
    """A group of commands whose errors are told to a person, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            print("Stopped. What was finished stays as it is; run it again.", file=sys.stderr)
            raise typer.Exit(STOPPED) from None
        except Exception as problem:
            if ends_command(problem) or ctx.params.get("debug"):
                raise
            print(f"strides: {told(problem)}", file=sys.stderr)
            raise typer.Exit(FAILED) from None


def ends_command(problem: Exception) -> bool:
    """Whether it is the command line's own way to end: an exit, or a wrong option."""
    return isinstance(problem, typer.Exit | typer.Abort) or hasattr(problem, "exit_code")


def told(problem: Exception) -> str:
    """What to print for an error: its message where it was written for a person."""
    if type(problem).__module__.split(".")[0] in ("examiner", "strides"):
        return str(problem)
    detail = str(problem).strip() or "no message"
    return f"{type(problem).__name__}: {detail} (strides --debug shows where)"


def root_folder(context: typer.Context) -> Path:
    """The course's folder: the one given, or the nearest with an nbgrader_config.py."""
    from examiner.course.settings import CONFIG_FILE, require_course

    given: Path | None = context.find_root().obj
    start = (given or Path.cwd()).resolve()
    folders = [start] if given else [start, *start.parents]
    found = (folder for folder in folders if (folder / CONFIG_FILE).is_file())
    return require_course(next(found, start))


def open_course(context: typer.Context, unsafe: bool = False) -> Course:
    importlib.import_module("examiner.course.quick_start")
    from traitlets.config import Config

    from examiner.course.course import Course

    root = root_folder(context)
    return Course(root, Config(SafeExecute={"unsafe": True}) if unsafe else None)
