"""A harvest: which items, what they say, the places that they lie in, and the twinnings that follow.

First the items that state twinnings, then those that state one with them, then what lies around: the areas
and countries of the partners, the areas of these, and the works that references name.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Final, Protocol

from twintowns.scope import Scope
from twintowns.twinstatements import Twinned, twinned
from twintowns.wikidata import Item

Progress = Callable[[int, int], None]
_DAY: Final = "%Y-%m-%d"


class Reader(Protocol):
    """What items are read from.

    Attributes:
        days: On which days what it returned was read.
        rounds: How often it may be asked for more items.
    """

    days: set[str]
    rounds: int

    def stating(self, scope: Scope) -> Iterable[str]:
        """Go through the items within the scope that state twinnings."""

    def pointing(self, qids: Iterable[str]) -> Iterable[str]:
        """Go through the items that state a twinning with one of these."""

    def items(self, qids: Collection[str], told: Callable[[int], None]) -> Iterable[Item]:
        """Go through those of the items of which there is something to be read."""


@dataclass(frozen=True)
class Harvest:
    """What was harvested.

    Attributes:
        items: The partners, what they lie in, and the works that references name.
        twinnings: The twinnings.
        day: The last day on which any of it was read.
        read: The items of which it is known whether they state twinnings.
    """

    items: dict[str, Item]
    twinnings: tuple[Twinned, ...]
    day: str
    read: frozenset[str] = frozenset()

    @property
    def countries(self) -> set[str]:
        """The items that others lie in as a country."""
        return {country for item in self.items.values() for country in item.countries}

    @property
    def one_sided(self) -> list[Twinned]:
        """The twinnings that only one of two sides states."""
        return [one for one in self.twinnings if one.is_one_sided]


def harvested(readers: Sequence[Reader], scope: Scope, progress: Progress) -> Harvest:
    """Harvest.

    Args:
        readers: What items are read from: each from the first that has it; which ones, the first tells.
        scope: What is wanted.
        progress: Called with the number of items read, and known to be wanted.

    Raises:
        TwinTownsError: If something cannot be read; a service's answers so far are kept.
    """
    meter = _Meter(progress)
    seeds = {*readers[0].stating(scope), *scope.places}
    stating = seeds if scope.is_all else seeds | set(chain(*(one.pointing(seeds) for one in readers)))
    items = {item.qid: item for item in _read(readers, stating, meter)}
    twinnings = list(twinned(items, None if scope.is_all else seeds))
    pairs = {one.partners for one in twinnings}
    wanted = {qid for one in twinnings for qid in one.partners}
    for _ in range(max(reader.rounds for reader in readers) + 1):
        missing = wanted - items.keys()
        items.update((item.qid, item) for item in _read(readers, missing, meter))
        around = (items[qid] for qid in wanted if qid in items)
        wanted |= {qid for item in around for qid in (*item.areas, *item.countries)}
        wanted |= {r.stated_in for one in twinnings for r in one.references if r.stated_in}
        if not wanted - items.keys() - missing:
            break
    # now that both sides were read it is known which of them state it
    found = tuple(one for one in twinned(items, None) if one.partners in pairs)
    kept = {qid: items[qid] for qid in sorted(wanted & items.keys())}
    day = max(chain(*(reader.days for reader in readers)), default="")
    return Harvest(kept, found, day, frozenset(items))


def day_of(environment: dict[str, str]) -> str:
    """Return the day of a harvest: today's, unless `SOURCE_DATE_EPOCH` says another.

    >>> day_of({"SOURCE_DATE_EPOCH": "0"})
    '1970-01-01'
    """
    told = environment.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(told), UTC) if told.isdecimal() else datetime.now(UTC)
    return now.strftime(_DAY)


class _Meter:
    """Counts items for who watches."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = self._total = 0

    def add(self, total: int) -> None:
        self._total += total

    def tick(self, done: int) -> None:
        self._done += done
        self._progress(self._done, self._total)


def _read(readers: Sequence[Reader], qids: set[str], meter: _Meter) -> Iterator[Item]:
    """Go through items, each from the first reader that has it."""
    left = set(qids)
    meter.add(len(left))
    for number, reader in enumerate(readers):
        is_last = number == len(readers) - 1
        for item in reader.items(left, meter.tick if is_last else lambda _: None) if left else ():
            left = left - {item.qid} if not is_last else left
            yield item
