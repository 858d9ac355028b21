"""Publishing: the named graphs of a site put into a triple store, all of them or none.

They are loaded beside those that are there (`…#next`) and counted; what is there is kept; then the new takes
its place, is counted again, and is put back where it was if anything fails. A store that takes updates copies
by itself, in one request, and keeps the old graphs (`…#previous`), so that the next run mends what a killed
one left; of any other the old graphs are read into files, and put back from there.
Source: https://www.w3.org/TR/sparql11-http-rdf-update/
"""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from twintowns.edition import translated_failures
from twintowns.exceptions import GraphStoreError, SeveralFailuresError, TransportError, TwinTownsError
from twintowns.graphstore import CHUNK_BYTES, GraphStore
from twintowns.namedgraphs import NamedGraph, named_graphs
from twintowns.vocabulary import VOID

Progress = Callable[[int, int], None]
"""Told how many bytes are sent, and of how many."""

_STAGED: Final = "next"
_KEPT: Final = "previous"
_MARKER: Final = "publishing"


@dataclass(frozen=True)
class PublishOutcome:
    """What was published.

    Attributes:
        graphs: How many graphs.
        triples: How many triples in them.
    """

    graphs: int
    triples: int


def publish(site: Path, store: GraphStore, progress: Progress) -> PublishOutcome:
    """Put the named graphs of a site into a store, all of them or none.

    Args:
        site: The folder of the site.
        store: The store.
        progress: Whom to tell how far it is.

    Raises:
        SiteError: If there is no whole site.
        TwinTownsError: If it cannot be done; what was published before is there as it was, or the message
            says where it is.
    """
    with translated_failures(site), TemporaryDirectory(prefix="twintowns-") as name, store.opened():
        folder = Path(name)
        graphs = named_graphs(site, folder)
        times = 1 if store.can_copy else 2
        meter = _Meter(progress, times * sum(graph.size_bytes for graph in graphs))
        switch = (_CopySwitch if store.can_copy else _PutSwitch)(store, graphs, meter.add)
        switch.mend()
        _clear(store, graphs)
        with switch.cleared():
            _stage(store, graphs, meter.add)
            switch.keep()
            switch.place()
    return PublishOutcome(len(graphs), sum(graph.triples for graph in graphs))


