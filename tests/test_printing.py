"""The press: what it prints of a document, and which documents an edit can have touched."""

import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from twintowns.compression import SUFFIXES
from twintowns.edition import Edition
from twintowns.exceptions import TurtleSyntaxError
from twintowns.printing import Press, Sources, prepared, read_sources
from twintowns.project import Project

GOLDEN = Path(__file__).resolve().parent / "golden" / "project"
SPACE = "https://example.org/golden/"


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """Return a project with a small vocabulary of its own."""
    shutil.copytree(GOLDEN, tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture
def press(small: Project) -> Press:
    """Return the press of the small project."""
    made, report = prepared(small)
    assert made is not None
    assert report.conforms
    return made


def _edition(press: Press, project: Project, name: str = "edition") -> Edition:
    """Print a whole edition."""
    folder = project.root.parent / name
    folder.mkdir()
    edition = Edition(folder, folder, {})
    for document in press.documents:
        edition.entries.update(press.print_document(document, folder))
    press.print_site(edition, prepared(project)[1])
    return edition


def test_sources_hold_every_file_once(small: Project) -> None:
    """All files of data, vocabulary and shapes are read, each kind apart."""
    sources = read_sources(small)
    assert [file.path for file in sources.data] == small.data_files()
    assert [file.path for file in sources.vocabulary] == small.vocabulary_files()
    assert [file.path for file in sources.shapes] == small.shape_files()
    assert isinstance(sources, Sources)


def test_reports_are_written_in_the_language_asked_for(small: Project) -> None:
    """The reports of the sources are told in the reader's language."""
    sources = read_sources(small)
    report = sources.validated()
    assert "Beskriv platsen." in sources.reports("sv").text(report)
    assert "Describe the place." in sources.reports("en").text(report)


def test_no_press_for_data_that_does_not_conform(small: Project) -> None:
    """Where the data breaks a MUST there is a report, and nothing to print with."""
    path = small.data / "place/Q300.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("schema:name", "schema:alternateName"))
    press, report = prepared(small)
    assert press is None
    assert not report.conforms


def test_source_that_is_no_turtle_is_named(small: Project) -> None:
    """A file with an error of syntax stops the press, with its place."""
    path = small.data / "place/Q300.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "place:Q300 a\n")
    with pytest.raises(TurtleSyntaxError) as caught:
        prepared(small)
    assert caught.value.place == path
    assert caught.value.line is not None


def test_documents_are_those_of_data_vocabulary_and_shapes(press: Press) -> None:
    """Each thing, concept, shape and the ontology is printed by itself; the catalogue with its dataset."""
    assert {press.dataset.names.path_of(document) for document in press.documents} == {
        "organization/guild",
        "place/Q1",
        "place/Q20",
        "place/Q300",
        "source/atlas",
        "twinning/Q20-Q300",
        "vocabulary/kind",
        "vocabulary/kind/twinning",
        "vocabulary/ns",
        "vocabulary/shape/Place",
    }


def test_document_is_printed_into_the_files_that_are_foretold(press: Press, tmp_path: Path) -> None:
    """The paths of a document are those of the files that are printed of it."""
    for document in press.documents:
        entries = press.print_document(document, tmp_path)
        path = press.dataset.names.path_of(document)
        plain = {name for name in entries if not name.endswith(SUFFIXES)}
        assert plain == set(press.paths(document))
        assert plain == {
            *(f"{path}.{suffix}" for suffix in ("ttl", "jsonld", "nt", "schema.jsonld", "html")),
            f"en/{path}.html",
        }
        assert all((tmp_path / name).stat().st_size == entry.size_bytes for name, entry in entries.items())


def test_facts_count_what_the_dump_holds(press: Press, small: Project) -> None:
    """The manifest's facts name the dataset, and count the triples of its dump."""
    edition = _edition(press, small)
    facts = press.facts()["dataset"]
    assert isinstance(facts, dict)
    assert facts["iri"] == SPACE
    lines = (edition.folder / "dump/twintowns.nt").read_text(encoding="utf-8").splitlines()
    assert facts["triples"] == len(lines)


@pytest.mark.parametrize(
    ("name", "old", "new", "touched"),
    [
        pytest.param("place/Q20", "with a hill", "without a hill", {"place/Q20"}, id="text"),
        pytest.param(
            "place/Q20",
            "60.133333",
            "60.133334",
            {"place/Q20", "place/Q300", "twinning/Q20-Q300"},
            id="part, on the maps of others too",
        ),
        pytest.param(
            "place/Q20",
            'schema:name "Åby"@sv',
            'schema:name "Öby"@sv',
            {"place/Q1", "place/Q20", "place/Q300", "source/atlas", "twinning/Q20-Q300"},
            id="name",
        ),
        pytest.param(
            "twinning/Q20-Q300",
            "status:active",
            "status:ended",
            {"place/Q20", "place/Q300", "twinning/Q20-Q300"},
            id="what-follows",
        ),
        pytest.param("organization/guild", "wd:Q900", "wd:Q901", {"organization/guild"}, id="same-as"),
        pytest.param("place/Q20", "contained", "contained", set(), id="nothing"),
    ],
)
def test_edit_touches_what_shows_it(small: Project, name: str, old: str, new: str, touched: set[str]) -> None:
    """After an edit, the documents that show what changed are touched, and no other of the publication."""
    before = prepared(small)[0]
    assert before is not None
    edition = _edition(before, small)
    path = small.data / f"{name}.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    after = prepared(small)[0]
    assert after is not None
    found = {document.value for document in after.touched(edition)}
    assert {iri.removeprefix(SPACE) for iri in found if iri.startswith(SPACE)} == touched


def test_name_of_the_publisher_touches_every_document(small: Project) -> None:
    """The publisher's name stands at the foot of every page, so that all are printed again with a new one."""
    before = prepared(small)[0]
    assert before is not None
    edition = _edition(before, small)
    path = small.data / "organization/guild.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("Tryckarnas", "Boktryckarnas"), encoding="utf-8")
    after = prepared(small)[0]
    assert after is not None
    assert after.touched(edition) == set(after.dataset.documents)


def test_removed_document_is_not_touched(small: Project) -> None:
    """A document that is gone is not to be printed; what led to it is."""
    before = prepared(small)[0]
    assert before is not None
    edition = _edition(before, small)
    (small.data / "twinning/Q20-Q300.ttl").unlink()
    after = prepared(small)[0]
    assert after is not None
    touched = after.touched(edition)
    assert NamedNode(f"{SPACE}twinning/Q20-Q300") not in touched
    assert {NamedNode(f"{SPACE}place/Q20"), NamedNode(f"{SPACE}place/Q300")} <= touched
