"""The search index: names to be found as they are typed, cut into small files that a page loads when needed.

The words of all names, folded, stand in one order and are cut into parts of some 30 kB, each of which has
whole every thing with a word in it: a reader who has typed enough letters needs one part. Where the words
that begin with some letters do not fit into one part, they are parted by their next letter, and the best
known things with these letters stand in a file of their own, the top, which is all that is needed of them
until the next letter comes. A table, one for each language, says which parts and tops there are.

The files are scripts that call one function, since from a folder on disk a browser loads scripts and nothing
else. What they hold depends on nothing but the dataset, and a part only on the names in it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import groupby
from typing import Final

from pyoxigraph import NamedNode

from twintowns import folding, jsontext
from twintowns.catalogue import Publication
from twintowns.findables import Findable, Findables, is_twinning
from twintowns.messages import language_name_in, translations
from twintowns.vocabulary import TT

FOLDER: Final = "search/"
FUNCTION: Final = "twintownsSearch"
"""The function of the page that each file calls, with the file's name and what it holds."""

_PART_BYTES: Final = 30_000
_TOP: Final = 50
"""How many things a top names."""
_LONGEST_WORD: Final = 24
"""By how many characters words are told apart; pages compare whole words."""
_ALONE, _FIRST, _LATER = range(3)
"""Whether a word is all of a name, begins it, or follows."""

Posting = dict[int, int]
"""The things with a word, by their places among all, and where in a name the word stands, at best."""


@dataclass
class _Parts:
    """The words cut into parts.

    Attributes:
        postings: The things with each word.
        sizes: The bytes of each thing.
        words: All words in the order in which a script compares them.
        parts: The things of each part, by the word with which it begins.
        tops: The best known things of each beginning that has no single part.
        last: From which place on things are twinnings.
    """

    postings: dict[str, Posting]
    sizes: Sequence[int]
    last: int
    words: list[str] = field(default_factory=list)
    parts: dict[str, list[int]] = field(default_factory=dict)
    tops: dict[str, list[int]] = field(default_factory=dict)

    def cut(self) -> None:
        """Cut the words into parts and tops."""
        self.words = sorted(self.postings, key=_as_compared)
        self._cut(0, len(self.words), "")

    def _cut(self, start: int, end: int, prefix: str) -> None:
        """Cut the words from one place to another, which all begin alike and are too many for one part."""
        waiting: set[int] = set()
        begun = ""
        if self._fits(whole := self._things(start, end)):
            self.parts[prefix] = sorted(whole)
            return
        if prefix:
            self.tops[prefix] = self._best(start, end, prefix)
        for letters, first, last in self._groups(start, end, len(prefix)):
            things = self._things(first, last)
            if waiting and not self._fits(waiting | things):
                self.parts[begun], waiting = sorted(waiting), set()
            if self._fits(things):
                begun = begun if waiting else letters
                waiting |= things
            elif last - first == 1 and self.words[first] == prefix:
                self._chunk(prefix, sorted(things))
            else:
                self._cut(first, last, letters)
        if waiting:
            self.parts[begun] = sorted(waiting)

    def _groups(self, start: int, end: int, length: int) -> Iterator[tuple[str, int, int]]:
        """Go through the words by one letter more, with where each group begins and ends."""
        first = start
        for letters, group in groupby(self.words[start:end], key=lambda word: word[: length + 1]):
            last = first + sum(1 for _ in group)
            yield letters, first, last
            first = last

    def _chunk(self, word: str, things: Sequence[int]) -> None:
        """Cut the things of one word; parts with a number sort between the word and any longer one."""
        begun, size, count = 0, 0, 0
        for place, thing in enumerate(things):
            if size + self.sizes[thing] > _PART_BYTES and place > begun:
                self.parts[f"{word} {count}".removesuffix(" 0")] = list(things[begun:place])
                begun, size, count = place, 0, count + 1
            size += self.sizes[thing]
        self.parts[f"{word} {count}".removesuffix(" 0")] = list(things[begun:])

    def _things(self, start: int, end: int) -> set[int]:
        return set().union(*(self.postings[word] for word in self.words[start:end]))

    def _fits(self, things: Iterable[int]) -> bool:
        return sum(self.sizes[thing] for thing in things) <= _PART_BYTES

    def _best(self, start: int, end: int, prefix: str) -> list[int]:
        """Return the things to be offered first for a beginning: named so, beginning so, with a word so."""
        best: dict[int, int] = {}
        for word in self.words[start:end]:
            for thing, where in self.postings[word].items():
                rank = max(where, _FIRST) if word != prefix else where
                best[thing] = min(best.get(thing, rank), rank)
        return nsmallest(_TOP, best, key=lambda thing: (thing >= self.last, best[thing], thing))


