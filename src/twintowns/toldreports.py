"""A validation report as it is kept beside the site, result by result, with the file and the line of each."""

from collections.abc import Callable, Iterable
from os import fsencode
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from twintowns import jsontext
from twintowns.graph import Term
from twintowns.ingredients import digest_of
from twintowns.iris import is_safe
from twintowns.project import PACKAGE
from twintowns.results import Severity, ValidationReport, ValidationResult

_SEVERITIES: Final = list(Severity)
_PACKAGED: Final = PACKAGE.parent.parent
"""Where the vocabulary that comes with the program lies, in the repository and as it is installed."""


def written(report: ValidationReport, root: Path) -> bytes:
    """Return a report as bytes; none where it tells of something without a name, or of a strange file.

    Args:
        report: The report.
        root: The folder of the project, where its files are found again.
    """
    numbers: dict[tuple[tuple[str, str], ...], int] = {}
    places = [(_prefix(_PACKAGED), "0/"), (_prefix(root), "1/")]
    names = {file: _name(file, places) for file in {one.file for one in report.results}}
    if any(map(_is_nameless, report.results)) or not all(map(is_safe, filter(None, names.values()))):
        return b""
    rows = [_row(one, names[one.file], numbers) for one in report.results]
    messages = [dict(told) for told in numbers]
    return jsontext.line({"places": _places(root), "messages": messages, "results": rows})


def read(content: bytes, root: Path) -> ValidationReport | None:
    """Return the report that was written; None where there is none, or it is of files that lay elsewhere.

    Args:
        content: What `written` returned.
        root: The folder of the project.
    """
    told: Any = jsontext.read(content) if content else {"places": ""}
    if told["places"] != _places(root):
        return None
    terms: dict[str, NamedNode] = {}
    files: dict[str | None, Path | None] = {None: None}

    def named(iri: str) -> NamedNode:
        return terms.get(iri) or terms.setdefault(iri, NamedNode(iri))

    return ValidationReport(
        tuple(
            ValidationResult(
                term_of(focus, named),  # type: ignore[arg-type]
                term_of(path, named),  # type: ignore[arg-type]
                term_of(value, named),
                named(shape),
                named(component),
                _SEVERITIES[severity],
                told["messages"][message],
                files[file] if file in files else files.setdefault(file, _file(file, root)),
                line,
            )
            for focus, path, value, shape, component, severity, message, file, line in told["results"]
        )
    )


def _places(root: Path) -> str:
    return digest_of([fsencode(root), fsencode(_PACKAGED)])


def _prefix(folder: Path) -> str:
    """Return what the paths of the files in a folder begin with."""
    return str(folder / "_")[:-1]


def _name(file: Path | None, places: Iterable[tuple[str, str]]) -> str | None:
    """Return what a file is called here; nothing that is safe where it lies in neither place."""
    if file is None:
        return None
    path = str(file)
    return next((mark + path[len(begun) :] for begun, mark in places if path.startswith(begun)), "//")


def _file(name: str, root: Path) -> Path:
    is_own, _, below = name.partition("/")
    return (root if is_own == "1" else _PACKAGED) / below


def _is_nameless(result: ValidationResult) -> bool:
    nodes = (result.focus_node, result.value_node, result.source_shape)
    return any(isinstance(node, BlankNode) for node in nodes)


def _row(
    result: ValidationResult, file: str | None, numbers: dict[tuple[tuple[str, str], ...], int]
) -> list[Any]:
    return [
        value_of(result.focus_node),
        value_of(result.path),
        value_of(result.value_node),
        result.source_shape.value,
        result.constraint_component.value,
        _SEVERITIES.index(result.severity),
        numbers.setdefault(tuple(result.messages.items()), len(numbers)),
        file,
        result.line,
    ]


def value_of(term: Term | None) -> Any:  # noqa: ANN401 - as JSON has it
    """Return an IRI or a literal, or that there is none, as JSON has it."""
    if isinstance(term, Literal):
        return [term.value, term.language, term.datatype.value]
    return term.value if term is not None else None


def term_of(value: Any, named: Callable[[str], NamedNode] = NamedNode) -> Term | None:  # noqa: ANN401 - as JSON has it
    """Return what `value_of` was made of.

    Args:
        value: The value.
        named: Makes an IRI.
    """
    if isinstance(value, list):
        text, language, datatype = value
        return Literal(text, language=language) if language else Literal(text, datatype=named(datatype))
    return None if value is None else named(value)
