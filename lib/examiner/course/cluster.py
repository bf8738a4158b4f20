"""A Dask cluster as an Executor; Dask itself is optional."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any

from .errors import CourseError
from .workers import WorkerDied

PATIENCE = 20
RETRIES = 1


class ClusterWorkers(Executor):
    """The workers of a Dask cluster, one job at a time each.

    `size` is their number at the start; more may join. What ends as many workers as Dask allows
    (`distributed.scheduler.allowed-failures`) gets WorkerDied. Raises CourseError where Dask is
    not installed, the scheduler does not answer, or a worker would run two jobs in one process.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise CourseError(
                "--scheduler: expected Dask, found none; pip install 'strides-course[cluster]'."
            ) from None
        try:
            self.client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as problem:
            raise CourseError(
                f"--scheduler {address}: no Dask scheduler answers there ({problem}); expected "
                "an address such as tcp://10.0.0.7:8786, which `dask scheduler` prints."
            ) from None
        workers = self.client.scheduler_info(n_workers=-1)["workers"]
        if crowded := [name for name, info in workers.items() if info["nthreads"] != 1]:
            self.client.close()
            raise CourseError(
                f"{crowded[0]}: expected Dask workers of one thread; start them with "
                "`dask worker --nworkers CORES --nthreads 1 ADDRESS`."
            )
        self.size = max(1, len(workers))
        self.executor = self.client.get_executor(pure=False, retries=RETRIES)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        outer: Future[Any] = Future()
        outer.set_running_or_notify_cancel()
        inner = self.executor.submit(fn, *args, **kwargs)
        inner.add_done_callback(partial(_pass_on, outer))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.executor.shutdown(wait=wait)
        self.client.close()

    def stop(self) -> None:
        """Let the cluster drop what waits and forget what runs; its workers stay."""
        self.shutdown(wait=False)


def _pass_on(outer: Future[Any], inner: Future[Any]) -> None:
    from distributed.scheduler import KilledWorker

    if inner.cancelled():
        outer.set_exception(CourseError("the Dask scheduler gave up the jobs; is it still there?"))
    elif isinstance(problem := inner.exception(), KilledWorker):
        outer.set_exception(WorkerDied("it ended every process that graded it"))
    elif problem is not None:
        outer.set_exception(problem)
    else:
        outer.set_result(inner.result())
