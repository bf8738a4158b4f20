"""Who grades: processes of this machine, or a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Protocol

from .cluster import ClusterWorkers
from .workers import ProcessWorkers, nothing


class Workers(Protocol):
    """An Executor that knows how many jobs it can do at once, and can be stopped."""

    size: int

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]: ...

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None: ...

    def stop(self) -> None: ...


@contextmanager
def open_workers(
    size: int, scheduler: str | None = None, warm_up: Callable[[], Any] = nothing
) -> Iterator[Workers]:
    """Workers for the block: processes of this machine, or those of a Dask scheduler.

    Each process calls `warm_up` before its first job. Where the block fails, or Ctrl-C ends it,
    they are stopped at once. Raises CourseError where there is no such scheduler.
    """
    workers: Workers = ClusterWorkers(scheduler) if scheduler else ProcessWorkers(size, warm_up)
    try:
        yield workers
    except BaseException:
        workers.stop()
        raise
    workers.shutdown()


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
