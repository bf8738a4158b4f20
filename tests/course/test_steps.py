"""nbgrader's outcomes become one line, or an interruption."""

from __future__ import annotations

import pytest

from examiner.course.errors import CourseError
from examiner.course.steps import checked, reason_of

LOG = """[INFO] Converting notebook x.ipynb
[ERROR] There was an error processing assignment: /srv/x
[ERROR] Traceback (most recent call last):
  File "/srv/nbgrader/base.py", line 3, in f
sqlalchemy.exc.OperationalError: database is locked

[ERROR] There was an error processing assignment 'a1' for student 'ada'
"""
ERROR = "Traceback:\nnbgrader.converters.base.NbGraderException: Please see the above traceback"


def test_the_reason_is_the_exception_and_not_the_summary():
    assert reason_of({"log": LOG, "error": ERROR}) == "database is locked"


def test_without_an_exception_the_first_error_line():
    assert reason_of({"log": "[INFO] a\n[CRITICAL] No course id\n", "error": "x"}) == "No course id"
    assert reason_of({"success": False}) == "nbgrader gave no reason"


def test_checked():
    checked({"success": True}, "doing")
    with pytest.raises(CourseError, match="doing: database is locked"):
        checked({"success": False, "log": LOG, "error": ERROR}, "doing")
    with pytest.raises(KeyboardInterrupt):
        checked({"success": False, "error": "Traceback:\nKeyboardInterrupt"}, "doing")
    with pytest.raises(CourseError, match="Windows"):
        checked(None, "doing")
