"""Chance that can be gone on with: a generator for each purpose, the state of the global ones."""

import hashlib
import random
from typing import Any

import numpy as np
import torch


def generator(*purpose: int | str) -> torch.Generator:
    """A generator on the CPU whose numbers depend on its purpose alone: (seed, "order", epoch).

    Nothing about it needs saving: whoever goes on with a run asks for the same one again.
    """
    digest = hashlib.sha256(repr(purpose).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


def seed_all(seed: int) -> None:
    """Begin Python's, NumPy's and torch's global chance anew, on every device."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002
    torch.manual_seed(seed)


def random_state() -> dict[str, Any]:
    """States of Python's, NumPy's and torch's global generators, as plain values and tensors."""
    numpy_state = np.random.get_state(legacy=False)  # noqa: NPY002
    assert isinstance(numpy_state, dict)
    key = numpy_state["state"]["key"].tolist()
    state: dict[str, Any] = {
        "python": random.getstate(),
        "numpy": {**numpy_state, "state": {**numpy_state["state"], "key": key}},
        "torch": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state_all()
    if torch.backends.mps.is_available():
        state["mps"] = torch.mps.get_rng_state()
    return state


def restore_random_state(state: dict[str, Any]) -> None:
    """Set the global generators to what random_state found, as far as their devices are here."""
    random.setstate(state["python"])
    numpy_state = state["numpy"]
    key = np.array(numpy_state["state"]["key"], np.uint32)
    np.random.set_state(  # noqa: NPY002
        {**numpy_state, "state": {**numpy_state["state"], "key": key}}
    )
    torch.set_rng_state(state["torch"])
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["cuda"])
    if "mps" in state and torch.backends.mps.is_available():
        torch.mps.set_rng_state(state["mps"])
