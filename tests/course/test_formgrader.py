"""`strides lab` as an instructor meets it: Chromium, three tabs, collect, autograde."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

pytestmark = [pytest.mark.course, pytest.mark.browser]
ROOT = Path(__file__).parents[2]
A = "a1_classifiers"
PATIENCE = 120_000


@pytest.fixture
def page(chromium):
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


@pytest.fixture
def lab(tmp_path):
    """What `strides lab` prints on a fresh copy of the course, while its server runs."""
    root = tmp_path / "clone"
    shutil.copytree(ROOT / "sources" / "assignments" / A, root / "sources" / "assignments" / A)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    lecture = root / "lectures" / "03_short.ipynb"
    lecture.parent.mkdir()
    nbformat.write(new_notebook(cells=[new_markdown_cell("# A lecture")]), lecture)
    command = [sys.executable, "-m", "examiner.cli", "lab", "--no-browser", "--port", "8950"]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    environment.pop("STRIDES_EXCHANGE", None)
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        said = ""
        while "Stop it with" not in said:
            line = server.stdout.readline()
            assert line, said
            said += line
        yield root, said
        server.terminate()
        server.stdout.read()


def test_formgrader_collects_and_autogrades_the_sample_class(lab, page):
    root, said = lab
    address, token = re.search(r"(http://[^/]+)/lab/workspaces/strides\?token=(\w+)", said).groups()
    wait_for(address)
    page.goto(f"{address}/lab/workspaces/strides?token={token}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    labels = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel")
    assert labels.all_inner_texts() == ["03_short.ipynb", f"{A}.ipynb", "Formgrader"]
    # What comes up while Lab starts its kernels may pass; nothing may stay in the reader's way.
    page.wait_for_function("!document.querySelector('.jp-Dialog, .Toastify__toast')")
    assert page.locator(".jp-Notification-List, .Toastify__toast, .jp-Dialog").count() == 0

    page.goto(f"{address}/formgrader/manage_assignments")
    row = page.locator("tr", has=page.locator(f"text={A}"))
    assert "released" in row.inner_text()
    row.locator(".collect a").click()
    page.wait_for_selector(f"text=Successfully collected submissions of '{A}'")

    page.goto(f"{address}/formgrader/manage_submissions/{A}")
    page.wait_for_selector(".autograde a")
    assert page.locator("td.autograde a").count() == 8
    page.locator("tr", has_text="Sample, Dora").locator(".autograde a").click()
    page.wait_for_selector(f"text=Successfully autograded '{A}' for student 'dora'")
    page.goto(f"{address}/formgrader/manage_submissions/{A}")
    page.wait_for_selector(".autograde a")
    dora = page.locator("tr", has_text="Sample, Dora").inner_text()
    points, most = map(float, re.search(r"([\d.]+) / ([\d.]+)", dora).groups())
    assert most / 2 < points < most

    page.goto(f"{address}/formgrader/gradebook/{A}/{A}")
    page.wait_for_selector("text=Submission #1")
    assert not (root / "submitted").exists()
    assert not (root / "gradebook.db").exists()
    assert (root / "build" / "lab" / "class" / "submitted" / "dora" / A).is_dir()
    assert "build/lab/class" in said


def wait_for(address):
    """Wait until the server answers."""
    end = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            with urllib.request.urlopen(f"{address}/api", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
