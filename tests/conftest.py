"""What the tests share: the repository, a tiny project, and the real data that lies beside the project."""

import shutil
from collections.abc import Generator, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from pyoxigraph import RdfFormat, Store

import browsing
import uncovered
from twintowns.project import Project
from twintowns.site import BuildOptions, build
from twintowns.starting import start

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"
GOLDEN = REPOSITORY / "tests/golden/project"

settings.register_profile("twintowns", deadline=None)
settings.load_profile("twintowns")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test that is marked `uncovered` go without coverage, which others see to."""
    with uncovered.work() if item.get_closest_marker("uncovered") else nullcontext():
        return (yield)


@pytest.fixture(scope="session", autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what builds keep for the user in a folder of the tests, and not in that of who runs them."""
    home = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(home))
        yield home


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


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site, as a first build prints it."""
    out = tmp_path_factory.mktemp("printed") / "build"
    outcome = build(Project(REPOSITORY), BuildOptions(out=out, processes=1))
    assert outcome.report is not None
    assert outcome.report.conforms
    return out


@pytest.fixture(scope="session")
def golden_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site of the golden project, with its books beside it, to be copied."""
    out = tmp_path_factory.mktemp("small") / "site"
    build(Project(GOLDEN), BuildOptions(out))
    return out


@pytest.fixture(scope="session")
def store(site: Path) -> Store:
    """Return a store over the dump, its graphs apart; ask it with the default graph as their union."""
    store = Store()
    store.bulk_load(path=site / "dump/twintowns.nq", format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return a browser."""
    with browsing.launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """Return the address of the site where this program serves it."""
    with browsing.served_by_us(site) as address:
        yield address


@pytest.fixture(scope="module")
def static(site: Path) -> Iterator[str]:
    """Return the address of the site on a plain static host."""
    with browsing.plainly_served(site) as address:
        yield address


@pytest.fixture(scope="module")
def folder(site: Path) -> str:
    """Return the address of the site in a folder on the disk."""
    return browsing.on_disk(site)
