"""Data in bulk: files of `data/` that tell of many things each, such as what was harvested from elsewhere.

N-Triples (https://www.w3.org/TR/n-triples/), N-Quads without named graphs (https://www.w3.org/TR/n-quads/)
and Turtle, as they are or compressed. They are read in one pass, and must say what curated files may say: the
same IRIs, no blank nodes. What unpacks to far more than any data does is not unpacked to its end.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from twintowns.advice import advice_on
from twintowns.compression import FAILURES, opened
from twintowns.exceptions import DataFileError, MisplacedSubjectError, TurtleSyntaxError, not_a_file
from twintowns.iris import FOLDERS
from twintowns.loading import SourceFile, problem_of
from twintowns.packedtriples import PackedTriples
from twintowns.positions import Position, positions
from twintowns.project import Project

_FORMS: Final = {".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS, ".ttl": RdfFormat.TURTLE}
_MOST_TIMES: Final = 1000
"""How many times as long as the file what is in it may be; lists of twinnings are packed to a fortieth."""
_ANYHOW: Final = 2**26
"""How many bytes are read of any file, however small it is."""
_AT_MOST: Final = 2**33
"""How many bytes are read of a packed file, however long it is: 8 GiB."""
_MOST_TRIPLES: Final = 1000
"""How often what begins a triple about a triple may stand in a line, or in a Turtle file; where very many of
these stand in each other, the parser ends the process."""
_TRIPLE: Final = b"<<"
_SUBJECT: Final = re.compile(rb"\s*<([^<>\s]*)>")
_NAME: Final = r"[\w.~-]+(?:#[^\s<>]+)?"


def read_bulk(project: Project, space: str) -> list[SourceFile]:
    """Read the files in bulk of a publication.

    Args:
        project: The folder.
        space: The IRI space of the publication.

    Raises:
        DataFileError: If a file cannot be read, or tells of what is not the publication's to tell.
    """
    named = re.compile(rf"{re.escape(space)}(?:{'|'.join(FOLDERS)})/{_NAME}")
    return [
        SourceFile(path, PackedTriples(_triples(path, named, space)), is_bulk=True)
        for path in project.bulk_files()
    ]


def bulk_positions(path: Path, subjects: set[str]) -> Iterator[Position]:
    """Yield where a file in bulk tells of some subjects; in Turtle that is not looked for.

    Args:
        path: The file.
        subjects: Their IRIs.
    """
    if _form(path) == RdfFormat.TURTLE:
        return
    with _Bounded(path) as file:
        for number, line in enumerate(io.BufferedReader(file), 1):
            subject = _SUBJECT.match(line)
            if subject and subject[1].decode(errors="replace") in subjects:
                for one in positions(line.decode(errors="replace")):
                    yield one._replace(line=number, subject_line=number)


def _triples(path: Path, named: re.Pattern[str], space: str) -> Iterator[Triple]:
    known: set[object] = set()
    with _Bounded(path) as file:
        for number, quad in enumerate(_quads(path, file)):
            if quad.subject not in known:
                _check_subject(path, number, quad, (named, space))
                known.add(quad.subject)
            if quad.graph_name != DefaultGraph() or isinstance(quad.object, (BlankNode, Triple)):
                _refuse(path, number, quad)
            yield quad.triple


def _quads(path: Path, file: "_Bounded") -> Iterator[Quad]:
    """Read the statements of a file.

    Raises:
        DataFileError: If it cannot be unpacked, or breaks the grammar.
    """
    try:
        yield from parse(cast("IO[bytes]", file), format=_form(path))
    except SyntaxError as error:
        advice = advice_on(problem_of(error))
        raise TurtleSyntaxError(
            path, advice.what, advice.remedy, line=error.lineno, values=advice.values
        ) from error
    except MemoryError as error:  # a text longer than the parser keeps
        raise _too_much(path) from error
    except FAILURES as error:
        raise DataFileError(
            path,
            "this file cannot be unpacked to its end ({reason})",
            "fetch or pack it again",
            values={"reason": str(error) or type(error).__name__},
        ) from error


def _check_subject(path: Path, number: int, quad: Quad, expected: tuple[re.Pattern[str], str]) -> None:
    """See that a subject is one that a curated file could tell of."""
    named, space = expected
    if not isinstance(quad.subject, NamedNode):
        _refuse(path, number, quad)
    elif not named.fullmatch(quad.subject.value):
        raise MisplacedSubjectError(
            path,
            "it tells of <{told}>, which no file of data/ can tell of",
            "name things by {space}, a folder ({folders}) and a name; the catalogue has a file of its own",
            line=_line(path, number),
            values={"told": quad.subject.value, "space": space, "folders": ", ".join(FOLDERS)},
        )


def _refuse(path: Path, number: int, quad: Quad) -> None:
    """Tell what in a statement may not be."""
    line, graph = _line(path, number), quad.graph_name
    if graph != DefaultGraph():
        raise DataFileError(
            path,
            "it puts a statement into a named graph ({graph}), of which the data has none",
            "leave out the name of the graph, which stands before the full stop",
            line=line,
            values={"graph": graph},
        )
    if isinstance(quad.object, Triple):
        raise TurtleSyntaxError(
            path,
            "it holds a triple about a triple, which RDF 1.1 does not allow",
            "state it in another way",
            line=line,
        )
    raise MisplacedSubjectError(
        path,
        "it describes something without a name (a blank node: [ … ] or _:…)",
        "give it a name of its own, such as <{expected}#part>, and describe it below",
        line=line,
        values={"expected": getattr(quad.subject, "value", "…")},
    )


def _line(path: Path, number: int) -> int | None:
    """Return the line of a statement, where there is one a line."""
    if _form(path) == RdfFormat.TURTLE:
        return None
    with _Bounded(path) as file:
        lines = (
            n for n, line in enumerate(io.BufferedReader(file), 1) if line.strip()[:1] not in {b"", b"#"}
        )
        return next((line for count, line in enumerate(lines) if count == number), None)


def _form(path: Path) -> RdfFormat:
    return next(form for suffix, form in _FORMS.items() if suffix in path.suffixes[-2:])


def _too_much(path: Path) -> DataFileError:
    return DataFileError(
        path,
        "what is packed in this file is far more than its size allows",
        "look at what it holds, and leave it out or pack it anew",
    )


class _Bounded(io.RawIOBase):
    """A file being unpacked, as far as is reasonable.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            DataFileError: If it cannot be opened.
        """
        super().__init__()
        self._path = path
        self._is_by_line = _form(path) != RdfFormat.TURTLE
        self._count = 0
        if path.exists() and not path.is_file():
            raise not_a_file(path)
        try:
            self._file: IO[bytes] = opened(path)
            size = path.stat().st_size
            self._left = max(_ANYHOW, size, min(size * _MOST_TIMES, _AT_MOST))
        except OSError as error:
            raise DataFileError(
                path,
                "this file cannot be read ({reason})",
                "see that it is there and that you may read it",
                values={"reason": error.strerror or error},
            ) from error

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - as io has it
        """Read some bytes.

        Raises:
            DataFileError: If there are more than any data has.
        """
        chunk = self._file.read(len(buffer))
        self._left -= len(chunk)
        if self._left < 0:
            raise _too_much(self._path)
        self._count_triples(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _count_triples(self, chunk: bytes) -> None:
        """Count what begins a triple about a triple: in a line, or in a file that is not read by the line.

        Raises:
            TurtleSyntaxError: If there are so many that they may be nested too deep.
        """
        if self._is_by_line and _TRIPLE not in chunk:
            self._count = 0 if b"\n" in chunk else self._count
            return
        for number, part in enumerate(chunk.split(b"\n") if self._is_by_line else (chunk,)):
            self._count = part.count(_TRIPLE) + (0 if number else self._count)
            if self._count > _MOST_TRIPLES:
                raise TurtleSyntaxError(
                    self._path,
                    "it holds a triple about a triple, which RDF 1.1 does not allow",
                    "state it in another way",
                )

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()
