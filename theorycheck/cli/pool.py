"""Run tasks in spawned processes, or here; results arrive as they are finished."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from theorycheck.cli.tasks import Result, Task, execute

__all__ = ["run_tasks"]


def run_tasks(tasks: Sequence[Task], jobs: int) -> Generator[tuple[int, Result], None, None]:
    """Yield (index of the task, result) in the order in which they end.

    Closing the iterator, or Ctrl-C, ends the processes that were started here and no other.
    """
    if jobs <= 1 or len(tasks) <= 1:
        for index, task in enumerate(tasks):
            yield index, execute(task)
        return
    others = {child.pid for child in multiprocessing.active_children()}
    executor = ProcessPoolExecutor(
        max_workers=min(jobs, len(tasks)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_leave_interrupts_to_the_parent,
    )
    try:
        waiting: dict[Future[Result], int] = {
            executor.submit(execute, task): index for index, task in enumerate(tasks)
        }
        for future in as_completed(waiting):
            yield waiting[future], _result_of(future, tasks[waiting[future]])
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            if child.pid not in others:
                child.terminate()
        raise
    executor.shutdown()


def _result_of(future: Future[Result], task: Task) -> Result:
    try:
        return future.result()
    except BrokenProcessPool:
        return Result(None, f"{task.claim}: its process ended early (out of memory?); try -j 1")


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
