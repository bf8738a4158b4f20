"""The graph of a computation, from its leaves on the left to its result on the right."""

from collections import defaultdict
from typing import Any

from strides.draw import svg
from strides.draw.picture import Picture
from strides.graph import topological_order

Node = Any
Spot = tuple[float, float]

BOX, GAP = 92.0, 34.0  # width of a node, and the room between two columns
LINE, PAD = 17.0, 8.0  # height of a line of text, and the room around the text
MOST = 40


def graph(root: Node, *, caption: str = "") -> Picture:
    """Draw what root was computed from: a box for each node, with its name and its label.

    root: a `scalar.Value`, an `autograd.Tensor`, or anything with `name`, `parents` and `label()`.
    Raises ValueError for more than 40 nodes, which nobody could read.
    """
    nodes = topological_order(root)
    if len(nodes) > MOST:
        raise ValueError(
            f"root: expected a graph of at most {MOST} nodes; received {len(nodes)}; "
            f"try a part of it, or graph.to_dot(root) and Graphviz"
        )
    columns = _columns(nodes)
    tall = max(_height(node) for node in nodes) + GAP / 2
    height = tall * max(len(column) for column in columns) + GAP / 2
    spots: dict[int, Spot] = {}
    for i, column in enumerate(columns):
        column.sort(key=lambda node: _mean_height(node, spots))
        room = height / len(column)
        for k, node in enumerate(column):
            spots[id(node)] = (PAD + i * (BOX + GAP), (k + 0.5) * room)

    arrows = [_arrow(spots[id(p)], spots[id(node)]) for node in nodes for p in node.parents]
    boxes = [_box(node, spots[id(node)]) for node in nodes]
    width = 2 * PAD + len(columns) * (BOX + GAP) - GAP
    alt = _words(nodes)
    drawing = svg.canvas("".join(arrows + boxes), height, alt, max(width, svg.WIDTH))
    return Picture(drawing, alt, caption)


def _columns(nodes: list[Node]) -> list[list[Node]]:
    """The nodes by columns: operations right of their parents, leaves left of their first use."""
    place: dict[int, int] = {}
    for node in nodes:
        place[id(node)] = 1 + max((place[id(parent)] for parent in node.parents), default=-1)
    first_use: dict[int, int] = {}
    for node in nodes:
        for parent in node.parents:
            used = first_use.get(id(parent), len(nodes))
            first_use[id(parent)] = min(used, place[id(node)])
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        leaf = not node.parents and id(node) in first_use
        columns[first_use[id(node)] - 1 if leaf else place[id(node)]].append(node)
    return [columns[i] for i in sorted(columns)]


def _mean_height(node: Node, spots: dict[int, Spot]) -> float:
    """How far down the parents stand; leaves come first, in the order of the graph."""
    heights = [spots[id(parent)][1] for parent in node.parents]
    return sum(heights) / len(heights) if heights else 0.0


def _lines(node: Node) -> list[str]:
    return [line for line in [node.name, *node.label()] if line]


def _height(node: Node) -> float:
    return LINE * len(_lines(node)) + 2 * PAD


def _box(node: Node, spot: Spot) -> str:
    """A node: leaves with sharp corners, operations with round ones."""
    (x, y), lines, height = spot, _lines(node), _height(node)
    settings = {"fill": "#FFFFFF", "stroke": svg.COLOURS[0], "stroke_width": 1.5}
    rounding = 12 if node.parents else 0
    drawn = svg.element(
        "rect", x=x, y=y - height / 2, width=BOX, height=height, rx=rounding, **settings
    )
    for i, line in enumerate(lines):
        weight = "bold" if i == 0 and node.name else "normal"
        baseline = y - height / 2 + PAD + LINE * (i + 0.75)
        drawn += svg.text(x + BOX / 2, baseline, line, font_size=12, font_weight=weight)
    return drawn


def _arrow(start: Spot, end: Spot) -> str:
    """A line from the right side of one node to the left side of another, with a head."""
    (x1, y1), (x2, y2) = (start[0] + BOX, start[1]), end
    head = f"{svg.number(x2)},{svg.number(y2)} {svg.number(x2 - 8)},{svg.number(y2 - 4)} "
    head += f"{svg.number(x2 - 8)},{svg.number(y2 + 4)}"
    line = svg.line(x1, y1, x2 - 6, y2, stroke=svg.GREY, stroke_width=1.5)
    return line + svg.element("polygon", points=head, fill=svg.GREY)


def _words(nodes: list[Node]) -> str:
    """The graph in words: every node, what it says, and what it comes from."""
    numbers = {id(node): i + 1 for i, node in enumerate(nodes)}
    said = []
    for node in nodes:
        sources = " and ".join(str(numbers[id(parent)]) for parent in node.parents)
        origin = f", from {sources}" if sources else ""
        said.append(f"{numbers[id(node)]}: {', '.join(_lines(node))}{origin}")
    return f"A graph of {len(nodes)} nodes. {'; '.join(said)}."
