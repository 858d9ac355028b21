"""Where the names of points stand, so that they do not cover each other: beside, below or above.

Names are set twice: in large letters, as a narrow screen needs them, and then, where there is room left, in
small ones; the latter are shown only where the screen is wide. A name stands on a line only where no side of
its point is free of lines. What is taken is kept as rows of bits.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

LARGE: Final = 46
"""How high letters are on a narrow screen, in the units of a drawing."""
SMALL: Final = 26
"""How high they are on a wide one."""
_CELL: Final = 8
_WIDE_FROM: Final = 0x1100
_WIDTHS: Final = {**dict.fromkeys("mwMW", 97), **dict.fromkeys("fijlrtI .,'-()", 39)}
"""How wide letters are that are not as wide as most, in hundredths of their height, in a wide typeface."""
_MOST, _CAPITAL, _IDEOGRAPH = 62, 70, 105
_HALF_POINT: Final = 10
_GAP: Final = 0.75
_RISE: Final = 0.6
_LEADING: Final = 1.25
Polyline = Sequence[tuple[int, int]]
"""The points through which a line leads."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

_SIDES: Final = (("start", 1, 0), ("end", -1, 0), ("middle", 0, 1), ("middle", 0, -1))


class Anchor(NamedTuple):
    """How a name stands by its point.

    Attributes:
        anchor: Which end of it is there, in the words of SVG.
        dx: How far it is shifted, in heights of its letters.
        dy: How far it is shifted down.
        is_small: Whether there is room for it only on a wide screen.
    """

    anchor: str
    dx: str
    dy: str
    is_small: bool


_SHIFTS: Final = (
    ("start", ".75em", ".33em"),
    ("end", "-.75em", ".33em"),
    ("middle", "0", "1.58em"),
    ("middle", "0", "-.92em"),
)


def width_of(text: str, height: int) -> float:
    """Return about how wide a text is in a wide typeface, so that it has room in any.

    >>> width_of("Imatra", 10) < width_of("Ludvika", 10)
    True
    """
    return height * sum(map(_width_of_letter, text)) / 100


@cache
def _width_of_letter(letter: str) -> int:
    if ord(letter) >= _WIDE_FROM:
        return _IDEOGRAPH
    return _WIDTHS.get(letter) or (_CAPITAL if letter.isupper() else _MOST)


class _Room:
    """What is taken of a frame: a number a row, whose bits are cells."""

    def __init__(self, width: int, height: int) -> None:
        self._columns, self._rows = width // _CELL, height // _CELL
        self._taken = [0] * (self._rows + 1)
        self._crossed = [0] * (self._rows + 1)

    def cross(self, line: Polyline) -> None:
        """Note the cells through which a line leads."""
        for (x1, y1), (x2, y2) in pairwise(line):
            steps = max(abs(x2 - x1), abs(y2 - y1)) // _CELL + 1
            for step in range(steps + 1):
                row = (y1 + (y2 - y1) * step // steps) // _CELL
                column = (x1 + (x2 - x1) * step // steps) // _CELL
                if 0 <= row <= self._rows and 0 <= column <= self._columns:
                    self._crossed[row] |= 1 << column

    def is_crossed(self, box: Box) -> bool:
        """Tell whether a line leads through a box."""
        rows, mask = self._cells(box)
        return any(self._crossed[row] & mask for row in rows)

    def _cells(self, box: Box) -> tuple[range, int]:
        """Return the rows of a box, and its cells in each."""
        left, top, right, bottom = (int(side // _CELL) for side in box)
        mask = ((1 << (right - max(0, left) + 1)) - 1) << max(0, left) if right >= 0 else 0
        return range(max(0, top), min(self._rows, bottom) + 1), mask

    def take(self, box: Box, *, only_free: bool) -> bool:
        """Take a box, and tell whether that could be done."""
        left, top, right, bottom = (int(side // _CELL) for side in box)
        if only_free and (left < 0 or top < 0 or right >= self._columns or bottom >= self._rows):
            return False
        rows, mask = self._cells(box)
        if only_free and any(self._taken[row] & mask for row in rows):
            return False
        for row in rows:
            self._taken[row] |= mask
        return True


def labels_of(
    points: Sequence[tuple[int, int, str]],
    frame: tuple[int, int],
    named: Iterable[int],
    lines: Iterable[Polyline] = (),
) -> dict[int, Anchor]:
    """Return how the names of points stand, by their numbers; those for which there is no room are left out.

    Args:
        points: Where they lie, and what they are called.
        frame: Width and height of the drawing.
        named: Which of them are to be named, the most important first.
        lines: What names should not stand on.
    """
    narrow, wide = _Room(*frame), _Room(*frame)
    for line in lines:
        narrow.cross(line)
        wide.cross(line)
    for x, y, _ in points:
        for room in (narrow, wide):
            half = _HALF_POINT
            room.take((x - half, y - half, x + half, y + half), only_free=False)
    found: dict[int, Anchor] = {}
    wanted = list(named)
    for room, height in ((narrow, LARGE), (wide, SMALL)):
        for number in wanted:
            if number not in found:
                boxes = enumerate(_boxes(points[number], height))
                for side, box in sorted(boxes, key=lambda told: room.is_crossed(told[1])):
                    if room.take(box, only_free=True):
                        found[number] = Anchor(*_SHIFTS[side], is_small=room is wide)
                        if room is narrow:
                            small = list(_boxes(points[number], SMALL))[side]
                            wide.take(small, only_free=False)
                        break
    return found


def _boxes(point: tuple[int, int, str], height: int) -> Iterator[Box]:
    """Go through the boxes that a name may take: right of the point, left of it, below and above."""
    x, y, text = point
    width, gap = width_of(text, height), height * _GAP
    for anchor, along, down in _SIDES:
        middle = y + down * height * _LEADING
        left = x + gap if along > 0 else x - gap - width if anchor == "end" else x - width / 2
        yield left, middle - height * _RISE, left + width, middle + height * _RISE
