"""Jobs: plain, the same for the same work, and like what nbgrader's converter hands over."""

from __future__ import annotations

import copy
import dataclasses
import json
import os
import pickle

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from traitlets.config import Config

import grading_runs
from examiner.course.course import Course
from examiner.course.errors import CourseError
from examiner.course.jobs import digest, results_of, run_in_time, takes_results
from examiner.course.prepare import Preparer
from examiner.course.secret import SECRET, course_secret
from examiner.course.settings import grading_settings
from examiner.course.workforce import open_workers
from examiner.safe.job import Job

from .conftest import find

A = "t1_tiny"
TAKES = grading_settings("grading_runs.TakeResults")


def prepared(course, student):
    return Preparer(course.api.coursedir, course.config, A, [A])(student)


@pytest.fixture
def job(tiny):
    tiny.hand_in("ada", tiny.right())
    return prepared(tiny.course, "ada").jobs[0]


def test_a_job_is_plain_data_with_the_hidden_tests_and_no_outputs(job):
    assert pickle.loads(pickle.dumps(job)) == job
    assert json.loads(json.dumps(job.notebook)) == job.notebook
    cells = {cell["id"]: cell for cell in job.notebook["cells"]}
    assert "BEGIN HIDDEN TESTS" in cells["test_half"]["source"]
    assert cells["double"]["source"] == "double = lambda x: x + x"
    assert all(not cell["outputs"] for cell in job.notebook["cells"] if "outputs" in cell)
    assert (job.student, job.assignment, job.unsafe) == ("ada", A, False)
    assert (job.cell_seconds, job.total_seconds) == (2, 900)


def test_the_same_work_has_the_same_seed_and_other_work_another(tiny, job):
    (again,) = prepared(Course(tiny.course.root), "ada").jobs
    assert (again.seed, digest(again)) == (job.seed, digest(job))
    tiny.hand_in("ben", tiny.right())
    tiny.hand_in("ada", tiny.answers(double="double = abs"))
    others = [prepared(tiny.course, name).jobs[0].seed for name in ("ada", "ben")]
    assert len({job.seed, *others}) == 3


def test_limits_come_from_the_settings(tiny):
    tiny.hand_in("ada", tiny.right())
    limits = {"timeout": 5, "total_seconds": 60, "unsafe": True}
    course = Course(tiny.course.root, Config(SafeExecute=limits))
    (job,) = prepared(course, "ada").jobs
    assert (job.cell_seconds, job.total_seconds, job.unsafe) == (5, 60, True)


NOT_THE_NOTEBOOK = [field.name for field in dataclasses.fields(Job) if field.name != "notebook"]


@pytest.mark.parametrize("field", NOT_THE_NOTEBOOK)
def test_a_digest_depends_on_every_field(job, field):
    assert digest(dataclasses.replace(job, **{field: "another"})) != digest(job)


def test_a_digest_depends_on_cells_and_not_on_what_they_showed(job):
    def changed(**values):
        notebook = copy.deepcopy(job.notebook)
        notebook["cells"][2].update(values)
        return digest(dataclasses.replace(job, notebook=notebook))

    assert changed(outputs=[{"output_type": "stream"}], execution_count=3) == digest(job)
    seen = {digest(job), changed(source="x"), changed(id="x"), changed(cell_type="markdown")}
    assert len(seen | {changed(metadata={})}) == 5
    swapped = dict(job.notebook, cells=job.notebook["cells"][::-1])
    assert digest(dataclasses.replace(job, notebook=swapped)) not in seen


def test_what_cannot_be_read_has_no_job_and_what_stops_the_grader_a_reason(tiny, monkeypatch):
    tiny.hand_in("ada", b"")
    assert prepared(tiny.course, "ada").jobs == []
    assert prepared(tiny.course, "ada").refusal == ""

    def broken(*_):
        raise LookupError("a strange notebook")

    monkeypatch.setattr("examiner.course.prepare.restore", broken)
    tiny.hand_in("ada", tiny.right())
    reason = "It stopped the grader: LookupError: a strange notebook."
    assert prepared(tiny.course, "ada").refusal == reason


