"""Take in a submission's files: plain ones, of names that the assignment knows, each read once.

What lies in a submission was put there by a student: links, pipes, modules called numpy.py that
would run in place of the real one (see `examiner.course.plain_files` for what is opened).
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from nbgrader.coursedir import CourseDirectory

from .plain_files import (
    MOST_BYTES,
    MOST_NAMED,
    NotTaken,
    inner_folder,
    kind_of,
    open_folder,
    read_regular,
    readable,
    safe_name,
    why_not,
)

MOST_DATA_BYTES = 60_000_000
MOST_TEXT_BYTES = 1_000
MOST_ENTRIES = 2_000
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"


@dataclass(frozen=True)
class Wanted:
    """What an assignment takes: names of notebooks without suffix, paths of data files."""

    notebooks: tuple[str, ...]
    data: tuple[str, ...] = ()


@dataclass
class Intake:
    """What was taken in: contents by path, sentences to pass on, why a notebook is missing.

    `changed` is when each file was last written, in seconds since 1970, as its owner may set it.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    changed: dict[str, float] = field(default_factory=dict)
    known_digest: str = ""

    def forget_files(self) -> None:
        """Drop the contents, once they are written elsewhere; the digest stays."""
        self.known_digest = self.digest()
        self.files = {}

    def digest(self) -> str:
        """A hash of all of it: the same for as long as the submission is the same."""
        if self.known_digest:
            return self.known_digest
        state = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            state.update(f"{name!r} {hashlib.sha256(content).hexdigest()}\n".encode())
        state.update(repr((self.notes, sorted(self.refused.items()))).encode())
        return state.hexdigest()


def wanted(coursedir: CourseDirectory, assignment: str) -> Wanted:
    """The names that an assignment takes: the notebooks and files that it was released with.

    There are none where it was never released.
    """
    released = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    files = [path for path in sorted(released.rglob("*")) if path.is_file()]
    names = [path.relative_to(released).as_posix() for path in files]
    names = [name for name in names if not f"/{name}".count("/.")]
    books = [name for name in names if name.endswith(".ipynb") and "/" not in name]
    return Wanted(
        tuple(name.removesuffix(".ipynb") for name in books),
        tuple(name for name in names if not name.endswith(".ipynb")),
    )


def take_in(folder: Path, wanted: Wanted, below: Path) -> Intake:
    """What a submission's folder holds of what is wanted; nothing in it can make this fail.

    No part of the path below the folder `below` may be a link.
    """
    intake = Intake()
    try:
        with open_folder(folder, below) as handle:
            _fill(intake, handle, wanted)
    except (NotTaken, OSError) as problem:
        intake.refused = {
            name: f"The submission's folder {why_not(problem)}." for name in wanted.notebooks
        }
    return intake


def _fill(intake: Intake, handle: int, wanted: Wanted) -> None:
    kinds = _entries(handle)
    used = {_take_notebook(intake, handle, name, kinds, wanted) for name in wanted.notebooks}
    for name, most in ((TIMESTAMP, MOST_TEXT_BYTES), (SECRET, MOST_TEXT_BYTES)):
        if name in kinds:
            _take(intake, handle, name, most)
    left = MOST_DATA_BYTES
    for path in wanted.data:
        if PurePosixPath(path).parts[0] in kinds:
            left -= _take(intake, handle, path, min(MOST_BYTES, left))
    tops = {PurePosixPath(path).parts[0] for path in wanted.data}
    others = sorted(set(kinds) - used - tops - {TIMESTAMP, SECRET, "__pycache__"})
    if note := _left_out([(name, kinds[name]) for name in others if name[0] != "."], len(kinds)):
        intake.notes.append(note)


def _entries(handle: int) -> dict[str, str]:
    """The kinds of what lies in a folder by name, of so many entries at most."""
    kinds: dict[str, str] = {}
    with os.scandir(handle) as entries:
        for entry in entries:
            kinds[entry.name] = kind_of(entry.stat(follow_symlinks=False).st_mode)
            if len(kinds) >= MOST_ENTRIES:
                break
    return kinds


def _take_notebook(
    intake: Intake, handle: int, name: str, kinds: dict[str, str], wanted: Wanted
) -> str:
    """Take the file for a notebook, its only notebook of another name if need be; the name."""
    expected = f"{name}.ipynb"
    source = expected if _exists(handle, expected) else _only_other(kinds, wanted)
    if not source:
        found = readable(kinds) or "an empty folder"
        intake.refused[name] = (
            f"{expected}: expected this notebook in the submission, found {found}."
        )
        return expected
    try:
        intake.files[expected], info = read_regular(handle, source)
        intake.changed[expected] = info.st_mtime
    except (NotTaken, OSError) as problem:
        intake.refused[name] = f"{safe_name(source)} {why_not(problem)}."
        return source
    if source != expected:
        intake.notes.append(f"The file was named {safe_name(source)}; it was graded as {expected}.")
    return source


def _exists(handle: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=handle, follow_symlinks=False)
    except OSError:
        return False
    return True


def _only_other(kinds: dict[str, str], wanted: Wanted) -> str:
    """The one notebook whose name is none of the assignment's, or an empty string."""
    others = [
        name
        for name, kind in kinds.items()
        if name.endswith(".ipynb")
        and name[0] != "."
        and not kind
        and name.removesuffix(".ipynb") not in wanted.notebooks
    ]
    return others[0] if len(others) == 1 else ""


def _take(intake: Intake, handle: int, path: str, most: int) -> int:
    """Take a file that need not be there; its size."""
    *folders, name = PurePosixPath(path).parts
    try:
        with inner_folder(handle, folders) as inner:
            content = read_regular(inner, name, most)[0]
    except FileNotFoundError:
        return 0
    except (NotTaken, OSError) as problem:
        intake.notes.append(f"{path} {why_not(problem)}; it was left out.")
        return 0
    intake.files[path] = content
    return len(content)


def _left_out(others: list[tuple[str, str]], seen: int) -> str:
    if not others:
        return ""
    named = [safe_name(name) + (f" ({kind})" if kind else "") for name, kind in others]
    more = len(named) - MOST_NAMED
    ends = f" and {more} more" if more > 0 else ""
    ends += f" (only the first {MOST_ENTRIES} were looked at)" if seen >= MOST_ENTRIES else ""
    return f"Not part of the assignment and left out: {', '.join(named[:MOST_NAMED])}{ends}."
