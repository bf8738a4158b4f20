"""How the strides command ends: an error is one clear line and exit code 2."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

FAILED, STOPPED = 2, 130


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
