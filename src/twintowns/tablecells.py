"""A table as rows of texts, whatever it was read from; how large it may be, and what a cell may hold.

Tables come from anywhere, so nothing in them is obeyed: characters that control something are left out, and
there is an end to rows, columns and the length of cells.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from twintowns.exceptions import TableError

MOST_BYTES: Final = 64 << 20
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 400
MOST_CHARACTERS: Final = 20_000
"""How long the text of a cell may be."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+")


class Sheet(NamedTuple):
    """A table.

    Attributes:
        place: The file that it was read from.
        rows: Its rows of texts, each as long as the longest, with their numbers in the file, counted from 1.
        separator: What separates its cells in a text file.
    """

    place: Path
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    separator: str = ","


def sheet_of(place: Path, rows: Iterable[Sequence[str]], separator: str = ",") -> Sheet:
    """Return a table of rows, empty ones left out.

    Raises:
        TableError: If it is larger than may be, or empty.
    """
    kept: list[tuple[int, tuple[str, ...]]] = []
    for number, row in enumerate(islice(rows, MOST_ROWS + 1), 1):
        cells = _ended(tuple(map(tidy, row)))
        too_long = any(len(cell) > MOST_CHARACTERS for cell in cells)
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS or too_long:
            raise TableError(
                place,
                "the table has more than {rows} rows, {columns} columns, or {characters} characters a cell",
                "see that every quotation mark is closed; else divide the table",
                line=number,
                values={"rows": MOST_ROWS, "columns": MOST_COLUMNS, "characters": MOST_CHARACTERS},
            )
        if any(cells):
            kept.append((number, cells))
    if not kept:
        raise TableError(place, "there is no table in it", "name a file with a table")
    width = max(len(cells) for _, cells in kept)
    return Sheet(place, tuple((n, cells + ("",) * (width - len(cells))) for n, cells in kept), separator)


def tidy(text: str) -> str:
    r"""Return a text as one line of visible characters.

    >>> tidy(" Bad\r\n Honnef\x07 ")
    'Bad Honnef'
    """
    return " ".join(_CONTROL.sub(" ", text).split())


def _ended(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the empty cells at the end of a row."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]
