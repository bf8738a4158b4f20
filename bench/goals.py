"""The project's goals for speed and memory, held against what was measured.

A goal of speed has two numbers: for the median over shapes and for the worst shape.
"""

from collections.abc import Iterable, Iterator
from math import prod

import harness
import numpy as np
from harness import TORCH
from ops_conv import CONVOLUTIONS, bank

from strides.conv.arguments import pair
from strides.conv.shifted import Window

# name: how its operations begin and end, then the highest ratios, median and worst
SPEED: dict[str, tuple[str, str, float, float]] = {
    "conv2d forward": ("conv2d forward,", "", 1.3, 1.9),
    "conv2d forward + backward": ("conv2d forward + backward", "", 1.3, 1.8),
    "max pool forward": ("max pool forward,", "", 0.3, 0.4),
    "max pool forward + backward": ("max pool forward + backward", "", 0.9, 1.0),
    "batch norm of images forward": ("batch norm of images", "forward", 0.7, 0.9),
    "batch norm of images forward + backward": ("batch norm of images", "backward", 1.0, 1.2),
    "batch norm of vectors forward": ("batch norm of vectors", "forward", 0.7, 0.9),
    "batch norm of vectors forward + backward": ("batch norm of vectors", "backward", 1.0, 1.2),
    "softmax loss forward + backward": ("softmax loss", "backward", 1.0, 1.0),
    "dropout forward + backward": ("dropout", "backward", 1.0, 1.0),
    "Adam": ("Adam", "", 1.0, 1.0),
    "training step, conv32-conv64 and LeNet": ("training step, ", ("conv64", "LeNet"), 1.0, 1.25),
}
LARGE_OUTPUT = 14  # pixels a side from which a convolution's memory counts


def goals(rows: list[harness.Row]) -> Iterator[str]:
    """One line for each goal that was measured: what it asks, what came, and whether it holds."""
    yield "| goal | median | worst | holds |"
    yield "|---|---|---|---|"
    beside_torch = [row for row in rows if row["reference"] == TORCH]
    for name, (start, end, median, worst) in SPEED.items():
        found = [
            row["ratio_median"]
            for row in beside_torch
            if row["operation"].startswith(start) and row["operation"].endswith(end)
        ]
        if found:
            middle, highest = float(np.median(found)), max(found)
            held = "yes" if middle <= median and highest <= worst else "**no**"
            asked = (f"{middle:.2f} of {median}", f"{highest:.2f} of {worst}")
            yield f"| {name} | {asked[0]} | {asked[1]} | {held} |"
    for name, shares in memory(rows).items():
        held = "yes" if max(shares) <= 1 else "**no**"
        yield f"| memory: {name} | | {max(shares):.2f} of 1 | {held} |"


def memory(rows: Iterable[harness.Row]) -> dict[str, list[float]]:
    """For each goal of memory, the peaks that were measured as shares of what it allows."""
    found: dict[str, list[float]] = {}
    peaks: dict[tuple[str, tuple[int, ...]], int] = {}
    for row in rows:
        measured = row["operation"], tuple(row["shape"])
        peaks[measured] = max(row["peak_bytes"], peaks.get(measured, 0))
    counted = _outputs()
    for (operation, shape), peak in peaks.items():
        images = 4 * prod(shape)
        if (operation, shape) in counted:
            name, allowed = "2.2 (in + out) in conv2d", 2.2 * (images + counted[operation, shape])
        elif operation.startswith("max pool"):
            name, allowed = "1.5 in in max pool", 1.5 * images
        elif operation.startswith("batch norm of images"):
            name, allowed = "1.6 in in batch norm", 1.6 * images
        elif (f"{operation} (im2col layer)", shape) in peaks:
            older = peaks[f"{operation} (im2col layer)", shape]
            name, allowed = "40 % of the im2col layer's in a training step", 0.4 * older
        else:
            continue
        found.setdefault(name, []).append(peak / allowed)
    return found


def _outputs() -> dict[tuple[str, tuple[int, ...]], int]:
    """Bytes of the outputs of the convolutions whose memory counts, by operation and shape."""
    found = {}
    for shape, filters, window, stride, pad in CONVOLUTIONS:
        kernel = pair("window", window)
        sides = Window(kernel, (stride, stride), pair("pad", pad), (1, 1)).output(*shape[2:])
        if min(sides) >= LARGE_OUTPUT:
            operation = f"conv2d forward + backward, {bank(filters, kernel, stride)}"
            found[operation, shape] = 4 * shape[0] * filters * prod(sides)
    return found
