"""Files that are no notebook, or no file: links, pipes, devices, bytes, names, sizes."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..assignment import ASSIGNMENT
from ..attack import BLANK, FULL, GRADED, REFUSED, Attack, Expect

NAME = f"{ASSIGNMENT}.ipynb"
REFUSED_ONLY = Expect(0, (REFUSED,))
BESIDE = Expect(FULL, (GRADED, REFUSED))
MENDED = Expect((0, FULL), (GRADED, BLANK, REFUSED))
"""Graded as far as it can be read, or refused: never more, and always with the reason."""
Files = Callable[[Path, Path], Any]


def file(
    name: str, tries: str, make: Callable[[bytes], bytes], says: str = "", **more: Any
) -> Attack:
    """Bytes in place of the notebook: refused with a reason."""
    more.setdefault("expects", Expect(0, (REFUSED,), says=says))
    return Attack(name, tries, base="right", content=make, **more)


def folder(name: str, tries: str, make: Files, **more: Any) -> Attack:
    """Something odd in the folder that is handed in, beside a right notebook."""
    more.setdefault("expects", Expect(FULL))
    return Attack(name, tries, base="right", files=make, **more)


def linked_to(*parts: str, symbolic: bool = True) -> Files:
    """Put a link in the notebook's place, to a file of the course."""

    def make(place: Path, course: Path) -> None:
        target = course.joinpath(*parts)
        (place / NAME).unlink()
        if symbolic:
            (place / NAME).symlink_to(target)
        else:
            os.link(target, place / NAME)

    return make


def linked_beside(place: Path, course: Path) -> None:
    """Links to everything worth reading, beside the notebook."""
    for name, target in {
        "data.csv": course / "gradebook.db",
        "notes.txt": course / "nbgrader_config.py",
        "solution.ipynb": course / "solutions" / ASSIGNMENT / NAME,
        "all": course,
        "figure.png": Path("/etc/passwd"),
        "up.csv": Path("../../../gradebook.db"),
        "loop": Path("loop"),
        "gone.csv": Path("/nonexistent"),
    }.items():
        (place / name).symlink_to(target)


def linked_folder(place: Path, course: Path) -> None:
    """The folder itself is a link to the solutions."""
    for path in sorted(place.rglob("*"), reverse=True):
        path.unlink()
    place.rmdir()
    place.symlink_to(course / "solutions" / ASSIGNMENT)


def hard_links(place: Path, course: Path) -> None:
    os.link(course / "gradebook.db", place / "data.csv")
    os.link(course / "solutions" / ASSIGNMENT / NAME, place / "notes.txt")


def pipe(place: Path, course: Path) -> None:
    (place / NAME).unlink()
    os.mkfifo(place / NAME)


def pipes_beside(place: Path, course: Path) -> None:
    os.mkfifo(place / "data.csv")
    os.mkfifo(place / "timestamp.txt")
    end = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(place)
    try:
        end.bind("s.csv")
    finally:
        os.chdir(here)
        end.close()
    with suppress(OSError):  # only root can
        os.mknod(place / "zero.csv", 0o600 | stat.S_IFCHR, os.makedev(1, 5))


def folder_in_place(place: Path, course: Path) -> None:
    (place / NAME).unlink()
    (place / NAME).mkdir()
    (place / NAME / "inner.ipynb").write_text("{}")


def many_files(place: Path, course: Path) -> None:
    for number in range(3000):
        (place / f"data{number}.csv").write_text("1,2\n")


def large_file(place: Path, course: Path) -> None:
    for name in ("data.csv", "more.bin", "model.npz"):
        with open(place / name, "wb") as handle:
            handle.truncate(3_000_000_000)


def huge_notebook(place: Path, course: Path) -> None:
    with open(place / NAME, "ab") as handle:
        handle.truncate(2_000_000_000)


def odd_names(place: Path, course: Path) -> None:
    names = ["a\nb.csv", "<script>evil()<.csv", "--help.csv", "$(touch strides-atk-name).csv",
             "'; drop table grade; --.csv", ".hidden", "...csv", "x" * 250 + ".csv",
             "é\u202etxt.csv", "con.csv", "*.ipynb.csv", "~root.csv", "%2e%2e%2f.csv"]  # fmt: skip
    for name in names:
        (place / name).write_text("1")
    with open(os.fsencode(place) + b"/\xff\xfe.csv", "w"):
        pass


def deep_folders(place: Path, course: Path) -> None:
    deep = place
    for _ in range(60):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / NAME).write_text("{}")


def two_notebooks(place: Path, course: Path) -> None:
    content = (place / NAME).read_bytes()
    (place / NAME).unlink()
    (place / "one.ipynb").write_bytes(content)
    (place / "two.ipynb").write_bytes(content)


