"""The demo on the real assignment: a class of eight, graded in one go."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from examiner.course.demo import run_demo, show
from examiner.course.errors import CourseError
from examiner.course.sample_class import MEMBERS

pytestmark = pytest.mark.course
ROOT = Path(__file__).parents[2]
A = "a1_classifiers"
LIMIT = 15


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    root = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "sources" / "assignments" / A, root / "sources" / "assignments" / A)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / "build").mkdir()
    (root / "build" / "mine.txt").write_text("kept")
    left_over = root / "build" / "demo" / "submitted" / "zoe" / A
    left_over.mkdir(parents=True)
    return root


@pytest.fixture(scope="module")
def demo(clone):
    return run_demo(clone, "a1", Console(file=io.StringIO()), LIMIT)


@pytest.fixture(scope="module")
def by_variant(demo):
    variants = {member.name: member.variant for member in MEMBERS}
    return {variants[result.student]: result for result in demo.results}


def test_reference_and_loops_get_everything_and_blank_nothing(by_variant):
    for variant in ("reference", "loops"):
        result = by_variant[variant]
        assert result.points == result.max_points > 0, result.reasons
        assert (result.status, result.diagnoses, result.reasons) == ("graded", [], [])
    blank = by_variant["blank"]
    assert (blank.points, blank.status, blank.diagnoses) == (0, "blank", [])


def test_each_mistake_keeps_most_points_and_is_named(by_variant):
    expected = {
        "no_max_shift": "no_max_shift",
        "no_mean": "no_mean",
        "half_penalty_gradient": "reg_grad_half",
        "lost_labels": "repeated_labels_lost",
    }
    for variant, diagnosis in expected.items():
        result = by_variant[variant]
        assert result.diagnoses == [diagnosis]
        assert result.max_points / 2 < result.points < result.max_points
        assert result.status == "graded"


def test_the_endless_one_is_stopped_and_keeps_its_other_points(by_variant):
    endless = by_variant["endless"]
    assert endless.status == "timed out"
    assert endless.reasons[0] == f"Cell 'svm_loss' was stopped after {LIMIT} s."
    assert endless.max_points / 2 < endless.points < endless.max_points


def test_data_marks_and_pages(demo, clone):
    data = json.loads(demo.data.read_text())
    assert demo.data == clone / "build" / "demo.json"
    assert [entry["student"] for entry in data] == [member.name for member in MEMBERS]
    assert list(data[0]) == [
        "student",
        "assignment",
        "points",
        "max_points",
        "diagnoses",
        "status",
        "seconds",
    ]
    assert all(entry["assignment"] == A and entry["seconds"] > 0 for entry in data)
    with demo.marks.open() as file:
        scores = {row["student"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {entry["student"]: entry["points"] for entry in data}
    assert len(demo.pages) == len(MEMBERS)
    page = next(page for page in demo.pages if "dora" in page.parts).read_text()
    assert "examine(" not in page
    assert str(clone) not in page


def test_pages_show_formulas_and_fetch_nothing(demo):
    for path in demo.pages:
        page = path.read_text()
        assert "<math" in page
        assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=.?(https?:)?//", page)


def test_only_the_demos_folder_was_emptied(demo, clone):
    assert (clone / "build" / "mine.txt").read_text() == "kept"
    assert not (clone / "build" / "demo" / "submitted" / "zoe").exists()
    assert not (clone / "gradebook.db").exists()


def test_the_table_names_everyone_and_every_path(demo, clone):
    console = Console(file=io.StringIO(), width=100)
    show(demo, clone, console)
    text = console.file.getvalue()
    for member in MEMBERS:
        assert member.name in text
        assert f"build/demo/feedback/{member.name}/{A}/{A}.html" in text
    assert "build/demo/marks.csv" in text
    assert "repeated_labels_lost" in text


def test_a_link_in_the_demos_place_is_not_followed(clone, tmp_path, demo):
    folder = clone / "build" / "demo"
    moved = folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(moved)
    try:
        with pytest.raises(CourseError, match="found a link"):
            run_demo(clone, "a1", Console(file=io.StringIO()), LIMIT)
        assert any(moved.iterdir())
    finally:
        folder.unlink()
        moved.rename(folder)
