"""The processes of `answering`, seen from the service: the one that holds the store, and its workers.

The service talks to each over a pair of connected sockets that lead nowhere else, and never waits for one
without doing other work. A worker is named by a handle of the kernel, so that no other process that has got
its number can be killed in its place (https://man7.org/linux/man-pages/man2/pidfd_open.2.html).
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import Any, Final

from twintowns import jsontext
from twintowns.answering import HEAD, LENGTH

_SPOOL_BYTES: Final = 1 << 18
"""How much of an answer is kept for a client that reads slowly, before its worker has to wait."""
_LAST_PRIORITY: Final = 19


class Worker(asyncio.Protocol):
    """A process that answers one query at a time.

    Args:
        process: Its number.
    """

    def __init__(self, process: int) -> None:
        """Take hold of the process."""
        self._process = process
        self._handle = os.pidfd_open(process)
        self._transport: asyncio.Transport | None = None
        self._incoming = bytearray()
        self._parts: deque[tuple[bytes, bytes]] = deque()
        self._spooled_bytes = 0
        self._woken: asyncio.Future[None] | None = None
        self.is_lost = False
        self.is_last = False
        """Whether it can answer no other query as quickly."""
        self.quick_for = ""
        """The client whose query it answered last, where that was quick."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why does not matter
        """Learn that the process has ended."""
        self.is_lost = True
        self._wake()

    def data_received(self, data: bytes) -> None:
        """Take the parts of an answer out of what has come."""
        if self._incoming:
            self._incoming += data
            del self._incoming[: self._take(self._incoming)]
        else:
            self._incoming += data[self._take(data) :]  # nothing, where answers are short
        if self._transport and self._spooled_bytes > _SPOOL_BYTES:
            self._transport.pause_reading()
        self._wake()

    def _take(self, incoming: bytes | bytearray) -> int:
        """Take what is whole, and return how many bytes it was."""
        begin = 0
        while len(incoming) - begin >= HEAD.size:
            kind, length = HEAD.unpack_from(incoming, begin)
            end = begin + HEAD.size + length
            if end > len(incoming):
                break
            self._parts.append((kind, bytes(incoming[begin + HEAD.size : end])))
            self._spooled_bytes += length
            begin = end
        return begin

    def _wake(self) -> None:
        if self._woken and not self._woken.done():
            self._woken.set_result(None)

    def ask(self, question: Mapping[str, Any]) -> None:
        """Send a query."""
        if self._transport and not self.is_lost:
            written = jsontext.line(question)
            self._transport.write(LENGTH.pack(len(written)) + written)

    async def part(self) -> tuple[bytes, bytes]:
        """Return the next part of the answer: its kind and its bytes.

        Raises:
            ConnectionError: If the process has ended.
        """
        while not self._parts:
            if self.is_lost or not self._transport:
                raise ConnectionError
            self._transport.resume_reading()
            self._woken = asyncio.get_running_loop().create_future()
            await self._woken
        kind, part = self._parts.popleft()
        self._spooled_bytes -= len(part)
        return kind, part

    def step_back(self) -> None:
        """Go on behind all others; there is no way back without privileges, so this query is the last."""
        self.is_last = True
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self._process, _LAST_PRIORITY)

    def stand_still(self) -> None:
        """Compute nothing until told to go on."""
        self._tell(signal.SIGSTOP)

    def go_on(self) -> None:
        """Compute again."""
        self._tell(signal.SIGCONT)

    def _tell(self, what: signal.Signals) -> None:
        if self._handle >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, what)

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._tell(signal.SIGKILL)
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        if self._transport:
            self._transport.abort()


class Holder:
    """The process that holds the store, and forks the workers."""

    def __init__(self) -> None:
        """Start it; the store is read when it is told which."""
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - Python itself, with a module of this program
                [sys.executable, "-P", "-m", "twintowns.answering", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._one_at_a_time = asyncio.Lock()
        self._lines = asyncio.StreamReader()
        self._writer: asyncio.StreamWriter | None = None

    async def start(self, wanted: Mapping[str, object]) -> dict[str, Any]:
        """Have the store read, and return what is told of it.

        Raises:
            ConnectionError: If the process has ended.
        """
        self._lines, self._writer = await asyncio.open_unix_connection(sock=self._control.dup())
        self._writer.write(jsontext.line(wanted) + b"\n")
        return await self._told()

    async def _told(self) -> dict[str, Any]:
        line = await self._lines.readline()
        if not line:
            raise ConnectionError
        told: dict[str, Any] = jsontext.read(line)
        return told

    async def fork(self) -> Worker:
        """Return a new worker; whoever asks for one waits for it, or the next would get it.

        Raises:
            OSError: If the process has ended.
        """
        ours, theirs = socket.socketpair()
        with ExitStack() as undo:
            undo.callback(ours.close)
            async with self._one_at_a_time:
                with theirs:
                    socket.send_fds(self._control, [b"f"], [theirs.fileno()])
                worker = Worker((await self._told())["process"])
            undo.callback(worker.kill)
            await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
            undo.pop_all()
        return worker

    async def ended(self) -> None:
        """Wait until the process has ended."""
        while self._process.poll() is None:  # noqa: ASYNC110 - a child that a signal ends tells nobody else
            await asyncio.sleep(0.1)

    async def end(self) -> None:
        """End the process, and with it the workers that are left."""
        self._process.kill()
        self._control.close()
        if self._writer:
            self._writer.close()
        waiting = asyncio.get_running_loop().run_in_executor(None, self._process.wait)
        await asyncio.shield(waiting)
