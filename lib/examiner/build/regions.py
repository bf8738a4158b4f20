"""Solution and hidden-test regions: what a cell may hold between BEGIN and END, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from examiner.build.roles import role_of

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
ENDS = {BEGIN_SOLUTION: END_SOLUTION, BEGIN_HIDDEN: END_HIDDEN}
BEGINS = {end: begin for begin, end in ENDS.items()}
DELIMITERS = (*ENDS, *BEGINS)
ALLOWED_ROLES = {BEGIN_SOLUTION: ("solution", "answer"), BEGIN_HIDDEN: ("test",)}

# What nbgrader would take for a delimiter, and what was meant to be one.
LIKE_A_DELIMITER = re.compile(
    r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)"
    r"|^\s*#+\s*(?i:begin|end)[\s_-]*(?i:sol|hid|test|mark)"
)
MISSPELT_DELIMITER = re.compile(r"^\s*###\s*[A-Z]+( [A-Z]+)+\s*$")
INSTRUCTORS_ONLY = re.compile(r"\b(from|import)\s+examiner\b|\bexamine\(")


def region_problems(
    content: str, markers: Mapping[str, Any], kind: str
) -> Iterator[tuple[int, str]]:
    """Say what is wrong with the regions of a cell: pairs of line (from 1) and message."""
    role = role_of(markers)
    opened: tuple[int, str] | None = None
    solutions = 0
    for number, line in enumerate(content.splitlines(), start=1):
        delimiter = line.strip()
        if delimiter in ENDS:
            if opened:
                yield number, f"{delimiter!r} inside the region opened by {opened[1]!r}"
            if role not in ALLOWED_ROLES[delimiter]:
                wanted = " or ".join(ALLOWED_ROLES[delimiter])
                yield number, f"{delimiter!r} in a cell that is not marked as a {wanted}"
            opened = (number, delimiter)
            solutions += delimiter == BEGIN_SOLUTION
        elif delimiter in BEGINS:
            if opened is None or opened[1] != BEGINS[delimiter]:
                yield number, f"{delimiter!r} without {BEGINS[delimiter]!r}"
            opened = None
        elif LIKE_A_DELIMITER.search(line) or (kind == "code" and MISSPELT_DELIMITER.search(line)):
            yield number, f"{delimiter!r} is no region line; expected {', '.join(DELIMITERS)}"
        elif (
            kind == "code"
            and INSTRUCTORS_ONLY.search(line)
            and (opened is None or opened[1] != BEGIN_HIDDEN)
        ):
            yield number, f"{delimiter!r} outside {BEGIN_HIDDEN!r}: students would receive it"
    if opened:
        yield opened[0], f"{opened[1]!r} has no {ENDS[opened[1]]!r}"
    if role == "solution" and not solutions:
        yield 0, f"a solution cell without {BEGIN_SOLUTION!r}: its whole text would be cleared"


def leftovers(content: str) -> Iterator[tuple[int, str]]:
    """Lines that no student may receive: pairs of line (from 1) and the line itself."""
    for number, line in enumerate(content.splitlines(), start=1):
        if LIKE_A_DELIMITER.search(line) or INSTRUCTORS_ONLY.search(line):
            yield number, line.strip()
