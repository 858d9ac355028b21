"""Pages: views poured into templates, one file a language; each is put into the frame by `frame`."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

from pyoxigraph import NamedNode

from twintowns import schemaorg, slots
from twintowns.altering import AlteredGraph
from twintowns.catalogue import Publication
from twintowns.citation import citations
from twintowns.collation import sort_key
from twintowns.comparisonpages import comparison_pages
from twintowns.dataset import Dataset
from twintowns.description import Description, describe
from twintowns.distributions import DISTRIBUTIONS
from twintowns.findables import Findables
from twintowns.frame import Frame
from twintowns.graph import Node, Term
from twintowns.ingredients import digest_of
from twintowns.iris import SCHEMES
from twintowns.jsontext import in_script
from twintowns.kinds import KINDS, kind_of
from twintowns.landing import Landing
from twintowns.lists import Lists
from twintowns.pagevalues import Listing, Reader, Row, Section, Text, Value, from_below
from twintowns.paging import LONGEST, cut, cut_sections, going_on, pager, pages_in, pages_of
from twintowns.pieces import Pieces
from twintowns.querypage import DumpSize, query_pages
from twintowns.results import Severity, ValidationReport, ValidationResult
from twintowns.schemaorg import SEARCH, Entity
from twintowns.searchpages import search_pages
from twintowns.searchview import Download, Offer, landing_entities, page_entities
from twintowns.statistics import Statistics
from twintowns.timeline import timeline
from twintowns.views import View
from twintowns.vocabulary import OWL, PROF, SH, W3ID

LISTED = 100
"""How many things a list on the index of the vocabulary shows before it says how many more there are."""


class _Finding(NamedTuple):
    """What the validator says, and of which things."""

    severity: Severity
    message: Text
    things: tuple[Value, ...]


class Pages:
    """Prints the pages of a dataset.

    Args:
        dataset: What to print.
        publication: Its languages.
        whole: The publication's dataset, where what is printed is only a part of it.
        sizes: The sizes of the dumps in bytes, by their paths, where the page of the dataset is printed.
    """

    def __init__(
        self,
        dataset: Dataset,
        publication: Publication,
        whole: Dataset | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        """Make the frame ready."""
        self._sizes = sizes or {}
        self._dataset = dataset
        self._frame = Frame(dataset, publication, whole)

    def prepare(self) -> None:
        """Read the templates and the words, before other processes would each do it."""
        self._frame.prepare()

    def addresses(self, path: str) -> list[str]:
        """Return the addresses of a document's pages, one a language."""
        return self._frame.addresses(path)

    def resource(self, description: Description, json_ld: bytes) -> Iterator[tuple[str, bytes]]:
        """Print the pages of one document, and what search engines read of it.

        Args:
            description: What it tells.
            json_ld: The same as JSON-LD, for the page to carry.

        Yields:
            The path and the bytes of the page in each language, and of the search engines' view.
        """
        path = self._dataset.names.path_of(description.document)
        script, told = in_script(json_ld), self._told(description)
        for reader in self._frame.readers(path):
            view = View(self._dataset, description, reader, self._frame.vocabulary)
            entities = self._entities(told, description.document, reader, view.title.text)
            shown = _shown(view)
            extra = self._frame.head(reader, path, description.document.value, view.paragraphs)
            extra |= {"view": view, "script": script, "entities": _scripts(entities)}
            extra |= self._around(description, view, reader) | shown.part(path, reader, 1)
            extra |= slots.on_resource_page(self._frame.whole, description, reader)
            yield self._frame.printed("resource.html", reader, path, extra)
            yield from self._going_on(description, shown, path, reader)
            if self._frame.is_main(reader) and description.document != self._dataset.names.dataset:
                yield f"{path}.{SEARCH}", schemaorg.document(entities)

    def _around(self, description: Description, view: View, reader: Reader) -> dict[str, object]:
        """Return what a page shows beside its facts."""
        kind = kind_of(self._dataset, description.document)
        return {
            "section": (kind, KINDS[kind]) if kind in self._frame.members else (),
            "is_vocabulary": self._dataset.names.is_vocabulary(description.document),
            "timeline": timeline(description, view, reader),
            "elsewhere": view.elsewhere,
        }

    def _going_on(
        self, description: Description, shown: "_Shown", path: str, first: Reader
    ) -> Iterator[tuple[str, bytes]]:
        """Print the further pages of a document, where a property has more values than stand on one."""
        total = shown.pages
        if total == 1:
            return
        reader = self._frame.reader(first.language, going_on(path, 2))
        view = View(self._dataset, description, reader, self._frame.vocabulary)
        told = shown.from_below() if "/" in first.page else _shown(view)
        for number in range(2, total + 1):
            here = going_on(path, number)
            reader = self._frame.reader(first.language, here)
            extra = self._frame.own_head(reader, here)
            extra |= {"iri": description.document.value, "view": view, "begun": path} | told.part(
                path, reader, number
            )
            yield self._frame.printed("resource-more.html", reader, here, extra)

    def _told(self, description: Description) -> Dataset:
        """Return what search engines may read for a page: no more than its own description."""
        names = self._dataset.names
        if description.document in {names.catalogue, names.dataset}:
            return self._frame.whole
        of_catalogue = frozenset(self._dataset.graph.about(names.catalogue))
        return self._dataset.told_by(AlteredGraph(description.graph, (), of_catalogue))

    def _entities(self, told: Dataset, document: NamedNode, reader: Reader, title: str) -> list[Entity]:
        """Return what search engines read of a page, and the way to it."""
        names = {told.names.dataset: "Dataset", told.names.catalogue: "Catalogue"}
        step = reader.translated(names[document]) if document in names else title
        trail = [(self._frame.titles[reader.language].text, told.names.space), (step, document.value)]
        offer = self._offer(self._sizes) if document == told.names.dataset else Offer()
        return page_entities(told, document, reader.language, trail, offer)

    def _offer(self, sizes: Mapping[str, int]) -> Offer:
        """Return how the dataset is offered, in files of some sizes."""
        names, cited = self._dataset.names, citations(self._frame.whole, self._frame.publication)["txt"]
        files = [
            Download(
                f"{names.dataset.value}#{one.key}",
                one.label,
                f"{names.space}{one.path}",
                one.media_type,
                sizes[one.path],
            )
            for one in DISTRIBUTIONS
        ]
        return Offer(files, cited)

    def landing(self, statistics: Statistics, sizes: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
        """Print the landing page in each language, and what search engines read of the dataset.

        The page leads to the catalogue as data and does not carry it: that is larger than all the rest of it.

        Args:
            statistics: The numbers to show.
            sizes: The sizes of the dumps in bytes, by their paths.
        """
        offer = self._offer(sizes)
        description, landing = self._described(self._dataset.names.catalogue), Landing(self._frame)
        for reader in self._frame.readers("index"):
            view = View(self._dataset, description, reader, self._frame.vocabulary)
            entities = landing_entities(self._dataset, reader.language, offer)
            extra = self._frame.head(reader, "index", self._dataset.names.space, view.paragraphs)
            extra |= {
                "view": view,
                "statistics": statistics,
                "distributions": DISTRIBUTIONS,
                "citation": offer.citation,
                "citation_language": self._frame.publication.main_language,
                "entities": _scripts(entities),
            } | landing.shown(reader)
            extra |= slots.on_landing_page(self._frame.whole, reader)
            yield self._frame.printed("landing.html", reader, "index", extra)
            if self._frame.is_main(reader):
                about = self._dataset.names.path_of(self._dataset.names.dataset)
                yield f"{about}.{SEARCH}", schemaorg.document(entities)

    def lists(
        self, pieces: Pieces, changed: Container[Node] | None
    ) -> Iterator[tuple[str, Callable[[], bytes] | None]]:
        """Go through the lists of all things of a kind in each language.

        Args:
            pieces: What is kept of the published ones.
            changed: Of what anything else is told than there, if that is known.

        Yields:
            Where a page lies, and what makes it; nothing makes one that is as it is published.
        """
        yield from Lists(self._frame, pieces, changed).pages()

    def comparison(self, day: str) -> Iterator[tuple[str, bytes]]:
        """Print the comparison with Wikidata, as it was read on a day, in each language."""
        return comparison_pages(self._frame, day)

    def query(self, size: DumpSize) -> Iterator[tuple[str, bytes]]:
        """Print the query page in each language, which tells how long the N-Quads dump is."""
        return query_pages(self._frame, size)

    def vocabulary(self) -> Iterator[tuple[str, bytes]]:
        """Print the index of the ontology, schemes and shapes in each language."""
        path = self._dataset.names.vocabulary_index
        for reader in self._frame.readers(path):
            documents = [d for d in self._dataset.documents if self._dataset.names.is_vocabulary(d)]
            listings = [
                self._listed("Specification", [d for d in documents if self._is_a(d, PROF.Profile)], reader),
                self._listed("Ontology", [d for d in documents if self._is_ontology(d)], reader),
                self._listed("Concept schemes", [d for d in documents if d.value in _schemes()], reader),
                self._listed(
                    "Shapes",
                    [d for d in documents if d == W3ID.shapes or self._is_a(d, SH.NodeShape)],
                    reader,
                ),
            ]
            lead = reader.told_text(
                "The terms, concept schemes and shapes that every publication of twinnings shares."
            )
            extra = self._frame.head(reader, path, W3ID, [lead]) | {"listings": listings, "lead": lead}
            yield self._frame.printed("vocabulary.html", reader, path, extra)

    def validation(
        self, report: ValidationReport, changed: Container[Node | None] | None
    ) -> Iterator[tuple[str, str, bool, Callable[[], bytes]]]:
        """Go through the pages of the validation report in each language, a hundred results on a page.

        Args:
            report: What was found.
            changed: The things and documents of which anything else is stated than before, if that is known.

        Yields:
            The path of a page, a digest of what was found, whether what it is about is the same, and what
            makes the page.
        """
        total = pages_in(len(report.results))
        for number in range(1, total + 1):
            path, first = going_on("validation", number), (number - 1) * LONGEST
            results = report.results[first : first + LONGEST]
            found = (part for result in results for part in (result.severity, *result.brief))
            is_same = changed is not None and not any(self._is_of(changed, one.focus_node) for one in results)
            digest = digest_of((len(report.results), *found))
            for reader in self._frame.readers(path):
                yield reader.page, digest, is_same, partial(self._report_page, report, number, reader)

    def _is_of(self, changed: Container[Node | None], focus: Term) -> bool:
        """Tell whether a thing, or the document that tells of it, is among some of which is told anew."""
        return focus in changed or (
            isinstance(focus, NamedNode) and self._dataset.document_of(focus) in changed
        )

    def _report_page(self, report: ValidationReport, number: int, reader: Reader) -> bytes:
        total, first = pages_in(len(report.results)), (number - 1) * LONGEST
        path = going_on("validation", number)
        told = {
            "rows": self._findings(report.results[first : first + LONGEST], reader),
            "last": min(first + LONGEST, len(report.results)),
            "pager": pager(number, total, lambda one: going_on("validation", one), reader),
            "first": first + 1,
            "total": len(report.results),
        }
        extra = self._frame.own_head(reader, path) if number > 1 else self._report_head(reader)
        return self._frame.printed("validation.html", reader, path, extra | told)[1]

    def _report_head(self, reader: Reader) -> dict[str, object]:
        lead = reader.told_text(
            "Every edition of this site is checked against the shapes before it is published. "
            "This is what was found in this one."
        )
        iri = f"{self._dataset.names.space}validation"
        return self._frame.head(reader, "validation", iri, [lead]) | {"lead": lead}

    def _findings(self, results: Sequence[ValidationResult], reader: Reader) -> list[_Finding]:
        """Gather the results that say the same, each message with the things that it is about."""
        found: dict[tuple[Severity, Text], list[Value]] = defaultdict(list)
        for one in results:
            told = Text(one.message(reader.fallbacks), one.language(reader.fallbacks), has_code=True)
            link = self._frame.link(one.focus_node, reader) or Value(Text(str(one.focus_node)))
            found[one.severity, told].append(link)
        for links in found.values():
            links.sort(key=lambda link: (*sort_key(link.label.text, reader.language), link.href))
        return [_Finding(*key, tuple(dict.fromkeys(links))) for key, links in found.items()]

    def search(self, found: Findables) -> Iterator[tuple[str, bytes]]:
        """Print the search page in each language."""
        return search_pages(self._frame, found)

    def _described(self, document: NamedNode) -> Description:
        return describe(self._dataset, document)

    def _is_ontology(self, document: NamedNode) -> bool:
        """Tell whether a document is of terms: neither the specification nor its shapes."""
        return self._is_a(document, OWL.Ontology) and document not in {W3ID.specification, W3ID.shapes}

    def _is_a(self, document: NamedNode, of_class: NamedNode) -> bool:
        return any(triple.object == of_class for triple in self._dataset.graph.about(document))

    def _listed(self, title: str, documents: list[NamedNode], reader: Reader) -> Listing:
        shown = documents if len(documents) <= LISTED else sorted(documents, key=str)[:LISTED]
        links = [link for document in shown if (link := self._frame.link(document, reader))]
        links.sort(key=lambda link: sort_key(link.label.text, reader.language))
        return Listing(title, tuple(links), len(documents))


@dataclass(frozen=True)
class _Shown:
    """All facts of a document."""

    groups: tuple[Section, ...]
    parts: tuple[Section, ...]
    incoming: tuple[Row, ...]

    @property
    def pages(self) -> int:
        """In how many pages they stand."""
        sections = (row for section in (*self.groups, *self.parts) for row in section.rows)
        return pages_of((*sections, *self.incoming))

    @cached_property
    def has_derived(self) -> bool:
        """Whether any of them was derived."""
        sections = (row for section in (*self.groups, *self.parts) for row in section.rows)
        return any(map(_is_derived, (*sections, *self.incoming)))

    def from_below(self) -> "_Shown":
        """Return the same as of a page that lies in a folder below that of this one, which is in a folder."""
        groups, parts = (
            tuple(one._replace(rows=tuple(map(from_below, one.rows))) for one in sections)
            for sections in (self.groups, self.parts)
        )
        return _Shown(groups, parts, tuple(map(from_below, self.incoming)))

    def part(self, path: str, reader: Reader, number: int) -> dict[str, object]:
        """Return the facts that stand on one of the pages, and the way to the others."""
        return {
            "groups": cut_sections(self.groups, number),
            "parts": cut_sections(self.parts, number),
            "incoming": cut(self.incoming, number),
            "has_derived": self.has_derived,
            "pager": pager(number, self.pages, lambda one: going_on(path, one), reader),
        }


def _is_derived(row: Row) -> bool:
    return any(value.is_derived or any(map(_is_derived, value.rows)) for value in row.values)


def _shown(view: View) -> _Shown:
    return _Shown(tuple(view.groups()), tuple(view.sections()), tuple(view.incoming()))


def _scripts(entities: Sequence[Entity]) -> list[str]:
    return [in_script(document) for document in schemaorg.documents(entities)]


def _schemes() -> set[str]:
    return {f"{W3ID}{scheme}" for scheme in SCHEMES}
