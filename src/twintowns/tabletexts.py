"""Tables that are text: their encoding and what separates their cells are found out, as nobody tells them.

UTF-8 and UTF-16 say so themselves; what is no UTF-8 is what Windows wrote, or Latin-1. The separator is the
one by which the rows are most alike. The form is that of RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180).
"""

import codecs
import csv
import io
import re
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Final

from twintowns.exceptions import EncodingError, TableError

SEPARATORS: Final = ",;\t|"
_LOOKED_AT: Final = 200
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAYS: Final = "sep="
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def text_of(raw: bytes, place: Path) -> str:
    r"""Return the text that bytes stand for.

    Raises:
        EncodingError: If they are in no encoding that is known, or no text.

    >>> text_of("Ludvika \u2013 Århus".encode("cp1252"), Path("t.csv"))
    'Ludvika – Århus'
    """
    marked = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "")
    if b"\0" in raw and marked != "utf-16":
        raise _not_text(place)
    for encoding in (marked,) if marked else ("utf-8", "cp1252", "latin-1"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _not_text(place)


def rows_of(text: str, place: Path) -> tuple[list[list[str]], str]:
    """Return the rows of a table that is text, and what separates its cells.

    Raises:
        TableError: If it cannot be read as one.
    """
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"')
    if said.casefold().startswith(_SAYS) and len(said) == len(_SAYS) + 1:
        return _parsed(rest, said[-1], place), said[-1]
    separator = _separator(text)
    return _parsed(text, separator, place), separator


def _separator(text: str) -> str:
    """Return the separator by which most rows have the same number of cells, and more than one."""

    def likeness(separator: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            widths = [len(row) for row in islice(reader, _LOOKED_AT) if any(row)]
        except csv.Error:
            return 0, 0
        several = Counter(width for width in widths if width > 1)
        width, count = max(several.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
        return count / max(1, len(widths)), width

    return max(SEPARATORS, key=lambda separator: (likeness(separator), -SEPARATORS.index(separator)))


def _parsed(text: str, separator: str, place: Path) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [[_unescaped(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise TableError(
            place,
            "this line cannot be read as one of a table",
            "see that every quotation mark is closed",
            line=reader.line_num,
        ) from error


def _not_text(place: Path) -> EncodingError:
    return EncodingError(
        place,
        "the encoding of this table is not known",
        "save it again as CSV with the encoding UTF-8",
    )


def _unescaped(cell: str) -> str:
    """Return a cell without the apostrophe by which `written` keeps it from being taken for a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def written(rows: list[list[str]], separator: str) -> bytes:
    """Return rows as a table that is text, with a mark by which spreadsheets know that it is UTF-8.

    What a spreadsheet would take for a formula begins with an apostrophe, which is not read back.
    """
    rows = [[f"'{cell}" if _FORMULA.match(cell) else cell for cell in row] for row in rows]
    told = io.StringIO(newline="")
    csv.writer(told, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return codecs.BOM_UTF8 + told.getvalue().encode()
