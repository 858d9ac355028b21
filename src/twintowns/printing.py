"""The press: one dataset, ready to be printed document by document.

Prepared once, then forked into as many processes as print.
"""

from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from twintowns import comparisonnotes, overviews, scenes
from twintowns.assets import assets
from twintowns.bulk import read_bulk
from twintowns.catalogue import Publication, read_publication
from twintowns.cataloguing import CataloguePress
from twintowns.citation import citations
from twintowns.comparison import PATH as COMPARISON
from twintowns.comparisontable import comparison_csv, comparison_turtle
from twintowns.completeness import Lack, lacks
from twintowns.dataset import Dataset, foreign_documents, rivals
from twintowns.derivation import derived
from twintowns.description import SUMMARY, describe, leading_into, touched
from twintowns.differences import Difference, difference
from twintowns.edition import Edition, write_variants
from twintowns.embedding import embed_files
from twintowns.exceptions import TwinTownsError
from twintowns.feed import FEED, feed
from twintowns.findables import findables
from twintowns.frame import frame_signature
from twintowns.graph import Graph, Node
from twintowns.ingredients import digest_of
from twintowns.inventory import Entries
from twintowns.jsonld import Context, read_context
from twintowns.loading import SourceFile, read_canonical, read_data, read_turtle, triples_of
from twintowns.manifest import facts
from twintowns.messages import use
from twintowns.networks import networks
from twintowns.pages import Pages
from twintowns.paging import goings_on
from twintowns.project import Project
from twintowns.querypage import dump_size
from twintowns.recollection import Recollection
from twintowns.records import records
from twintowns.renewal import Frame, Kept, Renewed, renewed, written
from twintowns.reports import ReportWriter
from twintowns.results import ValidationReport
from twintowns.schemaorg import SEARCH
from twintowns.searchindex import search_files
from twintowns.signposting import LINK_SET, linkset
from twintowns.sitemap import sitemaps
from twintowns.statistics import Statistics, statistics
from twintowns.tables import tables
from twintowns.turtle import TurtleWriter
from twintowns.validation import validate
from twintowns.vicinity import stated_anew, told_anew
from twintowns.vocabulary import DCTERMS
from twintowns.voiddescription import WELL_KNOWN, void_description
from twintowns.writing import DUMP, Before, Writers, dumps, n_quads, representations


@dataclass(frozen=True)
class Sources:
    """Everything that was read for a build."""

    project: Project
    publication: Publication
    data: tuple[SourceFile, ...]
    vocabulary: tuple[SourceFile, ...]
    shapes: tuple[SourceFile, ...]
    compared: tuple[SourceFile, ...] = ()
    renewed: Renewed | None = None

    def validated(self, recollection: Recollection | None = None) -> ValidationReport:
        """Return what the validator finds in them, by what it found before where that is known."""
        if self.renewed:
            return self.renewed.report
        return validate(self.data, self.vocabulary, self.shapes, recollection)

    def lacks(self) -> list[Lack]:
        """Return what they lack in the publication's languages."""
        return lacks(self.project, self.publication, self.data, self.vocabulary)

    def reports(self, language: str) -> ReportWriter:
        """Return what writes reports on them, in a language."""
        return ReportWriter(self.project, self.publication.names, language)

    def dataset(self) -> Dataset:
        """Return the dataset that they make."""
        if self.renewed:
            return self.renewed.dataset
        asserted = frozenset(triples_of(self.data))
        return Dataset(
            names=self.publication.names,
            asserted=asserted,
            derived=derived(asserted),
            vocabulary=frozenset(triples_of(self.vocabulary)) - asserted,
            shapes=frozenset(triples_of(self.shapes)),
            foreign=foreign_documents(self.publication.names, self.data, self.vocabulary),
            compared=frozenset(triples_of(self.compared)),
        ).packed()


