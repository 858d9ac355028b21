"""A dataset is brought up to date by the files that changed, with the bytes of a build that reads all."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from twintowns import jsontext, loading, printing, renewal
from twintowns.edition import Bookkeeping
from twintowns.exceptions import TwinTownsError
from twintowns.fingerprint import seal_of, signature_of
from twintowns.project import Project
from twintowns.site import BuildOptions, build

GOLDEN = Path(__file__).resolve().parent / "golden" / "project"
SPACE = "https://example.org/golden/"
PREFIXES = """
@prefix place: <https://example.org/golden/place/> .
@prefix schema: <https://schema.org/> .
@prefix tt: <https://w3id.org/twintowns/ns#> .
@prefix wd: <http://www.wikidata.org/entity/> .
"""


class Town:
    """A publication and its site."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Build it."""
        self.root, self.site, self.read = root, root / "site", 0
        shutil.copytree(GOLDEN, root)
        build(Project(root), BuildOptions(self.site, 1))
        really = loading.read_data

        def reading(project: Project, space: str) -> object:
            self.read += 1
            return really(project, space)

        monkeypatch.setattr(printing, "read_data", reading)

    @property
    def books(self) -> Path:
        """The books of its builds."""
        return Bookkeeping(self.site).folder

    def state(self, name: str, facts: str) -> None:
        """Write what is stated of a thing."""
        path = self.root / "data" / f"{name}.ttl"
        path.write_text(f"{PREFIXES}\n<{SPACE}{name}> {facts} .\n", encoding="utf-8")

    def reads_all(self) -> bool:
        """Build; return whether everything was read, and see that the bytes are those of a full build."""
        self.read = 0
        outcome = build(Project(self.root), BuildOptions(self.site, 1))
        found = bool(self.read)
        scratch = self.root / "scratch"
        full = build(Project(self.root), BuildOptions(scratch, 1))
        assert digests(self.site) == digests(scratch)
        assert outcome.report == full.report
        shutil.rmtree(scratch)
        shutil.rmtree(Bookkeeping(scratch).folder)
        return found


def digests(folder: Path) -> dict[str, str]:
    """Return a hash of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Return the golden publication, built."""
    return Town(tmp_path / "town", monkeypatch)


def test_only_what_changed_is_read(town: Town) -> None:
    """A file that came, changed or went is read alone, and what follows and is found is as from all files."""
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv ; schema:sameAs wd:Q7')
    assert not town.reads_all()
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv, "Seven"@en ; schema:sameAs wd:Q77')
    assert not town.reads_all()
    (town.root / "data/place/Q7.ttl").unlink()
    assert not town.reads_all()


def test_several_that_are_the_same(town: Town) -> None:
    """Where several things say that they are the same item, the first file counts, so that all are read."""
    for name in ("organization/one", "organization/two"):
        town.state(name, 'a schema:Organization ; schema:name "Ett"@sv ; schema:sameAs wd:Q5')
    assert town.reads_all()
    town.state("organization/two", 'a schema:Organization ; schema:name "Två"@sv')
    assert not town.reads_all()


def test_several_that_were_the_same(town: Town) -> None:
    """Whichever of several things that were the same item told of it, its page is printed anew."""
    names = [f"place/Q{number}" for number in (20, 7, 8, 9, 10)]
    for name in names:
        town.state(name, 'a schema:City ; schema:name "Ort"@sv ; schema:sameAs wd:Q20')
    assert town.reads_all()
    for name in names[2:]:
        town.state(name, 'a schema:City ; schema:name "Ort"@sv')
    (town.root / "data/twinning/Q20-Q300.ttl").unlink()
    assert town.reads_all()


def test_part_that_is_the_same(town: Town) -> None:
    """Where a thing and a part of it are the same item, its document tells of that, whichever comes first."""
    things = [
        f'<{SPACE}place/Q20> a schema:City ; schema:name "Tjugo"@sv ; schema:sameAs wd:Q7 .\n',
        f'<{SPACE}place/Q20#part> schema:name "Del"@sv ; schema:sameAs wd:Q7 .\n',
    ]
    for order in (things, things[::-1]):
        text = PREFIXES + "".join(order)
        (town.root / "data/place/Q20.ttl").write_text(text, encoding="utf-8")
        assert not town.reads_all()


