"""What a publication and Wikidata say of the same twinnings, where that is not the same.

Each side's word is a reified statement (`rdf:Statement`), which tells what somebody says without saying it:
of Wikidata's the sources are the items that state it, of the publication's its twinnings. What differs is
not stated, it follows: a twinning that one side alone tells of, other dates, an item that was read
(`prov:wasDerivedFrom`) and does not state it. Source: https://www.w3.org/TR/rdf11-mt/#reification.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.graph import Graph, Node
from twintowns.iris import Names, is_wikidata_item, local_name, number_of
from twintowns.vocabulary import DCTERMS, PROV, RDF, RDFS, SCHEMA, TT, WD, WDT, XSD, A
from twintowns.writtendates import DATE

PATH: Final = "comparison"
"""Where the comparison lies in the site, without a suffix."""
OVER: Final = "ended"
"""What stands for the date of an end that is not known."""
_PROPERTY: Final = NamedNode("https://www.wikidata.org/wiki/Property:P190")
_ITEM_DOCUMENTS: Final = "https://www.wikidata.org/wiki/Special:EntityData/"
_SUFFIX: Final = ".ttl"
"""What the address of a document of the publication ends in."""
_MOST_DIGITS: Final = 15
_TWO: Final = 2
_SIDES: Final = ("here", "wikidata")
_HERE: Final = f"-{_SIDES[0]}"


class Kind(Enum):
    """How a publication and Wikidata differ, as it is called in tables."""

    ADDED = "only Wikidata"
    LACKING = "only here"
    START = "start"
    END = "end"
    ONE_SIDED = "one side only"


class Difference(NamedTuple):
    """One thing in which the two differ.

    Attributes:
        kind: In what.
        here: The dates here; `OVER` where it has ended nobody knows when.
        there: Those of Wikidata.
    """

    kind: Kind
    here: tuple[str, ...] = ()
    there: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """What a side says of a twinning.

    Attributes:
        sources: Where: IRIs of twinnings here, of items there.
        read: The items that were read for it.
        starts: When it began: one date, several that contradict each other, or none.
        ends: When it ended, likewise.
        is_over: Whether it has ended, on a date that is known or not.
        references: The pages and items on which Wikidata's statement rests.
    """

    sources: tuple[str, ...]
    read: tuple[str, ...] = ()
    starts: tuple[Literal, ...] = ()
    ends: tuple[Literal, ...] = ()
    is_over: bool = False
    references: tuple[str, ...] = ()

    @property
    def ended(self) -> tuple[str, ...]:
        """When it ended, as far as that is known."""
        return _texts(self.ends) or ((OVER,) if self.is_over else ())

    @property
    def is_one_sided(self) -> bool:
        """Whether one of the items was read and does not state it."""
        return bool(set(self.read) - set(self.sources))


@dataclass(frozen=True)
class Pair:
    """What the two say of one twinning.

    Attributes:
        partners: The items, the one with the lower number first.
        here: What the publication says, if anything.
        there: What Wikidata says, if anything.
    """

    partners: tuple[str, str]
    here: Said | None = None
    there: Said | None = None

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """In what they differ."""
        if self.here is None or self.there is None:
            lone = self.there or self.here
            dates = _texts(lone.starts) if lone else ()
            told = Difference(Kind.ADDED, (), dates) if self.there else Difference(Kind.LACKING, dates)
            return (told,) if lone else ()
        here, there = self.here, self.there
        found = []
        if set(here.starts) != set(there.starts):
            found.append(Difference(Kind.START, _texts(here.starts), _texts(there.starts)))
        if (set(here.ends), here.is_over) != (set(there.ends), there.is_over):
            found.append(Difference(Kind.END, here.ended, there.ended))
        if there.is_one_sided:
            found.append(Difference(Kind.ONE_SIDED))
        return tuple(found)


@dataclass(frozen=True)
class Comparison:
    """The twinnings on which a publication and Wikidata do not say the same.

    Attributes:
        day: The day on which Wikidata was read.
        pairs: What they say, in the order of the items.
        labels: What the items are called in Wikidata.
    """

    day: str
    pairs: tuple[Pair, ...]
    labels: Mapping[str, tuple[Literal, ...]] = field(default_factory=dict)

    def by_kind(self) -> list[tuple[Pair, Difference]]:
        """Return all differences, those of one kind beside each other."""
        told = [(pair, difference) for pair in self.pairs for difference in pair.differences]
        order = list(Kind)
        return sorted(told, key=lambda one: order.index(one[1].kind))

    def counts(self) -> dict[Kind, int]:
        """Return how many differences there are of each kind."""
        kinds = [difference.kind for _, difference in self.by_kind()]
        return {kind: kinds.count(kind) for kind in Kind}


def comparison_triples(comparison: Comparison, names: Names) -> Iterator[Triple]:
    """Go through what is stated of a comparison.

    Args:
        comparison: The comparison.
        names: How the publication names its things.
    """
    whole = NamedNode(f"{names.space}{PATH}")
    yield Triple(whole, A, SCHEMA.Dataset)
    yield Triple(whole, DCTERMS.created, Literal(comparison.day, datatype=XSD.date))
    yield Triple(whole, DCTERMS.source, _PROPERTY)
    yield Triple(whole, DCTERMS.source, names.dataset)
    for qid, labels in comparison.labels.items():
        yield from (Triple(WD[qid], RDFS.label, label) for label in labels)
    for pair in comparison.pairs:
        for name, said in zip(_SIDES, (pair.here, pair.there), strict=True):
            if said:
                node = NamedNode(f"{whole.value}#{'-'.join(pair.partners)}-{name}")
                yield Triple(whole, DCTERMS.hasPart, node)
                yield from _said(node, pair.partners, said)


def read_comparison(triples: Iterable[Triple]) -> Comparison:
    """Return the comparison of which triples tell; what is none of it is left out."""
    graph = Graph(triples)
    days = (d.value for node in graph.instances(SCHEMA.Dataset) for d in _dates(graph, node, DCTERMS.created))
    sides: dict[tuple[str, str], dict[bool, Said]] = {}
    for node in graph.instances(RDF.Statement):
        ends = [graph.value(node, predicate) for predicate in (RDF.subject, RDF.object)]
        partners = sorted({qid for end in ends if (qid := _qid(end))}, key=number_of)
        if len(partners) == _TWO:
            side = sides.setdefault((partners[0], partners[1]), {})
            side[str(getattr(node, "value", "")).endswith(_HERE)] = _read(graph, node)
    pairs = (
        Pair(partners, *map(sides[partners].get, (True, False))) for partners in sorted(sides, key=_order)
    )
    labels = {
        qid: _labels(graph, WD[qid]) for qid in sorted({q for one in sides for q in one}, key=number_of)
    }
    return Comparison(max(days, default=""), tuple(pairs), {q: told for q, told in labels.items() if told})


def _said(node: NamedNode, partners: tuple[str, str], said: Said) -> Iterator[Triple]:
    yield Triple(node, A, RDF.Statement)
    if said.starts or said.ends or said.is_over:
        yield Triple(node, A, SCHEMA.Role)  # the domain of its dates
    yield Triple(node, RDF.subject, WD[partners[0]])
    yield Triple(node, RDF.predicate, WDT.P190)
    yield Triple(node, RDF.object, WD[partners[1]])
    yield from (Triple(node, DCTERMS.source, document_of(iri)) for iri in said.sources)
    yield from (Triple(node, PROV.wasDerivedFrom, document_of(iri)) for iri in said.read)
    yield from (Triple(node, DCTERMS.references, NamedNode(iri)) for iri in said.references)
    yield from (Triple(node, SCHEMA.startDate, date) for date in said.starts)
    yield from (Triple(node, SCHEMA.endDate, date) for date in said.ends)
    if said.is_over and not said.ends:
        yield Triple(node, TT.unknown, SCHEMA.endDate)


def _read(graph: Graph, node: Node) -> Said:
    ends = _dates(graph, node, SCHEMA.endDate)
    return Said(
        sources=tuple(map(_told_of, _iris(graph, node, DCTERMS.source))),
        read=tuple(map(_told_of, _iris(graph, node, PROV.wasDerivedFrom))),
        starts=_dates(graph, node, SCHEMA.startDate),
        ends=ends,
        is_over=bool(ends) or SCHEMA.endDate in graph.values(node, TT.unknown),
        references=_iris(graph, node, DCTERMS.references),
    )


def document_of(iri: str) -> NamedNode:
    """Return the document that tells of an item of Wikidata or of a thing of the publication.

    An item is a municipality, which says nothing; its document does.

    >>> document_of("http://www.wikidata.org/entity/Q1").value
    'https://www.wikidata.org/wiki/Special:EntityData/Q1'
    >>> document_of("https://example.org/twinning/Q1-Q2").value
    'https://example.org/twinning/Q1-Q2.ttl'
    """
    is_item = is_wikidata_item(NamedNode(iri))
    return NamedNode(f"{_ITEM_DOCUMENTS}{local_name(iri)}" if is_item else f"{iri}{_SUFFIX}")


def _told_of(document: str) -> str:
    """Return what a document tells of; comparisons written before name that itself."""
    if document.startswith(_ITEM_DOCUMENTS):
        return WD[document.removeprefix(_ITEM_DOCUMENTS)].value
    return document.removesuffix(_SUFFIX)


def _iris(graph: Graph, node: Node, predicate: NamedNode) -> tuple[str, ...]:
    return tuple(value.value for value in graph.values(node, predicate) if isinstance(value, NamedNode))


def _dates(graph: Graph, node: Node, predicate: NamedNode) -> tuple[Literal, ...]:
    values = graph.values(node, predicate)
    return tuple(v for v in values if isinstance(v, Literal) and DATE.fullmatch(v.value))


def _labels(graph: Graph, node: Node) -> tuple[Literal, ...]:
    return tuple(value for value in graph.values(node, RDFS.label) if isinstance(value, Literal))


def _qid(term: object) -> str:
    if not isinstance(term, NamedNode) or not is_wikidata_item(term):
        return ""
    name = local_name(term.value)
    return name if len(name) <= _MOST_DIGITS + 1 else ""


def _order(partners: tuple[str, str]) -> tuple[int, int]:
    return number_of(partners[0]), number_of(partners[1])


def _texts(dates: Iterable[Literal]) -> tuple[str, ...]:
    return tuple(sorted(date.value for date in dates))
