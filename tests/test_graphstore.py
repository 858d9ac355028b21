"""A triple store, graph by graph: what goes in parts arrives whole, and what comes is counted."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from twintowns import graphstore
from twintowns.credentials import Credentials
from twintowns.exceptions import AnswerError, GraphStoreError, RefusedError, SiteError
from twintowns.graphstore import SMALLEST_CHUNK_BYTES, Addresses, GraphStore
from twintowns.namedgraphs import NamedGraph, named_graphs, part_at
from twintowns.patience import Patience

if TYPE_CHECKING:
    import sites
    import stores
else:
    sites = importlib.import_module("tests.sites")
    stores = importlib.import_module("tests.stores")

GRAPH = NamedNode("https://example.org/graph")
N_TRIPLES = {"Content-Type": "application/n-triples"}


@pytest.fixture
def loopback() -> Iterator["stores.Loopback"]:
    """Return a store that fails as it is told."""
    store = stores.Loopback()
    try:
        yield store
    finally:
        store.stop()


@contextmanager
def store_at(addresses: Addresses) -> Iterator[GraphStore]:
    """Return a store, to be asked once."""
    store = GraphStore(addresses, Credentials(), Patience(tries=1))
    with store.opened():
        yield store


def graph_of(folder: Path, lines: int, object_: str = '"a text"') -> NamedGraph:
    """Return a graph with so many lines."""
    path = folder / "graph.nt"
    path.write_text("".join(f"<urn:{number}> <urn:p> {object_} .\n" for number in range(lines)))
    return NamedGraph(GRAPH, path, lines, has_blank_nodes=object_.startswith("_:"))


def sent(store: "stores.Loopback") -> list[str]:
    """Return the methods by which graphs were sent."""
    return [method for method, _, _ in store.asked]


@pytest.mark.parametrize(
    ("graph_store", "query"),
    [
        ("http://h/store", "http://h/query"),
        ("http://h:8890/sparql-graph-crud-auth", "http://h:8890/sparql-auth"),
        ("http://h/sparql-graph-crud", "http://h/sparql"),
        ("http://h/ds/data", "http://h/ds/query"),
        ("http://h/elsewhere", ""),
        ("http://h/x?a=/store", ""),
    ],
)
def test_usual_query_address(graph_store: str, query: str) -> None:
    """The query address of the stores that are known is beside that of the graphs; a named one is taken."""
    assert Addresses(graph_store).queried == query
    assert Addresses(graph_store, query="http://h/asked").queried == "http://h/asked"


@pytest.mark.parametrize("lines", [0, 1, 10])
@pytest.mark.parametrize("chunk_bytes", [None, 1, 30, 31, 10_000])
def test_parts_arrive_whole(
    loopback: "stores.Loopback", tmp_path: Path, lines: int, chunk_bytes: int | None
) -> None:
    """However small the parts, the graph arrives whole, and replaces the one before."""
    loopback.graphs[GRAPH.value] = {"<urn:old> <urn:p> <urn:o> ."}
    told: list[int] = []
    graph = graph_of(tmp_path, lines)
    with store_at(loopback.addresses()) as store:
        store.put(GRAPH, graph, told.append, chunk_bytes=chunk_bytes)
    assert loopback.count(GRAPH.value) == lines
    assert sum(told) == graph.size_bytes
    assert sent(loopback) == ["PUT", *["POST"] * (len(told) - 1)]
    assert len(told) == lines or chunk_bytes != 1 or not lines


def test_blank_nodes_stay_together(loopback: "stores.Loopback", tmp_path: Path) -> None:
    """A graph with blank nodes is sent at once, for each part would have nodes of its own."""
    with store_at(loopback.addresses()) as store:
        store.put(GRAPH, graph_of(tmp_path, 9, "_:b"), lambda _: None, chunk_bytes=1)
    assert sent(loopback) == ["PUT"]


def test_too_large(loopback: "stores.Loopback", tmp_path: Path) -> None:
    """What is too large for a store is sent in smaller parts, as small as it takes."""
    loopback.faults.append(stores.Fault("PUT", status=413, times=2))
    graph = graph_of(tmp_path, 40_000)
    with store_at(loopback.addresses()) as store:
        store.put(GRAPH, graph, lambda _: None)
    assert loopback.count(GRAPH.value) == 40_000
    assert sent(loopback)[:4] == ["PUT", "PUT", "PUT", "POST"]


@pytest.mark.parametrize("object_", ['"a text"', "_:b"])
def test_too_large_at_any_size(loopback: "stores.Loopback", tmp_path: Path, object_: str) -> None:
    """A store that takes not even a little is told of."""
    loopback.faults.append(stores.Fault("PUT", status=413, times=99))
    graph = graph_of(tmp_path, 10_000, object_)
    assert graph.size_bytes > SMALLEST_CHUNK_BYTES
    with pytest.raises(RefusedError, match="413"), store_at(loopback.addresses()) as store:
        store.put(GRAPH, graph, lambda _: None)
    assert len(loopback.asked) < 5


@pytest.mark.parametrize(
    ("text", "triples", "has_blank_nodes"),
    [
        ("", 0, False),
        ("<a:a> <a:b> <a:c> .", 1, False),
        ("# none\r\n\n<a:a> <a:b> <a:c> .\r\n  # none\n", 1, False),
        ("_:a <a:b> <a:c> .\n", 1, True),
        ("<a:a>\t<a:b>\t_:c .\n<a:a> <a:b> <a:c> .\n", 2, True),
        ('<a:a> <a:b> "<x> _:c" .\n', 1, False),
    ],
)
def test_read(
    loopback: "stores.Loopback", tmp_path: Path, text: str, triples: int, *, has_blank_nodes: bool
) -> None:
    """What a graph holds is counted while it is read, comments and empty lines left out."""
    loopback.faults.append(stores.Fault("GET", status=200, headers=N_TRIPLES, body=text))
    with store_at(loopback.addresses()) as store:
        found = store.read(GRAPH, tmp_path / "read.nt")
    assert found == (triples, has_blank_nodes)
    assert (tmp_path / "read.nt").read_bytes().strip() == text.encode().strip()


def test_other_format(loopback: "stores.Loopback") -> None:
    """What hands out a page where triples were asked for is no graph store."""
    loopback.faults.append(stores.Fault("GET", status=200, headers={"Content-Type": "Text/HTML; x=y"}))
    with (
        pytest.raises(GraphStoreError, match="does not hand out N-Triples"),
        store_at(loopback.without_query()) as store,
    ):
        store.count(GRAPH)


def test_line_without_end(
    loopback: "stores.Loopback", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that is longer than any in N-Triples is given up, before it fills the memory."""
    monkeypatch.setattr(graphstore, "LINE_BYTES", 100_000)
    whole = stores.Fault("GET", status=200, headers=N_TRIPLES, body=f'<a:a> <a:b> "{"x" * 99_000}" .\n' * 3)
    endless = stores.Fault("GET", status=200, headers=N_TRIPLES, body="x" * 300_000)
    loopback.faults += [whole, endless]
    with store_at(loopback.addresses()) as store:
        assert store.read(GRAPH, tmp_path / "read.nt").triples == 3
        with pytest.raises(GraphStoreError, match="a line that is longer"):
            store.read(GRAPH, None)


