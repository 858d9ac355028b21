"""What can be found by its name: every document, and the terms of the ontology, with all their names.

The things stand in the order in which they are offered, the better known first: by how many twinnings a
place has; and twinnings last, since they bear the names of their partners.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns import labels
from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.folding import folded
from twintowns.graph import Graph
from twintowns.iris import fragment_of, local_name
from twintowns.messages import translations
from twintowns.records import countries_of
from twintowns.vocabulary import NAMES, RDFS, SCHEMA, SHAPE, SKOS, TT, A

OTHERWISE: Final = (SCHEMA.alternateName, SKOS.altLabel, SKOS.hiddenLabel)
"""What else a thing is called."""

_NAMING: Final = frozenset((*NAMES, *OTHERWISE))
_PARTNER_IN: Final = TT.partnerIn
_TWINNING: Final = TT.Twinning


class Name(NamedTuple):
    """A name, and the languages in which it is the thing's own; none where it is also called so."""

    text: str
    languages: tuple[str, ...]


class Findable(NamedTuple):
    """A thing that can be found.

    Attributes:
        path: Where its page lies in the folder of a language, without a suffix but with a fragment.
        kind: What it is.
        country: In which country it lies.
        weight: In how many twinnings it is a partner.
        names: Its names, those in the publication's languages first.
    """

    path: str
    kind: NamedNode
    country: NamedNode | None
    weight: int
    names: tuple[Name, ...]

    def name_in(self, languages: Sequence[str]) -> Name:
        """Return its own name in the first of some languages that it has one in, or else its first one."""
        named = {tag: name for name in reversed(self.names) for tag in name.languages}
        return next((named[tag] for tag in languages if tag in named), self.names[0])


@dataclass(frozen=True)
class Findables:
    """All things that can be found, better known ones first, and the graph that tells what they are."""

    things: Sequence[Findable]
    graph: Graph

    def kind_name(self, kind: NamedNode, languages: Sequence[str]) -> str:
        """Return what a kind of things is called in the first of some languages."""
        if kind in labels.CLASSES:
            return translations(languages[0]).gettext(labels.CLASSES[kind])
        return self._named(kind, RDFS.label, languages)

    def country_name(self, country: NamedNode, languages: Sequence[str]) -> str:
        """Return what a country is called in the first of some languages."""
        return self._named(country, SCHEMA.name, languages)

    def _named(self, node: NamedNode, predicate: NamedNode, languages: Sequence[str]) -> str:
        literals = (term for term in self.graph.values(node, predicate) if isinstance(term, Literal))
        told = {literal.language or "": literal.value for literal in literals}
        wanted = (tag for tag in (*languages, *sorted(told)) if tag in told)
        return told.get(next(wanted, ""), local_name(node.value))


def findables(dataset: Dataset, publication: Publication) -> Findables:
    """Return what can be found in a dataset."""
    order = {tag: place for place, tag in enumerate(publication.languages)}
    reader = _Reader(dataset, order)
    found = [thing for path, iri in _told(dataset) if (thing := reader.thing(path, iri)).names]
    return Findables(sorted(found, key=_offered), dataset.graph)


def is_twinning(thing: Findable) -> bool:
    """Tell whether a thing is a twinning, which bears the names of its partners."""
    return thing.kind == _TWINNING


def _offered(thing: Findable) -> tuple[bool, int, str, str]:
    return is_twinning(thing), -thing.weight, folded(thing.names[0].text), thing.path


def _told(dataset: Dataset) -> Iterator[tuple[str, NamedNode]]:
    """Go through what has a page or, as the terms of the ontology, an anchor on one."""
    for document, subjects in dataset.documents.items():
        if document in dataset.withdrawn:
            continue
        path = dataset.names.path_of(document)
        yield path, document
        if dataset.names.is_vocabulary(document) and not document.value.startswith(SHAPE):
            terms = (term for term in subjects[1:] if dataset.names.is_vocabulary(term))
            yield from ((f"{path}#{fragment_of(term)}", term) for term in terms)


class _Reader:
    """Reads things from the graph."""

    def __init__(self, dataset: Dataset, order: dict[str, int]) -> None:
        self._graph = dataset.graph
        self._countries = countries_of(dataset.graph)
        self._order = order

    def thing(self, path: str, iri: NamedNode) -> Findable:
        """Read one thing; in one pass, since there are many."""
        kind, weight, named = None, 0, []
        for predicate, told in self._graph.told(iri):
            if predicate in _NAMING and isinstance(told, Literal):
                named.append((predicate, told))
            elif predicate == _PARTNER_IN:
                weight += 1
            elif predicate == A and kind is None:
                kind = told
        country = self._countries.get(iri)
        own = kind if isinstance(kind, NamedNode) else RDFS.Resource
        return Findable(path, own, None if country == iri else country, weight, self._names(named))

    def _names(self, named: list[tuple[NamedNode, Literal]]) -> tuple[Name, ...]:
        """Return each text once, with the languages in which it is a name."""
        tags: dict[str, list[str]] = {}
        for predicate, literal in named:
            spoken = tags.setdefault(literal.value, [])
            if predicate not in OTHERWISE:
                spoken.append(literal.language or "")
        names = [Name(text, tuple(sorted(set(spoken), key=self._place))) for text, spoken in tags.items()]
        return tuple(sorted(names, key=self._name_place)) if len(names) > 1 else tuple(names)

    def _name_place(self, name: Name) -> tuple[tuple[int, str], str]:
        return min(map(self._place, name.languages), default=(len(self._order) + 1, "")), name.text

    def _place(self, language: str) -> tuple[int, str]:
        return self._order.get(language, len(self._order)), language
