"""Where a training run stands, and how it goes to disk and back."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from strides.torch_training.chance import random_state, restore_random_state
from strides.torch_training.checkpoints import (
    CheckpointMismatch,
    clear_unfinished,
    load_checkpoint,
    newest_checkpoint,
    save_checkpoint,
)
from strides.torch_training.history import History
from strides.torch_training.images import Normalisation
from strides.torch_training.learner import Learner


@dataclass
class Run:
    """Finished epochs, batches done in the epoch in hand, steps in all, and what was seen so far.

    data is the fingerprint of the training data, normal how its images are normalised, and totals
    are sums over the epoch in hand: losses, right answers, images.
    """

    data: str
    normal: Normalisation | None
    totals: torch.Tensor
    epoch: int = 0
    batch: int = 0
    step: int = 0
    history: History = field(default_factory=History)


def no_totals(device: torch.device) -> torch.Tensor:
    """Three sums that are 0, in float64 where the device has it (MPS has not)."""
    dtype = torch.float32 if device.type == "mps" else torch.float64
    return torch.zeros(3, dtype=dtype, device=device)


def write_run(folder: Path, keep: int, run: Run, learner: Learner) -> None:
    """Write a checkpoint of the run and of all that it changes; raises OSError."""
    normal = run.normal
    state = {
        "recipe": _recipe(learner),
        "data": run.data,
        "normal": None if normal is None else [normal.mean, normal.std],
        "totals": run.totals.cpu(),
        "epoch": run.epoch,
        "batch": run.batch,
        "history": run.history.as_dict(),
        "random": random_state(),
        **learner.state_dict(),
    }
    save_checkpoint(folder, run.step, state, keep)


def find_run(folder: Path | None, resume: bool | str | Path) -> Path | None:
    """The checkpoint to go on from: the one that is named, or the newest in the folder, if any.

    Raises FileExistsError when there is one that is not to be gone on with.
    """
    if not isinstance(resume, bool):
        return Path(resume)
    found = None if folder is None else newest_checkpoint(folder)
    if found is not None and not resume:
        raise FileExistsError(
            f"folder: expected no checkpoint in {folder} for a new run; received {found.name}; "
            f"try another folder, or resume=True to go on with that run"
        )
    return found


def read_run(path: Path, learner: Learner, data: str) -> Run:
    """Bring the learner and the global generators to where the checkpoint was written.

    Raises DamagedCheckpoint, and CheckpointMismatch when the recipe, the data or the net differ.
    """
    state = load_checkpoint(path)
    theirs, ours = state["recipe"], _recipe(learner)
    for name in ours:
        if ours[name] != theirs.get(name):
            raise CheckpointMismatch(
                f"{name}: expected {theirs.get(name)}, with which the run in {path} began; "
                f"received {ours[name]}; try another folder for a new recipe"
            )
    if state["data"] != data:
        raise CheckpointMismatch(
            f"train: expected the data that the run in {path} began with ({state['data']}); "
            f"received {data}; try another folder for other data"
        )
    learner.load_state_dict(state)
    restore_random_state(state["random"])
    clear_unfinished(path.parent)
    return Run(
        data,
        None if state["normal"] is None else Normalisation(*state["normal"]),
        state["totals"].to(no_totals(learner.device)),
        state["epoch"],
        state["batch"],
        state["step"],
        History.from_dict(state["history"]),
    )


def _recipe(learner: Learner) -> dict[str, Any]:
    """The recipe as plain values, with the precision that "auto" became."""
    return {**asdict(learner.recipe), "precision": learner.precision}
