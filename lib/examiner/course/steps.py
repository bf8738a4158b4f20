"""Run one step of nbgrader and say in one line why it failed, if it did."""

from __future__ import annotations

import re
from typing import Any

from .errors import CourseError

_EXCEPTION = re.compile(r"^(?:[\w]+\.)*(\w*(?:Error|Exception|Entry|Interrupt|Died)): (.+)$")
_SUMMARY = "Please see the"


def checked(outcome: dict[str, Any] | None, doing: str) -> None:
    """Take what nbgrader's `capture_log` returned.

    Raises KeyboardInterrupt where the person stopped the step, and CourseError with
    nbgrader's own reason where it failed.
    """
    if outcome is None:
        raise CourseError(f"{doing}: nbgrader's exchange does not work on Windows.")
    if outcome["success"]:
        return
    if "KeyboardInterrupt" in outcome.get("error", ""):
        raise KeyboardInterrupt
    raise CourseError(f"{doing}: {reason_of(outcome)}")


def reason_of(outcome: dict[str, Any]) -> str:
    """The line of nbgrader's log and traceback that says why a step failed."""
    lines = (outcome.get("log", "") + "\n" + outcome.get("error", "")).splitlines()
    found = [match for line in lines if (match := _EXCEPTION.match(line.strip()))]
    reasons = [match[2] for match in found if not match[2].startswith(_SUMMARY)]
    if reasons:
        return reasons[-1]
    errors = [line for line in lines if "[ERROR]" in line or "[CRITICAL]" in line]
    return errors[0].split("] ", 1)[-1] if errors else "nbgrader gave no reason"
