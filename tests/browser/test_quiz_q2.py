"""Quiz q2 as a student meets it: numbers of their own, and controls for mouse and keyboard."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from browser.axe import grave_findings
from browser.lab import LabNotebook
from strides.quiz import FILE, own_numbers

ROOT = Path(__file__).resolve().parents[2]
NAME = "q2_convolution"
KEY = "0123456789abcdef"


@pytest.fixture(scope="module")
def folder(served):
    """The quiz and its numbers, as they are fetched; the id is written into its cell."""
    folder = served / NAME
    folder.mkdir()
    notebook = nbformat.read(ROOT / "assignments" / NAME / f"{NAME}.ipynb", 4)
    (cell,) = [cell for cell in notebook.cells if cell.id == "student"]
    cell.source = 'student = "ada"'
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    (folder / FILE).write_text(json.dumps({"q2": KEY}))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def quiz(chromium, lab, folder):
    """The quiz, open and run from top to bottom, in a window that shows all of it."""
    page = chromium.new_page(viewport={"width": 1280, "height": 12_000})
    notebook = LabNotebook(page)
    notebook.open(lab, f"{NAME}/{NAME}.ipynb")
    notebook.run_all()
    yield notebook
    page.close()


@pytest.fixture
def asked(quiz):
    """Find the controls of a question by its number."""
    questions = quiz.page.locator(".strides-question")
    return lambda number: questions.nth(number - 1)


def says(question, words: str) -> None:
    """Wait until the question's status says this."""
    question.get_by_role("status").filter(has_text=words).wait_for(timeout=15_000)


def test_it_runs_without_a_complaint(quiz):
    assert quiz.errors() == []
    assert quiz.problems == []
    assert quiz.outside == []
    assert quiz.page.locator(".strides-question").count() == 12


def test_the_students_own_numbers_stand_beside_the_questions(quiz, asked, folder):
    numbers = own_numbers("ada", "q2", folder)
    for number, (name, row) in enumerate(numbers.items(), start=1):
        text = asked(number).inner_text()
        assert f"{name}: " + ", ".join(f"{key} = {value}" for key, value in row.items()) in text
        assert "The numbers of ada." in text


@pytest.mark.parametrize("key", [" ", "Enter"])
def test_an_option_is_chosen_with_the_keyboard(asked, key):
    question = asked(7)
    letter = "b" if key == " " else "d"
    question.get_by_role("button", name=letter, exact=True).press(key)
    says(question, f'Write in the next cell: q2_7 = "{letter}"')


def test_tab_leads_from_option_to_option(quiz, asked):
    question = asked(8)
    question.get_by_role("button", name="a", exact=True).focus()
    for letter in "bcd":
        quiz.page.keyboard.press("Tab")
        focused = quiz.page.evaluate("() => document.activeElement.textContent.trim()")
        assert focused == letter
    quiz.page.keyboard.press(" ")
    says(question, 'q2_8 = "d"')


def test_an_option_is_chosen_with_the_mouse(asked):
    question = asked(9)
    for letter in "ca":
        question.get_by_role("button", name=letter, exact=True).click()
        says(question, f'q2_9 = "{letter}"')


def test_an_order_is_put_together_with_the_keyboard(quiz, asked):
    question = asked(12)
    for letter in "ecb":
        question.get_by_role("button", name=letter, exact=True).press(" ")
    says(question, 'q2_12 = ["e", "c", "b"]')
    assert question.get_by_role("button", name="c", exact=True).is_disabled()
    question.get_by_role("button", name="take the last back").press(" ")
    says(question, 'q2_12 = ["e", "c"]')
    assert question.get_by_role("button", name="b", exact=True).is_enabled()


def test_a_number_is_typed(quiz, asked):
    question = asked(1)
    entry = question.get_by_role("textbox", name="q2_1, your answer:")
    entry.press_sequentially("2x")
    says(question, "Expected one whole number, such as 26")
    entry.press("Backspace")
    entry.press_sequentially("6")
    says(question, "Write in the next cell: q2_1 = 26")


def test_no_grave_finding(quiz):
    assert grave_findings(quiz.page, within=[".strides-question"]) == []


def test_a_picture_of_it(quiz, asked, screenshots):
    asked(1).screenshot(path=screenshots / f"{NAME}_number.png")
    asked(12).screenshot(path=screenshots / f"{NAME}_order.png")
    quiz.page.screenshot(path=screenshots / f"{NAME}.png")


def test_nothing_went_wrong_meanwhile(quiz):
    assert quiz.errors() == []
    assert quiz.problems == []
    assert quiz.outside == []