class _Meter:
    """Counts what is sent."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def add(self, size_bytes: int) -> None:
        self._done += size_bytes
        self._progress(self._done, self._total)


def _stage(store: GraphStore, graphs: list[NamedGraph], told: Callable[[int], None]) -> None:
    """Load the graphs beside those that are published, and count them."""
    for graph in graphs:
        if graph.triples:
            store.put(_beside(graph.iri, _STAGED), graph, told, chunk_bytes=CHUNK_BYTES)
    _check(store, {_beside(graph.iri, _STAGED): graph.triples for graph in graphs})


def _clear(store: GraphStore, graphs: list[NamedGraph]) -> None:
    """Remove what was loaded or kept beside the published graphs."""
    for graph in graphs:
        for name in (_STAGED, _KEPT) if store.can_copy else (_STAGED,):
            store.remove(_beside(graph.iri, name))


def _beside(iri: NamedNode, name: str) -> NamedNode:
    return NamedNode(f"{iri.value}#{name}")


def _check(store: GraphStore, expected: Mapping[NamedNode, int]) -> None:
    """Compare what graphs hold with what they should.

    Raises:
        GraphStoreError: If one holds more or fewer triples.
    """
    for iri, triples in expected.items():
        held = store.count(iri)
        if held != triples:
            raise GraphStoreError(
                store.place,
                "the graph {graph} holds {held} triples in the place of {triples} ({difference})",
                "see whether something else writes there, or whether the store takes two of them for one",
                values={
                    "graph": iri.value,
                    "held": held,
                    "triples": triples,
                    "difference": f"{held - triples:+d}",
                },
            )


class _Switch(ABC):
    """Puts the new graphs in the place of the published ones, and the old ones back if that fails."""

    def __init__(self, store: GraphStore, graphs: list[NamedGraph], told: Callable[[int], None]) -> None:
        self._store = store
        self._graphs = graphs
        self._told = told
        self._folder = graphs[0].path.parent
        self._is_settled = True
        self._held: dict[NamedNode, int] = {}

    @abstractmethod
    def mend(self) -> None:
        """Put back what a killed run left half done."""

    @abstractmethod
    def keep(self) -> None:
        """Keep what is published, so that it can be put back."""

    @abstractmethod
    def _replace(self) -> None:
        """Put the new graphs in the place of the published ones."""

    @abstractmethod
    def _put_back(self) -> None:
        """Put back what was kept."""

    @abstractmethod
    def _not_put_back(self) -> GraphStoreError:
        """Return the failure that tells where what was published lies."""

    @contextmanager
    def cleared(self) -> Iterator[None]:
        """Clear away at the end what lies beside the published graphs, unless it is needed still."""
        try:
            yield
        except (TwinTownsError, KeyboardInterrupt):
            if self._is_settled:
                with suppress(TransportError), self._store.hurried():
                    _clear(self._store, self._graphs)
            raise
        with suppress(TransportError):  # all is published: what lies beside it is left to the next run
            _clear(self._store, self._graphs)

    def place(self) -> None:
        """Put the new graphs in the place of the published ones, and count them; or put the old ones back."""
        try:
            self._is_settled = False
            self._replace()
            _check(self._store, {graph.iri: graph.triples for graph in self._graphs})
            self._settle()
        except KeyboardInterrupt:
            self._undo([])
            raise
        except TwinTownsError as failure:
            self._undo([failure])
            raise

    def _undo(self, failures: list[TwinTownsError]) -> None:
        try:
            self._put_back()
            _check(self._store, self._held)
            self._settle()
        except TwinTownsError as failure:
            raise SeveralFailuresError([*failures, self._not_put_back()]) from failure

    def _settle(self) -> None:
        self._is_settled = True


class _CopySwitch(_Switch):
    """Lets the store copy its graphs, in one request; a marker says that it has not ended."""

    def mend(self) -> None:
        marker = self._folder / f"{_MARKER}.nt"
        if self._store.read(self._marker, marker).triples:
            noted = {
                triple.subject: int(triple.object.value)
                for triple in parse(path=marker, format=RdfFormat.N_TRIPLES)
                if isinstance(triple.object, Literal) and triple.object.value.isdecimal()
            }
            self._held = {graph.iri: noted.get(graph.iri, 0) for graph in self._graphs}
            _check(self._store, self._kept)
            self._put_back()
            _check(self._store, self._held)
            self._settle()

    def keep(self) -> None:
        self._held = {graph.iri: self._store.count(graph.iri) for graph in self._graphs}
        self._store.copy({_beside(iri, _KEPT): iri if held else None for iri, held in self._held.items()})
        _check(self._store, self._kept)

    @property
    def _kept(self) -> dict[NamedNode, int]:
        return {_beside(iri, _KEPT): held for iri, held in self._held.items()}

    def _replace(self) -> None:
        self._store.put(self._marker, self._note(), lambda _size_bytes: None)
        self._store.copy({g.iri: _beside(g.iri, _STAGED) if g.triples else None for g in self._graphs})

    def _note(self) -> NamedGraph:
        """Return the graph that marks the switch as not ended, and says what was kept."""
        note = NamedGraph(self._marker, self._folder / f"{_MARKER}.nt")
        with note.path.open("w", encoding="utf-8") as file:
            for iri, held in self._held.items():
                file.write(f"{Triple(iri, VOID.triples, Literal(held))} .\n")
        return note

    def _put_back(self) -> None:
        self._store.copy({iri: _beside(iri, _KEPT) if held else None for iri, held in self._held.items()})

    def _settle(self) -> None:
        self._store.remove(self._marker)
        super()._settle()

    def _not_put_back(self) -> GraphStoreError:
        return GraphStoreError(
            self._store.place,
            "the published graphs may be old or new, and could not be put back; the old lie in …#{kept}",
            "see that the store runs, and publish again: that puts them back first",
            values={"kept": _KEPT},
        )

    @property
    def _marker(self) -> NamedNode:
        return NamedNode(f"{self._graphs[0].iri.value.rpartition('/')[0]}/{_MARKER}")


class _PutSwitch(_Switch):
    """Sends the graphs once more, and puts the old ones back from files."""

    def __init__(self, store: GraphStore, graphs: list[NamedGraph], told: Callable[[int], None]) -> None:
        super().__init__(store, graphs, told)
        self._old: list[NamedGraph] = []

    def mend(self) -> None:
        pass

    def keep(self) -> None:
        for graph in self._graphs:
            path = graph.path.with_suffix(f".{_KEPT}.nt")
            content = self._store.read(graph.iri, path)
            counted = self._store.count(graph.iri)
            if content.triples != counted:
                raise GraphStoreError(
                    self._store.place,
                    "it hands out only {held} of the {counted} triples of {graph}, for putting back",
                    "name its update address with --update, so that it copies by itself",
                    values={"held": content.triples, "counted": counted, "graph": graph.iri.value},
                )
            self._old.append(NamedGraph(graph.iri, path, content.triples, content.has_blank_nodes))
        self._held = {graph.iri: graph.triples for graph in self._old}

    def _replace(self) -> None:
        self._put(self._graphs, self._told)

    def _put_back(self) -> None:
        self._put(self._old, lambda _size_bytes: None)

    def _put(self, graphs: list[NamedGraph], told: Callable[[int], None]) -> None:
        for graph in graphs:
            if graph.triples:
                self._store.put(graph.iri, graph, told)
            else:
                self._store.remove(graph.iri)

    def _not_put_back(self) -> GraphStoreError:
        folder = Path(mkdtemp(prefix="twintowns-previous-"))
        for graph in self._old:
            shutil.move(graph.path, folder)
        return GraphStoreError(
            self._store.place,
            "the published graphs may be old or new, and could not be put back; the old lie in {folder}",
            "see that the store runs, and publish again",
            values={"folder": folder},
        )
