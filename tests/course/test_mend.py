"""Damaged files: read as far as they can be, and said so; else refused with the reason."""

from __future__ import annotations

import base64
import json
from typing import Any

import nbformat
import pytest

from examiner.course.errors import UnreadableSubmission
from examiner.course.mend import MOST_CELLS, notebook_from
from examiner.course.record import KEY

PIXEL = base64.b64encode(b"picture").decode()


def code(source: Any = "x = 1", **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], **more}


def book(*cells: Any, **more: Any) -> bytes:
    data = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}
    return json.dumps(data).encode()


def mended(content: bytes) -> tuple[nbformat.NotebookNode, str]:
    notebook = notebook_from("t.ipynb", content)
    notes = "\n".join(notebook.metadata.pop(KEY, {}).get("notes", []))
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()
    return notebook, notes


def test_a_sound_notebook_is_read_without_a_word():
    notebook, notes = mended(book(code(id="a"), {"cell_type": "markdown", "source": ["a\n", "b"]}))
    assert [cell.source for cell in notebook.cells] == ["x = 1", "a\nb"]
    assert notebook.cells[0].id == "a"
    assert notes == ""


@pytest.mark.parametrize(
    ("cell", "source", "said"),
    [
        (code("a\0b"), "ab", "NUL characters"),
        (code("a\ud800b"), "a\ufffdb", "no file can hold"),
        (code(["a\n", "b"]), "a\nb", ""),
        (code(["a\n", 7, None, "b"]), "a\nb", "are no text"),
        (code({"a": 1}), "", "no text was read as empty"),
        (code(None), "", "no text was read as empty"),
        (code("a\r\nb\rc"), "a\nb\nc", ""),
        (code(outputs={"x": 1}), "x = 1", ""),
        (code(outputs=[7, {"output_type": "evil"}]), "x = 1", ""),
        (code(metadata=[1, 2]), "x = 1", ""),
        (code(metadata={"nbgrader": [1]}), "x = 1", ""),
        (code(metadata={"nbgrader": {"grade_id": ["f"]}}), "x = 1", ""),
        (code(execution_count="many"), "x = 1", ""),
        (code(attachments="x"), "x = 1", ""),
        (code(id={"a": 1}), "x = 1", ""),
        (code(id="no such id!"), "x = 1", ""),
        ({"source": "x", "outputs": []}, "x", "no known type"),
        ({"cell_type": ["code"], "source": "x"}, "x", "no known type"),
    ],
)
def test_damaged_cells_are_mended(cell, source, said):
    notebook, notes = mended(book(cell))
    assert [cell.source for cell in notebook.cells] == [source]
    assert said in notes
    assert bool(said) == bool(notes)


def test_what_is_no_cell_is_left_out():
    notebook, notes = mended(book(7, None, [code()], "x", code("y")))
    assert [cell.source for cell in notebook.cells] == ["y"]
    assert notes == "4 entries that are no cells were left out."


def test_cells_of_one_id():
    notebook, notes = mended(book(code(id="a"), code(id="a"), code(id="own-1")))
    assert len({cell.id for cell in notebook.cells}) == 3
    assert "had the same cell id" in notes


@pytest.mark.parametrize("points", [float("nan"), float("inf"), 10**4000, "6", [6], None])
def test_points_that_are_none(points):
    role = {"grade_id": "f", "points": points}
    content = book(code(metadata={"nbgrader": role})).replace(b"1e+4000", b"9" * 4000)
    notebook, _ = mended(content)
    assert notebook.cells[0].metadata["nbgrader"] == {"grade_id": "f"}


def test_older_formats():
    sheet = {
        "cells": [
            {"cell_type": "heading", "level": 2, "source": "Title"},
            {"cell_type": "heading", "level": "x", "source": "Odd"},
            {"cell_type": "code", "input": ["a = 1\n", "b"], "outputs": [], "language": "python"},
            {"cell_type": "html", "source": "<b>"},
        ]
    }
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet, sheet, 7]}
    notebook, notes = mended(json.dumps(old).encode())
    assert [c.source for c in notebook.cells[:4]] == ["## Title", "# Odd", "a = 1\nb", "<b>"]
    assert len(notebook.cells) == 8
    assert notes == ""


@pytest.mark.parametrize("version", [None, "4", 99, 4.5, [4], True])
def test_a_format_that_is_none(version):
    notebook, notes = mended(book(code(), nbformat=version))
    assert len(notebook.cells) == 1
    assert "did not say the format" in notes


def test_pictures_in_text_are_kept_and_bombs_are_not():
    cell = {
        "cell_type": "markdown",
        "source": "x",
        "attachments": {
            "a.png": {"image/png": PIXEL},
            "b.html": {"text/html": PIXEL},
            "c.png": {"image/png": "no base64!"},
            "d.png": {"image/png": "A" * 4_000_000},
            "e.png": [1],
        },
    }
    notebook, notes = mended(book(cell))
    assert notebook.cells[0].attachments == {"a.png": {"image/png": PIXEL}}
    assert "no picture, or too large" in notes
    many = {
        "cell_type": "markdown",
        "source": "",
        "attachments": {f"{i}.png": {"image/png": "A" * 2_900_000} for i in range(5)},
    }
    assert len(mended(book(many))[0].cells[0].attachments) == 2


def test_encodings():
    assert mended(b"\xef\xbb\xbf" + book(code()))[1] == ""
    assert "UTF-16" in mended(book(code()).decode().encode("utf-16"))[1]
    notebook, notes = mended(book(code("caf#")).replace(b"caf#", b"caf\xe9"))
    assert notebook.cells[0].source == "caf\ufffd"
    assert "no UTF-8" in notes
    assert mended(book(code("a#b")).replace(b"#", b"\x00"))[0].cells[0].source == "ab"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"nbformat": ' + b"9" * 5000 + b', "cells": []}', "too long to read"),
        (b'{"cells": 7}', "without a notebook's"),
        (b'{"worksheets": {}}', "without a notebook's"),
        (b"[]", "without a notebook's"),
        (b"null", "without a notebook's"),
        (b"<html>", "begins with '<html>'"),
        (b"<<<<<<< HEAD\n{}", "begins with '<<<<<<<"),
        (b'{"cells": [', "cut off or damaged at line 1 of 1"),
        (b'{"cells": [], "x": 1e999, "x": }', "cut off or damaged"),
        (b"PK\x03\x04\xff\xff", "binary data"),
        (b"\xff\xfe\x00", "binary data"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(content, reason):
    with pytest.raises(UnreadableSubmission, match=r"^t\.ipynb: expected ") as problem:
        notebook_from("t.ipynb", content)
    assert reason in str(problem.value)
    assert len(str(problem.value)) < 300


def test_too_many_cells():
    with pytest.raises(UnreadableSubmission, match="at most 10,000 cells, the file has 10,001"):
        notebook_from("t.ipynb", book(*[code()] * (MOST_CELLS + 1)))
