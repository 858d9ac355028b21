"""Files that have a piece for each of many things: after an edit only what it can have changed is made again.

The pieces of a published file are found in it by their sizes, which are kept beside the site
(`pieces.json`). They hold for the very edition that is published, made by the same program.
"""

from bisect import insort
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

from twintowns import jsontext

FILE: Final = "pieces.json"
"""What the sizes are kept in."""


class Piece(NamedTuple):
    """What a file has of one thing, and a word on it for who puts the file together."""

    content: bytes | memoryview
    note: str = ""


class Things(NamedTuple):
    """The things of which files have pieces, in their order.

    Attributes:
        name: What they are called together: the same in each file that has pieces of the same things.
        items: The things; as texts they are told apart.
        changed: Those, and others, whose pieces an edit can have changed; None where that is not known.
    """

    name: str
    items: Sequence[Any]
    changed: Container[Any] | None = None


class Section(NamedTuple):
    """A part of a file: a piece for each of some things.

    Attributes:
        things: The things.
        make: Makes the piece of a thing.
        head: Makes what stands before the pieces, of the words on them.
        between: What stands between two pieces.
        settle: Makes a piece fit into the place where it stands, in the order of the pieces.
    """

    things: Things
    make: Callable[[Any], Piece]
    head: Callable[[Sequence[str]], bytes]
    between: bytes = b""
    settle: Callable[[bytes | memoryview], bytes | memoryview] = lambda content: content


class Whole(NamedTuple):
    """A file made of pieces.

    Attributes:
        path: Where it lies in the site.
        sections: Its parts.
        tail: What stands behind them.
    """

    path: str
    sections: Sequence[Section]
    tail: bytes = b""


Layout = tuple[int, list[int], list[str]]
"""Of a section: the size of its head, of each of its pieces, and the words on these if there are any."""


class Pieces:
    """The sizes of pieces, before and now.

    Args:
        before: Those of the published edition; none where they do not hold.
        place: Where that lies.
    """

    def __init__(self, before: Mapping[str, Any] | None = None, place: Path = Path()) -> None:
        """Begin with what was kept."""
        self._before: Mapping[str, Any] = before or {}
        self._place: Final = place
        self._things: Final[dict[str, list[str]]] = {}
        self._files: Final[dict[str, list[Layout]]] = {}

    def joined(self, whole: Whole) -> bytes:
        """Put a file together, of its pieces as they are published where an edit cannot have changed them."""
        found: list[bytes | memoryview] = []
        self._files[whole.path] = layouts = []
        kept = self._kept(whole)
        for number, section in enumerate(whole.sections):
            self._things.setdefault(section.things.name, list(map(str, section.things.items)))
            pieces = list(self._pieces(section, kept.get(number, {})))
            notes = [piece.note for piece in pieces]
            contents = [section.settle(piece.content) for piece in pieces]
            head, body = section.head(notes), section.between.join(contents)
            layouts.append((len(head), list(map(len, contents)), notes if any(notes) else []))
            found += (head, body)
        return b"".join((*found, whole.tail))

    def ordered(self, things: Things, key: Callable[[Any], Any]) -> tuple[list[Any], list[Any] | None]:
        """Put things in order, those alone anew whose place an edit can have changed.

        Args:
            things: The things, in any order.
            key: Returns what a thing is ordered by, which is another one for each thing.

        Returns:
            The things in their order; and the whole list as it was published, of those that are still there
            with None in the place of each other one, if that is known.
        """
        name, items, changed = things
        before = self._before.get("things", {}).get(name)
        known = {str(item): item for item in items}
        if changed is None or not isinstance(before, list):
            found, was = sorted(items, key=key), None
        else:
            was = [known.get(one) if isinstance(one, str) else None for one in before]
            found = [item for item in dict.fromkeys(was) if item is not None and item not in changed]
            there = set(found)
            for item in items:
                if item not in there:
                    insort(found, item, key=key)
        self._things[name] = list(map(str, found))
        return found, was

    def _pieces(self, section: Section, kept: Mapping[str, Piece]) -> Iterator[Piece]:
        name, items, changed = section.things
        if changed is None:
            yield from map(section.make, items)
            return
        for item, key in zip(items, self._things[name], strict=True):
            known = None if item in changed else kept.get(key)
            yield section.make(item) if known is None else known

    def _kept(self, whole: Whole) -> dict[int, dict[str, Piece]]:
        """Return the pieces of a published file by section and thing; none where they do not make it up."""
        try:
            layouts = self._before["files"][whole.path]
            keys = [self._before["things"][section.things.name] for section in whole.sections]
            betweens = [len(section.between) for section in whole.sections]
            published = memoryview((self._place / whole.path).read_bytes())
            found, end = _found(published, list(zip(keys, layouts, betweens, strict=True)))
        except (LookupError, OSError, TypeError, ValueError):
            return {}
        return found if end + len(whole.tail) == len(published) else {}

    def forget(self) -> None:
        """Forget what was kept before: it does not hold any more."""
        self._before = {}

    def content(self) -> bytes:
        """Return what to keep."""
        return jsontext.line({"things": self._things, "files": self._files})


def kept(file: Path, place: Path) -> Pieces:
    """Return what was kept of the edition that is published in a place; nothing where that cannot be read.

    >>> kept(Path("/nowhere"), Path("/nowhere")).joined(Whole("a", [], b"end"))
    b'end'
    """
    try:
        return Pieces(dict(jsontext.read(file.read_bytes())), place)
    except (OSError, ValueError, TypeError):
        return Pieces()


def _found(
    whole: memoryview, sections: Sequence[tuple[list[str], Layout, int]]
) -> tuple[dict[int, dict[str, Piece]], int]:
    """Find the pieces in a file by section and thing; return them, and where the last one ends."""
    found: dict[int, dict[str, Piece]] = {}
    start = 0
    for number, (keys, (head, sizes, notes), between) in enumerate(sections):
        starts = accumulate((size + between for size in sizes), initial=start + head)
        found[number] = {
            key: Piece(whole[at : at + size], note)
            for key, at, size, note in zip(keys, starts, sizes, notes or [""] * len(keys), strict=False)
        }
        start += head + sum(sizes) + between * max(0, len(sizes) - 1)
    return found, start
