"""Submissions that come without an exchange, and what in submitted/ nobody looks at."""

from __future__ import annotations

import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

from examiner.build.trees import write_atomically

from .course import Course
from .errors import CourseError

MOST_BYTES = 20_000_000
STUDENT = re.compile(r"\w[\w.@-]*")
TIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f %Z"


class NotTaken(Exception):
    """A file that is no submission to take, with the reason."""


def take(course: Course, assignment: str, folder: Path, replace: bool = False) -> list[str]:
    """Copy each NAME.ipynb of a folder to the student's place in submitted/; a line for each.

    A file's time counts as the time of handing in. What is there already and newer stays,
    unless `replace`. Raises CourseError where the folder holds nothing to take.
    """
    notebooks = course.require_release(assignment)
    if len(notebooks) != 1:
        raise CourseError(
            f"{assignment}: expected an assignment of one notebook, it has {len(notebooks)}; "
            f"copy them to {course.folder('submitted', 'STUDENT', assignment)} by hand."
        )
    if not folder.is_dir():
        raise CourseError(f"{folder}: expected a folder that holds NAME.ipynb for each student.")
    files = _visible(folder)
    if not any(path.suffix == ".ipynb" for path in files):
        raise CourseError(f"{folder}: expected files called NAME.ipynb, found none.")
    return [
        f"{path.name}: {_take(course, assignment, notebooks[0], path, replace)}" for path in files
    ]


def _take(course: Course, assignment: str, notebook: str, path: Path, replace: bool) -> str:
    try:
        content, time = _read(path)
    except NotTaken as reason:
        return f"not taken, {reason}"
    folder = course.folder("submitted", path.stem, assignment)
    target = folder / f"{notebook}.ipynb"
    there = [other.lstat().st_mtime for other in folder.glob("*.ipynb")]
    if target.is_file() and target.read_bytes() == content:
        return "is there already"
    if there and max(there) > time and not replace:
        return "not taken, what is there is newer; --replace takes this one"
    write_atomically(target, content)
    os.utime(target, (time, time))
    handed_in = datetime.fromtimestamp(time, UTC).strftime(TIME_FORMAT)
    (folder / "timestamp.txt").write_text(handed_in, encoding="utf-8")
    return f"taken for {path.stem}" + (", in place of what was there" if there else "")


def _read(path: Path) -> tuple[bytes, float]:
    """A file's bytes and time; raises NotTaken where it is no student's notebook."""
    info = path.lstat()
    if not stat.S_ISREG(info.st_mode):
        kind = "a link" if path.is_symlink() else "a folder" if path.is_dir() else "no plain file"
        raise NotTaken(f"it is {kind}; expected NAME.ipynb")
    if path.suffix != ".ipynb" or not STUDENT.fullmatch(path.stem):
        raise NotTaken("expected NAME.ipynb, with a NAME of letters, digits and . _ @ -")
    if info.st_size > MOST_BYTES:
        size = f"{info.st_size / 1e6:.0f} MB"
        raise NotTaken(f"it has {size}, more than {MOST_BYTES / 1e6:.0f}; clear its outputs")
    try:
        return path.read_bytes(), info.st_mtime
    except OSError as problem:
        raise NotTaken(f"it cannot be read ({problem.strerror})") from None


def not_looked_at(course: Course, assignment: str) -> list[str]:
    """What lies in submitted/ where no submission is expected, relative to that folder."""
    top = course.folder("submitted", ".", ".")
    known = {*course.assignments(), assignment}
    expected = {f"{name}.ipynb" for name in course.require_release(assignment)}
    found: list[Path] = []
    for student in _visible(top):
        if not student.is_dir():
            found.append(student)
            continue
        for work in _visible(student):
            if not work.is_dir() or work.name not in known:
                found.append(work)
            elif work.name == assignment:
                found += _further_notebooks(work, expected)
    return [path.relative_to(top).as_posix() for path in found]


def _further_notebooks(work: Path, expected: set[str]) -> list[Path]:
    """Notebooks of a submission beside those that are graded."""
    graded = {work / name for name in expected if (work / name).is_file()}
    graded = graded or set(work.glob("*.ipynb"))
    return [
        path
        for path in sorted(work.rglob("*.ipynb"))
        if path not in graded
        and not any(part.startswith(".") for part in path.relative_to(work).parts)
    ]


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
