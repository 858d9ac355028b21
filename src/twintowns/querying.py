"""What `twintowns serve` answers besides the site: queries, names of places, and what it is, for programs.

All are made from what the manifest of the site says.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from twintowns import __version__, headers, jsontext
from twintowns.contents import Folder
from twintowns.endpoint import Publication, endpoint_routes
from twintowns.holdings import Holdings, holdings_from
from twintowns.iris import WHO_ANSWERS
from twintowns.openapi import PATH, description
from twintowns.proxying import Service
from twintowns.querypage import who_answers
from twintowns.reconciling import Reconciling
from twintowns.server import Extension
from twintowns.store import DUMP
from twintowns.wayfinding import files_of_ways

_JSON: Final = "application/json"


def query_service(folder: Path, root_path: str, service: Service | None = None) -> Sequence[Extension]:
    """Return what is served beside a site, in the process that answers.

    Where there is nothing to ask, there is no query service.

    Args:
        folder: The folder of the site.
        root_path: The path under which the site is reached, without a slash at its end.
        service: Another query service that is asked in the place of a store of our own.

    Raises:
        SiteError: If the folder holds no site.
    """
    holdings = holdings_from(Folder.opened(folder).manifest)
    if not holdings.space or DUMP not in holdings.files:
        return [_described(holdings, has_query_service=False)]
    files = files_of_ways(holdings.files, holdings.languages)
    publication = Publication(folder, holdings.names, holdings.languages, root_path, service, files)
    routes, endpoint = endpoint_routes(publication)
    answering = Extension(
        routes,
        endpoint.start,
        endpoint.stop,
        endpoint.take_over,
        endpoint.wind_up,
        {route.path: endpoint for route in routes},
    )
    reconciling = Reconciling(folder, holdings.space, root_path, holdings.languages).extension()
    found = Extension([_told(WHO_ANSWERS, who_answers(is_service=True))])
    return [answering, reconciling, found, _described(holdings, has_query_service=True)]


def _described(holdings: Holdings, *, has_query_service: bool) -> Extension:
    """Return what tells programs how to ask."""
    title = holdings.space or "Twin towns"
    return Extension([_told(PATH, description(title, __version__, has_query_service=has_query_service))])


def _told(path: str, value: object) -> Route:
    """Return a route at which a value is told as JSON."""
    content = jsontext.written(value)

    async def told(_: Request) -> Response:
        return Response(content, 200, {**headers.EVERY, "Cache-Control": headers.CACHE_FILE}, _JSON)

    return Route(f"/{path}", told)
