"""The floor of a query service in Python whose engine is a process of its own: no protection, nothing else.

What comes over HTTP goes through one pair of sockets to one process that asks the engine, and back; nothing
is read, examined, labelled, bounded, kept or ended. The dump is named by `TWINTOWNS_DUMP`.
"""

import asyncio
import os
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from pyoxigraph import QueryBoolean, QueryResultsFormat, QueryTriples, RdfFormat, Store

_LENGTH: Final = struct.Struct(">I")
_HEADERS: Final = [(b"content-type", b"application/sparql-results+json")]
_PARTS: Final = ("http.response.start", "http.response.body")


class _Engine(asyncio.Protocol):
    """The process that asks the engine."""

    def __init__(self) -> None:
        self._incoming = bytearray()
        self._asked: deque[asyncio.Future[bytes]] = deque()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._incoming += data
        while len(self._incoming) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._incoming)[0]
            if len(self._incoming) < end:
                break
            self._asked.popleft().set_result(bytes(self._incoming[_LENGTH.size : end]))
            del self._incoming[:end]

    async def answer(self, parameters: bytes) -> bytes:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        if self._transport:
            self._transport.write(_LENGTH.pack(len(parameters)) + parameters)
        return await answer


_ENGINE: Final = _Engine()


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Answer a query; everything else is answered with nothing."""
    if scope["type"] == "lifespan":
        await receive()
        await _start(Path(os.environ["TWINTOWNS_DUMP"]))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body = await _ENGINE.answer(scope["query_string"]) if scope["query_string"] else b""
    await send({"type": _PARTS[0], "status": 200, "headers": _HEADERS})
    await send({"type": _PARTS[1], "body": body})


async def _start(dump: Path) -> None:
    store = Store()
    store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
    ours, theirs = socket.socketpair()
    if not os.fork():
        ours.close()
        _answer_all(store, theirs)
    theirs.close()
    await asyncio.get_running_loop().create_unix_connection(lambda: _ENGINE, sock=ours)


def _answer_all(store: Store, connection: socket.socket) -> None:
    incoming = connection.makefile("rb")
    while length := incoming.read(_LENGTH.size):
        query = parse_qs(incoming.read(_LENGTH.unpack(length)[0]).decode())["query"][0]
        found = store.query(query, use_default_graph_as_union=True)
        if isinstance(found, QueryTriples | QueryBoolean):
            break
        body = found.serialize(format=QueryResultsFormat.JSON) or b""
        connection.sendall(_LENGTH.pack(len(body)) + body)
    os._exit(0)
