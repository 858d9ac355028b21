"""What other sites show of a publication: the partners of a place, for the component `<twin-towns>`.

`embed/index.json` tells of the places that the publisher serves (`schema:areaServed`), which is all that most
need. All places stand by the last digits of their Wikidata item's number in files that stay small, since one
file a place would be as many again as there are pages; the index says how many digits. A twinning that
is planned or has ended is left to the publication's own pages.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from twintowns import jsontext
from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.graph import Node
from twintowns.iris import local_name
from twintowns.messages import date_text, translations
from twintowns.records import countries_of
from twintowns.vocabulary import DCTERMS, KIND, SCHEMA, SKOS, STATUS, TT

FOLDER: Final = "embed/"
COMPONENT: Final = "assets/twin-towns.js"
"""The script of the component, by its address in the site."""

_LARGEST: Final = 60_000
_MOST_DIGITS: Final = 4
_NOT_SHOWN: Final = frozenset((STATUS.planned, STATUS.ended))

Texts = str | Mapping[str, str]
"""A text by language, or one that is the same in all of the publication's."""


def embed_files(dataset: Dataset, publication: Publication) -> Iterator[tuple[str, bytes]]:
    """Print what the component reads.

    Args:
        dataset: What is published.
        publication: Its languages, the first of which is the one without a folder.

    Yields:
        The path and the bytes of each file.
    """
    reader = _Reader(dataset, publication)
    places = reader.places()
    digits, files = _divided(places)
    own = [local_name(place.value) for place in own_places(dataset)]
    index = {
        "languages": publication.languages,
        "digits": digits,
        "title": reader.texts(dataset.names.catalogue, DCTERMS["title"]),
        "heading": {tag: translations(tag).gettext("Twin towns") for tag in publication.languages},
        "own": own,
        "places": {name: places[name] for name in own if name in places},
    }
    yield f"{FOLDER}index.json", jsontext.line(index) + b"\n"
    for ending, held in files.items():
        yield f"{FOLDER}places{ending}.json", jsontext.line(held) + b"\n"


def own_places(dataset: Dataset) -> list[NamedNode]:
    """Return the places that the publisher of a dataset serves."""
    publisher = dataset.graph.value(dataset.names.catalogue, DCTERMS.publisher)
    if not isinstance(publisher, NamedNode):
        return []
    return [p for p in dataset.graph.values(publisher, SCHEMA.areaServed) if isinstance(p, NamedNode)]


def offered(dataset: Dataset) -> dict[str, str]:
    """Return what the lines say by which the component is put on a page: script, place and address.

    A place is named where the publisher serves none, and then one for example.
    """
    space = dataset.names.space
    place = "" if own_places(dataset) else _example(dataset)
    return {"script": f"{space}{COMPONENT}", "place": place, "address": space}


def _example(dataset: Dataset) -> str:
    """Return a place that has partners, if there is one."""
    twinnings = (t for t in dataset.graph.instances(TT.Twinning) if isinstance(t, NamedNode))
    partners = (partner for twinning in twinnings for partner in dataset.graph.values(twinning, TT.partner))
    return next((local_name(p.value) for p in partners if isinstance(p, NamedNode)), "")


def ending_of(name: str, digits: int) -> str:
    """Return in which file a place stands.

    >>> ending_of("Q503184", 2), ending_of("Q7", 2), ending_of("Q503184", 0), ending_of("Atlantis", 2)
    ('-84', '-07', '', '-other')
    """
    if not digits:
        return ""
    number = name.removeprefix("Q")
    is_item = number != name and number.isascii() and number.isdigit()
    return f"-{number[-digits:].rjust(digits, '0')}" if is_item else "-other"


def _divided(places: Mapping[str, object]) -> tuple[int, dict[str, dict[str, object]]]:
    """Divide places by as many digits as keep the files small; return how many, and the files."""
    sizes = {name: len(jsontext.line(place)) for name, place in places.items()}
    for digits in range(_MOST_DIGITS):
        filled: dict[str, int] = defaultdict(int)
        for name, size in sizes.items():
            filled[ending_of(name, digits)] += size
        if max(filled.values(), default=0) <= _LARGEST:
            break
    else:
        digits = _MOST_DIGITS
    files: dict[str, dict[str, object]] = defaultdict(dict)
    for name, place in places.items():
        files[ending_of(name, digits)][name] = place
    return digits, dict(sorted(files.items()))


