"""Take scripts and machine paths out of what a student's notebook shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape, unescape
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import tinycss2
from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner
from pygments.token import STANDARD_TYPES

MOST_HTML = 3_000_000
MOST_TAGS = 20_000
MOST_DEPTH = 1_000
MOST_STYLE = 2_000
PREFIX = "work-"
"""Put before ids in a student's HTML, so that none is one of the page's own."""

_WORD = re.compile(r"\S+")
_CELL_FILE = re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py")
_SYNTAX_ERROR = re.compile(r"\(\d+\.py, (line \d+)\)")
_PATH = re.compile(r"(?<![\w:/.<])/(?:[\w.+-]+/)+([\w.+-]*)")
_WINDOWS_PATH = re.compile(r"\b[A-Za-z]:\\(?:[^\\\s]+\\)+")
_UNSHOWN = ("script", "style", "template", "noscript", "iframe", "object", "title", "desc")
_MATHS = re.compile(r"</?m(?:ath|text|glyph|[ions])\b[^<>]*>", flags=re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z]\w*)[^<>]*?(/?)(?:>|(?=<)|\Z)")
_EMPTY = ("br", "hr", "img", "col", "wbr", "input", "meta", "link")
_TABLE = re.compile(r"<(/?)table\b", flags=re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_SPACE = re.compile(r"[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]+")
_UNWRITTEN = re.compile("[\0\ue000\ue001]")
_LOCAL = re.compile(r"url\(\s*[\"']?#([\w.:-]+)[\"']?\s*\)")

_TEXT_TAGS = (
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption "
    "figure h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre q s samp small span strong sub summary sup "
    "table tbody td tfoot th thead tr u ul var"
)
_DRAWING_TAGS = (
    "svg g path rect circle ellipse line polyline polygon text tspan defs marker "
    "clipPath linearGradient radialGradient stop image"
)
_ATTRIBUTES = (
    "alt aria-label aria-labelledby class clip-path colspan cx cy d dx dy fill fill-opacity "
    "fill-rule font-family font-size font-style font-weight fx fy gradientUnits height href id "
    "marker-end marker-start markerHeight markerUnits markerWidth offset opacity open orient "
    "points preserveAspectRatio r refX refY role rowspan rx ry scope src start stop-color "
    "stop-opacity stroke stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity "
    "stroke-width style text-anchor title transform viewBox width x x1 x2 xmlns y y1 y2"
)
_STYLES = (
    "background background-color border border-bottom border-collapse border-left border-radius "
    "border-right border-spacing border-top color display fill font-family font-size font-style "
    "font-weight gap grid-template-columns height image-rendering line-height margin "
    "margin-bottom margin-left margin-right margin-top max-height max-width min-width opacity "
    "overflow overflow-x padding padding-bottom padding-left padding-right padding-top stroke "
    "stroke-width text-align vertical-align white-space width"
)
_NAME = re.compile(r"[\w ,.-]*")
_FUNCTIONS = "rgb rgba hsl hsla calc repeat minmax min max"
_CLASSES = frozenset({"dataframe", "highlight", "strides-score", "strides-figure"})
_COLOURS = frozenset(STANDARD_TYPES.values()) - {""}


def clean_text(text: str) -> str:
    """Text with each absolute path cut to its last part, a cell's temporary file named as such."""
    if "ipykernel_" in text:
        text = _WORD.sub(lambda word: _cell_named(word[0]), text)
    text = _SYNTAX_ERROR.sub(r"(\1)", text)
    return _WINDOWS_PATH.sub("", _PATH.sub(r"\1", text))


def _cell_named(word: str) -> str:
    found = _CELL_FILE.match(word) if "ipykernel_" in word else None
    return f"this cell{word[found.end() :]}" if found else word


def clean_html(html: str) -> str:
    """HTML or SVG with nothing that runs, loads, submits, or takes the place of the page's own.

    What is too large to be looked through is shown as text, cut.
    """
    if len(html) > MOST_HTML or html.count("<") > MOST_TAGS or _depth(html) > MOST_DEPTH:
        return f"<pre>{escape(html[:2_000])} ... (too large to be shown)</pre>"
    for tag in _UNSHOWN:
        html = _without(html, tag)
    html = _closed(_MATHS.sub("", html))
    return str(_CLEANER.clean(html))


