"""The tables hold what the dataset states, for every spreadsheet and for a reader of CSVW."""

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import csvw  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.iris import Names
from twintowns.jsontext import read
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.records import records
from twintowns.tables import tables
from twintowns.vocabulary import DCTERMS, KIND, SCHEMA, STATUS, TT, WD, XSD, A

SPACE = "https://example.org/town/"
NAMES = Names(SPACE)
PUBLICATION = Publication(NAMES, ("sv", "pt-BR"))
PLACES = [NamedNode(f"{SPACE}place/Q{number}") for number in (20, 3, 100)]
TWINNING = NamedNode(f"{SPACE}twinning/Q3-Q20")
Cells = list[dict[str, str]]


def dataset_of(*triples: Triple) -> Dataset:
    """Return a dataset in which these triples are asserted."""
    return Dataset(NAMES, frozenset(triples), frozenset(), frozenset(), frozenset(), {})


def small(*more: Triple) -> Dataset:
    """Return a dataset of a twinning of three places, with more."""
    partners = [Triple(TWINNING, TT.partner, place) for place in PLACES]
    items = [Triple(p, SCHEMA.sameAs, WD[p.value.rpartition("/")[2]]) for p in PLACES]
    classes = [Triple(place, A, SCHEMA.City) for place in PLACES]
    return dataset_of(Triple(TWINNING, A, TT.Twinning), *partners, *items, *classes, *more)


