"""Warm sandboxes for tests, one of a kind for a test process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from examiner.safe.box import Box
from examiner.safe.standin import Remote
from strides_box.confine import Limits

LIMITS = Limits(memory=700_000_000, disk=8_000_000, files=200, seconds=60)


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    """A warm parent in a sandbox, without torch."""
    with Box() as box:
        yield box


@pytest.fixture
def remote(box: Box) -> Iterator[Remote]:
    """A submission's process, new for each test."""
    remote = Remote(box.start(LIMITS))
    yield remote
    remote.submission.end()


@pytest.fixture
def shows(remote: Remote) -> Callable[..., str]:
    """Run a cell in the sandbox; all the text that it shows, errors by their last line."""

    def run(source: str, seconds: float = 5.0) -> str:
        outputs = remote.run(source, seconds).outputs
        return "".join(
            output.get("text") or (output.get("traceback") or [""])[-1] for output in outputs
        )

    return run
