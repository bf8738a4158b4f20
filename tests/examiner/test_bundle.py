"""The students' zip: what is in it, what must not be, and that it works on its own."""

import json
import os
import shutil
import sys
import tomllib
import zipfile
from textwrap import dedent

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_output

from examiner.build.regions import BEGIN_SOLUTION, END_SOLUTION
from examiner.bundle import BundleError, check_for_students, make_bundle
from small_course import (
    LECTURE_NOTEBOOK,
    RELEASED_NOTEBOOK,
    REPO,
    SOLUTION_NOTEBOOK,
    make_small_course,
    write,
)
from strides.check.score import MIME

SECONDS_A_CELL = 300


@pytest.fixture
def course(tmp_path):
    root = make_small_course(tmp_path / "course")
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(REPO / name, root)
    write(root, "LICENSE", "MIT")
    write(root, "LICENSE-text", "CC BY 4.0")
    write(root, "lib/strides/__init__.py", "")
    write(root, "lib/strides/table.json", "[]")
    write(root, "lib/strides/__pycache__/x.pyc", "")
    write(root, "lib/examiner/__init__.py", "")
    write(root, "lectures/figures/one.svg", "<svg/>")
    write(root, "tests/test_x.py", "")
    write(root, "gradebook.db", "")
    return root


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The course's own bundle, unpacked: the folder that students work in."""
    folder = tmp_path_factory.mktemp("bundle")
    report = make_bundle(REPO, folder / "students.zip")
    with zipfile.ZipFile(report.path) as archive:
        archive.extractall(folder)
    return folder / "strides"


def texts(folder):
    """Every text file of a bundle; a notebook as the sources of its cells."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".ipynb":
            cells = nbformat.read(path, 4).cells
            found[path.relative_to(folder).as_posix()] = "\n".join(cell.source for cell in cells)
        elif path.is_file() and path.suffix in {".py", ".md", ".toml", ".txt", ".svg", ".json"}:
            found[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
    return found


def test_what_is_in_it(course, tmp_path):
    report = make_bundle(course, tmp_path / "out")
    assert report.path == tmp_path / "out/strides-students.zip"
    assert set(report.files) == {
        "LICENSE",
        "LICENSE-text",
        "README.md",
        "constraints.txt",
        "pyproject.toml",
        "requirements.txt",
        LECTURE_NOTEBOOK,
        "lectures/figures/one.svg",
        RELEASED_NOTEBOOK,
        "lib/strides/__init__.py",
        "lib/strides/table.json",
    }
    with zipfile.ZipFile(report.path) as archive:
        assert archive.namelist() == [f"strides/{name}" for name in sorted(report.files)]
        assert archive.testzip() is None
    assert "11 files" in str(report)


def test_the_same_tree_gives_the_same_bytes(course, tmp_path):
    first = make_bundle(course, tmp_path / "a.zip").path.read_bytes()
    os.utime(course / "LICENSE", (0, 0))
    assert make_bundle(course, tmp_path / "b.zip").path.read_bytes() == first


def test_nobodys_work_gets_in(course, tmp_path):
    """The generated trees are not read: they may hold an instructor's answers and outputs."""
    clean = make_bundle(course, tmp_path / "a.zip").path.read_bytes()
    for name in (RELEASED_NOTEBOOK, LECTURE_NOTEBOOK, SOLUTION_NOTEBOOK):
        cell = new_code_cell("answer = 42", outputs=[new_output("stream", text="42")])
        notebook = nbformat.v4.new_notebook(cells=[cell])
        write(course, name, nbformat.writes(notebook))
    assert make_bundle(course, tmp_path / "b.zip").path.read_bytes() == clean


@pytest.mark.parametrize("name", ["LICENSE-text", "pyproject.toml", "requirements.lock"])
def test_a_missing_part_is_named(course, tmp_path, name):
    (course / name).unlink()
    with pytest.raises(BundleError, match=f"{name}: not found"):
        make_bundle(course, tmp_path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lib/strides/a.py", "from examiner import examine"),
        ("lib/strides/a.py", 'score += examine(f, "a1.f")'),
        ("README.md", "### BEGIN SOLUTION"),
        ("lib/examiner/__init__.py", ""),
        ("assignments/a/a.ipynb", '{"cells": [{"source": ["x\\n", "### BEGIN HIDDEN TESTS"]}]}'),
    ],
)
def test_what_is_not_for_students_is_refused(path, text):
    with pytest.raises(BundleError, match=path):
        check_for_students({"lib/strides/ok.py": b"x = 1", path: text.encode()})


def test_a_library_that_needs_the_examiner_makes_no_bundle(course, tmp_path):
    write(course, "lib/strides/check.py", "import examiner\n")
    with pytest.raises(BundleError, match=r"lib/strides/check\.py: 'import examiner'"):
        make_bundle(course, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_students_project_is_the_roots_without_the_instructors_part(bundle):
    ours = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
    theirs = tomllib.loads((bundle / "pyproject.toml").read_text())["project"]
    assert theirs["dependencies"] == ours["dependencies"]
    assert theirs["requires-python"] == ours["requires-python"]
    assert theirs.keys().isdisjoint({"scripts", "optional-dependencies"})
    lines = (bundle / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if line[0].isalpha()] == ours["dependencies"]
    assert "-c constraints.txt" in lines
    assert (bundle / "constraints.txt").read_text() == (REPO / "requirements.lock").read_text()


def test_the_readme_names_every_notebook(bundle):
    text = (bundle / "README.md").read_text()
    for path in bundle.rglob("*.ipynb"):
        assert f"`{path.relative_to(bundle).as_posix()}`" in text


def test_no_file_is_the_instructors(bundle):
    parts = {part for path in bundle.rglob("*") for part in path.relative_to(bundle).parts}
    assert parts.isdisjoint(
        {"examiner", "sources", "solutions", "tests", "bench", "gradebook.db", "nbgrader_config.py"}
    )
    assert {path.name for path in bundle.iterdir()} <= {
        "LICENSE",
        "LICENSE-text",
        "README.md",
        "assignments",
        "constraints.txt",
        "lectures",
        "lib",
        "pyproject.toml",
        "requirements.txt",
    }
    assert [path.name for path in (bundle / "lib").iterdir()] == ["strides"]


def test_no_text_is_the_instructors(bundle):
    for name, text in texts(bundle).items():
        for secret in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "examine("):
            assert secret not in text, name
        assert "import examiner" not in text, name
        assert "from examiner" not in text, name


