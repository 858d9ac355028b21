"""Canonical Turtle for the files that people edit: `twintowns format`.

A comment has no place in the canonical form and would be lost, so a file with one is refused.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from twintowns.catalogue import read_publication
from twintowns.edition import replace, translated_failures
from twintowns.exceptions import DataFileError
from twintowns.graph import Graph
from twintowns.loading import SourceFile, canonical, decoded, has_byte_order_mark, parsed, read_text
from twintowns.positions import line_of_comment
from twintowns.project import project_at
from twintowns.turtle import TurtleWriter
from twintowns.vocabulary import PREFIXES


@dataclass(frozen=True)
class Formatted:
    """A file as it is and as it should be."""

    path: Path
    before: str
    after: str

    @property
    def is_canonical(self) -> bool:
        """Whether there is nothing to change."""
        return self.before == self.after


def format_paths(paths: Iterable[Path], *, write: bool) -> list[Path]:
    """Put files, and the files of projects, into canonical form; return those that were not.

    Args:
        paths: Turtle files, or folders of projects.
        write: Whether to write the canonical form.

    Raises:
        TwinTownsError: If a file cannot be read; none is written then.
    """
    found = [one for path in paths for one in _formatted_below(path)]
    changed = [one for one in found if not one.is_canonical]
    for one in changed:
        if write:
            with translated_failures(one.path):
                replace(one.path, one.after.encode())
    return [one.path for one in changed]


def format_text(text: bytes) -> str:
    """Return a Turtle text in canonical form, by its own prefixes and those of the vocabulary.

    Raises:
        DataFileError: If it is no Turtle, or holds a comment, which would be lost.
    """
    place = Path("-")
    return _formatted(decoded(text, place), place, PREFIXES).after


def formatted(path: Path, prefixes: dict[str, str]) -> Formatted:
    """Return a Turtle file in canonical form.

    Args:
        path: The file.
        prefixes: Prefixes that may be used besides those that the file declares.

    Raises:
        DataFileError: If it is no Turtle, or holds a comment, which would be lost.
    """
    mark = "\ufeff" if has_byte_order_mark(path) else ""
    return _formatted(mark + read_text(path), path, prefixes)


def _formatted(before: str, place: Path, prefixes: dict[str, str]) -> Formatted:
    text = before.removeprefix("\ufeff")
    file = canonical(parsed(text, place))
    line = line_of_comment(text)
    if line:
        raise DataFileError(
            place,
            "this line holds a comment, which the canonical form has no place for",
            "say it in a statement (schema:description) or in a README, remove it here, and run this again",
            line=line,
        )
    writer = TurtleWriter({**_declared(text), **prefixes})
    return Formatted(place, before, writer.document(Graph(file.triples), _first(file)))


def _first(file: SourceFile) -> list[NamedNode]:
    """Return the subject that the file is about: the shortest IRI, which the others extend."""
    return sorted(file.subjects, key=lambda subject: (len(subject.value), subject.value))[:1]


def _declared(text: str) -> dict[str, str]:
    parser = parse(text, format=RdfFormat.TURTLE)
    for _ in parser:
        pass
    return dict(parser.prefixes)


def _formatted_below(path: Path) -> Iterator[Formatted]:
    if not path.is_dir():
        yield formatted(path, PREFIXES)
        return
    project = project_at(path)
    prefixes = read_publication(project).names.prefixes()
    own = [*project.vocabulary_files(), *project.shape_files()]
    for file in (*project.data_files(), *(file for file in own if file.is_relative_to(project.root))):
        yield formatted(file, prefixes)
