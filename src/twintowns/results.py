"""What a validator finds: results with their severity, and the report that they make.

Names follow https://www.w3.org/TR/shacl/#validation-report.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

from pyoxigraph import NamedNode

from twintowns.graph import Term
from twintowns.ingredients import digest_of
from twintowns.vocabulary import SH


class Severity(Enum):
    """How much a result matters, gravest first."""

    VIOLATION = SH.Violation
    WARNING = SH.Warning
    INFO = SH.Info


@lru_cache(2**10)
def _digest_of_messages(messages: object) -> str:
    return digest_of([messages])


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """One finding of the validator.

    Attributes:
        focus_node: The thing that breaks a shape.
        path: The property concerned, where there is one.
        value_node: The value concerned, where there is one.
        source_shape: The shape that is broken.
        constraint_component: The kind of constraint that is broken.
        severity: How much it matters.
        messages: What to do, by language.
        file: The file to mend, where it is known.
        line: The line in it, counted from 1.
    """

    focus_node: Term
    path: NamedNode | None
    value_node: Term | None
    source_shape: Term
    constraint_component: NamedNode
    severity: Severity
    messages: Mapping[str, str]
    file: Path | None = None
    line: int | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from others, wherever it is to be mended."""
        return (
            self.focus_node,
            self.path,
            self.value_node,
            self.source_shape,
            self.constraint_component,
            tuple(sorted(self.messages.items())),
        )

    @property
    def brief(self) -> tuple[object, ...]:
        """The same, with a digest in the place of the messages."""
        *others, messages = self.key
        return (*others, _digest_of_messages(messages))

    def message(self, languages: Iterable[str]) -> str:
        """Return the message in the first of the languages that it has, else in any."""
        for language in (*languages, "en", *sorted(self.messages)):
            if language in self.messages:
                return self.messages[language]
        return self.constraint_component.value

    def language(self, languages: Sequence[str]) -> str:
        """Return the language of that message where it is not the first of the languages."""
        told = next((tag for tag in (*languages, "en", *sorted(self.messages)) if tag in self.messages), "")
        return "" if told in languages[:1] else told


@dataclass(frozen=True)
class ValidationReport:
    """What the validator found, gravest first, then by file and line."""

    results: tuple[ValidationResult, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether nothing breaks a MUST: warnings and hints do not stop a publication."""
        return not self.count(Severity.VIOLATION)

    def count(self, severity: Severity) -> int:
        """Return how many results there are of a severity."""
        return sum(result.severity is severity for result in self.results)
