"""Collecting from the exchange: each student's own files, by the server's clock."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from traitlets.config import Config

from examiner.course import collect as module
from examiner.course.course import Course
from examiner.course.incoming import not_looked_at

from .conftest import ASSIGNMENT as A

pytestmark = pytest.mark.course
FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"


def ago(**difference) -> str:
    return (datetime.now(UTC) - timedelta(**difference)).strftime(FORMAT)


def inbound(tiny, student, content=None, time=None, said=None):
    """A submission as a student's own program would write it into the exchange."""
    time = ago() if time is None else time
    folder = tiny.course.exchange_folder("inbound") / f"{student}+{A}+{time}+random"
    folder.mkdir(parents=True)
    work = nbformat.writes(tiny.right()).encode() if content is None else content
    (folder / f"{A}.ipynb").write_bytes(work)
    (folder / "timestamp.txt").write_text(said or time)
    (folder / "submission_secret.txt").write_text(f"secret of {student}")
    return folder


def graded(tiny):
    tiny.course.collect(A)
    return {result.student: result for result in tiny.course.autograde(A)}


def test_files_are_collected_once_and_again_when_newer(tiny):
    folder = inbound(tiny, "ada", b"{}", ago(seconds=20))
    assert tiny.course.collect(A) == ["ada"]
    there = tiny.course.folder("submitted", "ada", A) / f"{A}.ipynb"
    there.write_bytes(b"mended by hand")
    tiny.course.collect(A)
    assert there.read_bytes() == b"mended by hand"
    inbound(tiny, "ada", b"{ }")
    tiny.course.collect(A)
    assert there.read_bytes() == b"{ }"
    assert folder.is_dir()


def test_links_in_the_exchange_lead_nowhere(tiny):
    (tiny.course.root / "secret.txt").write_text("the solutions")
    folder = inbound(tiny, "mallory")
    (folder / "notes.txt").symlink_to(tiny.course.root / "secret.txt")
    (folder / "all").symlink_to(tiny.course.root)
    os.mkfifo(folder / "pipe")
    linked = inbound(tiny, "eve")
    (linked / f"{A}.ipynb").unlink()
    (linked / f"{A}.ipynb").symlink_to(
        tiny.course.folder("source", ".", A).resolve() / f"{A}.ipynb"
    )
    inbound(tiny, "ada")
    results = graded(tiny)
    assert {name: result.points for name, result in results.items()} == {
        "ada": 12,
        "eve": 0,
        "mallory": 12,
    }
    assert "left out: all (a link), notes.txt (a link), pipe (a named pipe)" in str(
        results["mallory"].notes
    )
    assert results["eve"].status == "refused"
    assert "is a link" in results["eve"].reasons[0]
    submitted = tiny.course.folder("submitted", "mallory", A)
    assert {path.name for path in submitted.iterdir()} == {
        f"{A}.ipynb",
        "timestamp.txt",
        "submission_secret.txt",
    }
    assert len(tiny.course.feedback(A)) == 3


@pytest.mark.parametrize("edited", ["timestamp.txt", "folder", "both"])
def test_a_time_set_back_counts_for_nothing(tiny, edited):
    """The penalty comes from the server's clock, whatever the student's files say."""
    early = "2026-01-01 10:00:00.000000 UTC"
    time = early if edited != "timestamp.txt" else ago()
    said = early if edited != "folder" else ago()
    folder = inbound(tiny, "ada", time=time, said=said)
    for path in (folder / f"{A}.ipynb", folder / "timestamp.txt", folder):
        os.utime(path, (0, 0))
    (result,) = graded(tiny).values()
    said = (tiny.course.folder("submitted", "ada", A) / "timestamp.txt").read_text()
    came = datetime.strptime(said, FORMAT).replace(tzinfo=UTC)
    assert datetime.now(UTC) - came < timedelta(minutes=1)
    assert "handed in at 2026-01-01 10:00:00.000000 UTC; by the server's clock" in result.notes[0]
    with tiny.course.gradebook() as gradebook:
        stamp = gradebook.find_submission(A, "ada").timestamp
    assert stamp.replace(tzinfo=UTC) == came
    page = tiny.course.feedback(A)[0].read_text()
    assert "by the server's clock" in page.replace("&#x27;", "'")


def test_a_time_within_a_minute_is_taken_as_it_is(tiny):
    time = ago(seconds=30)
    inbound(tiny, "ada", time=time)
    (result,) = graded(tiny).values()
    assert result.notes == []
    assert (tiny.course.folder("submitted", "ada", A) / "timestamp.txt").read_text() == time


def test_stated_times_after_a_restored_exchange(tiny):
    course = Course(tiny.course.root, Config({"SafeCollect": {"server_time": False}}))
    inbound(tiny, "ada", time="2026-01-01 10:00:00.000000 UTC")
    course.collect(A)
    said = (course.folder("submitted", "ada", A) / "timestamp.txt").read_text()
    assert said.startswith("2026-01-01 10:00:00")


def test_a_submission_in_anothers_name_is_left(tiny, monkeypatch):
    inbound(tiny, "ada", time=ago(seconds=30))
    forged = inbound(tiny, "ada", b"{}")
    os.chown(forged, 12_345, -1)
    monkeypatch.setattr(module.os, "getuid", lambda: 0)
    assert graded(tiny)["ada"].points == 12
    (line,) = not_looked_at(tiny.course, A)
    assert "it belongs to user number 12345, not to ada" in line


@pytest.mark.parametrize(
    "name",
    [
        f"<img src=x onerror=alert(1)>+{A}+2026-01-01 10:00:00.0 UTC+r",
        f"..+{A}+2026-01-01 10:00:00.0 UTC+r",
        f"ben+{A}+no time at all+r",
        f"ben+{A}+9999999999999999999999+r",
        f"+{A}+2026-01-01 10:00:00.0 UTC+r",
    ],
)
def test_names_that_are_none_stop_nobody(tiny, name):
    inbound(tiny, "ada")
    (tiny.course.exchange_folder("inbound") / name).mkdir()
    (tiny.course.exchange_folder("inbound") / f"ben+{A}+{ago()}+file").write_text("")
    assert tiny.course.collect(A) == ["ada"]
    lines = "\n".join(not_looked_at(tiny.course, A))
    assert "expected NAME" in lines or "expected a student's name" in lines
    assert "expected a folder" in lines
