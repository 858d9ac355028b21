"""Reminders that ring after the same time, with one timer for all of them.

Nearly every one is let go before it rings: a query is answered long before its time is up. A timer of the
event loop costs as much for each as answering a small query from a list would; an entry of a dictionary,
which keeps the order in which they were set and so in which they ring, costs nearly nothing.
Source: https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.loop.call_at
"""

import asyncio
from collections.abc import Callable


class Reminders:
    """Those that ring after the same time.

    Args:
        after_s: How long after they were set.
    """

    def __init__(self, after_s: float) -> None:
        """Begin with none."""
        self._after_s = after_s
        self._set: dict[object, tuple[float, Callable[[], object]]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def set(self, ring: Callable[[], object]) -> object:
        """Have something called after the time, and return what lets go of that."""
        loop, reminder = asyncio.get_running_loop(), object()
        when_s = loop.time() + self._after_s
        self._set[reminder] = when_s, ring
        if not self._timer:
            self._timer = loop.call_at(when_s, self._ring)
        return reminder

    def clear(self, reminder: object) -> None:
        """Let go of one; of one that has rung or was let go, there is nothing to do."""
        self._set.pop(reminder, None)

    def _ring(self) -> None:
        """Call what is due, and wait for the next."""
        now_s, due, self._timer = asyncio.get_running_loop().time(), [], None
        for reminder, (when_s, ring) in self._set.items():
            if when_s > now_s:
                self._timer = asyncio.get_running_loop().call_at(when_s, self._ring)
                break
            due.append((reminder, ring))
        for reminder, ring in due:
            if self._set.pop(reminder, None):  # one that rang before may have let go of it
                ring()
