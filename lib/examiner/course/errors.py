"""Errors of the course's loop, worded for the person who runs it."""

from __future__ import annotations


class CourseError(Exception):
    """A step could not be done: what was expected, where, and what to do."""


class UnreadableSubmission(Exception):
    """A submitted file that no notebook can be read from, with the reason."""
