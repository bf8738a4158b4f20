"""A sample class of eight for an assignment: the reference, a blank, and six who differ.

Each variant is a folder of ordinary Python files below `<assignment>/<variant>/`; a file's
name is the grade id of the answer that it replaces. Every other answer is the reference's.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import is_solution

from ..errors import CourseError
from ..record import grade_id

FOLDER = Path(__file__).parent
REFERENCE, BLANK = "reference", "blank"
OWN_ID = "student"
"""The answer that holds a student's own id, in a quiz with own numbers."""


@dataclass(frozen=True)
class Member:
    """A student of the sample class: a made-up name and the variant they hand in."""

    name: str
    variant: str
    about: str


ADA = Member("ada", REFERENCE, "the reference")
BEN = Member("ben", BLANK, "nothing filled in")
MEMBERS = (
    ADA,
    BEN,
    Member("cleo", "loops", "loops where the reference vectorises"),
    Member("dora", "no_max_shift", "softmax without the shift by the maximum"),
    Member("emil", "no_mean", "a sum over the samples in place of their mean"),
    Member("fay", "half_penalty_gradient", "half the gradient of the penalty"),
    Member("gus", "lost_labels", "repeated labels lost by dw[:, y] -= x.T"),
    Member("hana", "endless", "a cell that runs for ever"),
)
"""The class of a1; every class has members of these names, in this order."""

CLASSES = {
    "a1_classifiers": MEMBERS,
    "a5_convolution": (
        ADA,
        BEN,
        Member("cleo", "loops", "loops over all places, pixel by pixel"),
        Member("dora", "kernel_flipped", "the filter flipped: a true convolution"),
        Member("emil", "all_axes_padded", "np.pad(x, pad), which pads samples and channels"),
        Member("fay", "stride_ignored", "dx that ignores the stride"),
        Member("gus", "assigned", "= for += where windows overlap in dx"),
        Member("hana", "endless", "a loop that never moves on, in col2im"),
    ),
    "q2_convolution": (
        ADA,
        BEN,
        Member("cleo", "other_forms", "a number as text, letters large or in one line"),
        Member("dora", "filter_is_flipped", "a true convolution in question 8"),
        Member("emil", "no_bias", "parameters without biases in question 3"),
        Member("fay", "half_the_work", "stride 2 thought to halve the work"),
        Member("gus", "numbers_of_ada", "right answers, for the numbers of ada"),
        Member("hana", "endless", "a cell that runs for ever"),
    ),
}
"""Who hands in what, by assignment."""


def members(assignment: str) -> tuple[Member, ...]:
    """The sample class of an assignment; raises CourseError where it has none."""
    if assignment not in CLASSES:
        raise CourseError(
            f"{assignment} has no sample class; expected one of {', '.join(CLASSES)}."
        )
    return CLASSES[assignment]


def variants(assignment: str) -> list[str]:
    """The variants there are for an assignment, beside the reference and the blank."""
    return sorted(path.name for path in (FOLDER / assignment).glob("[!_]*") if path.is_dir())


def answers(assignment: str, variant: str) -> dict[str, str]:
    """The answers in which a variant differs from the reference, by grade id."""
    files = sorted((FOLDER / assignment / variant).glob("*.py"))
    return {path.stem: path.read_text(encoding="utf-8").strip() for path in files}


def make_class(
    assignment: str, released: NotebookNode, solution: NotebookNode
) -> dict[str, NotebookNode]:
    """The notebook that each member hands in, by name.

    Raises CourseError where a variant answers a cell that the assignment does not have, or
    the assignment has no class.
    """
    them = members(assignment)
    missing = {member.variant for member in them} - {REFERENCE, BLANK, *variants(assignment)}
    if missing:
        raise CourseError(
            f"the sample class of {assignment} is incomplete: expected "
            f"{', '.join(sorted(missing))} below {FOLDER / assignment}."
        )
    reference = {
        grade_id(cell): without_markers(cell.source) for cell in solution.cells if is_solution(cell)
    }
    made = {}
    for member in them:
        own = {OWN_ID: f'{OWN_ID} = "{member.name}"'} if OWN_ID in reference else {}
        sources = _sources(assignment, member.variant, {**reference, **own})
        made[member.name] = fill_in(released, sources)
    return made


def _sources(assignment: str, variant: str, reference: dict[str, str]) -> dict[str, str]:
    if variant == BLANK:
        return {}
    changed = answers(assignment, variant)
    if unknown := sorted(set(changed) - set(reference)):
        raise CourseError(
            f"sample class, {variant}: {assignment} has no answer called {', '.join(unknown)}; "
            f"it has {', '.join(reference)}."
        )
    return {**reference, **changed}


def without_markers(source: str) -> str:
    """A solution as a student would write it, without the lines that mark it as one."""
    markers = ("BEGIN SOLUTION", "END SOLUTION")
    lines = source.splitlines()
    return "\n".join(line for line in lines if not any(mark in line for mark in markers))


def fill_in(released: NotebookNode, sources: dict[str, str]) -> NotebookNode:
    """A copy of the released notebook with these answers, by grade id."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        if is_solution(cell) and grade_id(cell) in sources:
            cell.source = sources[grade_id(cell)]
    return notebook
