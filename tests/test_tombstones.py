"""What was withdrawn: its name stays and says that it is gone; nothing counts or lists it any more."""

import json
import re
import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from twintowns.printing import Press, prepared, read_sources
from twintowns.project import Project
from twintowns.site import BuildOptions, build
from twintowns.statistics import statistics

SPACE = "https://w3id.org/twintowns/ludvika/"
GONE, OTHER = "place/Q9", "twinning/Q9-Q503184"
TOMBSTONE = """@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix place: <https://w3id.org/twintowns/ludvika/place/> .
@prefix schema: <https://schema.org/> .
@prefix twinning: <https://w3id.org/twintowns/ludvika/twinning/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
SENTENCES = {
    "": "Den här posten har dragits in",
    "de/": "Dieser Eintrag wurde zurückgezogen",
    "en/": "This entry has been withdrawn",
    "et/": "See kirje on tagasi võetud",
    "fi/": "Tämä tietue on poistettu",
}
DATES = {
    "": "1 maj 2026",
    "de/": "1. Mai 2026",
    "en/": "1 May 2026",
    "et/": "1. mai 2026",
    "fi/": "1. toukokuuta 2026",
}


def bury(data: Path) -> None:
    """Withdraw a place, which another replaced, and a twinning, of which nothing more is known."""
    when = 'as:deleted "2026-05-01T00:00:00Z"^^xsd:dateTime'
    place = (
        f'place:Q9 a as:Tombstone ; {when} ; dcterms:isReplacedBy place:Q503184 ; schema:name "Gamla"@sv .'
    )
    (data / f"{GONE}.ttl").write_text(f"{TOMBSTONE}{place}\n", encoding="utf-8")
    twinning = f"twinning:Q9-Q503184 a as:Tombstone ; {when} ."
    (data / f"{OTHER}.ttl").write_text(f"{TOMBSTONE}{twinning}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def project(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the first publication with two things withdrawn."""
    root = tmp_path_factory.mktemp("withdrawn") / "ludvika"
    for folder in ("data", "ontology", "shapes"):
        shutil.copytree(repository / folder, root / folder)
    bury(root / "data")
    return Project(root)


@pytest.fixture(scope="module")
def graveyard(project: Project) -> Path:
    """Return its site."""
    outcome = build(project, BuildOptions(project.root / "build"))
    assert outcome.report is not None
    assert outcome.report.conforms, outcome.report
    return project.root / "build"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_manifest_names_what_is_gone(graveyard: Path) -> None:
    """The service learns from the manifest which names to answer with 410."""
    manifest = json.loads((graveyard / "manifest.json").read_bytes())
    assert manifest["gone"] == [GONE, OTHER]
    assert manifest["documents"][GONE] == {"type": "Thing", "author": ""}
    assert {f"{GONE}.{suffix}" for suffix in ("html", "ttl", "jsonld", "nt")} <= manifest["files"].keys()


@pytest.mark.parametrize("folder", SENTENCES)
def test_page_says_that_it_is_gone(graveyard: Path, folder: str) -> None:
    """The page says in its language that the thing is gone, since when, and leads to what replaced it."""
    text = _text(graveyard / f"{folder}{GONE}.html")
    assert SENTENCES[folder] in text
    assert DATES[folder] in text
    assert re.search(r'<a href="[./]*(\w\w/)?place/Q503184\.html"', text)
    assert '<meta name="robots" content="noindex">' in text
    assert "noindex" not in _text(graveyard / f"{folder}place/Q503184.html")


def test_page_without_a_name_is_called_by_its_own(graveyard: Path) -> None:
    """Where nothing more is known, the page is called by the last part of the IRI."""
    assert "<h1>Q9-Q503184</h1>" in _text(graveyard / f"{OTHER}.html")


def test_data_says_that_it_is_gone(graveyard: Path) -> None:
    """Each representation states the tombstone in the terms of Activity Streams."""
    assert "a as:Tombstone ;" in _text(graveyard / f"{GONE}.ttl")
    told = json.loads((graveyard / f"{GONE}.jsonld").read_bytes())
    assert (told["@type"], told["deleted"]) == ("as:Tombstone", "2026-05-01T00:00:00Z")
    assert told["isReplacedBy"]["@id"] == f"{SPACE}place/Q503184"


def test_replacement_names_what_it_replaced(graveyard: Path) -> None:
    """The page of what replaced a thing leads back to it."""
    assert "Ersätter" in _text(graveyard / "place/Q503184.html")


@pytest.mark.parametrize(
    "file",
    [
        "index.html",
        "sitemap.xml",
        "dump/places.csv",
        "dump/twinnings.csv",
        "dump/twintowns.geojson",
        "dump/twintowns.gexf",
        "dump/twintowns.graphml",
    ],
)
def test_nothing_lists_it(graveyard: Path, file: str) -> None:
    """No list, table, network or sitemap has it any more."""
    assert not re.search(r"\bQ9\b", _text(graveyard / file))


def test_feed_tells_that_it_is_gone(graveyard: Path) -> None:
    """The feed has one event of each: that it was withdrawn, on the day that the data states."""
    feed = _text(graveyard / "feed.atom")
    assert f"<id>{SPACE}{GONE}#event-withdrawn</id>\n<title>Indragen: Gamla (1 maj 2026)</title>" in feed
    assert "<updated>2026-05-01T00:00:00Z</updated>" in feed
    assert re.findall(r"<id>.*\bQ9\b.*#event-(.*)</id>", feed) == ["withdrawn", "withdrawn"]


def test_counts_leave_it_out(project: Project, repository: Path) -> None:
    """No number on the pages grows by what is gone."""
    before = statistics(read_sources(Project(repository)).dataset())
    after = statistics(read_sources(project).dataset())
    assert (after.documents, after.places, after.twinnings) == (
        before.documents,
        before.places,
        before.twinnings,
    )


def test_withdrawn_documents_are_known(project: Project) -> None:
    """The dataset knows which of its documents only say that a thing is gone."""
    press = prepared(project)[0]
    assert isinstance(press, Press)
    assert press.dataset.withdrawn == {NamedNode(f"{SPACE}{GONE}"), NamedNode(f"{SPACE}{OTHER}")}


def test_partner_that_was_withdrawn_is_refused(project: Project, tmp_path: Path) -> None:
    """A twinning with a place that was withdrawn is not published; the message says what to do."""
    shutil.copytree(project.data, tmp_path / "data")
    old = tmp_path / "data/twinning/Q211020-Q503184.ttl"
    text = _text(old).replace("place:Q211020", "place:Q9").replace("Q211020-Q503184", "Q9-Q503184")
    (tmp_path / f"data/{OTHER}.ttl").write_text(text, encoding="utf-8")
    press, report = prepared(Project(tmp_path))
    assert press is None
    found = [one for one in report.results if str(one.source_shape).endswith("/Tombstone-partner>")]
    assert [(one.file, one.line is not None) for one in found] == [(tmp_path / f"data/{OTHER}.ttl", True)]
