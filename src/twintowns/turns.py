"""Whose turn it is: some may be answered at once, the others wait, and no client keeps out another.

A client may have few queries answered at once, twice as many while more than half of all places are free, and
some waiting; of those that wait, each client's oldest is taken in turn, so that one who asks a thousand times
waits for himself and not for others to wait for him.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Sized
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from twintowns.exceptions import QueryRefusedError
from twintowns.reminders import Reminders


@dataclass(frozen=True)
class Room:
    """How many at once.

    Attributes:
        answered: How many may be answered at once.
        answered_per_client: How many of them for one client; twice as many while more than half are free.
        waiting: How many may wait.
        waiting_per_client: How many of them for one client.
        parked: How many more may be there, whose clients read slowly and who do nothing themselves.
        wait_s: How long each may wait.
    """

    answered: int
    answered_per_client: int
    waiting: int
    waiting_per_client: int
    parked: int
    wait_s: float


class Turn:
    """The turn of a client.

    Args:
        turns: Whose turns they are.
        client: Whose it is.
    """

    def __init__(self, turns: "Turns", client: str) -> None:
        """Begin."""
        self._turns, self._client = turns, client
        self._is_parked = False
        self._has_ended = False

    def park(self) -> None:
        """Do nothing until the client has read more."""
        if not self._is_parked and not self._has_ended:
            self._is_parked = self._turns.park()

    def end(self) -> None:
        """End the turn; more than once does no harm."""
        if not self._has_ended:
            self._has_ended = True
            self._turns.end(self._client, was_parked=self._is_parked)


class Turns:
    """Who is being answered, and who waits.

    Args:
        room: How many at once.
    """

    def __init__(self, room: Room) -> None:
        """Begin with nobody."""
        self._room = room
        self._answered: dict[str, int] = {}
        self._waiting: OrderedDict[str, deque[asyncio.Future[bool]]] = OrderedDict()
        self._patience = Reminders(room.wait_s)
        self._free = room.answered
        self._parked = 0
        self._closed: QueryRefusedError | None = None

    def close(self, refusal: QueryRefusedError) -> None:
        """Refuse whoever waits, and whoever comes."""
        self._closed = refusal
        for called in [called for queue in self._waiting.values() for called in queue if not called.done()]:
            called.set_exception(refusal)

    async def begin(self, client: str) -> "Turn":
        """Wait for a client's turn.

        Raises:
            QueryRefusedError: If too many wait already, or this one waited too long.
        """
        if self._closed:
            raise self._closed
        if self._may_begin(client):
            self._count(client)
        else:
            await self._wait(client)
        return Turn(self, client)

    def end(self, client: str, *, was_parked: bool = False) -> None:
        """End a turn, and call who may begin now."""
        self._free += not was_parked
        self._parked -= was_parked
        self._answered[client] -= 1
        if not self._answered[client]:
            del self._answered[client]
        self._call_next()

    def park(self) -> bool:
        """Let another begin in the place of one who only waits for its client, if there is room for that."""
        if self._parked >= self._room.parked:
            return False
        self._parked += 1
        self._free += 1
        self._call_next()
        return True

    def _may_begin(self, client: str) -> bool:
        many = self._room.answered_per_client * (2 if 2 * self._free > self._room.answered else 1)
        return self._free > 0 and self._answered.get(client, 0) < many

    def _count(self, client: str) -> None:
        self._free -= 1
        self._answered[client] = self._answered.get(client, 0) + 1

    def _call_next(self) -> None:
        """Let begin whoever may, each client's oldest in turn."""
        for client in list(self._waiting):
            if self._may_begin(client) and (called := self._oldest(client)):
                self._count(client)
                called.set_result(True)

    def _oldest(self, client: str) -> asyncio.Future[bool] | None:
        """Take a client's oldest out of the queue, and put the client behind the others."""
        queue = self._waiting.pop(client)
        called = None
        while queue and (called is None or called.done()):
            called = queue.popleft()
        if queue:
            self._waiting[client] = queue
        return None if called is None or called.done() else called

    async def _wait(self, client: str) -> None:
        self._refuse_crowd(self._waiting.get(client, ()))
        called = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(called)
        ringing = self._patience.set(partial(_end_waiting, called))
        try:
            is_called = await called
        except asyncio.CancelledError:
            self._give_back(client, called)
            raise
        finally:
            self._patience.clear(ringing)
        if not is_called:
            self._forget(client, called)
            raise _busy()

    def _refuse_crowd(self, queue: Sized) -> None:
        if len(queue) >= self._room.waiting_per_client:
            raise asked_too_much()
        if sum(map(len, self._waiting.values())) >= self._room.waiting:
            raise _busy()

    def _give_back(self, client: str, called: asyncio.Future[bool]) -> None:
        """End the turn of who was called in the very moment of going away; let go of who was not."""
        if not called.cancelled() and not called.exception() and called.result():
            self.end(client)
        else:
            self._forget(client, called)

    def _forget(self, client: str, called: asyncio.Future[bool]) -> None:
        queue = self._waiting.get(client, deque())
        with suppress(ValueError):
            queue.remove(called)
        if not queue:
            self._waiting.pop(client, None)


def _end_waiting(called: asyncio.Future[bool]) -> None:
    if not called.done():
        called.set_result(False)


def asked_too_much() -> QueryRefusedError:
    """Return the refusal of a client that asks too much at once."""
    return QueryRefusedError(
        429, "you have asked too much at once", "wait for your answers before you ask more"
    )


def _busy() -> QueryRefusedError:
    return QueryRefusedError(503, "too many ask at once", "ask again in a moment")
