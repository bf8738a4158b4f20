"""Collect from nbgrader's exchange: safe copies, each student's own, by the server's clock.

Students write into the exchange's inbound folder as they like. The names of a submission's
folder, its timestamp.txt and every file's time of change are what their own program wrote. What
can be trusted there is what only the system sets: the owner of a folder, and the time at which
a folder's or file's entry last changed (ctime), which nobody can set back. So a submission is
taken for its owner alone, and where its stated time is more than a minute from the latest ctime
of its folder and files, the latter counts, for late penalties too. ctime is never earlier than
the handing in; it is later where somebody changed a file's mode or restored the exchange from
a copy. For that one case, `c.SafeCollect.server_time = False` takes the stated times.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from itertools import islice
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect, ExchangeError
from nbgrader.utils import parse_utc
from traitlets import Bool

from .intake import MOST_ENTRIES, TIMESTAMP, Intake, Wanted, take_in, wanted
from .plain_files import NotTaken, open_folder, safe_name
from .received import Received, as_text, checksums, keep, keep_not_taken
from .submission import TOLERANCE, time_of

SAME = 0.001
STUDENT = re.compile(r"\w[\w.@+-]{0,99}")


@dataclass
class Inbound:
    """One submission in the exchange: whose, stated when, and when the server says it came."""

    student: str
    folder: Path
    stated: float
    came: float
    notes: list[str] = field(default_factory=list)

    @property
    def time(self) -> float:
        """When it counts as handed in."""
        return self.stated if abs(self.came - self.stated) <= TOLERANCE else self.came


class SafeCollect(ExchangeCollect):
    """nbgrader's collecting, with `c.ExchangeFactory.collect` set to this class."""

    server_time = Bool(
        True, help="Whether the exchange's own clock counts where a stated time differs from it."
    ).tag(config=True)

    def init_src(self) -> None:
        """Choose each student's submission; what cannot be one is named in the log."""
        if not self.coursedir.course_id:
            self.fail("No course id specified. Re-run with --course flag.")
        self.inbound_path = os.path.join(self.root, self.coursedir.course_id, "inbound")
        if not os.path.isdir(self.inbound_path):
            self.fail(f"Course not found: {self.inbound_path}")
        self.not_taken: list[str] = []
        self.names = _wanted(self)
        due = self._due_time() if self.before_duedate else None
        by_student: dict[str, list[Inbound]] = {}
        for found in self._found():
            by_student.setdefault(found.student, []).append(found)
        self.src_records = [_chosen(some, due) for _, some in sorted(by_student.items())]

    def _due_time(self) -> float | None:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                due = gradebook.find_assignment(self.coursedir.assignment_id).duedate
            except MissingEntry:
                return None
        return due.replace(tzinfo=UTC).timestamp() if due else None

    def _found(self) -> Iterator[Inbound]:
        only = self.coursedir.student_id
        mark = f"+{self.coursedir.assignment_id}+"
        for entry in sorted(os.scandir(self.inbound_path), key=lambda entry: entry.name):
            student, _, rest = entry.name.partition(mark)
            if not rest or (only not in ("", "*") and student != only):
                continue
            try:
                yield self._inbound(entry, student, rest)
            except (NotTaken, OSError) as problem:
                line = f"{safe_name(entry.name)}: {problem}"
                self.not_taken.append(line)
                self.log.warning("Left in the exchange: %s", line)

    def _inbound(self, entry: os.DirEntry[str], student: str, rest: str) -> Inbound:
        """What an entry of the inbound folder is; raises NotTaken where it is no submission."""
        if not STUDENT.fullmatch(student):
            raise NotTaken("expected a student's name of letters, digits and . _ @ + -")
        try:
            stated = parse_utc(rest.split("+")[0]).replace(tzinfo=UTC).timestamp()
        except (ValueError, OverflowError, TypeError, AttributeError):
            raise NotTaken("expected NAME+ASSIGNMENT+TIME, the time cannot be read") from None
        info = entry.stat(follow_symlinks=False)
        if not stat.S_ISDIR(info.st_mode):
            raise NotTaken("expected a folder, it is a link or a file")
        if self.check_owner and (problem := _owner_problem(info.st_uid, student)):
            raise NotTaken(problem)
        came = _came(Path(entry.path), Path(self.inbound_path)) if self.server_time else stated
        return Inbound(student, Path(entry.path), stated, came)

    def copy_files(self) -> None:
        """Take in what is new; what goes wrong with one leaves the others."""
        for record in self.src_records:
            try:
                self._collect(record)
            except (NotTaken, OSError) as problem:
                line = f"{safe_name(record.folder.name)}: {problem}"
                self.not_taken.append(line)
                self.log.error("Could not collect %s", line)
        keep_not_taken(Path(self.coursedir.root), self.coursedir.assignment_id, self.not_taken)

    def _collect(self, record: Inbound) -> None:
        assignment = self.coursedir.assignment_id
        target = Path(
            self.coursedir.format_path(
                self.coursedir.submitted_directory, record.student, assignment
            )
        )
        if target.is_dir() and not self._is_new(target, record):
            self.log.info("No newer submission to collect: %s %s", record.student, assignment)
            return
        intake = take_in(record.folder, self.names, record.folder.parent)
        said = time_of(intake.files.get(TIMESTAMP, b""))
        notes = [*intake.notes, *_about_time(record, said)]
        intake.files[TIMESTAMP] = as_text(record.time).encode()
        write_in_place(target, intake, record.time, self.coursedir.groupshared)
        known = Received(as_text(record.time), notes, dict(intake.refused), checksums(intake.files))
        keep(Path(self.coursedir.root), record.student, assignment, known)
        self.log.info("Collected submission: %s %s", record.student, assignment)

    def _is_new(self, target: Path, record: Inbound) -> bool:
        try:
            there = time_of((target / TIMESTAMP).read_bytes())
        except OSError:
            there = None
        newer = there is None or record.time > there + SAME
        other = there is None or abs(record.time - there) > SAME
        return bool((self.update and newer) or (self.before_duedate and other))


