"""One list of dependencies: the lock, conda's file, the Makefile and the README agree with it."""

import re
import subprocess
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from examiner.lock import LockError, tidy

REPO = Path(__file__).resolve().parents[1]
LOCK = (REPO / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = [Requirement(line) for line in LOCK.splitlines() if line and line[0] not in "# "]
PINNED = {canonicalize_name(pin.name): pin for pin in PINS}
PLATFORMS = {
    "Linux": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "macOS": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
}
VERSIONS = ("3.11", "3.12", "3.13")


def version(pin):
    return str(pin.specifier).removeprefix("==")


def declared():
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    requirements = [Requirement(text) for group in groups for text in group]
    return [item for item in requirements if item.name != PROJECT["name"]]


def environment(platform, python):
    return {
        **default_environment(),
        **PLATFORMS[platform],
        "python_version": python,
        "python_full_version": f"{python}.0",
        "os_name": "posix",
    }


def needed(requirement, place):
    """The names of all packages that a requirement brings in at a place, itself included."""
    todo, seen = [(canonicalize_name(requirement.name), "")], set()
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        pin = PINNED.get(name)
        if pin is None or (pin.marker and not pin.marker.evaluate(default_environment())):
            continue  # not installed here: its own needs cannot be read
        for text in distribution(name).requires or ():
            item = Requirement(text)
            if item.marker is None or item.marker.evaluate({**place, "extra": extra}):
                todo += [(canonicalize_name(item.name), extra) for extra in {"", *item.extras}]
    return {name for name, _ in seen}


def test_the_lock_holds_plain_pins_for_every_machine():
    assert tidy(LOCK) == LOCK, "run 'make lock', not pip-compile alone"
    for pin in PINS:
        assert re.fullmatch(r"==[^+*]+", str(pin.specifier)), pin
        assert not pin.name.startswith(("nvidia", "triton", "cuda")), pin
        assert pin.url is None, pin
    assert "://" not in LOCK
    assert "--" not in LOCK


@pytest.mark.parametrize("requirement", declared(), ids=str)
def test_the_lock_satisfies_pyproject(requirement):
    pin = PINNED[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version(pin)), pin


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", VERSIONS)
def test_the_lock_is_complete(platform, python):
    """It is installed with --no-deps, so whatever it lacks would be missing."""
    place = environment(platform, python)
    here = {name for name, pin in PINNED.items() if not pin.marker or pin.marker.evaluate(place)}
    asked = [item for item in declared() if not item.marker or item.marker.evaluate(place)]
    wanted = set().union(*(needed(requirement, place) for requirement in asked))
    assert wanted - here - {"pip"} == set()


def test_the_running_environment_is_the_locked_one():
    found = {
        pin.name: distribution(pin.name).version.partition("+")[0]
        for pin in PINS
        if not pin.marker or pin.marker.evaluate(default_environment())
    }
    assert found == {name: version(PINNED[canonicalize_name(name)]) for name in found}


def test_tidying_a_lock():
    text = (
        "#\n# made by pip-compile\n#\nTorch==2.13.0+cpu\n    # via course\n"
        "ptyprocess==1\ncourse @ file:///here\n    # via me\n\n# unsafe:\npip==26\nabc==1\n"
        "nvidia-cublas==13\n    # via torch\ntriton==3 ; python_version > '3'\ncuda-x==13\n"
    )
    assert tidy(text) == (
        "#\n# made by pip-compile\n#\nabc==1\n"
        'appnope==0.1.4 ; sys_platform == "darwin"\n    # via ipykernel\n'
        'ptyprocess==1 ; sys_platform != "win32"\nTorch==2.13.0\n    # via course\n'
    )


@pytest.mark.parametrize("line", ["numpy>=2", "--index-url x", "numpy @ https://x/y.whl"])
def test_a_lock_that_would_not_install_everywhere_is_refused(line):
    with pytest.raises(LockError, match=re.escape(line)):
        tidy(f"{line}\n")


def test_conda_points_at_the_lock_and_pins_the_same_torch():
    conda = yaml.safe_load((REPO / "environment.yml").read_text(encoding="utf-8"))
    *packages, pip = conda["dependencies"]
    assert packages == [
        f"python{PROJECT['requires-python']}",
        f"pytorch-cpu={version(PINNED['torch'])}",
        "pip",
    ]
    assert pip == {"pip": ["-r requirements.lock", "-e ."]}


def make(*arguments):
    """What make would do, without doing it."""
    command = ["make", "--dry-run", *arguments]
    return subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)


def targets():
    text = (REPO / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))


@pytest.mark.parametrize("target", sorted(targets()))
def test_a_target_of_the_makefile_is_well_formed(target):
    result = make(target)
    assert result.returncode == 0, result.stderr


def test_every_target_is_phony_and_listed():
    text = (REPO / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"^\.PHONY: (\S+)", text, re.MULTILINE)) - {"check-python"} == targets()
    listing = subprocess.run(["make"], cwd=REPO, capture_output=True, text=True, check=True).stdout
    assert {line.split()[0] for line in listing.splitlines() if line.startswith("  ")} == targets()


@pytest.mark.parametrize("page", sorted(path.name for path in REPO.glob("*.md")))
def test_pages_name_targets_that_exist(page):
    text = (REPO / page).read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^ *)make ([a-z-]+)", text, re.MULTILINE)
    assert set(named) <= targets()


def test_torch_is_the_cpu_build_on_linux_unless_asked_otherwise():
    fresh = "BIN=build/none"
    cpu = make("-B", "venv", "TORCH=cpu", fresh, "PYTHON=python3").stdout
    cuda = make("-B", "venv", "TORCH=cuda", fresh, "PYTHON=python3").stdout
    torch = version(PINNED["torch"])
    if "Linux" in subprocess.run(["uname"], capture_output=True, text=True, check=True).stdout:
        assert f'"torch=={torch}+cpu"' in cpu
        assert "--extra-index-url https://download.pytorch.org/whl/cpu" in cpu
    assert "--no-deps" in next(line for line in cpu.splitlines() if f'"torch=={torch}' in line)
    assert f'"torch=={torch}"' in cuda
    assert "--no-deps" not in next(line for line in cuda.splitlines() if f'"torch=={torch}' in line)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("TORCH=gpu", "TORCH: expected cpu or cuda, received gpu"),
        ("PYTHON=/no/python", "/no/python is older, or does not run"),
        ("PYTHON=", "needs Python 3.11 or newer"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_installed(setting, message):
    command = ["make", "check-python", setting]
    result = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert message in result.stderr


def test_cleaning_spares_what_students_and_graders_made():
    removed = " ".join(line for line in make("clean").stdout.splitlines() if "rm " in line)
    for precious in (
        "submitted",
        "gradebook",
        "autograded",
        "exchange",
        ".venv",
        "build/ ",
        "-rf build",
    ):
        assert precious not in removed