def test_a_fault_of_the_course_refuses_nobody(tiny):
    """Where the secret cannot be read, no submission is to blame."""
    tiny.hand_in("ada", tiny.right())
    course_secret(tiny.course.root)
    (tiny.course.root / SECRET).write_bytes(b"damaged")
    with pytest.raises(CourseError, match="expected 32 bytes"):
        prepared(tiny.course, "ada")


def odd_notebooks(tiny):
    """Notebooks in which cells are lost, doubled, renamed, edited, turned into others."""
    right = tiny.right()
    lost, doubled, turned = (copy.deepcopy(right) for _ in range(3))
    lost.cells.remove(find(lost, "test_half"))
    lost.cells.remove(find(lost, "double"))
    twice = copy.deepcopy(find(tiny.released, "double"))
    twice.id = "twice"
    doubled.cells.insert(0, twice)
    find(doubled, "test_double").source = "12.0"
    find(doubled, "test_half").metadata.nbgrader["points"] = 100
    find(doubled, "setup").metadata.pop("nbgrader")
    position = turned.cells.index(find(turned, "test_half"))
    cell = turned.cells[position]
    turned.cells[position] = nbformat.v4.new_markdown_cell(
        cell.source, id=cell.id, metadata=cell.metadata
    )
    turned.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    turned.cells.append(new_code_cell("half(1)", outputs=[], execution_count=7))
    return {"right": right, "lost": lost, "doubled": doubled, "turned": turned}


@pytest.mark.course
def test_what_is_prepared_is_what_nbgrader_hands_over(tiny):
    """By workers, where nbgrader's sanitizing half is passed by, and in nbgrader's whole way."""
    course = Course(tiny.course.root, TAKES)
    for student, notebook in odd_notebooks(tiny).items():
        tiny.hand_in(student, notebook)
    tiny.hand_in("renamed", tiny.right(), name="mine.ipynb")
    old = nbformat.writes(nbformat.convert(tiny.right(), 4), version=4).encode()
    tiny.hand_in("old", b"\xef\xbb\xbf" + old)
    tiny.hand_in("empty", b"")

    with open_workers(1) as workers:
        by_workers = course.autograde(A, workers=workers, run=grading_runs.in_this_process)
    prepared = {result.student: graded(course, result.student) for result in by_workers}
    whole = course.autograde(A, force=True)
    assert whole == by_workers
    assert len(whole) == 7
    assert prepared.pop("empty").metadata.strides_grading.refused
    for student, notebook in prepared.items():
        other = graded(course, student)
        assert notebook.metadata.strides_grading.pop("was_ready"), student
        assert not other.metadata.strides_grading.pop("was_ready")
        assert notebook.metadata.strides_grading.pop("pid")
        assert other.metadata.strides_grading.pop("pid") == os.getpid()
        assert notebook == other, student


def graded(course, student):
    return nbformat.read(course.folder("autograded", student, A) / f"{A}.ipynb", 4)


def test_which_preprocessors_take_results():
    assert takes_results(TAKES)
    assert not takes_results(grading_settings("examiner.course.execution.ExecuteSubmission"))
    assert not takes_results(Config())
    assert results_of(object()) == {}


def test_a_run_that_ends_leaves_no_watch_behind(job):
    assert run_in_time(lambda job: {"of": job.student}, job) == {"of": "ada"}
    with pytest.raises(ZeroDivisionError):
        run_in_time(lambda job: 1 / 0, job)


def test_a_run_far_past_its_limit_ends_its_process(tmp_path):
    """In a worker: the job comes back as one whose process died."""
    from examiner.course.workers import ProcessWorkers, WorkerDied

    late = Job("ada", A, {"cells": []}, 0, cell_seconds=1, total_seconds=-59.9)
    workers = ProcessWorkers(1)
    with pytest.raises(WorkerDied):
        workers.submit(run_in_time, wait_for_ever, late).result()
    workers.shutdown()


def wait_for_ever(job):
    import threading

    threading.Event().wait()
