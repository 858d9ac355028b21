"""`twintowns compare wikidata`: what a publication and Wikidata say of the same twinnings.

Compared are the twinnings of the places that the publisher serves (`schema:areaServed`), else of all
partners, and those in which such a place takes part; each as it is stated, between its partners. Of what
Wikidata does not state it is only said so where an item was read that could.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Final

from pyoxigraph import Literal, NamedNode

from twintowns.comparison import Comparison, Pair, Said
from twintowns.comparisontable import comparison_csv, comparison_turtle
from twintowns.edition import replace as replace_file
from twintowns.edition import translated_failures
from twintowns.exceptions import ScopeError
from twintowns.graph import Graph, Node
from twintowns.harvestfiles import Wanted, gathered
from twintowns.harvesting import Harvest
from twintowns.iris import is_linkable, is_wikidata_item, local_name, number_of
from twintowns.loading import triples_of
from twintowns.printing import Sources, read_sources
from twintowns.project import Project
from twintowns.proposing import tidy
from twintowns.quickstatements import batch
from twintowns.trees import check_own
from twintowns.turtle import TurtleWriter
from twintowns.twinstatements import Twinned
from twintowns.vocabulary import DCTERMS, KIND, SCHEMA, STATUS, TT, WD, XSD
from twintowns.wikidata import DEFAULT_LANGUAGE, Reference, is_qid

_NO_TWINNINGS: Final = {KIND.contact, KIND["project-partnership"]}
"""The kinds that P190 does not stand for."""
_OTHERS: Final = ("wikidata.org", "wikipedia.org", "w.wiki")
"""Whose pages are no reference for Wikidata."""

Partners = tuple[str, str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Compared:
    """What was compared.

    Attributes:
        project: The project.
        sources: What it states.
        comparison: How it differs from Wikidata.
        read: The items that were read.
        same: How many twinnings both state alike.
        unread: How many could not be compared, since neither item was read.
        references: What the publication's twinnings rest on.
    """

    project: Project
    sources: Sources
    comparison: Comparison
    read: frozenset[str]
    same: int
    unread: int
    references: Mapping[Partners, tuple[Reference, ...]]

    def csv(self) -> str:
        """Return the differences as a table."""
        return comparison_csv(self.comparison, self.sources.publication.languages)

    def turtle(self) -> str:
        """Return the comparison as Turtle."""
        names = self.sources.publication.names
        return comparison_turtle(self.comparison, names, TurtleWriter(names.prefixes()))

    def quickstatements(self) -> str:
        """Return what Wikidata could be told, for a person to review and send."""
        return batch(self.comparison, self.references, self.read)

    def written(self) -> list[str]:
        """Write all three into the project, and return how their files are named to a person.

        Raises:
            SystemFailureError: If one cannot be written.
        """
        folder, shown = self.project.comparison, []
        texts = {
            "wikidata.ttl": self.turtle(),
            "wikidata.csv": f"\ufeff{self.csv()}",
            "quickstatements.tsv": self.quickstatements(),
        }
        check_own(self.project.root, folder)
        with translated_failures(folder):
            folder.mkdir(exist_ok=True)
            for name, text in texts.items():
                path = folder / name
                replace_file(path, text.encode())
                shown.append(self.project.shown(path))
        return shown


def compare(project: Project, wanted: Wanted, environment: dict[str, str], progress: Progress) -> Compared:
    """Compare a project with Wikidata.

    Args:
        project: The project.
        wanted: Where Wikidata is read; its places, if any, are those whose twinnings are compared.
        environment: The environment: who asks, and which day it is.
        progress: Called with the number of items read, and known to be wanted.

    Raises:
        TwinTownsError: If it cannot be done; what a service answered so far is kept.
    """
    sources = read_sources(project)
    ours = _Ours(Graph(triples_of(sources.data)), sources.publication.names.catalogue)
    home = set(wanted.places) or ours.home
    here = ours.said(home)
    asked = home | {qid for partners in here for qid in partners}
    if not asked:
        raise ScopeError(
            project.data,
            "no place here is known to be a Wikidata item",
            "say which it is with schema:sameAs, or name one with --place",
        )
    everything = replace(wanted, places=tuple(sorted(asked)))
    languages = sources.publication.languages
    found = gathered(project, languages, everything, environment, progress)
    there = {one.partners: _said(one, found) for one in found.twinnings if home & {*one.partners}}
    there |= {one.partners: _said(one, found) for one in found.twinnings if one.partners in here}
    pairs = [
        Pair(partners, here.get(partners), there.get(partners))
        for partners in sorted({*here, *there}, key=_order)
        if partners in there or not ours.is_apart(here[partners])
    ]
    known = [pair for pair in pairs if pair.there or found.read & {*pair.partners}]
    differing = tuple(pair for pair in known if pair.differences)
    comparison = Comparison(found.day, differing, _labels(differing, found, ours, languages))
    references = {
        pair.partners: tuple(ours.references(pair.here, found.day)) for pair in differing if pair.here
    }
    counts = len(known) - len(differing), len(pairs) - len(known)
    return Compared(project, sources, comparison, found.read, *counts, references)


@dataclass(frozen=True)
class _Ours:
    """What the publication states.

    Attributes:
        graph: All of it.
        catalogue: The publication itself.
    """

    graph: Graph
    catalogue: NamedNode

    @cached_property
    def home(self) -> set[str]:
        """The items of the places that the publisher serves, else of all partners."""
        publishers = self._things(self.catalogue, DCTERMS.publisher)
        served = {qid for one in publishers for qid in self._items(one, SCHEMA.areaServed)}
        twinnings = self.graph.instances(TT.Twinning)
        return served or {qid for one in twinnings for qid in self._items(one, TT.partner)}

    def said(self, home: set[str]) -> dict[Partners, Said]:
        """Return what is said of the twinnings of some items, and of those in which they take part."""
        told: dict[Partners, list[Node]] = {}
        for twinning in self.graph.instances(TT.Twinning):
            partners = sorted(self._items(twinning, TT.partner), key=number_of)
            if home & {*partners, *self._items(twinning, TT.participant)}:
                for one, other in combinations(partners, 2):
                    told.setdefault((one, other), []).append(twinning)
        return {partners: self._said(twinnings) for partners, twinnings in told.items()}

    def is_apart(self, said: Said) -> bool:
        """Tell whether Wikidata would not state it: a contact, a project, or what is planned."""
        twinnings = [NamedNode(iri) for iri in said.sources]
        return all(
            _NO_TWINNINGS & {*self.graph.values(one, TT.kind)}
            or STATUS.planned in self.graph.values(one, TT.status)
            for one in twinnings
        )

    def references(self, said: Said, day: str) -> Iterator[Reference]:
        """Go through what its twinnings rest on: pages and works, else the publication itself.

        Nothing that was read in Wikidata is a reference for Wikidata.
        """
        for twinning in map(NamedNode, said.sources):
            sources = self._things(twinning, DCTERMS.source)
            found = [one for source in sources for one in self._reference(source)]
            yield from found
            if not found and not all(map(self._is_of_others, sources)):
                yield Reference(url=twinning.value, retrieved=day)

    def names(self, qid: str) -> tuple[Literal, ...]:
        """Return what the place is called that is the same as an item."""
        same = (t.subject for t in self.graph.pointing_at(WD[qid]) if t.predicate == SCHEMA.sameAs)
        told = (name for place in same for name in self.graph.values(place, SCHEMA.name))  # type: ignore[arg-type]
        return tuple(name for name in told if isinstance(name, Literal))

    def _reference(self, source: NamedNode) -> Iterator[Reference]:
        if self._is_of_others(source):
            return
        pages = [page.value for page in self._things(source, SCHEMA.url) if is_linkable(page.value)]
        days = self.graph.values(source, TT.retrievedOn)
        read = (d.value for d in days if isinstance(d, Literal) and d.datatype == XSD.date)
        works = self._items_of(source)
        if pages or works:
            yield Reference(next(iter(pages), ""), next(iter(works), ""), retrieved=max(read, default=""))

    def _is_of_others(self, source: NamedNode) -> bool:
        """Tell whether a source is Wikidata, or what it may itself have been taken from."""
        pages = (page.value.split("/")[2:3] for page in self._things(source, SCHEMA.url))
        return any(host.endswith(_OTHERS) for hosts in pages for host in hosts)

    def _said(self, twinnings: Iterable[Node]) -> Said:
        starts = {date for one in twinnings for date in self._dates(one, SCHEMA.startDate)}
        ends = {date for one in twinnings for date in self._dates(one, SCHEMA.endDate)}
        is_ended = all(STATUS.ended in self.graph.values(one, TT.status) for one in twinnings)
        sources = tuple(sorted(one.value for one in twinnings if isinstance(one, NamedNode)))
        return Said(sources, (), _ordered(starts), _ordered(ends), bool(ends) or is_ended)

    def _dates(self, node: Node, predicate: NamedNode) -> Iterator[Literal]:
        return (value for value in self.graph.values(node, predicate) if isinstance(value, Literal))

    def _things(self, node: Node, predicate: NamedNode) -> list[NamedNode]:
        return [value for value in self.graph.values(node, predicate) if isinstance(value, NamedNode)]

    def _items(self, node: Node, predicate: NamedNode) -> set[str]:
        """Return the items of the places that a property leads to, the first of each."""
        items = (self._items_of(place)[:1] for place in self._things(node, predicate))
        return {qid for some in items for qid in some}

    def _items_of(self, thing: NamedNode) -> list[str]:
        same = (local_name(iri.value) for iri in self._things(thing, SCHEMA.sameAs) if is_wikidata_item(iri))
        return sorted(filter(is_qid, same), key=number_of)


def _said(one: Twinned, found: Harvest) -> Said:
    """Return what Wikidata says of a twinning."""
    references = {iri for reference in one.references for iri in iris_of(reference)}
    read = (qid for qid in one.partners if qid in found.read or qid in one.stated_by)
    return Said(
        sources=tuple(WD[qid].value for qid in one.stated_by),
        read=tuple(WD[qid].value for qid in read),
        starts=one.starts,
        ends=one.ends,
        is_over=one.has_end or bool(one.ends),
        references=tuple(sorted(references)),
    )


def iris_of(reference: Reference) -> Iterator[str]:
    """Go through the page and the work that a reference of Wikidata names, as far as they are IRIs."""
    if is_linkable(reference.url) and _is_iri(reference.url):
        yield reference.url
    if reference.stated_in:
        yield WD[reference.stated_in].value


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _labels(
    pairs: Iterable[Pair], found: Harvest, ours: _Ours, languages: tuple[str, ...]
) -> dict[str, tuple[Literal, ...]]:
    """Return what the items of some twinnings are called: in Wikidata, else here."""
    labels: dict[str, tuple[Literal, ...]] = {}
    for qid in sorted({qid for pair in pairs for qid in pair.partners}, key=number_of):
        names = found.items[qid].names if qid in found.items else {}
        shared = names.get(DEFAULT_LANGUAGE)
        told = {tag: names.get(tag) or shared for tag in languages} | {"en": names.get("en") or shared}
        tidied = {tag: tidy(name) for tag, name in told.items() if name}
        called = tuple(Literal(name, language=tag) for tag, name in sorted(tidied.items()) if name)
        labels[qid] = called or ours.names(qid)
    return labels


def _ordered(dates: Iterable[Literal]) -> tuple[Literal, ...]:
    return tuple(sorted(dates, key=lambda date: date.value))


def _order(partners: Partners) -> tuple[int, int]:
    return number_of(partners[0]), number_of(partners[1])
