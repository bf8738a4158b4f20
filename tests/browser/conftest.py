"""One JupyterLab and one Chromium for all browser tests; skipped with an instruction without."""

import json
import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest

from browser.lab import LabNotebook, jupyterlab

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = ROOT / "build" / "browser.json"
SCREENSHOTS = ROOT / "build" / "screenshots"
MEASURED: list[str] = []


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter):
    if MEASURED:
        terminalreporter.section("measured in the browser")
        for line in MEASURED:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The folder that JupyterLab serves; tests put copies of notebooks there."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def lab(chromium, served, tmp_path_factory):
    """The address of a running JupyterLab."""
    with jupyterlab(served, tmp_path_factory.mktemp("lab")) as address:
        yield address


@pytest.fixture(scope="module")
def open_lecture(chromium, lab, served):
    """Open a copy of a lecture by name: the generated notebook, or its source converted."""
    pages = []

    def open_it(name: str, width: int = 1280, height: int = 900) -> LabNotebook:
        target = served / f"{name}.ipynb"
        built = ROOT / "lectures" / target.name
        if built.exists():
            shutil.copy(built, target)
        else:
            nbformat.write(jupytext.read(ROOT / "sources" / "lectures" / f"{name}.py"), target)
        page = chromium.new_page(viewport={"width": width, "height": height})
        pages.append(page)
        notebook = LabNotebook(page)
        notebook.open(lab, target.name)
        return notebook

    yield open_it
    for page in pages:
        page.close()


@pytest.fixture(scope="session")
def screenshots():
    """Where tests leave pictures for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


@pytest.fixture
def measured(request):
    """Report a measured number: in the junit file, in build/browser.json and after the run."""

    def report(name: str, value: float, unit: str) -> None:
        request.node.user_properties.append((name, round(value, 1)))
        MEASURED.append(f"{name}: {value:.1f} {unit}")
        numbers = json.loads(NUMBERS.read_text()) if NUMBERS.exists() else {}
        numbers[name] = {"value": round(value, 1), "unit": unit}
        NUMBERS.parent.mkdir(exist_ok=True)
        NUMBERS.write_text(json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")

    return report
