"""The table that grading ends with."""

from __future__ import annotations

import io

from rich.console import Console

from examiner.course.display import outcomes, results_table, steps
from examiner.course.results import Result


def printed(results, about=None, width=100):
    console = Console(file=io.StringIO(), width=width)
    console.print(results_table(results, about))
    return console.file.getvalue()


def test_points_status_and_what_was_found():
    text = printed(
        [
            Result("ada", "a1", 60, 60, status="graded"),
            Result("dora", "a1", 45.5, 60, ["no_max_shift", "no_mean"], "graded", waiting=2),
            Result("hana", "a1", 51, 60, status="timed out", reasons=["Cell 'f' was stopped."]),
            Result("ida", "a1", 9, 60, status="timed out", reasons=["f is late.", "g is odd."]),
            Result("lee", "a1", 0, 60, status="needs a look", reasons=["one", "two", "three"]),
        ],
        {"ada": "the reference"},
    )
    lines = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert "60/60 100 %" in lines["ada"]
    assert "the reference" in lines["ada"]
    assert "45.5/60  76 %" in lines["dora"]
    assert "no_max_shift, no_mean" in lines["dora"]
    assert "2 cells to mark by hand" in text
    assert "timed out" in lines["hana"]
    assert "Cell 'f' was stopped." in lines["hana"]
    assert "f is late." in lines["ida"]
    assert "g is odd." in text
    assert "and 2 more such lines" in text


def test_an_assignment_without_points_and_markup_in_a_reason():
    text = printed([Result("ada", "a1", status="refused", reasons=["found [bold]x[/bold].txt"])])
    assert "0/0   0 %" in text
    assert "[bold]x[/bold].txt" in text


def test_a_refused_file_is_asked_for_again_and_not_marked_by_hand():
    result = Result("ada", "a1", status="refused", reasons=["the file is empty."], waiting=12)
    text = printed([result])
    assert "the file is empty." in text
    assert "ask for it again" in text
    assert "by hand" not in text


def test_progress_counts_to_its_end():
    console = Console(file=io.StringIO(), width=100)
    with steps(console, 3) as bar:
        bar.at("collect")
        bar.done(2)
        bar.done()
    text = console.file.getvalue()
    assert "collect" in text
    assert "3/3" in text


def test_submissions_are_counted_by_outcome():
    console = Console(file=io.StringIO(), width=100)
    with outcomes(console, 3, "grade a1") as bar:
        for status in ("graded", "refused", "graded"):
            bar.take(Result("ada", "a1", status=status))
    text = console.file.getvalue()
    assert "grade a1" in text
    assert "3/3" in text
    assert "2 graded, 1 refused" in text


def test_what_ran_without_a_sandbox_says_so():
    text = printed([Result("ada", "a1", 60, 60, status="graded", unsafe=True)])
    assert "without a sandbox" in text
