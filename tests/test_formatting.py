"""`twintowns format`: files put into canonical form, none touched that cannot be."""

import stat
from pathlib import Path

import pytest

from twintowns.exceptions import DataFileError, SystemFailureError, TurtleSyntaxError
from twintowns.formatting import format_paths, format_text, formatted
from twintowns.project import Project
from twintowns.vocabulary import PREFIXES

UNTIDY = "@prefix ex: <https://example.org/> .\nex:b ex:p 1 , 2 .\nex:b a ex:C .\n"
TIDY = "@prefix ex: <https://example.org/> .\n\nex:b\n    a ex:C ;\n    ex:p 1 ;\n    ex:p 2 ;\n    .\n"


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    """Return a file that is not canonical."""
    path = tmp_path / "b.ttl"
    path.write_text(UNTIDY)
    return path


def test_file(untidy: Path) -> None:
    """A file is put into canonical form by its own prefixes, and then is canonical."""
    assert format_paths([untidy], write=True) == [untidy]
    assert untidy.read_text() == TIDY
    assert format_paths([untidy], write=True) == []


def test_check(untidy: Path) -> None:
    """A check names the files that are not canonical, and changes none."""
    assert format_paths([untidy], write=False) == [untidy]
    assert untidy.read_text() == UNTIDY


def test_permissions_are_kept(untidy: Path) -> None:
    """A file keeps its permissions, and nothing is left beside it."""
    untidy.chmod(0o640)
    format_paths([untidy], write=True)
    assert stat.S_IMODE(untidy.stat().st_mode) == 0o640
    assert list(untidy.parent.iterdir()) == [untidy]


def test_byte_order_mark(untidy: Path) -> None:
    """A mark that some editors put before a text is taken away, as no Turtle file needs it."""
    untidy.write_text("\ufeff" + UNTIDY, encoding="utf-8")
    assert format_paths([untidy], write=False) == [untidy]
    format_paths([untidy], write=True)
    assert untidy.read_text(encoding="utf-8") == TIDY


def test_text() -> None:
    """A text is put into canonical form by its own prefixes and those of the vocabulary."""
    assert format_text(UNTIDY.encode()) == TIDY
    assert "schema:name" in format_text(b"<https://example.org/a> <https://schema.org/name> 'x' .")


def test_blank_nodes_of_a_text() -> None:
    """A text with blank nodes has one canonical form, too."""
    text = b"_:x <https://schema.org/about> _:x ."
    assert format_text(text) == format_text(text) == format_text(format_text(text).encode())


@pytest.mark.parametrize("name", ["my file.ttl", "1.2.ttl", "å-ä.ttl", "(1).ttl"])
def test_blank_nodes_in_any_file(tmp_path: Path, name: str) -> None:
    """A file with blank nodes is put into canonical form, whatever it is called."""
    path = tmp_path / name
    path.write_text("_:x <https://schema.org/about> _:x .")
    format_paths([path], write=True)
    assert format_paths([path], write=False) == []


def test_subject_of_file_comes_first(tmp_path: Path) -> None:
    """The thing that a file is about comes before its parts, whatever their order."""
    path = tmp_path / "a.ttl"
    path.write_text(
        "<https://a.example/t#geo> <https://schema.org/about> 1 .\n<https://a.example/t> a <urn:T> .\n"
    )
    assert formatted(path, PREFIXES).after.index("<https://a.example/t>\n") < formatted(
        path, PREFIXES
    ).after.index("#geo")


def test_empty_file(tmp_path: Path) -> None:
    """An empty file is canonical."""
    path = tmp_path / "a.ttl"
    path.touch()
    assert formatted(path, PREFIXES).is_canonical


def test_comment_is_refused(untidy: Path) -> None:
    """A file with a comment is refused with its line, and no other file is written."""
    other = untidy.with_name("commented.ttl")
    other.write_text(f"{UNTIDY}# lost\n")
    with pytest.raises(DataFileError, match=r"commented\.ttl:4: this line holds a comment"):
        format_paths([untidy, other], write=True)
    assert untidy.read_text() == UNTIDY


def test_syntax_error(untidy: Path) -> None:
    """A file that is no Turtle is refused with its line."""
    untidy.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> ;;\n")
    with pytest.raises(TurtleSyntaxError, match=r"b\.ttl:2: a property is expected here|b\.ttl:2: .+; "):
        format_paths([untidy], write=True)


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is told."""
    with pytest.raises(SystemFailureError, match="cannot be read"):
        format_paths([tmp_path / "none.ttl"], write=True)


def test_unwritable(untidy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be replaced is told, and stays as it was."""

    def refused(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("twintowns.edition.os.open", refused)
    with pytest.raises(SystemFailureError, match="the system refused"):
        format_paths([untidy], write=True)
    assert untidy.read_text() == UNTIDY


def test_project(tiny: Project) -> None:
    """A project is put into canonical form with the publication's own prefixes, and starts out in it."""
    assert format_paths([tiny.root], write=False) == []
    place = tiny.data / "place/Q3955.ttl"
    tidy = place.read_text()
    place.write_text(tidy.replace("    a ", "  a "))
    assert format_paths([tiny.root], write=True) == [place]
    assert place.read_text() == tidy
    assert "place:Q3955\n" in tidy


def test_own_shapes_only(ludvika: Project) -> None:
    """A project's own ontology and shapes are formatted, those of the package are not."""
    shape = ludvika.shapes / "twinning.ttl"
    shape.write_text(shape.read_text().replace("    .\n", "  .\n"))
    assert format_paths([ludvika.root], write=False) == [shape]
