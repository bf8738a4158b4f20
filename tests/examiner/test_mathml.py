"""Formulas become MathML that only lays out."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import jupytext
import pytest

from examiner.markdown import to_html
from examiner.mathml import formula

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "sources").rglob("*.py"))


def test_inline_and_block_formulas() -> None:
    page = to_html("the slope $x_1^2$ and\n\n$$\\frac{1}{N}$$\n")
    assert page.count("<math") == 2
    assert 'display="block"' in page
    assert "$" not in page


def test_a_comparison_stays_one() -> None:
    assert "<mo>&lt;</mo>" in formula("a < b", block=False)


@pytest.mark.parametrize("latex", ["\\left( x", "{" * 3000, "\\frac", "x" * 5000, "\\begin{a}"])
def test_what_is_no_formula(latex: str) -> None:
    assert formula(latex, block=True) == ""


@pytest.mark.parametrize(
    "latex",
    [
        "\\href{javascript:evil()}{x}",
        "\\style{background:url(//evil)}{x}",
        "\\class{score}{x}",
        "\\text{<img src=x onerror=evil()>}",
        "\\text{</math><script>evil()</script>}",
        "\\mathrm{<script>evil()</script>}",
        "\\color{red;} x",
    ],
)
def test_a_formula_carries_nothing_but_layout(latex: str) -> None:
    markup = formula(latex, block=False)
    for word in ("href", "style=", "class=", "<img", "<script"):
        assert word not in markup
    assert markup == "" or ElementTree.fromstring(markup) is not None


@pytest.mark.parametrize("source", SOURCES, ids=[s.stem for s in SOURCES])
def test_every_formula_of_the_course_can_be_shown(source: Path) -> None:
    for cell in jupytext.read(source).cells:
        if cell.cell_type == "markdown":
            page = to_html(cell.source)
            for markup in re.findall(r"<math.*?</math>", page, re.DOTALL):
                ElementTree.fromstring(markup)
            text = re.sub(r"<pre>.*?</pre>|<code>[^\\]*?</code>", "", page, flags=re.DOTALL)
            assert "$" not in text, cell.source
            assert "<code>\\" not in page, cell.source
