"""Markdown is readable, and nothing in it runs, loads or takes the page's names."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from examiner.markdown import MOST_MARKDOWN, TRUSTED, markdown_to_html, to_html

PIXEL = "iVBORw0KGgo="


class Attributes(HTMLParser):
    """The names of all attributes of a page."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        self.found |= {name for name, _ in attrs}


def test_text_lists_tables_and_code_are_kept():
    page = to_html(
        "# A *b*\n\n- one\n- `x < y`\n\n|a|b|\n|-|-|\n|1|2|\n\n```python\nx = 1\n```\n~~no~~"
    )
    for part in ("<h1>", "<em>b</em>", "<li>", "<code>x &lt; y</code>", "<td>1</td>", "<del>no"):
        assert part in page
    assert '<span class="n">x</span>' in page


def test_hints_and_web_links_are_kept():
    page = to_html(
        "<details><summary>Hint</summary>\n\n$x<y$ [l](https://example.org/?a=1&b=2)</details>"
    )
    assert page.count("details") == 2
    assert 'href="https://example.org/?a=1&amp;b=2"' in page
    assert 'rel="noopener noreferrer"' in page
    assert "<math" in page


@pytest.mark.parametrize("text", ["`$x$` is code", "```\n$x$\n```", "a \\$ sign", "no formula"])
def test_what_is_no_formula_is_none(text):
    assert "<math" not in to_html(text)


def test_a_formula_that_cannot_be_read_stays_as_code():
    assert "so <code>\\left( x</code> here" in to_html("so $\\left( x$ here")


def test_a_formula_in_an_attribute_stays_latex():
    source = '![$\\text{" onerror="evil()}$](data:image/png;base64,AAAA) and ![a > $x$](b)'
    seen = Attributes()
    seen.feed(to_html(source))
    assert seen.found == {"src", "alt"}
    assert "picture: a &gt; x" in to_html(source)
    assert "<math" not in to_html(source)


@pytest.mark.parametrize("place", ["\ue0000\ue001", "&#xe000;0&#xe001;", "&#xe000;7&#xe001;"])
def test_places_of_formulas_cannot_be_forged(place):
    page = to_html(f'<b title="{place}">x</b> $a$ {place}')
    assert not re.search(r"<b[^>]*<math", page)


def test_attached_pictures_are_shown_and_others_are_named():
    attached = {"a.png": {"image/png": PIXEL}}
    assert f"data:image/png;base64,{PIXEL}" in to_html("![a](attachment:a.png)", attached)
    for url in ("attachment:b.png", "https://evil.test/x.png", "/hub/logout", "a.png"):
        page = to_html(f"![what it shows]({url})", attached)
        assert "<img" not in page
        assert "[picture: what it shows]" in page


def test_too_long_is_shown_as_text_and_cut():
    page = to_html("<b>" * MOST_MARKDOWN)
    assert page.startswith("<pre>&lt;b&gt;")
    assert f"{3 * MOST_MARKDOWN:,} characters" in page


@pytest.mark.parametrize(
    "piece", ["[", "*a ", "<b>", "`", "> ", "$", "\\begin{a}", "![", "<div>", "_a_", "(", "|a"]
)
def test_many_of_one_kind_come_to_an_end(piece):
    source = piece * (MOST_MARKDOWN // len(piece))
    assert len(to_html(source)) > 0


def test_long_lines_of_code_are_not_coloured():
    page = to_html("```python\n" + "a." * 10_000 + "\n```")
    assert "<span" not in page
    assert "a." * 10_000 in page


def test_only_the_pages_own_cells_are_taken_as_they_are():
    own = {"source": "<table></table>", "metadata": {TRUSTED: True}}
    assert markdown_to_html({"cell": own}, "<table></table>") == "<table></table>"
    assert "<script>" not in markdown_to_html({"cell": own}, "<script>x</script>")
