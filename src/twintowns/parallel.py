"""The same work over many things, in as many processes as there are cores, told in order.

The work is forked, so that every process has what was prepared without copying it.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar

from twintowns.exceptions import SystemFailureError

Item = TypeVar("Item")
Made = TypeVar("Made")

FEW = 64
"""Fewer things than this are done in this very process: to start others would take longer."""

_FORK = multiprocessing.get_context("fork")
_PR_SET_PDEATHSIG = 1
_work: list[Any] = []


def each(
    work: Callable[[Item, Path], Made], items: Sequence[Item], where: tuple[Path, int | None]
) -> Generator[Made]:
    """Do the same work on each item, and yield what each made, in their order.

    Where other processes do it, they begin at once, so that this one can do something else meanwhile.

    Args:
        work: What to do with an item and the folder.
        items: The items.
        where: The folder to write to, and how many processes; None for as many as there are cores.
    """
    folder, wanted = where
    processes = wanted or (1 if len(items) < FEW else cores())
    if processes == 1:
        return (work(item, folder) for item in items)
    begun = _done_elsewhere(work, items, (folder, processes))
    next(begun)
    return begun


def _done_elsewhere(
    work: Callable[[Item, Path], Made], items: Sequence[Item], where: tuple[Path, int]
) -> Generator[Any]:
    """Yield once when other processes are at work, and then what they made."""
    folder, processes = where
    size = max(1, min(256, len(items) // (processes * 4) + 1))
    ranges = [range(start, min(start + size, len(items))) for start in range(0, len(items), size)]
    _work[:] = [work, items, folder]
    _give_back()
    gc.freeze()  # a collection elsewhere would write to all that is shared, and so copy it
    pool = ProcessPoolExecutor(processes, _FORK, initializer=end_with, initargs=(os.getpid(),))
    try:
        results = pool.map(_do, ranges)
        yield None
        for made in results:
            yield from made
    except BrokenProcessPool as error:
        raise SystemFailureError(
            folder,
            "one of the processes that work on this was ended from outside",
            "see that there is enough memory, or use fewer (--processes), and run this again",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()
        _work.clear()


def _give_back() -> None:
    """Give back to the system what is free, between things that are still there, before it is shared."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):  # pragma: no branch - glibc only; elsewhere it stays
        library.malloc_trim(0)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def end_with(parent: int) -> None:
    """Let this process end when the one that started it does, so that a killed build leaves none behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    library = ctypes.CDLL(None)
    if hasattr(library, "prctl"):  # pragma: no branch - Linux only; elsewhere the check below must do
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # pragma: no cover - the one that started it has ended in this very moment


def _do(numbers: range) -> list[Any]:
    work, items, folder = _work
    return [work(items[number], folder) for number in numbers]
