"""A submitted file's bytes as a valid notebook, whatever of it is damaged.

Only what grading needs is read: each cell's kind, source, ids, and pictures attached to text.
Outputs and metadata are made anew, so that what is wrong in them matters to nobody.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from .errors import UnreadableSubmission
from .record import add_note

MOST_CELLS = 10_000
MOST_POINTS = 1e9
MOST_PICTURE_BYTES = 3_000_000
MOST_PICTURES_BYTES = 8_000_000
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
KINDS = ("code", "markdown", "raw")
_SURROGATE = re.compile("[\ud800-\udfff]")


def notebook_from(name: str, content: bytes) -> NotebookNode:
    """A notebook of today's format with what can be read of a file; what was mended is noted.

    Raises UnreadableSubmission that says what was expected and what the file holds.
    """
    if not content.strip():
        raise UnreadableSubmission(f"{name}: expected a notebook, the file is empty.")
    text, notes = _decoded(name, content)
    data = _parsed(name, text)
    cells = _raw_cells(name, data)
    if data.get("nbformat") not in (3, 4):
        notes.append(f"{name} did not say the format of a notebook; it was read as one.")
    notebook = new_notebook(cells=Mender(notes).cells(cells))
    if kernel := _kernel_name(data):
        notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel}
    for note in notes:
        add_note(notebook, note)
    return notebook


def _decoded(name: str, content: bytes) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), [f"{name} was in UTF-16; it was read as such."]
        except UnicodeDecodeError:
            pass
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        if content.lstrip().startswith(b"{"):
            note = f"{name} held bytes that are no UTF-8; they were replaced."
            return content.decode("utf-8-sig", "replace"), [note]
    raise UnreadableSubmission(
        f"{name}: expected a notebook (JSON text in UTF-8), the file holds binary data "
        f"that begins with {content[:8]!r}."
    )


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        data = json.loads(text, strict=False)
    except json.JSONDecodeError as problem:
        raise UnreadableSubmission(_malformed(name, text, problem)) from None
    except RecursionError:
        raise UnreadableSubmission(
            f"{name}: expected a notebook, the file's JSON is nested too deeply to be one."
        ) from None
    except ValueError:
        raise UnreadableSubmission(
            f"{name}: expected a notebook, the file holds a number that is too long to read."
        ) from None
    if not isinstance(data, dict):
        raise UnreadableSubmission(_no_notebook(name))
    return data


def _malformed(name: str, text: str, problem: json.JSONDecodeError) -> str:
    if not text.lstrip().startswith("{"):
        return f"{name}: expected a notebook (JSON), the file begins with {text.strip()[:20]!r}."
    return (
        f"{name}: expected a whole notebook, the file is cut off or damaged at line "
        f"{problem.lineno} of {text.count(chr(10)) + 1}."
    )


def _no_notebook(name: str) -> str:
    what = "JSON without a notebook's 'nbformat' and 'cells'"
    return f"{name}: expected a notebook, the file is {what}."


def _raw_cells(name: str, data: dict[str, Any]) -> list[Any]:
    """The cells of format 4, or those of every worksheet of an older one."""
    cells = data.get("cells")
    sheets = data.get("worksheets")
    if not isinstance(cells, list) and isinstance(sheets, list):
        inner = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        cells = [cell for some in inner if isinstance(some, list) for cell in some]
    if not isinstance(cells, list):
        raise UnreadableSubmission(_no_notebook(name))
    if len(cells) > MOST_CELLS:
        raise UnreadableSubmission(
            f"{name}: expected at most {MOST_CELLS:,} cells, the file has {len(cells):,}."
        )
    return cells


def _kernel_name(data: dict[str, Any]) -> str:
    metadata = data.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = spec.get("name") if isinstance(spec, dict) else None
    return name[:60] if isinstance(name, str) else ""


def make_cell(kind: str, source: str, id: str, metadata: dict[str, Any]) -> NotebookNode:
    """A cell of one of the KINDS; nbformat's own makers check each against its whole schema."""
    cell = NotebookNode(cell_type=kind, id=id, metadata=NotebookNode(metadata), source=source)
    if kind == "code":
        cell.update(outputs=[], execution_count=None)
    return cell


