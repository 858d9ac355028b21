"""The process of the service: granian, with bounds for clients that are slow, many or gone.

granian answers in Rust what concerns connections, and calls the application in so many processes. It lets
several services listen on one port, so that whether it is free is found out here. Sources:
https://github.com/emmett-framework/granian and https://man7.org/linux/man-pages/man7/socket.7.html
"""

import asyncio
import resource
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server
from starlette.types import ASGIApp

from twintowns.clients import Network
from twintowns.contents import Folder
from twintowns.exceptions import ListeningError, SiteError
from twintowns.holdings import holdings_from
from twintowns.requestlog import Writer
from twintowns.server import Extension, ServiceOptions, application

HEADER_TIMEOUT_S: Final = 10
"""How long a client may take for the headers of a request, and keep a connection idle."""
STOPPED_S: Final = 10
"""How long answers that were begun may take after the service was asked to stop; queries end sooner."""
BACKLOG: Final = 2048
"""How many connections may wait to be accepted."""
MOST_CONNECTIONS: Final = 8192
"""How many connections a process holds open at once; others wait."""
BUFFER_BYTES: Final = 64 * 1024
"""How much of a request may wait to be read."""

_HANDLER: Final = {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
_LOGGING: Final = {"handlers": {"console": _HANDLER, "access": _HANDLER}}
"""Where granian tells of failures; requests are told in a log of our own."""

Extensions = Callable[[], Sequence[Extension]]
"""Makes the extensions, in the process that answers."""


@dataclass(frozen=True)
class Service:
    """What to serve, and where.

    Attributes:
        folder: The folder of the site.
        host: The address to listen at.
        port: The port; 0 for any that is free.
        processes: How many processes answer.
        root_path: The path under which the site is reached.
        log: Where the log of requests goes; None for nowhere.
        extensions: What makes the extensions.
        header_timeout_s: How long a client may take for the headers of a request, or keep a connection idle.
        trusted_proxies: The networks of the proxies that are believed when they name who asks.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1
    root_path: str = ""
    log: Writer | None = None
    extensions: Extensions = tuple
    header_timeout_s: float = HEADER_TIMEOUT_S
    trusted_proxies: Sequence[Network] = ()


def serve(service: Service, told: Callable[[str], None]) -> None:
    """Serve a site until the process is asked to stop.

    Args:
        service: What to serve, and where.
        told: Whom to tell the address, once it is known.

    Raises:
        SiteError: If the folder holds no site.
        ListeningError: If the address cannot be listened at.
    """
    _check_site(service.folder)
    port = _free_port(service.host, service.port)
    _allow_connections()
    server = Server(
        "twintowns",
        address=service.host,
        port=port,
        interface=Interfaces.ASGI,
        workers=service.processes,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(int(service.header_timeout_s * 1000), max_buffer_size=BUFFER_BYTES),
        websockets=False,
        backlog=BACKLOG,
        backpressure=MOST_CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPED_S,
        log_level=LogLevels.warning,
        log_dictconfig=_LOGGING,
    )
    host = f"[{service.host}]" if ":" in service.host else service.host
    told(f"http://{host}:{port}{service.root_path}/")
    server.serve(target_loader=partial(_loaded, service), wrap_loader=False)


def _loaded(service: Service) -> ASGIApp:
    """Return the application, in the process that answers."""
    extensions = tuple(service.extensions())
    every = (*extensions, Extension(start=partial(_heed, extensions)))
    options = ServiceOptions(service.root_path, service.log, every, service.trusted_proxies)
    return application(service.folder, options)


async def _heed(extensions: Sequence[Extension]) -> None:
    """Let extensions know when the process is asked to stop: granian tells them when all is answered.

    granian hears of signals by the event loop, and still does: the loop reads them from a file that the
    interpreter writes to (https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd), and the
    handler is called besides.
    """
    loop = asyncio.get_running_loop()
    ending: set[asyncio.Future[None]] = set()

    def begin() -> None:
        ending.update(asyncio.ensure_future(extension.ending()) for extension in extensions)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(begin))


def _check_site(folder: Path) -> None:
    """Fail early, in the words of a person."""
    try:
        holdings_from(Folder.opened(folder).manifest)
    except OSError as error:
        raise SiteError(
            folder, "there is no site here to be served", "print it with `twintowns build`"
        ) from error


def _free_port(host: str, port: int) -> int:
    """Return the port, or one that is free, if it can be listened at."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        place = f"{host}:{port}"
        raise ListeningError(
            place,
            "the service cannot listen here ({reason})",
            "end what listens there, or choose another --host or --port",
            values={"reason": error.strerror or error},
        ) from error


def _allow_connections() -> None:
    """Allow as many open files as the system lets this process have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
