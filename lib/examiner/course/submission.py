"""A student's submission as grading takes it: its files, and when it was handed in.

nbgrader reads the time of handing in from timestamp.txt, which the student's own program
writes. Where the course collected the submission itself, its time was compared with the clock of
the exchange (see `examiner.course.collect`) and timestamp.txt is the course's own. Where
somebody put the files into submitted/ by hand, nothing tells the time for certain: timestamp.txt
counts, and a notebook that was changed after it is pointed out.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from .intake import TIMESTAMP, Intake, take_in, wanted
from .plain_files import NotTaken, open_folder
from .received import Received, as_text, checksums, keep, look_up

TOLERANCE = 60.0
SET_ASIDE = ".timestamp.txt.received"


def submission(coursedir: CourseDirectory, assignment: str, student: str) -> Intake:
    """What a student's folder in submitted/ holds of an assignment, and what to say of it."""
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
    below, root = trusted_folder(coursedir, folder), Path(coursedir.root)
    names = wanted(coursedir, assignment)
    intake = take_in(folder, names, below)
    if note := _mended_time(folder, below, intake):
        notebooks = checksums(intake.files)
        keep(root, student, assignment, Received("", [note], dict(intake.refused), notebooks))
        intake = take_in(folder, names, below)
    record = look_up(root, student, assignment, intake)
    if record is not None:
        intake.notes = [*record.notes, *intake.notes]
        intake.refused = {**intake.refused, **record.refused}
    elif note := _changed_later(intake):
        intake.notes.append(note)
    return intake


def trusted_folder(coursedir: CourseDirectory, folder: Path) -> Path:
    """The folder of all submissions, which may be a link; nothing below it may."""
    top = Path(coursedir.root, coursedir.submitted_directory)
    return top if folder.is_relative_to(top) else folder.parent


def time_of(content: bytes) -> float | None:
    """What a timestamp.txt says, in seconds since 1970; None where it says no time."""
    try:
        moment = parse_utc(content.decode("utf-8").strip())
        return float(moment.replace(tzinfo=UTC).timestamp())
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def _mended_time(folder: Path, below: Path, intake: Intake) -> str:
    """Put a timestamp.txt that nbgrader cannot read aside, and one with a time in its place.

    What was done, or an empty string where nothing was wrong.
    """
    if not os.path.lexists(folder / TIMESTAMP):
        return ""
    if time_of(intake.files.get(TIMESTAMP, b"")) is not None:
        return ""
    time = as_text(max(intake.changed.values(), default=datetime.now(UTC).timestamp()))
    try:
        with open_folder(folder, below) as handle:
            os.rename(TIMESTAMP, SET_ASIDE, src_dir_fd=handle, dst_dir_fd=handle)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(TIMESTAMP, flags, 0o644, dir_fd=handle), "w") as file:
                file.write(time)
    except (NotTaken, OSError):
        return ""
    return f"Its {TIMESTAMP} held no time; it counts as handed in at {time}, its last change."


def _changed_later(intake: Intake) -> str:
    stated = time_of(intake.files.get(TIMESTAMP, b""))
    changed = max(intake.changed.values(), default=0.0)
    if stated is None or changed <= stated + TOLERANCE:
        return ""
    return (
        f"Its {TIMESTAMP} says that it was handed in at {as_text(stated)}, but its notebook was "
        f"changed at {as_text(changed)}; the former counts, unless you change that file."
    )
