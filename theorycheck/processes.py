"""Run a function on many arguments in spawned processes, or here; results arrive as they end.

Only names, exact JSON and text should cross between processes, never balls.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

__all__ = ["run_all"]

Argument = TypeVar("Argument")
Result = TypeVar("Result")


def run_all(
    work: Callable[[Argument], Result],
    arguments: Sequence[Argument],
    jobs: int,
    lost: Callable[[Argument], Result],
) -> Generator[tuple[int, Result], None, None]:
    """Yield (index of the argument, result) in the order in which they end.

    `lost` makes the result of an argument whose process died. Closing the iterator, or Ctrl-C,
    ends the processes that were started here and no other.
    """
    if jobs <= 1 or len(arguments) <= 1:
        for index, argument in enumerate(arguments):
            yield index, work(argument)
        return
    others = {child.pid for child in multiprocessing.active_children()}
    executor = ProcessPoolExecutor(
        max_workers=min(jobs, len(arguments)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_leave_interrupts_to_the_parent,
    )
    try:
        waiting: dict[Future[Result], int] = {
            executor.submit(work, argument): index for index, argument in enumerate(arguments)
        }
        for future in as_completed(waiting):
            index = waiting[future]
            try:
                result = future.result()
            except BrokenProcessPool:
                result = lost(arguments[index])
            yield index, result
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            if child.pid not in others:
                child.terminate()
        raise
    executor.shutdown()


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
