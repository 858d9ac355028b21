"""The catalogue printed: for portals in each format and profile, for people as pages.

The pages of the catalogue and of its dataset tell what `dcat` says of them; they are made anew in each
build, since sizes change with any edit.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode, Triple

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.dcat import Catalogue
from twintowns.description import describe
from twintowns.graph import Graph
from twintowns.jsonld import resource_document
from twintowns.pages import Pages
from twintowns.vocabulary import DCTERMS, FOAF, PROV, RDFS, SCHEMA
from twintowns.writing import Writers, n_triples, rdf_xml, representations

SWEDISH: Final = "datasets/dcat"
"""Where the Swedish portal looks for a catalogue, in RDF/XML (https://docs.dataportal.se/dcat/)."""
_NAMED: Final = frozenset((DCTERMS.publisher, PROV.wasDerivedFrom, SCHEMA.contactPoint))
"""What leads from the catalogue to things whose names stand on its pages."""


class CataloguePress:
    """Prints the catalogue of a publication.

    Args:
        dataset: The publication's dataset.
        publication: Its languages.
        writers: What writes the formats.
        sizes: The sizes of the dumps in bytes, by their paths.
    """

    def __init__(
        self, dataset: Dataset, publication: Publication, writers: Writers, sizes: Mapping[str, int]
    ) -> None:
        """Make the catalogue."""
        self._dataset = dataset
        self._publication = publication
        self._writers = writers
        self._sizes = sizes
        self._catalogue = Catalogue(dataset, publication.languages, sizes)

    @cached_property
    def json_ld(self) -> bytes:
        """The whole catalogue as JSON-LD, framed around the catalogue itself."""
        return resource_document(self._writers.context, self._graph, self._dataset.names.catalogue)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Print the catalogue and its dataset in every format, and their pages in every language."""
        names = self._dataset.names
        first = (names.catalogue, names.dataset)
        yield "catalogue.ttl", self._writers.turtle.document(self._graph, first).encode()
        yield "catalogue.jsonld", self.json_ld
        yield "catalogue.nt", n_triples(self._graph)
        yield "catalogue.rdf", rdf_xml(self._graph, names.prefixes())
        yield SWEDISH, rdf_xml(self._catalogue.dcat_ap_se, names.prefixes())
        pages = Pages(self._listed, self._publication, self._dataset, self._sizes)
        yield from pages.resource(describe(self._listed, names.catalogue), self.json_ld)
        described = describe(self._listed, names.dataset)
        formats = representations(self._writers, described)
        path = names.path_of(names.dataset)
        yield from ((f"{path}.{suffix}", content) for suffix, content in formats.items())
        yield from pages.resource(described, formats["jsonld"])

    @cached_property
    def _graph(self) -> Graph:
        stated = self._dataset.graph.about(self._dataset.names.catalogue)
        own = (triple for triple in stated if triple.predicate != DCTERMS.license)
        return Graph((*own, *self._catalogue.dcat_ap))

    @cached_property
    def _listed(self) -> Dataset:
        """The few things that the catalogue is about, as a dataset of their own, to be described."""
        files = {FOAF.Document, RDFS.Resource}
        made = (t for t in self._catalogue.dcat_ap if t.object not in files)
        stated = frozenset((*self._asserted(), *made))
        derived, vocabulary = stated & self._dataset.derived, self._dataset.vocabulary
        return Dataset(self._dataset.names, stated - derived, derived, vocabulary, frozenset(), foreign={})

    def _asserted(self) -> Iterator[Triple]:
        graph = self._dataset.graph
        waiting = [self._dataset.names.catalogue]
        for node in waiting:
            for triple in graph.about(node):
                if triple.predicate != DCTERMS.license:
                    yield triple
                if triple.predicate in _NAMED and isinstance(triple.object, NamedNode):
                    waiting.append(triple.object)