def test_links_to_parts_that_nothing_tells_of(town: Town) -> None:
    """A link to a part of a thing leads to its page as long as there is one."""
    town.state("place/Q7", f'a schema:City ; schema:name "Sju"@sv ; schema:address <{SPACE}place/Q8#part>')
    town.state("place/Q8", 'a schema:City ; schema:name "Atta"@sv')
    assert not town.reads_all()
    (town.root / "data/place/Q8.ttl").unlink()
    assert not town.reads_all()
    town.state("place/Q8", 'a schema:City ; schema:name "Atta"@sv')
    assert not town.reads_all()


def lose(path: Path) -> None:
    """Remove a book."""
    path.unlink()


def spoil(path: Path) -> None:
    """Change a book, as somebody may who does not know by what it is known."""
    path.write_bytes(path.read_bytes()[:-1] + b"?")


@pytest.mark.parametrize("book", ["seen.json", "known.bin", "report.json", "state.json"])
@pytest.mark.parametrize("harm", [lose, spoil])
def test_books_that_are_not_as_they_were_left(town: Town, book: str, harm: Callable[[Path], None]) -> None:
    """Without one of the books, or where it is another one, everything is read."""
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv')
    harm(town.books / book)
    assert town.reads_all()
    town.state("place/Q7", 'a schema:City ; schema:name "Sjuby"@sv')
    assert not town.reads_all()


def test_books_of_an_earlier_build(town: Town) -> None:
    """Books that were right once are not believed beside the state of a later build."""
    old = {name: (town.books / name).read_bytes() for name in ("seen.json", "known.bin", "report.json")}
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv')
    assert not town.reads_all()
    for name, content in old.items():
        (town.books / name).write_bytes(content)
    town.state("place/Q7", 'a schema:City ; schema:name "Sjuby"@sv')
    assert town.reads_all()


def test_state_of_somebody_else(town: Town) -> None:
    """A state that does not hold the user's secret makes no book believed."""
    state = json.loads((town.books / "state.json").read_bytes())
    (town.books / "state.json").write_text(json.dumps({**state, "program": "another's"}), encoding="utf-8")
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv')
    assert town.reads_all()


def test_books_of_another_machine(town: Town) -> None:
    """A dataset that a machine of another kind kept, as a home folder on a network may, is not believed."""
    known, state = town.books / "known.bin", town.books / "state.json"
    foreign, packed, columns = known.read_bytes().split(b"\n", 2)
    other = b"\n".join((foreign, jsontext.line({**jsontext.read(packed), "order": "another"}), columns))
    known.write_bytes(other)
    told = {**jsontext.read(state.read_bytes()), "known": seal_of(other)}
    del told["signature"]
    state.write_bytes(jsontext.written({**told, "signature": signature_of(jsontext.line(told))}))
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv')
    assert town.reads_all()


def test_books_that_were_altered_together(town: Town) -> None:
    """A book is not believed by what somebody else wrote into the state."""
    known, state = town.books / "known.bin", town.books / "state.json"
    known.write_bytes(known.read_bytes().replace(b"Biby", b"Byby"))
    told = {**json.loads(state.read_bytes()), "known": seal_of(known.read_bytes())}
    state.write_text(json.dumps(told, indent=2), encoding="utf-8")
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv')
    assert town.reads_all()


def test_files_in_bulk(town: Town) -> None:
    """What stands in bulk is read with all else, and so is what follows when it is gone."""
    path = town.root / "data/more.nt"
    path.write_text(f'<{SPACE}place/Q7> <https://schema.org/name> "Sju"@sv .\n', encoding="utf-8")
    assert town.reads_all()
    path.unlink()
    assert town.reads_all()
    town.state("place/Q8", 'a schema:City ; schema:name "Åtta"@sv')
    assert not town.reads_all()


