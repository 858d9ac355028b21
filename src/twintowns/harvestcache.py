"""What was already harvested: one database beside the project, in which every batch is kept at once.

What Wikidata states of an item is kept by what was asked and by the item, with the version that the item
had and the day on which it was read. A harvest that breaks off has kept all that it read before; the next
one asks for the rest.
Source: https://www.sqlite.org/atomiccommit.html
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from twintowns.edition import replace, translated_failures
from twintowns.exceptions import DataFileError
from twintowns.trees import check_own

FOLDER: Final = ".harvest"
_TABLE: Final = """CREATE TABLE IF NOT EXISTS read (
    question TEXT, qid TEXT, version TEXT NOT NULL, day TEXT NOT NULL, triples BLOB NOT NULL,
    PRIMARY KEY (question, qid)) WITHOUT ROWID"""
_ASKED_AT_ONCE: Final = 500

Some = TypeVar("Some")


class Kept(NamedTuple):
    """What is kept of an item.

    Attributes:
        version: Its version when it was read; empty where the service tells none.
        day: The day on which it was read, as `2026-11-23`.
        triples: What was stated of it, as N-Triples.
    """

    version: str
    day: str
    triples: str


class HarvestCache:
    """What was already harvested.

    Args:
        connection: The way to the database.
        path: Where it lies.
        question: What tells one kind of question from another: service, query, languages.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, question: str) -> None:
        """Keep the connection."""
        self._connection = connection
        self._path = path
        self._question = question

    def versions(self, qids: Iterable[str]) -> dict[str, str]:
        """Return the versions of those items that are kept."""
        return dict(self._selected("qid, version", qids))

    def kept(self, qids: Iterable[str]) -> Iterator[tuple[str, Kept]]:
        """Go through what is kept of these items."""
        for qid, version, day, packed in self._selected("qid, version, day, triples", qids):
            yield qid, Kept(version, day, zlib.decompress(packed).decode())

    def keep(self, found: Mapping[str, Kept]) -> None:
        """Keep what was read of some items: of all or, if this is interrupted, of none."""
        rows = (
            (self._question, qid, one.version, one.day, zlib.compress(one.triples.encode()))
            for qid, one in found.items()
        )
        with _translated(self._path), self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO read VALUES (?, ?, ?, ?, ?)", rows)

    def _selected(self, columns: str, qids: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        for some in batches(sorted(qids), _ASKED_AT_ONCE):
            marks = ", ".join("?" * len(some))
            query = f"SELECT {columns} FROM read WHERE question = ? AND qid IN ({marks}) ORDER BY qid"  # noqa: S608 - names of ours
            with _translated(self._path):
                found = self._connection.execute(query, (self._question, *some)).fetchall()
            yield from found


def batches(things: Iterable[Some], size: int) -> Iterator[tuple[Some, ...]]:
    """Go through things in batches.

    >>> list(batches("abc", 2))
    [('a', 'b'), ('c',)]
    """
    left = iter(things)
    while batch := tuple(islice(left, size)):
        yield batch


@contextmanager
def harvest_cache(folder: Path, question: str) -> Iterator[HarvestCache]:
    """Open what was already harvested.

    Args:
        folder: The hidden folder beside the project; made where it is not there.
        question: What tells one kind of question from another.

    Raises:
        DataFileError: If what lies there is no such database, or leads elsewhere.
        SystemFailureError: If it cannot be written.
    """
    path = folder / "wikidata.sqlite"
    ignored = folder / ".gitignore"
    for own in (path, ignored):
        check_own(folder.parent, own)
    with translated_failures(folder):
        folder.mkdir(exist_ok=True)
        replace(ignored, b"*.sqlite*\n")
    with _translated(path), closing(sqlite3.connect(path, timeout=5)) as connection:
        connection.execute(_TABLE)
        yield HarvestCache(connection, path, question)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Tell the database's failures as ours."""
    try:
        yield
    except (sqlite3.Error, zlib.error) as error:
        raise DataFileError(
            path,
            "what was harvested before cannot be read or kept ({reason})",
            "see that no other harvest runs and that there is room; else remove it, and all is asked again",
            values={"reason": error},
        ) from error
