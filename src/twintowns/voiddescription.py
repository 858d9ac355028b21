"""What is in the dataset, for programs that want to know before they ask: its VoID description.

How much there is of what, which vocabularies it uses, what it links to, and where to get it. The counts are
those of the dumps; what it is called, whose it is and how it may be used are the catalogue's words; every
part has a name of its own, a fragment of the dataset's. Source: https://www.w3.org/TR/void/
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from gettext import NullTranslations
from hashlib import sha256
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.graph import Node
from twintowns.iris import curie
from twintowns.messages import SOURCE_LANGUAGE, languages, translations
from twintowns.namedgraphs import GRAPHS
from twintowns.vocabulary import DCTERMS, FOAF, PROV, SCHEMA, VOID, WD, A, Namespace

WELL_KNOWN: Final = ".well-known/void"
"""Where the description is looked for (https://www.w3.org/TR/void/#well-known)."""

_FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
_DUMPS: Final = {"ttl": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD", "rdf": "RDF_XML", "nq": "N-Quads"}


class _Linked(NamedTuple):
    """A dataset elsewhere.

    Attributes:
        space: What the names of its things begin with.
        item: Its Wikidata item, which names it: a dataset is not its home page.
        home: Its home page.
        name: What it is called.
    """

    space: str
    item: NamedNode
    home: NamedNode
    name: str


_LINKED: Final = {
    "wikidata": _Linked(str(WD), WD.Q2013, NamedNode("https://www.wikidata.org/"), "Wikidata"),
    "geonames": _Linked(
        "https://sws.geonames.org/", WD.Q830106, NamedNode("https://www.geonames.org/"), "GeoNames"
    ),
}
"""The datasets to which links are counted."""
_STATED: Final = (
    DCTERMS["title"],
    DCTERMS.description,
    DCTERMS.publisher,
    DCTERMS.license,
    DCTERMS.issued,
    DCTERMS.modified,
)
"""What the catalogue states and the dataset, which is all that it lists, takes over."""
_EXAMPLES: Final = ("place", "twinning", "organization")
_VOCABULARY: Final = re.compile(r"https?://[^/?#]+[/#](?:.*[/#])?")
_FRAGMENT: Final = re.compile(r"[a-z]+:[A-Za-z0-9][A-Za-z0-9_.~-]*")


@dataclass
class _Counts:
    """What is found in the dumps."""

    subjects: set[Node] = field(default_factory=set)
    objects: int = 0
    entities: set[Node] = field(default_factory=set)
    documents: set[NamedNode] = field(default_factory=set)
    examples: dict[str, str] = field(default_factory=dict)
    instances: dict[NamedNode, set[Node]] = field(default_factory=lambda: defaultdict(set))
    properties: dict[NamedNode, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_LINKED, 0))
    graphs: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GRAPHS, 0))


def void_description(dataset: Dataset, publication: Publication) -> list[Triple]:
    """Describe the dataset, and the document that describes it.

    An entity is what the publication names itself, in its own IRI space; terms of the vocabulary and
    Wikidata items count as subjects only.

    Args:
        dataset: What to describe; what is returned is not part of it, or the counts were no longer true.
        publication: Its languages, for the titles of parts: those in which there are messages.

    Returns:
        The triples in the order of their N-Triples form, none of them with a blank node.
    """
    counts = _counted(dataset)
    parts = (_dataset, _statistics, _partitions, _link_sets, _graphs, _document)
    told = {triple for part in parts for triple in part(dataset, counts)}
    told.update(_stated(dataset))
    told.update(_titles(dataset, counts, publication.languages))
    return sorted(told, key=str)


def _counted(dataset: Dataset) -> _Counts:
    counts = _Counts()
    counts.graphs.update((name, len(dataset.published.part(name))) for name in GRAPHS)
    counts.objects, counts.properties = dataset.published.counted()
    for subject in dataset.published.subjects:
        _count_subject(dataset, counts, subject)
    for predicate in (A, SCHEMA.sameAs):
        for subject, end in dataset.published.pairs(predicate):
            if isinstance(end, NamedNode):
                _count_link(counts, subject, predicate, end)
    return counts


