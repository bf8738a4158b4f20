"""Looking for what must not come out: secret words, paths, active HTML, processes, files."""

from __future__ import annotations

import json
import os
import re
import time
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from examiner.course.record import KEY

CANARY = re.compile(r"canary-[0-9a-f]{16}")
LEAKED = "LEAKED"
MARK = "strides-atk"
HIDDEN_WORDS = ("from examiner import",)
PATIENCE = 10.0
ACTIVE_TAGS = frozenset(
    ["script", "iframe", "object", "embed", "applet", "base", "form", "frame", "frameset"]
    + ["meta", "link", "portal"]
)


def new_canary() -> str:
    """A word that stands nowhere unless somebody copied it."""
    return f"canary-{os.urandom(8).hex()}"


def written(notebook: NotebookNode) -> str:
    """Everything in a notebook but the sources of its cells and the seed that was recorded."""
    plain = json.loads(json.dumps(notebook))
    plain["metadata"].get(KEY, {}).pop("seed", None)
    for cell in plain["cells"]:
        cell.pop("source", None)
    return json.dumps(plain, ensure_ascii=False)


def found_in(text: str, own: str, paths: tuple[str, ...], hashes: tuple[str, ...]) -> list[str]:
    """What a text gives away: canaries but one's own, a shout of LEAKED, paths, secrets."""
    canaries = set(CANARY.findall(text)) - {own}
    shouts = [text[max(0, m.start() - 20) : m.end() + 200] for m in re.finditer(LEAKED, text)][:3]
    return [*canaries, *shouts, *(p for p in paths if p in text), *(h for h in hashes if h in text)]


class _Active(HTMLParser):
    """Collects the tags and attributes of a page that could run code or fetch something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE_TAGS:
            self.found[f"<{tag} {sorted((n, (v or '')[:80]) for n, v in attrs)}>"] += 1
        if tag in ("script", "style"):
            self.inside = tag
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name in ("srcdoc", "formaction", "background", "ping"):
                self.found[f"{name}={address[:80]}"] += 1
            if address.startswith(("javascript:", "vbscript:", "data:text")):
                self.found[f"{name}={address[:80]}"] += 1
            if name in ("src", "srcset", "poster", "xlink:href") and not address.startswith(
                ("data:image/", "#")
            ):
                self.found[f"{name}={address[:80]}"] += 1
            if name == "style" and re.search(r"url\(|expression|position|@import", address):
                self.found[f"style={address[:80]}"] += 1

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and "evil" in data:
            self.found[f"{self.inside}: {data[:80]}"] += 1


def active_html(page: str) -> Counter[str]:
    """What in a page could run code, fetch something or cover the page, with how often."""
    parser = _Active()
    parser.feed(page)
    return parser.found


def _processes() -> dict[int, str]:
    """Every process's name and command line, by id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "comm").read_text() + (folder / "cmdline").read_text()
        except OSError:
            continue
        found[int(folder.name)] = text
    return found


def left_behind() -> dict[int, str]:
    """Marked processes that are still there; those that are about to end get a moment."""
    until = time.monotonic() + PATIENCE
    while True:
        left = {pid: text for pid, text in _processes().items() if MARK in text}
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.05)


def marked_files(*folders: Path) -> list[Path]:
    """Files that an attack left on this machine."""
    return [path for folder in folders if folder.is_dir() for path in folder.glob(f"*{MARK}*")]


def not_plain(folder: Path) -> list[str]:
    """What in a folder is neither a folder nor a regular file of one name."""
    odd = []
    for path in folder.rglob("*"):
        info = path.lstat()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            odd.append(str(path))
        elif path.is_file() and info.st_nlink > 1:
            odd.append(f"{path} (another name of a file)")
    return odd


def texts_of(value: Any) -> str:
    """All text in plain data."""
    return json.dumps(value, ensure_ascii=False, default=str)
