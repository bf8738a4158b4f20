"""What a submission's cells showed, taken over as far as it is output: checked, and cut."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

PICTURES = ("image/png", "image/jpeg")
SHOWN = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
MOST_OUTPUTS = 500
MOST_TEXT = 400_000
"""Characters of text that one cell shows."""
MOST_PICTURE = 8_000_000
"""Characters of a picture's base64 text, and of all pictures of a cell together."""
NOTE = "[More was shown here than is kept.]"


def outputs_of(came: Any) -> list[NotebookNode]:
    """The outputs of one cell from what the submission's process sent for them."""
    kept: list[NotebookNode] = []
    text, pictures = MOST_TEXT, MOST_PICTURE
    for output in came if isinstance(came, list) else []:
        node = _output(output) if isinstance(output, dict) else None
        if node is None:
            continue
        shown = _sizes(node)
        text, pictures = text - shown[0], pictures - shown[1]
        if len(kept) >= MOST_OUTPUTS or text < 0 or pictures < 0:
            kept.append(new_output("stream", name="stderr", text=NOTE + "\n"))
            break
        kept.append(node)
    return kept


def _output(output: dict[str, Any]) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        return new_output(
            "error",
            ename=_text(output.get("ename"))[:100],
            evalue=_text(output.get("evalue")),
            traceback=[_text(line) for line in lines] if isinstance(lines, list) else [],
        )
    if kind in ("display_data", "execute_result"):
        data = output.get("data")
        named = data.items() if isinstance(data, dict) else ()
        kept = {name: _text(value) for name, value in named if name in SHOWN + PICTURES}
        more = {"execution_count": None} if kind == "execute_result" else {}
        return new_output(kind, data=kept, **more)
    return None


def _text(value: Any) -> str:
    """Text that any file can hold."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _sizes(output: NotebookNode) -> tuple[int, int]:
    """Characters of text, and of pictures, in an output."""
    if output.output_type == "stream":
        return len(output.text), 0
    if output.output_type == "error":
        return len(output.evalue) + sum(len(line) for line in output.traceback), 0
    pictures = sum(len(value) for name, value in output.data.items() if name in PICTURES)
    return sum(len(value) for value in output.data.values()) - pictures, pictures
