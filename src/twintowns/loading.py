"""From files to triples: Turtle read, its errors told with their place, each thing in its own file.

Follows RDF 1.1 Turtle (https://www.w3.org/TR/turtle/). Nothing that a file names is ever fetched.
"""

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from twintowns.advice import advice_on, advice_on_directive
from twintowns.belonging import PREFIX, Curated, check_place, check_prefixes
from twintowns.exceptions import (
    DataFileError,
    EncodingError,
    SeveralFailuresError,
    TurtleSyntaxError,
    TwinTownsError,
    not_a_file,
    unreadable,
)
from twintowns.iris import Names
from twintowns.packedtriples import subjects_of
from twintowns.positions import depth_of_brackets, line_of_bracket
from twintowns.project import Project
from twintowns.trees import is_endless

_WOVEN_BLANK_NODES: Final = 5
_NESTED_BRACKETS: Final = 50


class SourceFile(NamedTuple):
    """A file and what it states.

    Attributes:
        path: Where it lies.
        triples: What it states, in the order of the file.
        is_bulk: Whether it tells of many things.
        digest: A hash of its text, if that was read.
    """

    path: Path
    triples: Sequence[Triple]
    is_bulk: bool = False
    digest: str = ""

    @property
    def subjects(self) -> list[NamedNode]:
        """The IRIs that it tells of, in the order of the file."""
        return [one for one in subjects_of(self.triples) if isinstance(one, NamedNode)]


