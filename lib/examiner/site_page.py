"""A lecture's cells as HTML that needs no kernel and no network, and the words to find it by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from examiner.markdown import Renderer
from examiner.mathml import NAMESPACE

SHOWN_FIRST = ("text/html", "image/svg+xml", "image/png", "text/markdown", "text/plain")
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
FORMULA = re.compile(r"<math .*?</math>", re.DOTALL)
LEAF = re.compile(r"</m(?:i|n|o|text)>")
FUNCTIONS = frozenset(["ln", "log", "exp", "sin", "cos", "tan"])
SHORT = 15
"""As many symbols of a formula in a line of text stand on a phone without scrolling."""


@dataclass
class Section:
    """A part of a lecture from one heading to the next: where it stands, and its words."""

    anchor: str
    title: str
    level: int
    words: list[str] = field(default_factory=list)

    @property
    def short(self) -> str:
        """The title without the minutes that it takes."""
        return re.sub(r" · \d+ min$", "", self.title)


@dataclass(frozen=True)
class Page:
    """A lecture as HTML, its title, and its sections; the first one is the whole page's."""

    title: str
    body: str
    sections: list[Section]

    @property
    def minutes(self) -> str:
        """How long the lecture says it takes, such as "110 minutes"; empty where it does not."""
        found = re.search(r"\b\d+ minutes", " ".join(self.sections[0].words))
        return found[0] if found else ""


class LectureRenderer(Renderer):
    """The course's own Markdown: headings get anchors, pictures and notebooks are linked."""

    def __init__(self, attachments: dict[str, dict[str, str]], page: PageMaker) -> None:
        super().__init__(attachments)
        self.page = page

    def heading(self, text: str, level: int, **_: Any) -> str:
        title = plain(self.put_back(text))
        anchor = self.page.begin(title, level)
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if url.startswith(("data:", "attachment:")):
            return super().image(text, url, title)
        return f'<img src="{escape(url)}" alt="{escape(text)}">'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, re.sub(r"\.ipynb(?=#|$)", ".html", url), title)


class PageMaker:
    """Makes a lecture's HTML cell by cell, and notes its sections on the way."""

    def __init__(self) -> None:
        self.sections: list[Section] = []

    def make(self, notebook: NotebookNode) -> Page:
        body = "".join(part for cell in notebook.cells for part in self.cell(cell))
        return Page(self.sections[0].title, body, self.sections)

    def begin(self, title: str, level: int) -> str:
        """Note a heading; returns its anchor, which no other heading of the page has."""
        base = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "section"
        taken = {section.anchor for section in self.sections}
        numbered = (f"{base}-{n}" for n in range(2, len(taken) + 3))
        anchor = base if base not in taken else next(a for a in numbered if a not in taken)
        self.sections.append(Section(anchor, title, level))
        return anchor

    def note(self, html: str) -> None:
        """Keep the words of a piece of HTML for the search."""
        if self.sections and (words := plain(html)):
            self.sections[-1].words.append(words)

    def cell(self, cell: NotebookNode) -> Iterator[str]:
        if cell.cell_type == "markdown":
            html = self.markdown(cell.source, cell.get("attachments", {}))
            self.note(html)
            yield f'<div class="text">{html}</div>\n'
        elif cell.cell_type == "code" and cell.source.strip():
            shown = [html for output in cell.outputs if (html := self.output(output))]
            code = highlight(cell.source, PythonLexer(), HtmlFormatter(cssclass="code"))
            for html in (code, *shown):
                self.note(html)
            yield f'<div class="cell">{code}{"".join(shown)}</div>\n'

    def markdown(self, source: str, attachments: dict[str, dict[str, str]]) -> str:
        renderer = LectureRenderer(attachments, self)
        html = renderer.put_back(MarkdownWithMath(renderer=renderer).render(source))
        html = TABLE.sub(r'<div class="wide">\g<0></div>', html)
        return FORMULA.sub(_set, html)

    def output(self, output: NotebookNode) -> str:
        """One output as HTML; empty where it shows nothing."""
        if output.output_type == "stream":
            return _preformatted(output.text, output.name)
        if output.output_type == "error":
            return _preformatted("\n".join(output.traceback), "stderr")
        data = output.data
        kind = next((kind for kind in SHOWN_FIRST if data.get(kind)), None)
        if kind is None:
            return ""
        return f'<div class="output">{self.shown(kind, data)}</div>'

    def shown(self, kind: str, data: dict[str, Any]) -> str:
        """What a bundle shows, by the first of its kinds that a page can hold."""
        if kind in ("text/html", "image/svg+xml"):
            return str(data[kind])
        if kind == "image/png":
            alt = escape(data.get("text/plain", ""))
            return f'<img alt="{alt}" src="data:image/png;base64,{data[kind].strip()}">'
        if kind == "text/markdown":
            return self.markdown(data[kind], {})
        return _preformatted(data[kind], "result")


def _set(found: re.Match[str]) -> str:
    """A formula set as in a book, and in a box of its own where it may be wider than a phone."""
    formula = spaced(found[0])
    block = 'display="block"' in formula.partition(">")[0]
    if not block and len(LEAF.findall(formula)) <= SHORT:
        return formula
    return f'<span class="formula{"" if block else " inline"}">{formula}</span>'


def spaced(formula: str) -> str:
    """MathML with a thin space around the names of functions, so that "ln p" is not one word."""
    root = ElementTree.fromstring(formula)
    for row in [part for part in root.iter() if _local(part) in ("math", "mrow")]:
        for place, part in reversed(list(enumerate(row))):
            if _local(part) != "mi" or part.text not in FUNCTIONS:
                continue
            if place + 1 < len(row) and row[place + 1].text != "(":
                row.insert(place + 1, _thin_space())
            if place and _local(row[place - 1]) != "mo":
                row.insert(place, _thin_space())
    return ElementTree.tostring(root, encoding="unicode")


def _local(part: ElementTree.Element) -> str:
    return part.tag.removeprefix(f"{{{NAMESPACE}}}")


def _thin_space() -> ElementTree.Element:
    return ElementTree.Element(f"{{{NAMESPACE}}}mspace", width="0.17em")


def _preformatted(text: str, kind: str) -> str:
    return f'<pre class="{escape(kind)}">{ansi2html(text)}</pre>' if text.strip() else ""


def plain(html: str) -> str:
    """The words of some HTML, pictures by their alt text."""
    soup = BeautifulSoup(html, "html.parser")
    for picture in soup.find_all(["img", "svg"]):
        picture.replace_with(f" {picture.get('alt') or picture.get('aria-label') or ''} ")
    return " ".join(soup.get_text().split())
