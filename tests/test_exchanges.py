"""Exchanges: answers on their way to clients who may read slowly, or not at all."""

import asyncio
from typing import cast

from starlette.requests import Request

from twintowns.exchanges import Exchange, Patience
from twintowns.reminders import Reminders
from twintowns.turns import Room, Turns
from twintowns.workers import Answer


class Unread:
    """An answer of which there is more than its client reads."""

    is_whole = False

    def __init__(self) -> None:
        """Begin open."""
        self.is_open = True

    def close(self) -> None:
        """Remember it."""
        self.is_open = False


def test_client_that_reads_no_more() -> None:
    """Who reads nothing any more keeps neither a worker nor a turn longer than may be, though it is there."""

    async def work() -> None:
        turns, answer = Turns(Room(1, 1, 8, 8, 0, 30.0)), Unread()
        turn, patience = await turns.begin("reads nothing"), Patience(0.05, Reminders(30.0))
        request = Request({"type": "http", "headers": []})
        parts = Exchange(request, cast("Answer", answer), turn, patience).parts(b"first")
        assert await anext(parts) == b"first"
        assert answer.is_open
        await turns.begin("another")
        assert not answer.is_open
        await parts.aclose()

    asyncio.run(work())
