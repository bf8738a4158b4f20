"""One notebook alone: seeds, what a person is told without a sandbox, and noise on the wire."""

from __future__ import annotations

import json
import random
import socket
import time
from typing import Any

import numpy as np
import pytest

from examiner.course.record import record_of
from examiner.safe.outputs import outputs_of
from strides_box.plain import NotPlain, Unpacker
from strides_box.wire import Channel, Message, WireError

from .alone import grade_alone
from .attack import FULL, Attack, Expect
from .corpus.memorised import table_of_seed

RIGHT = Attack("right", "nothing", base="right", expects=Expect(FULL))
ODD: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 7.5, 2**63, 10**40, float("nan"), float("inf"), "", "a", "<f8", "O"),
    *([], [[]], [-1], [2**62, 4], [0, 2**39, 2**39], {}, {"t": "list"}, {"t": "array"}, {"a": 1}),
)
KINDS = (
    *("array", "scalar", "matrix", "tensor", "list", "tuple", "dict", "ellipsis", "foreign"),
    *("float", "int", "complex", "generator", "function", "object", "yours", "nonsense", None),
)
FIELDS = (
    *("dtype", "shape", "order", "place", "key", "items", "text", "parts", "state", "module"),
    *("name", "id"),
)


def odd_tree(draw: random.Random, depth: int = 0) -> Any:
    """A tree that may stand for a value, and mostly does not."""
    if depth > 3 or draw.random() < 0.3:
        return draw.choice(ODD)
    tree: dict[str, Any] = {"t": draw.choice(KINDS)}
    for name in draw.sample(FIELDS, draw.randint(0, 7)):
        tree[name] = draw.choice(ODD) if draw.random() < 0.6 else odd_tree(draw, depth + 1)
    if draw.random() < 0.5:
        tree |= {"dtype": draw.choice(["<f8", "<i4", "?", "<c16", ">f4", "O", "V8", "f2,f2"])}
        tree |= {"place": draw.randint(-1, 2), "shape": draw.choice([[3], [24], [], [2, 2], [1.5]])}
    if draw.random() < 0.4:
        tree["items"] = [odd_tree(draw, depth + 1) for _ in range(draw.randint(0, 3))]
    return tree


def refuse(tree: dict[str, Any]) -> Any:
    raise NotPlain("no function here")


@pytest.mark.parametrize("seed", range(8))
def test_any_tree_is_a_value_or_not_plain(seed):
    """Nothing that is sent makes the unpacker raise something else, or return an object array."""
    draw = random.Random(seed)
    for _ in range(2000):
        tree = json.loads(json.dumps(odd_tree(draw)))
        arrays = tuple(memoryview(bytes(size)) for size in (24, 0, 3))
        try:
            value = Unpacker(arrays, refuse).unpack(tree)
        except NotPlain:
            continue
        assert not (isinstance(value, np.ndarray) and value.dtype.kind not in "biufc"), tree


@pytest.mark.parametrize("seed", range(4))
def test_any_outputs_become_outputs_of_a_notebook(seed):
    draw = random.Random(seed)
    names = ("output_type", "name", "text", "data", "ename", "evalue", "traceback", "metadata")
    kinds = ("stream", "error", "display_data", "execute_result", "update_display_data", 7, None)
    for _ in range(1000):
        came = [
            {name: draw.choice(ODD) for name in draw.sample(names, 5)}
            | {"output_type": draw.choice(kinds)}
            for _ in range(draw.randint(0, 4))
        ]
        for output in outputs_of(came if draw.random() < 0.9 else draw.choice(ODD)):
            assert output.output_type in ("stream", "error", "display_data", "execute_result")
            json.dumps(output, allow_nan=False)


def noise(draw: random.Random) -> bytes:
    """Bytes that may begin as a message does."""
    body = json.dumps({"wire": 1, "arrays": draw.choice([[], [3], [-1], [10**12]]), "body": {}})
    text = draw.choice(
        [body.encode(), b"{", b"\xff" * 9, b"[" * 50_000, b"NaN", b"", body[:9].encode()]
    )
    length = draw.choice([len(text), len(text) + 5, 0, 2**31, 2**40])
    size = draw.choice([4, 8])
    return length.to_bytes(size + 4, "big")[-size:] + text + draw.randbytes(draw.randint(0, 9))


def test_noise_on_the_wire_is_an_error_of_the_wire():
    draw = random.Random(3)
    for _ in range(300):
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        theirs.sendall(noise(draw))
        theirs.close()
        try:
            for _ in range(3):
                assert isinstance(channel.receive(time.monotonic() + 5), Message)
        except WireError:
            pass
        finally:
            channel.close()


def test_the_same_seed_gives_the_same_marks_and_is_recorded():
    first, again = grade_alone(RIGHT, seed=1), grade_alone(RIGHT, seed=1)
    assert sum(first.points.values()) == FULL
    assert first.points == again.points
    assert record_of(first.notebook)["seed"] == 1


def test_a_table_of_inputs_is_worth_something_for_its_own_seed_only():
    known = Attack("known", "knows a seed's inputs", table_of_seed(77))
    assert grade_alone(known, seed=77).points["log_softmax"] == 3
    assert sum(grade_alone(known, seed=78).points.values()) == 0


def test_without_a_sandbox_it_is_said():
    alone = grade_alone(RIGHT, unsafe=True)
    assert record_of(alone.notebook)["grader"] == "unsafe"
    assert any("without a sandbox" in note for note in record_of(alone.notebook)["notes"])
    assert record_of(grade_alone(RIGHT).notebook)["grader"] == "safe"
