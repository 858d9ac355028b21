"""The frame of every page: its head, the site's name, the menu of languages, the foot.

The templates hold loops and conditions only, and escape whatever they are given
(https://jinja.palletsprojects.com/en/stable/api/#autoescaping). Links are relative, so that the site works
from any host, any folder and the disk.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from twintowns import authority, slots
from twintowns.catalogue import Publication
from twintowns.contact import emails, mailto
from twintowns.dataset import Dataset
from twintowns.head import head
from twintowns.iris import is_linkable, relative
from twintowns.kinds import KINDS, kinds_of, members
from twintowns.messages import language_name, marked, number_text, page_translations
from twintowns.overviews import links_of_page
from twintowns.pagevalues import Reader, Text, Value
from twintowns.reports import severity_name
from twintowns.signposting import Link, links, subject_of
from twintowns.templating import environment
from twintowns.views import View, Vocabulary, vocabulary_labels
from twintowns.vocabulary import DCTERMS

_MENU: Final = ("Twinnings", "Places", "Articles")
"""The kinds of things to which the head of every page leads."""


def frame_signature(dataset: Dataset) -> tuple[object, ...]:
    """Return what of a dataset stands around every page, besides its title and its publisher's name."""
    told = emails(dataset.graph, dataset.names.catalogue), kinds_of(dataset) & set(_MENU)
    return *told, bool(dataset.compared)


