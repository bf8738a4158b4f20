"""Graphs of a computation: which value was computed from which, and how to write that down.

A node is anything with `parents`, the nodes that it was computed from: `scalar.Value` and
`autograd.Tensor` are.
"""

from typing import Any

Node = Any


def topological_order(root: Node) -> list[Node]:
    """All nodes that root was computed from, parents before children, and root itself last.

    It keeps a list of what is left to do, where recursion would overflow on a long chain.
    """
    order: list[Node] = []
    seen: set[int] = set()
    todo = [(root, False)]
    while todo:
        node, parents_are_in_order = todo.pop()
        if parents_are_in_order:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            todo.append((node, True))
            todo.extend((parent, False) for parent in node.parents)
    return order


def to_dot(root: Node) -> str:
    """The graph below root in Graphviz' DOT language, from the leaves on the left to root.

    Each node shows its `name` and the lines of its `label()`. Any Graphviz viewer takes the text.
    """
    order = topological_order(root)
    place = {id(node): f"n{i}" for i, node in enumerate(order)}
    lines = ["digraph {", "  rankdir=LR", "  node [shape=box]"]
    for node in order:
        shown = _quoted("\n".join([node.name, *node.label()]).strip())
        lines.append(f"  {place[id(node)]} [label={shown}]")
        lines += [f"  {place[id(parent)]} -> {place[id(node)]}" for parent in node.parents]
    return "\n".join([*lines, "}"])


def _quoted(text: str) -> str:
    """The text as a DOT string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