def _depth(html: str) -> int:
    """How deep tags are nested, at most; looking through them takes its square in time."""
    depth = deepest = 0
    for found in _TAG.finditer(html):
        closing, name, closed = found.groups()
        if closing:
            depth -= 1
        elif name.lower() not in _EMPTY and not (closed and name in _DRAWING_TAGS):
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _closed(html: str) -> str:
    """HTML whose comment or table without an end is text, since it would hide what follows."""
    before, mark, after = html.rpartition("<!--")
    if mark and "-->" not in after:
        html = f"{before}&lt;!--{after}"
    tables = Counter(_TABLE.findall(html))
    return html if tables[""] == tables["/"] else _TABLE.sub(r"&lt;\1table", html)


def _without(html: str, tag: str) -> str:
    """HTML without the elements of one tag that are closed; others keep their text."""
    kept, low, at = [], html.translate(_LOWER), 0
    while (start := low.find(f"<{tag}", at)) >= 0 and (end := low.find(f"</{tag}", start)) >= 0:
        kept.append(html[at:start])
        at = end + len(tag) + 2
        at = closing + 1 if (closing := low.find(">", at)) >= 0 else len(html)
    return "".join([*kept, html[at:]])


class _Harmless(Filter):
    """Goes over tags and attributes that bleach let through, by name, and judges their values."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in Filter.__iter__(self):
            if token["type"] in ("StartTag", "EmptyTag"):
                self._judge(token["name"], token["data"])
            elif token["type"] == "Characters":
                token["data"] = clean_text(token["data"])
            yield token

    def _judge(self, tag: str, attributes: dict[tuple[str | None, str], str]) -> None:
        for key, value in list(attributes.items()):
            kept = _value(tag, key[1], _UNWRITTEN.sub("", unescape(value)))
            if kept is None:
                del attributes[key]
            else:
                attributes[key] = kept.replace("&", "&amp;")
        if tag == "a" and (None, "href") in attributes:
            attributes[None, "rel"] = "noopener noreferrer"


def _value(tag: str, name: str, value: str) -> str | None:
    """What an attribute may say; None where it may not be there."""
    if name == "href":
        return _link(tag, value)
    if name == "src":
        return value if tag == "img" and _PICTURE.fullmatch(value) else None
    if name == "style":
        return _style(value)
    if name == "class":
        allowed = _CLASSES | _COLOURS if tag == "span" else _CLASSES
        return " ".join(word for word in value.split() if word in allowed) or None
    if name == "id":
        return PREFIX + value
    if name == "aria-labelledby":
        return " ".join(PREFIX + word for word in value.split())
    if name == "xmlns":
        return value if value == "http://www.w3.org/2000/svg" else None
    if "url" in value.lower() or "\\" in value:
        local = _LOCAL.fullmatch(value.strip())
        if local is None and name not in ("alt", "title", "aria-label"):
            return None
        return f"url(#{PREFIX}{local[1]})" if local else value
    return value


def _link(tag: str, value: str) -> str | None:
    bare = _SPACE.sub("", value)
    if tag == "image":
        return value if _PICTURE.fullmatch(value) else None
    if tag != "a":
        return None
    if bare.startswith("#"):
        return f"#{PREFIX}{bare[1:]}"
    return bare if bare.lower().startswith(("http://", "https://", "mailto:")) else None


def _style(value: str) -> str | None:
    """A style attribute's known properties with values that load and overlay nothing."""
    kept = []
    if len(value) > MOST_STYLE:
        return None
    for rule in tinycss2.parse_declaration_list(value, skip_comments=True, skip_whitespace=True):
        if rule.type != "declaration" or rule.lower_name not in _STYLES.split():
            continue
        if all(_is_plain(part, rule.lower_name) for part in rule.value):
            kept.append(f"{rule.lower_name}:{tinycss2.serialize(rule.value).strip()}")
    return ";".join(kept) or None


def _is_plain(part: Any, name: str) -> bool:
    if part.type == "function":
        return part.lower_name in _FUNCTIONS.split() and all(
            _is_plain(a, name) for a in part.arguments
        )
    if part.type in ("number", "dimension", "percentage"):
        return bool(part.value >= 0) and (part.value <= 5_000 or part.is_integer)
    if part.type == "literal":
        return part.value in ",/+-*"
    if part.type in ("ident", "hash", "string"):
        return bool(_NAME.fullmatch(part.value))
    return part.type == "whitespace"


class _JudgedLater:
    """Lets style attributes through to `_Harmless`."""

    def sanitize_css(self, style: str) -> str:
        """The style as it is."""
        return style


_CLEANER = Cleaner(
    tags=frozenset(f"{_TEXT_TAGS} {_DRAWING_TAGS}".split()),
    attributes=_ATTRIBUTES.split(),
    protocols=frozenset({"http", "https", "mailto", "data"}),
    css_sanitizer=_JudgedLater(),
    strip=True,
    filters=[_Harmless],
)
