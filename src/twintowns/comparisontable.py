"""How a publication and Wikidata differ, for programs: CSV, as the tables of `tables` are, and Turtle."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode

from twintowns.columns import several
from twintowns.comparison import PATH, Comparison, Difference, Pair, comparison_triples
from twintowns.graph import Graph
from twintowns.iris import Names, local_name
from twintowns.turtle import TurtleWriter

_COLUMNS: Final = (
    "difference",
    "item_1",
    "name_1",
    "item_2",
    "name_2",
    "here",
    "wikidata",
    "twinning",
    "stated_in",
    "references",
)
_LIST: Final = several("list", "", lambda _: ())
"""How cells are written: no formula, nothing that a text cannot hold."""


def comparison_csv(comparison: Comparison, languages: Iterable[str]) -> str:
    """Return the differences as CSV, a row each.

    Args:
        comparison: The comparison.
        languages: In which the items are named, the first in which Wikidata has a name.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    order = tuple(languages)
    for pair, difference in comparison.by_kind():
        names = (_name(comparison, qid, order) for qid in pair.partners)
        writer.writerow(_LIST.cell(texts) for texts in _cells(pair, difference, tuple(names)))
    return file.getvalue()


def comparison_turtle(comparison: Comparison, names: Names, writer: TurtleWriter) -> str:
    """Return a comparison as a Turtle document.

    Args:
        comparison: The comparison.
        names: How the publication names its things.
        writer: What writes it.
    """
    graph = Graph(comparison_triples(comparison, names))
    return writer.document(graph, [NamedNode(f"{names.space}{PATH}")])


def _cells(pair: Pair, difference: Difference, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield (difference.kind.value,)
    for qid, name in zip(pair.partners, names, strict=True):
        yield (qid,)
        yield (name,)
    yield difference.here
    yield difference.there
    yield pair.here.sources if pair.here else ()
    yield tuple(map(local_name, pair.there.sources)) if pair.there else ()
    yield pair.there.references if pair.there else ()


def _name(comparison: Comparison, qid: str, languages: tuple[str, ...]) -> str:
    labels = {label.language: label.value for label in comparison.labels.get(qid, ())}
    found = (labels[tag] for tag in (*languages, *sorted(filter(None, labels))) if tag in labels)
    return next(found, "")
