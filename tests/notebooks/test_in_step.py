"""The committed notebooks are what the sources make, and nothing more."""

import json
from pathlib import Path

import pytest

from examiner.build import build
from examiner.build.trees import GENERATED, LECTURES, SOLUTIONS, made_by_builder, source_files

REPO = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(
    path.relative_to(REPO).as_posix() for pattern in GENERATED for path in REPO.glob(pattern)
)


def test_the_trees_are_in_step_with_the_sources():
    report = build(REPO, check=True)
    assert report.in_step, f"run 'make build' and commit:\n{report}"


def test_every_source_has_its_notebooks_and_no_more():
    expected = set(source_files(REPO).values())
    expected |= {path.replace(SOLUTIONS, "assignments", 1) for path in expected if
                 not path.startswith(LECTURES)}  # fmt: skip
    assert set(NOTEBOOKS) == expected


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_clean(name):
    notebook = json.loads((REPO / name).read_text(encoding="utf-8"))
    assert (REPO / made_by_builder(notebook)["source"]).is_file()
    assert notebook["metadata"]["kernelspec"]["name"] == "python3", "Lab would open a dialog"
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in notebook["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
