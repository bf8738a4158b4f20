"""A class graded by several processes: every submission once, whatever happens to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from traitlets.config import Config

import grading_runs
from examiner.course.course import Course
from examiner.course.errors import CourseError
from examiner.course.settings import grading_settings
from examiner.course.workforce import open_workers

pytestmark = pytest.mark.course
A = "t1_tiny"
TAKES = grading_settings("grading_runs.TakeResults")
TESTS = Path(__file__).parents[1]
COMMAND = """
import sys
from functools import partialmethod
import grading_runs
from traitlets.config import Config
from examiner.cli import app
from examiner.course import course, settings
settings.EXECUTE = "grading_runs.TakeResults"
settings.grading_settings.__defaults__ = (settings.EXECUTE,)
course.Course.autograde = partialmethod(course.Course.autograde, run=grading_runs.slow)
if __name__ == "__main__":
    app()
"""


def grade(tiny, run=grading_runs.in_this_process, overrides=TAKES, **options):
    course = Course(tiny.course.root, overrides)
    with open_workers(2) as workers:
        return {
            result.student: result
            for result in course.autograde(A, workers=workers, run=run, **options)
        }


def record(tiny, student):
    path = tiny.course.folder("autograded", student, A) / f"{A}.ipynb"
    return nbformat.read(path, 4).metadata.strides_grading


def submissions(tiny):
    """How many submissions and notebooks the gradebook holds for each student."""
    with tiny.course.gradebook() as gradebook:
        found = gradebook.assignment_submissions(A)
        return {entry.student.id: len(entry.notebooks) for entry in found}


def a_class(tiny):
    work = {
        "ada": tiny.right(),
        "ben": tiny.released,
        "cleo": tiny.answers(double="double = abs", half="half = lambda x: x / 2"),
        "dora": b"",
        "emil": tiny.answers(double="double = lambda x: 2 * x"),
    }
    for student, content in work.items():
        tiny.hand_in(student, content)


def test_results_of_workers_are_taken_and_nothing_runs_twice(tiny):
    a_class(tiny)
    seen = []
    results = grade(tiny, report=lambda result: seen.append(result.student))
    assert [(r.student, r.points, r.status) for r in results.values()] == [
        ("ada", 12, "graded"),
        ("ben", 0, "blank"),
        ("cleo", 6, "graded"),
        ("dora", 0, "refused"),
        ("emil", 6, "graded"),
    ]
    assert sorted(seen) == list(results)
    assert submissions(tiny) == dict.fromkeys(results, 1)
    records = [record(tiny, student) for student in ("ada", "ben", "cleo", "emil")]
    assert all(entry.was_ready for entry in records)
    assert os.getpid() not in {entry.pid for entry in records}


def test_again_does_no_work_and_force_meets_the_same_seed(tiny):
    a_class(tiny)
    first = grade(tiny)
    seeds = {student: record(tiny, student).get("seed") for student in first}
    files = {
        student: tiny.course.folder("autograded", student, A) / f"{A}.ipynb" for student in first
    }
    written = {student: path.stat().st_mtime_ns for student, path in files.items()}
    assert grade(tiny, run=grading_runs.faulty) == first
    assert {student: path.stat().st_mtime_ns for student, path in files.items()} == written
    tiny.hand_in("emil", tiny.right())
    assert grade(tiny)["emil"].points == 12
    after = {student: path.stat().st_mtime_ns for student, path in files.items()}
    assert [student for student in written if written[student] != after[student]] == ["emil"]
    grade(tiny, force=True)
    again = {student: record(tiny, student).get("seed") for student in first}
    assert again.pop("emil") != seeds.pop("emil")
    assert again == seeds


def test_what_kills_its_worker_is_refused_and_costs_no_other(tiny):
    a_class(tiny)
    tiny.hand_in("fay", tiny.answers(double="'die'"))
    results = grade(tiny, run=grading_runs.deadly)
    assert (results["fay"].status, results["fay"].points) == ("refused", 0)
    expected = "It could not be graded: it ended the process that graded it, 2 times."
    assert results["fay"].reasons == [expected]
    assert [results[name].points for name in ("ada", "cleo", "emil")] == [12, 6, 6]
    assert submissions(tiny) == dict.fromkeys(results, 1)


def test_a_fault_of_the_grader_is_told_for_one_submission(tiny):
    a_class(tiny)
    tiny.hand_in("fay", tiny.answers(double="'odd'"))
    results = grade(tiny, run=grading_runs.faulty)
    assert results["fay"].reasons == ["It stopped the grader: LookupError: an odd submission."]
    assert [results[name].points for name in ("ada", "cleo", "emil")] == [12, 6, 6]


def test_a_file_that_changes_meanwhile_is_run_again_as_it_is(tiny):
    """What is written belongs to the file that was there then, not to the one sent away."""

    def change(result):
        if result.student == "ada":
            tiny.hand_in("ben", tiny.right())

    tiny.hand_in("ada", b"")
    tiny.hand_in("ben", tiny.released)
    results = grade(tiny, report=change)
    assert results["ben"].points == 12
    assert not record(tiny, "ben").was_ready


def test_where_no_worker_can_grade_nothing_is_marked(tiny):
    a_class(tiny)
    with pytest.raises(CourseError, match="no sandbox"):
        grade(tiny, run=no_sandbox)
    assert "ada" not in submissions(tiny)


def no_sandbox(job):
    raise CourseError("there is no sandbox here")


def test_without_a_sandbox_every_result_says_so(tiny, tmp_path):
    a_class(tiny)
    overrides = grading_settings("grading_runs.TakeResults")
    overrides.merge(Config(SafeExecute={"unsafe": True}))
    results = grade(tiny, overrides=overrides)
    assert {name for name, result in results.items() if result.unsafe} == set(results) - {"dora"}
    marks = tiny.course.export(tmp_path / "marks.csv").read_text()
    assert marks.count(", without a sandbox") == 4


def strides(root, seen, *arguments):
    """The command in a process group of its own, with a grader that takes its time."""
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "STRIDES_SEEN": str(seen)}
    command = [sys.executable, "-c", COMMAND, "--course", str(root), *arguments]
    return subprocess.Popen(
        command,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def running(seen):
    """The worker processes that have begun a job and are alive."""
    pids = {int(path.suffix[1:]) for path in seen.iterdir()}
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


def until(condition):
    """Wait for it, for as long as a loaded machine may need."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_ctrl_c_keeps_what_is_graded_and_the_next_run_goes_on(tiny, tmp_path):
    seen = tmp_path / "seen"
    seen.mkdir()
    for number in range(6):
        tiny.hand_in(f"s{number}", tiny.right())
    graded = tiny.course.folder("autograded", "s0", A) / f"{A}.ipynb"
    process = strides(tiny.course.root, seen, "grade", "t1", "--workers", "1")
    until(lambda: graded.is_file() and graded.stat().st_mode & 0o777 == 0o444)
    os.killpg(process.pid, signal.SIGINT)
    said, complaints = process.communicate()
    assert process.returncode == 130
    done = [name for name in (f"s{n}" for n in range(6)) if is_graded(tiny, name)]
    assert 1 <= len(done) < 6
    assert f"Stopped: {len(done)} of 6 are graded; the same command goes on from there." in said
    assert complaints == ""
    until(lambda: not running(seen))

    written = {name: path_of(tiny, name).stat().st_mtime_ns for name in done}
    started = len(list(seen.iterdir()))
    again = strides(tiny.course.root, seen, "grade", "t1")
    said, complaints = again.communicate()
    assert (again.returncode, complaints) == (0, "")
    assert said.count("12/12 100 %") == 6
    assert {name: path_of(tiny, name).stat().st_mtime_ns for name in done} == written
    assert len(list(seen.iterdir())) - started == 6 - len(done)
    until(lambda: not running(seen))


def path_of(tiny, student):
    return tiny.course.folder("autograded", student, A) / f"{A}.ipynb"


def is_graded(tiny, student):
    return tiny.course.result(A, student).status == "graded"
