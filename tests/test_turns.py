"""Whose turn it is: few at once, none kept out by another, and no turn lost."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from twintowns.exceptions import QueryRefusedError
from twintowns.turns import Room, Turns

ROOM = Room(answered=2, answered_per_client=1, waiting=3, waiting_per_client=2, parked=1, wait_s=60)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a test that waits."""
    asyncio.run(work)


def test_few_at_once() -> None:
    """A client has as many turns at once as it may have, and the next when one has ended."""

    async def work() -> None:
        turns = Turns(ROOM)
        first = await turns.begin("a")
        second = asyncio.create_task(turns.begin("a"))
        await asyncio.sleep(0)
        assert not second.done()
        first.end()
        first.end()
        (await second).end()
        assert (await turns.begin("a")) is not None

    run(work())


def test_called_in_the_last_moment() -> None:
    """Who is called in the moment in which the waiting would have ended has the turn."""

    async def work() -> None:
        turns = Turns(Room(1, 1, 9, 9, 0, 0))
        first = await turns.begin("a")
        second = asyncio.create_task(turns.begin("b"))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(first.end)
        (await second).end()

    run(work())


def test_more_while_others_ask_little() -> None:
    """A client has twice as many turns while more than half of all are free, and so leaves half to others."""

    async def work() -> None:
        turns = Turns(Room(8, 2, 9, 9, 0, 60))
        first = [await turns.begin("a") for _ in range(4)]
        more = asyncio.create_task(turns.begin("a"))
        others = [await turns.begin("b") for _ in range(2)]
        waiting = asyncio.create_task(turns.begin("b"))
        await asyncio.sleep(0)
        assert [more.done(), waiting.done()] == [False, False]
        assert len([await turns.begin("c") for _ in range(2)]) == 2
        for turn in (*first, *others):
            turn.end()
        for task in (more, waiting):
            (await task).end()

    run(work())


def test_clients_take_turns() -> None:
    """Of those that wait, each client's oldest is taken in turn, not whoever asked most."""

    async def work() -> None:
        turns = Turns(Room(1, 1, 9, 9, 0, 60))
        told: list[str] = []

        async def ask(client: str) -> None:
            turn = await turns.begin(client)
            told.append(client)
            await asyncio.sleep(0)
            turn.end()

        await asyncio.gather(*(ask(client) for client in "aaaabc"))
        assert "".join(told) == "aabcaa"

    run(work())


def test_closed() -> None:
    """Where nobody is answered any more, those who wait and those who come are told why; turns still end."""

    async def work() -> None:
        turns = Turns(ROOM)
        running = await turns.begin("a")
        waiting = [asyncio.create_task(turns.begin("a")) for _ in range(2)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        turns.close(refusal := QueryRefusedError(503, "the service ends", "ask another one"))
        turns.close(refusal)
        found = await asyncio.gather(*waiting, turns.begin("b"), return_exceptions=True)
        assert isinstance(found[0], asyncio.CancelledError)
        assert found[1:] == [refusal, refusal]
        running.end()

    run(work())


def test_too_many_of_one() -> None:
    """Who has too many waiting is told so, and others still may wait."""

    async def work() -> None:
        turns = Turns(ROOM)
        await turns.begin("a")
        await turns.begin("b")
        waiting = [asyncio.create_task(turns.begin("a")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(QueryRefusedError) as caught:
            await turns.begin("a")
        assert caught.value.status == 429
        waiting.append(asyncio.create_task(turns.begin("c")))
        await asyncio.sleep(0)
        with pytest.raises(QueryRefusedError) as caught:
            await turns.begin("d")
        assert caught.value.status == 503
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    run(work())


def test_waited_too_long() -> None:
    """Who waits too long is told that too many ask, and leaves no trace."""

    async def work() -> None:
        turns = Turns(Room(1, 1, 9, 9, 0, 0.01))
        first = await turns.begin("a")
        with pytest.raises(QueryRefusedError) as caught:
            await turns.begin("b")
        assert caught.value.status == 503
        first.end()
        (await turns.begin("b")).end()

    run(work())


def test_gone_while_waiting() -> None:
    """Who goes away while waiting, or in the very moment of being called, leaves the turn to others."""

    async def work() -> None:
        turns = Turns(Room(1, 1, 9, 9, 0, 60))
        first = await turns.begin("a")
        leaving, called = (asyncio.create_task(turns.begin(client)) for client in "bc")
        await asyncio.sleep(0)
        leaving.cancel()
        first.end()
        called.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        with pytest.raises(asyncio.CancelledError):
            await called
        (await turns.begin("d")).end()

    run(work())


def test_parking() -> None:
    """In the place of one who only waits for a slow client another may begin, but not without end."""

    async def work() -> None:
        turns = Turns(ROOM)
        slow = [await turns.begin(client) for client in "ab"]
        for turn in (*slow, *slow):
            turn.park()
        third = await turns.begin("c")
        fourth = asyncio.create_task(turns.begin("d"))
        await asyncio.sleep(0)
        assert not fourth.done()
        slow[0].end()
        slow[0].park()
        assert not fourth.done()
        third.end()
        (await fourth).end()
        slow[1].end()
        everybody = [await turns.begin(client) for client in "ab"]
        assert len(everybody) == 2

    run(work())