def _count_subject(dataset: Dataset, counts: _Counts, subject: Node) -> None:
    counts.subjects.add(subject)
    if document := dataset.document_of(subject):
        counts.documents.add(document)
    if isinstance(subject, NamedNode) and dataset.names.is_ours(subject):
        counts.entities.add(subject)
        folder = dataset.names.path_of(subject).partition("/")[0]
        if folder in _EXAMPLES and "#" not in subject.value:
            counts.examples[folder] = min(subject.value, counts.examples.get(folder, subject.value))


def _count_link(counts: _Counts, subject: Node, predicate: NamedNode, end: NamedNode) -> None:
    if predicate == A:
        counts.instances[end].add(subject)
    else:
        for name, linked in _LINKED.items():
            counts.links[name] += end.value.startswith(linked.space)


def _dataset(dataset: Dataset, counts: _Counts) -> Iterator[Triple]:
    """Tell where the dataset is, how to get it and where to begin."""
    about, names = dataset.names.dataset, dataset.names
    yield Triple(about, A, VOID.Dataset)
    yield Triple(about, VOID.uriSpace, Literal(names.space))
    yield Triple(about, VOID.rootResource, names.catalogue)
    for suffix, form in _DUMPS.items():
        yield Triple(about, VOID.dataDump, NamedNode(f"{names.space}dump/twintowns.{suffix}"))
        yield Triple(about, VOID.feature, _FORMATS[form])
    for iri in counts.examples.values():
        yield Triple(about, VOID.exampleResource, NamedNode(iri))
    for term in (*counts.instances, *counts.properties):
        if namespace := _VOCABULARY.match(term.value):
            yield Triple(about, VOID.vocabulary, NamedNode(namespace[0]))
    for service in dataset.graph.values(names.catalogue, VOID.sparqlEndpoint):
        if isinstance(service, NamedNode):
            yield Triple(about, VOID.sparqlEndpoint, service)


def _stated(dataset: Dataset) -> Iterator[Triple]:
    """Tell what the catalogue states of all that it lists: what it is, whose, how to use it, since when.

    The front page is the catalogue's home page, and cannot be the dataset's too: whatever have one home page
    are one thing (http://xmlns.com/foaf/spec/#term_homepage). So the dataset has its own page.
    """
    about, names = dataset.names.dataset, dataset.names
    for predicate in _STATED:
        for value in dataset.graph.values(names.catalogue, predicate):
            if not isinstance(value, BlankNode):
                yield Triple(about, predicate, value)
    stated = dataset.graph.values(names.catalogue, FOAF.homepage)
    homes = [home for home in stated if isinstance(home, NamedNode)]
    yield from (Triple(about, FOAF.page, home) for home in homes or [NamedNode(names.space)])
    yield Triple(about, FOAF.homepage, NamedNode(f"{about.value}.html"))


def _statistics(dataset: Dataset, counts: _Counts) -> Iterator[Triple]:
    """Tell how much there is."""
    told = {
        VOID.triples: len(dataset.published),
        VOID.entities: len(counts.entities),
        VOID.distinctSubjects: len(counts.subjects),
        VOID.distinctObjects: counts.objects,
        VOID.classes: len(counts.instances),
        VOID.properties: len(counts.properties),
        VOID.documents: len(counts.documents),
    }
    yield from (Triple(dataset.names.dataset, what, Literal(number)) for what, number in told.items())


def _partitions(dataset: Dataset, counts: _Counts) -> Iterator[Triple]:
    """Tell how many things there are of each class, and how many triples of each property."""
    for of_class, instances in counts.instances.items():
        part = _part(dataset, "class", of_class)
        yield Triple(dataset.names.dataset, VOID.classPartition, part)
        yield Triple(part, VOID["class"], of_class)
        yield Triple(part, VOID.distinctSubjects, Literal(len(instances)))
        yield Triple(part, VOID.entities, Literal(len(instances & counts.entities)))
    for predicate, number in counts.properties.items():
        part = _part(dataset, "property", predicate)
        yield Triple(dataset.names.dataset, VOID.propertyPartition, part)
        yield Triple(part, VOID.property, predicate)
        yield Triple(part, VOID.triples, Literal(number))


