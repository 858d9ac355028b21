"""A request to another machine is over in time, however slowly that machine sends, header or body.

The library that speaks HTTP bounds the time for each read only, and whoever sends a byte before that is up
holds the request for ever. So connections are cut when the time for the whole is up, which ends the read; of
that the library learns as of any connection that breaks off.
Source: https://www.encode.io/httpcore/extensions/#trace
"""

import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakSet

from twintowns.exceptions import UnreachableError

_OPENED: Final = {"connection.connect_tcp.complete", "connection.start_tls.complete"}


class Connections:
    """The connections of a client, which can be cut."""

    def __init__(self) -> None:
        """Begin with none."""
        self._streams: WeakSet[Any] = WeakSet()
        self.is_over = False
        """Whether the time is up."""

    def heard(self, event: str, told: Mapping[str, Any]) -> None:
        """Learn of a connection, as the extension `trace` tells of it."""
        if event in _OPENED:
            self._streams.add(told["return_value"])
            if self.is_over:
                self._cut()

    @contextmanager
    def until(self, end_s: float) -> Iterator[None]:
        """Cut all connections at a time, by the clock that only goes forward, unless all is done before."""
        self.is_over = False
        timer = threading.Timer(max(0.0, end_s - time.monotonic()), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.is_over = True
        for stream in list(self._streams):
            with suppress(OSError):  # it was closed meanwhile
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class InTime:
    """What is sent or received in parts, and given up where that takes too long on the whole.

    Attributes:
        url: Who is asked.
        parts: The parts.
        end_s: Until when, by the clock that only goes forward.
    """

    url: str
    parts: Iterable[bytes]
    end_s: float

    def __iter__(self) -> Iterator[bytes]:
        """Go through the parts.

        Raises:
            UnreachableError: If the time is up before the last one, or at the end of what may have been cut.
        """
        for part in self.parts:
            self._check()
            yield part
        self._check()

    def _check(self) -> None:
        if time.monotonic() >= self.end_s:
            raise too_late(self.url)


def too_late(url: str) -> UnreachableError:
    """Return the failure of a request that takes too long."""
    return UnreachableError(
        url,
        "it takes too long for one request",
        "see what its log says about that, and run this again",
    )
