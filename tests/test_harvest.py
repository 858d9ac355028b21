"""What Wikidata states, harvested from a real SPARQL server that holds it in Wikidata's own RDF form."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

import wikibase as wb
from stores import OXIGRAPH, Oxigraph, running
from twintowns import cli
from twintowns.printing import read_sources
from twintowns.project import Project

LAND, AREA, FORMER = "Q9001", "Q9002", "Q9003"
ALPHA, BETA, GAMMA, WRONG, ENDED, DISPUTED, PREFERRED, FADED, NAMELESS = (f"Q{1000 + n}" for n in range(9))
DAY = {"SOURCE_DATE_EPOCH": "1700000000", "LANGUAGE": "en"}
PAIRS = 300


def made_up() -> Iterator[str]:
    """Go through what is stated of places that there are not."""
    names = [ALPHA, BETA, GAMMA, WRONG, ENDED, DISPUTED, PREFERRED, FADED, LAND, AREA, FORMER]
    for number, qid in enumerate(names):
        yield wb.label(qid, f"Place {number}")
        yield wb.version(qid, 1)
    yield wb.label(ALPHA, "Alfa", "sv")
    for qid in names[:8]:
        yield from wb.Statement(qid, "P17", wb.item(LAND)).lines
        yield from wb.Statement(qid, "P131", wb.item(AREA)).lines
        yield wb.truthy(qid, "P625", wb.point(15.1833333, 60.1333333))
    yield from wb.Statement(ALPHA, "P131", wb.item(FORMER)).dated("P582", "1952-01-01T00:00:00Z", 9).lines
    yield from wb.Statement(AREA, "P131", wb.item(ALPHA)).lines
    yield from wb.Statement(AREA, "P17", wb.item(LAND)).lines
    yield wb.truthy(ALPHA, "P31", wb.item("Q515"))
    yield wb.truthy(ALPHA, "P300", wb.text("not a code"))
    yield wb.truthy(AREA, "P300", wb.text("XX-1"))
    yield wb.truthy(LAND, "P297", wb.text("XX"))
    yield wb.truthy(ALPHA, "P1566", wb.text("77"))
    yield wb.truthy(ALPHA, "P1566", wb.text("78"))
    yield wb.truthy(BETA, "P1566", wb.text("77"))
    yield from twinnings()


def twinnings() -> Iterator[str]:
    """Go through statements of every kind of twinning."""
    page = {
        "P854": "<https://www.town.example/twins>",
        "P813": wb.typed("2020-02-03T00:00:00Z", wb.XSD + "dateTime"),
    }
    titled = {**page, "P1476": wb.text("Our twins", "en")}

    def said(one: str, other: str, rank: str = "Normal", number: str = "") -> wb.Statement:
        return wb.Statement(one, "P190", wb.item(other), rank, number)

    def both(other: str, *, start: tuple[str, str]) -> Iterator[str]:
        for (one, partner), year in zip(((ALPHA, other), (other, ALPHA)), start, strict=True):
            yield from said(one, partner).dated("P580", f"{year}-01-01T00:00:00Z", 9).lines

    yield from said(ALPHA, BETA).dated("P580", "1990-01-01T00:00:00Z", 9).lines
    yield from said(BETA, ALPHA).dated("P580", "1990-05-06T00:00:00Z").lines
    yield from said(ALPHA, GAMMA).dated("P585", "1999-07-01T00:00:00Z", 10).referenced(**titled).lines
    yield from said(ALPHA, WRONG, "Deprecated").lines
    yield from said(ALPHA, ENDED).dated("P582", "2001-01-01T00:00:00Z", 9).lines
    yield from said(ENDED, ALPHA).lines
    yield from both(DISPUTED, start=("1970", "1971"))
    yield from said(ALPHA, PREFERRED, "Preferred", "1").dated("P580", "2005-01-01T00:00:00Z", 9).lines
    yield from said(ALPHA, PREFERRED, "Normal", "2").dated("P580", "1999-01-01T00:00:00Z", 9).lines
    yield from said(PREFERRED, ALPHA).lines
    yield from said(ALPHA, FADED).unknown("P580").unknown("P582").lines
    yield from said(FADED, ALPHA).lines
    yield from said(ALPHA, NAMELESS).referenced(P248=wb.item(FORMER)).lines
    yield from said(ALPHA, ALPHA).lines


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oxigraph]:
    """Return a SPARQL server over what is made up."""
    if not OXIGRAPH.is_file():
        pytest.skip("the oxigraph server is not here: pip install oxigraph")
    for one in running(Oxigraph(tmp_path_factory.mktemp("wikidata"))):
        load(one, made_up())
        yield one


def load(server: Oxigraph, lines: Iterator[str]) -> None:
    """Load triples into a server."""
    content = "".join(f"{line}\n" for line in lines).encode()
    headers = {"Content-Type": "application/n-triples"}
    answer = httpx.post(
        f"{server.url}/store?default", content=content, headers=headers, trust_env=False, timeout=60
    )
    assert answer.is_success, answer.text


def harvest(project: Project, *arguments: object, **environment: str) -> Result:
    """Run the verb in this process."""
    words = ["harvest", "wikidata", str(project.root), *map(str, arguments)]
    return CliRunner().invoke(cli.main, words, env={**DAY, **environment})


@pytest.fixture
def filled(tiny: Project, server: Oxigraph) -> Project:
    """Return a new project into which everything was harvested."""
    result = harvest(tiny, "--endpoint", f"{server.url}/query", "--all", "--write")
    assert result.exit_code == 0, result.output
    return tiny


def facts(project: Project, name: str) -> set[str]:
    """Return the lines of a file without their ends."""
    text = (project.data / f"{name}.ttl").read_text(encoding="utf-8")
    return {line.strip().removesuffix(" ;") for line in text.splitlines()}


def test_harvest_conforms(filled: Project) -> None:
    """What was harvested breaks no rule, and every file is in canonical form."""
    assert read_sources(filled).validated().conforms
    assert CliRunner().invoke(cli.main, ["format", "--check", str(filled.root)]).output == ""


def test_twinnings_found(filled: Project) -> None:
    """All twinnings are there, but for what is deprecated and a place's with itself."""
    found = {path.stem for path in (filled.data / "twinning").glob("Q1000-*.ttl")}
    wanted = [BETA, GAMMA, ENDED, DISPUTED, PREFERRED, FADED, NAMELESS]
    assert found == {f"{ALPHA}-{qid}" for qid in wanted}


