"""An index of the names of places: which items of Wikidata a name may mean, and by how much of it.

An item is found by the keys of its names (`foldednames`), by its name without the word for its kind or what
tells it from others (`placewords`), and by names that are one slip away. What is found is a candidate and
no more: whether to believe it is for `reconciliation` to say.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from itertools import islice
from typing import Final, NamedTuple

from twintowns.foldednames import folded, is_one_slip
from twintowns.iris import number_of
from twintowns.placewords import Kind, Spoken, spoken

MOST_ENTRIES: Final = 2_000_000
"""How many items an index may hold."""
MOST_NAMES: Final = 200
"""How many names of one item are taken."""
_MOST_BLOCKED: Final = 2000
_FEWEST_LETTERS: Final = 6
"""How long a name must be for another to be a slip of it."""


class Level(IntEnum):
    """By how much of a name an item was found; the score that it is worth, of 100."""

    SLIP = 45
    PART = 60
    KIND = 75
    SPELLED = 85
    FOLDED = 93
    EXACT = 100


class Entry(NamedTuple):
    """An item with its names.

    Attributes:
        qid: The Wikidata item.
        names: Its names, the one to show first.
        territories: The codes of the countries that it may be said to lie in; none where it is not known.
        kind: The IRI of its class, where that is known.
        called: What it is called, after the tag of the language; empty where that is not known.
    """

    qid: str
    names: tuple[str, ...]
    territories: frozenset[str] = frozenset()
    kind: str = ""
    called: tuple[tuple[str, str], ...] = ()


class Found(NamedTuple):
    """An item that a name may mean.

    Attributes:
        entry: The item.
        level: By how much of the name.
        name: Which of its names.
        spoken: That name, taken apart.
    """

    entry: Entry
    level: Level
    name: str
    spoken: Spoken


class NameIndex:
    """Items by their names.

    Args:
        entries: The items; of one that comes more than once, all names count.
        twinnings: Pairs of items that are known to be twinned.
    """

    def __init__(self, entries: Iterable[Entry], twinnings: Iterable[tuple[str, str]] = ()) -> None:
        """Index the items by the keys of their names."""
        self.entries: Final = _merged(islice(entries, MOST_ENTRIES))
        self._by_key: Final[dict[str, list[str]]] = defaultdict(list)
        self._by_start: Final[dict[str, list[str]]] = defaultdict(list)
        self._twinned: Final[dict[str, set[str]]] = defaultdict(set)
        for entry in self.entries.values():
            for key in _keys(entry):
                self._by_key[key].append(entry.qid)
        for key in self._by_key:
            for start in _starts(key):
                self._by_start[start].append(key)
        for one, other in twinnings:
            self._twinned[one].add(other)
            self._twinned[other].add(one)

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self.entries)

    def is_twinned(self, one: str, other: str) -> bool:
        """Tell whether two items are known to be twinned."""
        return other in self._twinned.get(one, ())

    def twinned_with(self, qid: str) -> frozenset[str]:
        """Return the items that an item is known to be twinned with."""
        return frozenset(self._twinned.get(qid, ()))

    def territories(self, qid: str) -> frozenset[str]:
        """Return the countries that an item may lie in; none where the item or its country is not known."""
        entry = self.entries.get(qid)
        return entry.territories if entry else frozenset()

    def found(self, name: str, *, with_slips: bool = True) -> list[Found]:
        """Return the items that a name may mean, those found by the most of it first, then by their numbers.

        Args:
            name: The name, as people write it.
            with_slips: Whether to look for names that are one slip away, where there is no other.
        """
        best: dict[str, Found] = {}
        for asked in spoken(name):
            for key in dict.fromkeys((*asked.whole, *asked.bare)):
                for qid in self._by_key.get(key, ()):
                    self._judge(self.entries[qid], asked, best)
        if not best and with_slips:
            for asked in spoken(name):
                for key in self._slips(asked.bare.folded):
                    for qid in self._by_key[key]:
                        entry = self.entries[qid]
                        best.setdefault(
                            qid, Found(entry, Level.SLIP, entry.names[0], spoken(entry.names[0])[0])
                        )
        return sorted(best.values(), key=lambda one: (-one.level, number_of(one.entry.qid)))

    def beginning(self, prefix: str, most: int) -> list[Entry]:
        """Return the items of which a name begins with a text, those with the shortest such names first."""
        wanted = folded(prefix)
        if not wanted:
            return []
        keys = (key for key in self._by_start.get(wanted[:2], ()) if key.startswith(wanted))
        if len(wanted) == 1:
            keys = (key for key in self._by_key if key.startswith(wanted))
        ordered = sorted(keys, key=lambda key: (len(key), key))
        qids = dict.fromkeys(qid for key in ordered for qid in sorted(self._by_key[key], key=number_of))
        return [self.entries[qid] for qid in islice(qids, most)]

    def _judge(self, entry: Entry, asked: Spoken, best: dict[str, Found]) -> None:
        for name in entry.names:
            for told in spoken(name):
                level = _level(asked, told)
                if level and (entry.qid not in best or best[entry.qid].level < level):
                    best[entry.qid] = Found(entry, level, name, told)

    def _slips(self, key: str) -> Iterator[str]:
        if len(key) < _FEWEST_LETTERS:
            return
        starts = dict.fromkeys((key[:2], key[1::-1], key[0] + key[2:3], key[1:3]))
        for start in starts:
            for other in islice(self._by_start.get(start, ()), _MOST_BLOCKED):
                if abs(len(other) - len(key)) < 2 and is_one_slip(key, other):  # noqa: PLR2004 - a letter more or less
                    yield other


def _level(asked: Spoken, told: Spoken) -> Level | None:
    """Return by how much two names agree."""
    for one, other, most in (
        (asked.whole, told.whole, Level.EXACT),
        (asked.bare, told.bare, Level.KIND),
    ):
        if one.exact == other.exact:
            return _no_more(most, Level.EXACT, asked, told)
        if one.folded and one.folded == other.folded:
            return _no_more(most, Level.FOLDED, asked, told)
        if one.folded and (one.folded == other.spelled or one.spelled == other.folded):
            return _no_more(most, Level.SPELLED, asked, told)
    return None


def _no_more(most: Level, level: Level, asked: Spoken, told: Spoken) -> Level:
    """Return a level, less where only a part of the names agrees."""
    if most == Level.EXACT:
        return level
    if asked.beside != told.beside and (told.beside or asked.beside):
        return Level.PART
    same_kind = asked.kind == told.kind or {asked.kind, told.kind} == {Kind.TOWN, Kind.NONE}
    return level if same_kind else min(level, most)


def _merged(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    merged: dict[str, Entry] = {}
    for entry in entries:
        known = merged.get(entry.qid)
        if known:
            names = dict.fromkeys((*known.names, *entry.names))
            territories = known.territories & entry.territories or known.territories | entry.territories
            called = tuple(dict.fromkeys((*known.called, *entry.called)))
            entry = Entry(entry.qid, tuple(names), territories, known.kind or entry.kind, called)  # noqa: PLW2901 - the whole
        told = tuple(islice((name for name in entry.names if folded(name)), MOST_NAMES))
        if told:
            merged[entry.qid] = entry._replace(names=told)
    return merged


def _keys(entry: Entry) -> Iterable[str]:
    told = (one for name in entry.names for one in spoken(name))
    return dict.fromkeys(key for one in told for keys in (one.whole, one.bare) for key in keys if key)


def _starts(key: str) -> Iterable[str]:
    return {key[:2]} if len(key) > 1 else ()
