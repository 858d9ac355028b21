"""Another SPARQL service behind the same address: the same checks, bounds and turns as for our own store.

A query that was examined is sent there by POST, with its prefixes written out, and with the graphs of the
publication as the dataset, so that nothing else that the other service holds is told. What it answers is
handed on as it comes in, within the same bounds; what it says of failures is shown only of a query that it
calls malformed. Source: https://www.w3.org/TR/sparql11-protocol/
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final

from twintowns.answering import answer_too_long
from twintowns.asking import SOLUTION_TYPES, TRIPLE_TYPES
from twintowns.credentials import Credentials, credentials_from
from twintowns.enginewords import unanswered
from twintowns.exceptions import QueryRefusedError
from twintowns.patience import Patience
from twintowns.preparing import Asked, Dataset, Head, prepared
from twintowns.transport import Failure, checked, waiting_client
from twintowns.workers import Bounds, no_store, query_too_long

_OK: Final = 200
_MALFORMED: Final = 400
_SHOWN_BYTES: Final = 1000
_CUT_OFF: Final = {"x-sparql-maxrows", "x-sql-state"}
"""Headers by which Virtuoso tells that an answer is only the beginning of one (`ResultSetMaxRows`, time)."""
_REPEATED: Final = "SPARQL query:"
"""Where Virtuoso, having told what is wrong, repeats the query in its own words."""
_LOOK_S: Final = 0.02
_PATIENCE: Final = Patience(connect_s=5)
_TYPES: Final = {
    form: media_type for media_type, form in reversed([*SOLUTION_TYPES.items(), *TRIPLE_TYPES.items()])
}
"""The media type in which a form is asked for: the first that is offered for it."""


@dataclass(frozen=True)
class Service:
    """Another service.

    Attributes:
        url: Its address.
        credentials: Who asks it.
    """

    url: str
    credentials: Credentials


def service_at(url: str, environment: Mapping[str, str]) -> Service | None:
    """Return the service at an address, with who asks it as the environment says; None without an address.

    Raises:
        AddressError: If it is no address for HTTP, or has a user or password in it.
        CredentialsError: If the environment gives only half of the login.
    """
    return Service(checked(url), credentials_from(environment)) if url else None


class RemoteAnswer:
    """An answer of another service, on its way.

    Args:
        remote: Who asks it.
        head: What is known of the answer.
        parts: What begins the request and goes through the body of its answer.
        bounds: What the query may take.
    """

    def __init__(self, remote: "Remote", head: Head, parts: AsyncIterator[bytes], bounds: Bounds) -> None:
        """Nothing is sent yet."""
        self._remote, self.head, self._parts, self._bounds = remote, head, parts, bounds
        self._left_s, self._left_bytes = bounds.deadline_s, bounds.result_bytes
        self._limit: asyncio.Timeout | None = None
        self.is_whole = False
        """Whether there is no further part."""

    async def part(self) -> bytes:
        """Return the next part.

        Raises:
            QueryRefusedError: If there will be none: the query is wrong, takes too much, or is not answered.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(max(self._left_s, 0)) as self._limit:
                with self._remote.waiting(self._limit):
                    part = await anext(self._parts, b"")
        except TimeoutError as error:
            raise (
                no_store() if self._remote.is_stopped else query_too_long(self._bounds.deadline_s)
            ) from error
        except Failure as error:
            raise no_store() from error
        finally:
            self._limit = None
        self._left_s -= loop.time() - began
        self._left_bytes -= len(part)
        self.is_whole = not part
        if self._left_bytes < 0:
            raise answer_too_long(self._bounds.result_bytes)
        return part

    def close(self) -> None:
        """Let the other service go: where a part of its answer is awaited, that ends now, and closes all."""
        self.is_whole = True
        if self._limit:
            with suppress(RuntimeError):  # it has ended in this very moment
                self._limit.reschedule(asyncio.get_running_loop().time())
            return
        closing = asyncio.ensure_future(self._parts.aclose())  # type: ignore[attr-defined]
        _CLOSING.add(closing)
        closing.add_done_callback(_CLOSING.discard)