class _Reader:
    """Reads partners from a dataset."""

    def __init__(self, dataset: Dataset, publication: Publication) -> None:
        self._dataset = dataset
        self._graph = dataset.graph
        self._languages = publication.languages
        self._countries = countries_of(dataset.graph)
        self._known: dict[tuple[Node, NamedNode], Texts] = {}

    def places(self) -> dict[str, dict[str, Any]]:
        """Return every place that has partners, by its name, with these."""
        found: dict[NamedNode, list[dict[str, Any]]] = defaultdict(list)
        for twinning in sorted(self._graph.instances(TT.Twinning), key=str):
            if isinstance(twinning, NamedNode) and not _NOT_SHOWN & set(self._things(twinning, TT.status)):
                for place, partner in self._partners(twinning):
                    found[place].append(partner)
        named = sorted(found.items(), key=lambda item: item[0].value)
        return {
            local_name(place.value): {"name": self.texts(place, SCHEMA.name), "partners": partners}
            for place, partners in named
        }

    def _partners(self, twinning: NamedNode) -> Iterator[tuple[NamedNode, dict[str, Any]]]:
        """Go through the places that have partners by a twinning, with each partner as it is shown."""
        partners = self._things(twinning, TT.partner)
        shared = self._shared(twinning)
        told = {partner: {**self._place(partner), **shared} for partner in partners}
        for place in partners:
            yield from ((place, told[other]) for other in partners if other != place)
        for place in self._things(twinning, TT.participant):
            around = self._around(place)
            through = [partner for partner in partners if partner in around]
            if place not in partners and through:
                by = {"through": self.texts(through[0], SCHEMA.name)}
                yield from ((place, told[other] | by) for other in partners if other not in through)

    def _shared(self, twinning: NamedNode) -> dict[str, Any]:
        """Return what a twinning says of each of its partners."""
        kind = next(iter(self._things(twinning, TT.kind)), None)
        shown = {"page": self._dataset.names.path_of(twinning)}
        return {
            **shown,
            **({"kind": self.texts(kind, SKOS.prefLabel)} if kind and kind != KIND.twinning else {}),
            **({"since": since} if (since := self._since(twinning)) else {}),
        }

    def _since(self, twinning: NamedNode) -> Texts:
        start = self._graph.value(twinning, SCHEMA.startDate)
        if not isinstance(start, Literal):
            return ""
        return _same(
            {
                tag: translations(tag).gettext("since {date}").format(date=date_text(start.value, tag))
                for tag in self._languages
            }
        )

    def _place(self, place: NamedNode) -> dict[str, Any]:
        named: dict[str, Any] = {"name": self.texts(place, SCHEMA.name)}
        country = self._countries.get(place, place)
        return named if country == place else named | {"country": self.texts(country, SCHEMA.name)}

    def _around(self, place: Node) -> set[Node]:
        """Return the places in which a place lies, near and far."""
        found: set[Node] = set()
        waiting = [place]
        for one in waiting:
            outer = [o for o in self._things(one, SCHEMA.containedInPlace) if o not in found]
            found.update(outer)
            waiting.extend(outer)
        return found

    def _things(self, thing: Node, predicate: NamedNode) -> list[NamedNode]:
        return [value for value in self._graph.values(thing, predicate) if isinstance(value, NamedNode)]

    def texts(self, thing: Node, predicate: NamedNode) -> Texts:
        """Return what a thing is called in each of the publication's languages, or else in any."""
        known = self._known.get((thing, predicate))
        if known is None:
            literals = [v for v in self._graph.values(thing, predicate) if isinstance(v, Literal)]
            named = {text.language or "": text.value for text in reversed(literals)}
            own = {tag: named[tag] for tag in self._languages if tag in named}
            known = _same(own) if len(own) == len(self._languages) else own or _any(named, thing)
            self._known[thing, predicate] = known
        return known


def _same(texts: Mapping[str, str]) -> Texts:
    return next(iter(texts.values())) if len(set(texts.values())) == 1 else texts


def _any(named: Mapping[str, str], thing: Node) -> Texts:
    """Return a name in whatever language there is one, or none."""
    return dict(sorted(named.items())[:1]) or local_name(thing.value)
