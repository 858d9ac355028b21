"""What was harvested, as files in canonical form: places, twinnings, and the sources of what they say.

Nothing is stated that breaks a rule of the shapes: names are tidied, a code that two places claim is left
out, and a place that would lie in itself lies in its country.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.catalogue import Publication
from twintowns.graph import Graph
from twintowns.harvesting import Harvest
from twintowns.iris import number_of
from twintowns.messages import languages, translations
from twintowns.turtle import TurtleWriter
from twintowns.twinstatements import Twinned
from twintowns.vocabulary import DCTERMS, KIND, SCHEMA, STATUS, TT, WD, XSD, A
from twintowns.wikidata import CITIES, CODES, COUNTRIES, DEFAULT_LANGUAGE, Item, Reference

WIKIDATA: Final = "wikidata-p190"
ONE_SIDED: Final = "wikidata-p190-one-sided"
PUBLISHER: Final = "wikimedia-foundation"
_ADDRESS: Final = "https://www.wikidata.org/wiki/Property:P190"
_LICENCE: Final = NamedNode("http://creativecommons.org/publicdomain/zero/1.0/")
_NO_LANGUAGE: Final = "zxx"
_UNTIDY: Final = re.compile(r"[^ !-~\u00a1-\uffee\U00010000-\U00026a00]|[\ud800-\udfff]")
_URL: Final = re.compile(r"https?://[^/?#@\s]+\.[^/?#@\s][^\s]*")
_ISO_3166_2: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_GEONAMES: Final = re.compile(r"[1-9][0-9]*")
_NAMED: Final = re.compile(r"[^a-z0-9]+")
_MOST_CHARACTERS: Final = 60


@dataclass(frozen=True)
class Proposer:
    """Makes files of what was harvested.

    Attributes:
        harvest: What was harvested.
        publication: The publication that it is for.
        claimed: The IRIs elsewhere that places of the publication already have, with those places.
        gone: The places that were withdrawn, whose twinnings are left out.
    """

    harvest: Harvest
    publication: Publication
    claimed: Mapping[str, str]
    gone: frozenset[str] = frozenset()

    def files(self) -> Iterator[tuple[str, Graph, NamedNode]]:
        """Go through the files: their names without suffix, what they state, and of what."""
        for name, triples in self._things():
            subject = self._iri(name)
            yield name, Graph(triples), subject

    def turtle(self) -> dict[str, str]:
        """Return the files in canonical form, by their names in `data/`."""
        writer = TurtleWriter(self.publication.names.prefixes())
        return {f"{name}.ttl": writer.document(graph, [subject]) for name, graph, subject in self.files()}

    def triples(self, left_out: Iterable[str]) -> list[str]:
        """Return all that the files state, as sorted lines of N-Triples, but for the things left out."""
        without = set(left_out)
        return sorted(
            {f"{triple} .\n" for name, graph, _ in self.files() if name not in without for triple in graph}
        )

    def _things(self) -> Iterator[tuple[str, list[Triple]]]:
        for qid in sorted(filter(self._is_told, self._places), key=number_of):
            yield f"place/{qid}", list(self._place(self.harvest.items.get(qid, Item(qid))))
        for twinning in self._twinnings:
            yield f"twinning/{'-'.join(twinning.partners)}", list(self._twinning(twinning))
        for name, references in sorted(self._references.items()):
            yield f"source/{name}", list(self._reference(name, references))
        yield f"organization/{PUBLISHER}", list(self._publisher())
        yield f"source/{WIKIDATA}", list(self._wikidata(WIKIDATA, "Wikidata (P190)"))
        if any(one.is_one_sided for one in self._twinnings):
            yield f"source/{ONE_SIDED}", list(self._wikidata(ONE_SIDED, "Wikidata (P190), one side only"))

    def _iri(self, name: str) -> NamedNode:
        return NamedNode(f"{self.publication.names.space}{name}")

    @cached_property
    def _twinnings(self) -> list[Twinned]:
        return [one for one in self.harvest.twinnings if not self.gone & set(one.partners)]

    @cached_property
    def _countries(self) -> set[str]:
        stated = {qid for qid, item in self.harvest.items.items() if item.classes & COUNTRIES}
        return stated | self.harvest.countries

    @cached_property
    def _places(self) -> set[str]:
        """The partners, and all that they lie in."""
        found = {qid for one in self._twinnings for qid in one.partners}
        left = sorted(found)
        while left:
            around = self._around.get(left.pop())
            if around and around not in found:
                found.add(around)
                left.append(around)
        return found

    @cached_property
    def _around(self) -> dict[str, str]:
        """The place that each lies in next: its one area, else its country; never in a circle."""
        found: dict[str, str] = {}
        for qid in sorted(self.harvest.items, key=number_of):
            item = self.harvest.items[qid]
            for candidates in (item.areas, item.countries):
                known = [one for one in candidates if self._is_there(one)]
                if qid not in self._countries and len(known) == 1 and not _leads_to(found, known[0], qid):
                    found[qid] = known[0]
                    break
        return found

    def _is_told(self, qid: str) -> bool:
        """Tell whether there is something to tell of a place, or nobody else does."""
        return qid in self.harvest.items or WD[qid].value not in self.claimed

    def _is_there(self, qid: str) -> bool:
        """Tell whether a place is, or will be, described."""
        return qid not in self.gone and (qid in self.harvest.items or WD[qid].value in self.claimed)

    @cached_property
    def _geonames(self) -> Counter[str]:
        """How many of the places claim a GeoNames number."""
        items = (self.harvest.items[qid] for qid in self._places if qid in self.harvest.items)
        return Counter(number for item in items for number in set(item.geonames))

    def _place(self, item: Item) -> Iterator[Triple]:
        subject = self._iri(f"place/{item.qid}")
        is_country = item.qid in self._countries
        is_city = bool(item.classes & CITIES)
        yield Triple(
            subject,
            A,
            SCHEMA.Country if is_country else SCHEMA.City if is_city else SCHEMA.AdministrativeArea,
        )
        yield Triple(subject, DCTERMS.source, self._iri(f"source/{WIKIDATA}"))
        yield Triple(subject, SCHEMA.sameAs, WD[item.qid])
        for name in self._names(item):
            yield Triple(subject, SCHEMA.name, name)
        for number in item.geonames:
            iri = f"https://sws.geonames.org/{number}/"
            is_free = self.claimed.get(iri, item.qid) == item.qid and self._geonames[number] == 1
            if _GEONAMES.fullmatch(number) and is_free:
                yield Triple(subject, SCHEMA.sameAs, NamedNode(iri))
        if around := self._around.get(item.qid):
            yield Triple(subject, SCHEMA.containedInPlace, self._iri(f"place/{around}"))
        yield from self._parts(subject, item)

    def _names(self, item: Item) -> list[Literal]:
        """Return a name in each language, else in the nearest there is, else the item's own."""
        every = {tag: tidy(name) for tag, name in item.names.items()}
        shared = every.get(DEFAULT_LANGUAGE)
        told = {tag: every.get(tag) or shared for tag in self.publication.languages}
        known = {tag: name for tag, name in told.items() if name} or (
            {"en": every["en"]} if every.get("en") else {_NO_LANGUAGE: item.qid}
        )
        return [Literal(name, language=tag) for tag, name in known.items()]

    def _parts(self, subject: NamedNode, item: Item) -> Iterator[Triple]:
        if item.point:
            point = NamedNode(f"{subject.value}#geo")
            yield Triple(subject, SCHEMA.geo, point)
            yield Triple(point, A, SCHEMA.GeoCoordinates)
            for predicate, degrees in zip((SCHEMA.latitude, SCHEMA.longitude), item.point, strict=True):
                yield Triple(point, predicate, Literal(degrees, datatype=XSD.decimal))
        used: Counter[str] = Counter()
        for name, code in sorted(set(item.codes)):
            scheme, value = CODES[name], tidy(code)
            if not value or (scheme == "ISO 3166-2" and not _ISO_3166_2.fullmatch(value)):
                continue
            used[name] += 1
            further = f"-{used[name]}" if used[name] > 1 else ""
            part = NamedNode(f"{subject.value}#{_slug(scheme)}{further}")
            yield Triple(subject, SCHEMA.identifier, part)
            yield Triple(part, A, SCHEMA.PropertyValue)
            yield Triple(part, SCHEMA.propertyID, Literal(scheme))
            yield Triple(part, SCHEMA.value, Literal(value))

    def _twinning(self, one: Twinned) -> Iterator[Triple]:
        subject = self._iri(f"twinning/{'-'.join(one.partners)}")
        yield Triple(subject, A, TT.Twinning)
        yield Triple(subject, TT.kind, KIND.twinning)
        yield Triple(subject, TT.status, STATUS[self._status(one)])
        for qid in one.partners:
            yield Triple(subject, TT.partner, self._iri(f"place/{qid}"))
        for predicate, date, is_told in (
            (SCHEMA.startDate, one.start, one.has_start),
            (SCHEMA.endDate, one.end, one.has_end),
        ):
            if date:
                yield Triple(subject, predicate, date)
            elif is_told:
                yield Triple(subject, TT.unknown, predicate)
        sources = [WIKIDATA, *([ONE_SIDED] if one.is_one_sided else [])]
        for name in (*sources, *filter(None, map(_source_name, one.references))):
            yield Triple(subject, DCTERMS.source, self._iri(f"source/{name}"))
        yield from (Triple(subject, SCHEMA.description, text) for text in self._remarks(one))

    def _status(self, one: Twinned) -> str:
        day = self.harvest.day
        if one.has_end and (
            one.end is None or one.end.value < day[: len(one.end.value)] or one.end.value == day
        ):
            return "ended"
        return "planned" if one.start and one.start.value > day else "active"

    def _remarks(self, one: Twinned) -> Iterator[Literal]:
        """Go through what has to be said of how Wikidata states it, in each language that is spoken here."""
        for tag in self.publication.languages:
            gettext = translations(tag).gettext
            said = []
            if tag in languages() and one.is_one_sided:
                sides = ", ".join(self._called(qid, tag) for qid in one.stated_by)
                said.append(
                    gettext("In Wikidata only one side states this twinning: {place}.").format(place=sides)
                )
            if tag in languages() and len(one.starts) > 1:
                dates = ", ".join(date.value for date in one.starts)
                said.append(
                    gettext("Wikidata states several dates for its start: {dates}.").format(dates=dates)
                )
            if said:
                yield Literal(" ".join(said), language=tag)

    def _called(self, qid: str, tag: str) -> str:
        names = self._names(self.harvest.items.get(qid, Item(qid)))
        return next((name.value for name in names if name.language == tag), names[0].value)

    @cached_property
    def _references(self) -> dict[str, list[Reference]]:
        found: dict[str, list[Reference]] = {}
        for one in self._twinnings:
            for reference in one.references:
                if name := _source_name(reference):
                    found.setdefault(name, []).append(reference)
        return found

    def _reference(self, name: str, references: list[Reference]) -> Iterator[Triple]:
        """Go through what is stated of a page or a work that a reference of Wikidata names."""
        subject = self._iri(f"source/{name}")
        url = next(filter(None, (_page(one.url) for one in references)), None)
        yield Triple(subject, A, SCHEMA.WebPage if url else SCHEMA.CreativeWork)
        if url:
            yield Triple(subject, SCHEMA.url, url)
        titles = dict(sorted({(one.title[1], tidy(one.title[0])) for one in references if one.title[0]}))
        works = (self.harvest.items.get(one.stated_in) for one in references)
        named = next((self._names(work) for work in works if work), [])
        told = [Literal(text, language=tag) for tag, text in titles.items() if text] or named
        host = Literal(_host(url) if url else references[0].stated_in, language=_NO_LANGUAGE)
        yield from (Triple(subject, SCHEMA.name, literal) for literal in told or [host])
        yield Triple(subject, TT.unknown, SCHEMA.publisher)
        if day := max(one.retrieved for one in references):
            yield Triple(subject, TT.retrievedOn, Literal(day, datatype=XSD.date))
        else:
            yield Triple(subject, TT.unknown, TT.retrievedOn)

    def _wikidata(self, name: str, called: str) -> Iterator[Triple]:
        subject = self._iri(f"source/{name}")
        yield Triple(subject, A, SCHEMA.Dataset)
        for tag in self.publication.languages:
            yield Triple(subject, SCHEMA.name, Literal(called, language=tag))
        yield Triple(subject, SCHEMA.license, _LICENCE)
        yield Triple(subject, SCHEMA.publisher, self._iri(f"organization/{PUBLISHER}"))
        yield Triple(subject, SCHEMA.url, NamedNode(_ADDRESS))
        yield Triple(subject, TT.retrievedOn, Literal(self.harvest.day, datatype=XSD.date))

    def _publisher(self) -> Iterator[Triple]:
        subject = self._iri(f"organization/{PUBLISHER}")
        yield Triple(subject, A, SCHEMA.NGO)
        for tag in self.publication.languages:
            yield Triple(subject, SCHEMA.name, Literal("Wikimedia Foundation", language=tag))
        yield Triple(subject, DCTERMS.source, self._iri(f"source/{WIKIDATA}"))


def tidy(text: str) -> str:
    r"""Return a text as one line without invisible characters.

    >>> tidy(" Bad\u00a0Honnef\u0007\n")
    'Bad Honnef'
    """
    shown = ("" if _UNTIDY.match(c) and not c.isspace() else c for c in text)
    return " ".join("".join(shown).split())


def _leads_to(around: Mapping[str, str], start: str, goal: str) -> bool:
    at: str | None = start
    while at and at != goal:
        at = around.get(at)
    return at == goal


def _slug(text: str) -> str:
    return _NAMED.sub("-", text.lower()).strip("-")


def _page(url: str) -> NamedNode | None:
    return NamedNode(url) if _URL.fullmatch(url) else None


def _host(url: NamedNode) -> str:
    return urlsplit(url.value).netloc.removeprefix("www.")


def _source_name(reference: Reference) -> str:
    """Return how a source is named in the publication; empty where it cannot be."""
    if page := _page(reference.url):
        host = _slug(_host(page))[:_MOST_CHARACTERS].strip("-")
        return f"{host or 'page'}-{sha256(page.value.encode()).hexdigest()[:8]}"
    return f"wikidata-{reference.stated_in.lower()}" if reference.stated_in else ""
