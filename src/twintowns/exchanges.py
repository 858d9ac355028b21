"""An answer of the query service on its way to a client, who may read slowly or go away.

A worker is let go as soon as it has told all, and killed as soon as nobody reads it any more. Short answers
are kept for whoever asks the same of the same dataset.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Final

from starlette.requests import Request

from twintowns.exceptions import QueryRefusedError
from twintowns.turns import Turn
from twintowns.workers import Answer

_PARK_S: Final = 1.0
"""How long a client may take over a part of an answer before another query begins in its place."""
_QUIET_S: Final = 0.1
"""How long to wait for an answer before it is asked whether the client is still there."""
_GATHERED_BYTES: Final = 1 << 22
"""How long an answer over HTTP/1.0 may be, which nginx speaks to what is behind it if not told otherwise."""


class Kept:
    """Short answers, kept for whoever asks the same again; those longest not asked for are let go.

    Args:
        most_bytes: How much to keep.
    """

    def __init__(self, most_bytes: int) -> None:
        """Begin with nothing."""
        self._left = most_bytes
        self._answers: OrderedDict[str, bytes] = OrderedDict()

    def answer(self, etag: str) -> bytes | None:
        """Return an answer, if it is here."""
        if etag in self._answers:
            self._answers.move_to_end(etag)
        return self._answers.get(etag)

    def keep(self, etag: str, answer: bytes) -> None:
        """Keep an answer, in the place of others where there is no room."""
        self._left += len(self._answers.pop(etag, b"")) - len(answer)
        self._answers[etag] = answer
        while self._left < 0:
            self._left += len(self._answers.popitem(last=False)[1])


class Exchange:
    """An answer on its way to a client.

    Args:
        request: The client's request.
        answer: The answer.
        turn: The client's turn, which ends with the answer.
    """

    def __init__(self, request: Request, answer: Answer, turn: Turn) -> None:
        """Take all three."""
        self._request, self._answer, self._turn = request, answer, turn
        self._watching: asyncio.Task[None] | None = None

    def close(self) -> None:
        """Let the worker go, and let the next one have the turn."""
        self._answer.close()
        self._turn.end()

    async def first(self) -> bytes:
        """Return the first part, if the client is still there when it comes."""
        watch = asyncio.get_running_loop().call_later(_QUIET_S, self._watch)
        with ExitStack() as undo:
            undo.callback(self.close)
            try:
                part = await self._answer.part()
            finally:
                watch.cancel()
                if self._watching:
                    self._watching.cancel()
            undo.pop_all()
        return part

    def _watch(self) -> None:
        self._watching = asyncio.ensure_future(self._close_when_gone())

    async def _close_when_gone(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.close()

    async def gathered(self, first: bytes) -> bytes:
        """Return the answer whole: HTTP/1.0 has no way to say that an answer was cut off.

        Raises:
            QueryRefusedError: If it is long.
        """
        gathered = bytearray()
        async for part in self.parts(first):
            gathered += part
            if len(gathered) > _GATHERED_BYTES:
                self.close()
                raise QueryRefusedError(
                    413, "the answer is too long for HTTP/1.0", "ask with HTTP/1.1, or for less (LIMIT)"
                )
        return bytes(gathered)

    async def parts(self, first: bytes) -> AsyncIterator[bytes]:
        """Go through the parts; what cannot be brought to its end is cut off by the exception."""
        loop = asyncio.get_running_loop()
        part = first
        try:
            while True:
                parking = loop.call_later(_PARK_S, self._turn.park)
                yield part
                parking.cancel()
                if self._answer.is_whole:
                    return
                part = await self._answer.part()
        finally:
            parking.cancel()
            self.close()
