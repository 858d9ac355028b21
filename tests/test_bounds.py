"""The bounds of what is read: whatever grows, leads elsewhere or runs away is refused with a message."""

import shutil
from pathlib import Path

import pytest

from twintowns.catalogue import read_publication
from twintowns.edition import Bookkeeping
from twintowns.exceptions import (
    CatalogueError,
    DataFileError,
    OutputFolderError,
    ShapesError,
    TurtleSyntaxError,
)
from twintowns.fingerprint import secret
from twintowns.formatting import format_paths, format_text
from twintowns.graph import Graph
from twintowns.jsonld import read_context
from twintowns.loading import parsed
from twintowns.positions import positions
from twintowns.printing import read_sources
from twintowns.project import Project, packaged
from twintowns.screening import Screen
from twintowns.site import BuildOptions, build
from twintowns.starting import start

WOVEN = "".join(f"_:n{i} <a:p> _:n{j} .\n" for i in range(9) for j in range(9) if i != j)


def test_woven_blank_nodes() -> None:
    """A graph of blank nodes that takes for ever to name is refused at once."""
    with pytest.raises(DataFileError, match="more than once"):
        format_text(WOVEN.encode())


def test_deep_brackets() -> None:
    """Brackets in brackets without end are refused before anything follows them down."""
    with pytest.raises(TurtleSyntaxError, match="nested too deep"):
        parsed("<a:s> <a:p> " + "[<a:p> " * 3000 + "1" + "]" * 3000 + " .", Path("deep.ttl"))


def test_many_brackets_side_by_side() -> None:
    """Many brackets that are not nested are read."""
    assert (
        len(parsed("<a:s> <a:p> " + ", ".join("[]" for _ in range(100)) + " .", Path("wide.ttl")).triples)
        == 100
    )


def test_runaway_escapes() -> None:
    """Escapes in an address that never ends cost no more than their length."""
    assert next(positions('<a:s> <a:p> #\r"""\n<' + "\\u0041" * 60 + '\n"""@en .')).language == "en"


def test_many_languages(tiny: Project) -> None:
    """More languages than a site can be printed in are refused."""
    tags = "".join(f'    schema:inLanguage "a{chr(97 + i % 26)}{chr(97 + i // 26)}" ;\n' for i in range(60))
    text = tiny.catalogue.read_text(encoding="utf-8")
    tiny.catalogue.write_text(
        text.replace("    tt:mainLanguage", f"{tags}    tt:mainLanguage"), encoding="utf-8"
    )
    with pytest.raises(CatalogueError, match="61 languages"):
        read_publication(tiny)


def test_context_that_points_elsewhere(tmp_path: Path) -> None:
    """A context with more than IRIs and types is refused: none leads readers elsewhere."""
    path = tmp_path / "context.jsonld"
    path.write_text('{"@context": {"evil": {"@id": "http://e.example/", "@context": "http://e.example/c"}}}')
    with pytest.raises(DataFileError, match="its term evil"):
        read_context(path)


def test_prefix_that_smuggles_a_query(tiny: Project) -> None:
    """A prefix declaration cannot carry a part of a query."""
    shutil.copytree(packaged("shapes"), tiny.root / "shapes")
    sh = "http://www.w3.org/ns/shacl#"
    (tiny.root / "shapes/evil.ttl").write_text(
        f'<http://x/o> <{sh}declare> <http://x/d> .\n<http://x/d> <{sh}prefix> "a: <b:> SELECT * {{ }} #" .\n'
    )
    with pytest.raises(ShapesError, match="more than a prefix"):
        read_sources(tiny).validated()


def test_count_beyond_all_bounds() -> None:
    """A count of thousands of digits is left to pySHACL's word."""
    sh = "http://www.w3.org/ns/shacl#"
    shapes = parsed(
        f"<a:S> <{sh}targetNode> <a:x> ; <{sh}path> <a:p> ; <{sh}qualifiedMinCount> {'9' * 50} ; "
        f"<{sh}qualifiedValueShape> <a:T> .",
        Path("shapes.ttl"),
    )
    assert Screen(Graph(shapes.triples), Graph([])).suspects()


def test_books_that_are_a_link(tmp_path: Path) -> None:
    """A link in the place of the build's books is refused, and nothing is written or removed behind it."""
    victim = tmp_path / "victim"
    (victim / "next").mkdir(parents=True)
    books = Bookkeeping(tmp_path / "site")
    books.folder.symlink_to(victim)
    with pytest.raises(OutputFolderError, match="a link"), books.locked():
        pass
    assert [path.name for path in victim.iterdir()] == ["next"]


@pytest.mark.parametrize("name", ["previous", "next", "state.json"])
def test_books_that_hold_a_link(name: str, tmp_path: Path) -> None:
    """A link among the books, which would bring in what lies elsewhere, is refused and not followed."""
    start(tmp_path / "town", "https://example.org/town/")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "key").write_text("private", encoding="utf-8")
    books = Bookkeeping(tmp_path / "town/build").folder
    books.mkdir()
    (books / name).symlink_to(elsewhere)
    with pytest.raises(OutputFolderError, match="a link"):
        build(Project(tmp_path / "town"), BuildOptions(out=tmp_path / "town/build", processes=1))
    assert (elsewhere / "key").read_text(encoding="utf-8") == "private"
    assert not (tmp_path / "town/build").exists()


@pytest.mark.uncovered
def test_books_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a build noted for somebody else is not believed: all is validated and printed by oneself."""
    start(tmp_path / "town", "https://example.org/town/")
    project, options = Project(tmp_path / "town"), BuildOptions(out=tmp_path / "town/build", processes=1)
    first = build(project, options)
    assert [build(project, options).printed, build(project, options).report] == [0, None]
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    again = build(project, options)
    assert [again.printed, again.kept, again.changed] == [first.printed, 0, False]
    assert (tmp_path / "other/twintowns/secret").stat().st_mode & 0o777 == 0o600


def test_no_place_for_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no secret can be kept, it is another each time, and nothing is believed."""
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file/state"))
    assert secret() != secret()


def test_secret_that_was_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that is damaged is replaced by another, which is kept."""
    (tmp_path / "twintowns").mkdir()
    (tmp_path / "twintowns/secret").write_bytes(b"1")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    made = secret()
    assert secret() == made
    assert made != b"1"
    assert [one.name for one in (tmp_path / "twintowns").iterdir()] == ["secret"]


def test_secret_in_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret is kept where the state of programs is, in the home where nothing else is said."""
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert secret() == secret() == (tmp_path / ".local/state/twintowns/secret").read_bytes()


def test_format_leaves_what_a_link_points_at_alone(tmp_path: Path) -> None:
    """A link that lies in wait under a guessable name is not followed."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / ".a.ttl.new").symlink_to(victim)
    (tmp_path / "a.ttl").write_text("<a:s>   <a:p> 1 .")
    assert format_paths([tmp_path / "a.ttl"], write=True) == [tmp_path / "a.ttl"]
    assert victim.read_text() == "precious"
