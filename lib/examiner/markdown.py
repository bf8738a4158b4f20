"""A student's Markdown as HTML that nothing of it can run in.

The text is rendered first and cleaned after, so that it does not matter by which of Markdown's
many ways some HTML came in. Formulas are put in last, as MathML that this course made.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from jinja2 import pass_context
from mistune import HTMLRenderer
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from examiner.course.scrub import clean_html
from examiner.mathml import formula

MOST_MARKDOWN = 30_000
MOST_COLOURED = 20_000
MOST_COLOURED_LINE = 500
TRUSTED = "strides_html"
"""In a cell's metadata: its source is HTML of the page's own."""

_PLACE = re.compile("\ue000(\\d+)\ue001")
_PYTHON = ("python", "py", "python3", "ipython3")


class Renderer(HTMLRenderer):
    """mistune's HTML, with formulas set aside and pictures only from a cell's attachments."""

    def __init__(self, attachments: dict[str, dict[str, str]]) -> None:
        super().__init__(escape=False)
        self.attachments = attachments
        self.formulas: list[tuple[str, bool]] = []

    def block_code(self, code: str, info: str | None = None) -> str:
        language = (info or "").partition(" ")[0].lower()
        if language in _PYTHON and can_be_coloured(code):
            return str(highlight(code, PythonLexer(), HtmlFormatter()))
        return f"<pre><code>{escape(code)}</code></pre>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        text = escape(_PLACE.sub(self._latex, unescape(text)))
        bundle = self.attachments.get(url.removeprefix("attachment:"))
        if url.startswith("attachment:") and bundle:
            kind, data = next(iter(bundle.items()))
            url = f"data:{kind};base64,{data}"
        if not url.startswith("data:image/"):
            return f"<em>[picture: {text or escape(url)}]</em>"
        return f'<img src="{escape(url)}" alt="{text}">'

    def inline_math(self, body: str) -> str:
        return self._set_aside(body, block=False)

    def block_math(self, body: str) -> str:
        return self._set_aside(body, block=True)

    def latex_environment(self, name: str, body: str) -> str:
        return self._set_aside(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    def _set_aside(self, latex: str, block: bool) -> str:
        self.formulas.append((latex, block))
        return f"\ue000{len(self.formulas) - 1}\ue001"

    def put_back(self, html: str) -> str:
        """The cleaned HTML with its formulas. Cleaning leaves no place for one in a tag."""
        return _PLACE.sub(self._mathml, html)

    def _latex(self, place: re.Match[str]) -> str:
        return self.formulas[int(place[1])][0]

    def _mathml(self, place: re.Match[str]) -> str:
        latex, block = self.formulas[int(place[1])]
        return formula(latex, block) or f"<code>{escape(latex)}</code>"


def to_html(source: str, attachments: dict[str, dict[str, str]] | None = None) -> str:
    """Markdown as harmless HTML; as plain text where it is too long or cannot be read."""
    if len(source) > MOST_MARKDOWN:
        return as_text(source)
    source = source.replace("\ue000", "").replace("\ue001", "")
    renderer = Renderer(attachments or {})
    try:
        html = MarkdownWithMath(renderer=renderer).render(source)
        return renderer.put_back(clean_html(html))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return as_text(source)


def as_text(source: str) -> str:
    """Text as HTML that shows it as it is, cut where it is long."""
    cut = source[:MOST_MARKDOWN]
    more = f" ... ({len(source):,} characters)" if len(source) > len(cut) else ""
    return f"<pre>{escape(cut)}{more}</pre>"


def can_be_coloured(source: str) -> bool:
    """Whether highlighting a source ends soon: in a long line it takes its square in time."""
    longest = max(map(len, source.split("\n")))
    return len(source) <= MOST_COLOURED and longest <= MOST_COLOURED_LINE


@pass_context
def markdown_to_html(context: Any, source: str) -> str:
    """The filter `markdown2html` of nbconvert's templates; `context` is the template's."""
    cell = context.get("cell", {})
    metadata = cell.get("metadata", {})
    if metadata.get(TRUSTED) is True and source == cell.get("source"):
        return source
    attachments = cell.get("attachments")
    return to_html(source, attachments if isinstance(attachments, dict) else None)