def test_most_precise_date(filled: Project) -> None:
    """Of two dates that agree the more precise one is stated."""
    assert 'schema:startDate "1990-05-06"^^xsd:date' in facts(filled, f"twinning/{ALPHA}-{BETA}")


def test_one_sided(filled: Project) -> None:
    """A twinning that one side states says so, in words and by its source; one of both sides does not."""
    told = facts(filled, f"twinning/{ALPHA}-{GAMMA}")
    assert "dcterms:source source:wikidata-p190-one-sided" in told
    assert 'schema:description "In Wikidata only one side states this twinning: Place 0."@en' in told
    assert 'schema:startDate "1999-07"^^xsd:gYearMonth' in told
    assert not any("one-sided" in line for line in facts(filled, f"twinning/{ALPHA}-{BETA}"))


def test_reference_is_a_source(filled: Project) -> None:
    """The page that a reference names is a source, with its title and the day on which it was read."""
    [path] = (filled.data / "source").glob("town-example-*.ttl")
    told = facts(filled, f"source/{path.stem}")
    assert "schema:url <https://www.town.example/twins>" in told
    assert 'schema:name "Our twins"@en' in told
    assert 'tt:retrievedOn "2020-02-03"^^xsd:date' in told
    assert f"dcterms:source source:{path.stem}" in facts(filled, f"twinning/{ALPHA}-{GAMMA}")


def test_work_is_a_source(filled: Project) -> None:
    """A work that a reference names is a source by the work's own name."""
    assert 'schema:name "Place 10"@en' in facts(filled, "source/wikidata-q9003")


