"""Where things lie: a project's own folders, those of the package, and what is no project."""

from pathlib import Path

import pytest

from twintowns import project
from twintowns.exceptions import DataFileError, NotAProjectError
from twintowns.project import PACKAGE, Project, packaged, project_at, turtle_files


def test_project_is_found_by_its_catalogue(tiny: Project) -> None:
    """A folder with `data/catalogue.ttl` is a project."""
    assert project_at(tiny.root) == tiny


def test_project_here_is_found(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder may be named relative to this one, and is absolute from then on."""
    monkeypatch.chdir(tiny.root)
    assert project_at(Path()).root == tiny.root


def test_folder_without_data_is_no_project(tmp_path: Path) -> None:
    """Any other folder is refused, with the way to make a project."""
    with pytest.raises(NotAProjectError, match="or make one here with `twintowns init`"):
        project_at(tmp_path)


def test_project_without_catalogue_is_told_apart(tiny: Project) -> None:
    """Where only the catalogue is missing, that is what is told."""
    tiny.catalogue.unlink()
    with pytest.raises(DataFileError, match=r"catalogue\.ttl: this file is missing; add it"):
        project_at(tiny.root)


@pytest.mark.parametrize("name", ["data/catalog.ttl", "data/dataset/catalogue.ttl", "katalog.ttl"])
def test_catalogue_of_another_name_or_place_is_told(name: str, tiny: Project) -> None:
    """Where a file beside may be the catalogue by its name, it is told."""
    path = tiny.root / name
    path.parent.mkdir(exist_ok=True)
    tiny.catalogue.rename(path)
    with pytest.raises(DataFileError, match=rf"this file is missing; give {name} this name, if it says"):
        project_at(tiny.root)


def test_own_vocabulary_goes_before_that_of_the_package(tiny: Project, ludvika: Project) -> None:
    """A project's own ontology and shapes apply where it has them; else those of the package."""
    assert (ludvika.ontology, ludvika.shapes) == (ludvika.root / "ontology", ludvika.root / "shapes")
    assert (tiny.ontology, tiny.shapes) == (packaged("ontology"), packaged("shapes"))
    assert tiny.context.is_file()
    assert ludvika.context == ludvika.root / "ontology/context.jsonld"


def test_folder_that_the_wheel_carries_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies in the package is taken before what lies in the repository around it."""
    package = tmp_path / "src" / "twintowns"
    (package / "shapes").mkdir(parents=True)
    monkeypatch.setattr(project, "PACKAGE", package)
    assert packaged("shapes") == package / "shapes"
    assert packaged("ontology") == tmp_path / "ontology"


def test_files_come_in_the_order_of_their_paths(tiny: Project) -> None:
    """Data, vocabulary and shapes are listed in one order, and nothing that is not Turtle is among them."""
    for files in (tiny.data_files(), tiny.vocabulary_files(), tiny.shape_files()):
        assert files == sorted(files)
        assert {path.suffix for path in files} == {".ttl"}
    assert tiny.catalogue in tiny.data_files()


def test_hidden_files_are_left_out(tmp_path: Path) -> None:
    """What an editor or git hides below a folder is no source; a hidden folder above it does not matter."""
    folder = tmp_path / ".hidden" / "data"
    for name in ("a.ttl", "b/c.ttl", ".d.ttl", ".e/f.ttl", "g.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    assert turtle_files(folder) == [folder / "a.ttl", folder / "b/c.ttl"]


def test_folder_that_is_not_there_holds_no_files(tmp_path: Path) -> None:
    """No folder, no files."""
    assert turtle_files(tmp_path / "nowhere") == []


def test_project_without_data_lists_the_vocabulary_alone(repository: Path) -> None:
    """The vocabulary by itself has no facts, though they lie beside it."""
    alone = Project(repository, has_data=False)
    assert alone.data_files() == []
    assert alone.catalogue not in alone.shared_files()
    assert Project(repository).catalogue in Project(repository).shared_files()
    assert set(alone.vocabulary_files()) <= set(alone.shared_files())


def test_file_is_shown_relative_to_its_project(tiny: Project) -> None:
    """A person is told the path within the project, and the whole path of a file elsewhere."""
    assert tiny.shown(tiny.data / "place/Q183.ttl") == "data/place/Q183.ttl"
    assert tiny.shown(PACKAGE / "cli.py") == str(PACKAGE / "cli.py")
