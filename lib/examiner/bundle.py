"""The student's zip: lectures, blank assignments and lib/strides, and nothing of the instructor's.

`strides bundle` calls ``make_bundle(find_root(), out)`` and prints the report it returns.
"""

from __future__ import annotations

import json
import tomllib
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from examiner.build import plan
from examiner.build.regions import leftovers
from examiner.build.trees import ASSIGNMENTS, LECTURES, write_atomically
from examiner.course.numbers import files_for

FOLDER = "strides"
DEFAULT_NAME = "strides-students.zip"
FIGURES = f"{LECTURES}/figures"
LIBRARY = "lib/strides"
LICENSES = ("LICENSE", "LICENSE-text")
LOCK = "requirements.lock"
NOT_SHIPPED = ("__pycache__",)
LONG_AGO = (1980, 1, 1, 0, 0, 0)
CPU_INDEX = "https://download.pytorch.org/whl/cpu"

README = """\
# {title}

{description}
This folder is yours: work in it, break it, unpack it again.

## Once

You need Python {python} and about 1.5 GB of disk.

    python3 -m venv .venv
    source .venv/bin/activate          (Windows: .venv\\Scripts\\activate)
    pip install -r requirements.txt
    pip install --no-deps -e .

`requirements.txt` asks for PyTorch without a GPU.
With an NVIDIA GPU, run `pip install "{torch}"` first and remove the line
with `--extra-index-url` from it.

## Then

    source .venv/bin/activate
    jupyter lab

Open a notebook of `lectures/`, read, and run it cell by cell.
An assignment of `assignments/` says what to write and where.
Its test cells show at once which checks pass; "not done yet" is where you begin.
Leave the names of cells as they are, and hand in the `.ipynb` file.

Lectures:

{lectures}

Assignments:

{assignments}

The code is under the MIT licence (LICENSE), the text under CC BY 4.0 (LICENSE-text).
"""

PYPROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = {name}
version = {version}
description = {description}
requires-python = {python}
dependencies = {dependencies}

[tool.setuptools.packages.find]
where = ["lib"]

[tool.setuptools.package-data]
strides = ["**/*"]
"""


class BundleError(Exception):
    """The bundle would hold something that is not for students, or lacks a part."""


@dataclass(frozen=True)
class BundleReport:
    """Where the bundle is, the files in it (relative to its folder), and its size in bytes."""

    path: Path
    files: tuple[str, ...]
    size: int

    def __str__(self) -> str:
        return f"{self.path}: {len(self.files)} files, {self.size / 1e6:.1f} MB"


def make_bundle(root: Path, out: Path) -> BundleReport:
    """Write the students' zip to ``out`` (a file, or a folder to put it in); same tree, same bytes.

    Notebooks come from the sources, not from the generated trees, so that nobody's work or
    outputs get in. Raises BuildError for a source that cannot be built, BundleError where
    something is missing or is not for students.
    """
    files = bundle_files(root)
    check_for_students(files)
    content = _zip(files)
    path = out if out.suffix == ".zip" else out / DEFAULT_NAME
    write_atomically(path, content)
    return BundleReport(path, tuple(sorted(files)), len(content))


def bundle_files(root: Path) -> dict[str, bytes]:
    """What students get: each file's path in the bundle and its bytes."""
    shown = (f"{LECTURES}/", f"{ASSIGNMENTS}/")
    files = {path: content for path, content in plan(root).items() if path.startswith(shown)}
    assignments = sorted({Path(path).parent.name for path in files if path.startswith(shown[1])})
    files |= files_for(root, ASSIGNMENTS, assignments)
    files |= _tree(root, LIBRARY) | _tree(root, FIGURES)
    for name in (*LICENSES, "pyproject.toml", LOCK):
        if not (root / name).is_file():
            raise BundleError(f"{name}: not found in {root}, and the bundle needs it")
    files |= {name: (root / name).read_bytes() for name in LICENSES}
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    files["constraints.txt"] = (root / LOCK).read_bytes()
    files["requirements.txt"] = _requirements(project).encode()
    files["pyproject.toml"] = _pyproject(project).encode()
    files["README.md"] = _readme(project, files).encode()
    return files


def check_for_students(files: dict[str, bytes]) -> None:
    """Raise BundleError, naming every place, where a file holds what no student may see."""
    found = [f"{path}: is the examiner's" for path in files if "examiner" in Path(path).parts]
    for path, content in sorted(files.items()):
        if path.endswith(".ipynb"):
            text = "\n".join("".join(cell["source"]) for cell in json.loads(content)["cells"])
        elif path.endswith((".py", ".md", ".toml", ".txt")):
            text = content.decode()
        else:
            continue
        found += [f"{path}: {line!r}" for _, line in leftovers(text)]
    if found:
        raise BundleError("not for students:\n" + "\n".join(found))


def _tree(root: Path, folder: str) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
        and not any(part in NOT_SHIPPED for part in path.parts)
    }


def _requirements(project: dict[str, Any]) -> str:
    lines = [
        "# What the course needs, at the versions it was tested with (constraints.txt).",
        "# The extra index holds PyTorch's build without GPU, a tenth of the other's size.",
        f"--extra-index-url {CPU_INDEX}",
        "-c constraints.txt",
        *project["dependencies"],
    ]
    return "\n".join(lines) + "\n"


def _pyproject(project: dict[str, Any]) -> str:
    """TOML for the students: JSON's strings and lists of strings are TOML's too."""
    return PYPROJECT.format(
        name=json.dumps(FOLDER),
        version=json.dumps(project["version"]),
        description=json.dumps(project["description"]),
        python=json.dumps(project["requires-python"]),
        dependencies=json.dumps(project["dependencies"], indent=4),
    )


def _readme(project: dict[str, Any], files: dict[str, bytes]) -> str:
    def listing(folder: str) -> str:
        names = sorted(
            path for path in files if path.startswith(f"{folder}/") and path.endswith(".ipynb")
        )
        return "\n".join(f"- `{name}`" for name in names) or "- none yet"

    torch = next(item for item in project["dependencies"] if item.startswith("torch"))
    return README.format(
        title="Strides",
        description=project["description"],
        python=project["requires-python"].removeprefix(">=") + " or later",
        torch=torch,
        lectures=listing(LECTURES),
        assignments=listing(ASSIGNMENTS),
    )


def _zip(files: dict[str, bytes]) -> bytes:
    """One folder with these files, in order, with fixed times and permissions."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{path}", LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
