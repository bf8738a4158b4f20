"""The corpus: hostile, broken and honest submissions, by theme."""

from __future__ import annotations

from ..attack import Attack
from . import (
    bombs,
    files,
    floods,
    frames,
    honest,
    hooks,
    loops,
    memorised,
    network,
    patches,
    processes,
    reading,
    shadow,
    showing,
    structure,
    system,
    values,
    wire,
)

IN_CODE = (hooks, patches, values, frames, memorised, showing, wire)
ON_THE_SYSTEM = (reading, network, system, shadow, processes, bombs, loops, floods)
IN_FILES = (structure, files)
HONEST = (honest,)


def named(*modules: object) -> tuple[str, ...]:
    """The themes that modules stand for."""
    return tuple(module.__name__.rpartition(".")[2] for module in modules)


THEMES: dict[str, list[Attack]] = {
    named(module)[0]: module.ATTACKS for module in (*IN_CODE, *ON_THE_SYSTEM, *IN_FILES, *HONEST)
}
