"""What a publication says of itself: its IRI space, its languages, its title, its publisher.

`data/catalogue.ttl` is the only configuration there is. Whether it is complete is for the shapes to say;
here is read what a build cannot begin without. Language tags follow BCP 47
(https://www.rfc-editor.org/info/bcp47).
"""

import re
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from twintowns.exceptions import CatalogueError
from twintowns.iris import FOLDERS, Names, curie
from twintowns.loading import SourceFile, read_text, read_turtle
from twintowns.positions import line_of, positions
from twintowns.project import Project
from twintowns.vocabulary import DCAT, SCHEMA, TT, VOID, W3ID, A

_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MOST_LANGUAGES: Final = 50
_NAMED: Final = re.compile(rf"(https?://[^#]+/)(?:catalogue|(?:{'|'.join(FOLDERS)})/[\w.~-]+)")
"""An IRI of a publication, with the space that it begins with."""
_SPACE: Final = re.compile(r"https?://[\w.~:-]+(/[\w.~-]+)*/")


@dataclass(frozen=True)
class Publication:
    """What a build must know before it begins.

    Attributes:
        names: How its things are named.
        languages: BCP 47 tags, the main language first, the others in the order of their letters.
    """

    names: Names
    languages: tuple[str, ...]

    @property
    def main_language(self) -> str:
        """The language of the pages without a language in their address."""
        return self.languages[0]

    def address(self, language: str, path: str) -> str:
        """Return the absolute address of a page: the one by which it is told of outside of the site.

        Args:
            language: One of the languages.
            path: Where the page lies, without folder of the language and suffix; `index` is a front page.

        >>> publication = Publication(Names("https://example.org/town/"), ("sv", "de"))
        >>> publication.address("sv", "place/Q1"), publication.address("de", "index")
        ('https://example.org/town/place/Q1.html', 'https://example.org/town/de/')
        """
        folder = "" if language == self.main_language else f"{language}/"
        return f"{self.names.space}{folder}{'' if path == 'index' else f'{path}.html'}"

    def alternates(self, path: str) -> list[tuple[str, str]]:
        """Return the addresses of a page by language, and for everybody else: that of the main language.

        The words are those of search engines
        (https://developers.google.com/search/docs/specialty/international/localized-versions).

        >>> Publication(Names("https://example.org/town/"), ("sv", "de")).alternates("index")[1:]
        [('de', 'https://example.org/town/de/'), ('x-default', 'https://example.org/town/')]
        """
        spoken = [(language, self.address(language, path)) for language in self.languages]
        return [*spoken, ("x-default", self.address(self.main_language, path))]


VOCABULARY: Final = Publication(Names(W3ID, vocabulary_folder=""), ("en", "de", "et", "fi", "sv"))
"""The publication of the terms, schemes and shapes at their own address."""


def read_publication(project: Project) -> Publication:
    """Read the catalogue of a project.

    Raises:
        CatalogueError: If it lacks the IRI space or the languages, or states them wrongly.
        DataFileError: If it is no Turtle file.
    """
    if not project.has_data:
        return VOCABULARY
    file = read_turtle(project.catalogue)
    space = _one_text(file, VOID.uriSpace, "https://example.org/town/", _SPACE)
    main = _one_text(file, TT.mainLanguage, "sv", _TAG)
    others = {_checked(file, SCHEMA.inLanguage, tag, "sv", _TAG) for tag in _texts(file, SCHEMA.inLanguage)}
    if not is_iri_space(space):
        raise _wrong(file, VOID.uriSpace, space, "https://example.org/town/")
    _check_space(file, space)
    if len(others) > _MOST_LANGUAGES:
        raise CatalogueError(
            file.path,
            "it names {count} languages, more than a site can be printed in",
            "keep those in which there are texts",
            line=_line(file, SCHEMA.inLanguage),
            values={"count": len(others)},
        )
    return Publication(Names(space), (main, *sorted(others - {main})))


def _check_space(file: SourceFile, space: str) -> None:
    """See that something of what the catalogue names lies in the IRI space, where it has a name in one.

    Raises:
        CatalogueError: If all that it names lies elsewhere, with the line that states the space.
    """
    iris = (end.value for t in file.triples for end in (t.subject, t.object) if isinstance(end, NamedNode))
    spaces = {found[1] for iri in iris if (found := _NAMED.fullmatch(iri))}
    own = [found[1] for one in file.subjects if (found := _NAMED.fullmatch(one.value))]
    if own and space not in spaces:
        raise CatalogueError(
            file.path,
            '"{text}" is not how the IRIs here begin: the catalogue tells of <{subject}>',
            'write it like this: {predicate} "{example}" ;',
            line=_line(file, VOID.uriSpace, space),
            values={
                "text": space,
                "subject": file.subjects[0].value,
                "predicate": curie(VOID.uriSpace.value),
                "example": own[0],
            },
        )


def is_iri_space(text: str) -> bool:
    """Tell whether a text can begin the IRIs of a publication.

    >>> is_iri_space("https://example.org/town/"), is_iri_space("https://example.org/../")
    (True, False)
    """
    return _SPACE.fullmatch(text) is not None and not {".", ".."} & set(text.split("/"))


def _one_text(file: SourceFile, predicate: NamedNode, example: str, form: re.Pattern[str]) -> str:
    texts = _texts(file, predicate)
    if len(texts) != 1:
        raise CatalogueError(
            file.path,
            "it states {count} texts for {predicate}, and must state one",
            'give it one line such as: {predicate} "{example}" ;',
            line=_line(file, predicate),
            values={"count": len(texts), "predicate": curie(predicate.value), "example": example},
        )
    return _checked(file, predicate, texts[0], example, form)


def _checked(file: SourceFile, predicate: NamedNode, text: str, example: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(text):
        raise _wrong(file, predicate, text, example)
    return text


def _wrong(file: SourceFile, predicate: NamedNode, text: str, example: str) -> CatalogueError:
    return CatalogueError(
        file.path,
        '"{text}" is not a valid value of {predicate}',
        'write it like this: {predicate} "{example}" ;',
        line=_line(file, predicate, text),
        values={"text": text, "predicate": curie(predicate.value), "example": example},
    )


def _texts(file: SourceFile, predicate: NamedNode) -> list[str]:
    return [
        triple.object.value
        for triple in file.triples
        if triple.predicate == predicate and isinstance(triple.object, Literal)
    ]


def _line(file: SourceFile, predicate: NamedNode, value: str | None = None) -> int | None:
    catalogues = (t.subject.value for t in file.triples if t.predicate == A and t.object == DCAT.Catalog)  # type: ignore[union-attr]
    subject = next(catalogues, file.subjects[0].value if file.subjects else "")
    return line_of(positions(read_text(file.path)), subject, predicate.value, (value, "") if value else None)
