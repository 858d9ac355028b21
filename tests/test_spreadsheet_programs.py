"""The tables opened in real spreadsheet programs: each cell is what was meant, in what readers' languages."""

import csv
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from python_calamine import CalamineWorkbook

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.iris import Names
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.records import records
from twintowns.tables import tables
from twintowns.vocabulary import SCHEMA, TT, XSD, A

SPACE = "https://example.org/town/"
NAMES = Names(SPACE)
PLACES = [NamedNode(f"{SPACE}place/Q{number}") for number in (20, 3)]
TWINNINGS = {
    NamedNode(f"{SPACE}twinning/Q3-Q20"): Literal("1968", datatype=XSD.gYear),
    NamedNode(f"{SPACE}twinning/Q3-Q21"): Literal("2011-05", datatype=XSD.gYearMonth),
    NamedNode(f"{SPACE}twinning/Q3-Q22"): Literal("2011-05-02", datatype=XSD.date),
}
HOSTILE = (
    "=HYPERLINK(1)",
    "+46 240 860 00",
    "-1+2",
    "@SUM(1)",
    'the "old" town, by; the lake',
    "one\nline, and\nanother",
    "Åäö Ööß Õüžš Šeš ÅÄÖẞ",
)
PACKAGES = {"soffice": "libreoffice-calc-nogui", "ssconvert": "gnumeric"}
LANGUAGES = {"en": 1033, "sv": 1053, "de": 1031, "fi": 1035, "et": 1061}
"""The numbers by which LibreOffice knows in which language a table is read."""
OPENED = [("ssconvert", "en"), *(("soffice", language) for language in LANGUAGES)]
Cell = str | float | date | object


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not here: apt-get install --no-install-recommends {PACKAGES[name]}")
    return found


def _command(program: str, language: str, table: Path) -> list[str]:
    """Return how a program opens a table and saves it as a workbook beside it."""
    if program == "ssconvert":
        return [_program(program), str(table), str(table.with_suffix(".xlsx"))]
    comma_quotes_utf8 = f"CSV:44,34,76,1,,{LANGUAGES[language]},false,true"
    profile = f"-env:UserInstallation=file://{table.parent}/profile"
    told = [
        "--headless",
        "--convert-to",
        "xlsx",
        "--infilter=" + comma_quotes_utf8,
        "--outdir",
        str(table.parent),
    ]
    return [_program(program), profile, *told, str(table)]


def _opened(program: str, language: str, content: bytes, folder: Path) -> tuple[list[list[Cell]], str]:
    """Return the cells of a table as a program reads it, and the workbook's own text of the sheet."""
    table = folder / "table.csv"
    table.write_bytes(content)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    command = _command(program, language, table)
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=environment)  # noqa: S603 - found on the path
    with zipfile.ZipFile(table.with_suffix(".xlsx")) as workbook:
        text = workbook.read("xl/worksheets/sheet1.xml").decode()
    sheet = CalamineWorkbook.from_path(str(table.with_suffix(".xlsx"))).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()], text


def _is_meant(cell: Cell, text: str) -> bool:
    """Tell whether a cell says what stands in the table: the same text, number, or day."""
    if isinstance(cell, str):
        return cell in {text, text.removeprefix("'")}
    if isinstance(cell, float):
        return re.fullmatch(r"-?[0-9.]+", text) is not None and float(text) == cell
    return isinstance(cell, date) and cell.isoformat() in {text, f"{text}-01"}


def _wrong(read: list[list[Cell]], content: bytes) -> list[tuple[str, str, Cell]]:
    """Return what differs between a table and the cells that a program read: column, text, cell."""
    first, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    assert read[0] == first
    assert len(read) == len(rows) + 1
    return [
        (column, text, cell)
        for told, row in zip(rows, read[1:], strict=True)
        for column, text, cell in zip(first, told, row, strict=True)
        if not _is_meant(cell, text)
    ]


def _tables_of(dataset: Dataset, publication: Publication) -> Mapping[str, bytes]:
    return tables(dataset, publication, records(dataset, publication))


@pytest.fixture(scope="module")
def hostile() -> Mapping[str, bytes]:
    """Return the tables of names that a program could misread, with dates of each precision."""
    triples = {
        *(Triple(place, A, SCHEMA.City) for place in PLACES),
        *(Triple(PLACES[0], SCHEMA.alternateName, Literal(text, language="sv")) for text in HOSTILE),
        *(Triple(NamedNode(f"{SPACE}place/Q{n}"), A, SCHEMA.City) for n, _ in enumerate(HOSTILE, 50)),
        *(
            Triple(NamedNode(f"{SPACE}place/Q{n}"), SCHEMA.name, Literal(text, language="sv"))
            for n, text in enumerate(HOSTILE, 50)
        ),
    }
    for twinning, start in TWINNINGS.items():
        triples |= {Triple(twinning, A, TT.Twinning), Triple(twinning, SCHEMA.startDate, start)}
        triples |= {Triple(twinning, TT.partner, place) for place in PLACES}
    dataset = Dataset(NAMES, frozenset(triples), frozenset(), frozenset(), frozenset(), {})
    return _tables_of(dataset, Publication(NAMES, ("sv", "de", "en", "et", "fi")))


@pytest.fixture(scope="module")
def printed(repository: Path) -> Mapping[str, bytes]:
    """Return the tables of the first publication."""
    sources = read_sources(Project(repository))
    return _tables_of(sources.dataset(), sources.publication)


@pytest.mark.parametrize("table", ["places", "twinnings"])
@pytest.mark.parametrize(("program", "language"), OPENED)
def test_every_cell_is_what_was_meant(
    printed: Mapping[str, bytes], tmp_path: Path, program: str, language: str, table: str
) -> None:
    """A table of the first publication opens with the letters of five languages, numbers and dates right."""
    content = printed[f"dump/{table}.csv"]
    read, text = _opened(program, language, content, tmp_path)
    assert _wrong(read, content) == []
    assert not re.search(r"<f[\s>]", text), "a cell was taken for a formula"


@pytest.mark.parametrize("table", ["places", "twinnings"])
@pytest.mark.parametrize(("program", "language"), OPENED)
def test_hostile_texts_and_dates(
    hostile: Mapping[str, bytes], tmp_path: Path, program: str, language: str, table: str
) -> None:
    """What looks like a formula is a text, quotes and line breaks stay, dates mean the same."""
    content = hostile[f"dump/{table}.csv"]
    read, text = _opened(program, language, content, tmp_path)
    assert _wrong(read, content) == []
    assert not re.search(r"<f[\s>]", text), "a cell was taken for a formula"


@pytest.mark.parametrize("program", PACKAGES)
def test_a_formula_would_be_found(tmp_path: Path, program: str) -> None:
    """What these programs read as formula or as other letters is told apart."""
    content = "\ufefftext\r\n=1+1\r\nKöln\r\n".encode()
    read, text = _opened(program, "en", content, tmp_path)
    assert re.search(r"<f[\s>]", text)
    assert [cell for _, _, cell in _wrong(read, content.replace("ö".encode(), "ü".encode()))][-1:] == ["Köln"]
