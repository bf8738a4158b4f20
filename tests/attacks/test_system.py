"""Attacks on the machine that grades: held in their box, ended in time, felt by nobody else."""

from __future__ import annotations

import pytest

from .attack import FULL
from .classroom import Classroom, cases, verify, verify_theme
from .corpus import ON_THE_SYSTEM, named

pytestmark = pytest.mark.course
THEMES = named(*ON_THE_SYSTEM)


@pytest.mark.parametrize("theme", THEMES)
def test_the_others_keep_their_points_and_nothing_is_left(room: Classroom, theme: str) -> None:
    assert [room.theme(theme)[name].result.points for name in ("before", "after")] == [FULL, FULL]
    verify_theme(room, theme)


@pytest.mark.parametrize(("theme", "name"), cases(*THEMES))
def test_submission(room: Classroom, theme: str, name: str) -> None:
    verify(room, room.theme(theme)[name])
