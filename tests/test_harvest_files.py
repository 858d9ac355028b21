"""What Wikidata states, read from entity documents and truthy dumps on disk."""

import bz2
import gzip
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse

import wikibase as wb
from twintowns import cli, truthydumps
from twintowns.entitydocuments import read_documents, triples_of
from twintowns.exceptions import DataFileError, SystemFailureError
from twintowns.printing import read_sources
from twintowns.project import Project, project_at
from twintowns.scope import Scope
from twintowns.truthydumps import TruthyDump
from twintowns.wikidata import Item, Reference, item_from

DAY = {"SOURCE_DATE_EPOCH": "1700000000", "LANGUAGE": "en"}


def snak(name: str, kind: str, value: object, datatype: str = "string") -> dict[str, Any]:
    """Return a snak with a value."""
    told = {"snaktype": "value", "property": name, "datatype": datatype}
    return {**told, "datavalue": {"type": kind, "value": value}}


def linked(name: str, qid: str) -> dict[str, Any]:
    """Return a snak that leads to an item."""
    return snak(name, "wikibase-entityid", {"numeric-id": int(qid[1:])}, "wikibase-item")


def dated(name: str, time: str, precision: int, calendar: str = "Q1985727") -> dict[str, Any]:
    """Return a snak with a date."""
    value = {"time": time, "precision": precision, "calendarmodel": f"{wb.ENTITY}{calendar}"}
    return snak(name, "time", value, "time")


