"""What the builder reports: one problem a line, with its file and line number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that keeps a notebook from being built.

    ``file`` is relative to the course's root, ``line`` counts from 1 (0: the file as a whole).
    """

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


class BuildError(Exception):
    """The sources cannot be built as they are; ``problems`` says where and why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CarryBackError(Exception):
    """A notebook's edit cannot be carried back to its source; the message says why."""
