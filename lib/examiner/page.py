"""Pages of what students wrote: nothing of theirs runs in them, and no network is needed.

`CleanView` makes a notebook harmless for any page, Formgrader's included, which shows it with
the rights of an instructor. `OfflineHTMLExporter` writes feedback pages; these also carry a
policy that forbids the browser every script and every request, should something be overlooked.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.converters import GenerateFeedback
from traitlets import default

from examiner.course.mend import is_base64
from examiner.course.record import KEY, role_of
from examiner.course.scrub import clean_html
from examiner.course.staging import Staging, stage_graded
from examiner.markdown import (
    MOST_MARKDOWN,
    TRUSTED,
    as_text,
    can_be_coloured,
    markdown_to_html,
)
from examiner.safe.outputs import PICTURES
from strides.check.score import MIME

TEMPLATES = Path(__file__).parent / "templates"
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
    "style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\">"
)
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3", "file_extension": ".py"}
TEXTS = ("text/plain", "text/latex", "text/markdown")
CLEAN = "strides_clean"
MOST_SHOWN = 100_000
MOST_SOURCE = 60_000
MOST_CODE_IN_ALL = 600_000
MOST_MARKDOWN_IN_ALL = 300_000
MOST_OUTPUT_IN_ALL = 20_000_000


def cut(text: str, most: int = MOST_SHOWN) -> str:
    """A text to show, with what is beyond its first characters left out and said so."""
    if len(text) <= most:
        return text
    return f"{text[:most]}\n... ({len(text):,} characters, the first {most:,} are shown)"


class CleanView(Preprocessor):
    """Leaves of a notebook what a page shows, each part made harmless or made anew."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        if resources.get(CLEAN):
            return nb, resources
        resources[CLEAN] = True
        known = {KEY: nb.metadata[KEY]} if KEY in nb.metadata else {}
        nb.metadata = NotebookNode({"language_info": NotebookNode(LANGUAGE), **known})
        self.code, self.markdown = MOST_CODE_IN_ALL, MOST_MARKDOWN_IN_ALL
        self.output = MOST_OUTPUT_IN_ALL
        for cell in nb.cells:
            self._clean(cell)
        return nb, resources

    def _clean(self, cell: NotebookNode) -> None:
        names = {"nbgrader": role_of(cell), KEY: cell.metadata.get(KEY)}
        cell.metadata = NotebookNode({name: value for name, value in names.items() if value})
        if cell.cell_type == "code":
            count = cell.get("execution_count")
            cell.execution_count = count if isinstance(count, int) else None
            cell.source = cut(cell.source, max(0, min(MOST_SOURCE, self.code)))
            self.code -= len(cell.source)
            if not can_be_coloured(cell.source):
                cell.metadata["magics_language"] = "text"
            shown = [self._output(output) for output in cell.get("outputs", [])]
            cell.outputs = [output for output in shown if output is not None]
            return
        as_it_is = cell.cell_type != "markdown"
        cell.cell_type = "markdown"
        if as_it_is or len(cell.source) > min(MOST_MARKDOWN, self.markdown):
            cell.source = as_text(cell.source)
            cell.metadata[TRUSTED] = True
        self.markdown -= len(cell.source)

    def _output(self, output: NotebookNode) -> NotebookNode | None:
        made = clean_output(output)
        if made is None:
            return None
        self.output -= len(str(made))
        if self.output < 0:
            return new_output("stream", name="stderr", text="(further output is not shown)\n")
        return made


def clean_output(output: NotebookNode) -> NotebookNode | None:
    """An output made anew from its text, HTML and pictures; None where it shows nothing."""
    if output.output_type == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=cut(str(output.text)))
    if output.output_type == "error":
        frames = [cut(str(frame)) for frame in output.traceback[-50:]]
        name, value = cut(str(output.ename), 200), cut(str(output.evalue), 10_000)
        return new_output("error", ename=name, evalue=value, traceback=frames)
    if output.output_type not in ("display_data", "execute_result"):
        return None
    data = clean_data(output.data)
    return new_output(output.output_type, data) if data else None


def clean_data(data: dict[str, Any]) -> dict[str, Any]:
    """A bundle's text, HTML and pictures, and the score that a test cell showed."""
    made: dict[str, Any] = {}
    for kind in TEXTS:
        if isinstance(data.get(kind), str):
            made[kind] = cut(data[kind])
    for kind in PICTURES:
        if isinstance(data.get(kind), str) and is_base64(data[kind]):
            made[kind] = "".join(data[kind].split())
    if isinstance(data.get("text/html"), str):
        made["text/html"] = clean_html(data["text/html"])
    elif isinstance(data.get("image/svg+xml"), str):
        made["text/html"] = _drawing(data["image/svg+xml"])
    if isinstance(data.get(MIME), dict):
        made[MIME] = data[MIME]
    return made


def _drawing(svg: str) -> str:
    """An SVG as a picture, in which a browser runs no script and loads nothing."""
    data = base64.b64encode(svg.encode("utf-8", "replace")).decode("ascii")
    return f'<img alt="a drawing" src="data:image/svg+xml;base64,{data}">'


class OfflineHTMLExporter(HTMLExporter):
    """nbconvert's HTML for feedback: our templates first, safe copies in, no script in the page."""

    staging: Staging | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.register_filter("markdown2html", markdown_to_html)
        if isinstance(self.parent, GenerateFeedback):
            self.staging = stage_graded(self.parent)

    def from_filename(  # type: ignore[override]
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        page, resources = super().from_filename(filename, resources, **kw)
        if self.staging is not None:
            self.staging.was_read(Path(filename))
        return page, resources

    @default("template_paths")
    def _template_paths(self, prune: bool = True, root_dirs: Any = None) -> list[str]:
        return [str(TEMPLATES), *super()._template_paths(prune, root_dirs)]

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        page, resources = super().from_notebook_node(nb, resources, **kw)
        return page.replace("<head>", f"<head>\n{POLICY}", 1), resources
