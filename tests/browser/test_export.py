"""The executed lecture as a web page without a kernel: nothing blank, nothing cut off."""

import pytest
from nbconvert import HTMLExporter
from traitlets.config import Config

from browser.lab import is_local
from notebooks.executing import ROOT, execute

NAME = "03_softmax_and_likelihood"
PRIORITY = [
    *("text/html", "image/svg+xml", "image/png"),
    *("text/markdown", "text/latex", "text/plain"),
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The lecture, run and written as one HTML file."""
    folder = tmp_path_factory.mktemp("export")
    notebook = execute(ROOT / "sources" / "lectures" / f"{NAME}.py", folder)
    config = Config({"NbConvertBase": {"display_data_priority": PRIORITY}})
    html, _ = HTMLExporter(config=config).from_notebook_node(notebook)
    page = folder / f"{NAME}.html"
    page.write_text(html, encoding="utf-8")
    return page


@pytest.mark.parametrize(("device", "width"), [("desktop", 1100), ("phone", 390)])
def test_the_page_reads_whole(chromium, exported, screenshots, device, width):
    page = chromium.new_page(viewport={"width": width, "height": 1400})
    page.route(lambda url: not is_local(url) and not url.startswith("file:"), lambda r: r.abort())
    page.goto(exported.as_uri())
    figures = page.locator("figure.strides-figure")
    assert figures.count() >= 12
    for n in range(figures.count()):
        box = figures.nth(n).bounding_box()
        assert box["height"] > 40
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    notes = page.locator("figcaption", has_text="Run this notebook to move the sliders")
    assert notes.count() == 2
    notes.first.scroll_into_view_if_needed()
    page.screenshot(path=screenshots / f"{NAME}_export_{device}.png")
    page.close()
