"""What a publication and Wikidata say of the same twinnings: compared, told, printed, proposed."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

import sites
import wikibase as wb
from stores import OXIGRAPH, Oxigraph, running
from twintowns import cli
from twintowns.comparing import iris_of
from twintowns.comparison import Comparison, Kind, Pair, Said, comparison_triples, read_comparison
from twintowns.comparisontable import comparison_csv, comparison_turtle
from twintowns.iris import Names
from twintowns.project import Project
from twintowns.quickstatements import batch, date_value, url_value
from twintowns.site import BuildOptions, build
from twintowns.turtle import TurtleWriter
from twintowns.vocabulary import DCTERMS, PROV, RDF, RDFS, SCHEMA, WD, XSD, A
from twintowns.wikidata import Reference

GOLDEN = Path(__file__).resolve().parent / "golden" / "project"
LUDVIKA, KONTIOLAHTI, IMATRA, BAD_HONNEF = "Q503184", "Q737534", "Q211020", "Q12434"
DALARNA, VILJANDI = "Q103732", "Q192061"
DAY = {"SOURCE_DATE_EPOCH": "1700000000", "LANGUAGE": "en"}
SPACE = "https://w3id.org/twintowns/ludvika/"
LANGUAGES = ("sv", "de", "en", "et", "fi")
YEAR = Literal("2000", datatype=XSD.gYear)
NAMES = Names("https://example.org/golden/")
PAGE = Reference("https://town.example/", retrieved="2020-02-03")
HOSTILE = '</script><b onmouseover="alert(1)">\t=1'


def stated(one: str, other: str) -> wb.Statement:
    """Return a statement that one item makes of another."""
    return wb.Statement(one, "P190", wb.item(other))


def wikidata() -> Iterator[str]:
    """Go through what Wikidata states of Ludvika and its partners."""
    names = {LUDVIKA: "Ludvika Municipality", KONTIOLAHTI: "Kontiolahti", IMATRA: "Imatra"}
    for qid, name in (names | {BAD_HONNEF: "Bad Honnef", DALARNA: "Dalarna County"}).items():
        yield wb.label(qid, name)
        yield wb.version(qid, 1)
    page = {"P854": "<https://www.town.example/twins>", "P248": wb.item("Q77")}
    yield from stated(LUDVIKA, KONTIOLAHTI).dated("P580", "1946-01-01T00:00:00Z", 9).referenced(**page).lines
    yield from stated(KONTIOLAHTI, LUDVIKA).lines
    yield from stated(LUDVIKA, IMATRA).dated("P580", "1950-01-01T00:00:00Z", 9).lines
    yield from stated(BAD_HONNEF, LUDVIKA).unknown("P582").lines
    yield from stated(IMATRA, "Q999").lines


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oxigraph]:
    """Return a SPARQL server with Wikidata's side."""
    if not OXIGRAPH.is_file():
        pytest.skip("the oxigraph server is not here: pip install oxigraph")
    for one in running(Oxigraph(tmp_path_factory.mktemp("wikidata"))):
        content = "".join(f"{line}\n" for line in wikidata()).encode()
        headers = {"Content-Type": "application/n-triples"}
        answer = httpx.post(f"{one.url}/store?default", content=content, headers=headers, trust_env=False)
        assert answer.is_success, answer.text
        yield one


@pytest.fixture
def golden(tmp_path: Path) -> Project:
    """Return a copy of the tiny project of the golden site, whose one twinning is that of Q20 and Q300."""
    shutil.copytree(GOLDEN, tmp_path / "golden")
    return Project(tmp_path / "golden")


def compare(project: Project, *arguments: object) -> Result:
    """Run the verb in this process."""
    words = ["compare", "wikidata", str(project.root), *map(str, arguments)]
    return CliRunner().invoke(cli.main, words, env=DAY)


