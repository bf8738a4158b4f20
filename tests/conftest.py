"""What several folders of tests share."""

import os
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("STRIDES_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    *("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium driven by Playwright: one for a process, which can hold no second."""
    sync_api = pytest.importorskip(
        "playwright.sync_api",
        reason="browser tests need playwright: .venv/bin/pip install playwright",
    )
    if not Path(CHROMIUM).exists():
        pytest.skip(
            f"browser tests need Chromium at {CHROMIUM}: apt-get install chromium, "
            "or set STRIDES_CHROMIUM to where it is"
        )
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()
