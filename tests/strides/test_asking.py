"""The controls beside a quiz's questions show the line to write, and read whole without widgets."""

import re

import pytest

from strides.asking import ask_choice, ask_number, ask_order
from strides.quiz import own_numbers
from strides.widgets import WIDGET_VIEW


@pytest.fixture
def numbers():
    return own_numbers(None, "q2")


def said(question):
    """What the status says, without its markup."""
    assert question.status.value.startswith('<p role="status">')
    return re.sub("<[^>]*>", "", question.status.value).replace("&quot;", '"')


def test_an_option_is_shown_as_a_line_to_write():
    question = ask_choice("q2_7", "abcd")
    assert [button.description for button in question.buttons.values()] == list("abcd")
    assert question.value is None
    assert said(question) == "No answer yet."
    question.buttons["c"].click()
    assert said(question) == 'Write in the next cell: q2_7 = "c"'
    question.buttons["a"].click()
    assert question.value == "a"


def test_an_order_grows_and_shrinks():
    question = ask_order("q2_12", "abc")
    for letter in "cab":
        question.buttons[letter].click()
    assert said(question) == 'Write in the next cell: q2_12 = ["c", "a", "b"]'
    assert all(button.disabled for button in question.buttons.values())
    question.back.click()
    assert question.value == ["c", "a"]
    assert [letter for letter, one in question.buttons.items() if not one.disabled] == ["b"]


def test_a_typed_number_is_read(numbers):
    question = ask_number("q2_1", numbers)
    question.entry.value = "26,370"
    assert said(question) == "Write in the next cell: q2_1 = 26370"
    assert question.value == 26370
    question.entry.value = "b"
    assert "Expected one whole number, such as 26" in said(question)
    assert question.value is None


def test_typed_markup_is_shown_as_text(numbers):
    question = ask_number("q2_1", numbers)
    question.entry.value = "<img src=x>"
    assert "<img" not in question.status.value


def test_the_line_is_python(numbers):
    names = {}
    for question, act in (
        (ask_choice("q2_7", "abcd"), lambda q: q.buttons["b"].click()),
        (ask_order("q2_12", "ab"), lambda q: q.buttons["b"].click()),
        (ask_number("q2_1", numbers), lambda q: setattr(q.entry, "value", "12.5")),
    ):
        act(question)
        exec(said(question).partition(": ")[2], names)
        assert names[question.name] == question.value


def test_the_numbers_stand_beside_the_question(numbers):
    question = ask_number("q2_4", numbers)
    row = numbers["q2_4"]
    expected = f"q2_4: F = {row['F']}, D = {row['D']}. {numbers.whose}"
    assert question.text == expected
    assert question._repr_mimebundle_()["text/plain"] == expected
    assert expected.replace("'", "&#x27;") in question._repr_mimebundle_()["text/html"]


def test_a_label_names_the_line_to_type_in(numbers):
    assert ask_number("q2_4", numbers).entry.description == "q2_4, your answer:"


@pytest.mark.parametrize("make", [ask_choice, ask_order])
def test_it_reads_without_widgets(make):
    question = make("q2_7", "abcd")
    bundle = question._repr_mimebundle_()
    assert bundle[WIDGET_VIEW]["model_id"] == question.model_id
    assert bundle["text/html"] == f"<p>{bundle['text/plain']}</p>"
    assert "in quotes" in bundle["text/plain"]


def test_a_question_without_numbers_is_refused(numbers):
    with pytest.raises(KeyError):
        ask_number("q2_7", numbers)