def _wanted(collect: SafeCollect) -> Wanted:
    """What the assignment takes; raises nbgrader's error where it was never released."""
    name = collect.coursedir.assignment_id
    names = wanted(collect.coursedir, name)
    if not names.notebooks:
        raise ExchangeError(f"Assignment was never released: {name}")
    return names


def _chosen(found: list[Inbound], due: float | None) -> Inbound:
    """The last one, or the last one in time where there is a time and one that kept it."""
    in_order = sorted(found, key=lambda one: (one.time, one.stated))
    in_time = [one for one in in_order if due is not None and one.time <= due]
    return (in_time or in_order)[-1]


def _owner_problem(owner: int, student: str) -> str:
    """Why a folder is not its student's; root and whoever collects may hand in for anybody."""
    if owner in (0, os.getuid()):
        return ""
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = f"user number {owner}"
    if name == student:
        return ""
    return (
        f"it belongs to {name}, not to {student}; where accounts have other names than "
        "students, set c.ExchangeCollect.check_owner = False"
    )


def _came(folder: Path, below: Path) -> float:
    """The latest ctime of a folder and the files in it, in seconds since 1970."""
    with open_folder(folder, below) as handle:
        times = [os.fstat(handle).st_ctime]
        with os.scandir(handle) as entries:
            for entry in islice(entries, MOST_ENTRIES):
                times.append(entry.stat(follow_symlinks=False).st_ctime)
    return max(times)


def _about_time(record: Inbound, said: float | None) -> list[str]:
    """What to say where the times that a student's program wrote are not the server's."""
    differing = [record.stated] if record.time != record.stated else []
    if said is not None and abs(said - record.time) > TOLERANCE:
        differing.append(said)
    if not differing:
        return []
    stated = as_text(min(differing))
    return [
        f"It says that it was handed in at {stated}; by the server's clock it came at "
        f"{as_text(record.time)}, which counts."
    ]


def write_in_place(target: Path, intake: Intake, time: float, groupshared: bool) -> None:
    """Write files to a folder, in place of the one that is there, all at once."""
    file_mode, folder_mode = (0o664, 0o2775) if groupshared else (0o644, 0o755)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, content in intake.files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(file_mode)
            os.utime(path, (time, time))
        fresh.chmod(folder_mode)
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
