"""Tables of many forms, harvested: read, matched, decided in, proposed."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Triple

import workbooks
from twintowns import spreadsheets, tablecells
from twintowns.cli import main
from twintowns.exceptions import AlreadyThereError, EncodingError, SystemFailureError, TableError
from twintowns.headings import Role, layout_of, roles_of
from twintowns.namesources import entries_in, places_in_dump, places_of, qid_in, twinnings_in
from twintowns.project import Project
from twintowns.proposals import write
from twintowns.starting import start
from twintowns.tableharvest import TableHarvest, TableOptions, harvest_table, read_table
from twintowns.vocabulary import SCHEMA, A

NAMES = """qid\tlabel\tlabel_en\taliases\tcountry
Q503184\tLudvika kommun\tLudvika Municipality\t\tSweden
Q211020\tImatra\tImatra\t\tFinland
Q12434\tBad Honnef\t\tHonnef|Honnef am Rhein\tGermany
Q84\tLondon\tLondon\t\tUnited Kingdom
Q92561\tLondon\tLondon\t\tCanada
Q52502\tGöteborg\tGothenburg\t\t
x\tNo item
"""
TABLE = (
    ("Kommun", "Vänort", "Land", "Sedan"),
    ("Ludvika kommun", "Imatra", "Finland", "1991"),
    ("Ludvika kommun", "Bad Honnef", "Tyskland", "maj 2000"),
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project with two places, and a table of names beside it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764000000")
    start(tmp_path / "town", "https://example.org/town/")
    (tmp_path / "names.tsv").write_text(NAMES, encoding="utf-8")
    return Project(tmp_path / "town")


def harvested(project: Project, content: str | bytes, name: str = "t.csv", **options: object) -> TableHarvest:
    """Return what comes of a table."""
    path = project.root.parent / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    given: dict[str, object] = {"names": (project.root.parent / "names.tsv",), **options}
    return harvest_table(path, project, TableOptions(**given))  # type: ignore[arg-type]


def files(outcome: TableHarvest) -> dict[str, str]:
    """Return what is proposed, by file."""
    return {one.shown: one.text for one in outcome.proposed}


def copy(outcome: TableHarvest) -> list[str]:
    """Return the lines of the copy."""
    return outcome.copy.read_text(encoding="utf-8-sig").splitlines()


def text(rows: tuple[tuple[str, ...], ...], separator: str) -> str:
    """Return a table as text."""
    return "".join(separator.join(row) + "\r\n" for row in rows)


WHOLE = {
    "data/place/Q12434.ttl",
    "data/place/Q211020.ttl",
    "data/place/Q503184.ttl",
    "data/source/t.ttl",
    "data/twinning/Q12434-Q503184.ttl",
    "data/twinning/Q211020-Q503184.ttl",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_forms(project: Project, encoding: str, separator: str) -> None:
    """A table says the same whatever its encoding and separator."""
    outcome = harvested(project, text(TABLE, separator).encode(encoding))
    assert set(files(outcome)) == WHOLE
    assert (outcome.matched, outcome.doubtful, outcome.unknown) == (4, 0, 0)
    assert 'schema:startDate "2000-05"^^xsd:gYearMonth' in files(outcome)["data/twinning/Q12434-Q503184.ttl"]


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (1, 2, 0, 3), (0, 3, 1, 2)])
def test_order_of_columns(project: Project, order: tuple[int, ...]) -> None:
    """A table says the same whatever the order of its columns."""
    rows = tuple(tuple(row[column] for column in order) for row in TABLE)
    assert set(files(harvested(project, text(rows, ";")))) == WHOLE


@pytest.mark.parametrize(
    "heading",
    [
        ("Municipality", "Twin town", "Country", "Since"),
        ("Gemeinde", "Partnerstadt", "Land", "Seit"),
        ("Kunta", "Ystävyyskaupunki", "Maa", "Vuodesta"),
        ("Omavalitsus", "Sõpruslinn", "Riik", "Alates"),
    ],
)
def test_headings(project: Project, heading: tuple[str, ...]) -> None:
    """Headings are understood in five languages."""
    assert set(files(harvested(project, text((heading, *TABLE[1:]), ",")))) == WHOLE


@pytest.mark.parametrize("suffix", ["xlsx", "XLSX", "ods"])
def test_workbooks(project: Project, suffix: str) -> None:
    """A workbook says the same as a text: the first sheet that has anything in it."""
    rows: workbooks.Cells = [("Vänorter",), (), *TABLE[:2], (None, *TABLE[2][1:])]
    if suffix == "ods":
        raw = workbooks.ods([row or ("",) for row in rows])
    else:
        raw = workbooks.xlsx({"Tom": workbooks.sheet([]), "Blad": workbooks.sheet(rows)})
    outcome = harvested(project, raw, f"t.{suffix}")
    assert set(files(outcome)) == WHOLE
    assert copy(outcome)[0].startswith("Vänorter,")


def test_cells_of_workbooks(tmp_path: Path) -> None:
    """Of a cell its value is read, never its formula; numbers are whole where they are."""
    path = tmp_path / "t.xlsx"
    rows: workbooks.Cells = [("Ort", "År"), ('=HYPERLINK("http://example.org")', 1991)]
    path.write_bytes(workbooks.xlsx({"A": workbooks.sheet([("x",)]), "B": workbooks.sheet(rows)}))
    assert [cells for _, cells in read_table(path, "B").rows] == [("Ort", "År"), ("computed", "1991")]
    with pytest.raises(TableError, match='no sheet called "C"; name one of these with --sheet: A, B'):
        read_table(path, "C")


def test_workbooks_that_are_none(tmp_path: Path) -> None:
    """What is no workbook is told so."""
    whole = workbooks.xlsx({"A": workbooks.sheet(TABLE)})
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    (tmp_path / "b.xlsx").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "c.ods").write_bytes(workbooks.packed({"content.xml": "<broken"}))
    for name in ("a.xlsx", "b.xlsx", "c.ods"):
        with pytest.raises(TableError, match="cannot be read as a workbook"):
            read_table(tmp_path / name)


def test_workbooks_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A little file that stands for very much is refused before it takes the memory."""
    far = '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
    sheet = workbooks.sheet(TABLE).replace("</sheetData>", f'<row r="1048576">{far}</row></sheetData>')
    (tmp_path / "far.xlsx").write_bytes(workbooks.xlsx({"A": sheet}))
    (tmp_path / "many.ods").write_bytes(workbooks.packed({str(n): "" for n in range(2001)}))
    monkeypatch.setattr(spreadsheets, "MOST_BYTES", 1 << 20)
    (tmp_path / "bomb.xlsx").write_bytes(workbooks.packed({"bomb": "0" * (3 << 20)}))
    for name in ("far.xlsx", "many.ods", "bomb.xlsx"):
        with pytest.raises(TableError, match="larger than is allowed"):
            read_table(tmp_path / name)


