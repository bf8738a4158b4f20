"""A cell's role: the short marker of a source, and nbgrader's metadata of a notebook.

    # %% solution="softmax_loss"                 the student's cell
    # %% test="softmax_loss" points=12           locked, graded by running it
    # %% [markdown] answer="why_mean" points=3   the student's text, graded by hand
    # %% locked="setup"                          a cell that students cannot change

`expand` and `collapse` are each other's inverse.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

SCHEMA_VERSION = 3
ROLES = ("solution", "test", "answer", "locked")
MARKERS = (*ROLES, "points", "tags")
GRADED = ("test", "answer")
TEST_PREFIX = "test_"
NAME = re.compile(r"[a-z][a-z0-9_]*")
GRADING_KEYS = ("grade", "solution", "locked", "task", "grade_id", "points")


def role_of(markers: Mapping[str, Any]) -> str | None:
    """The role that a cell's markers give it, None where they give none."""
    return next((role for role in ROLES if role in markers), None)


def grade_id(markers: Mapping[str, Any]) -> str | None:
    """The nbgrader id of a cell with these markers, None where it has no role."""
    role = role_of(markers)
    if role is None:
        return None
    return TEST_PREFIX + markers[role] if role == "test" else markers[role]


def expand(markers: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook metadata of a cell whose markers have no `marker_problems`."""
    metadata: dict[str, Any] = {}
    role = role_of(markers)
    if role:
        metadata["nbgrader"] = {
            "schema_version": SCHEMA_VERSION,
            "grade": role in GRADED,
            "solution": role in ("solution", "answer"),
            "locked": role in ("test", "locked"),
            "task": False,
            "grade_id": grade_id(markers),
        }
        if role in GRADED:
            metadata["nbgrader"]["points"] = markers["points"]
    if markers.get("tags"):
        metadata["tags"] = list(markers["tags"])
    return metadata


def grading_of(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What nbgrader's metadata say of a cell's role and points, empty where it has none."""
    grading = metadata.get("nbgrader") or {}
    if not any(grading.get(key) for key in ("grade", "solution", "locked", "task")):
        return {}
    return {key: grading[key] for key in GRADING_KEYS if key in grading}


def collapse(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The markers that expand to a cell's notebook metadata.

    Keys that JupyterLab leaves behind (collapsed, execution, scrolled) are dropped.
    Raises ValueError for an nbgrader cell that no marker describes.
    """
    markers: dict[str, Any] = {}
    grading = grading_of(metadata)
    if grading:
        markers.update(_collapse_role(grading))
    if metadata.get("tags"):
        markers["tags"] = list(metadata["tags"])
    return markers


def _collapse_role(grading: Mapping[str, Any]) -> dict[str, Any]:
    name = str(grading.get("grade_id", ""))
    kind = (bool(grading.get("grade")), bool(grading.get("solution")))
    if grading.get("task"):
        raise ValueError(f"cell {name!r} is a manually graded task; use a markdown answer cell")
    if kind == (False, False):
        return {"locked": name}
    if kind == (False, True):
        return {"solution": name}
    if kind == (True, True):
        return {"answer": name, "points": grading.get("points")}
    if not name.startswith(TEST_PREFIX):
        raise ValueError(f"test cell {name!r}: expected an id that begins with {TEST_PREFIX!r}")
    return {"test": name.removeprefix(TEST_PREFIX), "points": grading.get("points")}


def marker_problems(markers: Mapping[str, Any], kind: str) -> Iterator[str]:
    """Say what is wrong with the markers of a cell of this kind ("code", "markdown", "raw")."""
    if "title" in markers:
        yield f"cannot read {markers['title']!r} on the cell line; {_expected(markers['title'])}"
        return
    if "incorrectly_encoded_metadata" in markers:
        text = str(markers["incorrectly_encoded_metadata"])
        yield f"cannot read {text!r} on the cell line; names stand in double quotes"
        return
    for key in markers:
        if key not in MARKERS:
            yield f"unknown marker {key!r}; {_expected(key)}"
    roles = [role for role in ROLES if role in markers]
    if len(roles) > 1:
        yield f"expected one role, received {' and '.join(roles)}"
    for role in roles:
        yield from _role_problems(role, markers, kind)
    if "points" in markers and not any(role in GRADED for role in roles):
        yield "points belong to a test or an answer; this cell is neither"


def _role_problems(role: str, markers: Mapping[str, Any], kind: str) -> Iterator[str]:
    name, points = markers[role], markers.get("points")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        yield f'expected {role}="a_name" in lower case, digits and _, received {name!r}'
    if role == "answer" and kind != "markdown":
        yield "an answer graded by hand is a markdown cell: '# %% [markdown] answer=...'"
    if role in ("solution", "test") and kind != "code":
        yield f"a {role} is a code cell; this one is {kind}"
    if role not in GRADED:
        return
    if points is None:
        yield f"{role} {name!r} has no points; add points=5, say"
    elif isinstance(points, bool) or not isinstance(points, int | float) or points < 0:
        yield f"expected points=5, say, received points={points!r}"


def _expected(word: str) -> str:
    close = difflib.get_close_matches(word.split()[0], MARKERS, n=1)
    return f"did you mean {close[0]}=...?" if close else f"expected one of {', '.join(MARKERS)}"
