"""The static site of the lectures, opened from files: whole, offline, found, reachable."""

import json
import re
import shutil
from io import StringIO
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from rich.console import Console
from typer.testing import CliRunner

from browser.axe import grave_findings
from examiner.cli import app
from examiner.mathml import formula
from examiner.site import build_site
from examiner.site_lecture import SiteError, lectures
from examiner.site_page import spaced
from notebooks.executing import ROOT

LECTURES = [lecture.name for lecture in lectures(ROOT)]
PAGES = ["index", "search", *LECTURES]
WIDTHS = {"desktop": 1280, "phone": 390}
TINY = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How much is it?

# %%
print(42 * 42)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a site of all lectures; they are run where they have changed."""
    folder = tmp_path_factory.mktemp("site")
    build_site(ROOT, folder, Console(file=StringIO()))
    return folder


@pytest.fixture
def visit(chromium, site):
    """Open a page of the site; whatever it asks for and complains of is noted on it."""
    pages = []

    def open_page(name, width=1280, words=""):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.asked, page.problems = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.problems.append(message.text))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(f"{(site / f'{name}.html').as_uri()}{words}")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


def test_every_lecture_has_a_page(site):
    assert {path.stem for path in site.glob("*.html")} == set(PAGES)


@pytest.fixture
def tiny(tmp_path):
    """A course of one lecture, and a way to build its site that returns what it said."""
    root = tmp_path / "tiny"
    source = root / "sources" / "lectures" / "01_tiny.py"
    source.parent.mkdir(parents=True)
    source.write_text(TINY)
    module = root / "lib" / "strides" / "part.py"
    module.parent.mkdir(parents=True)
    module.write_text("one = 1\n")
    shutil.copy(ROOT / "pyproject.toml", root)

    def make():
        said = Console(file=StringIO())
        build_site(root, root / "build" / "site", said)
        return said.file.getvalue()

    return root, source, module, make


def test_a_lecture_is_run_when_something_has_changed(tiny):
    root, source, module, make = tiny
    page = root / "build" / "site" / "01_tiny.html"
    assert "Running 01_tiny" in make()
    assert "1764" in page.read_text()
    before = page.read_bytes()
    assert make() == ""
    assert page.read_bytes() == before
    source.write_text(TINY.replace("42 * 42", "43 * 43"))
    assert "Running" in make()
    assert "1849" in page.read_text()
    module.write_text("one = 2\n")
    assert "Running" in make()
    assert len(list((root / "build" / "site_cache").iterdir())) == 1


def test_the_command_writes_where_it_is_told(tiny, tmp_path):
    root, *_ = tiny
    shutil.copy(ROOT / "nbgrader_config.py", root)
    to = tmp_path / "elsewhere"
    done = CliRunner().invoke(app, ["--course", str(root), "site", "--to", str(to)])
    assert done.exit_code == 0, done.output
    assert str(to / "index.html") in done.output
    assert (to / "01_tiny.html").is_file()
    assert not (root / "build" / "site").exists()


def test_a_lecture_that_asks_the_network_fails_by_name(tiny):
    root, source, _, make = tiny
    cell = "import urllib.request\nurllib.request.urlopen('http://example.org')"
    source.write_text(TINY.replace("print(42 * 42)", cell))
    with pytest.raises(SiteError, match=r"(?s)01_tiny.*a lecture runs without a network"):
        make()
    assert not (root / "build" / "site").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SiteError, match="expected an empty folder or an older site"):
        build_site(ROOT, tmp_path, Console(file=StringIO()))
    assert (tmp_path / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_of_the_network(visit, name):
    page = visit(name)
    assert {urlsplit(url).scheme for url in page.asked} <= {"file", "data"}
    assert page.problems == []


@pytest.mark.parametrize("name", LECTURES)
def test_every_picture_has_words(visit, name):
    page = visit(name)
    assert page.locator("main figure :is(img, svg[role=img])").count() >= 8
    assert page.locator("main img:not([alt]), main img[alt='']").count() == 0
    assert page.locator("main svg:not([aria-label])").count() == 0


@pytest.mark.parametrize("name", LECTURES)
def test_sliders_stand_as_pictures(visit, name):
    page = visit(name)
    notes = page.locator("figcaption", has_text="Run this notebook to")
    assert notes.count() >= 2
    for figure in page.locator("figure.strides-figure").all():
        assert figure.bounding_box()["height"] > 40


@pytest.mark.parametrize("name", LECTURES)
def test_formulas_are_formulas(visit, name):
    page = visit(name)
    assert page.locator("main math").count() > 20
    shown = page.evaluate(
        """() => { document.querySelectorAll("details").forEach(part => part.open = true);
        return [...document.querySelectorAll("main .text")].map(part => part.innerText).join(); }"""
    )
    for raw in ("$$", "\\frac", "\\sum"):
        assert raw not in shown


@pytest.mark.parametrize(
    ("latex", "spaces"),
    [
        ("\\ln p", ["ln_p"]),
        ("q \\ln p", ["q_ln", "ln_p"]),
        ("2\\sin x", ["2_sin"]),
        ("-\\ln p", ["−ln_p"]),
        ("\\exp(x)", ["exp(x)"]),
        ("\\ln^2 x", ["ln2x"]),
        ("\\frac{\\ln 2}{x}", ["ln_2x"]),
    ],
)
def test_names_of_functions_stand_apart(latex, spaces):
    shown = re.sub(r"<mspace [^>]*>", "_", spaced(formula(latex, block=False)))
    words = re.sub(r"<[^>]+>", "", shown)
    for expected in spaces:
        assert expected in words


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(visit, screenshots, name, width):
    page = visit(name, width)
    page.screenshot(path=screenshots / f"site_{name}_{width}.png")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_wide_scrolls_in_itself_by_keyboard(visit):
    page = visit(LECTURES[-1], WIDTHS["phone"])
    code = page.locator("main pre[tabindex]").first
    code.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("code => code.scrollLeft > 0", arg=code.element_handle())


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_grave(visit, name, width):
    page = visit(name, width, "?q=stride" if name == "search" else "")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert grave_findings(page) == []


def test_axe_would_find_a_picture_without_words(visit):
    page = visit(LECTURES[0])
    page.evaluate("document.querySelector('main img').removeAttribute('alt')")
    found = grave_findings(page)
    assert len(found) == 1
    assert found[0].startswith("critical: image-alt")


@pytest.mark.parametrize("name", PAGES)
def test_headings_have_an_order(visit, name):
    page = visit(name)
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].map(heading => +heading.tagName[1])"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_keyboard_skips_to_the_content(visit):
    page = visit(LECTURES[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the content"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'content'")


def test_one_word_leads_to_its_section(visit, screenshots):
    page = visit("index")
    page.get_by_role("searchbox", name="Search the lectures").fill("gabor")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=gabor")
    assert "sections with “gabor”" in page.get_by_role("status").inner_text()
    page.screenshot(path=screenshots / "site_search_found.png")
    page.get_by_role("link", name="4. Stripes at every angle").click()
    page.wait_for_url("**/07_convolution.html#4-stripes-at-every-angle-7-min")
    heading = page.get_by_role("heading", name="4. Stripes at every angle")
    assert 0 <= heading.bounding_box()["y"] < 200
    assert {urlsplit(url).scheme for url in page.asked} <= {"file", "data"}


def test_every_word_asked_for_must_be_there(visit):
    page = visit("search")
    box, count = page.get_by_role("searchbox"), page.get_by_role("status")
    box.fill("temperature softmax")
    assert page.locator("#found a").count() >= 1
    box.fill("temperature zebra")
    assert count.inner_text() == "No sections with “temperature zebra”"
    box.fill("")
    assert count.inner_text() == ""


def test_every_search_hit_is_a_place(site):
    words = (site / "words.js").read_text(encoding="utf-8")
    sections = json.loads(words.removeprefix("const STRIDES_WORDS = ").rstrip(";\n"))
    assert len(sections) > 10 * len(LECTURES)
    for section in sections:
        file, _, anchor = section["link"].partition("#")
        assert f'id="{anchor}"' in (site / file).read_text(encoding="utf-8")


def test_lectures_are_turned_like_pages(visit):
    page = visit(LECTURES[0])
    for name in LECTURES[1:]:
        page.locator("a[rel=next]").click()
        page.wait_for_url(f"**/{name}.html")
    assert page.locator("a[rel=next]").count() == 0
    page.locator("a[rel=prev]").click()
    page.wait_for_url(f"**/{LECTURES[-2]}.html")
    assert page.locator("nav [aria-current=page]").inner_text().startswith(LECTURES[-2][:2])
