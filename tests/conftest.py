"""What the tests share: the repository, a tiny project, and the real data that lies beside the project."""

import shutil
from pathlib import Path

import pytest

from twintowns.project import Project
from twintowns.starting import start

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the project's own repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of official suites and real data, which is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("the suites and reference data are not here: put them into ../shared")
    return SHARED


@pytest.fixture
def ludvika(tmp_path: Path) -> Project:
    """Return a copy of the first publication, to be changed."""
    root = tmp_path / "ludvika"
    for folder in ("data", "ontology", "shapes"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    return Project(root)


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """Return a new project as `twintowns init` makes it."""
    root = tmp_path / "tiny"
    start(root, "https://example.org/town/")
    return Project(root)