def test_end(filled: Project) -> None:
    """A twinning that one side says to have ended has ended, with the date, or with one that nobody knows."""
    told, faded = facts(filled, f"twinning/{ALPHA}-{ENDED}"), facts(filled, f"twinning/{ALPHA}-{FADED}")
    assert {"tt:status status:ended", 'schema:endDate "2001"^^xsd:gYear'} <= told
    assert {"tt:status status:ended", "tt:unknown schema:endDate", "tt:unknown schema:startDate"} <= faded


def test_contradiction(filled: Project) -> None:
    """Of two dates that contradict each other none is stated, and both are told."""
    told = facts(filled, f"twinning/{ALPHA}-{DISPUTED}")
    assert "tt:unknown schema:startDate" in told
    assert 'schema:description "Wikidata states several dates for its start: 1970, 1971."@en' in told


def test_preferred_rank(filled: Project) -> None:
    """Of two statements of one twinning the preferred one counts."""
    assert 'schema:startDate "2005"^^xsd:gYear' in facts(filled, f"twinning/{ALPHA}-{PREFERRED}")


def test_place(filled: Project) -> None:
    """A place has its names, codes, coordinates, class and area; not what is over or claimed twice."""
    told = facts(filled, f"place/{ALPHA}")
    assert {"a schema:City", f"schema:containedInPlace place:{AREA}", f"schema:sameAs wd:{ALPHA}"} <= told
    assert {"schema:latitude 60.133333", "schema:longitude 15.183333"} <= told
    assert "schema:sameAs <https://sws.geonames.org/78/>" in told
    assert not any("/77/" in line or "not a code" in line for line in told)


def test_area_and_country(filled: Project) -> None:
    """An area does not lie in what lies in it, and a country lies in nothing."""
    assert {'schema:value "XX-1"', f"schema:containedInPlace place:{LAND}"} <= facts(filled, f"place/{AREA}")
    told = facts(filled, f"place/{LAND}")
    assert {"a schema:Country", 'schema:propertyID "ISO 3166-1 alpha-2"', 'schema:value "XX"'} <= told
    assert not any("containedInPlace" in line for line in told)


def test_place_without_name(filled: Project) -> None:
    """A place that has no name is called by its item."""
    assert f'schema:name "{NAMELESS}"@zxx' in facts(filled, f"place/{NAMELESS}")


def test_retrieval_date(filled: Project, server: Oxigraph) -> None:
    """The source tells the day on which Wikidata was read, also after a harvest that read nothing anew."""
    assert 'tt:retrievedOn "2023-11-14"^^xsd:date' in facts(filled, "source/wikidata-p190")
    again = harvest(filled, "--endpoint", f"{server.url}/query", "--all", SOURCE_DATE_EPOCH="1800000000")
    assert "Nothing was written" not in again.output
    assert not [line for line in again.stdout.splitlines() if line.startswith(("new", "renewed"))]


def test_changed_item_is_read_again(filled: Project, server: Oxigraph) -> None:
    """An item of another version is asked for again, and only a file that nobody touched is renewed."""
    touched = filled.data / f"place/{GAMMA}.ttl"
    touched.write_text(touched.read_text(encoding="utf-8").replace("Place 2", "Plaats 2"), encoding="utf-8")
    update = (
        f"DELETE WHERE {{ {wb.item(BETA)} <http://schema.org/version> ?version ; {wb.LABEL} ?name }};"
        f"INSERT DATA {{ {wb.version(BETA, 2)} {wb.label(BETA, 'Nya Beta', 'mul')} }}"
    )
    httpx.post(f"{server.url}/update", data={"update": update}, trust_env=False).raise_for_status()
    result = harvest(filled, "--endpoint", f"{server.url}/query", "--place", ALPHA, "--write")
    assert f"renewed data/place/{BETA}.ttl" in result.stdout
    assert f"curated data/place/{GAMMA}.ttl" in result.stdout
    assert '-    schema:name "Plaats 2"@en ;' in result.stdout
    assert 'schema:name "Nya Beta"@en' in facts(filled, f"place/{BETA}")
    assert "Plaats 2" in touched.read_text(encoding="utf-8")


