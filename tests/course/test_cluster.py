"""Grading on a Dask cluster: a real scheduler and two worker processes, one of them killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

import grading_runs
from examiner.cli import app
from examiner.course import course as course_module
from examiner.course.cluster import ClusterWorkers
from examiner.course.course import Course
from examiner.course.errors import CourseError
from examiner.course.settings import grading_settings
from examiner.course.workers import WorkerDied

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.course
A = "t1_tiny"
TAKES = grading_settings("grading_runs.TakeResults")


@pytest.fixture
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started


def record(tiny, student):
    path = tiny.course.folder("autograded", student, A) / f"{A}.ipynb"
    return nbformat.read(path, 4).metadata.strides_grading


def times_graded(tiny):
    """How many submissions the gradebook holds for each student, with their points."""
    with tiny.course.gradebook() as gradebook:
        found = gradebook.assignment_submissions(A)
        return sorted((entry.student.id, entry.score) for entry in found)


def test_one_worker_is_killed_and_everything_is_graded_once(tiny, cluster, tmp_path, monkeypatch):
    """By the command, as a person would: --scheduler and the address that the scheduler prints."""
    students = [f"s{number:02}" for number in range(12)]
    for student in students:
        tiny.hand_in(student, tiny.right())
    graded, killed = [], []
    autograde = Course.autograde

    def grade_and_kill(self, name, students, force, report, workers):
        def watched(result):
            report(result)
            graded.append(result.student)
            if len(graded) == 2:
                busy = [at for at in cluster.scheduler.workers.values() if at.processing]
                killed.append(cluster.workers[busy[0].name].pid)
                os.kill(killed[0], signal.SIGKILL)

        return autograde(self, name, students, force, watched, workers, run=grading_runs.unhurried)

    monkeypatch.setattr(Course, "autograde", grade_and_kill)
    monkeypatch.setattr(course_module, "load_settings", with_results(course_module.load_settings))
    command = ["--course", str(tiny.course.root), "grade", "t1", "--scheduler"]
    outcome = CliRunner().invoke(app, [*command, cluster.scheduler_address])
    assert outcome.exit_code == 0, outcome.output
    assert len(killed) == 1
    assert sorted(graded) == students
    assert times_graded(tiny) == [(student, 12) for student in students]
    records = [record(tiny, student) for student in students]
    assert all(entry.was_ready for entry in records)
    assert os.getpid() not in {entry.pid for entry in records}
    assert len({entry.pid for entry in records} - {*killed}) >= 1


def with_results(load):
    return lambda root, overrides: load(root, TAKES)


def test_what_ends_every_worker_is_refused(tiny, cluster):
    tiny.hand_in("ada", tiny.right())
    tiny.hand_in("fay", tiny.answers(double="'die'"))
    course = Course(tiny.course.root, TAKES)
    workers = ClusterWorkers(cluster.scheduler_address)
    assert workers.size == 2
    ada, fay = course.autograde(A, workers=workers, run=grading_runs.deadly)
    workers.shutdown()
    assert (ada.status, ada.points) == ("graded", 12)
    assert fay.reasons == ["It could not be graded: it ended every process that graded it."]


def test_exceptions_and_results_pass_and_stop_forgets(cluster):
    workers = ClusterWorkers(cluster.scheduler_address)
    assert workers.submit(divmod, 17, 5).result() == (3, 2)
    with pytest.raises(ZeroDivisionError):
        workers.submit(divmod, 1, 0).result()
    with pytest.raises(WorkerDied, match="every process"):
        workers.submit(os._exit, 1).result()
    workers.stop()


def test_no_scheduler_there(monkeypatch):
    monkeypatch.setattr("examiner.course.cluster.PATIENCE", 0.2)
    with pytest.raises(CourseError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler answers"):
        ClusterWorkers("tcp://127.0.0.1:9")
    with pytest.raises(CourseError, match="no Dask scheduler answers"):
        ClusterWorkers("nonsense://x")


def test_workers_of_several_threads_are_not_taken():
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
        ) as crowded,
        pytest.raises(CourseError, match="expected Dask workers of one thread"),
    ):
        ClusterWorkers(crowded.scheduler_address)


def test_without_dask(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(CourseError, match=r"pip install 'strides-course\[cluster\]'"):
        ClusterWorkers("tcp://127.0.0.1:8786")


def test_the_lock_pins_dask():
    lock = (Path(__file__).parents[2] / "requirements.lock").read_text()
    assert "\ndistributed==" in lock
    assert "\ndask==" in lock
