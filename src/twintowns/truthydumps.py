"""Items read from a truthy dump of Wikidata (`latest-truthy.nt.bz2`), streamed, in bounded memory.

The first pass finds the twinnings, each further one what is stated of some items; a line that is no triple
is left out. A truthy dump has neither dates nor references.
Sources: https://www.wikidata.org/wiki/Wikidata:Database_download, https://www.w3.org/TR/n-triples/.
"""

import bz2
import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import Literal, RdfFormat, Triple, parse

from twintowns.exceptions import DataFileError, unreadable
from twintowns.iris import number_of
from twintowns.scope import Scope
from twintowns.vocabulary import RDFS, WD
from twintowns.wikidata import DEFAULT_LANGUAGE, TRUTHY, Item, item_from

_BLOCK_BYTES: Final = 1 << 22
_PAIR: Final = re.compile(
    rb"^<http://www\.wikidata\.org/entity/(Q[1-9][0-9]{0,14})> <http://www\.wikidata\.org/prop/direct/P190> "
    rb"<http://www\.wikidata\.org/entity/(Q[1-9][0-9]{0,14})> \.",
    re.MULTILINE,
)
_PREDICATES: Final = b"|".join(re.escape(one.value.encode()) for one in (*TRUTHY, RDFS.label))
_FACT: Final = re.compile(
    rb"^<http://www\.wikidata\.org/entity/(Q[1-9][0-9]{0,14})> <(?:" + _PREDICATES + rb")> (.*)$",
    re.MULTILINE,
)

_TRIPLE: Final = b"<<"
"""What begins a triple about a triple, which is left out unread: they can stand in each other without end."""
_MOST_LINE_BYTES: Final = 1 << 20
_MOST_BYTES: Final = 1 << 43
"""How much is read of a dump: some times what Wikidata's is."""
_MOST_TIMES: Final = 1000
_ANYHOW: Final = 1 << 26


@dataclass
class TruthyDump:
    """Items in a truthy dump.

    Attributes:
        path: The file: `.nt`, `.nt.gz` or `.nt.bz2`.
        languages: The languages of names.
        days: On which day it was read.
        rounds: How often it is gone through for more items; it may be long.
        skipped: How many lines were no triples.
    """

    path: Path
    languages: tuple[str, ...]
    days: set[str] = field(default_factory=set)
    rounds: int = 1
    skipped: int = 0

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """The twinnings, each as it is stated."""
        found = (match.groups() for block in self._blocks() for match in _PAIR.finditer(block))
        return {(one.decode(), other.decode()) for one, other in found}

    def stating(self, scope: Scope) -> Iterator[str]:
        """Go through the items within the scope that state twinnings.

        Raises:
            DataFileError: If the file is damaged.
            SystemFailureError: If it cannot be read.
        """
        stating = {one for one, _ in self.pairs}
        if scope.countries:
            within = set(scope.countries)
            yield from (i.qid for i in self.items(stating, lambda _: None) if set(i.countries) & within)
        else:
            yield from stating if scope.is_all else stating & set(scope.places)

    def pointing(self, qids: Iterable[str]) -> Iterator[str]:
        """Go through the items that state a twinning with one of these."""
        wanted = set(qids)
        return (one for one, other in self.pairs if other in wanted)

    def items(self, qids: Collection[str], told: Callable[[int], None]) -> Iterator[Item]:
        """Go through items, of which the dump tells.

        Raises:
            DataFileError: If the file is damaged.
            SystemFailureError: If it cannot be read.
        """
        wanted = {qid.encode() for qid in qids}
        facts: dict[str, list[Triple]] = defaultdict(list)
        for block in self._blocks():
            found = [match for match in _FACT.finditer(block) if match[1] in wanted]
            lines = [match[0] for match in found if not match[2].lstrip().startswith(_TRIPLE)]
            self.skipped += len(found) - len(lines)
            for triple in self._parsed(lines):
                if self._is_read(triple):
                    facts[triple.subject.value.removeprefix(WD)].append(triple)  # type: ignore[union-attr]
        told(len(wanted))
        for qid in sorted(facts, key=number_of):
            yield item_from(qid, facts.pop(qid))

    def _is_read(self, triple: Triple) -> bool:
        """Tell whether a triple is no name in another language."""
        term = triple.object
        is_name = triple.predicate == RDFS.label
        return not is_name or (
            isinstance(term, Literal) and term.language in {*self.languages, "en", DEFAULT_LANGUAGE}
        )

    def _parsed(self, lines: list[bytes]) -> Iterator[Triple]:
        """Go through the triples of some lines; where one is none, line by line."""
        try:
            found = parse(b"\n".join(lines), format=RdfFormat.N_TRIPLES, lenient=True)
            yield from [quad.triple for quad in found]
        except SyntaxError:
            if len(lines) > 1:
                half = len(lines) // 2
                yield from self._parsed(lines[:half])
                yield from self._parsed(lines[half:])
            else:
                self.skipped += 1

    def _blocks(self) -> Iterator[bytes]:
        """Go through the file in blocks of whole lines."""
        rest = b""
        try:
            left = min(_MOST_BYTES, max(_ANYHOW, self.path.stat().st_size * _MOST_TIMES))
            with _opened(self.path) as file:
                while block := file.read(_BLOCK_BYTES):
                    whole, _, rest = (rest + block).rpartition(b"\n")
                    left -= len(block)
                    if len(rest) > _MOST_LINE_BYTES or left < 0:
                        raise self._too_much()
                    yield whole
            yield rest
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise self._damaged(error) from error
        except OSError as error:
            if error.errno is None:
                raise self._damaged(error) from error
            raise unreadable(self.path, error) from error

    def _too_much(self) -> DataFileError:
        return DataFileError(
            self.path,
            "it has a line or a length that no dump of Wikidata has",
            "get it again, from https://dumps.wikimedia.org/wikidatawiki/entities/",
        )

    def _damaged(self, error: Exception) -> DataFileError:
        return DataFileError(
            self.path,
            "this file is cut off or damaged ({reason})",
            "get it again",
            values={"reason": error},
        )


def _opened(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path))
    return bz2.open(path) if path.suffix == ".bz2" else path.open("rb")
