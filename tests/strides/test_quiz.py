"""Each student's own numbers: the same each time, others for others, and clear when they fail."""

import json

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

from strides.quiz import FILE, POOLS, draw, own_numbers, quiz_of, seed_of

KEY = "0123456789abcdef"
PINNED = [
    [48, 13, 2, 5],
    [3, 20, 10, 7, 3, 2],
    [3, 23, 39, 20, 5],
    [5, 4],
    [5, 3, 5, 3, 6],
    [3, 20, 14, 4, 5, 3],
]
"""The numbers of ada with this key."""
CLASS = [f"student{number}" for number in range(40)]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / FILE).write_text(json.dumps({"q2": KEY}))
    return tmp_path


def test_the_numbers_are_the_same_each_time(folder):
    assert own_numbers("ada", "q2", folder) == own_numbers("ada", "q2", folder)


def test_the_notebooks_folder_is_looked_at(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert own_numbers("ada", "q2") == own_numbers("ada", "q2", folder)


@pytest.mark.parametrize("typed", ["Ada", " ada ", "ADA"])
def test_capitals_and_spaces_make_no_difference(folder, typed):
    assert own_numbers(typed, "q2", folder) == own_numbers("ada", "q2", folder)


def test_students_have_numbers_of_their_own(folder):
    everybody = {json.dumps(own_numbers(student, "q2", folder)) for student in CLASS}
    assert len(everybody) == len(CLASS)
    for question in POOLS["q2"]:
        rows = {json.dumps(own_numbers(student, "q2", folder)[question]) for student in CLASS}
        assert len(rows) > 10


def test_every_row_of_a_pool_is_drawn_by_somebody():
    drawn = [draw("q2", np.random.default_rng(seed)) for seed in range(1500)]
    for question, pool in POOLS["q2"].items():
        assert {json.dumps(row) for row in pool} == {json.dumps(rows[question]) for rows in drawn}


def test_another_key_draws_other_numbers(folder, tmp_path):
    before = own_numbers("ada", "q2", folder)
    (tmp_path / FILE).write_text(json.dumps({"q2": KEY[::-1]}))
    assert own_numbers("ada", "q2", folder) != before


def test_every_computer_draws_the_same():
    """Pinned: a student's NumPy and the grader's need not be of one version."""
    assert seed_of(KEY, "ada") == 4753366642948641961
    rows = draw("q2", np.random.default_rng(seed_of(KEY, "ada")))
    assert [list(row.values()) for row in rows.values()] == PINNED


@pytest.mark.parametrize("blank", [None, ..., ""])
def test_without_an_id_they_are_nobodys(blank, tmp_path):
    numbers = own_numbers(blank, "q2", tmp_path)
    assert numbers == draw("q2", np.random.default_rng(0))
    assert numbers.whose == "Nobody's numbers: write your id under Your numbers."


def test_they_read_as_text_and_as_a_table(folder):
    numbers = own_numbers(" ada", "q2", folder)
    shown, _ = DisplayFormatter().format(numbers, include=["text/plain", "text/html"])
    first = numbers["q2_1"]
    line = f"n = {first['n']}, window = {first['window']}, stride = {first['stride']}"
    assert shown["text/plain"].startswith(f"The numbers of ada.\nq2_1: {line}")
    assert "<b>The numbers of ada.</b>" in shown["text/html"]
    assert '<th scope="row" style="text-align:left">q2_1</th>' in shown["text/html"]
    assert line in shown["text/html"]


def test_an_id_is_shown_as_text(folder):
    numbers = own_numbers("<b>ada</b>", "q2", folder)
    assert "&lt;b&gt;ada&lt;/b&gt;" in numbers._repr_html_()


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"expected the file numbers\.json beside this"):
        own_numbers("ada", "q2", tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"q2": 3}', '{"q1": "x"}'])
def test_a_damaged_file_says_what_to_do(tmp_path, content):
    (tmp_path / FILE).write_text(content)
    with pytest.raises(ValueError, match=r"numbers\.json: .*Fetch the quiz again\."):
        own_numbers("ada", "q2", tmp_path)


def test_an_id_that_is_no_text_is_refused(folder):
    with pytest.raises(TypeError, match='expected your id in quotes, such as "ada"; received 17'):
        own_numbers(17, "q2", folder)


def test_a_quiz_without_numbers_is_refused(folder):
    with pytest.raises(ValueError, match="quiz: expected one of q2; received 'q9'"):
        own_numbers(None, "q9", folder)


def test_the_quiz_of_an_assignment():
    assert quiz_of("q2_convolution") == quiz_of("q2") == "q2"
    assert quiz_of("a5_convolution") == ""
