"""Processes that grade, behind the interface of `concurrent.futures`.

Each worker is a process pool of one, so that a process that dies is known to have died of the
job it had; the other workers go on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import forkserver
from typing import Any

from examiner.safe.sandbox import ONE_THREAD

PRELOADED = ["examiner.course.quick_start", "examiner.safe.job"]
MOST_DEATHS = 2


class WorkerDied(Exception):
    """The process that a job ran in ended before the job did, as often as was tried."""


@dataclass
class Task:
    """A call that waits for a worker or has one, and how many workers it has ended."""

    call: Callable[[], Any]
    future: Future[Any] = field(default_factory=Future)
    deaths: int = 0


class Worker:
    """One process, which calls `warm_up` before its first job."""

    def __init__(self, warm_up: Callable[[], Any]) -> None:
        self.pool = ProcessPoolExecutor(1, mp_context=start_method(), initializer=begin_worker)
        self.pid = self.pool.submit(os.getpid)
        self.pool.submit(warm_up)

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        """Run a call there; raises BrokenProcessPool where the process is dead."""
        return self.pool.submit(call)

    def end(self) -> None:
        """End the process now, whatever it does."""
        if self.pid.done() and not self.pid.exception():
            with suppress(ProcessLookupError):
                os.kill(self.pid.result(), signal.SIGTERM)


def nothing() -> None:
    """What a worker does that need not warm up."""


class ProcessWorkers(Executor):
    """So many processes of this machine, started at the first job.

    A job whose worker dies is tried once more.
    A job that ends its worker twice gets WorkerDied. What `warm_up` raises is left for the first
    job to meet. Raises ValueError for less than one.
    """

    def __init__(self, size: int, warm_up: Callable[[], Any] = nothing) -> None:
        if size < 1:
            raise ValueError(f"workers: expected at least 1, received {size}")
        self.size = size
        self.warm_up = warm_up
        self._lock = threading.RLock()
        self._closed = self._stopped = False
        self._waiting: deque[Task] = deque()
        self._running: set[Future[Any]] = set()
        self._workers: list[Worker] = []
        self._idle: list[Worker] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        task = Task(partial(fn, *args, **kwargs))
        with self._lock:
            if self._closed:
                raise RuntimeError("these workers are shut down")
            if not self._workers:
                self._workers = [Worker(self.warm_up) for _ in range(self.size)]
                self._idle = list(self._workers)
            self._waiting.append(task)
        self._hand_out()
        return task.future

    def _hand_out(self) -> None:
        """Give waiting tasks to idle workers."""
        with self._lock:
            while self._waiting and self._idle:
                task = self._waiting.popleft()
                if not task.future.running() and not task.future.set_running_or_notify_cancel():
                    continue
                self._running.add(task.future)
                worker = self._idle.pop()
                try:
                    inner = worker.submit(task.call)
                except BrokenProcessPool:
                    worker = self._replace(worker)
                    inner = worker.submit(task.call)
                inner.add_done_callback(partial(self._ended, worker, task))
            if self._closed and not self._running:
                for worker in self._workers:
                    worker.pool.shutdown(wait=False)

    def _ended(self, worker: Worker, task: Task, inner: Future[Any]) -> None:
        """Take what a worker made of a task, or see to both where the worker is dead."""
        problem = None if inner.cancelled() else inner.exception()
        died = inner.cancelled() or isinstance(problem, BrokenProcessPool)
        with self._lock:
            task.deaths += died
            again = died and task.deaths < MOST_DEATHS and not self._stopped
            if again:
                self._waiting.appendleft(task)
            else:
                self._running.discard(task.future)
            self._idle.append(self._replace(worker) if died and not self._stopped else worker)
            self._hand_out()
        if died and not again:
            times = "once" if task.deaths == 1 else f"{task.deaths} times"
            task.future.set_exception(WorkerDied(f"it ended the process that graded it, {times}"))
        elif problem is not None and not died:
            task.future.set_exception(problem)
        elif not died:
            task.future.set_result(inner.result())

    def _replace(self, dead: Worker) -> Worker:
        fresh = Worker(self.warm_up)
        self._workers[self._workers.index(dead)] = fresh
        dead.pool.shutdown(wait=False)
        return fresh

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._lock:
            self._closed = True
            dropped = list(self._waiting) if cancel_futures else []
            if cancel_futures:
                self._waiting.clear()
            left = [task.future for task in self._waiting] + list(self._running)
        for task in dropped:
            task.future.cancel()
        if wait:
            wait_for(left)
        self._hand_out()
        for worker in self._workers if wait else []:
            worker.pool.shutdown(wait=True)

    def stop(self) -> None:
        """Drop what waits, end what runs, and return when no worker is left."""
        with self._lock:
            self._closed = self._stopped = True
            dropped, self._waiting = list(self._waiting), deque()
            workers = list(self._workers)
        for task in dropped:
            if not task.future.cancel():
                task.future.set_exception(WorkerDied("the workers were stopped"))
        for worker in workers:
            worker.end()
        self.shutdown(cancel_futures=True)


def begin_worker() -> None:
    """What a worker does first: leave Ctrl-C to the main process, and end when that one does.

    The handler is a function and no SIG_IGN, which programs started from here would inherit.
    """
    signal.signal(signal.SIGINT, lambda *_: None)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def get_ready() -> None:
    """Let the server that workers are forked from import what they need, in the meantime."""
    start_method()


def start_method() -> Any:
    """How workers start: forked from a server that has imported what they need, or afresh.

    The main process has threads, so it is never forked itself.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with one_thread_each(), without_interrupt():
        forkserver.ensure_running()
    return context


@contextmanager
def without_interrupt() -> Iterator[None]:
    """Let what starts in this block ignore Ctrl-C until it says otherwise."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let what starts in this block compute on one thread: it shares the cores with others."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