def test_long_count(loopback: "stores.Loopback") -> None:
    """A count that is longer than any number of triples is not read to its end."""
    loopback.faults.append(stores.Fault("GET", status=200, body="1" * ((1 << 20) + 1)))
    with pytest.raises(AnswerError, match="longer"), store_at(loopback.addresses()) as store:
        store.count(GRAPH)


def test_long_answers_to_what_is_sent(loopback: "stores.Loopback", tmp_path: Path) -> None:
    """What a store says besides that it has done something is not read, however long it is."""
    for method in ("PUT", "DELETE", "POST"):
        loopback.faults.append(stores.Fault(method, status=200, body="x" * (4 << 20)))
    with store_at(loopback.with_update()) as store:
        store.put(GRAPH, graph_of(tmp_path, 1), lambda _: None)
        store.remove(GRAPH)
        store.copy({GRAPH: None})
    assert sent(loopback) == ["PUT", "DELETE", "POST"]


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", '{"results": {"bindings": []}}', '{"results": {"bindings": [{"count": 1}]}}']
)
def test_no_sparql_service(loopback: "stores.Loopback", body: str) -> None:
    """What answers a query with something else is no SPARQL service."""
    loopback.faults.append(stores.Fault("GET", status=200, body=body))
    with pytest.raises(GraphStoreError, match=r"/query: .*--query"), store_at(loopback.addresses()) as store:
        store.count(GRAPH)