def test_many_changes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many files changed, all are read."""
    monkeypatch.setattr(renewal, "_MOST", 0)
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv')
    assert town.reads_all()


@pytest.mark.parametrize(
    "facts", ['a schema:City ; schema:name "Sju', "a schema:City ; schema:knows [ a wd:Q1 ]"]
)
def test_mistakes(town: Town, facts: str) -> None:
    """A file that is not as it should be is told of as by a build that reads all."""
    town.state("place/Q7", facts)
    town.read = 0
    with pytest.raises(TwinTownsError):
        build(Project(town.root), BuildOptions(town.site, 1))
    assert town.read == 1
    (town.root / "data/place/Q7.ttl").rename(town.root / "data/place/Q7.txt")
    with pytest.raises(TwinTownsError, match="not read"):
        build(Project(town.root), BuildOptions(town.site, 1))


def test_what_does_not_conform(town: Town) -> None:
    """What breaks a shape after an edit is told, nothing is published, and the books stay as they were."""
    town.state("place/Q7", 'a schema:City ; schema:alternateName "Sju"@sv')
    town.read = 0
    outcome = build(Project(town.root), BuildOptions(town.site, 1))
    assert outcome.report is not None
    assert not outcome.report.conforms
    assert (town.read, outcome.changed) == (0, False)
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv')
    assert not town.reads_all()


def test_vocabulary_that_tells_of_the_facts(town: Town) -> None:
    """Where the vocabulary tells of what the files tell of, nothing is kept."""
    text = f'{PREFIXES}\nplace:Q300 schema:description "Also told here"@en .\n'
    (town.root / "ontology/more.ttl").write_text(text, encoding="utf-8")
    assert town.reads_all()
    assert (town.books / "known.bin").read_bytes() == b""
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv')
    assert town.reads_all()


def test_folder_that_became_a_link(town: Town) -> None:
    """What lies behind a link in the place of a folder is not read by a full build, and so here neither."""
    town.state("place/Q7", 'a schema:City ; schema:name "Sju"@sv')
    assert not town.reads_all()
    (town.root / "data/place").rename(town.root / "elsewhere")
    (town.root / "data/place").symlink_to(town.root / "elsewhere")
    assert not town.reads_all()


def test_mistakes_here_and_there(town: Town) -> None:
    """Where other files cannot be read either, the same is told as by a build that reads all."""
    (town.root / "comparison").mkdir()
    (town.root / "comparison/wikidata.ttl").write_text("no Turtle", encoding="utf-8")
    town.state("place/Q7", 'a schema:City ; schema:name "Sju')
    told = []
    for site in (town.site, town.root / "scratch"):
        with pytest.raises(TwinTownsError) as caught:
            build(Project(town.root), BuildOptions(site, 1))
        told.append(str(caught.value))
    assert told[0] == told[1]


def test_query_about_values(town: Town) -> None:
    """What a query says of a value, because of something further off, is said of the thing anew."""
    prefixes = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix shape: <https://w3id.org/twintowns/shape/> ."
    )
    query = "SELECT $this WHERE { $this schema:containedInPlace ?o . ?o schema:description ?text }"
    (town.root / "shapes/twinning.ttl").write_text(
        f"""{PREFIXES}{prefixes}
        shape:Twinning a sh:NodeShape ; sh:targetClass tt:Twinning ; sh:property shape:Twinning-partner .
        shape:Twinning-partner a sh:PropertyShape ; sh:path tt:partner ; sh:node shape:Twinning-far ;
            sh:severity sh:Info ; sh:message "Look."@en .
        shape:Twinning-far a sh:NodeShape ; sh:sparql shape:Twinning-query .
        shape:Twinning-query a sh:SPARQLConstraint ;
            sh:select "PREFIX schema: <https://schema.org/> {query}" .
        """,
        encoding="utf-8",
    )
    assert town.reads_all()
    town.state("place/Q1", 'a schema:Country ; schema:name "Ett"@sv ; schema:description "Ett land"@sv')
    assert town.reads_all()
