"""What two items say of one twinning, brought together: each states it by itself, and they may disagree.

Of dates that agree as far as both go, the more precise one holds. Where they contradict each other, none is
stated.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal

from twintowns.iris import number_of
from twintowns.wikidata import Item, Reference, Statement


@dataclass(frozen=True)
class Twinned:
    """A twinning as its two sides state it.

    Attributes:
        partners: The two items, the one with the lower number first.
        stated_by: Those of them that state it.
        is_one_sided: Whether one of them was read and does not state it.
        starts: When it began: one date, several that contradict each other, or none.
        ends: When it ended, likewise.
        has_start: Whether there is a start, known or not.
        has_end: Whether there is an end, known or not.
        references: What the statements rest on.
    """

    partners: tuple[str, str]
    stated_by: tuple[str, ...]
    is_one_sided: bool = False
    starts: tuple[Literal, ...] = ()
    ends: tuple[Literal, ...] = ()
    has_start: bool = False
    has_end: bool = False
    references: tuple[Reference, ...] = ()

    @property
    def start(self) -> Literal | None:
        """When it began, if that is known without contradiction and not after the end."""
        start = self.starts[0] if len(self.starts) == 1 else None
        if start and self.end and not is_before(start, self.end):
            return None
        return start

    @property
    def end(self) -> Literal | None:
        """When it ended, if that is known without contradiction."""
        return self.ends[0] if len(self.ends) == 1 else None


def twinned(items: dict[str, Item], within: set[str] | None) -> Iterator[Twinned]:
    """Go through the twinnings that items state, in the order of their numbers.

    Args:
        items: What was read.
        within: The items of which one has to be a partner; None for all.
    """
    sides: dict[tuple[str, str], dict[str, list[Statement]]] = {}
    for item in items.values():
        for statement in item.statements:
            one, other = sorted((item.qid, statement.partner), key=number_of)
            if one != other and (within is None or within & {one, other}):
                sides.setdefault((one, other), {}).setdefault(item.qid, []).append(statement)
    for partners in sorted(sides, key=lambda pair: (number_of(pair[0]), number_of(pair[1]))):
        yield _joined(partners, sides[partners], items)


def agreed(dates: Iterable[Literal | None]) -> tuple[Literal, ...]:
    """Return the most precise of dates that agree as far as they go, else all that contradict each other.

    >>> from twintowns.vocabulary import XSD
    >>> year, day = Literal("1970", datatype=XSD.gYear), Literal("1970-09-06", datatype=XSD.date)
    >>> [date.value for date in agreed([year, day])]
    ['1970-09-06']
    >>> [date.value for date in agreed([year, Literal("1971", datatype=XSD.gYear), None])]
    ['1970', '1971']
    """
    known = sorted({date for date in dates if date}, key=lambda date: date.value)
    return tuple(
        date for date in known if not any(other.value.startswith(f"{date.value}-") for other in known)
    )


def is_before(one: Literal, other: Literal) -> bool:
    """Tell whether a date is not after another, as far as both are known."""
    length = min(len(one.value), len(other.value))
    return one.value[:length] <= other.value[:length]


def _joined(partners: tuple[str, str], sides: dict[str, list[Statement]], items: dict[str, Item]) -> Twinned:
    told = [_latest(statements) for statements in sides.values()]
    return Twinned(
        partners,
        stated_by=tuple(sorted(sides, key=number_of)),
        is_one_sided=any(qid in items and qid not in sides for qid in partners),
        starts=agreed(statement.start for statement in told),
        ends=agreed(statement.end for statement in told),
        has_start=any(statement.has_start for statement in told),
        has_end=any(statement.has_end for statement in told),
        references=tuple(sorted({one for statement in told for one in statement.references})),
    )


def _latest(statements: list[Statement]) -> Statement:
    """Return the statement of one side that tells how things are now: the one without an end, or the last."""
    return max(
        statements, key=lambda one: (not one.has_end, one.end.value if one.end else "", one.start is not None)
    )