def solution_regions(text):
    """Each solution of a source: its lines without indentation."""
    regions, inside = [], False
    for line in dedent(text).splitlines():
        if line.strip() == BEGIN_SOLUTION:
            regions.append([])
            inside = True
        elif line.strip() == END_SOLUTION:
            inside = False
        elif inside and line.strip():
            regions[-1].append(line.strip())
    return regions


def solution_lines(text):
    """Lines that stand in solutions only, and are more than a name or a bracket."""
    inside = {line for region in solution_regions(text) for line in region}
    everywhere = [line.strip() for line in text.splitlines()]
    in_solutions = [line for region in solution_regions(text) for line in region]
    return {
        line
        for line in inside
        if len(line) > 12 and everywhere.count(line) == in_solutions.count(line)
    }


@pytest.mark.parametrize(
    "source", sorted((REPO / "sources/assignments").glob("*/*.py")), ids=lambda path: path.stem
)
def test_no_solution_is_in_it(bundle, source):
    text = source.read_text(encoding="utf-8")
    regions = ["\n".join(region) for region in solution_regions(text)]
    assert regions, "an assignment has solutions"
    for name, found in texts(bundle).items():
        lines = [line.strip() for line in found.splitlines()]
        if name.startswith("assignments/"):
            assert solution_lines(text) & set(lines) == set(), name
        flat = "\n".join(line for line in lines if line)
        assert [region for region in regions if "\n" in region and region in flat] == [], name


def test_the_check_for_solutions_finds_them():
    """The test above would see a solution that was left in."""
    source = (REPO / "tests/small_course.py").read_text()
    assert solution_lines(source) >= {"the_secret_sum = np.add(x, x)", "return the_secret_sum"}


LAUNCHER = """\
import os, sys
sys.path[:] = [path for path in sys.path if not os.path.isdir(os.path.join(path, "examiner"))]
sys.path.insert(0, {lib!r})
from ipykernel.kernelapp import main
main()
"""

PROOF = """\
import importlib.util, strides
assert strides.__file__.startswith({lib!r}), strides.__file__
assert importlib.util.find_spec("examiner") is None
"""


@pytest.fixture
def run(bundle, tmp_path, monkeypatch):
    """Run a notebook as a student would: a kernel that knows the bundle's lib and no other."""
    lib = str(bundle / "lib")
    command = [sys.executable, "-c", LAUNCHER.format(lib=lib), "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "bundle", "language": "python"}
    write(tmp_path, "jupyter/kernels/python3/kernel.json", json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))

    def execute(path):
        notebook = nbformat.read(path, 4)
        notebook.cells.insert(0, new_code_cell(PROOF.format(lib=lib)))
        client = NotebookClient(
            notebook,
            timeout=SECONDS_A_CELL,
            allow_errors=True,
            resources={"metadata": {"path": str(path.parent)}},
        )
        client.execute()
        return notebook.cells

    return execute


def errors(cells):
    return [
        f"{cell.source}\n{output.ename}: {output.evalue}"
        for cell in cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]


def names(folder):
    """Notebooks of the repository's tree; the bundle's own are the same."""
    return sorted(path.relative_to(REPO).as_posix() for path in REPO.glob(folder))


def test_the_notebooks_that_are_run_are_all_there_are(bundle):
    there = sorted(path.relative_to(bundle).as_posix() for path in bundle.rglob("*.ipynb"))
    assert there == sorted(names("lectures/*.ipynb") + names("assignments/*/*.ipynb"))


@pytest.mark.parametrize("name", names("lectures/*.ipynb"))
def test_a_lecture_runs_clean(bundle, run, name):
    assert errors(run(bundle / name)) == []


@pytest.mark.parametrize("name", names("assignments/*/*.ipynb"))
def test_a_blank_assignment_says_not_done_yet(bundle, run, name):
    cells = run(bundle / name)
    assert errors(cells) == []
    tests = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
    tests = [cell for cell in tests if cell.cell_type == "code"]
    assert tests, "an assignment has test cells"
    for cell in tests:
        [result] = [out for out in cell.outputs if out.output_type == "execute_result"]
        assert float(result.data["text/plain"]) == 0, cell.source
        statuses = {row["status"] for row in result.data[MIME]["rows"]}
        assert statuses == {"blank"}, cell.source
        assert "not done yet" in result.data["text/html"]


def test_running_a_bundle_sees_a_failure(tmp_path, run):
    """The two tests above would see an error, and an examiner within reach."""
    notebook = nbformat.v4.new_notebook(cells=[new_code_cell("import examiner")])
    path = write(tmp_path, "x.ipynb", nbformat.writes(notebook))
    assert ["ModuleNotFoundError" in error for error in errors(run(path))] == [True]
