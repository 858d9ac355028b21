"""The query service alone, as an application for the processes that the tests start."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from twintowns.endpoint import Limits, Publication, endpoint_routes
from twintowns.iris import Names
from twintowns.jsontext import read
from twintowns.turns import Room
from twintowns.workers import Bounds


def application() -> Starlette:
    """Return the application that the environment describes."""
    wanted = read(os.environ["TWINTOWNS_TEST_ENDPOINT"])
    limits = Limits(
        Bounds(**wanted.get("bounds", {})),
        Room(**{**ROOM, **wanted.get("room", {})}),
        wanted.get("body_s", 10),
    )
    names = Names(wanted["space"])
    routes, endpoint = endpoint_routes(Publication(Path(wanted["folder"]), names), limits)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await endpoint.start()
        yield
        await endpoint.stop()

    async def take_over(request: Request) -> Response:
        await endpoint.take_over(Path(request.query_params["folder"]))
        return PlainTextResponse("taken over")

    return Starlette(routes=[*routes, Route("/take-over", take_over)], lifespan=lifespan)


ROOM = {
    "answered": 4,
    "answered_per_client": 2,
    "waiting": 64,
    "waiting_per_client": 32,
    "parked": 4,
    "wait_s": 5,
}
