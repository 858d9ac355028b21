"""What search engines read: a page's thing, or the whole dataset, in the words of schema.org alone.

The full JSON-LD beside each page speaks several vocabularies, of which search engines know one. So every
page carries a second, smaller description, one document an entity, in which every property fits its class
and its values. A text stands in the page's language, else in the nearest there is; an address that is not
`http` or `https` is left out, and so is a value that does not fit. Sources: https://schema.org/docs/ and
https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from twintowns import dating
from twintowns.authority import LICENCE_ADDRESSES
from twintowns.dataset import Dataset
from twintowns.messages import number_text, translations
from twintowns.schemaorg import Entity, breadcrumbs, entity, kept
from twintowns.searchtexts import SUMMARIES, Texts
from twintowns.searchthings import BODIES, LONGEST, PLACES, SHORTEST, SOURCES, Things
from twintowns.statistics import statistics
from twintowns.vocabulary import DCAT, DCTERMS, PROV, RDFS, SCHEMA, TT

_MEASURED: Final = (TT.partner, TT.kind, TT.status, TT.field, TT.commonGround, TT.participant, TT.association)


class Download(NamedTuple):
    """A file in which the dataset can be had.

    Attributes:
        iri: The IRI of the distribution.
        name: What it is called.
        url: Its absolute address.
        media_type: Its media type.
        size_bytes: Its size.
    """

    iri: str
    name: str
    url: str
    media_type: str
    size_bytes: int


class Offer(NamedTuple):
    """How the dataset is offered: in which files, and with which reference it is cited."""

    files: Sequence[Download] = ()
    citation: str = ""


def page_entities(
    dataset: Dataset,
    document: NamedNode,
    language: str,
    trail: Sequence[tuple[str, str]],
    offer: Offer = Offer(),  # noqa: B008 - a tuple, which nobody can change
) -> list[Entity]:
    """Describe what the page of one document is about.

    Args:
        dataset: The dataset.
        document: The document's IRI.
        language: The page's language.
        trail: The way from the landing page to this page: names and absolute addresses.
        offer: How the dataset is offered, for the page about it.

    Returns:
        The thing itself and, where there is a trail, the trail.
    """
    whole = _Whole(dataset, language, offer)
    described = {dataset.names.dataset: whole.dataset, dataset.names.catalogue: whole.catalogue}
    about = described[document]() if document in described else whole.things.thing(document)
    return [about, *breadcrumbs(trail)]


def landing_entities(dataset: Dataset, language: str, offer: Offer) -> list[Entity]:
    """Describe the dataset, its catalogue, its files and the site, for the landing page.

    The dataset and the catalogue are told of in the same words as on their own pages.

    Args:
        dataset: The dataset.
        language: The page's language.
        offer: How it is offered.

    Returns:
        The dataset, its catalogue, its files and the site.
    """
    whole = _Whole(dataset, language, offer)
    return [whole.dataset(), whole.catalogue(), *whole.downloads(), whole.site()]


class _Whole:
    """Tells of the dataset, its catalogue, its files and the site in one language."""

    def __init__(self, dataset: Dataset, language: str, offer: Offer) -> None:
        self._dataset = dataset
        self._graph = dataset.graph
        self._names = dataset.names
        self._language = language
        self._offer = offer
        self._say = translations(language).gettext
        self._texts = Texts(dataset.graph, dataset.names.catalogue, language)
        self.things = Things(dataset, self._texts, language)

    def dataset(self) -> Entity:
        """Tell of the one dataset of the publication."""
        catalogue, about = self._names.catalogue, self._names.dataset.value
        name = self._texts.name(catalogue)
        return entity(
            "Dataset",
            about,
            name=name,
            description=self._description_of_dataset(),
            url=self._names.space,
            identifier=about,
            version=self._texts.dates(catalogue, DCTERMS.modified)[-1:],
            isAccessibleForFree=True,
            creator=self._publisher(),
            **self._of_publication(),
            keywords=[text.value for text in self._texts.in_one_language(catalogue, DCAT.keyword)],
            spatialCoverage=self.things.linked(self._graph.instances(SCHEMA.Country), PLACES),
            temporalCoverage=self._period(),
            variableMeasured=list(self._measured()),
            isBasedOn=self.things.linked(self._graph.values(catalogue, PROV.wasDerivedFrom), SOURCES),
            includedInDataCatalog=entity("DataCatalog", catalogue.value, name=name),
            citation=self._offer.citation.strip(),
            distribution=self.downloads(),
        )

    def catalogue(self) -> Entity:
        """Tell of the catalogue that lists the dataset."""
        node = self._names.catalogue
        told = {"name": self._texts.name(node), "description": self._texts.best(node, *SUMMARIES).value}
        return entity("DataCatalog", node.value, **told, url=f"{node.value}.html", **self._of_publication())

    def site(self) -> Entity:
        """Tell of the web site."""
        space, name = self._names.space, self._texts.name(self._names.catalogue)
        told = {"url": space, "publisher": self._publisher(), "inLanguage": list(self._texts.languages)}
        return entity("WebSite", f"{space}#website", name=name, **told)

    def downloads(self) -> list[Entity]:
        """Tell of the files of the dataset."""
        licence = self._licence()
        return [
            entity(
                "DataDownload",
                file.iri,
                name=file.name,
                contentUrl=file.url,
                encodingFormat=file.media_type,
                contentSize=f"{file.size_bytes} B",
                license=licence,
            )
            for file in self._offer.files
        ]

    def _licence(self) -> list[str]:
        """Return where the licence is read, also where it is stated by the IRI of a portal's table."""
        stated = self._texts.urls(self._names.catalogue, DCTERMS.license)
        return [LICENCE_ADDRESSES.get(NamedNode(iri), iri) for iri in stated]

    def _of_publication(self) -> Entity:
        node = self._names.catalogue
        return {
            "publisher": self._publisher(),
            "license": self._licence(),
            "inLanguage": list(self._texts.languages),
            "datePublished": self._texts.dates(node, DCTERMS.issued)[:1],
            "dateModified": self._texts.dates(node, DCTERMS.modified)[-1:],
        }

    def _publisher(self) -> list[Entity]:
        publishers = self._graph.values(self._names.catalogue, DCTERMS.publisher)
        told = self.things.linked(publishers, BODIES)
        return [kept(one | {"url": self._texts.urls(NamedNode(str(one["@id"])), SCHEMA.url)}) for one in told]

    def _description_of_dataset(self) -> str:
        """Return a description as long as search engines ask for: counts make a short one longer."""
        text = self._texts.best(self._names.catalogue, *SUMMARIES).value
        if len(text) < SHORTEST:
            counted = vars(statistics(self._dataset)).items()
            told = {name: number_text(str(count), self._language) for name, count in counted}
            numbers = self._say("{triples} triples, {derived} of them derived, on {documents} things.")
            title, numbers = self._texts.name(self._names.catalogue), numbers.format(**told)
            text = " ".join((f"{title}:", *text.split(), numbers, self._names.space))
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

    def _period(self) -> str:
        """Return the time that the dataset tells of, as an interval of ISO 8601; either end may be open."""
        told = dating.period(self._dataset)
        start, end = (date.value if date else ".." for date in told)
        return f"{start}/{end}" if any(told) else ""

    def _measured(self) -> Iterator[Entity]:
        for term in _MEASURED:
            if label := self._texts.best(term, RDFS.label).value:
                yield {"@type": "PropertyValue", "name": label, "propertyID": term.value}