def more_notebooks(place: Path, course: Path) -> None:
    (place / "evil.ipynb").write_text("{")
    (place / f"{ASSIGNMENT}-copy.ipynb").write_bytes((place / NAME).read_bytes())
    (place / ".ipynb_checkpoints").mkdir()
    (place / ".ipynb_checkpoints" / NAME).write_text("{")


def nothing(place: Path, course: Path) -> None:
    (place / NAME).unlink()


def unreadable(place: Path, course: Path) -> None:
    (place / NAME).chmod(0)
    (place / "data.csv").write_text("1")
    (place / "data.csv").chmod(0)


def forged_stamp(place: Path, course: Path) -> None:
    (place / "timestamp.txt").write_text("1970-01-01 00:00:00.0 UTC\x00<script>evil()</script>")


def feedback_beside(place: Path, course: Path) -> None:
    (place / f"{ASSIGNMENT}.html").write_text("<script>evil()</script><h1>21 of 21</h1>")
    (place / "submission_secret.txt").write_text("../../../../evil")


def old_format(content: bytes) -> bytes:
    """The notebook as nbformat 3 wrote it, in worksheets."""
    new = json.loads(content)
    cells = []
    for cell in new["cells"]:
        source = "".join(cell["source"]) if isinstance(cell["source"], list) else cell["source"]
        old = {"cell_type": cell["cell_type"], "metadata": cell["metadata"]}
        if cell["cell_type"] == "code":
            old |= {"input": source, "outputs": [], "language": "python", "collapsed": False}
        else:
            old |= {"source": source}
        cells.append(old)
    sheet = {"cells": cells, "metadata": {}}
    return json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}
    ).encode()


def with_field(**fields: Any) -> Callable[[bytes], bytes]:
    """The notebook's JSON with other values for some fields."""
    return lambda content: json.dumps(json.loads(content) | fields).encode()


def cells_changed(**fields: Any) -> Callable[[bytes], bytes]:
    """The notebook's JSON with other values for some fields of every cell."""

    def make(content: bytes) -> bytes:
        data = json.loads(content)
        data["cells"] = [cell | fields for cell in data["cells"]]
        return json.dumps(data).encode()

    return make


