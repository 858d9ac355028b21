r"""The log of requests, one line each, in the Common Log Format.

Whatever a client sends is untrusted: what is not printable ASCII, and what could end the quoted request, is
escaped as Apache does (`\xhh`). Lines are gathered for a moment, so that a busy service does not write each
by itself. Source: https://httpd.apache.org/docs/2.4/logs.html#common
"""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

Writer = Callable[[str], None]
"""Where lines go; each ends in a line end."""

_GATHERED_S: Final = 0.2
_MOST_LINES: Final = 500
_MOST_BYTES: Final = 2048
_UNSAFE: Final = re.compile(rb'[^\x20-\x7e]|["\\]')


class RequestLog:
    """The log.

    Args:
        write: Where the lines go.
    """

    def __init__(self, write: Writer) -> None:
        """Begin with nothing gathered."""
        self._write = write
        self._lines: list[str] = []
        self._time = (0, "")

    def note(self, scope: Mapping[str, Any], status: int, size_bytes: int) -> None:
        """Note a request that was answered.

        Args:
            scope: The request, as ASGI has it.
            status: The HTTP status.
            size_bytes: How long the content was.
        """
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        host = scope["client"][0] if scope.get("client") else "-"
        asked = f"{scope['method']} {_escaped(scope['raw_path'] + query)} HTTP/{scope['http_version']}"
        self._lines.append(f'{host} - - [{self._now()}] "{asked}" {status} {size_bytes or "-"}\n')
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(_GATHERED_S, self.flush)
        elif len(self._lines) >= _MOST_LINES:
            self.flush()

    def flush(self) -> None:
        """Write what has been gathered."""
        if self._lines:
            lines, self._lines = self._lines, []
            self._write("".join(lines))

    def _now(self) -> str:
        """Return the time of day, made anew each second; in UTC, so that no machine's place matters."""
        second = int(time.time())
        if self._time[0] != second:
            self._time = (second, time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(second)))
        return self._time[1]


def _escaped(text: bytes) -> str:
    return _UNSAFE.sub(lambda found: b"\\x%02x" % found[0][0], text[:_MOST_BYTES]).decode("ascii")
