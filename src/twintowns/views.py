"""From a description to what a page shows: groups of labelled facts, in the reader's language.

It is given as plain values, which know nothing of where it comes from.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns import groups, labels, openinghours
from twintowns.authority import LICENCE_NAMES
from twintowns.codes import code_name
from twintowns.collation import sort_key
from twintowns.contact import link_of
from twintowns.dataset import Dataset
from twintowns.description import Description
from twintowns.graph import Graph, Node, Term
from twintowns.iris import curie, fragment_of, is_linkable, is_safe, known_as, local_name, relative
from twintowns.messages import date_text, language_name_in, number_text, territory_name, time_text
from twintowns.pagevalues import Reader, Row, Section, Text, Value
from twintowns.vocabulary import AS, DCTERMS, NAMES, PROV, RDF, SCHEMA, SH, SKOS, TT, XSD, A

_DATES = {XSD.date, XSD.gYearMonth, XSD.gYear}
_NUMBERS = {XSD.decimal, XSD.integer, XSD.nonNegativeInteger}
_DEFINITION = (SKOS.definition,)
_WITH_CODE = {SH.message, SH.description}
_TAGS = {SCHEMA.inLanguage, TT.mainLanguage}
_REMEMBERED: Final = 2**12
"""How many names are kept for each language."""


@dataclass(frozen=True)
class Vocabulary:
    """The labels that the ontology gives to the terms coined here, and the names that were found before.

    Attributes:
        terms: The labels of the coined terms, by term and language.
        named: What things are called, by the reader's language and those in which it is looked for.
    """

    terms: Mapping[Node, Mapping[str, str]] = field(default_factory=dict)
    named: dict[tuple[str, ...], dict[Node, Text]] = field(default_factory=dict, compare=False)

    def names_in(self, languages: tuple[str, ...]) -> dict[Node, Text]:
        """Return the names that were found before for a reader; they are forgotten when they are many."""
        found = self.named.setdefault(languages, {})
        if len(found) > _REMEMBERED:
            found.clear()
        return found


def vocabulary_labels(graph: Graph) -> Vocabulary:
    """Gather the labels of the terms of the ontology."""
    terms: dict[Node, dict[str, str]] = defaultdict(dict)
    for subject, predicate, label in graph.rows():
        if isinstance(label, Literal) and predicate.value.endswith("#label"):
            terms[subject][label.language or ""] = label.value
    return Vocabulary(dict(terms))


class View:
    """What one page shows of one description.

    Args:
        dataset: The dataset, to know which documents have a page.
        description: What the page is about.
        reader: Who reads.
        vocabulary: The labels of the coined terms.
    """

    def __init__(
        self, dataset: Dataset, description: Description, reader: Reader, vocabulary: Vocabulary
    ) -> None:
        """Take hold of what is needed; the parts are made when they are asked for."""
        self._dataset = dataset
        self._described = description
        self._graph = description.graph
        self._reader = reader
        self._vocabulary = vocabulary
        self._parts = frozenset(description.parts)
        self._open: list[Node] = []
        self._is_ours = dataset.names.is_ours(description.document)
        self._names = vocabulary.names_in((reader.language, *reader.fallbacks))

    @classmethod
    def summary_of(cls, dataset: Dataset, node: NamedNode, reader: Reader, vocabulary: Vocabulary) -> "View":
        """Return what is shown of a thing by its own triples in the dataset alone."""
        summary = Description(node, (node,), tuple(dataset.graph.about(node)), (), (), frozenset())
        return cls(dataset, summary, reader, vocabulary)

    @classmethod
    def link_of(cls, dataset: Dataset, node: NamedNode, reader: Reader, vocabulary: Vocabulary) -> Value:
        """Return a link to a thing, from what is stated of it in the dataset."""
        alone = Description(node, (node,), (), (), (), frozenset())
        alone.__dict__["graph"] = dataset.graph
        return cls(dataset, alone, reader, vocabulary).link(node)

    @cached_property
    def title(self) -> Text:
        """What the thing is called."""
        return self.name(self._described.document)

    @cached_property
    def types(self) -> tuple[Text, ...]:
        """What the thing is."""
        return self._types(self._described.document)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the thing is gone, and its page is there only to say so."""
        return AS.Tombstone in self._graph.values(self._described.document, A)

    @cached_property
    def paragraphs(self) -> tuple[Text, ...]:
        """The running text."""
        return tuple(self._paragraphs(self._described.document))

    @property
    def elsewhere(self) -> tuple[Value, ...]:
        """Where others tell of the same thing."""
        same = (self.link(node) for node in self._graph.values(self._described.document, SCHEMA.sameAs))  # type: ignore[arg-type]
        return tuple(sorted((link for link in same if link.href), key=self._place))

    def groups(self) -> Iterator[Section]:
        """Yield the groups of facts of the thing itself."""
        rest = dict.fromkeys(self._ordered(self._described.document))
        for group in groups.GROUPS:
            rows = tuple(self._rows(self._described.document, group.predicates))
            if rows:
                yield Section(self._message(group.title), "", rows)
            for predicate in group.predicates:
                rest.pop(predicate, None)
        others = tuple(self._rows(self._described.document, tuple(rest)))
        if others:
            yield Section(self._message("More"), "", others)

    def sections(self) -> Iterator[Section]:
        """Yield the parts that stand by themselves: terms of an ontology, rules of a shape."""
        for part in self._described.parts:
            if not self._is_written_in_place(part):
                predicates = tuple(p for p in self._ordered(part) if p not in labels.TOLD_BY_HEADING)
                yield Section(
                    self.name(part),
                    fragment_of(part),
                    tuple(self._rows(part, predicates)),
                    self._types(part),
                    tuple(self._paragraphs(part)),
                    part.value,
                )

    def incoming(self) -> Iterator[Row]:
        """Yield what points at the thing from elsewhere."""
        pointing: dict[NamedNode, dict[Node, bool]] = defaultdict(dict)
        for triple in self._described.incoming:
            if triple.predicate not in labels.SHOWN_BOTH_WAYS:
                pointing[triple.predicate][triple.subject] = triple in self._described.derived  # type: ignore[index]
        for subject in pointing.get(DCTERMS.source, ()):
            pointing[PROV.wasDerivedFrom].pop(subject, None)  # it follows from what stands beside it
        called: dict[Text, dict[Node, bool]] = defaultdict(dict)  # two properties may be called the same
        for predicate in sorted(pointing, key=lambda one: one.value):
            called[self._incoming_label(predicate)] |= pointing[predicate]
        for label, subjects in called.items():
            values = (self._pointing(node, is_derived=derived) for node, derived in subjects.items())
            yield Row(label, tuple(sorted(values, key=self._place)))

    def _pointing(self, node: Node, *, is_derived: bool) -> Value:
        """Return what points at the thing; of a concept in its scheme also the definition."""
        link, rows = self.link(node, is_derived=is_derived), tuple(self._rows(node, _DEFINITION))
        return replace(link, rows=rows) if rows else link

    def name(self, node: Node) -> Text:
        """Return what a thing is called in the reader's language, or the nearest to it.

        Where a description names a thing, it has all of its names: so they are the same in every other.
        """
        told = self._told(node)
        for predicate in NAMES:
            if predicate in told:
                known = self._names.get(node)
                if known is None:
                    known = self._names[node] = self._stated_name(node) or self._other_name(node)
                return known
        return self._other_name(node)

    def _stated_name(self, node: Node) -> Text | None:
        told = self._told(node)
        for predicate in NAMES:
            named = [t.object for t in told.get(predicate, ()) if isinstance(t.object, Literal)]
            if named:
                return self._best(named)
        return None

    def _other_name(self, node: Node) -> Text:
        """Return what a thing is called that bears no name."""
        if isinstance(node, BlankNode):
            return Text("")
        if known := labels.CLASSES.get(node):
            return self._message(known)
        if licence := LICENCE_NAMES.get(node):
            return Text(licence)
        for tag in self._reader.fallbacks:
            if coded := code_name(node.value, tag):
                return Text(coded, "" if tag == self._reader.language else tag)
        return Text(local_name(node.value) if self._dataset.names.document_of(node) else known_as(node.value))

    def _message(self, message: str) -> Text:
        return self._reader.told_text(message)

    def _types(self, node: Node) -> tuple[Text, ...]:
        types = [t for t in self._graph.values(node, A) if isinstance(t, NamedNode)]
        return tuple(
            self._coined(t) or (self._message(labels.CLASSES[t]) if t in labels.CLASSES else self.name(t))
            for t in types
        )

    def _paragraphs(self, node: Node) -> Iterator[Text]:
        for predicate in labels.TEXTS:
            texts = [text for text in self._graph.values(node, predicate) if isinstance(text, Literal)]
            if texts:
                best = self._best(texts)
                yield from (Text(part, best.language) for part in best.text.split("\n\n"))

    def _ordered(self, node: Node) -> list[NamedNode]:
        """Return the properties of a node in the order in which they are shown, types and texts left out."""
        shown = (p for p in self._told(node) if p != A and p not in labels.TEXTS)
        return sorted(shown, key=lambda p: (labels.ORDER.get(p, len(labels.ORDER)), p.value))

    def _rows(self, node: Node, predicates: Iterable[NamedNode]) -> Iterator[Row]:
        """Yield what is stated of a node; properties that are called the same are told in one row.

        Of values that are called the same there, the one that leads somewhere is shown.
        """
        told = self._told(node)
        rows: dict[Text, list[Value]] = defaultdict(list)
        for predicate in predicates:
            if triples := told.get(predicate):
                label = self._predicate_label(predicate)
                hours, triples = openinghours.taken(self._graph, triples)
                lines = enumerate(openinghours.lines_of(self._graph, hours, self._reader.language))
                values = [Value(Text(line), order=f"{number:03}") for number, line in lines]
                values += map(self._value, self._in_language(triples))
                rows[label] = [*_not_among(values, rows[label]), *values] if label in rows else values
        for label, values in rows.items():
            yield Row(label, tuple(sorted(values, key=self._place_in_row)))

    def _told(self, node: Node) -> dict[NamedNode, list[Triple]]:
        """Return what is stated of a node, by property."""
        told = self._described.told.get(node)
        if told is None:
            told = self._described.told[node] = dict(self._graph.by_predicate(node))
            stated = {triple.object for triple in told.get(DCTERMS.source, ())}
            if more := told.pop(PROV.wasDerivedFrom, None):
                told[PROV.wasDerivedFrom] = [triple for triple in more if triple.object not in stated]
        return told

    def _in_language(self, triples: list[Triple]) -> list[Triple]:
        """Keep the texts in one language, the reader's if it is there, unless it is one of names."""
        tags = {t.object.language for t in triples if isinstance(t.object, Literal) and t.object.language}
        if not tags or triples[0].predicate in groups.NAMING:
            return triples
        chosen = next(tag for tag in (*self._reader.fallbacks, *sorted(tags)) if tag in tags)
        kept = {chosen, None}
        return [t for t in triples if not isinstance(t.object, Literal) or t.object.language in kept]

    def _value(self, triple: Triple) -> Value:
        term: Term = triple.object  # type: ignore[assignment]
        is_derived = triple in self._described.derived
        if triple.predicate == TT.unknown and isinstance(term, NamedNode):
            return replace(self.link(term, is_derived=is_derived), label=self._noun(term))
        if isinstance(term, Literal):
            return self._literal(triple.predicate, term, is_derived=is_derived)
        if isinstance(term, BlankNode):
            return self._blank(term)
        if self._is_written_in_place(term):
            is_own = self._dataset.names.is_ours(term)
            linked = Value(Text("")) if is_own else self.link(term, is_derived=is_derived)
            return Value(linked.label, linked.href, is_derived, rows=self._all_rows(term))
        return self.link(term, is_derived=is_derived)

    def _noun(self, predicate: NamedNode) -> Text:
        """Return what is not known where the value of a property is not."""
        if predicate == SCHEMA.startDate:
            return self._message("start")
        if predicate == SCHEMA.endDate:
            return self._message("end")
        return self._coined(predicate) or self._predicate_label(predicate)

    def _is_written_in_place(self, part: Node) -> bool:
        """Tell whether a part is shown where it is named, and not within itself."""
        return self._is_ours and part in self._parts and part not in self._open

    def _all_rows(self, node: Node) -> tuple[Row, ...]:
        self._open.append(node)
        rows = tuple(self._rows(node, self._ordered(node)))
        self._open.pop()
        return rows

    def _blank(self, node: BlankNode) -> Value:
        members = self._described.nesting.collection(node)
        if members is None:
            return Value(Text(""), rows=self._all_rows(node))
        values = (self._value(Triple(node, RDF.first, member)) for member in members)
        return Value(Text(""), members=tuple(values))

    def _literal(self, predicate: NamedNode, literal: Literal, *, is_derived: bool) -> Value:
        text, language, order = literal.value, self._reader.language, ""
        if literal.language:
            label = self._text(literal)._replace(has_code=predicate in _WITH_CODE)
            return Value(label, is_derived=is_derived, is_long="\n" in text)
        if literal.datatype == XSD.boolean and text in {"true", "false"}:
            return Value(self._message("Yes") if text == "true" else self._message("No"), "", is_derived)
        if literal.datatype in _DATES:
            text, order = date_text(text, language), text
        elif literal.datatype == XSD.dateTime:
            text, order = date_text(text.partition("T")[0], language), text
        elif literal.datatype == XSD.time:
            text, order = time_text(text, language), text
        elif literal.datatype in _NUMBERS:
            text = number_text(text, language)
        elif predicate == SCHEMA.addressCountry:
            text = territory_name(text, language)
        elif predicate in _TAGS:
            text = language_name_in(language, text)
        href = link_of(predicate, text)
        return Value(Text(text), href, is_derived, is_long="\n" in text, order=order)

    def link(self, node: Node, *, is_derived: bool = False) -> Value:
        """Return a thing as a value: its name, and where it leads."""
        document = self._dataset.document_of(node)
        if (
            isinstance(node, NamedNode)
            and document in self._dataset.documents
            and (node not in self._dataset.foreign or self._dataset.names.document_of(node))
        ):
            return Value(self._coined(node) or self.name(node), self._href(node, document), is_derived)
        return Value(self.name(node), self._address(node), is_derived)

    def _address(self, node: Node) -> str:
        """Return where a node that has no page leads: to a file of the site, elsewhere, or nowhere."""
        if not isinstance(node, NamedNode) or not is_linkable(node.value):
            return ""
        file = node.value.removeprefix(self._dataset.names.space)
        is_file = self._dataset.names.is_ours(node) and is_safe(file)
        return relative(file, self._reader.page) if is_file else node.value

    def _href(self, node: NamedNode, document: NamedNode) -> str:
        fragment = fragment_of(node) if node != document else ""
        target = f"{self._reader.folder}{self._dataset.path_of(document)}.html"
        return relative(target, self._reader.page) + (f"#{fragment}" if fragment else "")

    def _predicate_label(self, predicate: NamedNode) -> Text:
        if coined := self._coined(predicate):
            return coined._replace(text=f"{coined.text[:1].upper()}{coined.text[1:]}")
        known = labels.PREDICATES.get(predicate)
        return self._message(known) if known else Text(curie(predicate.value))

    def _incoming_label(self, predicate: NamedNode) -> Text:
        known = labels.INCOMING.get(predicate)
        if known:
            return self._message(known)
        return Text(f"← {self._predicate_label(predicate).text}")

    def _coined(self, term: Node) -> Text | None:
        told = self._vocabulary.terms.get(term)
        if not told:
            return None
        language = next((tag for tag in (*self._reader.fallbacks, *sorted(told)) if tag in told), "")
        return Text(told[language], "" if language == self._reader.language else language)

    def _best(self, texts: list[Literal]) -> Text:
        by_language = {text.language or "": text for text in texts}
        wanted = (*self._reader.fallbacks, *sorted(by_language))
        return self._text(by_language[next(tag for tag in wanted if tag in by_language)])

    def _text(self, literal: Literal) -> Text:
        language = literal.language or ""
        return Text(literal.value, "" if language == self._reader.language else language)

    def _place_in_row(self, value: Value) -> tuple[bool, tuple[str, str, str]]:
        """Return what a value is sorted by in a row: a name in the reader's language comes first."""
        return bool(value.label.language) and not value.href, self._place(value)

    def _place(self, value: Value) -> tuple[str, str, str]:
        """Return what a value is sorted by: its own order, or its label as readers look for it."""
        if value.rows and not value.label.text:
            return (*self._place(value.rows[0].values[0])[:2], value.href)
        if value.order:
            return value.order, "", value.href
        return (*sort_key(value.label.text, self._reader.language), value.href)


def _not_among(values: Iterable[Value], before: Iterable[Value]) -> Iterator[Value]:
    """Go through what was there before and is called like none of some values."""
    called = {value.label.text for value in values}
    return (value for value in before if value.label.text not in called)
