"""The same work over many things, in as many processes as there are cores, told in order.

The work is forked, so that every process has what was prepared without copying it.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

FEW = 64
"""Fewer things than this are done in this very process: to start others would take longer."""

_work: list[Any] = []


def each(
    work: Callable[[Item, Path], Made], items: Sequence[Item], where: tuple[Path, int | None]
) -> Iterator[Made]:
    """Do the same work on each item, and yield what each made, in their order.

    Args:
        work: What to do with an item and the folder.
        items: The items.
        where: The folder to write to, and how many processes; None for as many as there are cores.
    """
    folder, wanted = where
    processes = wanted or (1 if len(items) < FEW else len(os.sched_getaffinity(0)))
    if processes == 1:
        yield from (work(item, folder) for item in items)
        return
    _work[:] = [work, items, folder]
    size = max(1, min(256, len(items) // (processes * 4) + 1))
    ranges = [range(start, min(start + size, len(items))) for start in range(0, len(items), size)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork")) as pool:
        for made in pool.map(_do, ranges):
            yield from made
    _work.clear()


def _do(numbers: range) -> list[Any]:
    work, items, folder = _work
    return [work(items[number], folder) for number in numbers]