def cells(content: bytes) -> Cells:
    """Read a table back."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def tables_of(dataset: Dataset, publication: Publication) -> dict[str, bytes]:
    """Return the tables of what is read of a dataset."""
    return tables(dataset, publication, records(dataset, publication))


def places(dataset: Dataset) -> dict[str, dict[str, str]]:
    """Return the rows of the places, by their IRIs."""
    return {row["iri"]: row for row in cells(tables_of(dataset, PUBLICATION)["dump/places.csv"])}


@pytest.fixture(scope="module")
def ludvika_data(repository: Path) -> tuple[Dataset, Publication]:
    """Return the dataset of the first publication."""
    sources = read_sources(Project(repository))
    return sources.dataset(), sources.publication


@pytest.fixture(scope="module")
def printed(ludvika_data: tuple[Dataset, Publication]) -> dict[str, bytes]:
    """Return its tables."""
    return tables_of(*ludvika_data)


def test_form(printed: dict[str, bytes]) -> None:
    """A table begins with a byte order mark and English names, and its lines end as RFC 4180 says."""
    for name in ("dump/places.csv", "dump/twinnings.csv"):
        assert printed[name].startswith(b"\xef\xbb\xbfiri,name_sv,name_de,name_en,")
        assert printed[name].endswith(b"\r\n")
        assert b"\n" not in printed[name].replace(b"\r\n", b"")


def test_place(printed: dict[str, bytes]) -> None:
    """A place has its names, codes and country in the cells that are named so."""
    row = next(r for r in cells(printed["dump/places.csv"]) if r["wikidata"] == "Q503184")
    assert (row["name_sv"], row["name_fi"], row["name"]) == ("Ludvika kommun", "Ludvikan kunta", "")
    assert (row["type"], row["geonames"], row["codes"]) == (
        "AdministrativeArea",
        "2693757",
        "SCB kommunkod: 2085",
    )
    assert (row["latitude"], row["longitude"], row["country_name"]) == ("60.133333", "15.183333", "Sverige")
    assert row["country"] == "https://w3id.org/twintowns/ludvika/place/Q34"


def test_twinning(printed: dict[str, bytes]) -> None:
    """A twinning has its partners, dates and fields in the cells that are named so."""
    row = next(r for r in cells(printed["dump/twinnings.csv"]) if r["iri"].endswith("Q12434-Q503184"))
    assert row["partners"] == f"{row['partner_1']}; {row['partner_2']}"
    assert row["partner_wikidata"] == "Q12434; Q503184"
    assert (row["kind"], row["status"], row["start"], row["end"]) == ("twinning", "active", "2000", "")
    assert row["fields"] == "art; industry; music; photography; small-business; youth-sport"


def test_every_fact_is_there(ludvika_data: tuple[Dataset, Publication], printed: dict[str, bytes]) -> None:
    """Every text and every link of a place or a twinning stands in its row, inverses and types apart."""
    dataset, _ = ludvika_data
    told = set()
    for row in (*cells(printed["dump/places.csv"]), *cells(printed["dump/twinnings.csv"])):
        whole = "; ".join(row.values())
        for triple in dataset.asserted:
            if triple.subject == NamedNode(row["iri"]) and triple.predicate not in {A, SCHEMA.geo}:
                value = triple.object.value  # type: ignore[union-attr]
                short = value.rpartition("#")[2] if triple.predicate == TT.unknown else value
                ends = (value, short, value.rpartition("/")[2])
                assert triple.predicate == SCHEMA.identifier or any(end in whole for end in ends), triple
                told.add(triple.predicate)
    assert {TT.participant, TT.unknown, SCHEMA.name, SCHEMA.containedInPlace, DCTERMS.source} <= told


def _group(tmp_path: Path, files: dict[str, bytes]) -> Any:  # noqa: ANN401 - csvw has no types
    for path, content in files.items():
        (tmp_path / Path(path).name).write_bytes(content)
    return csvw.TableGroup.from_file(tmp_path / "csv-metadata.json")


def test_a_reader_of_csvw_agrees(tmp_path: Path, printed: dict[str, bytes]) -> None:
    """A reader of CSVW finds every cell of its datatype, no key twice, and every foreign key."""
    group = _group(tmp_path, printed)
    found = {table.url.string: list(table.iterdicts(strict=True)) for table in group.tables}
    group.check_referential_integrity()
    assert [len(rows) for rows in found.values()] == [3, 25]
    assert all(table.check_primary_key() for table in group.tables)
    ludvika = next(row for row in found["places.csv"] if row["wikidata"] == "Q503184")
    assert ludvika["latitude"] == Decimal("60.133333")
    assert ludvika["codes"] == ["SCB kommunkod: 2085"]


def test_a_reader_of_csvw_finds_faults(tmp_path: Path) -> None:
    """The same reader refuses a table in which a partner is no place: the check before can fail."""
    files = tables_of(small(), PUBLICATION)
    files["dump/places.csv"] = files["dump/places.csv"].replace(b"place/Q20,", b"place/Q21,")
    with pytest.raises(ValueError, match="Q20"):
        _group(tmp_path, files).check_referential_integrity()


def _expanded(template: str, row: dict[str, str]) -> NamedNode:
    whole = re.sub(r"\{\+(\w+)\}", lambda m: row[m[1]], template)
    return NamedNode(re.sub(r"\{(\w+)\}", lambda m: quote(row[m[1]]), whole))


def _converted(
    table: dict[str, Any], rows: Cells
) -> Iterator[tuple[NamedNode, NamedNode, str | Decimal | NamedNode, str]]:
    schema = table["tableSchema"]
    for row in rows:
        for column in schema["columns"]:
            cell = "virtual" if column.get("virtual") else row[column["name"]]
            if "propertyUrl" in column and cell:
                value = _expanded(column["valueUrl"], row) if "valueUrl" in column else cell
                subject = _expanded(column.get("aboutUrl", schema["aboutUrl"]), row)
                told = Decimal(cell) if column.get("datatype") == "decimal" else value
                yield subject, NamedNode(column["propertyUrl"]), told, column.get("lang", "")


def _plain(term: object) -> tuple[object, str]:
    """Return a literal as its text and its language, as a table has them, a number as what it is."""
    if not isinstance(term, Literal):
        return term, ""
    is_number = term.datatype == XSD.decimal
    return (Decimal(term.value) if is_number else term.value), term.language or ""


def test_conversion(ludvika_data: tuple[Dataset, Publication], printed: dict[str, bytes]) -> None:
    """What the metadata makes of a table in RDF is what the dataset states."""
    dataset, _ = ludvika_data
    stated = {(t.subject, t.predicate, *_plain(t.object)) for t in dataset.published}
    for table in read(printed["dump/csv-metadata.json"])["tables"]:
        made = set(_converted(table, cells(printed[f"dump/{table['url']}"])))
        assert len(made) > 20
        assert made <= stated
        things = {row["iri"] for row in cells(printed[f"dump/{table['url']}"])}
        assert {subject.value for subject, predicate, *_ in made if predicate == A} == things
    assert {t.subject for t in dataset.published if t.predicate == SCHEMA.geo} == {
        subject for subject, predicate, *_ in made if predicate == SCHEMA.geo
    }


def test_metadata(printed: dict[str, bytes]) -> None:
    """The metadata names the columns in the order of the header, the encoding, the licence and the keys."""
    metadata = read(printed["dump/csv-metadata.json"])
    assert metadata["@context"][0] == "http://www.w3.org/ns/csvw"
    assert metadata["dc:license"] == {"@id": "http://creativecommons.org/publicdomain/zero/1.0/"}
    assert metadata["dialect"]["encoding"] == "utf-8"
    assert "byte order mark" in metadata["dc:description"]
    for table in metadata["tables"]:
        header = printed[f"dump/{table['url']}"].decode("utf-8-sig").partition("\r\n")[0].split(",")
        columns = table["tableSchema"]["columns"]
        real = [column for column in columns if not column.get("virtual")]
        assert columns[: len(real)] == real
        assert [column["titles"] for column in real] == [column["name"] for column in real] == header
        for column in columns:
            assert ("propertyUrl" in column) != column.get("suppressOutput", False), column["name"]
        assert all(re.fullmatch(r"\w+", name, re.ASCII) for name in header)
        assert table["tableSchema"]["primaryKey"] == "iri"
        for key in table["tableSchema"]["foreignKeys"]:
            column = next(one for one in columns if one["name"] == key["columnReference"])
            assert "separator" not in column


def test_no_licence() -> None:
    """Where the catalogue states no licence, the metadata claims none; a title is of the main language."""
    title = Triple(NAMES.catalogue, DCTERMS["title"], Literal("Vänorter"))
    link = Triple(NAMES.catalogue, DCTERMS["title"], PLACES[0])
    metadata = read(tables_of(small(title, link), PUBLICATION)["dump/csv-metadata.json"])
    assert "dc:license" not in metadata
    assert metadata["dc:title"] == [{"@value": "Vänorter", "@language": "sv"}]


def test_languages() -> None:
    """A name stands in the column of its language, whatever the letters of the tag; none is lost."""
    texts = (
        Literal("A", language="sv"),
        Literal("B", language="sv"),
        Literal("C", language="pt-br"),
        Literal("D"),
        Literal("E; F", language="fr"),
        Literal("G"),
    )
    row = places(small(*(Triple(PLACES[0], SCHEMA.name, text) for text in texts)))[PLACES[0].value]
    assert (row["name_sv"], row["name_pt_BR"], row["name"]) == ("A", "C", "D")
    assert set(row["other_names"].split("; ")) == {"B@sv", "E;\u00a0F@fr", "G"}


def test_partners() -> None:
    """Partners stand in the order of their items' numbers, those without an item last; all are places."""
    unnumbered = NamedNode(f"{SPACE}place/without")
    more = [Triple(TWINNING, TT.partner, unnumbered), Triple(TWINNING, TT.partner, BlankNode())]
    found = records(small(*more), PUBLICATION)
    (row,) = found.twinnings.rows
    assert [iri.rpartition("/")[2] for iri in row["partners"]] == ["Q3", "Q20", "Q100", "without"]
    assert row["partner_wikidata"] == ("Q3", "Q20", "Q100")
    assert unnumbered.value in {place["iri"][0] for place in found.places.rows}
    assert row["label"] == ("Q3-Q20",)


