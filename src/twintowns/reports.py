"""A validation report in the forms that people and programs read.

Text for a terminal, JSON, workflow commands for GitHub
(https://docs.github.com/actions/reference/workflow-commands-for-github-actions), and the triples of SHACL's
own report (https://www.w3.org/TR/shacl/#validation-report).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from twintowns import jsontext
from twintowns.exceptions import printable
from twintowns.gatherings import Gathering, gatherings, told_once
from twintowns.iris import FOLDERS, Names, curie, is_safe
from twintowns.messages import translations
from twintowns.packing import PackedGraph
from twintowns.project import Project
from twintowns.results import Severity, ValidationReport, ValidationResult
from twintowns.tellings import Hint, Teller
from twintowns.turtle import TurtleWriter
from twintowns.vocabulary import SH, XSD, A

_VALUE_CHARACTERS = 80
_MOST_PLACES = 5
_SEVERITY_NAMES = {Severity.VIOLATION: "Violation", Severity.WARNING: "Warning", Severity.INFO: "Hint"}
_VERDICTS = {True: "The data conforms", False: "The data does not conform and is not published"}
_COUNTS = {
    Severity.VIOLATION: ("{count} violation", "{count} violations"),
    Severity.WARNING: ("{count} warning", "{count} warnings"),
    Severity.INFO: ("{count} hint", "{count} hints"),
}
_GITHUB_COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def severity_name(severity: Severity) -> str:
    """Return the message identifier of a severity's name."""
    return _SEVERITY_NAMES[severity]


@dataclass(frozen=True)
class ReportWriter:
    """Writes reports on a project for one reader.

    Attributes:
        project: The project, for the names of its files.
        names: How its things are named.
        language: The reader's language.
    """

    project: Project
    names: Names
    language: str

    def text(self, report: ValidationReport, *, whole: bool = False) -> str:
        """Return the report for a terminal: a paragraph a result, and a line that sums up.

        Args:
            report: The report.
            whole: Whether to tell warnings and hints of one shape one by one, however many they are.
        """
        gathered = gatherings(told_once(report.results), whole=whole, is_lacking=self._is_lacking)
        return "".join(f"{self._paragraph(one)}\n" for one in gathered) + self.summary(report) + "\n"

    def summary(self, report: ValidationReport) -> str:
        """Return one line that sums the report up."""
        messages = translations(self.language)
        told_of = ValidationReport(tuple(told_once(report.results)))
        counts = {severity: told_of.count(severity) for severity in Severity}
        told = [messages.ngettext(*_COUNTS[s], count).format(count=count) for s, count in counts.items()]
        return f"{messages.gettext(_VERDICTS[report.conforms])}: {', '.join(told)}."

    def github(self, report: ValidationReport) -> str:
        """Return the report as workflow commands, so that results show at their lines."""
        return "".join(f"{self._workflow_command(result)}\n" for result in report.results)

    def json(self, report: ValidationReport) -> str:
        """Return the report as JSON."""
        results = [self._object(result) for result in report.results]
        text = jsontext.written({"conforms": report.conforms, "results": results}).decode()
        return re.sub("[\x7f-\x9f]", lambda match: f"\\u{ord(match[0]):04x}", text)

    def turtle(self, report: ValidationReport) -> str:
        """Return the report as Turtle, in the terms of SHACL."""
        iri = NamedNode(f"{self.names.space}validation")
        graph = PackedGraph({"report": report_triples(report, iri)})
        return TurtleWriter(self.names.prefixes()).document(graph)

    def _translated(self) -> Callable[[str], str]:
        return translations(self.language).gettext

    def _message(self, result: ValidationResult) -> str:
        """Return the message, the value that it is about where it does not show it, and what that tells."""
        teller = Teller(self.names, self.language)
        message, value, hint = teller.message(result), printable(teller.value(result)), teller.hint(result)
        short = value if len(value) <= _VALUE_CHARACTERS else f"{value[:_VALUE_CHARACTERS]}…"
        besides = "; ".join(filter(None, [short, self._hinted(hint) if hint else ""]))
        return printable(message) + (f" [{besides}]" if besides else "")

    def _hinted(self, hint: Hint) -> str:
        return printable(self._translated()(hint.message).format(**hint.values))

    def _file(self, result: ValidationResult) -> str:
        if result.file is None:
            return printable(curie(getattr(result.focus_node, "value", str(result.focus_node))))
        return printable(self.project.shown(result.file))

    def _place(self, result: ValidationResult) -> str:
        return self._file(result) + (f":{result.line}" if result.file and result.line else "")

    def _paragraph(self, gathered: Gathering) -> str:
        result = gathered.result
        severity = self._translated()(severity_name(result.severity))
        shape = printable(curie(result.source_shape.value))
        told = f"{self._place(result)}: {severity}: {self._message(result)}"
        return f"{told}\n    {shape} <{printable(result.source_shape.value)}>{self._others(gathered)}"

    def _others(self, gathered: Gathering) -> str:
        """Return a line on the findings that are told together with one, if there are any."""
        translated, count = self._translated(), len(gathered.following)
        if count:
            told = translated(
                "and {count} more in this file or about it: mend this one first, then check again"
            )
            return f"\n    {told.format(count=count)}"
        places = list(dict.fromkeys(self._file(one) for one in gathered.alike))
        shown = [*places[:_MOST_PLACES], *(["…"] if len(places) > _MOST_PLACES else [])]
        told = translated(
            "and {count} more, in {places}, for there is no {file}: bring it back, or correct each name "
            "(`twintowns validate --all` tells each)"
            if gathered.lacking
            else "and {count} more such, in {places} (`twintowns validate --all` tells each)"
        )
        file = printable(self._data_file(gathered.lacking))
        told = told.format(count=len(gathered.alike), places=", ".join(shown), file=file)
        return f"\n    {told}" if places else ""

    def _data_file(self, iri: str) -> str:
        return f"data/{iri.removeprefix(self.names.space)}.ttl"

    def _is_lacking(self, iri: str) -> bool:
        """Tell whether an IRI is one of the publication's, and no file can tell of it."""
        name = iri.removeprefix(self.names.space)
        if name == iri or name.partition("/")[0] not in FOLDERS or not is_safe(name):
            return False
        return not ((self.project.root / self._data_file(iri)).exists() or self._has_bulk)

    @cached_property
    def _has_bulk(self) -> bool:
        """Whether files in bulk may tell of anything; to find them is to walk through all of the data."""
        return bool(self.project.bulk_files())

    def _workflow_command(self, result: ValidationResult) -> str:
        properties = {
            "file": self.project.shown(result.file) if result.file else "",
            "line": str(result.line or ""),
            "title": curie(result.source_shape.value),
        }
        told = ",".join(
            f"{name}={_escaped(value, property_=True)}" for name, value in properties.items() if value
        )
        return f"::{_GITHUB_COMMANDS[result.severity]} {told}::{_escaped(self._message(result))}"

    def _object(self, result: ValidationResult) -> dict[str, object]:
        return {
            "file": self.project.shown(result.file) if result.file else None,
            "line": result.line,
            "severity": result.severity.value.value,
            "message": result.message((self.language,)),
            "focusNode": result.focus_node.value,
            "resultPath": result.path.value if result.path else None,
            "value": result.value_node.value if result.value_node else None,
            "sourceShape": result.source_shape.value,
            "sourceConstraintComponent": result.constraint_component.value,
        }


