"""Processes that stand still while the service itself has much to do, but for one moment in many.

A low priority alone does not do it: who has a processor keeps it for some milliseconds, whoever else wakes
up, which is longer than a page takes to be answered.
Source: https://docs.kernel.org/scheduler/sched-eevdf.html
"""

import asyncio
from time import process_time
from typing import Final, Protocol

_MOMENT_S: Final = 0.01
_MOMENTS: Final = 50
"""One of how many moments they go on in all the same, so that none of them stands still for ever."""
_BUSY: Final = 0.5
"""What part of its time the service computes, where it is busy."""


class Process(Protocol):
    """What can stand still."""

    def stand_still(self) -> None:
        """Compute nothing until told to go on."""

    def go_on(self) -> None:
        """Compute again."""


class GivingWay:
    """The processes that give way to the service."""

    def __init__(self) -> None:
        """Begin with none."""
        self._processes: set[Process] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._looked_s = self._computed_s = 0.0
        self._moment = 0
        self._stands = False

    def add(self, process: Process) -> None:
        """Let a process give way from now on."""
        self._processes.add(process)
        if self._stands:
            process.stand_still()
        elif not self._timer:
            self._look()

    def discard(self, process: Process) -> None:
        """Care for a process no longer; it may have ended."""
        self._processes.discard(process)
        if self._timer and not self._processes:
            self._timer.cancel()
            self._timer, self._stands = None, False

    def _look(self) -> None:
        """Let all stand still, or all go on, until the next look."""
        self._moment = (self._moment + 1) % _MOMENTS
        stands = self._is_busy() and self._moment > 0
        if stands != self._stands:
            self._stands = stands
            for process in self._processes:
                (process.stand_still if stands else process.go_on)()
        self._timer = asyncio.get_running_loop().call_later(_MOMENT_S, self._look)

    def _is_busy(self) -> bool:
        """Tell how the service has spent the time since this was asked last."""
        now_s, computed_s = asyncio.get_running_loop().time(), process_time()
        is_busy = computed_s - self._computed_s > _BUSY * (now_s - self._looked_s)
        self._looked_s, self._computed_s = now_s, computed_s
        return is_busy
