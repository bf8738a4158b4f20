"""Controls beside a question: they show the line that answers it, ready for the next cell.

They write nothing themselves, since what counts is the value in the cell. Each is a row of
buttons or a line to type in, so that Tab and the space bar reach everything; where widgets do not
run, a sentence stands in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from ipywidgets import HTML, Button, HBox, Layout, Text, VBox, Widget

from strides.check import BrokenContract, whole_number
from strides.widgets import WIDGET_VIEW

from .quiz import Row, listed

ROW = Layout(flex_flow="row wrap")
BUTTON = Layout(width="auto", min_width="44px", height="auto", min_height="32px")


class Question(VBox):
    """The controls of one question; `value` is the answer that they show, None before that.

    `text` says the same where no widgets run.
    """

    def __init__(self, name: str, text: str, *controls: Widget) -> None:
        self.name, self.text = name, text
        self.value: Any = None
        self.status = HTML()
        super().__init__([HTML(f"<p>{escape(text)}</p>"), *controls, self.status])
        self.add_class("strides-question")
        self.say("No answer yet.")

    def say(self, words: str, line: str = "") -> None:
        """Show words, and a line of code after them; screen readers read it out."""
        code = f" <code>{escape(line)}</code>" if line else ""
        self.status.value = f'<p role="status">{escape(words)}{code}</p>'

    def answer(self, value: Any, shown: str) -> None:
        """Take a value and show the line that says it."""
        self.value = value
        self.say("Write in the next cell:", f"{self.name} = {shown}")

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {
            WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.model_id},
            "text/html": f"<p>{escape(self.text)}</p>",
            "text/plain": self.text,
        }


def button(words: str, act: Any) -> Button:
    """A button; its words are its name for a screen reader."""
    made = Button(description=words, tooltip=words, layout=BUTTON)
    made.on_click(lambda _: act())
    return made


class Number(Question):
    """A line to type a whole number in."""

    def __init__(self, name: str, row: Row, whose: str) -> None:
        look: dict[str, Any] = {"style": {"description_width": "initial"}}
        self.entry = Text(description=f"{name}, your answer:", continuous_update=True, **look)
        super().__init__(name, f"{name}: {listed(row)}. {whose}", self.entry)
        self.entry.observe(lambda change: self.read(), names="value")

    def read(self) -> None:
        """Read what is typed, or say what is wrong with it."""
        try:
            number = whole_number(self.entry.value)
        except BrokenContract as broken:
            self.value = None
            self.say(broken.problem.text)
            return
        self.answer(number, str(number))


class Choice(Question):
    """A button for each option."""

    def __init__(self, name: str, letters: str) -> None:
        self.buttons = {
            letter: button(letter, lambda letter=letter: self.answer(letter, f'"{letter}"'))
            for letter in letters
        }
        text = f"Choose {', '.join(letters[:-1])} or {letters[-1]}: the answer is it, in quotes."
        super().__init__(name, text, HBox(list(self.buttons.values()), layout=ROW))


class Order(Question):
    """A button for each line, pressed in their order, and one that takes the last back."""

    def __init__(self, name: str, letters: str) -> None:
        self.letters: list[str] = []
        self.buttons = {
            letter: button(letter, lambda letter=letter: self.put([*self.letters, letter]))
            for letter in letters
        }
        self.back = button("take the last back", lambda: self.put(self.letters[:-1]))
        row = HBox([*self.buttons.values(), self.back], layout=ROW)
        text = "Press the letters in their order; the answer is a list of letters in quotes."
        super().__init__(name, text, row)

    def put(self, letters: list[str]) -> None:
        """Let these be the letters so far; each can be taken once."""
        self.letters = letters
        for letter, one in self.buttons.items():
            one.disabled = letter in letters
        self.back.disabled = not letters
        self.answer(letters, "[" + ", ".join(f'"{letter}"' for letter in letters) + "]")


def ask_number(name: str, numbers: Mapping[str, Row]) -> Number:
    """A line to type the answer to a question such as "q2_1" in, below the student's numbers.

    `numbers` is what `own_numbers` returns. Raises KeyError for a question without numbers.
    """
    return Number(name, numbers[name], getattr(numbers, "whose", ""))


def ask_choice(name: str, letters: str) -> Choice:
    """Buttons for the options of a question, such as "abcd"."""
    return Choice(name, letters)


def ask_order(name: str, letters: str) -> Order:
    """Buttons for the lines of a question, to be pressed in their order."""
    return Order(name, letters)