def dumped(folder: Path, *statements: wb.Statement, named: tuple[str, ...] = ("Q20", "Q300")) -> Path:
    """Write a truthy dump: best values and names alone."""
    path = folder / "truthy.nt"
    lines = [line for one in statements for line in one.lines if "/direct/" in line]
    path.write_text("".join(f"{line}\n" for line in [*lines, *(wb.label(qid, qid) for qid in named)]))
    return path


def rows(result: Result) -> list[dict[str, str]]:
    """Return the rows of a table."""
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def brief(result: Result) -> set[tuple[str, ...]]:
    """Return what the rows of a table tell."""
    told = ("difference", "item_1", "item_2", "here", "wikidata")
    return {tuple(row[name] for name in told) for row in rows(result)}


def in_turtle(text: str) -> Comparison:
    """Return the comparison of a Turtle text."""
    return read_comparison(quad.triple for quad in parse(text, RdfFormat.TURTLE))


def made_up(count: int, day: str = "2023-11-14") -> Comparison:
    """Return a comparison in which Wikidata adds twinnings of Q20, the first with a hostile name."""
    pairs = [Pair(("Q20", f"Q{1000 + n}"), None, Said((WD.Q20.value,))) for n in range(count)]
    label = Literal(HOSTILE, language="en")
    return Comparison(day, tuple(pairs), {"Q1000": (label,)})


