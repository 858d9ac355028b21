"""What pySHACL said of focus nodes before, so that it is asked again only about those that an edit touches.

Kept beside the site, for shapes that look near (`reach`): the results of a focus node hold as long as the
program, the shapes, what matters to all, and what is stated of the node and of those that it leads to are as
they were. What cannot be read, or belongs to another program, is forgotten.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from sys import intern
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode

from twintowns import jsontext
from twintowns.graph import Term
from twintowns.reach import Digests
from twintowns.results import Severity, ValidationResult
from twintowns.toldreports import term_of, value_of

_SEVERITIES: Final = list(Severity)
Told = list[Any]
"""A focus node's digest, and its results as they are written."""


class Recollection:
    """What is known of focus nodes.

    Args:
        file: Where it is kept.
        program: What it holds for: a hash of the program, the vocabulary and the shapes.
    """

    def __init__(self, file: Path, program: str) -> None:
        """Read nothing yet: it may not be asked for."""
        self._file = file
        self._program = program
        self._shared = ""
        self._nodes: dict[str, Told] = {}
        self._messages: list[dict[str, str]] = []
        self._lines_before: dict[str, dict[str, int | None]] = {}
        self._lines: dict[str, dict[str, int | None]] = {}
        self._digests: Digests | None = None
        self._settled: dict[str, Told] = {}

    @property
    def was_asked(self) -> bool:
        """Whether it was asked for anything, so that it has something to keep."""
        return "is_of_program" in vars(self)

    @cached_property
    def is_of_program(self) -> bool:
        """Whether what is kept, and is read now, is of this program, which then found the shapes valid."""
        try:
            told = jsontext.read(self._file.read_bytes())
            if told["program"] == self._program:
                self._lines_before = told["lines"]
                self._shared, self._nodes, self._messages = told["shared"], told["nodes"], told["messages"]
                return True
        except (OSError, ValueError, KeyError, TypeError):
            self._nodes = {}
        return False

    def line(self, digest: str, key: str, find: Callable[[], int | None]) -> int | None:
        """Return the line of a text on which something is to be mended, looked for once in the same text.

        Args:
            digest: A hash of the text.
            key: What is looked for.
            find: Looks for it.
        """
        before = self._lines_before.get(digest, {}) if self.is_of_program else {}
        lines = self._lines.setdefault(digest, {})
        if key not in lines:
            lines[key] = before[key] if key in before else find()
        return lines[key]

    def begin(self, digests: Digests) -> None:
        """Forget what was said of other data.

        Args:
            digests: Sums up the data that is to be judged.
        """
        if not self.is_of_program or digests.shared != self._shared:
            self._nodes, self._messages = {}, []
        self._shared, self._digests, self._settled = digests.shared, digests, {}

    def is_settled(self, focus: Term) -> bool:
        """Tell whether it is known what shapes that look near say of a focus node."""
        if not isinstance(focus, NamedNode) or self._digests is None:
            return False
        if focus.value not in self._settled:
            told = self._nodes.get(focus.value)
            if told is None or told[0] != self._digests.of(focus):
                return False
            self._settled[focus.value] = told
        return True

    def results(self) -> Iterator[ValidationResult]:
        """Yield the results of the focus nodes that are settled."""
        for focus, (_, *results) in self._settled.items():
            for path, value, shape, component, severity, message in results:
                yield ValidationResult(
                    focus_node=NamedNode(focus),
                    path=None if path is None else NamedNode(path),
                    value_node=term_of(value),
                    source_shape=NamedNode(shape),
                    constraint_component=NamedNode(component),
                    severity=_SEVERITIES[severity],
                    messages=self._messages[message],
                )

    def note(self, judged: Iterable[Term], results: Iterable[ValidationResult]) -> None:
        """Note what was said of focus nodes; what cannot be noted without names is judged again next time.

        Args:
            judged: All focus nodes that were judged.
            results: The results of shapes that look near.
        """
        assert self._digests is not None  # noqa: S101 - that is how it begins
        found: dict[Term, list[ValidationResult]] = defaultdict(list)
        for result in results:
            found[result.focus_node].append(result)
        numbers = {_message_key(message): number for number, message in enumerate(self._messages)}
        for focus in judged:
            own = found.get(focus, [])
            if isinstance(focus, NamedNode) and not any(map(_is_nameless, own)):
                told = [self._written(result, numbers) for result in own]
                self._settled[focus.value] = [self._digests.of(focus), *told]

    def rest(self) -> None:
        """Let go of the data, when all of it is judged and noted."""
        self._digests = None

    def _written(self, result: ValidationResult, numbers: dict[tuple[Any, ...], int]) -> list[Any]:
        key = _message_key(result.messages)
        if key not in numbers:
            numbers[key] = len(self._messages)
            self._messages.append(dict(result.messages))
        return [
            intern(result.path.value) if result.path else None,
            value_of(result.value_node),
            intern(result.source_shape.value),
            intern(result.constraint_component.value),
            _SEVERITIES.index(result.severity),
            numbers[key],
        ]

    def content(self) -> bytes:
        """Return what to keep."""
        return jsontext.line(
            {
                "program": self._program,
                "shared": self._shared,
                "messages": self._messages,
                "nodes": self._settled,
                "lines": self._lines,
            }
        )


def _message_key(messages: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a mapping of any kind
    return tuple(sorted(messages.items()))


def _is_nameless(result: ValidationResult) -> bool:
    return isinstance(result.source_shape, BlankNode) or isinstance(result.value_node, BlankNode)
