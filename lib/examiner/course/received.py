"""When a submission came and what was said at its coming, kept apart from the student's files.

A record for each submission that this course took in itself, from the exchange or with
`strides take`, in ROOT/.strides/received. It counts for as long as the
notebooks in submitted/ are those that came; where somebody put others there, it says nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from examiner.build.trees import write_atomically

from .intake import Intake

FOLDER = Path(".strides", "received")
TIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f %Z"
REFUSED_FILE = "not-taken.json"


@dataclass
class Received:
    """What is known of a submission from its coming."""

    time: str
    notes: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    notebooks: dict[str, str] = field(default_factory=dict)


def as_text(time: float) -> str:
    """A time in seconds since 1970 as nbgrader writes it."""
    return datetime.fromtimestamp(time, UTC).strftime(TIME_FORMAT)


def checksums(files: Mapping[str, bytes]) -> dict[str, str]:
    """The checksum of each notebook of some files."""
    return {
        name: hashlib.sha256(content).hexdigest()
        for name, content in sorted(files.items())
        if name.endswith(".ipynb")
    }


def keep(root: Path, student: str, assignment: str, record: Received) -> None:
    """Write a submission's record, in place of an earlier one."""
    text = json.dumps(asdict(record), indent=1)
    write_atomically(root / FOLDER / assignment / f"{student}.json", text.encode())


def look_up(root: Path, student: str, assignment: str, intake: Intake) -> Received | None:
    """The record of a submission, if it came as it is now."""
    path = root / FOLDER / assignment / f"{student}.json"
    try:
        record = Received(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return record if record.notebooks == checksums(intake.files) else None


def keep_not_taken(root: Path, assignment: str, lines: list[str]) -> None:
    """Write what collecting left in the exchange, and why, a line each."""
    path = root / FOLDER / assignment / REFUSED_FILE
    write_atomically(path, json.dumps(lines, indent=1).encode())


def not_taken(root: Path, assignment: str) -> list[str]:
    """What the last collecting left in the exchange, and why."""
    path = root / FOLDER / assignment / REFUSED_FILE
    if not path.is_file():
        return []
    lines: list[str] = json.loads(path.read_text(encoding="utf-8"))
    return lines