def test_lying_sizes(tmp_path: Path) -> None:
    """A workbook that lies about its sizes is found out."""
    told = workbooks.packed({"content.xml": "0" * 1000})
    (tmp_path / "t.ods").write_bytes(told.replace((1000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with zipfile.ZipFile(io.BytesIO(told)) as packed:
        assert packed.infolist()[0].file_size == 1000
    with pytest.raises(TableError, match="cannot be read as a workbook"):
        read_table(tmp_path / "t.ods")


def test_title_rows_and_repeated_heading(project: Project) -> None:
    """Rows above the heading are its title; a heading that is repeated, and empty rows, say nothing."""
    content = text(
        (("Vänorter i Dalarna",), (), *TABLE[:2], ("", "", "", ""), TABLE[0], TABLE[2], ("Summa: 2",)), ";"
    )
    outcome = harvested(project, content)
    assert set(files(outcome)) == WHOLE
    assert copy(outcome)[1].startswith("Kommun;Vänort;Land;Sedan;place qid;place score")


def test_quoted_and_hidden_characters(project: Project) -> None:
    """A name over several lines is one name, and what controls terminals is left out."""
    content = 'Kommun,Vänort\r\n"Ludvika\r\nkommun","Bad\n\x1b\u202eHonnef"\r\n'
    assert "data/twinning/Q12434-Q503184.ttl" in files(harvested(project, content))


def test_separator_told(project: Project) -> None:
    """A spreadsheet's first line may say what separates cells."""
    content = "sep=|\nKommun|Vänort\nLudvika kommun|Imatra\n"
    assert "data/twinning/Q211020-Q503184.ttl" in files(harvested(project, content))


def test_own_place(project: Project) -> None:
    """A table that lists the partners of one place needs that place told."""
    for heading in ("Vänort", "Ort"):
        outcome = harvested(project, f"{heading}\nImatra (FI)\n", f"{heading}.csv", place="Q503184")
        assert "data/twinning/Q211020-Q503184.ttl" in files(outcome)
    outcome = harvested(project, text(TABLE, ";"), "o.csv", place="http://www.wikidata.org/entity/Q1")
    assert "data/twinning/Q1-Q211020.ttl" in files(outcome)
    with pytest.raises(TableError, match="does not say whose; say it with --place"):
        harvested(project, "Vänort\nImatra\n")
    with pytest.raises(TableError, match='"Ludvika" is no item'):
        harvested(project, "Vänort\nImatra\n", place="Ludvika")


def test_list_of_places(project: Project) -> None:
    """A table of places alone is matched, and they are proposed."""
    outcome = harvested(project, "Name\nImatra\nLondon\nNowhere\n")
    assert (outcome.matched, outcome.doubtful, outcome.unknown) == (1, 1, 1)
    assert set(files(outcome)) == {"data/place/Q211020.ttl", "data/source/t.ttl"}
    assert copy(outcome) == [
        "Name,qid,score,candidates,decision",
        "Imatra,Q211020,100,,",
        'London,,89,"Q84 London, GB (89) | Q92561 London, CA (89)",',
        "Nowhere,,,,",
    ]


def test_decisions(project: Project) -> None:
    """What a person decides in the copy counts, and is kept when the copy is harvested again."""
    path = harvested(project, "Name\nLondon\nImatra\nGöteborg\nNowhere\n").copy
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    decisions = ("Q92561", "none", "?", "wd:Q5")
    lines[1:] = [line + decision for line, decision in zip(lines[1:], decisions, strict=True)]
    outcome = harvested(project, "\n".join(lines), path.name)
    assert outcome.copy == path
    assert [line.split(",")[1] for line in copy(outcome)[1:]] == ["Q92561", "", "Q52502", "Q5"]
    assert [line.rsplit(",", 1)[1] for line in copy(outcome)[1:]] == list(decisions)
    assert [(one.number, one.text) for one in outcome.remarks] == [(4, "?")]
    assert "data/place/Q5.ttl" in files(outcome)


def test_copy_is_not_overwritten(project: Project) -> None:
    """A copy that may hold decisions is not overwritten by its table."""
    harvested(project, text(TABLE, ","))
    with pytest.raises(AlreadyThereError, match="may hold decisions"):
        harvested(project, text(TABLE, ","))
    elsewhere = project.root.parent / "elsewhere.csv"
    assert harvested(project, text(TABLE, ","), copy=elsewhere).copy == elsewhere


def test_own_items(project: Project) -> None:
    """A table that says the items itself is believed."""
    outcome = harvested(
        project, "Ort,Wikidata,Vänort,Wikidata\nHär,Q84,Där,https://www.wikidata.org/wiki/Q1\n"
    )
    assert "data/twinning/Q1-Q84.ttl" in files(outcome)


def test_known_twinnings(project: Project) -> None:
    """That two places are known to be twinned settles which are meant, also with a slip."""
    pairs = project.root.parent / "edges.tsv"
    pairs.write_text("a\tb\nQ92561\tQ52502\nQ1\tQ1\nQ1\n")
    content = "City,Sister city\nLondon,Gothenberg\nLondon,Imatra\n"
    assert harvested(project, content).matched == 1
    outcome = harvested(project, content, "u.csv", twinnings=(pairs,))
    assert (outcome.matched, outcome.doubtful) == (3, 1)
    assert "data/twinning/Q52502-Q92561.ttl" in files(outcome)


def test_twin_of_itself(project: Project) -> None:
    """What would make a place the twin of itself is left to a person."""
    outcome = harvested(project, "Ort,Vänort\nImatra,Imatra (FI)\n")
    assert (outcome.matched, outcome.doubtful) == (0, 2)
    assert [one.message for one in outcome.remarks] == ["this would be the twin of itself"]
    fixed = harvested(project, "Vänort\nImatra\n", "v.csv", place="Q211020")
    assert (fixed.matched, len(fixed.remarks)) == (0, 1)


def test_remarks(project: Project) -> None:
    """What is no country, or no exact date, is told with its row."""
    content = "Ort;Vänort;Land;Sedan;Slut\nLudvika kommun;Imatra;Sverge;12/05/1991;till 1999\n"
    outcome = harvested(project, content)
    assert [(one.number, one.text) for one in outcome.remarks] == [(2, "Sverge"), (2, "12/05/1991")]
    twinning = files(outcome)["data/twinning/Q211020-Q503184.ttl"]
    assert "status:ended" in twinning
    assert 'schema:endDate "1999"^^xsd:gYear' in twinning
    assert "startDate" not in twinning


def test_several_rows_of_one_twinning(project: Project) -> None:
    """Rows for the same twinning are one; dates that disagree are told, the more precise is taken."""
    rows = "Imatra;1991\nImatra;1991-05\nBad Honnef;1999\nBad Honnef;2000\n"
    outcome = harvested(project, f"Vänort;År\n{rows}", place="Q503184")
    assert [(one.number, one.message) for one in outcome.remarks] == [
        (5, "rows for the same twinning state different dates")
    ]
    assert '"1991-05"^^xsd:gYearMonth' in files(outcome)["data/twinning/Q211020-Q503184.ttl"]
    assert "startDate" not in files(outcome)["data/twinning/Q12434-Q503184.ttl"]


def test_what_a_curator_wrote(project: Project) -> None:
    """What the project states stays, and what the table adds is shown; nothing new is no proposal."""
    outcome = harvested(project, "Ort;Vänort;År\nWeimar;Trier;1987\n")
    (twinning,) = (one for one in outcome.proposed if "twinning" in one.shown)
    assert twinning.state.value == "curated"
    assert "+    dcterms:source source:t ;" in twinning.difference("t.csv")
    assert '"1987-05-24"' in twinning.text
    assert '"1987"' not in twinning.text
    before = twinning.path.read_text()
    write(project, outcome.proposed)
    assert twinning.path.read_text() == before
    assert not harvested(project, "Ort;Vänort\nWeimar;Trier\n", "s.csv", source="wikidata").proposed


@pytest.mark.parametrize(
    "rows", ["Weimar;Trier;12.5.1991;\n", "Weimar;Trier;;\nWeimar;Trier;1991-05-12;1999\n"]
)
def test_date_that_contradicts(project: Project, rows: str) -> None:
    """A date that contradicts a stated one is told with both and the file, and nothing is proposed of it."""
    outcome = harvested(project, f"Ort;Vänort;År;Slut\n{rows}")
    (remark,) = outcome.remarks
    assert (remark.number, remark.text) == (rows.count("\n") + 1, "1991-05-12")
    assert remark.values == {"file": "data/twinning/Q3138-Q3955.ttl", "date": "1987-05-24"}
    assert files(outcome) == {}


def test_end_of_what_lasts(project: Project) -> None:
    """What has ended by the table and lasts by the project is told, and proposed to have ended."""
    outcome = harvested(project, "Ort;Vänort;Slut\nWeimar;Trier;2010\n")
    told = files(outcome)["data/twinning/Q3138-Q3955.ttl"]
    assert "tt:status status:ended" in told
    assert "status:active" not in told
    assert 'schema:endDate "2010"^^xsd:gYear' in told
    assert [(one.number, one.text) for one in outcome.remarks] == [(2, "2010")]
    path = project.data / "twinning/Q3138-Q3955.ttl"
    path.write_text(path.read_text().replace("status:active", "status:dormant"))
    outcome = harvested(project, "Ort;Vänort;Slut\nWeimar;Trier;2010\n", "s.csv")
    assert "tt:status status:dormant" in files(outcome)["data/twinning/Q3138-Q3955.ttl"]
    assert outcome.remarks == []


def test_country_of_the_table(project: Project) -> None:
    """The country of a decided item that the index lacks is the table's, where its rows agree."""
    table = "Ort;Vänort;Land;partner decision\nWeimar;Bad Honnef am See;Tyskland;Q111\n"
    place = files(harvested(project, table))["data/place/Q111.ttl"]
    assert "schema:containedInPlace place:Q183" in place
    table += "Trier;Bad Honnef am See;Finland;Q111\n"
    assert "containedInPlace" not in files(harvested(project, table, "s.csv"))["data/place/Q111.ttl"]


def test_country_of_a_new_place(project: Project) -> None:
    """A new place lies in its country, where the project has that."""
    outcome = harvested(project, "Ort;Vänort\nWeimar;Bad Honnef\n")
    assert "schema:containedInPlace place:Q183" in files(outcome)["data/place/Q12434.ttl"]


def test_bulk_is_known(project: Project) -> None:
    """A place that bulk data tells of is known, matched, and not proposed again."""
    place = "<https://example.org/town/place/Q84>"
    told = (
        f"{place} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/City> .\n"
        f'{place} <https://schema.org/name> "Lundeborg"@en .\n'
    )
    (project.data / "wikidata.nt").write_text(told)
    outcome = harvested(project, "Ort\nLundeborg\n")
    assert (outcome.matched, outcome.proposed) == (1, [])


def test_unknown_that_is_known_now(project: Project) -> None:
    """What was stated to be unknown is no longer, when a table says it."""
    path = project.data / "twinning/Q3138-Q3955.ttl"
    lines = path.read_text().splitlines(keepends=True)
    told = [
        line.replace('schema:startDate "1987-05-24"^^xsd:date', "tt:unknown schema:startDate")
        for line in lines
    ]
    path.write_text("".join(told))
    outcome = harvested(project, "Ort;Vänort;År\nWeimar;Trier;1987\n")
    assert "tt:unknown schema:startDate" not in files(outcome)["data/twinning/Q3138-Q3955.ttl"]


@pytest.mark.parametrize(
    ("told", "columns"),
    [
        ({"place": "Här", "partner": "2"}, {Role.PLACE: 0, Role.PARTNER: 1}),
        (
            {"place": "1", "partner": "B", "country": "C"},
            {Role.PLACE: 0, Role.PARTNER: 1, Role.PARTNER_COUNTRY: 2},
        ),
        ({"name": "2"}, {Role.PLACE: 1}),
    ],
)
def test_columns_told(tmp_path: Path, told: Mapping[str, str], columns: Mapping[Role, int]) -> None:
    """A person may say what columns hold: by heading, number or letter."""
    (tmp_path / "t.csv").write_text("Här,Där,Annat\na,b,c\n")
    assert layout_of(read_table(tmp_path / "t.csv"), told).columns == columns


def test_columns_told_override(tmp_path: Path) -> None:
    """What a person says counts more than the heading."""
    (tmp_path / "t.csv").write_text("Ort,Vänort\na,b\n")
    layout = layout_of(read_table(tmp_path / "t.csv"), {"place": "2"})
    assert layout.columns == {Role.PLACE: 1}


def test_without_heading(project: Project) -> None:
    """A table without a heading is read by the numbers of its columns, and its copy gets one."""
    outcome = harvested(project, "Ludvika kommun;Imatra\n", columns={"place": "1", "partner": "2"})
    assert copy(outcome)[0].startswith("place;partner;place qid;")
    again = harvested(project, outcome.copy.read_bytes(), outcome.copy.name)
    assert again.matched == 2


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (
            {"place": "Nirgends"},
            'no column "Nirgends"; name a column by its heading, or by its number from 1 to 3',
        ),
        ({"place": "9"}, 'no column "9"'),
        ({"colour": "1"}, '"colour" is nothing that a column is read for'),
        ({}, "no column is headed as one for the names of places"),
    ],
)
def test_columns_wrong(tmp_path: Path, told: Mapping[str, str], message: str) -> None:
    """Columns that are not there are told."""
    (tmp_path / "t.csv").write_text("Här,Där,Annat\na,b,c\n")
    with pytest.raises(TableError, match=message):
        layout_of(read_table(tmp_path / "t.csv"), told)


def test_roles() -> None:
    """A country belongs to the names before it; two columns of names with dates are two places."""
    assert roles_of(["City", "Country", "Partner", "Country"])[Role.PARTNER_COUNTRY] == 3
    assert roles_of(["Town", "City", "Since"])[Role.PARTNER] == 1
    assert roles_of(["Country", "Country", "Country", "Town"]) == {Role.PLACE: 3, Role.PLACE_COUNTRY: 0}
    assert roles_of(["Town", "City"]) == {Role.PLACE: 0}


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"", TableError, "there is no table"),
        (b"\n,,\n", TableError, "there is no table"),
        (b"a\0b", EncodingError, "encoding of this table is not known"),
        (b"\xff\xfea", EncodingError, "encoding of this table is not known"),
        (b'Ort,"' + b"x" * 140_000, TableError, "cannot be read as one of a table"),
        (b"Ort\n" + b"x" * 20_001, TableError, "more than"),
        (b"," * 400 + b"x", TableError, "more than"),
    ],
)
def test_no_tables(tmp_path: Path, content: bytes, error: type[Exception], message: str) -> None:
    """What is no table, or too large for one, is told."""
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(error, match=message):
        read_table(path)


