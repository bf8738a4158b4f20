"""Each student's own numbers, drawn from their id and a key of the course.

The key lies in the file numbers.json, which comes with the quiz. It is drawn from a secret of the
course, so another course has other numbers; it says nothing of that secret, nor of any answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from .pools import POOLS, Row

FILE = "numbers.json"
SEED_BITS = 63
NOBODYS = 0
"""The seed of the numbers that are shown where no id is given."""


class Numbers(dict[str, Row]):
    """The numbers of each question, by its name; `whose` says to whom they belong."""

    def __init__(self, rows: dict[str, Row], whose: str) -> None:
        super().__init__(rows)
        self.whose = whose

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        lines = [f"{question}: {listed(row)}" for question, row in self.items()]
        printer.text("\n".join([self.whose, *lines]))

    def _repr_html_(self) -> str:
        cells = "".join(
            f'<tr><th scope="row" style="text-align:left">{escape(question)}</th>'
            f'<td style="text-align:left">{escape(listed(row))}</td></tr>'
            for question, row in self.items()
        )
        caption = f'<caption style="text-align:left"><b>{escape(self.whose)}</b></caption>'
        return f"<table>{caption}<tbody>{cells}</tbody></table>"


def own_numbers(student: Any, quiz: str, folder: Path | str = ".") -> Numbers:
    """The numbers of a quiz such as "q2" for a student's id.

    Without an id (None, ..., an empty text) they are nobody's, and say so. Raises
    FileNotFoundError where the folder has no numbers.json, ValueError where it is damaged, and
    TypeError for an id that is no text.
    """
    if student is None or student is Ellipsis or student == "":
        return Numbers(_drawn(quiz, NOBODYS), "Nobody's numbers: write your id under Your numbers.")
    if not isinstance(student, str):
        raise TypeError(f'expected your id in quotes, such as "ada"; received {student!r:.40}')
    seed = seed_of(key_in(Path(folder), quiz), student)
    return Numbers(_drawn(quiz, seed), f"The numbers of {student.strip()}.")


def key_in(folder: Path, quiz: str) -> str:
    """The course's key for a quiz, from the folder's numbers.json."""
    path = folder / FILE
    try:
        keys = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"expected the file {FILE} beside this notebook, where your numbers come from; "
            f"none is in {folder.resolve()}. Fetch the quiz again, the folder as a whole."
        ) from None
    except ValueError as problem:
        raise ValueError(f"{path}: is damaged ({problem}). Fetch the quiz again.") from None
    if not isinstance(keys, dict) or not isinstance(keys.get(quiz), str):
        raise ValueError(f"{path}: expected a key for {quiz}, found none. Fetch the quiz again.")
    return str(keys[quiz])


def seed_of(key: str, student: str) -> int:
    """A student's seed from 0 to 2**63 - 1: HMAC-SHA256 of the id with the course's key, cut.

    Capital letters and spaces around the id make no difference.
    """
    name = student.strip().casefold().encode()
    digest = hmac.new(key.encode(), name, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - SEED_BITS)


def draw(quiz: str, rng: np.random.Generator) -> dict[str, Row]:
    """The numbers of each question, drawn from the rows of its pool.

    Taken from the generator's raw bits, which every version of NumPy has the same of (NEP 19).
    """
    pools = POOLS[quiz]
    bits = rng.bit_generator.random_raw(len(pools))
    return {
        question: dict(pool[int(raw) % len(pool)])
        for (question, pool), raw in zip(pools.items(), bits, strict=True)
    }


def _drawn(quiz: str, seed: int) -> dict[str, Row]:
    if quiz not in POOLS:
        raise ValueError(f"quiz: expected one of {', '.join(POOLS)}; received {quiz!r}")
    return draw(quiz, np.random.default_rng(seed))


def quiz_of(assignment: str) -> str:
    """The quiz with own numbers that an assignment such as "q2_convolution" is, or ""."""
    name = assignment.partition("_")[0]
    return name if name in POOLS else ""


def listed(row: Row) -> str:
    """Numbers with their names: `n = 7, window = 3`."""
    return ", ".join(f"{name} = {value}" for name, value in row.items())
