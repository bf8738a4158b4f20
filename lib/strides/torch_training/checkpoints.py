"""Checkpoints: a training run on disk, whole or not at all.

Each is written beside its place, flushed to the disk, and moved into place in one step, so that a
run killed at any moment leaves the ones before it as they were. They hold tensors and plain values
only: `torch.load(path, weights_only=True)` reads them, and runs no code from the file.
"""

import os
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import torch

from strides.data.cache import write_whole

FORMAT = 1
PATTERN = "step-*.pt"


class CheckpointError(Exception):
    """A run cannot be gone on with from this checkpoint."""


class DamagedCheckpoint(CheckpointError):
    """The file is not what was written."""


class CheckpointMismatch(CheckpointError):
    """The checkpoint belongs to another net, recipe or data."""


def save_checkpoint(folder: Path, step: int, state: dict[str, Any], keep: int) -> Path:
    """Write the state after `step` batches, then delete all but the newest `keep`; its path.

    Raises OSError when the folder cannot be written to or the disk is full, and deletes nothing.
    """
    path = folder / f"step-{step:08d}.pt"

    def write(file: BinaryIO) -> None:
        torch.save({"format": FORMAT, "step": step, **state}, file)
        file.flush()
        os.fsync(file.fileno())

    write_whole(path, write)
    for old in checkpoints(folder)[:-keep]:
        old.unlink(missing_ok=True)
    return path


def clear_unfinished(folder: Path) -> None:
    """Delete what a killed run had begun to write."""
    for path in folder.glob(f".{PATTERN}.*"):
        path.unlink(missing_ok=True)


def checkpoints(folder: Path) -> list[Path]:
    """The checkpoints in a folder, oldest first."""
    return sorted(folder.glob(PATTERN))


def newest_checkpoint(folder: Path) -> Path | None:
    """The checkpoint with the most steps in a folder, None where there is none."""
    found = checkpoints(folder)
    return found[-1] if found else None


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint, its tensors on the CPU, after comparing every part with its checksum.

    Raises DamagedCheckpoint, which names the one before it, when a part is not what was written;
    FileNotFoundError when there is no such file.
    """
    path = Path(path)
    damage = _damage(path)
    if damage is None:
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
        except (pickle.UnpicklingError, RuntimeError, ValueError, EOFError) as error:
            damage = str(error).partition("\n")[0]
        else:
            if isinstance(state, dict) and state.get("format") == FORMAT:
                return state
            damage = f"not a checkpoint of format {FORMAT}"
    older = [other for other in checkpoints(path.parent) if other.name < path.name]
    advice = f"resume={str(older[-1])!r}, the one before it" if older else "another folder"
    raise DamagedCheckpoint(
        f"{path}: expected a checkpoint as it was written; received a file that is damaged "
        f"({damage}); try {advice}"
    )


def _damage(path: Path) -> str | None:
    """What is wrong with the file as a zip archive, which holds a checksum for each part."""
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
    except FileNotFoundError:
        raise
    except (zipfile.BadZipFile, RuntimeError, ValueError, EOFError, OSError, struct.error) as error:
        return str(error) or type(error).__name__
    return None if broken is None else f"{broken} does not agree with its checksum"