ATTACKS: list[Attack] = [
    folder(
        "link_gradebook",
        "is a link to the gradebook",
        linked_to("gradebook.db"),
        expects=REFUSED_ONLY,
    ),
    folder(
        "link_solution",
        "is a link to the solutions",
        linked_to("solutions", ASSIGNMENT, NAME),
        expects=REFUSED_ONLY,
    ),
    folder(
        "link_neighbour",
        "is a link to another's submission",
        linked_to("submitted", "files-000-before", ASSIGNMENT, NAME),
        expects=REFUSED_ONLY,
    ),
    folder(
        "hard_link_solution",
        "is another name of the solutions' file",
        linked_to("solutions", ASSIGNMENT, NAME, symbolic=False),
        expects=REFUSED_ONLY,
    ),
    folder(
        "links_beside", "has links to all that is secret beside it", linked_beside, expects=BESIDE
    ),
    folder(
        "link_folder",
        "the whole folder is a link to the solutions",
        linked_folder,
        expects=REFUSED_ONLY,
    ),
    folder(
        "hard_links_beside", "has other names of secret files beside it", hard_links, expects=BESIDE
    ),
    folder("pipe", "is a named pipe, which never ends to be read", pipe, expects=REFUSED_ONLY),
    folder(
        "pipes_beside", "has pipes, a socket and a device beside it", pipes_beside, expects=BESIDE
    ),
    folder("folder_in_place", "is a folder", folder_in_place, expects=REFUSED_ONLY),
    folder("files_many", "has 3000 files beside it", many_files, expects=BESIDE),
    folder("files_large", "has 9 GB of files beside it", large_file, expects=BESIDE),
    folder("notebook_huge", "has 2 GB", huge_notebook, expects=REFUSED_ONLY),
    folder("names_odd", "has files of odd names beside it", odd_names, expects=BESIDE),
    folder("folders_deep", "has sixty folders in each other", deep_folders, expects=BESIDE),
    folder(
        "notebooks_two", "has two notebooks of other names", two_notebooks, expects=REFUSED_ONLY
    ),
    folder("notebooks_more", "has further notebooks, one broken", more_notebooks),
    folder("nothing", "has no file at all", nothing, expects=REFUSED_ONLY),
    folder("unreadable", "has files that nobody may read", unreadable, expects=BESIDE),
    folder("stamp_forged", "says it came in 1970", forged_stamp, expects=BESIDE),
    folder("feedback_beside", "brings its own feedback page", feedback_beside),
    file("empty", "an empty file", lambda content: b"", "empty"),
    file("blanks", "a file of blanks", lambda content: b" \n" * 1000, "empty"),
    file("nul_bytes", "NUL bytes", lambda content: b"\0" * 5000),
    file("nul_inside", "a notebook with NUL bytes in it", lambda c: c.replace(b"{", b"{\0", 3)),
    file(
        "nul_escaped",
        "a notebook with escaped NULs in a cell",
        lambda c: c.replace(b"# Attacked", b"# Attacked \\u0000"),
        expects=BESIDE,
    ),
    file("cut", "half a notebook", lambda content: content[: len(content) // 2], "cut off"),
    file("binary", "a PDF", lambda content: b"%PDF-1.7\xff\xfe" + os.urandom(300), "binary"),
    file("archive", "a zip", lambda content: b"PK\x03\x04" + os.urandom(300)),
    file(
        "utf16",
        "a notebook in UTF-16",
        lambda content: content.decode().encode("utf-16"),
        expects=BESIDE,
    ),
    file(
        "surrogates",
        "a notebook with lone surrogates",
        lambda c: c.replace(b"# Attacked", b"# Attacked \\ud800"),
        expects=BESIDE,
    ),
    file("page", "an HTML page", lambda content: b"<html><script>evil()</script>", "begins with"),
    file("letter", "a letter", lambda content: b"Dear teacher, 21 of 21 please.", "begins with"),
    file("number", "JSON, but a number", lambda content: b"21"),
    file("list", "JSON, but a list", lambda content: b"[" + content + b"]"),
    file("deep", "JSON nested a million times", lambda content: b"[" * 1_000_000),
    file(
        "deep_inside",
        "a notebook whose metadata is nested ten thousand times",
        lambda c: c.replace(
            b'"metadata": {',
            b'"metadata": {"a": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b", ",
            1,
        ),
        expects=MENDED,
    ),
    file(
        "long_number",
        "a notebook with a number of a million digits",
        lambda c: c.replace(b'"metadata": {', b'"metadata": {"a": ' + b"9" * 1_000_000 + b", ", 1),
        expects=MENDED,
    ),
    file("version_9", "a notebook of format 9", with_field(nbformat=9), expects=MENDED),
    file(
        "version_text",
        "a notebook whose format is a word",
        with_field(nbformat="four"),
        expects=MENDED,
    ),
    file(
        "version_true", "a notebook whose format is true", with_field(nbformat=True), expects=BESIDE
    ),
    file(
        "version_huge",
        "a notebook of minor format 10^30",
        with_field(nbformat_minor=10**30),
        expects=BESIDE,
    ),
    file("version_3", "a notebook of format 3", old_format, expects=Expect(FULL, (GRADED,))),
    file(
        "cells_none", "a notebook whose cells are nothing", with_field(cells=None), expects=MENDED
    ),
    file(
        "cells_text",
        "a notebook whose cells are words",
        with_field(cells=["a", 1, None]),
        expects=MENDED,
    ),
    file(
        "cells_empty",
        "a notebook without cells",
        with_field(cells=[]),
        expects=Expect(0, (BLANK, GRADED, REFUSED), says="missing"),
    ),
    file(
        "metadata_list",
        "a notebook whose metadata is a list",
        with_field(metadata=[1]),
        expects=MENDED,
    ),
    file(
        "sources_number", "cells whose source is a number", cells_changed(source=7), expects=MENDED
    ),
    file(
        "sources_nested",
        "cells whose source is a list of lists",
        cells_changed(source=[["a"]]),
        expects=MENDED,
    ),
    file(
        "types_strange",
        "cells of a type that does not exist",
        cells_changed(cell_type="evil"),
        expects=MENDED,
    ),
    file(
        "metadata_null",
        "cells whose metadata is null",
        cells_changed(metadata=None),
        expects=MENDED,
    ),
    file(
        "ids_strange",
        "cells whose ids are long and odd",
        cells_changed(id="<script>evil()"),
        expects=BESIDE,
    ),
    file(
        "fields_more",
        "cells with fields that nobody knows",
        cells_changed(evil=[1, {"a": 2}]),
        expects=BESIDE,
    ),
    file(
        "names_twice",
        "a notebook that names its cells twice",
        lambda c: c.rstrip()[:-1] + b', "cells": [], "nbformat": 4}',
        expects=Expect((0, FULL), (BLANK, GRADED, REFUSED)),
    ),
    file(
        "byte_order_mark",
        "a notebook that begins with a byte-order mark",
        lambda content: b"\xef\xbb\xbf" + content,
        expects=Expect(FULL),
    ),
]