def report_triples(report: ValidationReport, iri: NamedNode) -> Iterator[Triple]:
    """Yield a report as SHACL's triples, its results named by fragments of the report's IRI."""
    yield Triple(iri, A, SH.ValidationReport)
    # SHACL's verdict counts warnings and hints; whether data is published, as JSON tells, only violations.
    yield Triple(iri, SH.conforms, Literal("true" if not report.results else "false", datatype=XSD.boolean))
    for number, result in enumerate(report.results, 1):
        node = NamedNode(f"{iri.value}#result-{number}")
        yield Triple(iri, SH.result, node)
        yield Triple(node, A, SH.ValidationResult)
        yield from (Triple(node, predicate, term) for predicate, term in _parts(result) if term is not None)  # type: ignore[arg-type]


def _parts(result: ValidationResult) -> Iterator[tuple[NamedNode, object]]:
    yield SH.focusNode, result.focus_node
    yield SH.resultPath, result.path
    yield SH.value, result.value_node
    yield SH.sourceShape, result.source_shape
    yield SH.sourceConstraintComponent, result.constraint_component
    yield SH.resultSeverity, result.severity.value
    for language, text in sorted(result.messages.items()):
        yield SH.resultMessage, Literal(text, language=language) if language else Literal(text)


def _escaped(text: str, *, property_: bool = False) -> str:
    r"""Return a text as workflow commands want it.

    >>> _escaped("50 %\nmore")
    '50 %25%0Amore'
    """
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return escaped.replace(":", "%3A").replace(",", "%2C") if property_ else escaped
