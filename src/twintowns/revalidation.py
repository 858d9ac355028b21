"""What the validator says after an edit, told from what it said before.

Judged anew is what the edit can touch.
A shape that looks near reads what is stated of its focus node, and of the nodes to which that leads; of one
that looks further, its queries tell what they look for. So it is known which focus nodes an edit can touch,
and what has to be known to judge them: a small part of the dataset. Where that is not known for certain,
nothing is told here, and everything is validated.
"""

from bisect import insort
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.certainty import reading
from twintowns.graph import Graph, Node, Term
from twintowns.loading import SourceFile
from twintowns.packing import Part
from twintowns.plainness import is_plain
from twintowns.queryscreen import QueryScreen
from twintowns.reach import STEPS, Reach
from twintowns.results import ValidationReport, ValidationResult
from twintowns.surroundings import Both, UnclearError, reached, surrounding
from twintowns.targets import Targets
from twintowns.triplepatterns import Pattern
from twintowns.validation import order_of, placed, results_of
from twintowns.vocabulary import DCAT, RDFS, A
from twintowns.wellformed import is_loadable


class Edit(NamedTuple):
    """What an edit did to what is validated.

    Attributes:
        before: What was stated before, by the curated files and the vocabulary.
        after: What is stated now.
        changed: The triples that only one of the two holds.
        paths: The files that came, went or changed.
        files_of: Returns the files that tell of some nodes now.
    """

    before: Part
    after: Part
    changed: frozenset[Triple]
    paths: Collection[Path]
    files_of: Callable[[Collection[Term]], list[SourceFile]]


def revalidated(report: ValidationReport, edit: Edit, shapes: Graph) -> ValidationReport | None:
    """Return what the validator finds after an edit; None where that is not known without validating all.

    Args:
        report: What it found before.
        edit: What came and went.
        shapes: The shapes graph, by which that was found.

    Raises:
        ShapesError: If pySHACL refuses the shapes.
    """
    if _matters_to_all(edit) or not is_loadable(shapes):
        return None
    with suppress(UnclearError):
        far = _far(shapes)
        touched = _touched(edit, [pattern for patterns in far.values() for pattern in patterns])
        data = Graph(_near(edit.after, touched))
        wider = {
            triple for told in _wider(edit.after, Targets(shapes, data), far, touched) for triple in told
        }
        found = results_of(Graph((*data, *wider)), shapes, touched)
        return _merged(report, edit, touched, found)
    return None


def _matters_to_all(edit: Edit) -> bool:
    """Tell whether an edit changed what every shape may read: a class, or what is stated of a catalogue."""
    catalogues = {t.subject for part in (edit.before, edit.after) for t in part.pointing_at(DCAT.Catalog)}
    return any(triple.predicate == RDFS.subClassOf or triple.subject in catalogues for triple in edit.changed)


_Far = dict[Node, list[tuple[Pattern, ...]]]
"""The shapes that look far, and what each of their queries looks for."""


def _far(shapes: Graph) -> _Far:
    """Find the shapes that look far.

    Raises:
        UnclearError: If one does so by anything but queries that can be read.
    """
    nothing = Graph(())
    query_of, reach = QueryScreen(shapes, nothing).query, Reach(shapes)
    but_for_queries, found = Reach(shapes, STEPS), _Far()  # if they are asked about the focus node itself
    for shape in Targets(shapes, nothing).shapes():
        if not reach.is_near(shape, query_of):
            if not but_for_queries.is_near(shape, query_of):
                raise UnclearError
            found[shape] = [_patterns(query) for query in reach.far_queries(shape, query_of)]
    return found


def _patterns(query: str) -> tuple[Pattern, ...]:
    read = reading(query)
    if read is None or not is_plain(query):
        raise UnclearError
    return read.patterns


def _touched(edit: Edit, queries: Iterable[tuple[Pattern, ...]]) -> set[Term]:
    """Return the focus nodes that may be judged otherwise after an edit."""
    both = Both(edit.before, edit.after)
    subjects: set[Node] = {triple.subject for triple in edit.changed}  # type: ignore[misc]
    found: set[Term] = {*subjects, *(triple.object for triple in edit.changed)}  # type: ignore[arg-type]
    found |= {triple.subject for subject in subjects for triple in both.pointing_at(subject)}  # type: ignore[misc]
    for patterns in queries:
        found |= reached(both, patterns, edit.changed)
    return {node for node in found if not isinstance(node, Literal)}


def _near(data: Part, nodes: Iterable[Term]) -> Iterator[Triple]:
    """Yield what shapes that look near may read of some focus nodes, and what all shapes may."""
    for node in nodes:
        for triple in data.about(node):  # type: ignore[arg-type]
            yield triple
            if not isinstance(triple.object, Literal):
                yield from data.about(triple.object)  # type: ignore[arg-type]
    yield from (triple for triple in data.graph.stating(RDFS.subClassOf) if triple in data)
    for triple in data.pointing_at(DCAT.Catalog):
        if triple.predicate == A:
            yield from data.about(triple.subject)  # type: ignore[arg-type]


def _wider(data: Part, targets: Targets, far: _Far, nodes: Collection[Term]) -> Iterator[set[Triple]]:
    """Yield what shapes that look far may read of those of the nodes that are theirs."""
    for shape, queries in far.items():
        focus_nodes = [focus for focus in targets.of(shape) if focus in nodes]
        for patterns in queries if focus_nodes else ():
            yield surrounding(data, patterns, focus_nodes)


def _merged(
    report: ValidationReport, edit: Edit, touched: Collection[Term], found: Iterable[ValidationResult]
) -> ValidationReport:
    """Return a report with what was found anew in the place of what was; lines are looked for anew, too."""
    told = {triple.subject for triple in edit.changed}
    kept: list[ValidationResult] = []
    moved = [*found]
    for one in report.results:
        if one.focus_node in touched:
            continue
        is_moved = one.file in edit.paths or one.value_node in told
        (moved if is_moved else kept).append(one)
    nodes = {
        node for one in moved for node in (one.focus_node, one.value_node) if isinstance(node, NamedNode)
    }
    for one in placed(map(_unplaced, moved), edit.files_of(nodes), None):
        insort(kept, one, key=order_of)
    return ValidationReport(tuple(kept))


def _unplaced(result: ValidationResult) -> ValidationResult:
    return result if result.file is None else replace(result, file=None, line=None)
