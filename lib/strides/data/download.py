"""Fetching one file over HTTP: resumed after a cut, checked, and placed whole or not at all."""

import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeVar

from strides.data.errors import DamagedData, DownloadFailed
from strides.data.progress import Progress

SECONDS_OF_SILENCE = 30
CHUNK = 1 << 18
MEGABYTE = 1e6
RANGE_NOT_SATISFIABLE = 416

T = TypeVar("T")


def download(address: str, target: Path, check: Callable[[Path], T]) -> T:
    """Fetch a file into `target`, and return what `check` makes of it.

    What has arrived stays in `target`.part when the connection breaks or the user interrupts;
    the next call goes on from there. `check` reads the finished file and raises DamagedData when
    it is not the right one: then nothing is placed. Raises DownloadFailed or DamagedData.
    """
    part = target.with_name(target.name + ".part")
    resumed = _size(part) > 0
    _fetch(address, part)
    try:
        result = check(part)
    except DamagedData as error:
        part.unlink()
        if resumed:  # the piece from an earlier call may be to blame
            return download(address, target, check)
        raise DamagedData(
            f"{address} sent a file that is not the expected one, and it was thrown away: {error}"
        ) from error
    os.replace(part, target)
    return result


def _fetch(address: str, part: Path) -> None:
    """Fill `part` with the whole file, going on after each cut as long as more arrives."""
    while True:
        before = _size(part)
        try:
            _fetch_rest(address, part)
            return
        except _Cut as cut:
            if _size(part) > before:
                continue
            kept = f"; {before:,} bytes are kept, and the next try goes on from there"
            raise DownloadFailed(f"{address}: {cut}{kept if before else ''}") from cut


class _Cut(Exception):
    """The connection could not be made, or broke off."""


def _fetch_rest(address: str, part: Path) -> None:
    have = _size(part)
    headers = {"User-Agent": "strides-course", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS_OF_SILENCE) as response:
            goes_on = response.status == http.client.PARTIAL_CONTENT
            _save(response, part, have if goes_on else 0)
    except urllib.error.HTTPError as error:
        if error.code == RANGE_NOT_SATISFIABLE and have:
            return  # all of it was there already, or too much: the check will tell
        raise DownloadFailed(
            f"{address}: the server answered {error.code} {error.reason}"
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise _Cut(getattr(error, "reason", None) or error or type(error).__name__) from error


def _save(response: http.client.HTTPResponse, part: Path, have: int) -> None:
    """Write a response's body to `part` from byte `have` on."""
    length = response.headers.get("Content-Length")
    total = have + int(length) if length and length.isdigit() else None
    done = have
    name = part.name.removesuffix(".part")
    with (
        _open(part, "ab" if have else "wb") as file,
        Progress(f"fetching {name}", total, " MB", MEGABYTE) as progress,
    ):
        while chunk := response.read(CHUNK):
            _write(file, chunk, part)
            done += len(chunk)
            progress.reach(done)
    if total is not None and done < total:
        raise _Cut(f"the connection broke off after {done:,} of {total:,} bytes")


def _open(part: Path, mode: str) -> IO[bytes]:
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        return open(part, mode, buffering=0)
    except OSError as error:
        raise DownloadFailed(_cannot_write(part, error)) from error


def _write(file: IO[bytes], chunk: bytes, part: Path) -> None:
    """Write all of a chunk; when the disk does not take it, leave no part behind."""
    rest = memoryview(chunk)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DownloadFailed(_cannot_write(part, error)) from error


def _cannot_write(part: Path, error: OSError) -> str:
    return (
        f"cannot write {part} ({error.strerror or error}); nothing was left behind: make room, "
        f"or set STRIDES_DATA_DIR to a folder on a disk that has some"
    )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