def read_sources(project: Project, kept: Kept | None = None) -> Sources:
    """Read all that a build needs; of the facts only those that changed, where that suffices.

    Args:
        project: The folder.
        kept: What the last build kept, if that holds.

    Raises:
        TwinTownsError: If a file cannot be read or is not what it should be.
    """
    use(project.messages)
    publication = read_publication(project)
    if kept and not (project.other_files() or project.other_message_files()):
        with suppress(TwinTownsError):  # of all that is wrong is told where everything is read
            vocabulary = tuple(read_canonical(path) for path in project.vocabulary_files())
            compared = tuple(map(read_turtle, project.comparison_files()))
            found = renewed(Frame(project, publication, vocabulary, frozenset(triples_of(compared))), kept)
            if found:
                return Sources(project, publication, (), vocabulary, (), compared, found)
    return Sources(
        project,
        publication,
        (*read_data(project, publication.names.space), *read_bulk(project, publication.names.space)),
        tuple(read_canonical(path) for path in project.vocabulary_files()),
        tuple(read_canonical(path) for path in project.shape_files()),
        tuple(map(read_turtle, project.comparison_files())),
    )


def prepared(
    project: Project, recollection: Recollection | None = None, kept: Kept | None = None
) -> "tuple[Press | None, ValidationReport]":
    """Read and validate a project, and make the press ready; there is none where the data does not conform.

    Args:
        project: The folder.
        recollection: What the validator found before.
        kept: What the last build kept, if that holds.

    Raises:
        TwinTownsError: If a file cannot be read or is not what it should be.
    """
    sources = read_sources(project, kept)
    report = sources.validated(recollection)
    return (Press(sources) if report.conforms else None), report


class DocumentPress:
    """Prints documents, each by itself: all that this takes can be sent to another machine.

    Args:
        dataset: What is printed.
        publication: Its languages.
        context: The JSON-LD context.
    """

    def __init__(self, dataset: Dataset, publication: Publication, context: Context) -> None:
        """Make the writers ready."""
        self._dataset = dataset
        self.writers: Final = Writers(TurtleWriter(publication.names.prefixes()), context)
        self.pages: Final = Pages(dataset, publication)
        self.pages.prepare()

    def files(self, document: NamedNode) -> dict[str, bytes]:
        """Return a document in every format and language, by the paths of the files."""
        description = describe(self._dataset, document)
        path = self._dataset.names.path_of(document)
        formats = representations(self.writers, description)
        files = {f"{path}.{suffix}": content for suffix, content in formats.items()}
        files.update(self.pages.resource(description, formats["jsonld"]))
        return files