def _link_sets(dataset: Dataset, counts: _Counts) -> Iterator[Triple]:
    """Tell to which datasets the things lead, and how often; one that nothing leads to is no link set."""
    for name in _linked(counts):
        part, linked = _fragment(dataset, f"links-{name}"), _LINKED[name]
        yield Triple(dataset.names.dataset, VOID.subset, part)
        yield Triple(part, A, VOID.Linkset)
        yield Triple(part, VOID.linkPredicate, SCHEMA.sameAs)
        yield Triple(part, VOID.subjectsTarget, dataset.names.dataset)
        yield Triple(part, VOID.objectsTarget, linked.item)
        yield Triple(part, VOID.triples, Literal(counts.links[name]))
        yield Triple(linked.item, A, VOID.Dataset)
        yield Triple(linked.item, FOAF.homepage, linked.home)


def _graphs(dataset: Dataset, counts: _Counts) -> Iterator[Triple]:
    """Tell of the named graphs of the N-Quads dump."""
    for name in GRAPHS:
        graph = dataset.names.graph(name)
        yield Triple(dataset.names.dataset, VOID.subset, graph)
        yield Triple(graph, A, VOID.Dataset)
        yield Triple(graph, VOID.triples, Literal(counts.graphs[name]))
    yield Triple(dataset.names.graph("derived"), PROV.wasDerivedFrom, dataset.names.graph("asserted"))


def _titles(dataset: Dataset, counts: _Counts, wanted: Sequence[str]) -> Iterator[Triple]:
    """Tell what link sets and graphs are called, in English where no wanted language has messages."""
    for language in [tag for tag in wanted if tag in languages()] or [SOURCE_LANGUAGE]:
        words = translations(language)
        for name in GRAPHS:
            title = Literal(_graph_title(name, words), language=language)
            yield Triple(dataset.names.graph(name), DCTERMS["title"], title)
        for name in _linked(counts):
            links = words.gettext("Links to {name}").format(name=_LINKED[name].name)
            title = Literal(links, language=language)
            yield Triple(_fragment(dataset, f"links-{name}"), DCTERMS["title"], title)


def _graph_title(name: str, words: NullTranslations) -> str:
    match name:
        case "asserted":
            return words.gettext("What the editors state")
        case "derived":
            return words.gettext("What follows from what the editors state")
        case _:
            return words.gettext("The vocabulary")


def _document(dataset: Dataset, counts: _Counts) -> Iterator[Triple]:
    """Tell of the document at the well-known address."""
    document = NamedNode(f"{dataset.names.space}{WELL_KNOWN}")
    graphs = (dataset.names.graph(name) for name in GRAPHS)
    links = (_fragment(dataset, f"links-{name}") for name in _linked(counts))
    yield Triple(document, A, VOID.DatasetDescription)
    yield Triple(document, FOAF.primaryTopic, dataset.names.dataset)
    for topic in (dataset.names.dataset, *graphs, *links):
        yield Triple(document, FOAF.topic, topic)


def _linked(counts: _Counts) -> Iterable[str]:
    return (name for name, number in counts.links.items() if number)


def _part(dataset: Dataset, kind: str, term: NamedNode) -> NamedNode:
    """Name a partition by its term: by prefix and local name where they are plain, else by a digest."""
    short = curie(term.value)
    plain = short.replace(":", "-", 1) if _FRAGMENT.fullmatch(short) else ""
    return _fragment(dataset, f"{kind}-{plain or sha256(term.value.encode()).hexdigest()[:16]}")


def _fragment(dataset: Dataset, name: str) -> NamedNode:
    return NamedNode(f"{dataset.names.dataset.value}#{name}")
