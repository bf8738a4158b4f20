"""Open what a student put somewhere: regular files with one name, and through no link.

A symbolic link may lead to the gradebook; a named pipe never ends. So every file is opened by
name from its open folder, its kind is asked before and after, and a link is never followed. A
hard link cannot be told from a file, so a file with a second name anywhere is refused too: with
one, the solutions or another's work could be handed in without being read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_BYTES = 20_000_000
MOST_NAMED = 6
_KINDS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotTaken(Exception):
    """A file that is not taken in, with the reason."""


@contextmanager
def open_folder(folder: Path, below: Path) -> Iterator[int]:
    """A descriptor of a folder, reached from `below` through no link.

    Raises NotTaken where a part of the path is none, OSError where it cannot be opened.
    """
    handle = os.open(below, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in folder.relative_to(below).parts:
            inner = _open_inner(handle, part)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _open_inner(handle: int, name: str) -> int:
    kind = kind_of(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode)
    if kind != "a folder":
        raise NotTaken(f"is {kind or 'a file'}")
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(name, flags, dir_fd=handle)


def kind_of(mode: int) -> str:
    """What a file is, or an empty string for a regular one."""
    return next((name for test, name in _KINDS if test(mode)), "")


def read_regular(handle: int, name: str, most: int = MOST_BYTES) -> tuple[bytes, os.stat_result]:
    """The content of a regular file in an open folder, and its state.

    Raises NotTaken, with a reason that completes "it ...", for what is no regular file with
    one name, or larger than `most` bytes.
    """
    _require_plain(os.stat(name, dir_fd=handle, follow_symlinks=False), most)
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with os.fdopen(os.open(name, flags, dir_fd=handle), "rb") as file:
        info = os.fstat(file.fileno())
        _require_plain(info, most)
        content = file.read(most + 1)
    if len(content) > most:
        raise NotTaken(_too_large(len(content), most))
    return content, info


def _require_plain(info: os.stat_result, most: int) -> None:
    if kind := kind_of(info.st_mode):
        raise NotTaken(f"is {kind}, not a file")
    if info.st_nlink != 1:
        raise NotTaken("has a second name elsewhere (a hard link); copy it and hand in the copy")
    if info.st_size > most:
        raise NotTaken(_too_large(info.st_size, most))


def _too_large(size: int, most: int) -> str:
    return f"has {size / 1e6:.0f} MB, more than {most / 1e6:.0f}; clear its outputs"


def why_not(problem: Exception) -> str:
    if isinstance(problem, NotTaken):
        return str(problem)
    return f"cannot be read ({getattr(problem, 'strerror', None) or type(problem).__name__})"


@contextmanager
def inner_folder(handle: int, folders: Iterable[str]) -> Iterator[int]:
    inner = os.dup(handle)
    try:
        for part in folders:
            next_one = _open_inner(inner, part)
            os.close(inner)
            inner = next_one
        yield inner
    finally:
        os.close(inner)


def readable(names: Iterable[str]) -> str:
    """Names of files as a list to read, the first of them."""
    shown = sorted(names)
    more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    return ", ".join(safe_name(name) for name in shown[:MOST_NAMED]) + more


def safe_name(name: str) -> str:
    """A file's name without characters that cannot be shown, cut to 60."""
    text = "".join(letter if letter.isprintable() else "?" for letter in name)
    return text if len(text) <= 60 else text[:57] + "..."
