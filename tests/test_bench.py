"""The benches measure what they say: references that compute the same, rows of one form."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

BENCH = Path(__file__).parents[1] / "bench"

CHECK = """
import json, sys
sys.path.insert(0, {bench!r})
import harness, numpy as np
from im2col_layer import im2col_conv2d
from strides.conv import conv2d

gaps = []
for stride, pad in [(1, 0), (1, 2), (2, 1), (3, 0)]:
    arrays = [harness.normals(*shape) for shape in [(3, 2, 9, 8), (4, 2, 3, 3), (4,)]]
    out, backward = conv2d(*arrays, stride, pad)
    old, old_backward = im2col_conv2d(*arrays, stride, pad)
    pairs = [(out, old), *zip(backward(out), old_backward(out), strict=True)]
    gaps += [float(np.abs(ours - theirs).max() / np.abs(ours).max()) for ours, theirs in pairs]

held = []
def twelve_megabytes():
    held.append(np.ones(3_000_000, np.float32))
    held.clear()

case = ("operation", (3, 4), twelve_megabytes, twelve_megabytes, "itself")
rows = list(harness.rows_of([case]))
print(json.dumps([gaps, rows, list(harness.table(rows)), harness.conditions()]))
"""


@pytest.fixture(scope="module")
def measured():
    """What a process of its own finds: importing harness changes how memory is kept."""
    code = CHECK.format(bench=str(BENCH))
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    return json.loads(run.stdout)


def test_the_im2col_layer_computes_what_conv2d_does(measured):
    assert len(measured[0]) == 16
    assert max(measured[0]) < 1e-5


def test_a_row_has_what_bench_json_promises(measured):
    (row,) = measured[1]
    assert {name: type(value) for name, value in row.items()} == {
        "operation": str,
        "shape": list,
        "ratio_median": float,
        "ratio_min": float,
        "peak_bytes": int,
        "reference": str,
    }
    assert row["shape"] == [3, 4]
    assert row["peak_bytes"] == pytest.approx(12_000_000, rel=0.01)


def test_the_table_shows_rows_and_conditions(measured):
    header, line = measured[2]
    assert header.split() == ["operation", "shape", "reference", "median", "short", "peak", "MB"]
    assert line.split()[:3] == ["operation", "3x4", "itself"]
    assert any(np.__version__ in said for said in measured[3])


GOALS = """
import json, sys
sys.path.insert(0, {bench!r})
from goals import goals
from harness import TORCH

def row(operation, shape, ratio, peak=0, reference=TORCH):
    return {{"operation": operation, "shape": shape, "ratio_median": ratio, "ratio_min": ratio,
             "peak_bytes": peak, "reference": reference}}

step = "training step, LeNet"
print(json.dumps(list(goals([
    row("conv2d forward, 32 3x3", [64, 3, 32, 32], 1.2),
    row("conv2d forward, 64 3x3", [64, 64, 8, 8], 1.8),
    row("conv2d forward + backward, 32 3x3", [64, 3, 32, 32], 1.0, 2 * 4 * 64 * 35 * 1024),
    row("conv2d forward + backward, 32 3x3", [64, 3, 32, 32], 9.0, 0, "im2col layer"),
    row("conv2d forward + backward, 64 3x3", [64, 64, 8, 8], 1.0, 10**12),
    row("Adam, 1 array", [3, 3], 0.9), row("Adam, 2 arrays", [3, 3], 1.1),
    row(step, [2], 1.0, 30), row(f"{{step}} (im2col layer)", [2], 2.0, 100, "ours"),
]))))
"""


def test_goals_are_held_against_what_was_measured():
    code = GOALS.format(bench=str(BENCH))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)[2:] == [
        "| conv2d forward | 1.50 of 1.3 | 1.80 of 1.9 | **no** |",
        "| conv2d forward + backward | 1.00 of 1.3 | 1.00 of 1.8 | yes |",
        "| Adam | 1.00 of 1.0 | 1.10 of 1.0 | **no** |",
        "| training step, conv32-conv64 and LeNet | 1.00 of 1.0 | 1.00 of 1.25 | yes |",
        "| memory: 2.2 (in + out) in conv2d | | 0.91 of 1 | yes |",
        "| memory: 40 % of the im2col layer's in a training step | | 0.75 of 1 | yes |",
    ]


def test_an_unknown_bench_is_refused():
    command = [sys.executable, str(BENCH / "run.py"), "poetry"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 2
    assert "received poetry" in run.stderr
