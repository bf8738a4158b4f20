"""One class for a process of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .classroom import Classroom


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    """A class of its own for this process, in which themes are graded when asked for."""
    room = Classroom(tmp_path_factory.mktemp("attacked"))
    yield room
    room.close()
