"""What is too much: names without end, files without end, and paths that lead elsewhere."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from twintowns import collation, foldednames, folding
from twintowns.bulk import read_bulk
from twintowns.edition import replace
from twintowns.exceptions import DataFileError, TableError
from twintowns.fingerprint import content_hash
from twintowns.harvestcache import harvest_cache
from twintowns.loading import read_data
from twintowns.nameindex import Entry, NameIndex
from twintowns.project import Project
from twintowns.proposals import proposals, write
from twintowns.reconcileanswers import MOST_PROPERTIES, Answers, BadQueryError
from twintowns.tableharvest import TableOptions, harvest_table
from twintowns.territories import territories_of

MARKS = "\u0315\u0300\u05ae\u0327" * 5000
"""Marks that have to be put in order, which takes the square of their number."""


@pytest.mark.parametrize(
    "read", [foldednames.folded, folding.folded, lambda text: collation.sort_key(text, "sv")[0]]
)
def test_long_names_are_cut(read: Callable[[str], str]) -> None:
    """Of a name, no more is folded or put in order than names have."""
    assert read(f"Åbo{MARKS}") == read(f"Åbo{MARKS[:197]}")
    assert read("o" * 300) == read("o" * 200)
    assert territories_of(MARKS) == frozenset()


def test_narrowing_is_bounded() -> None:
    """Values by which a query is narrowed are cut, and their number is bounded."""
    answers = Answers(NameIndex([Entry("Q64", ("Berlin",), frozenset({"DE"}))]), "https://example.org/")
    one = {"pid": "country", "v": [f"Deutschland{' ' * 200}?", MARKS]}
    query = {"query": "Berlin", "properties": [one] * MOST_PROPERTIES}
    (told,) = answers.batch(json.dumps({"q": query}))["q"]["result"]
    assert (told["id"], told["match"]) == ("Q64", True)
    query["properties"] = [one] * (MOST_PROPERTIES + 1)
    with pytest.raises(BadQueryError, match="at most 10 properties"):
        answers.batch(json.dumps({"q": query}))


@pytest.mark.parametrize("name", [".harvest", ".harvest/.gitignore", ".harvest/wikidata.sqlite"])
def test_cache_that_leads_elsewhere(tmp_path: Path, name: str) -> None:
    """What was harvested is kept in the project, and nothing is written through a link."""
    root, elsewhere = tmp_path / "town", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    if name != ".harvest":
        (root / ".harvest").mkdir()
        (elsewhere / "notes").write_text("mine", encoding="utf-8")
    (root / name).symlink_to(elsewhere if name == ".harvest" else elsewhere / "notes")
    with (
        pytest.raises(DataFileError, match="this link leads elsewhere"),
        harvest_cache(root / ".harvest", "q"),
    ):
        pass
    told = {path.name: path.read_text(encoding="utf-8") for path in elsewhere.iterdir()}
    assert told == ({} if name == ".harvest" else {"notes": "mine"})


def test_folder_that_leads_elsewhere(tiny: Project, tmp_path: Path) -> None:
    """No file is proposed in a folder that is a link, nor written where one has become a link since."""
    name = "source/new.ttl"
    proposed = proposals(tiny, {name: "text"})
    (tmp_path / "elsewhere").mkdir()
    for path in (tiny.data / "source").iterdir():
        path.rename(tmp_path / "elsewhere" / path.name)
    (tiny.data / "source").rmdir()
    (tiny.data / "source").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataFileError, match="this link leads elsewhere"):
        proposals(tiny, {name: "text"})
    with pytest.raises(DataFileError, match="this link leads elsewhere"):
        write(tiny, proposed)
    assert not (tmp_path / "elsewhere" / "new.ttl").exists()


@pytest.mark.parametrize("name", ["../x.ttl", "source/../../../x.ttl", "/x.ttl", "source/a\nb.ttl"])
def test_proposals_lie_in_the_data(tiny: Project, name: str) -> None:
    """No file is proposed outside of the folder of the facts."""
    with pytest.raises(DataFileError, match="outside of data/"):
        proposals(tiny, {name: "text"})


def test_proposal_where_a_pipe_is(tiny: Project) -> None:
    """A pipe in the place of a proposed file is told, and not waited for."""
    os.mkfifo(tiny.data / "pipe.ttl")
    with pytest.raises(DataFileError, match="no file, but a device or a pipe"):
        proposals(tiny, {"pipe.ttl": "text"})


@pytest.mark.parametrize("source", ["../../../../x", "a/b", "a\nb", "ä", "-", ".x"])
def test_names_of_sources(tiny: Project, tmp_path: Path, source: str) -> None:
    """A source is named by a local name, which leads to no other folder."""
    table = tmp_path / "t.csv"
    table.write_text("Kommun,Land\nImatra,Finland\n", encoding="utf-8")
    with pytest.raises(TableError, match="cannot be the name of a source"):
        harvest_table(table, tiny, TableOptions(source=source))


@pytest.mark.parametrize("name", ["place/Q1.ttl", "bulk/x.nt"])
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_files_without_end(tiny: Project, name: str, kind: str) -> None:
    """What may have no end, a device or a pipe, is refused before it is read."""
    path = tiny.data / name
    path.parent.mkdir(exist_ok=True)
    if kind == "link":
        path.symlink_to("/dev/zero")
    else:
        os.mkfifo(path)
    for read in (
        lambda: [read_data(tiny, "https://example.org/town/"), read_bulk(tiny, "https://example.org/town/")],
        lambda: content_hash([path], tiny.root),
    ):
        with pytest.raises(DataFileError, match="no file, but a device or a pipe"):
            read()


def test_new_files_follow_the_mask(tmp_path: Path) -> None:
    """A new file may be read by whoever the mask of the process lets read it; one that is there stays so."""
    mask = os.umask(0o027)
    try:
        replace(tmp_path / "new", b"")
        (tmp_path / "old").touch(mode=0o600)
        replace(tmp_path / "old", b"new")
    finally:
        os.umask(mask)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("new", "old")] == [0o640, 0o600]
    assert {path.name for path in tmp_path.iterdir()} == {"new", "old"}
