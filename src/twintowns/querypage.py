"""The query page: what its editor completes, what it can be asked at a click, what its scripts need to know.

The page asks the query service of the site, or an engine in the reader's own browser where there is none
(`assets/query`). Its texts come from here, so that the scripts hold none of their own.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from twintowns import enginewords, jsontext
from twintowns.frame import Frame
from twintowns.iris import QUERY_PAGE, WHO_ANSWERS, local_name
from twintowns.labels import CLASSES, PREDICATES
from twintowns.pagevalues import Reader, Text
from twintowns.project import ASSETS, COOKBOOK
from twintowns.store import DUMP
from twintowns.views import View
from twintowns.vocabulary import SHAPE, W3ID, A

SCRIPTS: Final = (
    "codemirror/codemirror.js",
    "query/words.js",
    "query/terms.js",
    "query/engine.js",
    "query/editor.js",
    "query/table.js",
    "query/chart.js",
    "query/map.js",
    "query/results.js",
    "query/page.js",
)
"""The scripts of the page, in the order in which they are loaded."""

_WORD: Final = re.compile(r'\bword\(\s*"([^"\\]+)"')
_LOCAL_NAME: Final = re.compile(r"[A-Za-z_][\w-]*")
"""Local names that need no escapes in SPARQL (https://www.w3.org/TR/sparql11-query/#rPN_LOCAL)."""


class Example(NamedTuple):
    """A query of the cookbook.

    Attributes:
        question: The question that it answers.
        query: The query, without its first line.
    """

    question: str
    query: str

    @property
    def form(self) -> str:
        """The form in which its answer is had without scripts."""
        return "ttl" if re.search(r"^(?:CONSTRUCT|DESCRIBE)\b", self.query, re.MULTILINE) else "csv"

    def in_language(self, language: str) -> str:
        """Return the query, asking for texts in a language.

        >>> Example("?", 'FILTER(LANG(?name) = "en")').in_language("sv")
        'FILTER(LANG(?name) = "sv")'
        """
        return self.query.replace('= "en"', f'= "{language}"')


class DumpSize(NamedTuple):
    """How long the N-Quads dump is, in bytes: as it is, and packed with gzip, or 0 where it is not packed."""

    size_bytes: int
    packed_bytes: int


class Term(NamedTuple):
    """What the editor can complete: a prefixed name, and what it is called."""

    name: str
    label: str


@cache
def examples() -> tuple[Example, ...]:
    """Return the queries of the cookbook."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(COOKBOOK.glob("*.rq")))
    parts = (text.removeprefix("# ").partition("\n") for text in texts)
    return tuple(Example(question, query) for question, _, query in parts)


@cache
def words() -> tuple[str, ...]:
    """Return the messages that the scripts of the page tell, found in them."""
    scripts = ((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS[1:])
    return tuple(sorted({word for script in scripts for word in _WORD.findall(script)}))


def who_answers(*, is_service: bool) -> dict[str, object]:
    """Return what the query page reads to find out who answers."""
    return {"service": is_service}


def dump_size(sizes: Mapping[str, int]) -> DumpSize:
    """Return how long the N-Quads dump is, out of the sizes of files."""
    return DumpSize(sizes[DUMP], sizes.get(f"{DUMP}.gz", 0))


def query_pages(frame: Frame, size: DumpSize) -> Iterator[tuple[str, bytes]]:
    """Print the query page in each language, and that no service answers where the site is only files.

    Args:
        frame: The frame of the pages.
        size: How long the N-Quads dump is.
    """
    page = _QueryPage(frame, size)
    iri = f"{frame.dataset.names.space}{QUERY_PAGE}.html"
    for reader in frame.readers(QUERY_PAGE):
        lead = Text(reader.translated("Ask the whole dataset your own questions, in SPARQL 1.1."))
        extra = {**frame.head(reader, QUERY_PAGE, iri, [lead]), **page.shown(reader), "lead": lead}
        yield frame.printed("querypage.html", reader, QUERY_PAGE, extra)
    yield WHO_ANSWERS, jsontext.written(who_answers(is_service=False))


class _QueryPage:
    """What the query page holds."""

    def __init__(self, frame: Frame, size: DumpSize) -> None:
        """Gather what is the same in all languages."""
        self._frame = frame
        self._dataset = frame.dataset
        self._size = size
        self._prefixes = frame.dataset.names.prefixes()
        self._terms = sorted(self._named(), key=lambda named: named[1])

    def shown(self, reader: Reader) -> dict[str, object]:
        """Return what the page shows and what its scripts are told, in the reader's language."""
        return {
            "examples": examples(),
            "terms": [Term(name, self._label(node, reader)) for node, name in self._terms],
            "prefixes": self._prefixes.items(),
            "query_scripts": SCRIPTS,
            "told": jsontext.line(self._told(reader)).decode(),
        }

    def _told(self, reader: Reader) -> dict[str, object]:
        names = self._dataset.names
        return {
            "language": reader.language,
            "folder": reader.folder,
            "space": names.space,
            "vocabulary": names.vocabulary_folder,
            "folders": sorted(self._folders()),
            "dump": DUMP,
            "bytes": self._size.size_bytes,
            "packed": self._size.packed_bytes,
            "words": {word: reader.translated(word) for word in words()},
            "engine": enginewords.told(reader.translated),
        }

    def _folders(self) -> set[str]:
        """Return the IRIs that begin those with a page here; of those outside of folders, all."""
        documents = [document.value for document in self._dataset.documents]
        folders = {iri: f"{iri.rpartition('/')[0]}/" for iri in documents}
        roots = {W3ID, self._dataset.names.space}
        return {iri if folder in roots else folder for iri, folder in folders.items()}

    def _named(self) -> Iterator[tuple[NamedNode, str]]:
        """Go through the terms in use and those coined here, with their prefixed names."""
        used = self._dataset.packed_graph.terms_of("asserted", "derived")
        coined = {t.subject for t in self._dataset.vocabulary if t.predicate == A}
        for node in used | coined:
            if isinstance(node, NamedNode) and (name := self._prefixed(node)):
                yield node, name

    def _prefixed(self, node: NamedNode) -> str:
        """Return the prefixed name of a term, or nothing where there is none that needs no escapes."""
        for prefix, iri in self._prefixes.items():
            if node.value.startswith(iri) and _LOCAL_NAME.fullmatch(node.value, len(iri)):
                return f"{prefix}:{node.value.removeprefix(iri)}"
        return ""

    def _label(self, node: NamedNode, reader: Reader) -> str:
        message = PREDICATES.get(node) or CLASSES.get(node)
        if message:
            return reader.translated(message)
        shape = SHAPE[local_name(node.value)]
        if shape in self._frame.vocabulary.terms and node not in self._frame.vocabulary.terms:
            node = shape  # which is called as the things that it is for
        return View.link_of(self._dataset, node, reader, self._frame.vocabulary).label.text
