"""What the service answers besides the site: queries, and the description of itself.

The query service lives in the process that answers, and asks the edition that is published; a new edition is
taken over by it as by the site.
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
from twintowns.holdings import holdings_from
from twintowns.iris import Names
from twintowns.openapi import PATH, description
from twintowns.server import Extension

_JSON: Final = "application/json"


def extensions(folder: Path, root_path: str) -> Sequence[Extension]:
    """Return what is served beside a site.

    Args:
        folder: The folder of the site.
        root_path: The path under which the site is reached, without a slash at its end.

    Raises:
        SiteError: If the folder holds no site.
    """
    holdings = holdings_from(Folder.opened(folder).manifest)
    names = Names(holdings.space)
    routes, endpoint = endpoint_routes(Publication(folder, names, holdings.languages, root_path))
    answering = Extension(routes, endpoint.start, endpoint.stop, endpoint.take_over)
    return [answering, _described(names)]


def _described(names: Names) -> Extension:
    """Return what tells programs how to ask."""
    content = jsontext.written(description(names.space, __version__, has_query_service=True))

    async def told(_: Request) -> Response:
        return Response(content, 200, {**headers.EVERY, "Cache-Control": headers.CACHE_FILE}, _JSON)

    return Extension([Route(f"/{PATH}", told)])
