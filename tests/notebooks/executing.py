"""Run a lecture from its source, top to bottom, with name lookups refused: offline by force."""

import re
from pathlib import Path

import jupytext
import nbformat.v4 as nb
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = """
import socket

def refuse(*args, **kwargs):
    raise OSError("a lecture runs without a network")

socket.getaddrinfo = refuse
"""


def execute(source: Path, folder: Path, seconds: int = 120) -> NotebookNode:
    """The executed notebook of a py:percent source; raises CellExecutionError where a cell does."""
    notebook = jupytext.read(source)
    guard = nb.new_code_cell(OFFLINE)
    notebook.cells.insert(0, guard)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=seconds, kernel_name="python3", resources=resources).execute()
    notebook.cells.remove(guard)
    return notebook


def output_of(notebook: NotebookNode, snippet: str) -> str:
    """What the one code cell that contains `snippet` printed and showed, as plain text."""
    cells = [c for c in notebook.cells if c.cell_type == "code" and snippet in c.source]
    assert len(cells) == 1, f"{len(cells)} code cells contain {snippet!r}"
    printed = "".join(output.text for output in cells[0].outputs if "text" in output)
    shown = [output.data.get("text/plain", "") for output in cells[0].outputs if "data" in output]
    return "\n".join([printed, *shown])


def numbers(text: str) -> list[float]:
    """All numbers in a text, in order."""
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d*)?(?:e[+-]?\d+)?", text)]