def test_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is an end to rows and bytes; what cannot be read is told."""
    path = tmp_path / "t.csv"
    path.write_text("Ort\na\nb\n")
    monkeypatch.setattr(tablecells, "MOST_ROWS", 2)
    with pytest.raises(TableError, match="more than 2 rows"):
        read_table(path)
    monkeypatch.setattr("twintowns.tableharvest.MOST_BYTES", 3)
    with pytest.raises(TableError, match="larger than is allowed; divide"):
        read_table(path)
    with pytest.raises(SystemFailureError):
        read_table(tmp_path / "none.csv")


def test_names_files(tmp_path: Path) -> None:
    """A table of names has columns for items and labels; one of twinnings has pairs of items."""
    path = tmp_path / "names.csv"
    path.write_text("label,colour\na,b\n")
    with pytest.raises(TableError, match="no columns headed qid and label"):
        list(entries_in(path))
    path.write_text("item,alias\nQ1,a|b|\nnone,c\nQ2\n")
    assert [(one.qid, one.names) for one in entries_in(path)] == [("Q1", ("a", "b")), ("Q2", ())]
    path.write_text("")
    with pytest.raises(TableError):
        list(entries_in(path))
    with pytest.raises(SystemFailureError):
        list(twinnings_in(tmp_path / "none"))
    assert qid_in("https://example.org/Q1") == ""


def test_places_of_a_publication(site: Path) -> None:
    """The places of a dump have their names, country and twinnings."""
    places = places_in_dump(site / "dump/twintowns.nq")
    found = {entry.qid: entry for entry in places.entries}
    assert "Imatran kaupunki" not in found["Q211020"].names
    assert found["Q211020"].territories == {"FI"}
    assert found["Q33"].kind == SCHEMA.Country.value
    assert ("Q211020", "Q503184") in places.twinnings
    assert places.indexed().found("Ludvika kommun")[0].entry.qid == "Q503184"
    assert places_of([]).entries == ()


def test_places_in_a_circle() -> None:
    """Places that lie in each other lie in no country."""
    one, other = (NamedNode(f"https://example.org/place/Q{number}") for number in (1, 2))
    told = [
        Triple(one, A, SCHEMA.City),
        Triple(one, SCHEMA.name, Literal("A", language="sv")),
        Triple(one, SCHEMA.containedInPlace, other),
        Triple(other, SCHEMA.containedInPlace, one),
    ]
    assert [entry.territories for entry in places_of(told).entries] == [frozenset()]


def test_dumps_that_are_none(tmp_path: Path) -> None:
    """A dump that is not there, or is none, is told."""
    with pytest.raises(SystemFailureError):
        places_in_dump(tmp_path / "none.nq")
    (tmp_path / "t.nq").write_text("<a> <https://schema.org/name> <\n")
    with pytest.raises(SystemFailureError, match="the dump cannot be read"):
        places_in_dump(tmp_path / "t.nq")


def test_command(project: Project) -> None:
    """The command proposes, tells what is in doubt, and writes when it is asked to."""
    table, names = project.root.parent / "t.csv", project.root.parent / "names.tsv"
    table.write_text("Ort;Vänort;År\nLudvika kommun;Imatra;12/05/1991\nWeimar;Trier;\n")
    command = ["harvest", "table", str(table), str(project.root), "--names", str(names), "--language", "en"]
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 0, told.output
    assert "new     data/twinning/Q211020-Q503184.ttl" in told.stdout
    assert "Row 2: “12/05/1991”: the day and the month can be read either way" in told.stderr
    assert "Names matched: 4, for you to decide: 0, not known: 0" in told.stderr
    assert "in the column “decision”" not in told.stderr
    assert not (project.data / "twinning/Q211020-Q503184.ttl").exists()
    (project.root.parent / "t.csv.matched.csv").unlink()
    told = CliRunner().invoke(main, [*command, "--write", "--columns", "place=Ort,partner=2"])
    assert told.exit_code == 0, told.output
    assert (project.data / "twinning/Q211020-Q503184.ttl").is_file()
    (project.root.parent / "t.csv.matched.csv").unlink()
    again = CliRunner().invoke(main, [*command, "--columns", "place=Ort,partner=2"])
    assert again.exit_code == 0, again.output
    assert "data/twinning/Q211020-Q503184.ttl" not in again.stdout
    validated = CliRunner().invoke(main, ["validate", str(project.root)])
    assert validated.exit_code == 0, validated.output


def test_command_tells_what_to_decide(project: Project) -> None:
    """The command says where to write what a name means, and what a row contradicts."""
    table = project.root.parent / "t.csv"
    table.write_text("Vänort;År\nTrier;1991\nNowhere;1999\n")
    command = ["harvest", "table", str(table), str(project.root), "--place", "Q3955", "--language"]
    told = CliRunner().invoke(main, [*command, "en"])
    assert "Names matched: 1, for you to decide: 0, not known: 1" in told.stderr
    assert (
        "Write the item (such as Q503184), or none, in the column “decision” of t.csv.matched.csv, "
        "and harvest that file." in told.stderr
    )
    assert (
        "Row 2: “1991”: data/twinning/Q3138-Q3955.ttl says 1987-05-24, and the row is left out" in told.stderr
    )
    (project.root.parent / "t.csv.matched.csv").unlink()
    table.write_text("Vänort;Slut\nTrier;2010\n")
    told = CliRunner().invoke(main, [*command, "sv"])
    assert "men enligt tabellen har den upphört" in told.stderr


def test_table_without_partners_is_told(project: Project) -> None:
    """A table that tells no partners of its places is matched, and told to propose nothing."""
    table = project.root.parent / "t.csv"
    command = ["harvest", "table", str(table), str(project.root), "--language", "en"]
    table.write_text("Ort;Land\nTrier;Tyskland\n")
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 0
    assert "No column lists partners, so no twinning is proposed: say whose partners they are" in told.stderr
    (project.root.parent / "t.csv.matched.csv").unlink()
    assert "No column" not in CliRunner().invoke(main, [*command, "--place", "Q3955"]).stderr