_CLOSING: Final[set[asyncio.Future[None]]] = set()
"""What is being closed, kept until it is."""


class Remote:
    """Another service, asked as the workers are.

    Args:
        service: Where it is.
        dataset: What is known of the publication.
        bounds: What a query may take.
        number: How many may be answered at once, each over a connection of its own.
    """

    digest = ""
    """What tells one state of the dataset from another: of another service that is not known."""
    is_ready = True

    def __init__(self, service: Service, dataset: Dataset, bounds: Bounds, number: int) -> None:
        """Nothing is sent yet."""
        self._service, self._dataset, self._bounds = service, dataset, bounds
        patience = replace(_PATIENCE, answer_s=bounds.hold_s)
        self._client = waiting_client(service.credentials, patience, number)
        self._limits: set[asyncio.Timeout] = set()
        self.is_stopped = False
        self.graphs = dataset.graphs

    async def start(self) -> None:
        """Do nothing: the other service runs, or will."""

    @contextmanager
    def waiting(self, limit: asyncio.Timeout) -> Iterator[None]:
        """Let a wait for the other service end when this one is stopped."""
        self._limits.add(limit)
        try:
            yield
        finally:
            self._limits.discard(limit)

    async def stop(self, patience_s: float) -> None:
        """Close the connections, after the queries that run have come to their end, if they do in time."""
        self.is_stopped = True
        loop = asyncio.get_running_loop()
        for limit in self._limits:
            limit.reschedule(min(limit.when() or inf, loop.time() + patience_s))
        while self._limits:  # noqa: ASYNC110 - once in the life of a service
            await asyncio.sleep(_LOOK_S)
        await self._client.aclose()

    async def begin(self, asked: Asked, _client: str = "") -> RemoteAnswer:
        """Have a request answered; it is read in a thread, for reading it may take a moment.

        Args:
            asked: What is asked.

        Raises:
            QueryRefusedError: If it is not to be asked, or the service was asked to stop.
        """
        head, question = await asyncio.to_thread(prepared, asked, self._dataset)
        if self.is_stopped:
            raise no_store()
        return RemoteAnswer(self, head, self._parts(question), self._bounds)

    async def _parts(self, question: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """Send a query, and go through the body of the answer."""
        media_type = _TYPES[question["form"]]
        request = self._client.build_request(
            "POST", self._service.url, data=self._fields(question), headers={"Accept": media_type}
        )
        async with AsyncExitStack() as stack:
            response = await self._client.send(request, stream=True)
            stack.push_async_callback(response.aclose)
            told = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            is_plain = response.headers.get("content-encoding", "identity") == "identity"
            if response.status_code == _MALFORMED:
                raise _malformed(await anext(response.aiter_raw(_SHOWN_BYTES), b""))
            if response.status_code != _OK or told != media_type or not is_plain:
                raise no_store()
            if _CUT_OFF & response.headers.keys():
                raise _cut_off()
            async for part in response.aiter_raw():
                yield part

    def _fields(self, question: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return the form that is sent: the query, and the dataset that it asks."""
        prefixes = self._dataset.prefixes
        head = [f"BASE <{question['base']}>"]
        head += [f"PREFIX {prefix}: <{prefixes[prefix]}>" for prefix in question["used"]]
        everything = sorted(self.graphs)
        default_graphs, named_graphs = question["default_graphs"], question["named_graphs"]
        return {
            "query": ["\n".join([*head, question["query"]])],
            "default-graph-uri": everything if default_graphs is None else default_graphs,
            "named-graph-uri": everything if named_graphs is None else named_graphs,
        }


def _cut_off() -> QueryRefusedError:
    return QueryRefusedError(
        413,
        "the service that is asked here tells only a part of the answer",
        "ask for less (LIMIT), or take the dump",
    )


def _malformed(told: bytes) -> QueryRefusedError:
    return unanswered(" ".join(told.decode(errors="replace").partition(_REPEATED)[0].split()))
