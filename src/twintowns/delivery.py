"""How an answer reaches a client: in one piece, or, where it is large, as fast as the client takes it.

Source: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
from contextlib import closing, suppress
from typing import Final

from starlette.types import Message, Scope, Send

from twintowns.contents import PIECE_BYTES, Folder
from twintowns.dereferencing import Answer

STALLED_S: Final = 30.0
"""After how long a client that takes nothing of a long answer is given up."""


class Counted:
    """A way to send that knows what was sent.

    Args:
        send: The way to send.
    """

    def __init__(self, send: Send) -> None:
        """Begin with nothing sent."""
        self._send = send
        self.status = 0
        self.size_bytes = 0

    async def __call__(self, message: Message) -> None:
        """Send a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.size_bytes += len(message.get("body", b""))
        await self._send(message)


async def deliver(answer: Answer, scope: Scope, send: Send) -> None:
    """Send an answer that is in memory; of one to a HEAD only the head."""
    body = b"" if scope["method"] == "HEAD" else answer.body
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": body})


async def stream(answer: Answer, folder: Folder, send: Send) -> None:
    """Send a large file, or a part of it; give up on a client that takes nothing for long.

    A client that is given up sees the connection end before the length that it was told.

    Raises:
        NotReadableError: If it is not what the manifest tells of; nothing has been sent then.
    """
    assert answer.source  # noqa: S101 - what is large has a source
    path, entry = answer.source
    start, stop = answer.span or (0, entry.size_bytes)
    with closing(await folder.open(path, entry)) as file, suppress(TimeoutError):
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        file.seek(start)
        for offset in range(start, stop, PIECE_BYTES):
            piece = file.read(min(PIECE_BYTES, stop - offset))
            has_more = offset + PIECE_BYTES < stop
            message = {"type": "http.response.body", "body": piece, "more_body": has_more}
            await asyncio.wait_for(send(message), STALLED_S)
