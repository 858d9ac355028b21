"""Queries that stand in line behind another of the same client, in the worker that answers that one.

A worker that waits for its next query has to be woken up for it, and the service for each answer: for a
small query that takes as long as the query itself. So a client whose queries have been quick is answered by
one worker, which has the next queries at hand before it has done with the first. Nobody waits in a line for
somebody else, and not long for himself: where a query turns out not to be brief, or ends its worker, those
behind it leave, and are given to other workers.
"""

import asyncio
from collections import deque
from typing import Final

from twintowns.processes import Worker

_MOST: Final = 3
"""How many may stand behind the one that is answered."""


class Lines:
    """The lines of the workers of a pool."""

    def __init__(self) -> None:
        """Begin with none."""
        self._workers: dict[str, Worker] = {}
        self._lines: dict[Worker, deque[asyncio.Future[bool]]] = {}

    def open(self, client: str, worker: Worker) -> None:
        """Let a client's next queries stand behind the one that a worker is given now."""
        if client and client not in self._workers:
            self._workers[client] = worker
            self._lines[worker] = deque()

    def worker_of(self, client: str) -> Worker | None:
        """Return the worker behind whose query the next of a client may stand."""
        worker = self._workers.get(client)
        if worker and worker.quick_for == client and len(self._lines[worker]) < _MOST:
            return worker
        return None

    def join(self, worker: Worker) -> asyncio.Future[bool]:
        """Return what tells a query that a worker was given already whether it comes to answer it."""
        called: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._lines[worker].append(called)
        return called

    def call_next(self, worker: Worker) -> bool:
        """Tell the next in line that its query is being answered now, if there is one, who is still there."""
        line = self._lines.get(worker)
        if not line or line[0].done():
            return False
        line.popleft().set_result(True)
        return True

    def close(self, worker: Worker) -> bool:
        """Send away all that stand in line, and tell whether there was any: the worker has their queries."""
        line = self._lines.pop(worker, None)
        if line is None:
            return False
        self._workers = {client: one for client, one in self._workers.items() if one is not worker}
        for called in line:
            if not called.done():
                called.set_result(False)
        return bool(line)