class Mender:
    """Makes valid cells of what a file holds, and keeps a sentence for each kind of damage."""

    def __init__(self, notes: list[str]) -> None:
        self.notes = notes
        self.ids: set[str] = set()
        self.picture_bytes = 0

    def cells(self, raw: list[Any]) -> list[NotebookNode]:
        """The cells that are any, in order."""
        made = [self._cell(index, cell) for index, cell in enumerate(raw) if isinstance(cell, dict)]
        if len(made) < len(raw):
            self._note(f"{len(raw) - len(made)} entries that are no cells were left out.")
        return made

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _cell(self, index: int, raw: dict[str, Any]) -> NotebookNode:
        kind, source = self._kind(raw), self._source(raw)
        if raw.get("cell_type") == "heading":
            level = raw.get("level")
            source = "#" * (level if isinstance(level, int) and 1 < level < 7 else 1) + " " + source
        cell = make_cell(kind, source, self._id(index, raw), self._role(raw))
        if kind == "markdown" and (pictures := self._pictures(raw)):
            cell["attachments"] = pictures
        return cell

    def _kind(self, raw: dict[str, Any]) -> str:
        kind = raw.get("cell_type")
        if kind in ("heading", "html"):
            return "markdown"
        if isinstance(kind, str) and kind in KINDS:
            return kind
        self._note("A cell of no known type was taken for one of code, or not run.")
        return "code" if {"outputs", "input", "execution_count"} & raw.keys() else "raw"

    def _source(self, raw: dict[str, Any]) -> str:
        source = next((raw[key] for key in ("source", "input", "code") if key in raw), "")
        if isinstance(source, list):
            lines = [line for line in source if isinstance(line, str)]
            if len(lines) < len(source):
                self._note("Lines of a cell that are no text were left out.")
            source = "".join(lines)
        if not isinstance(source, str):
            self._note("A cell whose source is no text was read as empty.")
            return ""
        return self._text(source.replace("\r\n", "\n").replace("\r", "\n"))

    def _text(self, text: str) -> str:
        if "\0" in text:
            self._note("NUL characters in a cell were left out.")
            text = text.replace("\0", "")
        if _SURROGATE.search(text):
            self._note("Characters of a cell that no file can hold were replaced.")
            text = _SURROGATE.sub("\ufffd", text)
        return text

    def _id(self, index: int, raw: dict[str, Any]) -> str:
        name = raw.get("id")
        if not (isinstance(name, str) and CELL_ID.fullmatch(name)):
            name = f"own-{index}"
        elif name in self.ids:
            self._note("Cells had the same cell id; the first one kept it.")
            name = f"own-{index}"
        while name in self.ids:
            name = f"{name[:60]}-x"
        self.ids.add(name)
        return name

    def _role(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Of the metadata what tells which cell it is: nbgrader's id, and the points it claims."""
        metadata = raw.get("metadata")
        role = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        name = role.get("grade_id") if isinstance(role, dict) else None
        if not isinstance(role, dict) or not isinstance(name, str):
            return {}
        kept: dict[str, Any] = {"grade_id": self._text(name)[:200]}
        points = role.get("points")
        if isinstance(points, int | float) and -MOST_POINTS < points < MOST_POINTS:
            kept["points"] = points
        return {"nbgrader": kept}

    def _pictures(self, raw: dict[str, Any]) -> dict[str, dict[str, str]]:
        """The pictures attached to a cell of text; what is none, or too much, is left out."""
        attached = raw.get("attachments")
        if not isinstance(attached, dict):
            return {}
        kept = {}
        for name, bundle in attached.items():
            picture = _picture(bundle)
            size = sum(map(len, picture.values()))
            if not picture or self.picture_bytes + size > MOST_PICTURES_BYTES:
                self._note("An attachment that is no picture, or too large, was left out.")
                continue
            self.picture_bytes += size
            kept[self._text(name)] = picture
        return kept


def _picture(bundle: object) -> dict[str, str]:
    if not isinstance(bundle, dict):
        return {}
    for kind in PICTURES:
        data = bundle.get(kind)
        if isinstance(data, list) and all(isinstance(line, str) for line in data):
            data = "".join(data)
        if isinstance(data, str) and len(data) <= MOST_PICTURE_BYTES and is_base64(data):
            return {kind: "".join(data.split())}
    return {}


def is_base64(data: str) -> bool:
    """Whether a text is base64 and nothing else."""
    try:
        base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
