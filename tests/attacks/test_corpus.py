"""The corpus itself: large enough, each entry its own, its bases worth what they should be."""

from __future__ import annotations

import re
from typing import Any

import pytest

from examiner import examine
from strides.check import check

from .assignment import BASES, RIGHT, SETUP, WRONG, fill_in, make_source
from .attack import FULL, POINTS, VISIBLE
from .corpus import HONEST, IN_CODE, IN_FILES, ON_THE_SYSTEM, THEMES, named

EVERY = [(theme, attack) for theme, attacks in THEMES.items() for attack in attacks]


def earned(sources: dict[str, str]) -> dict[str, float]:
    """The points of answers by exercise, from the examiner in this very process."""
    points = {}
    for name in POINTS:
        answers: dict[str, Any] = {}
        exec(SETUP + "\n" + sources[name], answers)
        exercise = f"a1.{name}"
        points[name] = float(check(answers[name], exercise) + examine(answers[name], exercise))
    return points


def test_the_corpus_is_large_enough():
    hostile = sum(len(THEMES[theme]) for theme in named(*IN_CODE, *ON_THE_SYSTEM, *IN_FILES))
    assert hostile >= 80
    assert sum(len(THEMES[theme]) for theme in named(*HONEST)) >= 25


@pytest.mark.parametrize("theme", THEMES)
def test_names_are_one_each_and_fit_a_folder(theme):
    names = [attack.name for attack in THEMES[theme]]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in names)


@pytest.mark.parametrize(
    ("theme", "attack"), EVERY, ids=lambda entry: getattr(entry, "name", entry)
)
def test_an_entry_says_what_it_tries_and_changes_something(theme, attack):
    assert len(attack.tries) > 4
    blank = make_source("canary")
    filled = fill_in(blank, attack, {"@COURSE@": "/c", "@REPO@": "/r"})
    assert not any("@" + "COURSE@" in cell.source for cell in filled.cells)
    assert set(attack.answers) <= set(POINTS)
    changes = (attack.answers, attack.first, attack.free, attack.last, attack.files, attack.content)
    assert any(changes) or attack.edit or attack.base == "blank"


def test_right_answers_earn_all_and_wrong_ones_nothing():
    assert earned(RIGHT) == POINTS
    assert sum(POINTS.values()) == FULL
    assert set(earned(WRONG).values()) == {0.0}
    assert set(BASES) == {"right", "wrong", "blank"}


def test_the_visible_checks_give_five_points():
    from .corpus.memorised import VISIBLE_ONLY

    assert sum(earned(VISIBLE_ONLY).values()) == VISIBLE
