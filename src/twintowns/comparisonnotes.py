"""What a page says of the differences to Wikidata: each a twinning, and a sentence in the reader's language.

Two notes that are equal are printed alike, so that `touched` knows which pages a comparison changes.
"""

from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.comparison import OVER, Comparison, Difference, Kind, Pair
from twintowns.connections import best_name
from twintowns.dataset import Dataset
from twintowns.iris import is_linkable, known_as, relative
from twintowns.messages import date_text
from twintowns.pagevalues import Reader, Text, Value
from twintowns.vocabulary import SCHEMA, WD

_SENTENCES = {
    Kind.ADDED.value: "Wikidata states this twinning; this publication does not.",
    Kind.LACKING.value: "This publication states this twinning; Wikidata does not.",
    Kind.START.value: "Start here: {here}; in Wikidata: {there}.",
    Kind.END.value: "End here: {here}; in Wikidata: {there}.",
    Kind.ONE_SIDED.value: "In Wikidata only one side states this twinning: {place}.",
}
LISTED: Final = 20
"""How many notes stand on a page, which leads to the whole comparison."""
_ITEM_PAGE: Final = "https://www.wikidata.org/wiki/{}#P190"


class Partner(NamedTuple):
    """A partner: its item, what it is called, and its document where there is one."""

    qid: str
    names: tuple[Literal, ...]
    document: NamedNode | None


class Note(NamedTuple):
    """A difference: what the two say of a twinning, of whom, and the twinning's document if there is one."""

    day: str
    pair: Pair
    difference: Difference
    partners: tuple[Partner, ...]
    twinning: NamedNode | None


class Entry(NamedTuple):
    """A difference as a reader sees it.

    Attributes:
        places: The partners, with their pages here or at Wikidata.
        twinning: Where the page of the twinning lies; empty where there is none.
        sentence: What differs.
        items: The items that state it in Wikidata.
        references: What they name as their sources.
    """

    places: tuple[Value, ...]
    twinning: str
    sentence: str
    items: tuple[Value, ...]
    references: tuple[Value, ...]


_known: list[tuple[Dataset, dict[NamedNode, list[Note]]]] = []
"""The dataset whose notes were asked for last, with them."""


def notes_of(dataset: Dataset) -> dict[NamedNode, list[Note]]:
    """Return the notes by the documents on whose pages they stand; asked again, it remembers them."""
    if not _known or _known[0][0] is not dataset:
        found: dict[NamedNode, list[Note]] = {}
        for note in all_notes(dataset):
            documents = (*(partner.document for partner in note.partners), note.twinning)
            for document in dict.fromkeys(filter(None, documents)):
                found.setdefault(document, []).append(note)
        _known[:] = [(dataset, found)]
    return _known[0][1]


def all_notes(dataset: Dataset) -> list[Note]:
    """Return all notes, those of one kind beside each other."""
    comparison = dataset.comparison
    if comparison is None:
        return []
    return [_note(dataset, comparison, pair, difference) for pair, difference in comparison.by_kind()]


def touched(before: Dataset, now: Dataset) -> set[NamedNode]:
    """Return the documents whose notes differ between two datasets."""
    old, new = dict(notes_of(before)), notes_of(now)
    return {document for document in old.keys() | new.keys() if old.get(document) != new.get(document)}


def entry(note: Note, dataset: Dataset, reader: Reader) -> Entry:
    """Return a note in the reader's language."""
    there = note.pair.there
    return Entry(
        tuple(_place(partner, dataset, reader) for partner in note.partners),
        _address(note.twinning, dataset, reader) if note.twinning else "",
        _sentence(note, dataset, reader),
        tuple(_item(iri) for iri in (there.sources if there else ()) if iri.startswith(WD)),
        tuple(
            Value(Text(known_as(iri)), iri) for iri in (there.references if there else ()) if is_linkable(iri)
        ),
    )


def entries_on(dataset: Dataset, document: NamedNode, reader: Reader) -> list[Entry]:
    """Return the notes on the page of a document, in the reader's language; of many the first ones."""
    return [entry(note, dataset, reader) for note in notes_of(dataset).get(document, [])[:LISTED]]


def _note(dataset: Dataset, comparison: Comparison, pair: Pair, difference: Difference) -> Note:
    stated = (NamedNode(iri) for iri in (pair.here.sources if pair.here else ()))
    twinning = next((iri for iri in stated if iri in dataset.documents), None)
    partners = tuple(_partner(dataset, comparison, qid) for qid in pair.partners)
    return Note(comparison.day, pair, difference, partners, twinning)


def _partner(dataset: Dataset, comparison: Comparison, qid: str) -> Partner:
    document = dataset.foreign.get(WD[qid])
    there = document if document in dataset.documents else None
    told = dataset.graph.values(there, SCHEMA.name) if there else []
    names = tuple(name for name in told if isinstance(name, Literal))
    return Partner(qid, names or comparison.labels.get(qid, ()), there)


def _place(partner: Partner, dataset: Dataset, reader: Reader) -> Value:
    text, language = best_name(partner.names, reader.fallbacks, partner.qid)
    label = Text(text, "" if language == reader.language else language)
    here = _address(partner.document, dataset, reader) if partner.document else ""
    return Value(label, here or _ITEM_PAGE.format(partner.qid))


def _item(iri: str) -> Value:
    qid = iri.removeprefix(WD)
    return Value(Text(qid), _ITEM_PAGE.format(qid))


def _address(document: NamedNode, dataset: Dataset, reader: Reader) -> str:
    return relative(f"{reader.folder}{dataset.names.path_of(document)}.html", reader.page)


def _sentence(note: Note, dataset: Dataset, reader: Reader) -> str:
    sources = note.pair.there.sources if note.pair.there else ()
    stating = (partner for partner in note.partners if WD[partner.qid].value in sources)
    told = reader.translated(_SENTENCES[note.difference.kind.value])
    return told.format(
        here=_dates(note.difference.here, reader),
        there=_dates(note.difference.there, reader),
        place=", ".join(_place(partner, dataset, reader).label.text for partner in stating),
    )


def _dates(texts: tuple[str, ...], reader: Reader) -> str:
    """Return dates as the reader writes them, or that there is none."""
    words = {OVER: reader.translated("ended, the date is not known")}
    told = (words.get(text) or date_text(text, reader.language) for text in texts)
    return " / ".join(told) or reader.translated("not stated")
