"""An answer of the query service on its way to a client, who may read slowly or go away.

A worker is let go as soon as it has told all, and killed as soon as nobody reads it any more. Short answers
are kept for whoever asks the same of the same dataset.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from twintowns.asking import too_long
from twintowns.exceptions import QueryRefusedError
from twintowns.proxying import RemoteAnswer
from twintowns.reminders import Reminders
from twintowns.turns import Turn, asked_too_much
from twintowns.workers import Answer

_KEPT_BYTES: Final = 4096
"""What an answer that is kept takes besides its bytes: its headers, and what Python needs to keep it."""
_DIGITS: Final = 20
_UNFINISHED: Final = 32
"""How many bodies of one client may be on their way."""
_PARK_S: Final = 1.0
"""How long a client may take over a part of an answer before another query begins in its place."""
QUIET_S: Final = 0.1
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
        self._responses: OrderedDict[tuple[str | bytes, ...], Response] = OrderedDict()

    def response(self, asked: tuple[str | bytes, ...]) -> Response | None:
        """Return what was answered, if it is here."""
        if asked in self._responses:
            self._responses.move_to_end(asked)
        return self._responses.get(asked)

    def keep(self, asked: tuple[str | bytes, ...], response: Response) -> None:
        """Keep an answer, in the place of others where there is no room."""
        if asked not in self._responses:
            self._responses[asked] = response
            self._left -= _size_bytes(asked, response)
        while self._left < 0:
            self._left += _size_bytes(*self._responses.popitem(last=False))


def _size_bytes(asked: tuple[str | bytes, ...], response: Response) -> int:
    return len(response.body) + sum(map(len, asked)) + _KEPT_BYTES


class Bodies:
    """The bodies of requests on their way: few of each client, none long, and none for long.

    Args:
        most_bytes: How long each may be.
        most_s: How long each may take.
    """

    def __init__(self, most_bytes: int, most_s: float) -> None:
        """Begin with none."""
        self._most_bytes, self._most_s = most_bytes, most_s
        self._unfinished: Counter[str] = Counter()

    async def body(self, request: Request, client: str) -> bytes:
        """Read the body of a client's request.

        Raises:
            QueryRefusedError: If it is too long, does not arrive in time, or the client sends too many.
        """
        told = request.headers.get("content-length", "")
        if told.isdecimal() and int(told[:_DIGITS]) > self._most_bytes:
            raise too_long()
        if self._unfinished[client] >= _UNFINISHED:
            raise asked_too_much()
        self._unfinished[client] += 1
        try:
            async with asyncio.timeout(self._most_s):
                return await self._gathered(request)
        except TimeoutError as error:
            raise QueryRefusedError(
                408, "the body of the request did not arrive in time", "send it without a pause"
            ) from error
        finally:
            self._unfinished[client] -= 1
            if not self._unfinished[client]:
                del self._unfinished[client]

    async def _gathered(self, request: Request) -> bytes:
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > self._most_bytes:
                raise too_long()
        return bytes(body)


class Told(StreamingResponse):
    """An answer that is told part by part, and cut off where it cannot be brought to its end.

    Not to send the end is what tells the server to end the connection without one.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell it."""
        try:
            await super().__call__(scope, receive, send)
        except* QueryRefusedError:
            pass


class Patience(NamedTuple):
    """How long clients are waited for.

    Attributes:
        hold_s: How long one may take over an answer that is told in parts.
        quiet: What reminds of answers that are long in coming, whose clients may be gone.
    """

    hold_s: float
    quiet: Reminders


class Exchange:
    """An answer on its way to a client.

    Args:
        request: The client's request.
        answer: The answer.
        turn: The client's turn, which ends with the answer.
        patience: How long the client may take, and what reminds of an answer that is long in coming.
    """

    def __init__(
        self, request: Request, answer: Answer | RemoteAnswer, turn: Turn, patience: Patience
    ) -> None:
        """Take all four."""
        self._request, self._answer, self._turn, self._patience = request, answer, turn, patience
        self._watching: asyncio.Task[None] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of the answer has come."""
        return self._answer.is_whole

    def close(self) -> None:
        """Let the worker go, and let the next one have the turn."""
        self._answer.close()
        self._turn.end()

    async def first(self) -> bytes:
        """Return the first part, if the client is still there when it comes."""
        watch, part = self._patience.quiet.set(self._watch), None
        try:
            part = await self._answer.part()
        finally:
            self._patience.quiet.clear(watch)
            if self._watching:
                self._watching.cancel()
            if part is None:
                self.close()
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
        """Go through the parts; what cannot be brought to its end is cut off by the exception.

        A client that reads nothing any more is waited for here without end: its turn ends all the same.
        """
        loop = asyncio.get_running_loop()
        part, holding = first, loop.call_later(self._patience.hold_s, self.close)
        try:
            while True:
                parking = loop.call_later(_PARK_S, self._turn.park)
                yield part
                parking.cancel()
                if self._answer.is_whole:
                    return
                part = await self._answer.part()
        finally:
            holding.cancel()
            parking.cancel()
            self.close()
