"""Whether the data is what the shapes allow: pySHACL's judgement, with the file and line of each finding.

pySHACL (https://github.com/RDFLib/pySHACL) is the reference; it judges the asserted data together with the
concept schemes, by the SHACL shapes (https://www.w3.org/TR/shacl/), which are themselves validated by the
SHACL shapes for SHACL. Nothing is imported, fetched or inferred.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from twintowns.bulk import bulk_positions
from twintowns.derivable import stated_by_hand
from twintowns.exceptions import ShapesError
from twintowns.graph import Graph, Term
from twintowns.likeness import Likeness
from twintowns.loading import SourceFile, read_canonical, read_text, triples_of
from twintowns.packedtriples import Stated, subjects_of
from twintowns.packing import PackedGraph
from twintowns.positions import Position, line_of, positions
from twintowns.reach import Digests
from twintowns.recollection import Recollection
from twintowns.results import Severity, ValidationReport, ValidationResult
from twintowns.screening import DEEPEST, Screen, Screened, Suspects
from twintowns.shapequeries import check_queries, check_texts
from twintowns.wellformed import is_loadable

_MANY: Final = 100_000
"""With so many triples in bulk the graph is packed."""


def validate(
    data: Iterable[SourceFile],
    vocabulary: Iterable[SourceFile],
    shapes: Iterable[SourceFile],
    recollection: Recollection | None = None,
) -> ValidationReport:
    """Validate curated files.

    Args:
        data: The files to be judged.
        vocabulary: The ontology and its schemes, judged too, and known while judging.
        shapes: The shapes.
        recollection: What is known from before; what is found is noted there.

    Raises:
        ShapesError: If the shapes are malformed, recursive, or ask for something from elsewhere.
    """
    shape_files, data_files = tuple(shapes), (*data, *vocabulary)
    check_texts(shape_files)
    shapes_graph = Graph(triples_of(shape_files))
    if recollection is None or not recollection.is_of_program:
        check_queries(shape_files, shapes_graph)
        _check_shapes(shapes_graph)
    data_graph = _graph_of(data_files)
    found = validation_results(data_graph, shapes_graph, recollection)
    found += stated_by_hand(data_graph, shapes_graph)
    if recollection is not None:
        recollection.rest()
    return ValidationReport(tuple(sorted(_sharing(placed(found, data_files, recollection)), key=order_of)))


def _graph_of(files: Collection[SourceFile]) -> Graph:
    """Return what the files state, in little room where it is much: that takes a third more time."""
    if sum(len(file.triples) for file in files if file.is_bulk) > _MANY:
        return PackedGraph({"data": Stated(file.triples for file in files)})
    return Graph(triples_of(files))


def _sharing(results: Iterable[ValidationResult]) -> Iterator[ValidationResult]:
    """Let results that say the same hold the same words: there are many results, and few words."""
    messages: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}
    shapes: dict[Term, Term] = {}
    terms: dict[NamedNode | None, NamedNode | None] = {}
    for one in results:
        yield replace(
            one,
            path=terms.setdefault(one.path, one.path),
            source_shape=shapes.setdefault(one.source_shape, one.source_shape),
            messages=messages.setdefault(tuple(sorted(one.messages.items())), one.messages),
        )


def validation_results(
    data: Graph, shapes: Graph, recollection: Recollection | None = None, deepest: int = DEEPEST
) -> "list[ValidationResult]":
    """Return what pySHACL finds, asked only about what the screening does not find to conform.

    Args:
        data: The data graph.
        shapes: The shapes graph.
        recollection: What is known from before; what is found is noted there.
        deepest: How many shapes may be within each other.

    Raises:
        ShapesError: If the shapes are malformed or recursive.
    """
    if not is_loadable(shapes):
        from twintowns import judgement  # noqa: PLC0415 - its imports take most of a small build

        return judgement.all_results(data, shapes)
    screen = Screen(shapes, data, deepest)
    if recollection is None:
        found = screen.screened()
    else:
        recollection.begin(Digests(data))
        found = screen.screened(recollection.is_settled)
    near, far = _told(data, shapes, screen, found)
    results = [*near, *far]
    if recollection is not None:
        results += recollection.results()
        recollection.note(found.judged, near)
    return list({result.key: result for result in results}.values())


def results_of(data: Graph, shapes: Graph, wanted: Collection[Term]) -> "list[ValidationResult]":
    """Return what is found of some focus nodes alone, what is stated by hand included.

    Args:
        data: The data graph, or the part of it that matters to them.
        shapes: The shapes graph, which pySHACL does not refuse.
        wanted: The focus nodes.
    """
    screen = Screen(shapes, data)
    near, far = _told(data, shapes, screen, screen.screened(is_known=lambda focus: focus not in wanted))
    by_hand = (result for result in stated_by_hand(data, shapes) if result.focus_node in wanted)
    return [*{result.key: result for result in (*near, *far)}.values(), *by_hand]


def _told(
    data: Graph, shapes: Graph, screen: Screen, found: Screened
) -> "tuple[list[ValidationResult], list[ValidationResult]]":
    """Return what pySHACL says of suspects, and of those that are like them: near by itself."""
    likeness = Likeness(shapes, data, screen.queries.query)
    near = list(likeness.told(_judged(data, shapes, likeness.chosen(found.near))))
    return near, list(likeness.told(_judged(data, shapes, likeness.chosen(found.far))))


def _judged(data: Graph, shapes: Graph, suspects: Suspects) -> "list[ValidationResult]":
    if not suspects:
        return []
    from twintowns import judgement  # noqa: PLC0415 - its imports take most of a small build

    return judgement.results(data, shapes, suspects)


def _check_shapes(shapes: Graph) -> None:
    """Validate the shapes themselves, by the SHACL shapes for SHACL that pySHACL brings along.

    Those are one deeper than it goes, where paths lie within paths as far as none that it walks.
    """
    package = find_spec("pyshacl")
    assert package is not None  # noqa: S101 - a dependency
    assert package.origin is not None  # noqa: S101 - it has files
    rules = read_canonical(Path(package.origin).parent / "assets" / "shacl-shacl.ttl")
    place = "shapes/"
    for result in validation_results(shapes, Graph(rules.triples), deepest=DEEPEST + 1):
        raise ShapesError(
            place,
            "the shape {shape} is not valid SHACL: {problem}",
            "mend it: the shapes, not the data, are at fault",
            values={"shape": result.focus_node, "problem": result.message(())},
        )


def placed(
    found: Iterable[ValidationResult], files: Collection[SourceFile], recollection: Recollection | None
) -> Iterator[ValidationResult]:
    """Find the file and the line in which each result is to be mended.

    Args:
        found: The results.
        files: The files that may tell of their nodes, those that come first before others.
        recollection: What is known from before, if anything is.
    """
    file_of: dict[Term, SourceFile] = {}
    for told in files:
        for subject in subjects_of(told.triples):
            file_of.setdefault(subject, told)
    for file, results in _by_file(found, file_of):
        if file is None:
            yield from results
        elif file.is_bulk:
            lines = _told_in_bulk(file.path, results)
            yield from (replace(one, file=file.path, line=_line_in_bulk(lines, one)) for one in results)
        else:
            yield from _placed_in(file, results, recollection)


def _placed_in(
    file: SourceFile, results: Iterable[ValidationResult], recollection: Recollection | None
) -> Iterator[ValidationResult]:
    """Find the lines of results in a file of one thing, as they were found before in the same text."""
    told = cache(lambda: list(positions(read_text(file.path))))
    known = recollection if file.digest else None
    for result in results:
        find = partial(_found, told, result)
        line = known.line(file.digest, str(_sought(result)), find) if known else find()
        yield replace(result, file=file.path, line=line)


def _found(told: Callable[[], list[Position]], result: ValidationResult) -> int | None:
    return _line(told(), result)


def _line_in_bulk(told: Mapping[str, list[Position]], result: ValidationResult) -> int | None:
    """Look only where a file in bulk tells of what the result is about: it tells of very much else."""
    nodes = (result.focus_node, result.value_node)
    return _line([one for node in nodes if node is not None for one in told.get(node.value, ())], result)


def _told_in_bulk(path: Path, results: Iterable[ValidationResult]) -> Mapping[str, list[Position]]:
    """Return where a file in bulk tells of what the results are about, by subject."""
    nodes = (node for result in results for node in (result.focus_node, result.value_node))
    told: dict[str, list[Position]] = defaultdict(list)
    for one in bulk_positions(path, {node.value for node in nodes if isinstance(node, NamedNode)}):
        told[one.subject].append(one)
    return told


def _by_file(
    found: Iterable[ValidationResult], file_of: Mapping[Term, SourceFile]
) -> Iterable[tuple[SourceFile | None, list[ValidationResult]]]:
    """Gather results by the file that tells of their focus node, or of their value."""
    gathered: dict[Path | None, tuple[SourceFile | None, list[ValidationResult]]] = {}
    for result in found:
        nodes = (result.focus_node, result.value_node)
        file = next((file_of[node] for node in nodes if node is not None and node in file_of), None)
        gathered.setdefault(file.path if file else None, (file, []))[1].append(result)
    return gathered.values()


def _sought(result: ValidationResult) -> tuple[list[str], str | None, tuple[str, str] | None]:
    """Return all by which the line of a result is found: subjects, property and value."""
    subjects = [node.value for node in (result.focus_node, result.value_node) if isinstance(node, NamedNode)]
    node = result.value_node
    language = (node.language or "").lower() if isinstance(node, Literal) else ""
    return subjects, result.path.value if result.path else None, (node.value, language) if node else None


def _line(told: list[Position], result: ValidationResult) -> int | None:
    subjects, path, value = _sought(result)
    lines = (line_of(told, subject, path, value) for subject in subjects)
    return next((line for line in lines if line is not None), None)


def order_of(result: ValidationResult) -> tuple[int, str, int, str, str, str, str]:
    """Return what results are ordered by: gravest first, then by file and line."""
    return (
        list(Severity).index(result.severity),
        str(result.file or ""),
        result.line or 0,
        str(result.source_shape),
        str(result.focus_node),
        str(result.value_node),
        str(result.key),
    )
