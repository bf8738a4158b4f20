"""Submissions go out a few at a time and come back once each, in the order they are done."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from examiner.course.arrivals import AHEAD, as_they_arrive
from examiner.course.errors import CourseError
from examiner.course.jobs import digest
from examiner.course.prepare import Prepared
from examiner.course.workers import WorkerDied
from examiner.safe.job import Job


class ByHand:
    """Workers whose jobs end when the test says so."""

    size = 2

    def __init__(self):
        self.sent = []

    def submit(self, fn, run, job):
        self.sent.append((job, Future()))
        return self.sent[-1][1]

    def done(self, name, problem=None):
        for job, future in self.sent:
            if job.student == name and not future.done():
                future.set_exception(problem) if problem else future.set_result({"of": name})
                return

    def stop(self):
        raise AssertionError("nobody asked for that")


def a_job(student, number=0):
    return Job(student, "a1", {"cells": []}, number, 1.0, 1.0)


def prepare(student):
    if student == "odd":
        return Prepared(refusal="It stopped the grader.")
    return Prepared(
        jobs=[a_job(student, n) for n in range({"unreadable": 0, "two": 2}.get(student, 1))]
    )


def test_in_the_order_in_which_they_are_done():
    workers = ByHand()
    arrivals = as_they_arrive(workers, ["ada", "ben", "two"], prepare, run=dict)
    # what a caller does while it waits: here the jobs end before they are asked for
    sent = []

    def submit(fn, run, job):
        sent.append((job, Future()))
        if len(sent) == 4:
            sent[2][1].set_result({})
            sent[1][1].set_result({"of": "ben"})
        return sent[-1][1]

    workers.submit = submit
    first = next(arrivals)
    assert (first.student, first.refusal) == ("ben", "")
    assert first.results[digest(a_job("ben"))].result() == {"of": "ben"}
    sent[3][1].set_result({})
    assert next(arrivals).student == "two"
    sent[0][1].set_result({})
    assert next(arrivals).student == "ada"
    assert list(arrivals) == []


def test_what_has_no_job_or_stops_the_grader_comes_without_waiting():
    workers = ByHand()
    arrivals = as_they_arrive(workers, ["ada", "odd", "unreadable"], prepare, run=dict)
    first, second = next(arrivals), next(arrivals)
    assert (first.student, first.refusal) == ("odd", "It stopped the grader.")
    assert (second.student, second.results) == ("unreadable", {})
    workers.done("ada")
    assert [done.student for done in arrivals] == ["ada"]


def test_only_a_few_are_sent_ahead():
    workers = ByHand()
    students = [f"s{number:02}" for number in range(30)]
    arrivals = as_they_arrive(workers, students, prepare, run=dict)
    seen, most = [], AHEAD * workers.size
    submit = workers.submit

    def submit_and_end(fn, run, job):
        future = submit(fn, run, job)
        if len(workers.sent) >= most:
            workers.done(workers.sent[len(workers.sent) - most][0].student)
        return future

    workers.submit = submit_and_end
    for _ in range(20):
        seen.append(next(arrivals).student)
        assert sum(not future.done() for _, future in workers.sent) < most
        assert len(workers.sent) <= len(seen) + most
    assert seen == students[:20]


def test_a_worker_that_died_and_a_fault_of_the_grader_refuse_one_submission():
    workers = ByHand()
    submit = workers.submit
    problems = {"ada": WorkerDied("it ended its process, 2 times"), "ben": LookupError("odd")}

    def submit_and_fail(fn, run, job):
        future = submit(fn, run, job)
        workers.done(job.student, problems.get(job.student))
        return future

    workers.submit = submit_and_fail
    arrivals = list(as_they_arrive(workers, ["ada", "ben", "cleo"], prepare, run=dict))
    assert [(done.student, done.refusal) for done in arrivals] == [
        ("ada", "It could not be graded: it ended its process, 2 times."),
        ("ben", "It stopped the grader: LookupError: odd."),
        ("cleo", ""),
    ]


def test_where_no_worker_can_grade_the_reason_ends_it():
    workers = ByHand()
    arrivals = as_they_arrive(workers, ["ada", "ben"], prepare, run=dict)
    submit = workers.submit

    def no_sandbox(fn, run, job):
        future = submit(fn, run, job)
        workers.done(job.student, CourseError("no sandbox here"))
        return future

    workers.submit = no_sandbox
    with pytest.raises(CourseError, match="no sandbox here"):
        next(arrivals)
