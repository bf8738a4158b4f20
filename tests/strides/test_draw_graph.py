"""Drawings of graphs: what stands in them, where, and in words."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from strides.autograd import Tensor
from strides.draw.graph import graph
from strides.scalar import Value


def example() -> Value:
    x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
    f = (x + y) * z
    f.backward()
    return f


def corners(body: str) -> dict[str, tuple[float, float]]:
    """The left upper corner of each box, by the bold name in it."""
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.-]+)"[^>]*/><text[^>]*>([^<]+)</text>', body)
    return {name: (float(x), float(y)) for x, y, name in found}


def test_a_graph_of_numbers():
    picture = graph(example(), caption="f = (x + y) z")
    ElementTree.fromstring(picture.body)
    assert picture.body.count("<rect") == 1 + 5
    assert picture.body.count("<polygon") == 4
    places = corners(picture.body)
    assert set(places) == {"x", "y", "z", "+", "*"}
    assert places["x"][0] == places["y"][0] < places["+"][0] == places["z"][0] < places["*"][0]
    assert places["+"][1] != places["z"][1]
    assert ">gradient 3<" in picture.body


def test_the_graph_in_words():
    assert graph(example()).alt == (
        "A graph of 5 nodes. 1: z, -4, gradient 3; 2: y, 5, gradient -4; 3: x, -2, gradient -4; "
        "4: +, 3, gradient -4, from 3 and 2; 5: *, -12, gradient 1, from 4 and 1."
    )


def test_boxes_of_one_column_do_not_overlap():
    total = Value(0.0, "start")
    for i in range(8):
        total = total + Value(i, f"x{i}") * Value(2.0, f"w{i}")
    places = corners(graph(total).body)
    columns: dict[float, list[float]] = {}
    for x, y in places.values():
        columns.setdefault(x, []).append(y)
    for heights in columns.values():
        assert np.all(np.diff(sorted(heights)) > 67 - 1e-6)


def test_a_graph_of_tensors():
    x, w = Tensor(np.ones((3, 2)), name="x"), Tensor(np.ones((2, 1)), True, name="w")
    body = graph((x @ w).sum()).body
    assert ">matmul<" in body
    assert ">(3, 1)<" in body


def test_a_single_node_and_names_that_need_escaping():
    body = graph(Value(1.0, "a < b")).body
    assert "a &lt; b" in body
    ElementTree.fromstring(body)


def test_a_graph_too_large_to_read():
    total = Value(0.0)
    for _ in range(40):
        total = total + 1
    with pytest.raises(ValueError, match="at most 40 nodes; received 81"):
        graph(total)
