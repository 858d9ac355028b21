"""Data in bulk: read whatever its form and packing, refused with the line, and never unpacked without end."""

import bz2
import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from twintowns import validation
from twintowns.bulk import read_bulk
from twintowns.edition import Bookkeeping, published_files
from twintowns.exceptions import DataFileError, MisplacedSubjectError
from twintowns.formatting import format_paths
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.site import BuildOptions, build

GOLDEN = Path(__file__).resolve().parent / "golden" / "project"
SPACE = "https://example.org/golden/"
PLACE = f"<{SPACE}place/Q7>"
NAME = "<https://schema.org/name>"
CITY = f"{PLACE} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/City> ."
LINES = f'# a city\n{CITY}\n\n{PLACE} {NAME} "Sjuby"@sv .\n{PLACE} '
LINES += f"<http://purl.org/dc/terms/source> <{SPACE}source/atlas> .\n"
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.compress,
}


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """Return a project with a small vocabulary of its own."""
    shutil.copytree(GOLDEN, tmp_path / "bulk" / "project")
    return Project(tmp_path / "bulk" / "project")


def put(project: Project, name: str, content: bytes) -> Path:
    """Write a file into the folder of the facts."""
    path = project.data / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("name", ["world.nt", "world.nq", "place/more.nt", "bulk/world.ttl", "bulk/more.nq"])
def test_forms(small: Project, name: str, packing: str) -> None:
    """N-Triples, N-Quads and Turtle are read, packed or not, wherever they lie."""
    path = put(small, f"{name}{packing}", PACKED[packing](LINES.encode()))
    (file,) = read_bulk(small, SPACE)
    assert (file.path, len(file.triples), file.is_bulk) == (path, 3, True)
    assert (small.other_files(), path in small.data_files()) == ([], False)


def test_build(small: Project, tmp_path: Path) -> None:
    """What stands in bulk is published with the same bytes as what stands in a file of its own."""
    put(small, "bulk/world.nt.gz", gzip.compress(LINES.encode()))
    first = build(small, BuildOptions(tmp_path / "one"))
    assert first.changed
    (small.data / "bulk/world.nt.gz").unlink()
    put(small, "place/Q7.ttl", LINES.encode())
    build(small, BuildOptions(tmp_path / "other"))
    one, other = (published_files(tmp_path / site) for site in ("one", "other"))
    differing = {path for path, _ in one.items() ^ other.items()}
    assert "place/Q7.html" in one
    assert {path.partition(".")[0].removeprefix("en/") for path in differing} <= {"validation"}


def test_much_is_validated_alike(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is much in bulk, which is validated packed, the same is found in it."""
    put(small, "world.nt", f'{LINES}{PLACE} <https://schema.org/name> "Sjuby?" .\n'.encode())
    little = read_sources(small).validated()
    monkeypatch.setattr(validation, "_MANY", 2)
    assert little.results
    assert read_sources(small).validated() == little


def test_edit(small: Project, tmp_path: Path) -> None:
    """An edit of a file in bulk is seen, and one that changes nothing is none."""
    path = put(small, "world.nt", LINES.encode())
    build(small, BuildOptions(tmp_path / "site"))
    assert build(small, BuildOptions(tmp_path / "site")).report is None
    path.write_text(LINES.replace("Sjuby", "Nyby"), encoding="utf-8")
    outcome = build(small, BuildOptions(tmp_path / "site"))
    assert outcome.changed
    assert 0 < outcome.printed < outcome.kept
    assert Bookkeeping(tmp_path / "site").judged.is_file()


def test_format_leaves_it_alone(small: Project) -> None:
    """A file in bulk is not put into canonical form."""
    path = put(small, "bulk/world.ttl", LINES.encode())
    format_paths([small.root], write=True)
    assert path.read_text(encoding="utf-8") == LINES


@pytest.mark.parametrize(
    ("name", "packing", "line"),
    [("world.nt", "", 2), ("world.nq", ".bz2", 2), ("bulk/world.ttl", ".gz", None)],
)
def test_report_names_the_line(small: Project, name: str, packing: str, line: int | None) -> None:
    """A finding names the file, and the line where there is a statement a line."""
    path = put(small, f"{name}{packing}", PACKED[packing](LINES.encode()))
    report = read_sources(small).validated()
    assert (path, line) in {(result.file, result.line) for result in report.results}


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (f"{PLACE} {NAME} _:x .", "without a name"),
        (f'_:x {NAME} "x" .', "without a name"),
        (f'<https://example.org/other> {NAME} "x" .', "which no file of data/ can tell of"),
        (f'<{SPACE}catalogue> {NAME} "x" .', "which no file of data/ can tell of"),
        (f'<{SPACE}place/../x> {NAME} "x" .', "which no file of data/ can tell of"),
        (f"{PLACE} {NAME} <<( <a:b> <a:c> <a:d> )>> .", "a triple about a triple"),
        (f'{PLACE} {NAME} "x" <{SPACE}graph/mine> .', "into a named graph"),
        (f'{PLACE} {NAME} "x .', "in the middle"),
        (f"{PLACE} {NAME} <x> .", "lacks its beginning"),
    ],
)
def test_statement_that_may_not_be(small: Project, statement: str, problem: str) -> None:
    """What no curated file could say is refused, with the line."""
    path = put(small, "world.nq", f"{LINES}{statement}\n".encode())
    with pytest.raises(DataFileError, match=problem) as caught:
        read_bulk(small, SPACE)
    assert (caught.value.place, caught.value.line) == (path, 6)


def test_subject_in_turtle(small: Project) -> None:
    """In Turtle the statement is told without its line."""
    put(small, "bulk/world.ttl", b"<a:b> <a:c> <a:d> .")
    with pytest.raises(MisplacedSubjectError, match="which no file of data/") as caught:
        read_bulk(small, SPACE)
    assert caught.value.line is None


@pytest.mark.parametrize("packing", [".gz", ".bz2", ".zst"])
@pytest.mark.parametrize("spoil", [lambda packed: packed[:-9], lambda _: b"not packed at all"])
def test_broken_packing(small: Project, packing: str, spoil: Callable[[bytes], bytes]) -> None:
    """A file that is cut off, or not packed, is told as such, or as text that breaks off."""
    many = "".join(f'{PLACE} {NAME} "{number}" .\n' for number in range(9999))
    put(small, f"world.nt{packing}", spoil(PACKED[packing](many.encode())))
    with pytest.raises(DataFileError, match=r"cannot be unpacked|quotation mark|in the middle"):
        read_bulk(small, SPACE)


def test_file_that_cannot_be_read(small: Project) -> None:
    """A file that vanished is named."""
    path = put(small, "world.nt", b"")
    path.unlink()
    path.symlink_to(small.root / "vanished")
    assert small.bulk_files() == []
    path.unlink()
    path.touch()
    project = Project(small.root)
    found = project.bulk_files()
    path.unlink()
    with pytest.raises(DataFileError, match="cannot be read"):
        read_bulk(type("Fixed", (), {"bulk_files": lambda _: found})(), SPACE)


def test_bomb(small: Project) -> None:
    """What unpacks to far more than any data is given up, in one line or in many."""
    put(small, "world.nt.bz2", bz2.compress(b"\n" * 2**27))
    with pytest.raises(DataFileError, match="far more than its size allows"):
        read_bulk(small, SPACE)
    put(small, "world.nt.bz2", bz2.compress(b"<a:" + b"a" * 2**25))
    with pytest.raises(DataFileError, match="far more than its size allows"):
        read_bulk(small, SPACE)
