"""Workbooks of spreadsheet programs (.xlsx, .ods) as rows of texts: what cells show, never formulas.

A workbook is a ZIP file, in which little can stand for very much, and a cell far out stands for all those
before it. So it is unpacked within bounds first, and read in a process of its own with little memory, which
may fail without harm. The reader is calamine (https://github.com/tafia/calamine).
"""

import datetime as dt
import io
import multiprocessing
import os
import resource
import zipfile
import zlib
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from twintowns.exceptions import TableError
from twintowns.tablecells import MOST_BYTES, MOST_COLUMNS, MOST_ROWS

SUFFIXES: Final = {".xlsx", ".ods"}
_MOST_FILES: Final = 2000
_MOST_MEMORY: Final = 1 << 30
_PIECE: Final = 1 << 20

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def rows_in(raw: bytes, place: Path, sheet: str = "") -> list[list[str]]:
    """Return the rows of a sheet of a workbook.

    Args:
        raw: The workbook.
        place: Where it comes from.
        sheet: The name of the sheet; else the first that is shown and has anything in it.

    Raises:
        TableError: If it is no workbook, has no such sheet, or is larger than may be.
    """
    plain = _unpacked(raw, place)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, context, initializer=_limit) as pool:
        try:
            names, rows = pool.submit(_read, plain, sheet).result()
        except (BrokenProcessPool, MemoryError) as error:
            raise _too_large(place) from error
        except (CalamineError, ValueError) as error:
            raise _no_workbook(place) from error
    if sheet and sheet not in names:
        raise TableError(
            place,
            'it has no sheet called "{sheet}"',
            "name one of these with --sheet: {names}",
            values={"sheet": sheet, "names": ", ".join(names)},
        )
    return rows


def _read(
    plain: bytes, sheet: str
) -> tuple[list[str], list[list[str]]]:  # pragma: no cover - in another process
    """Read a sheet; called in a process with little memory."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(plain))
    shown = [
        told.name
        for told in book.sheets_metadata
        if told.visible == SheetVisibleEnum.Visible and told.typ == SheetTypeEnum.WorkSheet
    ]
    for name in [one for one in book.sheet_names if one == sheet] if sheet else shown:
        found = book.get_sheet_by_name(name)
        if found.total_height > MOST_ROWS + 1 or found.total_width > MOST_COLUMNS + 1:
            raise MemoryError
        if rows := found.to_python(skip_empty_area=False):
            return book.sheet_names, [[cell_text(cell) for cell in row] for row in rows]
    return book.sheet_names, []


def cell_text(cell: Cell) -> str:
    """Return what a cell shows, dates as ISO 8601 writes them.

    >>> cell_text(1991.0), cell_text(dt.datetime(1991, 5, 12)), cell_text(True), cell_text(0.5)
    ('1991', '1991-05-12', '', '0.5')
    """
    match cell:
        case bool() | dt.time() | dt.timedelta():
            return ""
        case float() if cell.is_integer():
            return str(int(cell))
        case dt.datetime() | dt.date():
            return cell.isoformat()[: len("1991-05-12")]
        case _:
            return str(cell)


def _limit() -> None:  # pragma: no cover - in another process
    """Let this process have little memory, and write no remains of it when it fails."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + _MOST_MEMORY, used + _MOST_MEMORY))


def _unpacked(raw: bytes, place: Path) -> bytes:
    """Return a workbook whose files are not compressed, and together no larger than may be."""
    plain = io.BytesIO()
    left = 2 * MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed, zipfile.ZipFile(plain, "w") as made:
            if len(packed.infolist()) > _MOST_FILES:
                raise _too_large(place)
            for told in packed.infolist():
                with packed.open(told) as file, made.open(zipfile.ZipInfo(told.filename), "w") as copy:
                    while piece := file.read(_PIECE):
                        left -= len(piece)
                        if left < 0:
                            raise _too_large(place)
                        copy.write(piece)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise _no_workbook(place) from error
    return plain.getvalue()


def _too_large(place: Path) -> TableError:
    return TableError(place, "the workbook is larger than is allowed", "save the sheet alone as CSV")


def _no_workbook(place: Path) -> TableError:
    return TableError(
        place,
        "it cannot be read as a workbook: it is damaged, or locked with a password",
        "save the sheet alone as CSV",
    )
