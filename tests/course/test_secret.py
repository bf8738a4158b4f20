"""The course's secret: made once, kept from others, and what is drawn from it."""

from __future__ import annotations

import stat
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from examiner.bundle import make_bundle
from examiner.course.errors import CourseError
from examiner.course.secret import SECRET, course_secret, seed_for
from small_course import REPO, make_small_course

ROOT = Path(__file__).parents[2]
PRINT = (
    "import sys, pathlib; from examiner.course.secret import course_secret; sys.stdin.read(1); "
    "print(course_secret(pathlib.Path(sys.argv[1])).hex())"
)


def test_it_is_made_once_and_for_its_owner_alone(tmp_path):
    secret = course_secret(tmp_path)
    assert len(secret) == 32
    assert course_secret(tmp_path) == secret
    assert stat.S_IMODE((tmp_path / SECRET).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / SECRET).parent.stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / SECRET).parent.iterdir()] == ["secret"]
    assert course_secret(tmp_path / "another course") != secret


def test_threads_and_processes_that_make_it_at_once_agree(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(course_secret, [tmp_path / "threads"] * 64))) == 1
    command = [sys.executable, "-c", PRINT, str(tmp_path / "processes")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(command, **pipes) for _ in range(3)]
    for process in started:
        process.stdin.write("x")
        process.stdin.flush()
    said = {process.communicate()[0].strip() for process in started}
    assert said == {course_secret(tmp_path / "processes").hex()}


def test_a_damaged_one_is_not_replaced_in_silence(tmp_path):
    course_secret(tmp_path)
    (tmp_path / SECRET).write_bytes(b"short")
    with pytest.raises(CourseError, match=r"expected 32 bytes, found 5; put back a copy"):
        course_secret(tmp_path)


def test_no_place_for_it(tmp_path):
    (tmp_path / ".strides").write_text("a file")
    with pytest.raises(CourseError, match="expected a place for the course's secret"):
        course_secret(tmp_path)


def test_seeds_differ_by_every_name_and_stay_the_same():
    secret = bytes(range(32))
    names = ("ada", "a1", "a1", "f00")
    assert seed_for(secret, *names) == seed_for(secret, *names) == 4194062484221809056
    others = [("ben", *names[1:]), ("ada", "a1", "a1f", "00"), names[:3], ("", *names)]
    seeds = {seed_for(secret, *other) for other in others} | {seed_for(bytes(32), *names)}
    assert len(seeds) == 5
    assert seed_for(secret, *names) not in seeds
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_git_and_the_students_bundle_leave_it_out(tmp_path):
    ignored = subprocess.run(["git", "check-ignore", "-q", str(SECRET)], cwd=ROOT)
    assert ignored.returncode == 0
    root = make_small_course(tmp_path / "course")
    for name in ("LICENSE", "LICENSE-text", "pyproject.toml", "requirements.lock"):
        (root / name).write_bytes((REPO / name).read_bytes())
    for folder in (root, root / "lib" / "strides", root / "lectures"):
        course_secret(folder)
    (root / "lib" / "strides" / "__init__.py").write_text("")
    report = make_bundle(root, tmp_path / "out.zip")
    with zipfile.ZipFile(report.path) as archive:
        assert not [name for name in archive.namelist() if "secret" in name or ".strides" in name]
