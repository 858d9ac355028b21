"""When somebody is open, as people say it: a line for the days that have the same hours.

The names of the days and what stands between the first and the last of several come from the CLDR
(https://cldr.unicode.org/translation/date-time/date-time-patterns#interval-formats), as do the times.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from twintowns.graph import Graph, Node
from twintowns.messages import interval_form, time_text, translations, weekday_names
from twintowns.vocabulary import SCHEMA, A

_DAYS: Final = tuple(
    SCHEMA[day] for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)
_TOLD: Final = frozenset((A, SCHEMA.opens, SCHEMA.closes, SCHEMA.dayOfWeek))
_TIMES: Final = (SCHEMA.opens, SCHEMA.closes)
_FEWEST: Final = 3
"""How many days after one another are told by the first and the last."""


def lines_of(graph: Graph, parts: Iterable[Node], language: str) -> tuple[str, ...]:
    """Return the hours of opening hours specifications, those of the same days on one line, from Monday on.

    Args:
        graph: What is stated of them.
        parts: The specifications; one without both times is left out.
        language: A BCP 47 tag.
    """
    hours: dict[tuple[int, ...], set[tuple[str, ...]]] = defaultdict(set)
    for part in parts:
        both = [_texts(graph, part, one)[:1] for one in _TIMES]
        if all(both):
            hours[_days(graph, part)].add(tuple(text for (text,) in both))
    unknown = translations(language).gettext("{hours} (days not stated)")
    return tuple(
        f"{_named(days, language)}: {_listed(told, language)}"
        if days
        else unknown.format(hours=_listed(told, language))
        for days, told in sorted(hours.items())
    )


def taken(graph: Graph, triples: list[Triple]) -> tuple[list[Node], list[Triple]]:
    """Return the specifications among some values of which a line tells everything, and the other values.

    Args:
        graph: What is stated of them.
        triples: The values of one property, of which there is one at least.
    """
    if triples[0].predicate != SCHEMA.hoursAvailable:
        return [], triples
    plain = [part for part in _objects(triples) if _is_plain(graph, part)]
    return plain, [triple for triple in triples if triple.object not in plain]


def _objects(triples: Iterable[Triple]) -> Iterator[Node]:
    return (triple.object for triple in triples if not isinstance(triple.object, Literal))  # type: ignore[misc]


def _is_plain(graph: Graph, part: Node) -> bool:
    """Tell whether nothing but one span of time, and days of the week, is stated of a specification."""
    told = dict(graph.by_predicate(part))
    once = all(len(_texts(graph, part, one)) == len(told.get(one, ())) == 1 for one in _TIMES)
    return once and told.keys() <= _TOLD and all(day in _DAYS for day in graph.values(part, SCHEMA.dayOfWeek))


def _named(days: Sequence[int], language: str) -> str:
    """Return what days are called, those after one another by the first and the last."""
    names = weekday_names(language)
    told: list[str] = []
    for run in _runs(days):
        if len(run) < _FEWEST:
            told += (names[day] for day in run)
        else:
            told.append(interval_form(language).format(names[run[0]], names[run[-1]]))
    return ", ".join(told)


def _runs(days: Sequence[int]) -> Iterator[list[int]]:
    """Yield the days, those that follow one another together."""
    run: list[int] = []
    for day in days:
        if run and day != run[-1] + 1:
            yield run
            run = []
        run.append(day)
    yield run


def _listed(spans: set[tuple[str, ...]], language: str) -> str:
    """Return spans of time from the earliest on."""
    told = ("\N{EN DASH}".join(time_text(time, language) for time in span) for span in sorted(spans))
    return ", ".join(told)


def _days(graph: Graph, part: Node) -> tuple[int, ...]:
    told = set(graph.values(part, SCHEMA.dayOfWeek))
    return tuple(number for number, day in enumerate(_DAYS) if day in told)


def _texts(graph: Graph, node: Node, predicate: NamedNode) -> list[str]:
    return [value.value for value in graph.values(node, predicate) if isinstance(value, Literal)]
