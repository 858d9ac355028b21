"""Pages: views poured into templates, one file a language.

The templates hold loops and conditions only, and escape whatever they are given
(https://jinja.palletsprojects.com/en/stable/api/#autoescaping). Links are relative, so that the site works
from any host, any folder and the disk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Triple

from twintowns import authority, schemaorg
from twintowns.catalogue import Publication
from twintowns.citation import citations
from twintowns.dataset import Dataset
from twintowns.description import Description, describe
from twintowns.distributions import DISTRIBUTIONS
from twintowns.head import head
from twintowns.iris import SCHEMES, is_linkable, relative
from twintowns.jsontext import in_script
from twintowns.messages import language_name, number_text, translations
from twintowns.pagevalues import Listing, Reader, Text, Value
from twintowns.project import TEMPLATES
from twintowns.reports import severity_name
from twintowns.results import ValidationReport
from twintowns.schemaorg import SEARCH, Entity
from twintowns.searchview import Download, Offer, landing_entities, page_entities
from twintowns.signposting import Link, links, report_links, subject_of
from twintowns.statistics import Statistics
from twintowns.views import View, Vocabulary, vocabulary_labels
from twintowns.vocabulary import DCTERMS, OWL, PROF, SCHEMA, SH, TT, W3ID

LISTED = 100
"""How many things a list on the landing page shows before it says how many more there are."""

_LISTS = {
    "Twinnings": (TT.Twinning,),
    "Articles": (SCHEMA.Article,),
    "Places": (SCHEMA.City, SCHEMA.AdministrativeArea, SCHEMA.Country),
    "Organizations": (
        SCHEMA.Organization,
        SCHEMA.GovernmentOrganization,
        SCHEMA.NGO,
        SCHEMA.Corporation,
        SCHEMA.NewsMediaOrganization,
    ),
    "Sources": (SCHEMA.WebPage, SCHEMA.NewsArticle, SCHEMA.Dataset, SCHEMA.CreativeWork),
}


def environment() -> Environment:
    """Return the templates, ready to be filled; they escape whatever they are given."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


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
        """Make the template environment ready."""
        self._sizes = sizes or {}
        self._dataset = dataset
        self._whole = whole or dataset
        self._publication = publication
        self._vocabulary: Vocabulary = vocabulary_labels(dataset.graph)
        self._environment = environment()
        self._chromes: dict[tuple[str, int], dict[str, object]] = {}
        self._linked: tuple[str, dict[str, object]] = ("", {})

    def prepare(self) -> None:
        """Read the templates and the words, before other processes would each do it."""
        for name in self._environment.list_templates(extensions=["html"]):
            self._environment.get_template(name)
        for reader in self._readers("index"):
            self._chrome(reader.language, reader.folder, reader.page.count("/"))

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
        for reader in self._readers(path):
            view = View(self._dataset, description, reader, self._vocabulary)
            entities = self._entities(told, description.document, reader, view.title.text)
            extra = self._head(reader, path, description.document.value, view.paragraphs)
            extra |= {"view": view, "script": script, "entities": _scripts(entities)}
            yield self._printed("resource.html", reader, path, extra)
            if self._is_main(reader) and description.document != self._dataset.names.dataset:
                yield f"{path}.{SEARCH}", schemaorg.document(entities)

    def _told(self, description: Description) -> Dataset:
        """Return what search engines may read for a page: no more than its own description."""
        names = self._dataset.names
        if description.document in {names.catalogue, names.dataset}:
            return self._whole
        stated = frozenset((*description.graph, *self._dataset.graph.about(names.catalogue)))
        return Dataset(names, stated, *(frozenset[Triple](),) * 3, {})

    def _entities(self, told: Dataset, document: NamedNode, reader: Reader, title: str) -> list[Entity]:
        """Return what search engines read of a page, and the way to it."""
        names = {told.names.dataset: "Dataset", told.names.catalogue: "Catalogue"}
        step = reader.translated(names[document]) if document in names else title
        trail = [(self._titles[reader.language].text, told.names.space), (step, document.value)]
        offer = self._offer(self._sizes) if document == told.names.dataset else Offer()
        return page_entities(told, document, reader.language, trail, offer)

    def _offer(self, sizes: Mapping[str, int]) -> Offer:
        """Return how the dataset is offered, in files of some sizes."""
        names, cited = self._dataset.names, citations(self._whole, self._publication)["txt"]
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

    def landing(
        self, json_ld: bytes, statistics: Statistics, sizes: Mapping[str, int]
    ) -> Iterator[tuple[str, bytes]]:
        """Print the landing page in each language, and what search engines read of the dataset.

        Args:
            json_ld: The catalogue as JSON-LD, for the page to carry.
            statistics: The numbers to show.
            sizes: The sizes of the dumps in bytes, by their paths.
        """
        offer = self._offer(sizes)
        description = self._described(self._dataset.names.catalogue)
        for reader in self._readers("index"):
            view = View(self._dataset, description, reader, self._vocabulary)
            listings = [self._listing(title, classes, reader) for title, classes in _LISTS.items()]
            entities = landing_entities(self._dataset, reader.language, offer)
            extra = self._head(reader, "index", self._dataset.names.space, view.paragraphs)
            extra |= {
                "view": view,
                "script": in_script(json_ld),
                "listings": listings,
                "statistics": statistics,
                "distributions": DISTRIBUTIONS,
                "citation": offer.citation,
                "entities": _scripts(entities),
            }
            yield self._printed("landing.html", reader, "index", extra)
            if self._is_main(reader):
                about = self._dataset.names.path_of(self._dataset.names.dataset)
                yield f"{about}.{SEARCH}", schemaorg.document(entities)

    def vocabulary(self) -> Iterator[tuple[str, bytes]]:
        """Print the index of the ontology, schemes and shapes in each language."""
        path = self._dataset.names.vocabulary_index
        for reader in self._readers(path):
            documents = [d for d in self._dataset.documents if self._dataset.names.is_vocabulary(d)]
            listings = [
                self._listed("Specification", [d for d in documents if self._is_a(d, PROF.Profile)], reader),
                self._listed("Ontology", [d for d in documents if self._is_a(d, OWL.Ontology)], reader),
                self._listed("Concept schemes", [d for d in documents if d.value in _schemes()], reader),
                self._listed("Shapes", [d for d in documents if self._is_a(d, SH.NodeShape)], reader),
            ]
            lead = Text(
                reader.translated(
                    "The terms, concept schemes and shapes that every publication of twinnings shares."
                )
            )
            extra = self._head(reader, path, W3ID, [lead]) | {"listings": listings, "lead": lead}
            yield self._printed("vocabulary.html", reader, path, extra)

    def validation(self, report: ValidationReport) -> Iterator[tuple[str, bytes]]:
        """Print the validation report in each language."""
        for reader in self._readers("validation"):
            rows = [
                (
                    result,
                    self._link(result.focus_node, reader),
                    Text(result.message(reader.fallbacks), has_code=True),
                )
                for result in report.results
            ]
            lead = Text(
                reader.translated(
                    "Every edition of this site is checked against the shapes before it is published. "
                    "This is what was found in this one."
                )
            )
            extra = self._head(reader, "validation", f"{self._dataset.names.space}validation", [lead])
            extra |= {"rows": rows, "lead": lead}
            yield self._printed("validation.html", reader, "validation", extra)

    def _head(self, reader: Reader, path: str, iri: str, paragraphs: Iterable[Text]) -> dict[str, object]:
        """Return what a page says of itself, and the IRI of what it is about."""
        return {"iri": iri, "head": head(self._publication, reader.language, path, iri, paragraphs)}

    def addresses(self, path: str) -> list[str]:
        """Return the addresses of a document's pages, one a language."""
        return [f"{self._folder(language)}{path}.html" for language in self._publication.languages]

    def _printed(
        self, template: str, reader: Reader, path: str, extra: Mapping[str, object]
    ) -> tuple[str, bytes]:
        chrome = self._chrome(reader.language, reader.folder, reader.page.count("/"))
        around = {
            "reader": reader,
            "path": path,
            "switch": [
                (tag, language_name(tag), self._address(tag, path, reader))
                for tag in self._publication.languages
            ],
        }
        told = {**chrome, **self._links(path, NamedNode(str(extra["iri"]))), **around, **extra}
        text = self._environment.get_template(template).render(told)
        return reader.page, text.encode()

    def _chrome(self, language: str, folder: str, depth: int) -> dict[str, object]:
        """Return what is the same on all pages of a language that lie equally deep."""
        known = self._chromes.get((language, depth))
        if known is not None:
            return known
        reader = Reader(language, self._fallbacks(language), "/" * depth, folder)
        messages = translations(language)
        chrome: dict[str, object] = {
            "_": messages.gettext,
            "ngettext": messages.ngettext,
            "root": relative("", reader.page),
            "home": relative(folder, reader.page),
            "number": lambda count: number_text(str(count), language),
            "severity_name": severity_name,
            "language_name": language_name,
            "site_title": self._titles[language],
            "has_catalogue": self._has_catalogue,
            "vocabulary_index": self._dataset.names.vocabulary_index,
            "publisher": self._link_to_publisher(reader),
            "licence": self._licence,
            "public_domain": authority.PUBLIC_DOMAIN,
        }
        chrome["footer"] = Markup(self._environment.get_template("footer.html").render(chrome))  # noqa: S704 - a template of ours
        self._chromes[language, depth] = chrome
        return chrome

    def _links(self, path: str, iri: NamedNode) -> dict[str, object]:
        """Return the links of a page's head that are the same in all languages, which are printed in turn."""
        if self._linked[0] != path:
            module: Any = self._environment.get_template("links.html").module
            told = [link[:3] for link in self._signposts(path, iri)]
            self._linked = (
                path,
                {
                    "alternates": module.alternates(self._publication.alternates(path)),
                    "signposts": module.signposts(told),
                },
            )
        return self._linked[1]

    def _signposts(self, path: str, iri: NamedNode) -> list[Link]:
        """Return what leads a program from a page to the data, the licence and the author."""
        names, whole = self._dataset.names, self._whole
        if path == "validation":
            return report_links(whole)
        document = names.dataset if path == "index" and self._has_catalogue else iri
        if document == names.dataset or document in self._dataset.documents:
            return links(names, subject_of(whole, document), ())
        return []

    @property
    def _has_catalogue(self) -> bool:
        return self._dataset.names.catalogue in self._dataset.documents

    def _readers(self, path: str) -> list[Reader]:
        return [
            Reader(tag, self._fallbacks(tag), f"{self._folder(tag)}{path}.html", self._folder(tag))
            for tag in self._publication.languages
        ]

    def _fallbacks(self, language: str) -> tuple[str, ...]:
        """Return the languages in which a text is looked for."""
        return tuple(dict.fromkeys((language, *self._publication.languages, "en")))

    def _is_main(self, reader: Reader) -> bool:
        return reader.language == self._publication.main_language

    def _folder(self, language: str) -> str:
        return "" if language == self._publication.main_language else f"{language}/"

    def _address(self, language: str, path: str, reader: Reader) -> str:
        return relative(f"{self._folder(language)}{path}.html", reader.page)

    @cached_property
    def _titles(self) -> dict[str, Text]:
        titles = {
            title.language or "": title.value
            for title in self._dataset.graph.values(self._dataset.names.catalogue, DCTERMS["title"])
            if isinstance(title, Literal)
        }
        readers = self._readers("index")
        if not titles:
            return {
                reader.language: Text(f"Twintowns: {reader.translated('Vocabulary')}") for reader in readers
            }
        return {reader.language: _nearest(titles, reader) for reader in readers}

    def _link_to_publisher(self, reader: Reader) -> Value | None:
        publisher = self._dataset.graph.value(self._dataset.names.catalogue, DCTERMS.publisher)
        return self._link(publisher, reader) if isinstance(publisher, NamedNode) else None

    @cached_property
    def _licence(self) -> str:
        """The address of the licence: the publication's, or that of the vocabulary where there is none."""
        if not self._has_catalogue:
            return authority.PUBLIC_DOMAIN
        licence = self._dataset.graph.value(self._dataset.names.catalogue, DCTERMS.license)
        if not isinstance(licence, NamedNode) or not is_linkable(licence.value):
            return ""
        return authority.LICENCE_ADDRESSES.get(licence, licence.value)

    def _described(self, document: NamedNode) -> Description:
        return describe(self._dataset, document)

    def _link(self, node: object, reader: Reader) -> Value | None:
        if not isinstance(node, NamedNode):
            return None
        return View.link_of(self._dataset, node, reader, self._vocabulary)

    def _is_a(self, document: NamedNode, of_class: NamedNode) -> bool:
        return any(triple.object == of_class for triple in self._dataset.graph.about(document))

    def _listing(self, title: str, classes: tuple[NamedNode, ...], reader: Reader) -> Listing:
        found = dict.fromkeys(node for one in classes for node in self._dataset.graph.instances(one))
        return self._listed(
            title, [n for n in found if isinstance(n, NamedNode) and n in self._dataset.documents], reader
        )

    def _listed(self, title: str, documents: list[NamedNode], reader: Reader) -> Listing:
        shown = documents if len(documents) <= LISTED else sorted(documents, key=str)[:LISTED]
        links = [link for document in shown if (link := self._link(document, reader))]
        return Listing(
            title, tuple(sorted(links, key=lambda link: link.label.text.casefold())), len(documents)
        )


def _nearest(texts: Mapping[str, str], reader: Reader) -> Text:
    tag = next(tag for tag in (*reader.fallbacks, *sorted(texts)) if tag in texts)
    return Text(texts[tag], "" if tag == reader.language else tag)


def _scripts(entities: Sequence[Entity]) -> list[str]:
    return [in_script(document) for document in schemaorg.documents(entities)]


def _schemes() -> set[str]:
    return {f"{W3ID}{scheme}" for scheme in SCHEMES}