@given(st.lists(st.integers(0, 40), max_size=9), st.integers(1, 60))
def test_parts_are_lines(tmp_path_factory: pytest.TempPathFactory, lengths: list[int], most: int) -> None:
    """Parts follow each other without a gap, end with a line, and are one line longer than asked at most."""
    path = tmp_path_factory.mktemp("parts") / "graph.nt"
    path.write_bytes(b"".join(b"x" * length + b"\n" for length in lengths))
    graph, start, content = NamedGraph(GRAPH, path), 0, b""
    while start < graph.size_bytes:
        part = part_at(graph, start, most)
        read = b"".join(part)
        assert len(read) == part.size_bytes <= most + 41
        assert read.endswith(b"\n")
        start, content = part.stop, content + read
    assert content == path.read_bytes()


def test_named_graphs(tmp_path: Path) -> None:
    """A dump is divided into its graphs; one without triples is there too."""
    site = sites.write_site(tmp_path / "site", sites.dump("text", 3, 0, 2))
    graphs = named_graphs(site, tmp_path)
    assert [(graph.iri.value, graph.triples) for graph in graphs] == [
        (sites.graph("asserted"), 3),
        (sites.graph("derived"), 0),
        (sites.graph("vocabulary"), 2),
    ]
    assert graphs[0].path.read_text().count('"@fr .\n') == 3
    assert not any(graph.has_blank_nodes for graph in graphs)


@pytest.mark.parametrize("quad", ["_:b <urn:p> <urn:o>", "<urn:s> <urn:p> _:b"])
def test_blank_nodes_are_noted(tmp_path: Path, quad: str) -> None:
    """A graph with blank nodes says so."""
    site = sites.write_site(tmp_path / "site", f"{quad} <{sites.graph('derived')}> .\n")
    assert [graph.has_blank_nodes for graph in named_graphs(site, tmp_path)] == [False, True, False]


@pytest.mark.parametrize(
    "dump", ["<urn:s> <urn:p> <urn:o> .\n", "<urn:s> <urn:p> <urn:o> <urn:other> .\n", "no quads"]
)
def test_other_graphs(tmp_path: Path, dump: str) -> None:
    """A dump with other graphs than those of a publication, or with no triples at all, is refused."""
    site = sites.write_site(tmp_path / "site", dump)
    with pytest.raises(SiteError, match=r"twintowns\.nq: .* holds other graphs"):
        named_graphs(site, tmp_path)


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{}", b'{"dataset": {"iri": "urn:x/"}}'])
def test_manifest_that_says_nothing(tmp_path: Path, manifest: bytes) -> None:
    """A site whose manifest does not know its dump is refused."""
    site = sites.write_site(tmp_path / "site", sites.dump("text", 1, 1, 1))
    (site / "manifest.json").write_bytes(manifest)
    with pytest.raises(SiteError, match="manifest"):
        named_graphs(site, tmp_path)


def test_changed_dump(tmp_path: Path) -> None:
    """A dump that was changed by hand is refused."""
    site = sites.write_site(tmp_path / "site", sites.dump("text", 1, 1, 1))
    with (site / "dump/twintowns.nq").open("a") as file:
        file.write("\n")
    with pytest.raises(SiteError, match="manifest"):
        named_graphs(site, tmp_path)
