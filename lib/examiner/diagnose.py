"""Naming the mistake: an answer that gives what a known mistake gives."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from strides.check.exam import (
    ALL,
    INPUTS,
    Case,
    Check,
    Diagnose,
    Exam,
    Outcome,
    observe,
    problem_in,
)

from .bank import Bank


def diagnoser(exam: Exam, bank: Bank, cases: list[Case]) -> Diagnose:
    """A function that names the mistake behind a failed check, as (id, what to say), or None.

    A mistake is named only when the answer gives what the mistake gives, in this order:
    1. in every output of every case;
    2. in the check's outputs in every case, where the mistake spoils nothing else: so two
       mistakes at once, one in the loss and one in the gradient, are each named;
    3. in every output of the check's cases, where another mistake hides it elsewhere.
    """
    everything = {output for wanted in exam.checks for output in wanted.on}
    every = list(range(len(cases)))
    expected = [exam.oracle(*case.args.values()) for case in cases]

    @cache
    def outcomes_of(index: int) -> list[Outcome]:
        return observe(exam, bank.mistakes[index].answer, cases)

    def first(
        ours: list[Outcome], check: Check, names: set[str], places: list[int], alone: bool
    ) -> tuple[str, str] | None:
        others = dict.fromkeys(everything - names, ALL)
        for exact in (True, False):
            for index, mistake in enumerate(bank.mistakes):
                theirs = outcomes_of(index)
                if (
                    len(theirs) == len(cases)
                    and _alike(ours, theirs, places, names, exact)
                    and _wrong(check.on, theirs, expected)
                    and not (alone and _wrong(others, theirs, expected))
                ):
                    return mistake.id, mistake.says
        return None

    def name(ours: list[Outcome], check: Check) -> tuple[str, str] | None:
        if len(ours) < len(cases):
            return None
        own = [place for place in every if check.needs(cases[place])]
        named = first(ours, check, everything, every, alone=False)
        named = named or first(ours, check, set(check.on), every, alone=True)
        if not named and _says_much([ours[place] for place in own]):
            named = first(ours, check, everything, own, alone=False)
        return named

    return name


def _says_much(outcomes: list[Outcome]) -> bool:
    """Whether agreeing on these outputs is no chance: enough numbers that are not whole."""
    values = [value.astype(float).ravel() for o in outcomes for value in o.values.values()]
    numbers = np.concatenate([np.zeros(0), *values])
    return int((np.isfinite(numbers) & (numbers % 1 != 0)).sum()) >= 4


def _wrong(
    on: Mapping[str, tuple[str, ...]], outcomes: list[Outcome], expected: list[dict[str, Any]]
) -> bool:
    """Whether the outcomes are wrong somewhere in these outputs and cases."""
    check = Check("", 0, on)
    return any(problem_in(check, o, right) for o, right in zip(outcomes, expected, strict=True))


def _alike(
    ours: list[Outcome], theirs: list[Outcome], places: list[int], names: set[str], exact: bool
) -> bool:
    return all(_same(ours[place], theirs[place], name, exact) for place in places for name in names)


def _same(ours: Outcome, theirs: Outcome, name: str, exact: bool) -> bool:
    """Whether two outcomes agree in one output.

    Rounding makes nan of some entries, and of others in another order of the same sums:
    where `exact` is not asked for, entries that are finite in both have to agree.
    """
    if name == INPUTS:
        return ours.changed == theirs.changed
    a, b = ours.values.get(name), theirs.values.get(name)
    if a is None or b is None:
        same_end = ours.problem and theirs.problem and ours.problem.sign == theirs.problem.sign
        return a is b and bool(same_end)
    if a.shape != b.shape or np.isfinite(a).all() != np.isfinite(b).all():
        return False
    a, b = a.astype(float), b.astype(float)
    both = np.isfinite(a) & np.isfinite(b)
    scale = float(np.max(np.abs(b[both]), initial=0.0))
    if not exact:
        a, b = a[both], b[both]
    rtol = ours.case.rtol if ours.case.same is None else ours.case.same
    return np.allclose(a, b, rtol=rtol, atol=ours.case.atol + rtol * scale, equal_nan=True)
