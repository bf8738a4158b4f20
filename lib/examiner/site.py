"""The lectures as a static site: read offline, by keyboard, on a phone, and searched.

`strides site` calls ``build_site(root, folder, console)`` and prints the report it returns.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from rich.console import Console

from examiner.build.trees import LECTURES, write_atomically
from examiner.site_lecture import Lecture, SiteError, executed, kept, lectures
from examiner.site_page import Page, PageMaker

FOLDER = Path("build", "site")
MARK = "strides-site"
TEMPLATES = Path(__file__).parent / "templates"
COPIED = ("site.css", "site.js")


@dataclass(frozen=True)
class Entry:
    """A lecture and its page, as the templates see them."""

    lecture: Lecture
    page: Page

    @property
    def file(self) -> str:
        return f"{self.lecture.name}.html"


@dataclass(frozen=True)
class SiteReport:
    """Where the site begins, and how many lectures it has."""

    index: Path
    lectures: int

    def __str__(self) -> str:
        return f"{self.index}: open it in a browser ({self.lectures} lectures)"


def build_site(root: Path, folder: Path, console: Console) -> SiteReport:
    """Write the site of all lectures of the course at `root` into `folder`, and nothing else there.

    Lectures that have changed since the last time are run first. Raises SiteError where a
    lecture fails, or where `folder` holds something that is no site of this course.
    """
    check_folder(folder)
    entries = []
    for lecture in lectures(root):
        if not kept(root, lecture).is_file():
            console.print(f"Running {lecture.name} ...", highlight=False)
        entries.append(Entry(lecture, PageMaker().make(executed(root, lecture))))
    files = site_files(root, entries)
    if folder.exists():
        shutil.rmtree(folder)
    for name, content in files.items():
        write_atomically(folder / name, content.encode())
    figures = root / LECTURES / "figures"
    if figures.is_dir():
        shutil.copytree(figures, folder / "figures")
    return SiteReport(folder / "index.html", len(entries))


def check_folder(folder: Path) -> None:
    """Raise SiteError where writing the site would remove something else."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise SiteError(f"{folder}: expected a folder, or nothing; name another with --to.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise SiteError(
            f"{folder}: expected an empty folder or an older site, found other files; "
            "name another with --to."
        )


def site_files(root: Path, entries: list[Entry]) -> dict[str, str]:
    """The site's text files by name."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shared = {"entries": entries, "description": project["description"], "Markup": Markup}
    files = {name: (TEMPLATES / name).read_text(encoding="utf-8") for name in COPIED}
    files[MARK] = "This folder is made anew by `strides site`.\n"
    files["words.js"] = f"const STRIDES_WORDS = {words(entries)};\n"
    for name in ("index", "search"):
        files[f"{name}.html"] = environment.get_template(f"site_{name}.html.j2").render(shared)
    page = environment.get_template("site_lecture.html.j2")
    for place, entry in enumerate(entries):
        around = {
            "here": entry,
            "before": entries[place - 1] if place else None,
            "after": entries[place + 1] if place + 1 < len(entries) else None,
        }
        files[entry.file] = page.render(shared | around)
    return files


def words(entries: list[Entry]) -> str:
    """What the search looks through: a list of sections, as JSON."""
    return json.dumps(
        [
            {
                "lecture": f"{entry.lecture.number} {entry.lecture.subject}",
                "link": f"{entry.file}#{section.anchor}",
                "title": section.title,
                "text": " ".join(section.words),
            }
            for entry in entries
            for section in entry.page.sections
        ],
        ensure_ascii=False,
    )