def search_files(found: Findables, publication: Publication) -> Iterator[tuple[str, bytes]]:
    """Print the search index.

    Args:
        found: What can be found.
        publication: Its languages.

    Yields:
        The path and the bytes of each file.
    """
    things = found.things
    spoken = list(dict.fromkeys(name.languages for thing in things for name in thing.names))
    kinds = list(dict.fromkeys(thing.kind for thing in things))
    countries = list(dict.fromkeys(thing.country for thing in things if thing.country))
    entries = list(_entries(things, spoken, kinds, countries))
    last = bisect_left(things, True, key=is_twinning)  # noqa: FBT003 - the least that is one
    parts = _Parts(_postings(things), [len(entry) + 2 for entry in entries], last)
    parts.cut()
    for name, held in (("part", parts.parts), ("top", parts.tops)):
        for prefix, members in held.items():
            yield _file(f"{name}-{file_name(prefix)}", b"[%b]" % b",\n".join(entries[m] for m in members))
    shared = {
        "parts": sorted(parts.parts, key=_as_compared),
        "tops": sorted(parts.tops, key=_as_compared),
        "spoken": spoken,
        "last": kinds.index(TT.Twinning) if TT.Twinning in kinds else -1,
        "folding": folding.tables(),
    }
    for language in publication.languages:
        order = tuple(dict.fromkeys((language, *publication.languages, "en")))
        own = {
            "order": order,
            "kinds": [found.kind_name(kind, order) for kind in kinds],
            "countries": [found.country_name(country, order) for country in countries],
            "languages": {tag: language_name_in(language, tag) for tags in spoken for tag in tags if tag},
            "texts": _texts(language),
        }
        yield _file(f"table-{language}", jsontext.line({**own, **shared}))


def file_name(prefix: str) -> str:
    """Return a beginning of words as a part of a file's name that every system can bear.

    >>> file_name("san"), file_name(""), file_name("киев"), file_name("saint 1")
    ('san', '~', '~43a~~438~~435~~432~', 'saint~20~~31~')
    """
    if not prefix:
        return "~"
    return "".join(c if c.isascii() and c.isalpha() else f"~{ord(c):x}~" for c in prefix)


def _texts(language: str) -> dict[str, str]:
    """Return what the page says of a search."""
    words = translations(language)
    return {
        "found": words.gettext("Found: {count}"),
        "nothing": words.gettext("No name like this"),
        "similar": words.gettext("Similar names: {count}"),
        "more": words.gettext("There is more; type further letters"),
        "results": words.gettext("Search results"),
    }


def _entries(
    things: Iterable[Findable],
    spoken: Sequence[tuple[str, ...]],
    kinds: Sequence[NamedNode],
    countries: Sequence[NamedNode],
) -> Iterator[bytes]:
    """Go through the things as they stand in the files: path, kind, weight, country, then names."""
    tags = {languages: place for place, languages in enumerate(spoken)}
    kind_places = {kind: place for place, kind in enumerate(kinds)}
    places: dict[NamedNode | None, int] = {country: place for place, country in enumerate(countries)}
    places[None] = -1
    for thing in things:
        names = [part for name in thing.names for part in (name.text, tags[name.languages])]
        yield _escaped(
            jsontext.line([thing.path, kind_places[thing.kind], thing.weight, places[thing.country], *names])
        )


def _postings(things: Iterable[Findable]) -> dict[str, Posting]:
    postings: dict[str, Posting] = {}
    for place, thing in enumerate(things):
        for name in thing.names:
            for words in (folding.words(name.text), folding.joined_words(name.text)):
                for position, word in enumerate(words):
                    where = _LATER if position else _FIRST if len(words) > 1 else _ALONE
                    posting = postings.setdefault(word[:_LONGEST_WORD], {})
                    posting[place] = min(posting.get(place, where), where)
    return postings


def _as_compared(text: str) -> bytes:
    """Return what sorts as a script does, by code units of UTF-16."""
    return text.encode("utf-16-be")


def _file(name: str, content: bytes) -> tuple[str, bytes]:
    return f"{FOLDER}{name}.js", b'%b("%b",%b);\n' % (FUNCTION.encode(), name.encode(), _escaped(content))


def _escaped(content: bytes) -> bytes:
    """Return JSON of which no text can end a script or a line in one."""
    for sign, escape in _ESCAPES:
        content = content.replace(sign, escape)
    return content


_ESCAPES: Final = (
    (b"<", b"\\u003c"),
    ("\N{LINE SEPARATOR}".encode(), b"\\u2028"),
    ("\N{PARAGRAPH SEPARATOR}".encode(), b"\\u2029"),
)