def test_place_alone(tiny: Project, server: Oxigraph) -> None:
    """A harvest of one place finds its twinnings, and that the other side does not state one."""
    result = harvest(tiny, "--endpoint", f"{server.url}/query", "--place", GAMMA, "--write")
    assert "Twinnings: 1, of places: 2; stated by one side only: 1." in result.stderr
    assert (tiny.data / f"twinning/{ALPHA}-{GAMMA}.ttl").is_file()


def test_country(tiny: Project, server: Oxigraph) -> None:
    """A harvest of a country finds the twinnings of its places, and of another country none."""
    ask = ("--endpoint", f"{server.url}/query", "--country")
    assert "Twinnings: 7, of places: 8;" in harvest(tiny, *ask, LAND).stderr
    assert "Twinnings: 0, of places: 0;" in harvest(tiny, *ask, "Q9999").stderr


def test_nothing_is_written_unasked(tiny: Project, server: Oxigraph) -> None:
    """Without anybody to ask nothing is written, and what would be is named."""
    result = harvest(tiny, "--endpoint", f"{server.url}/query", "--all")
    assert "Nothing was written; files that --write would write" in result.stderr
    assert f"new     data/place/{ALPHA}.ttl" in result.stdout
    assert not (tiny.data / f"place/{ALPHA}.ttl").exists()


def test_fresh(filled: Project, server: Oxigraph) -> None:
    """A fresh harvest asks for everything again, and tells the new day."""
    ask = ("--endpoint", f"{server.url}/query", "--all", "--write", "--fresh")
    assert harvest(filled, *ask, SOURCE_DATE_EPOCH="1800000000").exit_code == 0
    assert 'tt:retrievedOn "2027-01-15"^^xsd:date' in facts(filled, "source/wikidata-p190")


def test_bulk(tiny: Project, server: Oxigraph) -> None:
    """A bulk harvest writes one sorted file, without what has a file, and shows what comes and goes."""
    ask = ("--endpoint", f"{server.url}/query", "--all", "--bulk", "--write")
    assert "Files written: 1." in harvest(tiny, *ask).stderr
    path = tiny.data / "wikidata.nt"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    assert any(f"/twinning/{ALPHA}-{BETA}>" in line for line in lines)
    assert not any("wikimedia-foundation> <http" in line for line in lines if line.startswith("<"))
    path.write_text(f"{lines[0]}\n", encoding="utf-8")
    shown = harvest(tiny, *ask).stdout.splitlines()
    assert shown[0] == "curated data/wikidata.nt"
    assert set(shown[1:]) == {f"+{line}" for line in lines[1:]}


def test_what_stands_in_bulk_is_not_proposed(tiny: Project, server: Oxigraph) -> None:
    """What a file in bulk tells of is proposed neither as a file of its own nor in bulk once more."""
    ask = ("--endpoint", f"{server.url}/query", "--all", "--write")
    harvest(tiny, *ask, "--bulk")
    bulk = tiny.data / "wikidata.nt"
    lines = bulk.read_text(encoding="utf-8").splitlines(keepends=True)
    told = [line for line in lines if f"/twinning/{ALPHA}-{BETA}>" in line.partition(" ")[0]]
    bulk.unlink()
    (tiny.data / "curated.nt").write_text("".join(told), encoding="utf-8")
    harvest(tiny, *ask, "--bulk")
    assert bulk.read_text(encoding="utf-8").splitlines(keepends=True) == [x for x in lines if x not in told]
    bulk.unlink()
    harvest(tiny, *ask)
    assert not (tiny.data / f"twinning/{ALPHA}-{BETA}.ttl").exists()
    assert (tiny.data / f"place/{ALPHA}.ttl").exists()


def test_documents_with_a_service(tiny: Project, server: Oxigraph, tmp_path: Path) -> None:
    """With documents the service tells of the items that they lack, and adds no twinning of theirs."""
    value = {"snaktype": "value", "datavalue": {"type": "wikibase-entityid", "value": {"id": ALPHA}}}
    stated = {
        "mainsnak": {**value, "property": "P190", "datatype": "wikibase-item"},
        "rank": "normal",
        "id": "Q4000$1",
    }
    path = tmp_path / "Q4000.json"
    path.write_text(json.dumps({"id": "Q4000", "claims": {"P190": [stated]}}), encoding="utf-8")
    result = harvest(tiny, "--from", path, "--endpoint", f"{server.url}/query", "--all", "--write")
    assert "Twinnings: 1, of places: 2; stated by one side only: 1." in result.stderr
    assert 'schema:name "Place 0"@en' in facts(tiny, f"place/{ALPHA}")