def claim(main: dict[str, Any], rank: str = "normal", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a statement."""
    return {"mainsnak": main, "rank": rank, "id": f"Q1${crc32(str(main).encode())}{rank}", **more}


def entity() -> dict[str, Any]:
    """Return an entity document with every kind of value."""
    somewhere = {"latitude": 60.5, "longitude": 15.25, "globe": f"{wb.ENTITY}Q2"}
    unknown = {"snaktype": "somevalue", "property": "P582", "datatype": "time"}
    never = {"snaktype": "novalue", "property": "P582", "datatype": "time"}
    reference = {
        "snaks": {
            "P248": [linked("P248", "Q77")],
            "P813": [dated("P813", "+2020-02-03T00:00:00Z", 11)],
            "P854": [snak("P854", "string", "https://www.town.example/", "url")],
            "P1476": [snak("P1476", "monolingualtext", {"text": "Vänorter", "language": "sv"})],
        }
    }
    julian = {"P580": [dated("P580", "+1500-02-03T00:00:00Z", 11, "Q1985786")], "P582": [never]}
    strange = {"snaks": {"P854": [snak("P854", "string", "http://a b/", "url")]}}
    foreign = {"snaks": {"P854": [snak("P854", "string", "ftp://town.example/", "url")]}}
    return {
        "id": "Q1",
        "labels": {"en": {"value": "One"}, "fr": {"value": "Un"}},
        "claims": {
            "P31": [claim(linked("P31", "Q515")), claim(linked("P31", "Q6256"), "deprecated")],
            "P625": [claim(snak("P625", "globecoordinate", somewhere))],
            "P297": [claim(snak("P297", "string", "AA")), claim(snak("P297", "string", "BB"), "preferred")],
            "P190": [
                claim(linked("P190", "Q2"), qualifiers=julian, references=[reference]),
                claim(linked("P190", "Q3"), qualifiers={"P582": [unknown]}, references=[strange, foreign]),
                claim({"snaktype": "somevalue", "property": "P190", "datatype": "wikibase-item"}),
                claim({"snaktype": "novalue", "property": "P190", "datatype": "wikibase-item"}),
            ],
        },
    }


def on_mars() -> dict[str, Any]:
    """Return an entity document of a place that is not on the earth."""
    value = {"latitude": 1, "longitude": 2, "globe": f"{wb.ENTITY}Q111"}
    return {"id": "Q5", "claims": {"P625": [claim(snak("P625", "globecoordinate", value))]}}


def read(path: Path, document: object) -> dict[str, Item]:
    """Return the items of a document."""
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_documents([path], ["sv"], "2026-11-23").found


def harvest(project: Project, *arguments: object) -> Result:
    """Run the verb in this process."""
    words = ["harvest", "wikidata", str(project.root), *map(str, arguments)]
    return CliRunner().invoke(cli.main, words, env=DAY)


def test_every_kind_of_value(tmp_path: Path) -> None:
    """Names, classes, points, codes, dates, unknown ends and references are read; other languages are not."""
    found = read(tmp_path / "Q1.json", {"entities": {"Q1": entity()}})["Q1"]
    assert (found.names, found.point, found.codes) == ({"en": "One"}, ("60.5", "15.25"), (("P297", "BB"),))
    assert found.classes == {"Q515"}
    first, second = found.statements
    assert first.start is not None
    assert (first.partner, first.start.value, first.has_end) == ("Q2", "1500", False)
    assert (second.partner, second.has_end, second.end) == ("Q3", True, None)
    [reference] = first.references
    assert reference == Reference("https://www.town.example/", "Q77", ("Vänorter", "sv"), "2020-02-03")


def test_bare_entity_on_mars(tmp_path: Path) -> None:
    """A document may be the entity alone; a point that is not on the earth is none."""
    assert read(tmp_path / "Q5.json", on_mars())["Q5"].point is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b'{"entities": []}', b'{"id": "Q1", "claims": {"P190": [{}]}}', b'{"id": 1}'],
)
def test_no_document(tmp_path: Path, content: bytes) -> None:
    """What is no entity document is told, with the file."""
    path = tmp_path / "Q1.json"
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=r"Q1\.json: this is no entity document of Wikidata"):
        read_documents([path], ["en"], "2026-11-23")


def test_unreadable_document(tmp_path: Path) -> None:
    """A document that is not there is told."""
    with pytest.raises(SystemFailureError, match="cannot be read"):
        read_documents([tmp_path / "Q1.json"], ["en"], "2026-11-23")


def test_document_and_rdf_agree(shared: Path) -> None:
    """What is read of Weimar's document is what is read of its statements in Wikidata's own RDF form."""
    path = shared / "reference-data/wikidata-p190/Q3955.json"
    weimar = json.loads(path.read_text(encoding="utf-8"))["entities"]["Q3955"]
    languages = ["de", "fi"]
    lines = "\n".join(wb.document(weimar))
    stated = item_from("Q3955", (quad.triple for quad in parse(lines, RdfFormat.N_TRIPLES)))
    found = item_from("Q3955", triples_of(weimar, languages))
    assert len(found.statements) == 5
    assert found.statements == stated.statements
    assert (found.areas, found.countries) == (stated.areas, stated.countries) == (("Q1205",), ("Q183",))
    assert (found.codes, found.geonames, found.point) == (stated.codes, stated.geonames, stated.point)


def test_harvest_of_documents(tiny: Project, tmp_path: Path) -> None:
    """A folder of documents is harvested, from both sides; of one that was not read nothing is claimed."""
    folder = tmp_path / "documents"
    folder.mkdir()
    read(folder / "Q1.json", {"entities": {"Q1": entity()}})
    result = harvest(tiny, "--from", folder, "--all", "--write")
    assert "Twinnings: 2, of places: 3; stated by one side only: 0." in result.stderr
    assert read_sources(project_at(tiny.root)).validated().conforms
    again = harvest(tiny, "--from", folder, "--place", "Q2")
    assert "Twinnings: 1, of places: 2;" in again.stderr
    assert "Twinnings: 2," in harvest(tiny, "--from", folder / "Q1.json", "--place", "Q1").stderr


def test_neither_document_nor_dump(tiny: Project, tmp_path: Path) -> None:
    """A file of another kind is told by its name."""
    path = tmp_path / "table.csv"
    path.touch()
    result = harvest(tiny, "--from", path, "--all")
    assert result.exit_code == 3
    assert "this is neither an entity document nor a truthy dump" in result.stderr


def dump() -> str:
    """Return a truthy dump of places in a ring, one of them in a country, with what else a dump holds."""
    lines = [
        "# a comment",
        "<http://www.wikidata.org/entity/P190> <http://a.example/> _:b .",
        "no triple at all",
    ]
    for number in range(1, 6):
        qid, following = f"Q{number}", f"Q{number % 5 + 1}"
        lines += [wb.label(qid, f"Place {number}"), wb.label(qid, f"Lieu {number}", "fr")]
        lines += [
            wb.truthy(qid, "P190", wb.item(following)),
            wb.truthy(qid, "P17", wb.item("Q90" if number > 1 else "Q91")),
        ]
    lines += [wb.label("Q90", "Land"), wb.label("Q91", "Other"), wb.truthy("Q1", "P190", wb.item("Q3"))]
    lines += [
        wb.truthy("Q2", "P131", wb.item("Q80")),
        wb.label("Q80", "Area"),
        wb.label("Q81", "Larger area"),
    ]
    lines += [wb.truthy("Q80", "P131", wb.item("Q81")), wb.truthy("Q80", "P17", wb.item("Q90"))]
    lines += [
        f'{wb.item("Q2")} <{wb.PROPERTY}direct/P1566> "broken .',
        wb.truthy("Q2", "P1566", wb.text("7")),
    ]
    return "".join(f"{line}\n" for line in lines)


WRITERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("dump.nt", bytes),
    ("dump.nt.gz", gzip.compress),
    ("dump.nt.bz2", lambda content: bz2.compress(content[:999]) + bz2.compress(content[999:])),
]


@pytest.mark.parametrize(("name", "packed"), WRITERS, ids=[name for name, _ in WRITERS])
@pytest.mark.parametrize("block", [50, 1 << 22])
def test_truthy_dump(
    tmp_path: Path, name: str, packed: Callable[[bytes], bytes], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dump is read in each form, wherever a block ends; a broken line is left out, the others are not."""
    monkeypatch.setattr(truthydumps, "_BLOCK_BYTES", block)
    (tmp_path / name).write_bytes(packed(dump().encode()))
    found = TruthyDump(tmp_path / name, ("en",))
    assert found.pairs == {("Q1", "Q2"), ("Q2", "Q3"), ("Q3", "Q4"), ("Q4", "Q5"), ("Q5", "Q1"), ("Q1", "Q3")}
    items = {item.qid: item for item in found.items(["Q1", "Q2", "Q9"], lambda _: None)}
    assert items.keys() == {"Q1", "Q2"}
    assert (items["Q1"].names, items["Q2"].geonames, found.skipped) == ({"en": "Place 1"}, ("7",), 1)
    assert set(found.stating(Scope(countries=("Q91",)))) == {"Q1"}
    assert set(found.stating(Scope(places=("Q2", "Q7")))) == {"Q2"}


def test_harvest_of_a_dump(tiny: Project, tmp_path: Path) -> None:
    """A dump is harvested whole, with the countries in it, and what only one side states."""
    path = tmp_path / "truthy.nt.gz"
    path.write_bytes(gzip.compress(dump().encode()))
    result = harvest(tiny, "--from", path, "--all", "--write")
    assert "Twinnings: 6, of places: 5; stated by one side only: 6." in result.stderr
    assert read_sources(project_at(tiny.root)).validated().conforms
    assert "a schema:Country" in (tiny.data / "place/Q90.ttl").read_text(encoding="utf-8")
    assert "containedInPlace place:Q80 " in (tiny.data / "place/Q2.ttl").read_text(encoding="utf-8")
    assert "containedInPlace place:Q90 " in (tiny.data / "place/Q80.ttl").read_text(encoding="utf-8")
    assert "Twinnings: 3, of places: 4;" in harvest(tiny, "--from", path, "--country", "Q91").stderr


@pytest.mark.parametrize(("said", "is_there"), [(b"y\n", True), (b"n\n", False)])
def test_asked_on_a_terminal(tiny: Project, tmp_path: Path, said: bytes, is_there: bool) -> None:  # noqa: FBT001 - parametrized
    """On a terminal it is asked whether to write, and progress is shown."""
    path = tmp_path / "truthy.nt"
    path.write_text(dump(), encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "twintowns",
        "harvest",
        "wikidata",
        str(tiny.root),
        "--from",
        str(path),
        "--all",
    ]
    os.write(ours, said)
    with subprocess.Popen(  # noqa: S603 - the test's own command
        command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, env={**os.environ, **DAY}
    ) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # the terminal is gone with the program
            while part := os.read(ours, 4096):
                shown += part
    os.close(ours)
    assert process.returncode == 0
    assert b"Harvesting" in shown
    assert b"Write them? [y/N]" in shown
    assert (tiny.data / "place/Q1.ttl").exists() == is_there


@pytest.mark.parametrize(("name", "packed"), WRITERS[1:], ids=[name for name, _ in WRITERS[1:]])
def test_damaged_dump(tmp_path: Path, name: str, packed: Callable[[bytes], bytes]) -> None:
    """A dump that is cut off, or is not what its name says, is told."""
    (tmp_path / name).write_bytes(packed(dump().encode())[:-9])
    with pytest.raises(DataFileError, match="this file is cut off or damaged"):
        _ = TruthyDump(tmp_path / name, ("en",)).pairs
    (tmp_path / name).write_bytes(b"no such thing")
    with pytest.raises(DataFileError, match="this file is cut off or damaged"):
        _ = TruthyDump(tmp_path / name, ("en",)).pairs


def test_unreadable_dump(tmp_path: Path) -> None:
    """A dump that is not there is told."""
    with pytest.raises(SystemFailureError, match="cannot be read"):
        _ = TruthyDump(tmp_path / "dump.nt", ("en",)).pairs


def test_damaged_record(tiny: Project, tmp_path: Path) -> None:
    """A damaged record of what was written is told, and nothing is overwritten."""
    path = tmp_path / "truthy.nt"
    path.write_text(dump(), encoding="utf-8")
    (tiny.root / ".harvest").mkdir()
    (tiny.root / ".harvest/written.json").write_text("[]")
    result = harvest(tiny, "--from", path, "--all", "--write")
    assert "the record of what was harvested is damaged" in result.stderr
    assert not (tiny.data / "place/Q1.ttl").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere: run the tests as somebody else")
def test_unwritable_project(tiny: Project, tmp_path: Path) -> None:
    """A folder that cannot be written is told."""
    path = tmp_path / "truthy.nt"
    path.write_text(dump(), encoding="utf-8")
    (tiny.data / "place").chmod(0o500)
    assert harvest(tiny, "--from", path, "--all", "--write").exit_code == 3
