"""axe-core on a page: what it finds that keeps people out."""

from __future__ import annotations

import pytest

GRAVE = ("serious", "critical")


def grave_findings(page, within: list[str] | None = None) -> list[str]:
    """The serious and critical findings, one a line; `within`: only below these selectors."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe").Axe()
    found = axe.run(page, context={"include": [[place] for place in within]} if within else None)
    assert found.response["passes"], "axe has looked at nothing"
    return [
        f"{finding['impact']}: {finding['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for finding in found.response["violations"]
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]
