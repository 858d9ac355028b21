"""The named graphs of a built site, each as a file of N-Triples, ready to be sent.

They are taken from the N-Quads dump, quad by quad, so that memory does not grow with the publication; the
dump is the one that the manifest knows, or nothing is sent.
Sources: https://www.w3.org/TR/n-quads/, https://www.w3.org/TR/n-triples/.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from twintowns import jsontext
from twintowns.edition import published_files
from twintowns.exceptions import SiteError
from twintowns.inventory import MANIFEST
from twintowns.iris import Names
from twintowns.store import DUMP

GRAPHS: Final = ("asserted", "derived", "vocabulary")
"""The graphs of a publication: what the dump holds."""

_BLOCK_BYTES: Final = 1 << 16


@dataclass
class NamedGraph:
    """One graph of a site.

    Attributes:
        iri: Its name.
        path: The file with its triples.
        triples: How many there are.
        has_blank_nodes: Whether they must be sent together, for a blank node is known in its file only.
    """

    iri: NamedNode
    path: Path
    triples: int = 0
    has_blank_nodes: bool = False

    @property
    def size_bytes(self) -> int:
        """How long the file is."""
        return self.path.stat().st_size

    def count(self, triple: Triple) -> None:
        """Note one of its triples."""
        self.triples += 1
        self.has_blank_nodes |= isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)


@dataclass(frozen=True)
class Part:
    """A part of a file, which can be gone through again and again.

    Attributes:
        path: The file.
        start: Where it begins.
        stop: Where it ends.
    """

    path: Path
    start: int
    stop: int

    @property
    def size_bytes(self) -> int:
        """How long it is."""
        return self.stop - self.start

    def __iter__(self) -> Iterator[bytes]:
        """Go through the part in blocks."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left := self.stop - file.tell():
                yield file.read(min(left, _BLOCK_BYTES))


def part_at(graph: NamedGraph, start: int, most_bytes: int) -> Part:
    """Return the part of a graph's file from a place on: whole lines, hardly longer than asked for.

    Args:
        graph: The graph; one with blank nodes is one part.
        start: Where the part begins.
        most_bytes: How long it should be at most.
    """
    size_bytes = graph.size_bytes
    if graph.has_blank_nodes or size_bytes - start <= most_bytes:
        return Part(graph.path, start, size_bytes)
    with graph.path.open("rb") as file:
        file.seek(start + most_bytes - 1)
        file.readline()
        return Part(graph.path, start, file.tell())


def named_graphs(site: Path, folder: Path) -> list[NamedGraph]:
    """Write each named graph of a site into a file of its own.

    Args:
        site: The folder of the site.
        folder: Where the files go.

    Raises:
        SiteError: If the site is not there, or is not as its manifest says.
    """
    names = Names(_space(site))
    graphs = [NamedGraph(names.graph(name), folder / f"{name}.nt") for name in GRAPHS]
    try:
        with (site / DUMP).open("rb") as dump:
            _check(site, dump)
            _divide(dump, graphs)
    except (FileNotFoundError, SyntaxError, KeyError) as error:
        raise _unwhole(site) from error
    return graphs


def _space(site: Path) -> str:
    """Return the IRI space that a site's manifest states."""
    try:
        manifest = jsontext.read((site / MANIFEST).read_bytes())
        return str(manifest["dataset"]["iri"])
    except FileNotFoundError as error:
        raise SiteError(
            site, "there is no site here", "build it with `twintowns build`, or name its folder with --site"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise _unwhole(site) from error


def _check(site: Path, dump: BufferedReader) -> None:
    """Compare the dump with what the manifest says of it."""
    entry = published_files(site).get(DUMP)
    if entry is None or hashlib.file_digest(dump, "sha256").hexdigest() != entry.sha256:
        raise _unwhole(site)
    dump.seek(0)


def _divide(dump: BufferedReader, graphs: list[NamedGraph]) -> None:
    """Write each quad into the file of its graph; KeyError for one of another graph."""
    with ExitStack() as stack:
        files = {graph.iri: (graph, stack.enter_context(graph.path.open("wb"))) for graph in graphs}
        for quad in parse(input=dump, format=RdfFormat.N_QUADS):
            graph, file = files[quad.graph_name]
            graph.count(quad.triple)
            file.write(f"{quad.triple} .\n".encode())


def _unwhole(site: Path) -> SiteError:
    return SiteError(
        site / DUMP,
        "this is not what the manifest of the site says, or holds other graphs",
        "build the site again with `twintowns build`",
    )
