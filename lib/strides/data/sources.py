"""Where the files of a real data set are looked for, and what is said when they are nowhere."""

import hashlib
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from strides.data.cache import data_dir
from strides.data.download import download
from strides.data.errors import DamagedData, DataError, DataNotFound, DataWarning

T = TypeVar("T")
Folder = str | os.PathLike[str] | None


@dataclass(frozen=True)
class Source:
    """A published data set: its names, where its files may be found, and its address."""

    title: str
    folder_name: str
    variable: str
    address: str
    system_folder: Path | None = None


@dataclass(frozen=True)
class SourceFile:
    """One file of a source: its published name, and the unpacked form that does as well.

    md5 is that of the published file, and is checked when the file is fetched.
    """

    name: str
    unpacked: str
    md5: str | None = None

    def inside(self, folder: Path) -> Path | None:
        """The file in this folder, in either form, or None."""
        for name in (self.name, self.unpacked):
            if (folder / name).exists():
                return folder / name
        return None


def obtain(
    source: Source,
    file: SourceFile,
    read: Callable[[Path], T],
    folder: Folder = None,
    may_download: bool = True,
) -> T:
    """Read one file of a source from the first place that has it.

    The places: the given folder, or the one that the source's environment variable names (and
    then no other); the cache; the folder of the system's package; the official address. `read`
    raises DamagedData for wrong content: in a folder of the user's that ends the search, in the
    cache the file is fetched again, with a DataWarning. Raises DataNotFound, DamagedData or
    DownloadFailed.
    """
    given = folder or os.environ.get(source.variable)
    if given:
        return _read_given(source, file, read, Path(given).expanduser())
    cache = data_dir() / source.folder_name
    for place in filter(None, (cache, source.system_folder)):
        path = file.inside(place)
        if path:
            try:
                return read(path)
            except DamagedData as error:
                warnings.warn(f"{error}; another copy is looked for", DataWarning, stacklevel=4)
    if not may_download:
        raise DataNotFound(_nowhere(source, file, "downloading was not allowed"))
    try:
        check = partial(_as_published, file=file, read=read)
        return download(source.address + file.name, cache / file.name, check)
    except DataError as error:
        raise type(error)(_nowhere(source, file, str(error))) from error


def _read_given(source: Source, file: SourceFile, read: Callable[[Path], T], folder: Path) -> T:
    path = file.inside(folder)
    if path is None:
        raise DataNotFound(
            f"{source.title}: expected {file.name} (or {file.unpacked}) in {folder}, the folder "
            f"given or named by {source.variable}; it is not there. Put it there, or leave the "
            f"folder out to have the other places searched"
        )
    return read(path)


def _as_published(path: Path, file: SourceFile, read: Callable[[Path], T]) -> T:
    """Read a file that was just fetched, once its checksum agrees."""
    if file.md5:
        with path.open("rb") as content:
            received = hashlib.file_digest(content, _md5).hexdigest()
        if received != file.md5:
            raise DamagedData(f"{file.name}: expected md5 {file.md5}; received {received}")
    return read(path)


def _md5() -> "hashlib._Hash":
    return hashlib.md5(usedforsecurity=False)


def _nowhere(source: Source, file: SourceFile, reason: str) -> str:
    searched = [str(data_dir() / source.folder_name)]
    if source.system_folder:
        searched.append(str(source.system_folder))
    return "\n".join(
        [
            f"{source.title}: {file.name} could not be had.",
            f"  searched: {', '.join(searched)}",
            f"  download: {reason}",
            f"  to mend it: fetch {source.address}{file.name} on a machine with a network and put "
            f"it into {searched[0]}, or into any folder that {source.variable} names",
            "  without a network: strides.data.solids() and strides.data.digits() need none",
        ]
    )
