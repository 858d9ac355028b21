"""What the head of a page says to those who list it or share a link to it: search engines, messengers.

Which address is the page's one for good, where it is in other languages, what it is about in a sentence or
two. Sources: https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls and
https://ogp.me/
"""

from collections.abc import Iterable
from itertools import takewhile
from typing import Final, NamedTuple

from twintowns.catalogue import VOCABULARY, Publication
from twintowns.pagevalues import Text

CARD: Final = "card.png"
"""Where the picture lies that is shown beside a shared link."""

_LONGEST: Final = 200
_LOOSE: Final = " .,;:-\N{EN DASH}"
"""What does not stand well before the mark of an omission."""


class Head(NamedTuple):
    """The head of one page.

    Attributes:
        canonical: The address by which the page is to be listed.
        alternates: The page's addresses by language, and for everybody else.
        summary: The first words of its text, if it has any.
        image: The address of the picture for links to it.
    """

    canonical: str
    alternates: list[tuple[str, str]]
    summary: Text | None
    image: str


def head(publication: Publication, language: str, path: str, iri: str, paragraphs: Iterable[Text]) -> Head:
    """Return the head of a page.

    Args:
        publication: What the page is of.
        language: The language of the page.
        path: Where it lies, without folder of the language and suffix.
        iri: The IRI of what it is about.
        paragraphs: Its text.
    """
    return Head(
        canonical(publication, language, path, iri),
        publication.alternates(path),
        summary(paragraphs),
        f"{publication.names.space}{CARD}",
    )


def canonical(publication: Publication, language: str, path: str, iri: str) -> str:
    """Return the address by which a page is to be listed, which must be one in the page's language.

    A page in the main language goes by the IRI of what it is about, which leads to it; in the others it goes
    by its own address. A page of the shared vocabulary goes by the one at home, if it is there in that
    language.
    """
    folder = publication.names.vocabulary_folder
    home = VOCABULARY if path.startswith(folder) else publication
    if language not in home.languages:
        return publication.address(language, path)
    return iri if language == home.main_language else home.address(language, path.removeprefix(folder))


def summary(paragraphs: Iterable[Text]) -> Text | None:
    """Return the first words of a text, as far as it is in one language, cut after a word.

    >>> summary([Text("One town."), Text("Another town.")]).text
    'One town. Another town.'
    """
    told = list(paragraphs)
    if not told:
        return None
    language = told[0].language
    same = takewhile(lambda paragraph: paragraph.language == language, told)
    words = " ".join(" ".join(paragraph.text for paragraph in same).split())
    return Text(_cut(words), language) if words else None


def _cut(words: str) -> str:
    if len(words) <= _LONGEST:
        return words
    begun = words[:_LONGEST]
    whole = begun if words[_LONGEST] == " " else begun.rpartition(" ")[0] or begun[:-1]
    return f"{whole.rstrip(_LOOSE)}…"