class Frame:
    """Puts what a page shows into the frame that all pages have.

    Args:
        dataset: What is printed.
        publication: Its languages.
        whole: The publication's dataset, where what is printed is only a part of it.
    """

    def __init__(self, dataset: Dataset, publication: Publication, whole: Dataset | None = None) -> None:
        """Make the template environment ready."""
        self.dataset = dataset
        self.whole = whole or dataset
        self.publication = publication
        self.vocabulary: Vocabulary = vocabulary_labels(dataset.graph)
        self._environment = environment()
        self._chromes: dict[tuple[str, int], dict[str, object]] = {}
        self._linked: tuple[str, dict[str, object]] = ("", {})

    def prepare(self) -> None:
        """Read the templates and the words, before other processes would each do it."""
        for name in self._environment.list_templates(extensions=["html"]):
            self._environment.get_template(name)
        for reader in self.readers("index"):
            self._chrome(reader.language, reader.folder, reader.page.count("/"))

    def head(self, reader: Reader, path: str, iri: str, paragraphs: Iterable[Text]) -> dict[str, object]:
        """Return what a page says of itself, and the IRI of what it is about."""
        return {"iri": iri, "head": head(self.publication, reader.language, path, iri, paragraphs)}

    def own_head(self, reader: Reader, path: str) -> dict[str, object]:
        """Return what a page says of itself that is about nothing but what it lists, wherever it lies."""
        iri = f"{self.publication.names.space}{path}"
        address = iri if self.is_main(reader) else self.publication.address(reader.language, path)
        told = head(self.publication, reader.language, path, iri, [])
        return {"iri": iri, "head": told._replace(canonical=address)}

    def addresses(self, path: str) -> list[str]:
        """Return the addresses of a document's pages, one a language."""
        return [f"{self.folder(language)}{path}.html" for language in self.publication.languages]

    def printed(
        self, template: str, reader: Reader, path: str, extra: Mapping[str, object]
    ) -> tuple[str, bytes]:
        """Return the path and the bytes of a page: a template, filled with what it shows, in its frame."""
        chrome = self._chrome(reader.language, reader.folder, reader.page.count("/"))
        around = {
            "reader": reader,
            "path": path,
            "switch": [
                (tag, language_name(tag), self._address(tag, path, reader))
                for tag in self.publication.languages
            ],
        }
        told = {**chrome, **self._links(path, NamedNode(str(extra["iri"]))), **around, **extra}
        told["report"] = self._report(reader, str(extra["iri"]))
        text = self._environment.get_template(template).render(told)
        return reader.page, marked(text).encode()

    def _chrome(self, language: str, folder: str, depth: int) -> dict[str, object]:
        """Return what is the same on all pages of a language that lie equally deep."""
        known = self._chromes.get((language, depth))
        if known is not None:
            return known
        reader = Reader(language, self.fallbacks(language), "/" * depth, folder)
        messages = page_translations(language)
        chrome: dict[str, object] = {
            "_": messages.gettext,
            "ngettext": messages.ngettext,
            "root": relative("", reader.page),
            "home": relative(folder, reader.page),
            "number": lambda count: number_text(str(count), language),
            "severity_name": severity_name,
            "language_name": language_name,
            "site_title": self.titles[language],
            "has_catalogue": self.has_catalogue,
            "vocabulary_index": self.dataset.names.vocabulary_index,
            "publisher": self._link_to_publisher(reader),
            "licence": self._licence,
            "public_domain": authority.PUBLIC_DOMAIN,
            "sections": {title: KINDS[title] for title in self.members if title in _MENU},
            "query_page": slots.QUERY_PAGE if self.has_catalogue else "",
            "scripts": slots.SCRIPTS,
            "has_comparison": bool(self.whole.compared),
        }
        chrome["footer"] = Markup(self._environment.get_template("footer.html").render(chrome))  # noqa: S704 - a template of ours
        self._chromes[language, depth] = chrome
        return chrome

    def _report(self, reader: Reader, iri: str) -> str:
        """Return what begins a message to the publisher on an error in a page; empty without an address."""
        subject = reader.translated("Error in the data")
        return mailto(self._emails[0], f"{subject}: {iri}", f"{iri}\n\n") if self._emails else ""

    @cached_property
    def _emails(self) -> tuple[str, ...]:
        return emails(self.whole.graph, self.whole.names.catalogue)

    def _links(self, path: str, iri: NamedNode) -> dict[str, object]:
        """Return the links of a page's head that are the same in all languages, which are printed in turn."""
        if self._linked[0] != path:
            module: Any = self._environment.get_template("links.html").module
            told = [link[:3] for link in self._signposts(path, iri)]
            self._linked = (
                path,
                {
                    "alternates": module.alternates(self.publication.alternates(path)),
                    "signposts": module.signposts(told),
                },
            )
        return self._linked[1]

    def _signposts(self, path: str, iri: NamedNode) -> list[Link]:
        """Return what leads a program from a page to the data, the licence and the author."""
        names, whole = self.dataset.names, self.whole
        is_front = path == "index" and self.has_catalogue
        if not is_front and (told := links_of_page(whole, path)):
            return told
        document = names.dataset if is_front else iri
        return links(names, subject_of(whole, document), ())

    @property
    def has_catalogue(self) -> bool:
        """Whether what is printed tells of a publication of twinnings."""
        return self.dataset.names.catalogue in self.dataset.documents

    def readers(self, path: str) -> list[Reader]:
        """Return the readers of a page, one a language."""
        return [self.reader(tag, path) for tag in self.publication.languages]

    def reader(self, language: str, path: str) -> Reader:
        """Return the reader of a page in a language."""
        folder = self.folder(language)
        return Reader(language, self.fallbacks(language), f"{folder}{path}.html", folder)

    def fallbacks(self, language: str) -> tuple[str, ...]:
        """Return the languages in which a text is looked for."""
        return tuple(dict.fromkeys((language, *self.publication.languages, "en")))

    def is_main(self, reader: Reader) -> bool:
        """Tell whether a reader reads the main language."""
        return reader.language == self.publication.main_language

    def folder(self, language: str) -> str:
        """Return where the pages of a language lie."""
        return "" if language == self.publication.main_language else f"{language}/"

    def _address(self, language: str, path: str, reader: Reader) -> str:
        return relative(f"{self.folder(language)}{path}.html", reader.page)

    @cached_property
    def titles(self) -> dict[str, Text]:
        """What the publication is called, by the language of the page."""
        titles = {
            title.language or "": title.value
            for title in self.dataset.graph.values(self.dataset.names.catalogue, DCTERMS["title"])
            if isinstance(title, Literal)
        }
        readers = self.readers("index")
        if not titles:
            return {
                reader.language: Text(f"Twintowns: {reader.translated('Vocabulary')}") for reader in readers
            }
        return {reader.language: _nearest(titles, reader) for reader in readers}

    def _link_to_publisher(self, reader: Reader) -> Value | None:
        publisher = self.dataset.graph.value(self.dataset.names.catalogue, DCTERMS.publisher)
        return self.link(publisher, reader) if isinstance(publisher, NamedNode) else None

    @cached_property
    def _licence(self) -> str:
        """The address of the licence: the publication's, or that of the vocabulary where there is none."""
        if not self.has_catalogue:
            return authority.PUBLIC_DOMAIN
        licence = self.dataset.graph.value(self.dataset.names.catalogue, DCTERMS.license)
        if not isinstance(licence, NamedNode) or not is_linkable(licence.value):
            return ""
        return authority.LICENCE_ADDRESSES.get(licence, licence.value)

    @cached_property
    def members(self) -> dict[str, list[NamedNode]]:
        """What the publication has of each kind of things that has a list."""
        return members(self.whole) if self.has_catalogue else {}

    def view(self, node: NamedNode, reader: Reader) -> View:
        """Return what is shown of a thing by what is stated of itself alone."""
        return View.summary_of(self.dataset, node, reader, self.vocabulary)

    def link(self, node: object, reader: Reader) -> Value | None:
        """Return a link to a thing, if it can be one."""
        if not isinstance(node, NamedNode):
            return None
        return View.link_of(self.dataset, node, reader, self.vocabulary)


def _nearest(texts: Mapping[str, str], reader: Reader) -> Text:
    tag = next(tag for tag in (*reader.fallbacks, *sorted(texts)) if tag in texts)
    return Text(texts[tag], "" if tag == reader.language else tag)
