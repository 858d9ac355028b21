"""A triple store, graph by graph, over the SPARQL 1.1 Graph Store HTTP Protocol.

Sources: https://www.w3.org/TR/sparql11-http-rdf-update/, https://www.w3.org/TR/sparql11-protocol/.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from string import Template
from typing import BinaryIO, Final, NamedTuple

from pyoxigraph import NamedNode

from twintowns import jsontext
from twintowns.credentials import Credentials
from twintowns.exceptions import GraphStoreError, RefusedError
from twintowns.namedgraphs import NamedGraph, Part, part_at
from twintowns.patience import Patience
from twintowns.project import OPERATIONS
from twintowns.transport import Answer, Client, Request

N_TRIPLES: Final = "application/n-triples"
CHUNK_BYTES: Final = 8 << 20
"""How much a store is asked to take at once, where a graph may become whole bit by bit."""

GRAPH_BYTES: Final = 1 << 34
"""How long a graph may be that is read."""
LINE_BYTES: Final = 1 << 22
"""How long a line of it may be."""
SMALLEST_CHUNK_BYTES: Final = 1 << 16

_RESULTS: Final = "application/sparql-results+json"
_GONE: Final = frozenset({404, 410})
_TOO_LARGE: Final = 413
_LINE_ENDS: Final = re.compile(rb"[\r\n]")
_BLANK_NODE: Final = re.compile(rb"^\s*_:|^\s*<[^>]*>\s*<[^>]*>\s*_:")
_QUERY_ADDRESSES: Final = (
    ("/sparql-graph-crud-auth", "/sparql-auth"),  # Virtuoso
    ("/sparql-graph-crud", "/sparql"),
    ("/store", "/query"),  # Oxigraph
    ("/data", "/query"),  # Fuseki
)

Told = Callable[[int], None]
"""Told how many bytes were sent."""


@dataclass(frozen=True)
class Addresses:
    """Where a store is.

    Attributes:
        graph_store: Where it speaks the Graph Store Protocol.
        update: Where it takes SPARQL updates; empty where that was not told.
        query: Where it answers SPARQL queries; empty for the usual place beside the graph store.
    """

    graph_store: str
    update: str = ""
    query: str = ""

    @property
    def queried(self) -> str:
        """Where to ask; empty where that is neither told nor usual.

        >>> Addresses("http://localhost:7878/store").queried
        'http://localhost:7878/query'
        """
        if self.query or "?" in self.graph_store:
            return self.query
        for ending, usual in _QUERY_ADDRESSES:
            if self.graph_store.endswith(ending):
                return self.graph_store.removesuffix(ending) + usual
        return ""


class Content(NamedTuple):
    """What a graph holds: how many triples, and whether there are blank nodes."""

    triples: int
    has_blank_nodes: bool


class GraphStore:
    """A store whose graphs are put, counted, copied and removed.

    Args:
        addresses: Where it is.
        credentials: Who asks.
        patience: How long to wait for it.
    """

    def __init__(
        self, addresses: Addresses, credentials: Credentials, patience: Patience | None = None
    ) -> None:
        """Check the addresses; nothing is sent yet."""
        self._graphs = Client(addresses.graph_store, credentials, patience)
        self._query = Client(addresses.queried, credentials, patience) if addresses.queried else None
        self._update = Client(addresses.update, credentials, patience) if addresses.update else None
        self.place = self._graphs.url

    @property
    def can_copy(self) -> bool:
        """Whether it takes updates, and so copies graphs by itself."""
        return self._update is not None

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Close all connections at the end."""
        with ExitStack() as stack:
            for client in (self._graphs, self._query, self._update):
                if client is not None:
                    stack.enter_context(client)
            yield

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Try everything once only, for what is done after a failure."""
        with ExitStack() as stack:
            for client in (self._graphs, self._query, self._update):
                if client is not None:
                    stack.enter_context(client.hurried())
            yield

    def put(
        self, target: NamedNode, graph: NamedGraph, told: Told, *, chunk_bytes: int | None = None
    ) -> None:
        """Replace a graph.

        Args:
            target: The name that it gets.
            graph: What it shall hold.
            told: Told of each part that was sent.
            chunk_bytes: How much to send at once; None for all, as far as the store takes it.
        """
        start, most_bytes = 0, chunk_bytes or max(graph.size_bytes, 1)
        while True:
            part = part_at(graph, start, most_bytes)
            try:
                self._send("POST" if start else "PUT", target, part)
            except RefusedError as error:
                if error.status != _TOO_LARGE or graph.has_blank_nodes or most_bytes <= SMALLEST_CHUNK_BYTES:
                    raise
                most_bytes = max(min(most_bytes, part.size_bytes) // 4, SMALLEST_CHUNK_BYTES)
                continue
            told(part.size_bytes)
            if part.stop == graph.size_bytes:
                return
            start = part.stop

    def _send(self, method: str, target: NamedNode, part: Part) -> None:
        headers = {"Content-Type": N_TRIPLES}
        self._graphs.done(Request(method, _graph(target), headers, part, part.size_bytes))

    def remove(self, target: NamedNode) -> None:
        """Remove a graph, if it is there."""
        self._graphs.done(Request("DELETE", _graph(target), accepted=frozenset({200, 202, 204}) | _GONE))

    def count(self, target: NamedNode) -> int:
        """Return how many triples a graph holds: asked, or else by reading it."""
        if self._query is None:
            return self.read(target, None).triples
        parameters = {"query": _operation("count"), "default-graph-uri": target.value}
        answer = self._query.answer(Request("GET", parameters, {"Accept": _RESULTS}))
        try:
            [binding] = jsontext.read(answer)["results"]["bindings"]
            return int(binding["count"]["value"])
        except (ValueError, KeyError, TypeError) as error:
            raise GraphStoreError(
                self._query.url,
                "this does not answer a query as a SPARQL service does",
                "name its query address with --query",
            ) from error

    def read(self, target: NamedNode, path: Path | None) -> Content:
        """Read a graph, into a file where one is named, and return what it holds."""

        def taken(answer: Answer) -> Content:
            if answer.status in _GONE:
                parts: Iterator[bytes] = iter(())
            elif answer.media_type == N_TRIPLES:
                parts = answer.parts
            else:
                raise GraphStoreError(
                    self.place,
                    "this does not hand out N-Triples, which it was asked for",
                    "see that the address is that of a Graph Store, or name --query and --update",
                )
            try:
                return _written(parts, path)
            except OverflowError as error:
                raise GraphStoreError(
                    self.place,
                    "this hands out a line that is longer than any in N-Triples that was published",
                    "see that the address is that of a Graph Store, or name --query and --update",
                ) from error

        headers, accepted = {"Accept": N_TRIPLES}, frozenset({200}) | _GONE
        request = Request("GET", _graph(target), headers, accepted=accepted, answer_bytes=GRAPH_BYTES)
        return self._graphs.taken(request, taken)

    def copy(self, copies: Mapping[NamedNode, NamedNode | None]) -> None:
        """Make graphs copies of others, in one request.

        Args:
            copies: For each graph that is replaced the one that is copied; None for one that is removed.
        """
        assert self._update is not None  # noqa: S101 - as can_copy tells
        operations = [
            _operation("drop", target) if source is None else _operation("copy", target, source)
            for target, source in copies.items()
        ]
        headers = {"Content-Type": "application/sparql-update"}
        self._update.done(Request("POST", {}, headers, " ;\n".join(operations).encode()))


def _graph(target: NamedNode) -> dict[str, str]:
    return {"graph": target.value}


def _operation(name: str, target: NamedNode | None = None, source: NamedNode | None = None) -> str:
    """Return one of the operations that lie in files, the names of graphs as terms in their places."""
    text = (OPERATIONS / f"{name}.rq").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return Template("\n".join(lines)).substitute(target=str(target), source=str(source))


def _written(parts: Iterator[bytes], path: Path | None) -> Content:
    """Return what a stream of N-Triples holds, kept in a file if one is named.

    Raises:
        OverflowError: If a line is too long.
    """
    triples, has_blank_nodes = 0, False
    with ExitStack() as stack:
        file = stack.enter_context(path.open("wb")) if path else None
        for lines in _lines(chain(parts, (b"\n",)), file):
            statements = [line for line in lines if line.strip() and not line.lstrip().startswith(b"#")]
            triples += len(statements)
            has_blank_nodes |= any(map(_BLANK_NODE.search, statements))
    return Content(triples, has_blank_nodes)


def _lines(parts: Iterable[bytes], file: BinaryIO | None) -> Iterator[list[bytes]]:
    """Go through the lines of a stream, as many at once as have arrived.

    Raises:
        OverflowError: If one is too long.
    """
    rest = bytearray()
    for part in parts:
        if file is not None:
            file.write(part)
        first, *others = _LINE_ENDS.split(part)
        rest += first
        if len(rest) > LINE_BYTES:
            raise OverflowError
        if others:
            *whole, last = others
            yield [bytes(rest), *whole]
            rest = bytearray(last)
