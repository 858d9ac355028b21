"""The spare edition: what is not touched is neither linked nor removed, and nothing strange gets in by it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import sites
from twintowns import edition, trees
from twintowns.edition import Bookkeeping
from twintowns.project import Project
from twintowns.site import BuildOptions, BuildOutcome, build

GOLDEN = Path(__file__).resolve().parent / "golden" / "project"


class Town:
    """A project whose site was edited once, so that there is a spare."""

    def __init__(self, folder: Path, built: Path) -> None:
        """Begin with the site that was built, edit and build again."""
        self.root, self.site = folder / "project", folder / "site"
        shutil.copytree(GOLDEN, self.root)
        sites.copy_built(built, self.site)
        self.name = "Ingenstans"
        self.rename("Ceby")

    @property
    def books(self) -> Bookkeeping:
        """The books beside the site."""
        return Bookkeeping(self.site)

    def build(self) -> BuildOutcome:
        """Build the site."""
        return build(Project(self.root), BuildOptions(self.site))

    def rename(self, name: str) -> BuildOutcome:
        """Give a place another name, and build."""
        path = self.root / "data/place/Q1.ttl"
        path.write_text(path.read_text(encoding="utf-8").replace(self.name, name), encoding="utf-8")
        self.name = name
        return self.build()

    def is_as_from_scratch(self) -> bool:
        """Tell whether the site is what a first build makes of the same sources, folders included."""
        scratch = self.site.with_name("scratch")
        shutil.rmtree(scratch, ignore_errors=True)
        build(Project(self.root), BuildOptions(scratch))
        return _tree(scratch) == _tree(self.site)


def _tree(folder: Path) -> dict[str, bytes]:
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {name: path.read_bytes() if path.is_file() else b"" for name, path in paths.items()}


@pytest.fixture
def town(tmp_path: Path, golden_site: Path) -> Town:
    """Return a project with a site and a spare."""
    return Town(tmp_path, golden_site)


def _linked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of what is put into the next edition by a link."""
    linked: list[str] = []
    really = trees.take

    def taken(source: str, target: str) -> bool:
        linked.append(source)
        return really(source, target)

    monkeypatch.setattr(trees, "take", taken)
    return linked


