"""Where data is kept on this machine, and files that are there whole or not at all."""

import hashlib
import os
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from strides.data.errors import DamagedData

VARIABLE = "STRIDES_DATA_DIR"


def data_dir() -> Path:
    """The folder that holds drawn and downloaded data: STRIDES_DATA_DIR, or the system's own.

    That is $XDG_CACHE_HOME/strides or ~/.cache/strides on Linux, ~/Library/Caches/strides on
    macOS, and %LOCALAPPDATA%\\strides on Windows.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "strides"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "strides"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "strides"


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Fill a file beside `path` with `write`, then move it into place in one step.

    Nobody ever sees half a file, and nothing is left over when writing fails. Raises OSError
    when the folder or the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def save_arrays(path: Path, arrays: Mapping[str, NDArray]) -> None:
    """Keep named arrays in one .npz file, with a checksum; raises OSError."""
    checksum = np.array(_checksum(arrays))
    # savez is typed to take its own flags among the arrays' names, hence the plain dict
    contents: dict = {**arrays, "checksum": checksum}
    write_whole(path, lambda file: np.savez(file, **contents))


def load_arrays(path: Path) -> dict[str, NDArray]:
    """Read what save_arrays kept.

    Raises FileNotFoundError when there is no such file, DamagedData when its content is not
    what was saved, and OSError when it cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        expected = str(arrays.pop("checksum"))
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DamagedData(f"{path}: not a file that was kept whole ({error})") from error
    if _checksum(arrays) != expected:
        raise DamagedData(f"{path}: the content does not agree with its checksum")
    return arrays


def _checksum(arrays: Mapping[str, NDArray]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape};".encode())
        digest.update(array.data)
    return digest.hexdigest()
