"""Formulas become MathML, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import jupytext
import pytest

from examiner.mathml import with_mathml

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "sources").rglob("*.py"))


def test_inline_and_block_formulas() -> None:
    page = with_mathml("the slope $x_1^2$ and\n\n$$\\frac{1}{N}$$\n")
    assert page.count("<math") == 2
    assert 'display="block"' in page
    assert "$" not in page
    assert "_" not in page


@pytest.mark.parametrize(
    "text", ["`$x$` is code", "```\n$x$\n```", "it costs $5 or $6", "a \\$ sign", "no formula"]
)
def test_everything_else_stays(text: str) -> None:
    assert with_mathml(text) == text


def test_a_formula_that_cannot_be_read_stays_as_code() -> None:
    assert with_mathml("so $\\left( x$ here") == "so `\\left( x` here"


@pytest.mark.parametrize("source", SOURCES, ids=[s.stem for s in SOURCES])
def test_every_formula_of_the_course_can_be_shown(source: Path) -> None:
    for cell in jupytext.read(source).cells:
        if cell.cell_type == "markdown":
            page = with_mathml(cell.source)
            for markup in re.findall(r"<math.*?</math>", page, re.DOTALL):
                ElementTree.fromstring(markup)
            assert "$" not in re.sub(r"`[^`]*`", "", page), cell.source
