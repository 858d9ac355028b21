"""Findings gathered for a person: what has one cause is told once, and of many alike the first few.

A report in RDF or JSON holds every finding; this is for the terminal alone.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from twintowns.loading import read_text
from twintowns.project import is_bulk
from twintowns.results import Severity, ValidationResult
from twintowns.vocabulary import SHAPE

_OF_PREFIX: Final = {SHAPE["Thing-schema"], SHAPE["Thing-class-schema"]}
_WRONG_PREFIX: Final = re.compile(r"\s*(?:@prefix|PREFIX)\s+schema:\s*<http://schema\.org/>", re.IGNORECASE)
_MOST_ALIKE: Final = 3
"""How many findings of one shape are told one by one, where they do not stop a publication."""


class Gathering(NamedTuple):
    """A finding to be told, and those that are told with it.

    Attributes:
        result: The finding.
        following: Those that may follow from it.
        alike: Further ones of the same shape, or about the same thing that nothing describes.
        lacking: The IRI of that thing, where there are several findings about it.
    """

    result: ValidationResult
    following: tuple[ValidationResult, ...] = ()
    alike: tuple[ValidationResult, ...] = ()
    lacking: str = ""


def told_once(results: Iterable[ValidationResult]) -> list[ValidationResult]:
    """Return the findings, of those that differ only in the constraint that found them the first."""
    seen: dict[object, ValidationResult] = {}
    for result in results:
        told = tuple(sorted(result.messages.items()))
        about = (result.focus_node, result.path, result.value_node, result.source_shape)
        seen.setdefault((about, told, result.file, result.line), result)
    return list(seen.values())


def _never(_iri: str) -> bool:
    return False


def gatherings(
    results: Collection[ValidationResult], *, whole: bool = False, is_lacking: Callable[[str], bool] = _never
) -> Iterable[Gathering]:
    """Gather findings, in their order.

    Args:
        results: The findings, gravest first.
        whole: Whether to tell those that are alike one by one.
        is_lacking: Whether an IRI is that of a thing that should be described, and is not.
    """
    told = dict(_causes(results))
    following = {id(result) for cause in told.values() for result in cause.following}
    if not whole:
        told |= _lacking([one for one in results if id(one) not in following | told.keys()], is_lacking)
        following |= {id(result) for cause in told.values() if cause.lacking for result in cause.alike}
    apart = [result for result in results if id(result) not in following]
    alike: dict[object, list[ValidationResult]] = defaultdict(list)
    for result in apart:
        is_apart = whole or result.severity is Severity.VIOLATION
        alike[id(result) if is_apart else result.source_shape].append(result)
    for group in alike.values():
        last = group[:_MOST_ALIKE][-1]
        told.setdefault(id(last), Gathering(last, alike=tuple(group[_MOST_ALIKE:])))
        for result in group[: _MOST_ALIKE - 1]:
            told.setdefault(id(result), Gathering(result))
    return (told[id(result)] for result in apart if id(result) in told)


def _causes(results: Iterable[ValidationResult]) -> Iterator[tuple[int, Gathering]]:
    """Find the files in which `schema:` is another namespace, and what may follow from each."""
    found: dict[Path, list[ValidationResult]] = defaultdict(list)
    for result in results:
        if result.source_shape in _OF_PREFIX and result.file and not is_bulk(Path(result.file.name)):
            found[result.file].append(result)
    for path, of_file in found.items():
        lines = enumerate(read_text(path).split("\n"), 1)
        line = next((number for number, text in lines if _WRONG_PREFIX.match(text)), None)
        if line:
            first, things = of_file[0], {_document(result.focus_node) for result in of_file}
            further = (result for result in results if result is not first)
            following = tuple(
                one for one in further if one.file == path or _document(one.value_node) in things
            )
            yield id(first), Gathering(replace(first, line=line, value_node=None), following)


def _lacking(results: Iterable[ValidationResult], is_lacking: Callable[[str], bool]) -> dict[int, Gathering]:
    """Find the things that several findings are about, and that nothing describes."""
    about: dict[str, list[ValidationResult]] = defaultdict(list)
    for result in results:
        if result.severity is Severity.VIOLATION and isinstance(result.value_node, NamedNode):
            about[_document(result.value_node)].append(result)
    return {
        id(first): Gathering(first, alike=tuple(others), lacking=iri)
        for iri, (first, *others) in about.items()
        if others and is_lacking(iri)
    }


def _document(node: object) -> str:
    return str(getattr(node, "value", "")).partition("#")[0]