def test_remarks_in_languages_that_are_spoken(tiny: Project, server: Oxigraph) -> None:
    """What is said of a twinning is said in the publication's languages, where there are words for it."""
    text = tiny.catalogue.read_text(encoding="utf-8")
    text = text.replace('schema:inLanguage "en"', 'schema:inLanguage "en", "sv", "fr"')
    tiny.catalogue.write_text(text, encoding="utf-8")
    harvest(tiny, "--endpoint", f"{server.url}/query", "--all", "--write")
    told = [line for line in facts(tiny, f"twinning/{ALPHA}-{GAMMA}") if "schema:description" in line]
    assert sorted(line.rpartition("@")[2] for line in told) == ["en", "sv"]
    assert any(line.endswith('bara på den ena sidan: Alfa."@sv') for line in told)


def test_withdrawn_place(tiny: Project, server: Oxigraph) -> None:
    """A place that was withdrawn gets no twinning."""
    tombstone = (
        "<https://example.org/town/place/Q1000> a <https://www.w3.org/ns/activitystreams#Tombstone> ;"
        ' <https://www.w3.org/ns/activitystreams#deleted> "2026-01-01T00:00:00Z"'
        "^^<http://www.w3.org/2001/XMLSchema#dateTime> ."
    )
    (tiny.data / f"place/{ALPHA}.ttl").write_text(tombstone, encoding="utf-8")
    harvest(tiny, "--endpoint", f"{server.url}/query", "--all", "--write")
    assert {path.stem for path in (tiny.data / "twinning").glob("*.ttl")} == {"Q3138-Q3955"}


@pytest.mark.parametrize(
    "arguments", [(), ("--all",), ("--endpoint", "http://127.0.0.1:1/"), ("--from", "no-such-file")]
)
def test_wrong_usage(tiny: Project, arguments: tuple[str, ...]) -> None:
    """A harvest from nowhere or of nothing is wrong usage."""
    assert harvest(tiny, *arguments).exit_code == 2


def test_no_item(tiny: Project) -> None:
    """What is no item is refused before anybody is asked."""
    result = harvest(tiny, "--endpoint", "http://127.0.0.1:1/", "--place", "Ludvika")
    assert result.exit_code == 3
    assert "Ludvika: this is no Wikidata item; write its number, for example Q503184" in result.stderr


def test_sample_of_the_snapshot(tiny: Project, shared: Path, tmp_path: Path) -> None:
    """Of real pairs and Weimar's document, degrees and one-sided pairs are those of the tables."""
    if not OXIGRAPH.is_file():
        pytest.skip("the oxigraph server is not here: pip install oxigraph")
    pairs = wb.edges(shared)[:PAIRS]
    weimar = json.loads((shared / "reference-data/wikidata-p190/Q3955.json").read_text(encoding="utf-8"))
    for server in running(Oxigraph(tmp_path)):
        load(server, wb.snapshot(pairs, wb.nodes(shared)))
        load(server, wb.document(weimar["entities"]["Q3955"]))
        result = harvest(tiny, "--endpoint", f"{server.url}/query", "--all", "--write")
    assert result.exit_code == 0, result.output
    degrees = Counter(qid for pair in pairs for qid in (pair["a"], pair["b"]))
    found: Counter[str] = Counter()
    one_sided = 0
    for path in (tiny.data / "twinning").glob("*.ttl"):
        if "Q3955" not in path.stem:
            text = path.read_text(encoding="utf-8")
            found.update(re.findall(r"tt:partner place:(Q\d+)", text))
            one_sided += "source:wikidata-p190-one-sided" in text
    assert found == degrees
    assert one_sided == sum(len(wb.directions(pair)) == 1 for pair in pairs)
    assert 'schema:startDate "1970-09-06"^^xsd:date' in facts(tiny, "twinning/Q3955-Q202158")
    assert read_sources(tiny).validated().conforms
