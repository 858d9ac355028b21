"""What only the build states: a property that follows from others is refused where it is written by hand.

A published dataset holds what follows beside what was asserted, so the closed shapes let it pass by
`sh:ignoredProperties`; those of a shape are what may not be asserted of its focus nodes.
Source: https://www.w3.org/TR/shacl/#ClosedConstraintComponent
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from twintowns.graph import Graph, Node
from twintowns.messages import SOURCE_LANGUAGE, languages, translations
from twintowns.paths import collection
from twintowns.results import Severity, ValidationResult
from twintowns.targets import Targets
from twintowns.vocabulary import SH, A


def stated_by_hand(data: Graph, shapes: Graph) -> Iterator[ValidationResult]:
    """Find what is asserted although it follows by itself.

    Args:
        data: What is asserted.
        shapes: The shapes graph.
    """
    targets = Targets(shapes, data)
    for shape in shapes.instances(SH.NodeShape):
        following = _following(shapes, shape)
        for node in targets.of(shape) if following else ():
            if isinstance(node, Literal):
                continue
            for predicate in following:
                for value in data.values(node, predicate):
                    yield ValidationResult(
                        node,
                        predicate,
                        value,
                        shape,
                        SH.ClosedConstraintComponent,
                        Severity.VIOLATION,
                        _messages(),
                    )


def _messages() -> dict[str, str]:
    """Return what to do, in each language; most publications need none."""
    return {tag: _message(tag) for tag in sorted({SOURCE_LANGUAGE, *languages()})}


def _message(language: str) -> str:
    return translations(language).gettext(
        "Remove the line: this follows by itself from what is said elsewhere, and is added when the site is "
        "built."
    )


def _following(shapes: Graph, shape: Node) -> list[NamedNode]:
    """Return the properties that a closed shape ignores, but for the class."""
    listed = shapes.value(shape, SH.ignoredProperties)
    ignored = collection(shapes, listed) if listed is not None else []
    return [one for one in ignored if isinstance(one, NamedNode) and one != A]
