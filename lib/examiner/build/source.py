"""Reading a source: a py:percent file becomes cells that know their line and their own text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jupytext

from examiner.build.problems import BuildError, Problem

CELL_LINE = re.compile(r"# %%( .*)?")
LIKE_A_CELL_LINE = re.compile(r"\s*#\s*%%")
CELL_MAGIC = re.compile(r"# %%[a-zA-Z][^=\[\"]*")
NOT_A_LIST_OF_TAGS = re.compile(r"\btags=(?!\[(\"[^\"]+\"(, *)?)*\])")
HEADER_END = "# ---"
JUPYTEXT_OWN = ("lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker")


@dataclass(frozen=True)
class SourceCell:
    """A cell of a source: its kind ("code", "markdown" or "raw"), content and markers.

    ``line`` is the number of its ``# %%`` line, ``text`` everything from that line up to the
    next cell, byte for byte.
    """

    line: int
    text: str
    kind: str
    content: str
    markers: Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """A source file: its header (up to the first cell, byte for byte) and its cells."""

    file: str
    header: str
    cells: tuple[SourceCell, ...]


def split_cells(text: str) -> tuple[str, list[str]]:
    """Cut a py:percent text at its cell lines: the header, then one text for each cell."""
    header: list[str] = []
    cells: list[list[str]] = []
    for line in text.splitlines(keepends=True):
        if CELL_LINE.fullmatch(line.rstrip()):
            cells.append([])
        (cells[-1] if cells else header).append(line)
    return "".join(header), ["".join(lines) for lines in cells]


def read_source(text: str, file: str) -> Source:
    """Read a py:percent text; ``file`` is the name that problems are reported under.

    Raises BuildError for a missing header, another kernel than python3, a line that looks like a
    cell line and is none, and text before the first cell.
    """
    header, texts = split_cells(text)
    problems = [*_header_problems(header, file), *_cell_line_problems(text, file)]
    if problems:
        raise BuildError(problems)
    cells = jupytext.reads(text, fmt="py:percent").cells
    if len(cells) != len(texts):
        raise BuildError(
            [
                Problem(
                    file,
                    0,
                    f"{len(texts)} lines read '# %%' and jupytext finds {len(cells)} cells. A "
                    "'# %%' line stands inside a string or a fenced block, or text stands before "
                    "the first cell",
                )
            ]
        )
    line = header.count("\n") + 1
    result = []
    for cell, cell_text in zip(cells, texts, strict=True):
        markers = {key: value for key, value in cell.metadata.items() if key not in JUPYTEXT_OWN}
        result.append(SourceCell(line, cell_text, cell.cell_type, cell.source, markers))
        line += cell_text.count("\n")
    return Source(file, header, tuple(result))


def _header_problems(header: str, file: str) -> list[Problem]:
    lines = header.rstrip().splitlines()
    if not lines or lines[0] != HEADER_END or "format_name: percent" not in header:
        return [
            Problem(
                file,
                1,
                "expected jupytext's header (format_name: percent, kernel python3) at the top; "
                "copy it from another source",
            )
        ]
    if lines[-1] != HEADER_END:
        return [Problem(file, len(lines), "text before the first '# %%' line; give it a cell line")]
    kernel = re.search(r"^#\s+name: (\S+)", header, re.MULTILINE)
    if kernel and kernel[1] != "python3":
        message = f"expected the kernel 'python3', received {kernel[1]!r}"
        return [Problem(file, header[: kernel.start()].count("\n") + 1, message)]
    return []


def _cell_line_problems(text: str, file: str) -> list[Problem]:
    """Lines that were meant to open a cell and do not, or that jupytext cannot read."""
    problems = [
        Problem(file, number, f"expected a cell line like '# %% test=\"name\"', read {line!r}")
        for number, line in enumerate(text.splitlines(), start=1)
        if LIKE_A_CELL_LINE.match(line)
        and not CELL_LINE.fullmatch(line.rstrip())
        and not CELL_MAGIC.fullmatch(line)
    ]
    problems += [
        Problem(file, number, f'expected tags like tags=["hide-input"], read {line!r}')
        for number, line in enumerate(text.splitlines(), start=1)
        if CELL_LINE.fullmatch(line.rstrip()) and NOT_A_LIST_OF_TAGS.search(line)
    ]
    return problems