class Press:
    """Prints the documents of a dataset.

    Args:
        sources: What was read.
    """

    def __init__(self, sources: Sources) -> None:
        """Derive the dataset and make the writers ready."""
        self.dataset = sources.dataset()
        self._sources = replace(sources, data=())  # which the dataset has in less room
        self.context: Final = read_context(sources.project.context)
        self.documentary: Final = DocumentPress(self.dataset, sources.publication, self.context)
        self._writers, self._pages = self.documentary.writers, self.documentary.pages
        self._quads: bytes | None = None
        self._changed: tuple[frozenset[Node] | None, frozenset[Node] | None] = (None, None)
        self._renamed: frozenset[Node | None] | None = None

    @property
    def publication(self) -> Publication:
        """What is published, in which languages."""
        return self._sources.publication

    @property
    def messages(self) -> Path:
        """Where the publication's own messages lie, if it has any."""
        return self._sources.project.messages

    def written(self) -> bytes:
        """Return the dataset as what to keep of it."""
        return written(self.dataset, self._sources.project, self._sources.vocabulary)

    @property
    def documents(self) -> list[NamedNode]:
        """The documents that are printed each by itself: all but the catalogue, which tells of the others."""
        return [document for document in self.dataset.documents if document != self.dataset.names.catalogue]

    def paths(self, document: NamedNode) -> list[str]:
        """Return the files in which a document is printed."""
        path = self.dataset.names.path_of(document)
        suffixes = ("ttl", "jsonld", "nt", SEARCH)
        return [*(f"{path}.{suffix}" for suffix in suffixes), *self._pages.addresses(path)]

    def keep(self, edition: Edition, documents: Iterable[NamedNode]) -> None:
        """Take over the files of documents that no edit touched, further pages of long ones included."""
        further = goings_on(edition.published)
        own = (path for document in documents for path in self.paths(document))
        edition.keep_all(file for path in own for file in (path, *further.get(path, ())))

    def print_document(self, document: NamedNode, folder: Path, edition: Edition | None = None) -> Entries:
        """Print one document in every format and language.

        Args:
            document: The document.
            folder: Where to, unless into an edition.
            edition: The edition to print into, which takes over what is published with the same content.
        """
        write = edition.put if edition else partial(write_variants, folder)
        entries = Entries()
        for name, content in self.documentary.files(document).items():
            entries.update(write(name, content))
        return entries.packed()

    def print_site(self, edition: Edition, report: ValidationReport) -> None:
        """Print what belongs to no single document: dumps, catalogue, landing page, indexes, report."""
        stated, told = self._changed
        before = Before(edition.ingredients.pieces, stated)
        for suffix, content in dumps(self._writers, self.dataset, self._quads, before):
            edition.write(f"{DUMP}.{suffix}", content)
        if self._sources.project.has_data:
            self._print_publication(edition, told)
        for path, content in self._pages.vocabulary():
            edition.write(path, content)
        self._print_report(edition, report)
        self._print_search(edition)
        edition.write(
            f"{self.dataset.names.vocabulary_folder}context.jsonld",
            self._sources.project.context.read_bytes(),
        )
        guidance = self._sources.project.ontology / "specification.md"
        if guidance.is_file():
            edition.write(f"{self.dataset.names.vocabulary_folder}{guidance.name}", guidance.read_bytes())
        for path, content in assets():
            edition.write(path, content)

    def _print_report(self, edition: Edition, report: ValidationReport) -> None:
        """Print what was found, as far as that, or a name of what it is about, differs from before."""
        found = []
        for path, digest, is_same, make in self._pages.validation(report, self._renamed):
            edition.make(path, digest, make, is_same=is_same)
            found.append(digest)
        reports = self._sources.reports(self._sources.publication.main_language)
        edition.make("validation.ttl", digest_of(found), lambda: reports.turtle(report).encode())

    def _print_search(self, edition: Edition) -> None:
        """Print what names are found with: the index, and the page that a search leads to."""
        found = findables(self.dataset, self._sources.publication)
        for path, content in chain(search_files(found, self._sources.publication), self._pages.search(found)):
            edition.write(path, content)

    def facts(self) -> dict[str, object]:
        """Return what the manifest says of the dataset."""
        return facts(self.dataset, self._sources.publication, self._statistics)

    def touched(self, edition: Edition) -> set[NamedNode]:
        """Return the documents that may differ from those of the published edition.

        Args:
            edition: The edition to come, to find the one that is published.
        """
        if self._sources.renewed:
            changed = self._sources.renewed.difference
        else:
            self._quads = n_quads(self.dataset)
            changed = difference((edition.place / f"{DUMP}.nq").read_bytes(), self._quads)
        before, came_or_went = self._published_dataset(edition.place, changed), changed.triples
        graphs = before.graph, self.dataset.graph
        self._changed = stated_anew(came_or_went), told_anew(graphs, came_or_went)
        if not changed.is_of_other_items:  # by which a document would tell of other things
            stated: set[Node] = {triple.subject for triple in came_or_went}  # type: ignore[misc]
            self._renamed = frozenset((*stated, *map(self.dataset.document_of, stated)))
        is_named_anew = any(t.subject == self._publisher and t.predicate in SUMMARY for t in came_or_went)
        if is_named_anew or frame_signature(before) != frame_signature(self.dataset):
            return set(self.dataset.documents)  # it stands around every page
        documents = touched(self.dataset, came_or_went)
        documents |= touched(before, came_or_went) & self.dataset.documents.keys()
        documents |= scenes.touched(before, self.dataset, came_or_went)
        documents |= comparisonnotes.touched(before, self.dataset) & self.dataset.documents.keys()
        if changed.is_of_other_items:  # which of several told of an item, a dump does not say
            documents |= rivals(before.names, before.asserted) & self.dataset.documents.keys()
        moved = self.dataset.documents.keys() ^ before.documents.keys()
        documents |= leading_into(self.dataset, moved)
        return documents | (self.dataset.documents.keys() - before.documents.keys())

    def _print_publication(self, edition: Edition, told: Container[Node] | None) -> None:
        """Print what only a publication of twinnings has: its tables, its catalogue, its landing page."""
        publication = self._sources.publication
        found, pieces = records(self.dataset, publication, told), edition.ingredients.pieces
        for path, content in (
            *tables(self.dataset, publication, found, pieces).items(),
            *networks(found, pieces).items(),
        ):
            edition.write(path, content)
        sizes = edition.entries.sizes()
        catalogue = CataloguePress(self.dataset, publication, self._writers, sizes)
        for path, content in (
            *catalogue.files(),
            *self._pages.landing(self._statistics, sizes),
            *self._comparison(),
            *self._pages.query(dump_size(sizes)),
            *embed_files(self.dataset, publication),
            *sitemaps(self.dataset, publication, self._modified).items(),
        ):
            edition.write(path, content)
        for path, make in self._pages.lists(pieces, told):
            if make is None:
                edition.keep(path)
            else:
                edition.write(path, make())
        for suffix, text in citations(self.dataset, publication).items():
            edition.write(f"citation.{suffix}", text.encode())
        edition.write(LINK_SET, linkset(self.dataset, overviews.contexts(self.dataset)))
        described = Graph(void_description(self.dataset, publication))
        edition.write(WELL_KNOWN, self._writers.turtle.document(described).encode())
        edition.write(FEED, feed(self.dataset, publication))

    def _comparison(self) -> Iterator[tuple[str, bytes]]:
        """Print how the publication differs from Wikidata, where that was looked for."""
        comparison = self.dataset.comparison
        if comparison:
            turtle = comparison_turtle(comparison, self.dataset.names, self._writers.turtle)
            yield f"{COMPARISON}.ttl", turtle.encode()
            table = comparison_csv(comparison, self._sources.publication.languages)
            yield f"{COMPARISON}.csv", f"\ufeff{table}".encode()
            yield from self._pages.comparison(comparison.day)

    @property
    def _modified(self) -> str:
        """When the publication was last changed; empty where it does not say so."""
        modified = self.dataset.graph.value(self.dataset.names.catalogue, DCTERMS.modified)
        return modified.value if isinstance(modified, Literal) else ""

    @property
    def _publisher(self) -> object:
        return self.dataset.graph.value(self.dataset.names.catalogue, DCTERMS.publisher)

    @cached_property
    def _statistics(self) -> Statistics:
        return statistics(self.dataset)

    def _published_dataset(self, place: Path, changed: Difference) -> Dataset:
        """Return the dataset of the published edition, with the vocabulary of this one, which is the same."""
        names, dump, comparison = self.dataset.names, place / f"{DUMP}.nq", place / f"{COMPARISON}.ttl"
        compared = frozenset(read_turtle(comparison).triples if comparison.is_file() else ())
        if not changed.is_of_other_items:
            return self.dataset.altered(changed.came, changed.went, compared)
        if self._sources.renewed:
            return replace(self._sources.renewed.before, compared=compared)
        graphs: dict[object, set[Triple]] = {names.graph(name): set() for name in ("asserted", "derived")}
        for quad in parse(path=dump, format=RdfFormat.N_QUADS):
            if quad.graph_name in graphs:
                graphs[quad.graph_name].add(quad.triple)
        asserted, derived_before = (frozenset(graphs[names.graph(name)]) for name in ("asserted", "derived"))
        data = SourceFile(dump, tuple(asserted))
        return Dataset(
            names,
            asserted,
            derived_before,
            self.dataset.vocabulary,
            self.dataset.shapes,
            foreign_documents(names, [data], self._sources.vocabulary),
            compared,
        )
