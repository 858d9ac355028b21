"""What the query service is, for programs: its SPARQL service description.

What it speaks, in which forms it answers, and which graphs it answers about; how much they hold is read from
the VoID description of the same site, so that the two never differ.
Source: https://www.w3.org/TR/sparql11-service-description/
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from twintowns.graph import Graph
from twintowns.iris import Names
from twintowns.vocabulary import SD, VOID, A, Namespace
from twintowns.voiddescription import WELL_KNOWN

_FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)
_SIMPLE: Final = NamedNode("http://www.w3.org/ns/entailment/Simple")


def void_of(folder: Path) -> Graph:
    """Return the VoID description of a built site; nothing, where there is none that can be read."""
    try:
        return Graph(quad.triple for quad in parse(path=folder / WELL_KNOWN, format=RdfFormat.TURTLE))
    except (OSError, SyntaxError):
        return Graph([])


def endpoint_iri(names: Names, void: Graph) -> NamedNode:
    """Return the IRI of the service: as the publication states it, else `sparql` in its IRI space."""
    stated = (one for one in void.values(names.dataset, VOID.sparqlEndpoint) if isinstance(one, NamedNode))
    return next(stated, NamedNode(f"{names.space}sparql"))


def service_description(names: Names, void: Graph, graphs: Iterable[str]) -> list[Triple]:
    """Describe the service.

    Args:
        names: How the publication names its things.
        void: Its VoID description.
        graphs: The named graphs.

    Returns:
        The triples in the order of their N-Triples form, none of them with a blank node.
    """
    service = endpoint_iri(names, void)
    parts = (_service(service), _dataset(service, names, void), _graphs(service, void, graphs))
    return sorted({triple for part in parts for triple in part}, key=str)


def written_description(triples: Iterable[Triple], form: RdfFormat) -> bytes:
    """Return a description in a form of RDF."""
    prefixes = {"sd": str(SD), "formats": str(_FORMATS), "void": str(VOID)}
    written = serialize(triples, format=form, prefixes=prefixes)
    assert written is not None  # noqa: S101 - None stands for an output file, and there is none
    return written


def _service(service: NamedNode) -> Iterator[Triple]:
    yield Triple(service, A, SD.Service)
    yield Triple(service, SD.endpoint, service)
    yield Triple(service, SD.supportedLanguage, SD.SPARQL11Query)
    yield Triple(service, SD.feature, SD.UnionDefaultGraph)
    yield Triple(service, SD.defaultEntailmentRegime, _SIMPLE)
    for name in _RESULT_FORMATS:
        yield Triple(service, SD.resultFormat, _FORMATS[name])


def _dataset(service: NamedNode, names: Names, void: Graph) -> Iterator[Triple]:
    dataset, default_graph = (NamedNode(f"{service.value}#{name}") for name in ("dataset", "default-graph"))
    yield Triple(service, SD.defaultDataset, dataset)
    yield Triple(dataset, A, SD.Dataset)
    yield Triple(dataset, SD.defaultGraph, default_graph)
    yield Triple(default_graph, A, SD.Graph)
    for number in void.values(names.dataset, VOID.triples):
        yield Triple(default_graph, VOID.triples, number)


def _graphs(service: NamedNode, void: Graph, graphs: Iterable[str]) -> Iterator[Triple]:
    for number, name in enumerate(sorted(graphs), start=1):
        named, graph = (NamedNode(f"{service.value}#{kind}-{number}") for kind in ("named-graph", "graph"))
        yield Triple(NamedNode(f"{service.value}#dataset"), SD.namedGraph, named)
        yield Triple(named, A, SD.NamedGraph)
        yield Triple(named, SD.name, NamedNode(name))
        yield Triple(named, SD.graph, graph)
        yield Triple(graph, A, SD.Graph)
        for count in void.values(NamedNode(name), VOID.triples):
            yield Triple(graph, VOID.triples, count)
