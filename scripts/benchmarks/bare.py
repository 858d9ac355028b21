"""The floor of a service: one answer of four kilobytes by Starlette, and nothing else."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def _answer(_: Request) -> Response:
    return Response(b"x" * 4096, 200, {}, "text/html")


application = Starlette(routes=[Route("/", _answer)])
