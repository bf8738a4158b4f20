"""How bench/ measures: two functions side by side, in one process, on one thread.

Import this before NumPy and torch: it pins both to one thread, and keeps freed memory with the
process. Without the latter glibc returns large arrays to the system on every call, and what we
would time is the kernel clearing pages.
"""

import ctypes
import gc
import os
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
import torch  # noqa: E402

torch.set_num_threads(1)

Call = Callable[[], Any]
Row = dict[str, Any]
Case = tuple[str, tuple[int, ...], Call, Call, str]  # operation, shape, candidate, reference, name

TURNS = 25
LONGEST = 4.0  # seconds for one pair, as long as that leaves SHORTEST turns
FEWEST = 9  # turns
SHORTEST = 2e-3  # seconds; faster calls are repeated within a turn until they fill it
TORCH = f"torch {torch.__version__}"


def keep_freed_memory() -> bool:
    """Tell glibc never to return memory to the system; False where there is no glibc."""
    if sys.platform != "linux":
        return False
    mmap_max, trim_threshold, top_pad = -4, -1, -2
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    settings = [(mmap_max, 0), (trim_threshold, 2**31 - 1), (top_pad, 2**26)]
    return mallopt is not None and all(mallopt(*setting) == 1 for setting in settings)


KEEPS_FREED_MEMORY = keep_freed_memory()


def measure(candidate: Call, reference: Call) -> tuple[float, float]:
    """Median of the paired ratios of time candidate / reference, and the ratio of the shortest.

    The two run in turns, each first in every other one, so that both meet the same disturbances.
    """
    candidate(), reference()
    once = max(seconds(candidate, 1), seconds(reference, 1))
    repeats = max(1, round(SHORTEST / once))
    turns = int(np.clip(LONGEST / (2 * repeats * once), FEWEST, TURNS))
    times = np.empty((turns, 2))
    for turn in range(turns):
        for i in (0, 1) if turn % 2 else (1, 0):
            times[turn, i] = seconds((candidate, reference)[i], repeats)
    shortest = times.min(axis=0)
    return float(np.median(times[:, 0] / times[:, 1])), float(shortest[0] / shortest[1])


def seconds(call: Call, repeats: int) -> float:
    """Mean processor time of one call: on a shared machine, waiting for a turn is not counted."""
    start = time.process_time()
    for _ in range(repeats):
        call()
    return (time.process_time() - start) / repeats


def peak_bytes(call: Call) -> int:
    """Most bytes that NumPy holds at once while the call runs, beyond what was there before.

    torch's own memory is not seen.
    """
    call()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    call()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most - before


def normals(*shape: int, seed: int = 0) -> np.ndarray:
    """Normal numbers in float32."""
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def no_grad(forward: Call) -> Call:
    """torch's forward pass alone, without its bookkeeping for a backward pass."""

    def call() -> Any:
        with torch.no_grad():
            return forward()

    return call


def with_gradients(forward: Call, tensors: list[torch.Tensor], dout: np.ndarray) -> Call:
    """torch's forward pass and the gradients of all these tensors."""
    upstream = torch.tensor(dout)
    return lambda: torch.autograd.grad(forward(), tensors, upstream)


def rows_of(cases: Iterable[Case]) -> Iterator[Row]:
    """One row for each case, as they go into build/bench.json."""
    for operation, shape, candidate, reference, name in cases:
        ratio_median, ratio_min = measure(candidate, reference)
        yield {
            "operation": operation,
            "shape": list(shape),
            "ratio_median": ratio_median,
            "ratio_min": ratio_min,
            "peak_bytes": peak_bytes(candidate),
            "reference": name,
        }


def conditions() -> list[str]:
    """What a reader must know to read the numbers, one line each."""
    memory = "kept by the process" if KEEPS_FREED_MEMORY else "returned to the system at will"
    return [
        f"NumPy {np.__version__}, {TORCH}, Python {sys.version.split()[0]}, {cpu()}",
        f"one thread for both; float32; freed memory is {memory}, for both",
        "time = processor time of the process; on a machine of its own, the time that passes",
        "ratio = time of the course's operation / time of the reference, smaller is faster; the",
        "two run in turns in one process; median of the paired ratios, and ratio of the shortest",
        "peak = most bytes that NumPy holds at once during a call, beyond its arguments",
        f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
    ]


def cpu() -> str:
    """The processor's name where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":")[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return "an unnamed processor"


def table(rows: Iterable[Row]) -> Iterator[str]:
    """The rows as lines of text, in columns."""
    header = ("operation", "shape", "reference", "median", "short", "peak MB")
    yield "{:44} {:>20} {:>22} {:>7} {:>6} {:>8}".format(*header)
    for row in rows:
        shape = "x".join(str(n) for n in row["shape"])
        yield (
            f"{row['operation']:44} {shape:>20} {row['reference']:>22} {row['ratio_median']:7.2f} "
            f"{row['ratio_min']:6.2f} {row['peak_bytes'] / 1e6:8.2f}"
        )


def show(rows: Iterable[Row]) -> None:
    """Print the rows as they come, then the conditions."""
    for line in table(rows):
        print(line, flush=True)
    print(*conditions(), sep="\n")