def test_huge_item_number() -> None:
    """An item number that is longer than Python reads does no harm."""
    huge = NamedNode(f"{SPACE}place/Q{'9' * 5000}")
    more = [Triple(TWINNING, TT.partner, huge), Triple(huge, SCHEMA.sameAs, WD[f"Q{'9' * 5000}"])]
    (row,) = records(small(*more), PUBLICATION).twinnings.rows
    assert row["partners"][-1] == huge.value


def test_country() -> None:
    """The country is the topmost one, over any number of steps, and a circle does no harm."""
    region, land, realm = (NamedNode(f"{SPACE}place/{name}") for name in ("region", "land", "realm"))
    inside = [
        *((PLACES[0], region), (region, land), (land, realm)),
        *((PLACES[1], PLACES[2]), (PLACES[2], PLACES[1])),
    ]
    found = places(
        small(
            Triple(land, A, SCHEMA.Country),
            Triple(realm, A, SCHEMA.Country),
            Triple(realm, SCHEMA.name, Literal("Riket", language="sv")),
            Triple(region, A, SCHEMA.AdministrativeArea),
            *(Triple(one, SCHEMA.containedInPlace, other) for one, other in inside),
        )
    )
    assert {found[place.value]["country"] for place in (PLACES[0], region, land, realm)} == {realm.value}
    assert (found[PLACES[0].value]["country_name"], found[PLACES[1].value]["country"]) == ("Riket", "")


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("-3.50", "-0.5", ("-3.500000", "-0.500000")),
        ("90", "+180.", ("90", "180")),
        ("91", "0", ("", "")),
        ("0", "-180.1", ("", "")),
        ("NaN", "0", ("", "")),
        ("=1+1", "0", ("", "")),
        ("0", "1e3", ("", "")),
    ],
)
def test_coordinates(latitude: str, longitude: str, expected: tuple[str, str]) -> None:
    """A number stays a number, also a negative one; what lies nowhere on the earth is left out."""
    geo = NamedNode(f"{PLACES[0].value}#geo")
    row = places(
        small(
            Triple(PLACES[0], SCHEMA.geo, geo),
            Triple(geo, SCHEMA.latitude, Literal(latitude)),
            Triple(geo, SCHEMA.longitude, Literal(longitude)),
        )
    )[PLACES[0].value]
    assert (row["latitude"], row["longitude"]) == expected