def test_spare_is_brought_up_to_date(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the last two editions do not share is linked; and the site is as one built from scratch."""
    linked = _linked(monkeypatch)
    for name in ("Deby", "Eeby", "Deby"):
        linked.clear()
        inode = town.books.spare.folder.stat().st_ino
        assert town.rename(name).kept
        assert town.site.stat().st_ino == inode
        assert len(linked) < 2 * len(_tree(town.site)) / 3
        assert town.is_as_from_scratch()
        assert town.build().report is None


def test_spare_of_an_edit_without_effect_is_kept(town: Town) -> None:
    """Where the site stays the same, its edition that was not needed serves as well."""
    path = town.root / "data/place/Q1.ttl"
    path.write_text("# nothing\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert not town.build().changed
    assert town.books.spare.folder.is_dir()
    assert town.build().report is None
    town.rename("Deby")
    assert town.is_as_from_scratch()


def test_folder_of_what_is_gone_goes_as_well(town: Town) -> None:
    """Where the last thing of a kind goes, its folder goes as well; where one comes again, it is there."""
    file = town.root / "data/article/extra.ttl"
    catalogue = (town.root / "data/catalogue.ttl").read_text(encoding="utf-8")
    space = catalogue.split('uriSpace "')[1].split('"')[0]
    for _ in range(2):
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            "@prefix schema: <https://schema.org/> .\n"
            f'<{space}article/extra> a schema:Article ; schema:headline "Extra"@sv , "Extra"@en .\n',
            encoding="utf-8",
        )
        assert town.build().changed
        assert (town.site / "article/extra.html").is_file()
        file.unlink()
        town.build()
        assert not (town.site / "article/extra.html").exists()
        assert town.is_as_from_scratch()


def _strange_file(spare: Path) -> None:
    (spare / "place/strange.html").write_text("strange", encoding="utf-8")


def _strange_folder(spare: Path) -> None:
    (spare / "strange").mkdir()


def _missing_file(spare: Path) -> None:
    (spare / "place/Q1.ttl").unlink()


def _replaced_file(spare: Path) -> None:
    (spare / "place/Q1.ttl").unlink()
    (spare / "place/Q1.ttl").write_text("strange", encoding="utf-8")


def _link_elsewhere(spare: Path) -> None:
    shutil.move(spare / "place", spare.parent.parent / "elsewhere")
    (spare / "place").symlink_to(spare.parent.parent / "elsewhere")


def _no_spare(spare: Path) -> None:
    shutil.rmtree(spare)


def _other_note(spare: Path) -> None:
    spare.with_name("spare.json").write_text(
        '{"differing": [], "foreign": [], "folders": {}}', encoding="utf-8"
    )


def _no_note(spare: Path) -> None:
    spare.with_name("spare.json").unlink()


@pytest.mark.parametrize(
    "harm",
    [
        _strange_file,
        _strange_folder,
        _missing_file,
        _replaced_file,
        _link_elsewhere,
        _no_spare,
        _other_note,
        _no_note,
    ],
)
def test_spare_that_somebody_changed_is_not_used(town: Town, harm: Callable[[Path], None]) -> None:
    """Whatever was done to the spare, the next edition is as it should be."""
    harm(town.books.spare.folder)
    town.rename("Deby")
    assert town.is_as_from_scratch()


def test_published_file_changed_in_place_is_not_taken_from_the_spare(town: Town) -> None:
    """A file that is changed in place is changed in the spare as well; both are given up."""
    with (town.site / "place/Q1.ttl").open("a", encoding="utf-8") as file:
        file.write("# strange\n")
    town.rename("Deby")
    assert town.is_as_from_scratch()


def test_what_is_not_the_builds_is_kept_beside_a_spare(town: Town) -> None:
    """A file of somebody else's is kept from edition to edition, and gone where it was taken away."""
    (town.site / "CNAME").write_text("twins.example", encoding="utf-8")
    (town.site / "empty/folder").mkdir(parents=True)
    (town.site / "linked").symlink_to("index.html")
    for name in ("Deby", "Eeby", "Feby"):
        town.rename(name)
        assert (town.site / "CNAME").read_text(encoding="utf-8") == "twins.example"
        assert (town.site / "empty/folder").is_dir()
        assert (town.site / "linked").is_symlink()
        assert town.build().report is None
    (town.site / "CNAME").unlink()
    shutil.rmtree(town.site / "empty")
    (town.site / "linked").unlink()
    town.rename("Geby")
    assert town.is_as_from_scratch()


def test_no_spare_where_nothing_is_shared(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files cannot be linked, or all are new, there is no spare, which would take as much room."""

    def failing(*_arguments: object, **_options: object) -> None:
        raise OSError

    monkeypatch.setattr(os, "link", failing)
    town.rename("Deby")
    assert not town.books.spare.folder.exists()
    monkeypatch.undo()
    town.rename("Eeby")
    assert town.books.spare.folder.exists()
    town.books.state.unlink()
    town.rename("Feby")
    assert not town.books.spare.folder.exists()
    assert town.is_as_from_scratch()


def test_signature_is_told_anew_from_what_changed(tmp_path: Path) -> None:
    """A signature that is told from the differences is that of the whole tree."""
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, names in ((one, ("a", "b/c", "d/e")), (other, ("a", "b/c", "b/f"))):
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"{folder.name} {name}", encoding="utf-8")
            os.utime(folder / name, ns=(0, 0) if name == "a" else (len(folder.name), 1))
    (other / "a").write_text("one a", encoding="utf-8")
    os.utime(other / "a", ns=(0, 0))
    differing = ["b/c", "d/e", "b/f", "b/c/none"]
    before = trees.tree_signature(one)
    assert trees.signature_after(before, (one, differing), (other, differing)) == trees.tree_signature(other)


def test_signature_of_nothing(tmp_path: Path) -> None:
    """A folder that is not there, and an empty one, have a signature; an empty folder below has another."""
    (tmp_path / "site").mkdir()
    assert trees.tree_signature(tmp_path / "site") == trees.tree_signature(tmp_path / "none")
    (tmp_path / "site/empty").mkdir()
    assert trees.tree_signature(tmp_path / "site") != trees.tree_signature(tmp_path / "none")


def test_edition_is_the_only_user(town: Town) -> None:
    """Bringing a spare up to date leaves nothing in the books but what belongs there."""
    town.rename("Deby")
    found = {path.name for path in town.books.folder.iterdir()}
    books = {"judged.json", "known.bin", "made.json", "pieces.json", "report.json", "seen.json", "state.json"}
    assert found == books | {"lock", "spare", "spare.json"}
    assert edition.published_files(town.site)
