"""Where a net trains, in which precision, and what may differ from run to run."""

import copy
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

PRECISIONS: dict[str, torch.dtype] = {
    "float32": torch.float32,
    "bf16": torch.bfloat16,
    "fp16": torch.float16,
}


class CompileWarning(UserWarning):
    """torch.compile does not work here, and the net runs without it."""


def choose_device(name: str | torch.device | None = None) -> torch.device:
    """The device asked for, or the fastest of this machine: CUDA, else MPS (Apple's), else the CPU.

    Raises ValueError for a device that torch does not find here.
    """
    found = ["cpu"]
    if torch.backends.mps.is_available():
        found.insert(0, "mps")
    if torch.cuda.is_available():
        found.insert(0, "cuda")
    if name is None:
        return torch.device(found[0])
    kind = str(name).partition(":")[0]
    if kind not in found:
        raise ValueError(
            f"device: expected one that torch finds here ({', '.join(found)}); received {name}; "
            f"try None for the fastest of them"
        )
    return torch.device(name)


def choose_precision(precision: str, device: torch.device) -> str:
    """The precision asked for; for "auto", what suits the device.

    That is bf16 on a GPU that computes with it, fp16 on an older one, float32 elsewhere. bf16 has
    the range of float32 with 8 bits of mantissa; fp16 has 11 bits, but loses gradients below 6e-8
    unless the loss is scaled up. Raises ValueError for another name.
    """
    if precision != "auto" and precision not in PRECISIONS:
        names = ", ".join(["auto", *PRECISIONS])
        raise ValueError(f"precision: expected one of {names}; received {precision!r}; try 'auto'")
    if precision != "auto":
        return precision
    if device.type != "cuda":
        return "float32"
    return "bf16" if torch.cuda.get_device_capability(device) >= (8, 0) else "fp16"


def sent(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """The tensor on the device; a GPU with work in hand is not waited for."""
    return tensor.to(device, non_blocking=device.type == "cuda")


@contextmanager
def numerics(deterministic: bool) -> Iterator[None]:
    """Inside, the same run gives the same bits, or else a GPU chooses what is fastest.

    Deterministic operations can be slower; one that has no such form raises torch's RuntimeError.
    What was set before is set again at the end.
    """
    before = torch.are_deterministic_algorithms_enabled()
    only_warned = torch.is_deterministic_algorithms_warn_only_enabled()
    benchmark = torch.backends.cudnn.benchmark
    if deterministic:
        # cuBLAS reads this when it is first used, and is not deterministic without it
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = not deterministic
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before, warn_only=only_warned)
        torch.backends.cudnn.benchmark = benchmark


def compiled(
    net: nn.Module, x: torch.Tensor, backend: str = "inductor"
) -> tuple[nn.Module, str | None]:
    """The net compiled and None, or the net itself and the reason why it could not be compiled.

    torch compiles when a net first runs, so one batch x goes forward and backward as a trial, on
    a copy: the net, its running statistics and the state of chance stay as they were.
    """
    trial = copy.deepcopy(net)
    devices = [x.device.index or 0] if x.device.type == "cuda" else []
    try:
        with torch.random.fork_rng(devices):
            outputs = torch.compile(trial, backend=backend)(x)
            scores = outputs[0] if isinstance(outputs, tuple) else outputs
            scores.float().sum().backward()
        fast: Any = torch.compile(net, backend=backend)
        return fast, None
    except Exception as error:  # as many ways to fail as there are compilers; the reason is told
        torch.compiler.reset()
        first_line = str(error).strip().partition("\n")[0]
        return net, f"{type(error).__name__}: {first_line}"