def read_text(path: Path) -> str:
    """Return a file's text.

    Raises:
        DataFileError: If it is a device or a pipe.
        EncodingError: If it is not UTF-8, with the line.
        SystemFailureError: If it cannot be read.
    """
    if is_endless(path):
        raise not_a_file(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    return decoded(raw, path)


def has_byte_order_mark(path: Path) -> bool:
    """Tell whether a file that can be read begins with a byte order mark, which UTF-8 does not need."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(BOM_UTF8)) == BOM_UTF8
    return False


def decoded(raw: bytes, place: Path) -> str:
    """Return the text that bytes stand for.

    Args:
        raw: The bytes.
        place: Where they come from.

    Raises:
        EncodingError: If they are not UTF-8, with the line.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingError(
            place,
            "this file is not UTF-8 text: the byte {byte} is not part of any character",
            "save it again with the encoding UTF-8",
            line=raw.count(b"\n", 0, error.start) + 1,
            values={"byte": f"0x{raw[error.start]:02X}"},
        ) from error


def read_turtle(path: Path) -> SourceFile:
    """Read one Turtle file.

    Raises:
        EncodingError: If it is not UTF-8.
        TurtleSyntaxError: If it breaks the grammar, with the line.
        SystemFailureError: If it cannot be read.
    """
    return parsed(read_text(path), path)


def parsed(text: str, place: Path) -> SourceFile:
    """Return what a Turtle text states.

    Args:
        text: The text.
        place: Where it comes from.

    Raises:
        TurtleSyntaxError: If it breaks the grammar, with the line.
    """
    if text.count("[") + text.count("(") > _NESTED_BRACKETS and depth_of_brackets(text) > _NESTED_BRACKETS:
        raise TurtleSyntaxError(
            place,
            "its brackets are nested too deep",
            "give what stands in them names of their own, IRIs",
            line=line_of_bracket(text),
        )
    try:
        triples = tuple(quad.triple for quad in parse(text, format=RdfFormat.TURTLE))
    except SyntaxError as error:
        advice = advice_on_directive(text.split("\n"), error.lineno or 0) or advice_on(
            problem_of(error), [match[1] for match in PREFIX.finditer(text)]
        )
        raise TurtleSyntaxError(
            place, advice.what, advice.remedy, line=advice.line or error.lineno, values=advice.values
        ) from error
    if any(isinstance(triple.object, Triple) for triple in triples):
        raise TurtleSyntaxError(
            place, "it holds a triple about a triple, which RDF 1.1 does not allow", "state it in another way"
        )
    return SourceFile(place, triples, digest=blake2b(text.encode(), digest_size=12).hexdigest())


def read_data(project: Project, space: str) -> list[SourceFile]:
    """Read the curated files of a publication, the catalogue among them.

    Args:
        project: The folder.
        space: The IRI space of the publication.

    Raises:
        DataFileError: If a file cannot be read, or does not tell of what its name says.
    """
    prefixes = Names(space).prefixes()
    files: list[SourceFile] = []
    failures: list[TwinTownsError] = []
    for path in project.data_files():
        try:
            text = read_text(path)
            files.append(parsed(text, path))
            check_prefixes(path, text, prefixes)
            check_place(Curated(path, text, files[-1].triples), project, space)
        except TwinTownsError as error:
            failures.append(error)
    failures += [_not_read(path) for path in project.other_files()]
    failures += [_not_read_message(path) for path in project.other_message_files()]
    if failures:
        raise failures[0] if len(failures) == 1 else SeveralFailuresError(failures)
    return files


def read_canonical(path: Path) -> SourceFile:
    """Read a file that may hold blank nodes, and name these in one way, which no other file uses.

    Their labels begin with a hash of the text and of the name of the file, so that they stay apart in a
    graph of many files, and stay the same wherever the project lies. Naming takes time out of all bounds
    where blank nodes are woven into each other, so each may be mentioned once.

    Raises:
        DataFileError: If it cannot be read, or mentions a blank node more than once.
    """
    text = read_text(path)
    file = parsed(text, path)
    if _woven(file):
        raise _nameless(path, text)
    named = sha256(f"{'/'.join(path.parts[-2:])}\0{text}".encode(errors="surrogateescape"))
    return canonical(file, f"b{named.hexdigest()[:12]}")


def canonical(file: SourceFile, prefix: str = "") -> SourceFile:
    """Name the blank nodes of a file in one way (RDFC-1.0).

    Source: https://www.w3.org/TR/rdf-canon/

    Args:
        file: The file.
        prefix: What the labels begin with.
    """
    if not any(
        isinstance(end, BlankNode) for triple in file.triples for end in (triple.subject, triple.object)
    ):
        return file
    if _woven(file) > _WOVEN_BLANK_NODES:
        raise _nameless(file.path, None)
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in file.triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    named = (_relabelled(quad.triple, prefix) for quad in dataset)
    return file._replace(triples=tuple(sorted(named, key=str)))


def triples_of(files: Iterable[SourceFile]) -> list[Triple]:
    """Return all that the files state."""
    return [triple for file in files for triple in file.triples]


def _woven(file: SourceFile) -> int:
    """Return how many blank nodes are mentioned more than once."""
    mentioned = Counter(triple.object for triple in file.triples if isinstance(triple.object, BlankNode))
    return sum(count > 1 for count in mentioned.values())


def _nameless(path: Path, text: str | None) -> DataFileError:
    return DataFileError(
        path,
        "it mentions something without a name (a blank node, _:…) more than once",
        "give it a name of its own, an IRI",
        line=line_of_bracket(text) if text else None,
    )


def _relabelled(triple: Triple, prefix: str) -> Triple:
    ends = [
        BlankNode(f"{prefix}{end.value}") if isinstance(end, BlankNode) else end
        for end in (triple.subject, triple.object)
    ]
    return Triple(ends[0], triple.predicate, ends[1])  # type: ignore[arg-type]


def _not_read(path: Path) -> DataFileError:
    return DataFileError(
        path,
        "this file is not read: its name does not end in .ttl",
        "give it a name that ends in .ttl, or move it out of data/",
    )


def _not_read_message(path: Path) -> DataFileError:
    return DataFileError(
        path,
        "this file is not read: its name does not end in .po",
        "give it a name such as fr.po, or move it out of messages/",
    )


def problem_of(error: SyntaxError) -> str:
    """Return what the parser found wrong, without the place, which is told apart."""
    message = str(error.msg)
    return message.split(": ", 1)[-1] if message.startswith("Parser error") else message