def written(project: Project, comparison: Comparison) -> None:
    """Put a comparison into a project."""
    project.comparison.mkdir(exist_ok=True)
    text = comparison_turtle(comparison, NAMES, TurtleWriter(NAMES.prefixes()))
    (project.comparison / "wikidata.ttl").write_text(text, encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Return what the files of a site hold."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_case_of_ludvika(ludvika: Project, server: Oxigraph) -> None:
    """Wikidata adds Kontiolahti, and lacks Viljandi, between the counties; Imatra's others are not told."""
    result = compare(ludvika, "--endpoint", f"{server.url}/query")
    assert brief(result) == {
        ("only Wikidata", LUDVIKA, KONTIOLAHTI, "", "1946"),
        ("only here", DALARNA, VILJANDI, "", ""),
        ("start", BAD_HONNEF, LUDVIKA, "2000", ""),
        ("start", IMATRA, LUDVIKA, "", "1950"),
        ("end", BAD_HONNEF, LUDVIKA, "", "ended"),
        ("one side only", BAD_HONNEF, LUDVIKA, "", ""),
        ("one side only", IMATRA, LUDVIKA, "", ""),
    }
    first, second = rows(result)[:2]
    assert (first["name_2"], first["stated_in"]) == ("Kontiolahti", f"{LUDVIKA}; {KONTIOLAHTI}")
    assert first["references"] == "http://www.wikidata.org/entity/Q77; https://www.town.example/twins"
    assert (second["name_1"], second["name_2"]) == ("Dalarnas län", "Viljandi län")
    both = "only in Wikidata: 1, only here: 1; with another start: 2, with another end: 1"
    assert f"Twinnings {both}" in result.stderr
    assert "Twinnings that are the same: 0; not compared, since nothing was read of them: 0" in result.stderr


def test_batch_for_ludvika(ludvika: Project, server: Oxigraph) -> None:
    """The batch adds what is missing on each side, with dates and references, and nothing but ours."""
    result = compare(ludvika, "--endpoint", f"{server.url}/query", "--format", "quickstatements")
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert [line[:3] for line in lines] == [
        [BAD_HONNEF, "P190", LUDVIKA],
        [LUDVIKA, "P190", BAD_HONNEF],
        [DALARNA, "P190", VILJANDI],
        [VILJANDI, "P190", DALARNA],
        [IMATRA, "P190", LUDVIKA],
    ]
    twinning = f'"{SPACE}twinning/Q12434-Q503184"'
    started = ["P580", "+2000-00-00T00:00:00Z/9"]
    assert lines[1][3:] == [*started, "S854", twinning, "S813", "+2023-11-14T00:00:00Z/11"]


def test_comparison_on_the_site(ludvika: Project, site: Path, server: Oxigraph, tmp_path: Path) -> None:
    """What is written is printed in each language, told on the pages concerned, and listed."""
    arguments = ("--endpoint", f"{server.url}/query", "--write")
    result = compare(ludvika, *arguments)
    names = ["comparison/wikidata.ttl", "comparison/wikidata.csv", "comparison/quickstatements.tsv"]
    assert result.stdout.splitlines() == names
    before = [(ludvika.root / name).read_bytes() for name in names]
    assert compare(ludvika, *arguments).exit_code == 0
    assert [(ludvika.root / name).read_bytes() for name in names] == before
    out = tmp_path / "site"
    sites.copy_built(site, out)
    build(ludvika, BuildOptions(out, processes=1))
    assert (out / "comparison.ttl").read_bytes() == before[0]
    assert (out / "comparison.csv").read_bytes() == before[1]
    files = json.loads((out / "manifest.json").read_bytes())["files"]
    sitemap = (out / "sitemap.xml").read_text(encoding="utf-8")
    for language in LANGUAGES:
        folder = "" if language == "sv" else f"{language}/"
        page = (out / f"{folder}comparison.html").read_text(encoding="utf-8")
        assert page.count("<tr>") == 8
        assert f'href="https://www.wikidata.org/wiki/{KONTIOLAHTI}#P190"' in page
        assert f"{folder}comparison.html" in files
        assert f"<loc>{SPACE}{folder}comparison.html</loc>" in sitemap
        note = (out / f"{folder}place/{LUDVIKA}.html").read_text(encoding="utf-8")
        assert note.partition('class="compare"')[2].partition("</div>")[0].count("<li>") == 6
        assert f'href="../{"../" if folder else ""}{folder}comparison.html"' in note
    english = (out / f"en/twinning/{BAD_HONNEF}-{LUDVIKA}.html").read_text(encoding="utf-8")
    assert "Start here: 2000; in Wikidata: not stated." in english
    assert "End here: not stated; in Wikidata: ended, the date is not known." in english
    assert "In Wikidata only one side states this twinning: Bad Honnef." in english
    assert 'class="compare"' not in (out / "place/Q34.html").read_text(encoding="utf-8")


def test_no_comparison(site: Path) -> None:
    """Without a comparison no page leads to one."""
    assert list(site.rglob("*comparison*")) == []
    assert "comparison.html" not in (site / "index.html").read_text(encoding="utf-8")


def test_only_what_was_read(golden: Project, tmp_path: Path) -> None:
    """What Wikidata lacks is only said where an item was read, and proposed for that item alone."""
    unread = compare(golden, "--from", dumped(tmp_path, named=("Q5",)))
    assert rows(unread) == []
    assert "not compared, since nothing was read of them: 1." in unread.stderr
    half = compare(golden, "--from", dumped(tmp_path, named=("Q20",)))
    assert brief(half) == {("only here", "Q20", "Q300", "1987-05", "")}
    proposed = compare(golden, "--from", tmp_path / "truthy.nt", "--format", "quickstatements").stdout
    assert proposed.startswith("Q20\tP190\tQ300\tP580\t+1987-05-00T00:00:00Z/10\tS854\t")
    assert len(proposed.splitlines()) == 1


def test_same_is_told(golden: Project, tmp_path: Path) -> None:
    """Where both say the same, nothing is told, and its page says so."""
    path = golden.data / "twinning/Q20-Q300.ttl"
    path.write_text(re.sub(".*startDate.*\n", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    both = dumped(tmp_path, stated("Q20", "Q300"), stated("Q300", "Q20"))
    result = compare(golden, "--from", both, "--write")
    assert "Twinnings that are the same: 1;" in result.stderr
    build(golden, BuildOptions(tmp_path / "site", processes=1))
    page = (tmp_path / "site/en/comparison.html").read_text(encoding="utf-8")
    assert "Both say the same of all twinnings." in page


@pytest.mark.parametrize(
    ("kind", "status", "is_told"),
    [
        ("contact", "active", False),
        ("project-partnership", "active", False),
        ("twinning", "planned", False),
        ("twinning", "ended", True),
    ],
)
def test_what_is_apart(golden: Project, tmp_path: Path, kind: str, status: str, is_told: bool) -> None:  # noqa: FBT001 - parametrized
    """Wikidata need not state contacts, projects and plans; what has ended it may."""
    path = golden.data / "twinning/Q20-Q300.ttl"
    text = path.read_text(encoding="utf-8").replace("kind:twinning", f"kind:{kind}")
    path.write_text(text.replace("status:active", f"status:{status}"), encoding="utf-8")
    dump = dumped(tmp_path)
    assert bool(rows(compare(golden, "--from", dump))) is is_told
    proposed = compare(golden, "--from", dump, "--format", "quickstatements").stdout
    assert proposed.count("\tP582\tsomevalue\t") == 2 * is_told


def test_place_that_is_asked_for(golden: Project, tmp_path: Path) -> None:
    """With a place, its twinnings alone are compared, whether the publication knows it or not."""
    dump = dumped(tmp_path, stated("Q7", "Q8"), stated("Q20", "Q9"), named=("Q7", "Q8"))
    assert brief(compare(golden, "--from", dump, "--place", "Q7")) == {("only Wikidata", "Q7", "Q8", "", "")}


def test_nothing_to_compare(golden: Project, tmp_path: Path) -> None:
    """A publication whose places are no items is told what to do, and a wrong usage as well."""
    for path in (golden.data / "place").glob("*.ttl"):
        path.write_text(re.sub(".*sameAs.*\n", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    result = compare(golden, "--from", dumped(tmp_path))
    assert result.exit_code == 3
    assert "no place here is known to be a Wikidata item; say which it is with schema:sameAs" in result.stderr
    assert compare(golden).exit_code == 2


def test_sources_as_references(golden: Project, tmp_path: Path) -> None:
    """Pages and works are references, with the day; what Wikidata knows already is none."""
    source = golden.data / "source/atlas.ttl"
    before = source.read_text(encoding="utf-8")
    lines = [line for line in before.splitlines() if "retrievedOn" not in line]
    prefixes = (
        "@prefix tt: <https://w3id.org/twintowns/ns#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    )
    if "@prefix wd:" not in before:
        prefixes += "@prefix wd: <http://www.wikidata.org/entity/> .\n"
    told = (
        "    schema:url <https://atlas.example/a|b> ;\n    schema:sameAs wd:Q77 ;\n"
        '    tt:retrievedOn "2020-02-03"^^xsd:date ;\n    .'
    )
    text = prefixes + "\n".join(line for line in lines if not line.startswith(("@prefix tt", "@prefix xsd")))
    text = text.replace("    .", told)
    source.write_text(text.replace("a|b", "ab"), encoding="utf-8")
    arguments = ("--from", dumped(tmp_path), "--format", "quickstatements")
    [one, _] = compare(golden, *arguments).stdout.splitlines()
    assert one.endswith('S854\t"https://atlas.example/ab"\tS248\tQ77\tS813\t+2020-02-03T00:00:00Z/11')
    source.write_text(text.replace("atlas.example/a|b", "www.wikidata.org/wiki/Q20"), encoding="utf-8")
    assert compare(golden, *arguments).stdout == ""


def test_edit_reprints_what_it_touches(golden: Project, tmp_path: Path) -> None:
    """A comparison reprints the pages of what it tells anew, as a full build does, and may vanish."""
    out, full = tmp_path / "site", tmp_path / "full"
    written(golden, made_up(1))
    everything = build(golden, BuildOptions(out, processes=1)).printed
    assert build(golden, BuildOptions(out, processes=1)).report is None
    written(golden, made_up(2))
    assert build(golden, BuildOptions(out, processes=1)).printed == 1
    build(golden, BuildOptions(full, processes=1))
    assert contents(out) == contents(full)
    written(golden, made_up(2, "2024-01-02"))
    assert build(golden, BuildOptions(out, processes=1)).printed == 1
    (golden.comparison / "wikidata.ttl").unlink()
    assert build(golden, BuildOptions(out, processes=1)).printed == everything
    assert not (out / "comparison.html").exists()


def test_many_and_hostile(golden: Project, tmp_path: Path) -> None:
    """Many differences stand on several pages, notes are bounded, and a hostile name stays text."""
    written(golden, made_up(150))
    build(golden, BuildOptions(tmp_path / "site", processes=1))
    first, second = (
        (tmp_path / f"site/{name}.html").read_text(encoding="utf-8")
        for name in ("comparison", "comparison/page-2")
    )
    assert (first.count("<tr>"), second.count("<tr>")) == (101, 51)
    assert "<b onmouseover" not in first
    assert "&lt;b onmouseover=" in first
    assert 'href="../comparison.ttl"' in second
    note = (tmp_path / "site/place/Q20.html").read_text(encoding="utf-8")
    assert note.partition('class="compare"')[2].partition("</div>")[0].count("<li>") == 20


def test_table_holds_no_formula() -> None:
    """What a spreadsheet would take for a formula is a text, whatever Wikidata calls a place."""
    labels = {"Q1": (Literal("=cmd|' /C calc'!A0", language="fr"),), "Q2": (Literal("@a", language="en"),)}
    comparison = Comparison("2023-11-14", (Pair(("Q1", "Q2"), None, Said((WD.Q1.value,))),), labels)
    [row] = csv.DictReader(io.StringIO(comparison_csv(comparison, ["sv", "en"])))
    assert (row["name_1"], row["name_2"]) == ("'=cmd|' /C calc'!A0", "'@a")


def test_comparison_is_read_as_it_was_written() -> None:
    """A comparison is the same when it was written and read, in whatever order its triples come."""
    later = Literal("2001-02-03", datatype=XSD.date)
    here = Said(("https://example.org/golden/twinning/Q2-Q10",), (), (YEAR,), (later,), is_over=True)
    there = Said(
        (WD.Q2.value,), (WD.Q10.value, WD.Q2.value), (YEAR, later), (), references=("https://a.example/",)
    )
    pairs = (Pair(("Q2", "Q10"), here, there), Pair(("Q3", "Q4"), here))
    comparison = Comparison("2023-11-14", pairs, {"Q2": (Literal("Två", language="sv"),)})
    triples = list(comparison_triples(comparison, NAMES))
    assert read_comparison(reversed(triples)) == comparison
    assert in_turtle(comparison_turtle(comparison, NAMES, TurtleWriter({}))) == comparison
    kinds = [difference.kind for _, difference in comparison.by_kind()]
    assert kinds == [Kind.LACKING, Kind.START, Kind.END, Kind.ONE_SIDED]
    assert Pair(("Q1", "Q2")).differences == ()


def test_documents_say_what_is_said() -> None:
    """What says something is a document, a node with dates a role; what was written before is read too."""
    twinning = "https://example.org/town/twinning/Q1-Q2"
    here = Said((twinning,), (), (YEAR,), ())
    there = Said((WD.Q1.value,), (WD.Q1.value, WD.Q2.value))
    comparison = Comparison("2023-11-14", (Pair(("Q1", "Q2"), here, there),))
    triples = set(comparison_triples(comparison, NAMES))
    told = {t.object.value for t in triples if t.predicate in {DCTERMS.source, PROV.wasDerivedFrom}}  # type: ignore[union-attr]
    document = "https://www.wikidata.org/wiki/Special:EntityData/"
    assert {f"{twinning}.ttl", f"{document}Q1", f"{document}Q2"} <= told
    assert not {WD.Q1.value, WD.Q2.value, twinning} & told
    roles = [t.subject for t in triples if t.object == SCHEMA.Role]
    assert [str(role).rstrip(">")[-5:] for role in roles] == ["-here"]
    before = {
        Triple(t.subject, t.predicate, WD[t.object.value.removeprefix(document)])
        if isinstance(t.object, NamedNode) and t.object.value.startswith(document)
        else t
        for t in triples
    }
    assert read_comparison(before) == read_comparison(triples) == comparison


def test_what_is_no_comparison_is_left_out() -> None:
    """Statements about one item, about none, or about one with endless digits are left out."""
    odd: list[tuple[BlankNode | NamedNode, Literal | NamedNode, NamedNode]] = [
        (BlankNode("a"), WD.Q1, WD.Q1),
        (NamedNode("urn:b"), WD[f"Q{'9' * 20}"], WD.Q1),
        (NamedNode("urn:c"), Literal("Q1"), WD.Q2),
    ]
    triples = [
        triple
        for node, one, other in odd
        for triple in (
            Triple(node, A, RDF.Statement),
            Triple(node, RDF.subject, one),
            Triple(node, RDF.object, other),
            Triple(node, DCTERMS.created, Literal("today")),
            Triple(WD.Q1, RDFS.label, WD.Q2),
        )
    ]
    assert read_comparison(triples) == Comparison("", ())


def test_values_of_quickstatements() -> None:
    """A value is one field on one line: dates that exist in form, addresses without what could end them."""
    assert [date_value(text) for text in ("", "0000", "2000-13", "2000-05-32", "20000", "x")] == [""] * 6
    hostile = url_value('https://a.example/"\tQ1\tP31\tQ5\n|é<>')
    assert re.fullmatch(r'"[!#-{}~]+"', hostile)


def proposed(here: Said, there: Said | None, *references: Reference) -> list[str]:
    """Return the lines of a batch on one twinning."""
    comparison = Comparison("2023-11-14", (Pair(("Q1", "Q2"), here, there),))
    return batch(comparison, {("Q1", "Q2"): references}, frozenset({"Q1", "Q2"})).splitlines()


def test_batch_contradicts_nothing() -> None:
    """A date is added only where Wikidata has none, and told on the other side where it is the same."""
    other = Literal("1999", datatype=XSD.gYear)
    here = Said(("urn:t",), (), (YEAR,), (YEAR,), is_over=True)
    one, both = (WD.Q1.value,), (WD.Q1.value, WD.Q2.value)
    dates = "\tP580\t+2000-00-00T00:00:00Z/9\tP582\t+2000-00-00T00:00:00Z/9"
    origin = '\tS854\t"https://town.example/"\tS813\t+2020-02-03T00:00:00Z/11'
    assert proposed(here, Said(both), PAGE)[1] == f"Q2\tP190\tQ1{dates}{origin}"
    same = Said(one, both, (YEAR,), (YEAR,), is_over=True)
    assert proposed(here, same, PAGE) == [f"Q2\tP190\tQ1{dates}{origin}"]
    contradicting = Said(one, both, (other,), (other,), is_over=True)
    assert proposed(here, contradicting, PAGE) == [f"Q2\tP190\tQ1{origin}"]
    assert proposed(here, replace(contradicting, sources=both), PAGE) == []
    doubtful = replace(here, starts=(YEAR, other), ends=(YEAR, other))
    assert proposed(doubtful, None, PAGE)[0] == f"Q1\tP190\tQ2{origin}"
    odd = replace(here, starts=(Literal("once"),), ends=())
    assert proposed(odd, None, PAGE)[0] == f"Q1\tP190\tQ2\tP582\tsomevalue{origin}"


def test_batch_needs_references() -> None:
    """Without a reference nothing is proposed; each after the first begins anew."""
    here = Said(("urn:t",))
    assert proposed(here, None) == []
    work = Reference(stated_in="Q77")
    assert proposed(here, None, PAGE, work, PAGE)[0].endswith("T00:00:00Z/11\t!S248\tQ77")


def test_references_of_wikidata() -> None:
    """Of a reference its page and its work are told, and no page that is no IRI, or none to be followed."""
    assert list(iris_of(Reference("https://a.example/", "Q7"))) == ["https://a.example/", WD.Q7.value]
    odd = [Reference("https://a.example/{x}"), Reference("javascript:alert(1)")]
    assert [iri for one in odd for iri in iris_of(one)] == []
