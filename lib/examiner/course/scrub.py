"""Take scripts and machine paths out of what a student's notebook shows."""

from __future__ import annotations

import re

import bleach
from bleach.css_sanitizer import CSSSanitizer

_CELL_FILE = re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py")
_SYNTAX_ERROR = re.compile(r"\(\d+\.py, (line \d+)\)")
_PATH = re.compile(r"(?<![\w:/.<])/(?:[\w.+-]+/)+([\w.+-]*)")
_WINDOWS_PATH = re.compile(r"\b[A-Za-z]:\\(?:[^\\\s]+\\)+")
_ACTIVE_TAG = re.compile(
    r"<(?=\s*/?\s*(?:script|iframe|object|embed|applet|style|link|meta|base|form|svg|math)\b"
    r"|[^>]*[\s/\"']on\w+\s*=)",
    flags=re.IGNORECASE,
)
_SCRIPT_ADDRESS = re.compile(r"(?:java|vb)script\s*:|data\s*:\s*text/html", flags=re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b.*?(?:</script\s*>|\Z)", flags=re.IGNORECASE | re.DOTALL)

_TEXT_TAGS = (
    "a abbr b blockquote br caption code col colgroup dd details div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre q s samp small span strong sub summary sup table "
    "tbody td tfoot th thead tr u ul var"
)
_DRAWING_TAGS = (
    "svg g path rect circle ellipse line polyline polygon text tspan title desc defs marker"
)
_ATTRIBUTES = (
    "alt aria-label aria-labelledby class colspan cx cy d dx dy fill fill-opacity font-family "
    "font-size font-weight height href id markerHeight markerWidth open opacity orient points r "
    "refX refY role rowspan rx ry scope src stroke stroke-dasharray stroke-linecap stroke-opacity "
    "stroke-width style text-anchor title transform viewBox width x x1 x2 xmlns y y1 y2"
)
_STYLES = (
    "background background-color border border-bottom border-collapse border-left border-radius "
    "border-right border-top color display fill font-family font-size font-style font-weight gap "
    "grid-template-columns height line-height margin margin-bottom margin-left margin-right "
    "margin-top max-width min-width opacity overflow padding padding-bottom padding-left "
    "padding-right padding-top stroke stroke-width text-align vertical-align white-space width"
)


def clean_text(text: str) -> str:
    """Text with each absolute path cut to its last part, a cell's temporary file named as such."""
    text = _SYNTAX_ERROR.sub(r"(\1)", _CELL_FILE.sub("this cell", text))
    return _WINDOWS_PATH.sub("", _PATH.sub(r"\1", text))


def clean_html(html: str) -> str:
    """HTML or SVG without scripts, handlers, forms, frames and addresses that run code."""
    return bleach.clean(
        _SCRIPT.sub("", html),
        tags=frozenset(f"{_TEXT_TAGS} {_DRAWING_TAGS}".split()),
        attributes=_ATTRIBUTES.split(),
        protocols=frozenset({"http", "https", "data"}),
        css_sanitizer=CSSSanitizer(allowed_css_properties=_STYLES.split()),
        strip=True,
    )


def clean_markdown(source: str) -> str:
    """Markdown whose HTML tags that could run code are shown as text."""
    return _SCRIPT_ADDRESS.sub("", _ACTIVE_TAG.sub("&lt;", _SCRIPT.sub("", source)))
