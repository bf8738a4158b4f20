"""Notebook pages that need no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from traitlets import default

TEMPLATES = Path(__file__).parent / "templates"


class OfflineHTMLExporter(HTMLExporter):
    """nbconvert's HTML, with our templates first: they fetch nothing to show a formula."""

    @default("template_paths")
    def _template_paths(self, prune: bool = True, root_dirs: Any = None) -> list[str]:
        return [str(TEMPLATES), *super()._template_paths(prune, root_dirs)]
