"""A new project: it is right from the start, and nothing is overwritten for it."""

import errno
import shutil
from pathlib import Path

import pytest

from twintowns.catalogue import read_publication
from twintowns.exceptions import AlreadyThereError, CatalogueError, SystemFailureError
from twintowns.formatting import format_paths
from twintowns.printing import read_sources
from twintowns.project import PACKAGE, Project, project_at
from twintowns.reports import ReportWriter
from twintowns.site import BuildOptions, build
from twintowns.starting import start

SPACE = "https://data.twins.example/of/town/"


def test_new_project_validates_without_any_result(tiny: Project) -> None:
    """Not even a hint is given on a new project: it shows how things are done."""
    report = read_sources(tiny).validated()
    assert report.results == (), ReportWriter(tiny, read_publication(tiny).names, "en").text(report)


def test_new_project_is_in_canonical_form(tiny: Project) -> None:
    """`twintowns format` finds nothing to change in a new project."""
    assert format_paths([tiny.root], write=False) == []


def test_new_project_builds(tiny: Project) -> None:
    """A new project has a site at once."""
    outcome = build(tiny, BuildOptions(tiny.root / "build", 1))
    assert outcome.changed
    assert (tiny.root / "build/index.html").is_file()


@pytest.mark.parametrize("space", [SPACE, "http://localhost:8000/", "https://vänort.example/å/"])
def test_new_project_has_the_space_that_was_asked_for(tmp_path: Path, space: str) -> None:
    """The IRI space is that of the option everywhere, and nothing is left of the example's."""
    files = start(tmp_path / "new", space)
    assert read_publication(project_at(tmp_path / "new")).names.space == space
    assert not any("https://example.org" in path.read_text(encoding="utf-8") for path in files)
    assert read_sources(Project(tmp_path / "new")).validated().conforms


def test_files_are_those_of_the_starter(tmp_path: Path) -> None:
    """What is made is told: all of it, and only what is there."""
    files = start(tmp_path / "new", SPACE)
    starter = PACKAGE / "starter"
    assert {path.relative_to(tmp_path / "new") for path in files} == {
        path.relative_to(starter) for path in starter.rglob("*") if path.is_file()
    }
    assert {path for path in (tmp_path / "new").rglob("*") if path.is_file()} == set(files)


@pytest.mark.parametrize(
    "space",
    [
        "",
        "town",
        "https://example.org/town",
        "ftp://example.org/",
        "https://example.org/a b/",
        "https://example.org/../",
        'https://example.org/">/',
        "https://example.org/?q=/",
        "https://example.org/#/",
        "https://example.org/{x}/",
        "https://example.org/\n/",
    ],
)
def test_space_that_is_none_is_refused(tmp_path: Path, space: str) -> None:
    """A text that cannot begin IRIs is not an IRI space: a right one is shown, nothing made."""
    with pytest.raises(
        CatalogueError, match=r"--space: .* is not an IRI space; .*https://example\.org/town/"
    ):
        start(tmp_path / "new", space)
    assert not (tmp_path / "new").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Where one of the files is there already, it is named, and none is written."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/catalogue.ttl").write_text("mine", encoding="utf-8")
    with pytest.raises(AlreadyThereError, match=r"data/catalogue\.ttl: this is already there"):
        start(tmp_path, SPACE)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "data/catalogue.ttl"]
    assert (tmp_path / "data/catalogue.ttl").read_text(encoding="utf-8") == "mine"


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    """A folder that holds other things takes a project beside them."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    start(tmp_path, SPACE)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert project_at(tmp_path).catalogue.is_file()


def test_refusal_of_the_system_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be written, the reason is told."""

    def failing(*_arguments: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(shutil, "copyfile", failing)
    with pytest.raises(SystemFailureError, match="Read-only file system"):
        start(tmp_path / "new", SPACE)