@pytest.mark.parametrize(
    ("start", "cell"), [("2000", "2000"), ("-0044-03-15", "-0044-03-15"), ("=cmd|' /C calc'!A0", "")]
)
def test_dates(start: str, cell: str) -> None:
    """A date is as precise as stated, and what is none is left out."""
    more = Triple(TWINNING, SCHEMA.startDate, Literal(start, datatype=XSD.gYear))
    (row,) = cells(tables_of(small(more), PUBLICATION)["dump/twinnings.csv"])
    assert row["start"] == cell


def test_concepts() -> None:
    """A concept stands as the end of its IRI."""
    more = [Triple(TWINNING, TT.kind, KIND["project"]), Triple(TWINNING, TT.status, STATUS.ended)]
    (row,) = cells(tables_of(small(*more), PUBLICATION)["dump/twinnings.csv"])
    assert (row["kind"], row["status"]) == ("project", "ended")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])  # noqa: RUF001 - that very letter
def test_formulas(sign: str) -> None:
    """A text that a spreadsheet would compute begins with an apostrophe, also in a list."""
    text = f"{sign}HYPERLINK(1)"
    more = (Literal(text, language="sv"), Literal(text, language="fr"))
    row = places(small(*(Triple(PLACES[0], SCHEMA.name, one) for one in more)))[PLACES[0].value]
    assert row["name_sv"] == f"'{text}"
    assert row["other_names"] == f"'{text}@fr"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_hostile_names(name: str) -> None:
    """Whatever a name is, the table reads back to it, but for forbidden characters and the apostrophe."""
    row = places(small(Triple(PLACES[0], SCHEMA.name, Literal(name, language="sv"))))[PLACES[0].value]
    expected = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", name)
    assert row["name_sv"] in {expected, f"'{expected}"}
    assert row["name_sv"][0] not in "=+-@\t\r\n"
    assert row.keys() == places(small())[PLACES[1].value].keys()


def test_same_bytes() -> None:
    """The order in which triples come makes no difference."""
    names = [Triple(place, SCHEMA.name, Literal("x")) for place in PLACES]
    assert tables_of(small(*names), PUBLICATION) == tables_of(small(*reversed(names)), PUBLICATION)
