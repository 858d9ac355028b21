"""A finding as it is told to a person: in the names of the publication, with what its value makes certain.

The shapes belong to all publications, so that their examples are those of one of them, and a message of
theirs is one for all values. What is told here is for the terminal; a report in RDF or JSON holds what the
validator found, as it found it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.graph import Term
from twintowns.iris import Names, curie, local_name
from twintowns.languagetags import is_slip_for
from twintowns.legibility import illegible, meant
from twintowns.loading import read_text
from twintowns.positions import Position, positions
from twintowns.project import is_bulk
from twintowns.results import ValidationResult
from twintowns.vocabulary import SCHEMA, SH, SHAPE, TT, W3ID, XSD
from twintowns.writtendates import IMPOSSIBLE, written_date

_EXAMPLE_SPACE: Final = f"{W3ID}ludvika/"
_EXAMPLE: Final = re.compile(rf"{re.escape(_EXAMPLE_SPACE)}([\w-]+)/[\w.~-]+#")
_TERM: Final = re.compile(r"`([A-Za-z][\w-]*:[\w-]+)`")
_DATE_FORM: Final = re.compile(r"\w+-(?:\w+Date|date\w+|deleted|issued|modified|retrievedOn)-form")
_ANY_PRECISION: Final = re.compile(r"Twinning-(?:start|end)Date-form")
_LANGUAGES: Final = re.compile(r"\w+-\w+-(?:languages|main)")
_LINK: Final = re.compile(
    r"[\w-]+-class|Thing-(?:sameAs|url)-form|Source-license-form"
    r"|Catalogue-(?:accrual\w+|applicable\w+|conformsTo|homepage|license|sparqlEndpoint|spatial|theme)-form"
)
"""The shapes of properties that lead somewhere."""
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|^`\\]+")
_CLASSES: Final = {
    "catalogue": "a void:Dataset ; a dcat:Catalog ;",
    "article": "a schema:Article ;",
    "contact-point": "a schema:ContactPoint ;",
    "person": "a schema:Person ;",
    "twinning": "a tt:Twinning ;",
    "geo": "a schema:GeoCoordinates ;",
}
"""The class that a thing has by its folder, or a part by its name, where it can have no other."""
_LIKENESS: Final = 0.7
"""How much a property must be like another to be taken for a slip, as `difflib` counts it."""


class Hint(NamedTuple):
    """What is known besides the message, as a message identifier, with the values that it mentions."""

    message: str
    values: dict[str, str]


def _hint(message: str, **values: str) -> Hint:
    return Hint(message, values)


@dataclass(frozen=True)
class Teller:
    """Tells findings in the names of a publication.

    Attributes:
        names: How its things are named.
        language: The reader's language.
    """

    names: Names
    language: str

    def message(self, result: ValidationResult) -> str:
        """Return the message of a finding, its examples in the publication's own space.

        An example of a part of a thing becomes the same part of the very thing that the finding is about.
        """
        told = result.message((self.language,))
        focus = result.focus_node.value.partition("#")[0]
        folder = focus.removeprefix(self.names.space).partition("/")[0]
        for match in _EXAMPLE.finditer(told):
            if match[1] == folder and focus.startswith(self.names.space):
                told = told.replace(match[0], f"{focus}#")
        return told.replace(_EXAMPLE_SPACE, self.names.space)

    def value(self, result: ValidationResult) -> str:
        """Return what a finding is about where its message does not show it: a property, or a value."""
        if result.constraint_component == SH.ClosedConstraintComponent and result.path:
            return curie(result.path.value)
        value = curie(result.value_node.value) if result.value_node else ""
        is_filled_in = result.constraint_component == SH.SPARQLConstraintComponent
        is_shown = (is_filled_in and value in self.message(result)) or value == result.focus_node.value
        return "" if is_shown else value

    def hint(self, result: ValidationResult) -> Hint | None:
        """Return what the value makes certain, if anything."""
        found = (
            _on_property(result),
            _on_item(result),
            _on_name(result, self.names),
            _on_date(result),
            _on_comma(result),
            _on_class(result, self.names),
            _on_text(result),
            _on_language(result),
            _on_legibility(result),
        )
        return next(filter(None, found), None)


def _on_property(result: ValidationResult) -> Hint | None:
    """Return which of the properties that a message lists may be meant by one that it does not."""
    if result.constraint_component != SH.ClosedConstraintComponent or not result.path:
        return None
    terms = {local_name(term.replace(":", "/")): term for term in _TERM.findall(result.message(()))}
    close = get_close_matches(local_name(result.path.value), terms, n=1, cutoff=_LIKENESS)
    is_other = close and terms[close[0]] != curie(result.path.value)
    return _hint("did you mean {other}?", other=terms[close[0]]) if is_other else None


def _on_item(result: ValidationResult) -> Hint | None:
    """Return the Wikidata item that a place is named by, where it states another."""
    name = local_name(result.focus_node.value)
    is_place = result.source_shape == SHAPE["Place-sameAs-name"] and re.fullmatch(r"Q[1-9]\d*", name)
    return _hint("here it is named {other}", other=f"wd:{name}") if is_place else None


def _on_name(result: ValidationResult, names: Names) -> Hint | None:
    """Return the name that a twinning should have by its partners."""
    if result.source_shape != SHAPE["Twinning-iri"]:
        return None
    places = f"{names.space}place/Q"
    partners = [
        told.object.removeprefix(places)
        for told in _told_in(result.file)
        if told.subject == result.focus_node.value and told.predicate == TT.partner.value
    ]
    if len(set(partners)) < len("ab") or not all(partner.isdecimal() for partner in partners):
        return None
    name = "-".join(f"Q{number}" for number in sorted(map(int, set(partners))))
    return _hint("by its partners it is {other}", other=f"data/twinning/{name}.ttl")


def _on_date(result: ValidationResult) -> Hint | None:
    """Return the date that a text stands for, or that there is none such."""
    value = result.value_node
    shape = local_name(result.source_shape.value)
    if not isinstance(value, Literal) or not _DATE_FORM.fullmatch(shape):
        return None
    written = written_date(value.value)
    if written == IMPOSSIBLE:
        return _hint("there is no such day, month or year")
    date = written.date
    if date and date != value and (date.datatype == XSD.date or _ANY_PRECISION.fullmatch(shape)):
        return _hint("write {other}", other=f'"{date.value}"^^xsd:{local_name(date.datatype.value)}')
    return None


def _on_comma(result: ValidationResult) -> Hint | None:
    """Return that a number has a comma, where the line that tells it shows one."""
    if result.path not in {SCHEMA.latitude, SCHEMA.longitude} or not result.file or not result.line:
        return None
    if is_bulk(Path(result.file.name)):
        return None
    line = read_text(result.file).split("\n")[result.line - 1]
    found = re.search(r"\s\"?([+-]?\d+),\s?(\d+)\"?(?:\^\^\S+)?\s*[;.]", line)
    return _hint("write {other}, with a decimal point", other=f"{found[1]}.{found[2]}") if found else None


def _on_class(result: ValidationResult, names: Names) -> Hint | None:
    """Return the classes that a thing certainly has by its name, where it states none."""
    if result.source_shape != SHAPE["Thing-class"]:
        return None
    path, _, part = result.focus_node.value.removeprefix(names.space).partition("#")
    classes = _CLASSES.get(part or path.partition("/")[0])
    return _hint("write {other}", other=classes) if classes else None


def _on_text(result: ValidationResult) -> Hint | None:
    """Return that a text stands where a link belongs."""
    value = result.value_node
    if not isinstance(value, Literal) or not _LINK.fullmatch(local_name(result.source_shape.value)):
        return None
    if _ADDRESS.fullmatch(value.value):
        return _hint("write {other}", other=f"<{value.value}>")
    return _hint("this is a text in quotation marks, and a name or address without them belongs here")


def _on_language(result: ValidationResult) -> Hint | None:
    """Return the language tag that stands in the place of one that lacks."""
    wanted = result.value_node
    if not _LANGUAGES.fullmatch(local_name(result.source_shape.value)) or not isinstance(wanted, Literal):
        return None
    for told in _told_in(result.file):
        is_of_it = told.subject == result.focus_node.value and told.predicate == _iri(result.path)
        if is_of_it and is_slip_for(told.language, wanted.value):
            slip = {"line": str(told.line), "tag": told.language, "other": wanted.value}
            return _hint("line {line} says @{tag}: write @{other}", **slip)
    return None


def _on_legibility(result: ValidationResult) -> Hint | None:
    """Return which part of a text nobody meant to write, or how it was meant."""
    value = result.value_node
    if not isinstance(value, Literal) or not local_name(result.source_shape.value).endswith("-legible"):
        return None
    if right := meant(value.value):
        return _hint("write {other}", other=f'"{right}"')
    return _hint("it holds “{part}”", part=illegible(value.value))


def _iri(node: Term | None) -> str:
    return node.value if isinstance(node, NamedNode) else ""


def _told_in(file: Path | None) -> Iterable[Position]:
    """Return what a file of one thing tells of, with the places."""
    return positions(read_text(file)) if file and not is_bulk(Path(file.name)) else ()
