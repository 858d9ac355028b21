"""Configurations of web servers: the built site, negotiated by others as `twintowns serve` does it.

One set of tables (see `choices`) is written in the words of each server, so that all answer alike. Text
from the publication, the folder and the command line is refused where it could be read as more than text.
The same site gives the same bytes.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from twintowns.apache import apache
from twintowns.caddy import caddy
from twintowns.exceptions import HostingError
from twintowns.nginx import nginx
from twintowns.printed import Printed, printed
from twintowns.serverwords import Place, common, filled

_LISTEN: Final = re.compile(r"(?:(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):)?[0-9]{1,5}")
_ROOT_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
_FOLDER: Final = re.compile(r"/[^\x00-\x1f\x7f\"'\\$%{}`*?<>|]*")
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]+)?/(?:[A-Za-z0-9._~-]+/)*")
_W3ID: Final = "https://w3id.org/"
_PLACE: Final = "twintowns hosting"
_RULES: Final = {"listen": _LISTEN, "root_path": _ROOT_PATH}


def configuration(server: str, folder: Path, place: Place) -> str:
    """Return the configuration of a server for a built site.

    Args:
        server: One of `SERVERS`.
        folder: The folder of the site.
        place: Where it is to be found.

    Raises:
        HostingError: If there is no site in the folder, or a configuration could not hold what it says.
    """
    site = printed(folder)
    _check(str(site.folder), _FOLDER)
    for name, pattern in _RULES.items():
        _check(getattr(place, name), pattern)
    return SERVERS[server](site, place)


def _check(text: str, pattern: re.Pattern[str]) -> None:
    """See that what was asked for can be read as nothing but what it is.

    Raises:
        HostingError: If it could.
    """
    if not pattern.fullmatch(text):
        raise HostingError(
            _PLACE, "no configuration can hold {value}", "choose another", values={"value": text}
        )


def _w3id(site: Printed, place: Place) -> str:
    """Return the redirection of the publication's permanent names (https://docs.w3id.org/).

    Raises:
        HostingError: If its names are not there, or no address says where they lead.
    """
    if not site.names.space.startswith(_W3ID):
        raise HostingError(
            _PLACE,
            "{space} is not an address of w3id.org",
            "choose an IRI space there, or configure the server that has it",
            values={"space": site.names.space},
        )
    _check(place.to, _ADDRESS)
    path = site.names.space.removeprefix(_W3ID).strip("/")
    return filled("w3id.htaccess", {**common(site, place), "path": path, "to": place.to})


SERVERS: Final[Mapping[str, Callable[[Printed, Place], str]]] = {
    "apache": apache,
    "caddy": caddy,
    "nginx": nginx,
    "w3id": _w3id,
}
"""What a configuration can be written for."""
