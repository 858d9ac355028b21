"""Editions: swapped in whole or not at all, whatever fails, and what is not the build's is kept."""

import ctypes
import errno
import hashlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import sites
from twintowns import edition
from twintowns.edition import Bookkeeping, published_files, replace, translated_failures
from twintowns.exceptions import OutputFolderError, SystemFailureError
from twintowns.inventory import Entry
from twintowns.pages import Pages
from twintowns.project import Project
from twintowns.site import BuildOptions, build
from twintowns.trees import tree_signature

GOLDEN = Path(__file__).resolve().parent / "golden" / "project"
BOOKS = {
    "judged.json",
    "known.bin",
    "lock",
    "made.json",
    "pieces.json",
    "report.json",
    "seen.json",
    "state.json",
}
SPARE = {"spare", "spare.json"}
EVENTS = {
    "open",
    "os.mkdir",
    "os.link",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "ctypes.dlopen",
    "shutil.rmtree",
}


class Published(NamedTuple):
    """A project and its site."""

    root: Path
    site: Path

    @property
    def project(self) -> Project:
        """The project."""
        return Project(self.root)

    def edit(self, name: str = "Ceby") -> None:
        """Rename a place: it, its neighbours and the lists change."""
        path = self.root / "data/place/Q300.ttl"
        path.write_text(path.read_text(encoding="utf-8").replace("Biby", name), encoding="utf-8")

    def build(self) -> None:
        """Build the site."""
        build(self.project, BuildOptions(self.site))


def contents(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder, and where each link leads."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def _as_listed(site: Path) -> dict[str, str]:
    """Return the hash of every file of a site as its manifest lists them, and of the manifest itself.

    Of a compressed variant the manifest holds the beginning: that is made whole where it is right.
    """
    found = contents(site)
    listed = {
        path: found[path] if entry.is_of(found.get(path, "")) else entry.sha256
        for path, entry in published_files(site).items()
    }
    return {**listed, "manifest.json": found["manifest.json"]}


def leftovers(site: Path) -> set[str]:
    """Return what lies in the bookkeeping folder and should not."""
    return {path.name for path in Bookkeeping(site).folder.iterdir()} - BOOKS - SPARE


@pytest.fixture
def published(tmp_path: Path, golden_site: Path) -> Published:
    """Return a project with a small vocabulary of its own, and its site."""
    made = Published(tmp_path / "project", tmp_path / "site")
    shutil.copytree(GOLDEN, made.root)
    sites.copy_built(golden_site, made.site)
    return made


def _die_at(project: Project, options: BuildOptions, events: tuple[int, Path]) -> None:
    """Build, and be killed at one of the events that write (0: at none, but list them all)."""
    last, log = events
    seen: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in EVENTS and (event != "open" or _writes(arguments, options.out.parent)):
            seen.append(event)
            if len(seen) == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    build(project, options)
    made = tuple(seen)
    log.write_text("\n".join(made), encoding="utf-8")
    os._exit(0)  # at once: coverage, which writes when a process ends, must not meet the hook


def _writes(arguments: tuple[Any, ...], below: Path) -> bool:
    """Tell whether a file below a folder is opened for writing: other files are the business of Python."""
    path, _, flags = arguments
    return str(path).startswith(str(below)) and isinstance(flags, int) and bool(flags & os.O_WRONLY)


def _forked(target: Callable[..., None], *arguments: object) -> int | None:
    """Run a function in a process of its own, and return its exit code, or minus the signal."""
    process = multiprocessing.get_context("fork").Process(target=target, args=arguments)
    process.start()
    process.join()
    return process.exitcode


@pytest.mark.uncovered
def test_kill_at_any_step_leaves_the_old_site_or_the_new_one(published: Published, tmp_path: Path) -> None:
    """Killed at whatever step, a build leaves one whole site, and the next one ends the work."""
    log, old = tmp_path / "events", contents(published.site)
    base = Published(published.root, tmp_path / "base-site")
    published.edit()
    sites.copy_built(published.site, base.site)
    assert _forked(_die_at, base.project, BuildOptions(base.site), (0, log)) == 0
    new, events = contents(base.site), log.read_text(encoding="utf-8").split("\n")
    swap = events.index("ctypes.dlopen") + 1
    assert old != new
    for at in sorted({1, *range(9, len(events), len(events) // 4), *range(swap - 1, swap + 3), len(events)}):
        one = Published(published.root, tmp_path / f"site-{at}")
        sites.copy_built(published.site, one.site)
        assert _forked(_die_at, one.project, BuildOptions(one.site), (at, log)) == -signal.SIGKILL
        assert contents(one.site) in (old, new), f"killed at event {at}, {events[at - 1]}"
        one.build()
        assert contents(one.site) == new
        assert leftovers(one.site) == set()


@pytest.mark.uncovered
def test_kill_at_any_moment_leaves_the_old_site_or_the_new_one(ludvika: Project, tmp_path: Path) -> None:
    """Killed after whatever time, with all its processes at work, a build leaves one whole site."""
    out, catalogue = tmp_path / "site", ludvika.catalogue
    command = [sys.executable, "-m", "twintowns", "build", str(ludvika.root), "--processes", "2", "--out"]
    text = catalogue.read_text(encoding="utf-8")
    started = time.monotonic()
    subprocess.run([*command, str(out)], check=True, capture_output=True)  # noqa: S603
    whole_s, old = time.monotonic() - started, contents(out)
    catalogue.write_text(text.replace("Ludvikas vänorter", "Vänorterna"), encoding="utf-8")
    started_processes = []
    for part in (0.3, 0.6, 0.75, 0.9):
        process = subprocess.Popen([*command, str(out)], stderr=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        started_processes.append(process)
        time.sleep(whole_s * part)
        process.kill()
        process.wait()
        now = contents(out)
        assert now in (old, _as_listed(out)), f"killed after {part} of the time"
        if now != old:
            break
    time.sleep(0.2)
    told = subprocess.run([*command, str(out)], check=False, capture_output=True, text=True)  # noqa: S603
    for process in started_processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert told.returncode == 0, told.stderr
    assert "Vänorterna" in (out / "index.html").read_text(encoding="utf-8")
    assert contents(out) == _as_listed(out)
    assert leftovers(out) == set()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("at", [1, 20])
def test_failure_to_write_leaves_the_old_site(
    published: Published, monkeypatch: pytest.MonkeyPatch, code: int, at: int
) -> None:
    """Where the system refuses to write a file, the reason is told, and nothing is left behind."""
    before, opened, really_open = contents(published.site), [], os.open

    def failing(path: Path, *arguments: Any, **options: Any) -> int:  # noqa: ANN401 - as os has it
        if "next" in Path(path).parts:
            opened.append(path)
            if len(opened) == at:
                raise OSError(code, os.strerror(code), str(path))
        return really_open(path, *arguments, **options)

    published.edit()
    monkeypatch.setattr(os, "open", failing)
    with pytest.raises(SystemFailureError, match=os.strerror(code)) as caught:
        published.build()
    monkeypatch.undo()
    assert "unharmed" in str(caught.value)
    assert ("free some room" in str(caught.value)) == (code in {errno.ENOSPC, errno.EDQUOT})
    assert contents(published.site) == before
    assert leftovers(published.site) == set()
    published.build()
    assert contents(published.site) != before


def _in_own_mounts(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a shell script in which to mount is allowed, and seen by nobody else."""
    unshare = shutil.which("unshare")
    command = [str(unshare), "--map-root-user", "--mount", "sh", "-ec"]
    probe = f"mount -t tmpfs tmpfs {os.environ.get('TMPDIR', '/tmp')}"  # noqa: S108 - inside mounts of its own
    if unshare is None or subprocess.run([*command, probe], check=False, capture_output=True).returncode:  # noqa: S603
        pytest.skip("this system lets nobody but root mount anything: no full disk to be had")
    environment = {**os.environ, "LANGUAGE": "en", "TWINTOWNS": f"{sys.executable} -m twintowns"}
    everything = [*command, script, "sh", *map(str, arguments)]
    return subprocess.run(everything, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


def test_full_disk_leaves_the_old_site(published: Published, tmp_path: Path) -> None:
    """On a disk that is full before the work is done, the program says so, and the site stays."""
    (tmp_path / "disk").mkdir()
    pages = sum(path.stat().st_size // 4096 + 1 for path in published.site.rglob("*") if path.is_file())
    script = f"""
      mount -t tmpfs -o size={pages * 4096 * 3 // 2} tmpfs "$1"
      $TWINTOWNS build "$2" --out "$1/site"
      cp -a "$1/site" "$3"
      sed -i s/vänorter/orter/ "$2/data/catalogue.ttl"
      status=0; $TWINTOWNS build "$2" --out "$1/site" || status=$?
      diff -r "$1/site" "$3" && ls "$1/.site.twintowns"
      exit $status
    """
    told = _in_own_mounts(script, tmp_path / "disk", published.root, tmp_path / "kept")
    assert told.returncode == 3, told.stderr
    assert set(told.stdout.split()) == BOOKS
    assert "No space left on device" in told.stderr
    assert "free some room on the disk and run this again" in told.stderr


@pytest.mark.parametrize(
    ("mount", "message"),
    [
        ('mount -t tmpfs tmpfs "$1" -o ro', "Read-only file system"),
        ('mkdir "$1/site"; mount -t tmpfs tmpfs "$1/site"', "choose a folder that is no mount point"),
    ],
    ids=["read-only", "mount-point"],
)
def test_place_that_takes_no_site_is_named(
    published: Published, tmp_path: Path, mount: str, message: str
) -> None:
    """A folder in a read-only place, or one that cannot be exchanged, is refused, with the reason."""
    (tmp_path / "disk").mkdir()
    script = f'{mount}; $TWINTOWNS build "$2" --out "$1/site"'
    told = _in_own_mounts(script, tmp_path / "disk", published.root)
    assert told.returncode == 3
    assert message in told.stderr


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_of_a_page_leaves_the_old_site(
    published: Published, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """A template that fails, or an interruption, leaves the old site and nothing else behind."""
    before = contents(published.site)

    def landing(*_arguments: object) -> Iterator[tuple[str, bytes]]:
        raise error

    published.edit()
    monkeypatch.setattr(Pages, "landing", landing)
    with pytest.raises(error):
        published.build()
    assert contents(published.site) == before
    assert leftovers(published.site) == set()


class _Library:
    """A C library whose `renameat2` fails in a given way, and exchanges nothing."""

    def __init__(self, code: int) -> None:
        """Remember how to fail."""
        self._code = code

    def renameat2(self, *_arguments: object) -> int:
        """Fail."""
        ctypes.set_errno(self._code)
        return -1


@pytest.mark.parametrize("library", [object(), _Library(errno.EINVAL), _Library(errno.ENOSYS)])
def test_system_without_exchange_renames_twice(
    published: Published, monkeypatch: pytest.MonkeyPatch, library: object
) -> None:
    """Where two folders cannot be exchanged in one step, the old one is moved away and the new one in."""
    monkeypatch.setattr(ctypes, "CDLL", lambda *_arguments, **_options: library)
    published.edit()
    published.build()
    assert "Ceby" in (published.site / "index.html").read_text(encoding="utf-8")
    assert leftovers(published.site) == set()


def test_swap_that_is_refused_leaves_the_old_site(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system refuses to exchange the folders, the site stays and the reason is told."""
    before = contents(published.site)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_arguments, **_options: _Library(errno.EBUSY))
    published.edit()
    with pytest.raises(SystemFailureError, match="no mount point"):
        published.build()
    assert contents(published.site) == before
    assert leftovers(published.site) == set()


def test_swap_that_fails_halfway_is_undone(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the new folder cannot be moved in after the old one was moved away, the old one comes back."""
    before, really_rename = contents(published.site), Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.name == "next":
            raise OSError(errno.EIO, "broken", str(path))
        return really_rename(path, target)

    monkeypatch.setattr(ctypes, "CDLL", lambda *_arguments, **_options: object())
    monkeypatch.setattr(Path, "rename", failing)
    published.edit()
    with pytest.raises(SystemFailureError, match="broken"):
        published.build()
    assert contents(published.site) == before
    assert leftovers(published.site) == set()


def test_kill_between_two_renames_is_mended_by_the_next_build(published: Published) -> None:
    """Where a build was killed while no site was in its place, the next one puts it back."""
    before = contents(published.site)
    published.site.rename(Bookkeeping(published.site).folder / "previous")
    published.build()
    assert contents(published.site) == before
    assert leftovers(published.site) == set()


def test_what_was_being_replaced_is_cleared_away(published: Published) -> None:
    """What a build that was killed had written of its books, and not yet put in place, goes."""
    halfway = Bookkeeping(published.site).folder / ".state.json.0123456789abcdef"
    halfway.write_text("{", encoding="utf-8")
    published.build()
    assert not halfway.exists()
    assert leftovers(published.site) == set()


def test_two_builds_at_once_are_refused(published: Published) -> None:
    """While one build is at work another one says so and does nothing, in whatever process."""
    published.edit()
    before = contents(published.site)
    command = [sys.executable, "-m", "twintowns", "build", str(published.root), "--out", str(published.site)]
    with Bookkeeping(published.site).locked():
        told = subprocess.run(  # noqa: S603
            command, env={**os.environ, "LANGUAGE": "en"}, capture_output=True, text=True, check=False
        )
        with pytest.raises(OutputFolderError):
            published.build()
    assert told.returncode == 3
    assert "another build is writing here; wait until it has ended, and run this again" in told.stderr
    assert contents(published.site) == before
    published.build()
    assert contents(published.site) != before


def test_folder_of_other_things_is_refused(published: Published, tmp_path: Path) -> None:
    """A folder that holds something else is not overwritten, and what it holds is named."""
    (tmp_path / "home").mkdir()
    for name in ("README.md", "thesis.odt"):
        (tmp_path / "home" / name).write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputFolderError, match=r"other things than a site made here, such as thesis\.odt"):
        build(published.project, BuildOptions(tmp_path / "home"))
    assert set(contents(tmp_path / "home")) == {"README.md", "thesis.odt"}
    assert not Bookkeeping(tmp_path / "home").folder.exists()


def test_file_is_refused(published: Published, tmp_path: Path) -> None:
    """A file is no place for a site."""
    (tmp_path / "note").write_text("keep me", encoding="utf-8")
    with pytest.raises(OutputFolderError, match="this is a file, not a folder"):
        build(published.project, BuildOptions(tmp_path / "note"))
    assert (tmp_path / "note").read_text(encoding="utf-8") == "keep me"


def test_folder_with_read_me_alone_is_taken(published: Published, tmp_path: Path) -> None:
    """A folder that holds no more than README.md and .gitignore, as git keeps it, takes a site."""
    place = tmp_path / "deep" / "place"
    place.mkdir(parents=True)
    for name in ("README.md", ".gitignore"):
        (place / name).write_text("*\n", encoding="utf-8")
    build(published.project, BuildOptions(place))
    assert contents(place).keys() == contents(published.site).keys() | {"README.md", ".gitignore"}


def test_link_to_a_folder_is_followed(published: Published, tmp_path: Path) -> None:
    """Where the place is a link to a folder, the site is put into that folder, again and again."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    for _ in range(2):
        build(published.project, BuildOptions(tmp_path / "link"))
        published.edit()
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "real").keys() == contents(published.site).keys()


def _foreign_file(site: Path) -> None:
    (site / "CNAME").write_text("twins.example", encoding="utf-8")
    (site / "arms").mkdir()
    (site / "arms/arms.svg").write_text("<svg/>", encoding="utf-8")


def _foreign_link(site: Path) -> None:
    (site / "linked").symlink_to("index.html")


def _foreign_folder_link(site: Path) -> None:
    (site / "linked").symlink_to("place")


def _broken_link(site: Path) -> None:
    (site / "linked").symlink_to("nowhere")


def _empty_folder(site: Path) -> None:
    (site / ".git/refs").mkdir(parents=True)


@pytest.mark.parametrize(
    "add", [_foreign_file, _foreign_link, _foreign_folder_link, _broken_link, _empty_folder]
)
def test_what_the_build_did_not_make_is_kept(published: Published, add: Callable[[Path], None]) -> None:
    """Whatever else lies in the site's folder is there after the next build, the same."""
    made = {path.relative_to(published.site) for path in published.site.rglob("*")}
    add(published.site)
    foreign = {path.relative_to(published.site) for path in published.site.rglob("*")} - made
    was = {path: content for path, content in contents(published.site).items() if Path(path) in foreign}
    published.edit()
    published.build()
    assert foreign <= {path.relative_to(published.site) for path in published.site.rglob("*")}
    assert was.items() <= contents(published.site).items()
    assert "Ceby" in (published.site / "index.html").read_text(encoding="utf-8")


def test_kept_file_is_copied_where_it_cannot_be_linked(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a file system without links, what is kept is copied."""

    def failing(*_arguments: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    (published.site / "CNAME").write_text("twins.example", encoding="utf-8")
    published.build()
    monkeypatch.setattr(Path, "hardlink_to", failing)
    published.edit()
    published.build()
    assert (published.site / "CNAME").read_text(encoding="utf-8") == "twins.example"
    assert published_files(published.site)["place/Q1.ttl"].sha256 == contents(published.site)["place/Q1.ttl"]


@pytest.mark.parametrize("path", ["place/Q20.html", "manifest.json", "dump/twintowns.nq"])
@pytest.mark.parametrize("how", ["lengthened", "emptied", "deleted"])
def test_harmed_file_is_restored(published: Published, path: str, how: str) -> None:
    """A file of the site that was changed or deleted by hand is as it should be after the next build."""
    before, harmed = contents(published.site), published.site / path
    if how == "deleted":
        harmed.unlink()
    else:
        harmed.write_bytes(b"" if how == "emptied" else harmed.read_bytes() + b"harm")
    published.build()
    assert contents(published.site) == before


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{}", b'{"files": []}', b'{"files": {"a": {"b": 1}}}'])
def test_strange_manifest_lists_nothing(tmp_path: Path, manifest: bytes) -> None:
    """A manifest that is none is read as that of an empty site."""
    (tmp_path / "manifest.json").write_bytes(manifest)
    assert published_files(tmp_path) == {}


def test_signature_changes_with_any_file(published: Published) -> None:
    """The signature of a tree is another one when a file is changed, added or removed."""
    signatures = {tree_signature(published.site)}
    page = published.site / "index.html"
    os.utime(page, (0, 0))
    signatures.add(tree_signature(published.site))
    page.rename(published.site / "home.html")
    signatures.add(tree_signature(published.site))
    assert len(signatures) == 3


def test_file_is_replaced_in_one_step_with_its_permissions(tmp_path: Path) -> None:
    """A file that is replaced keeps its permissions, and nothing is left beside it."""
    path = tmp_path / "file.ttl"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_failure_without_a_file_is_told_of_the_place(tmp_path: Path) -> None:
    """A failure of the system that names no file and no reason is told of the place, with what is known."""
    with pytest.raises(SystemFailureError) as caught, translated_failures(tmp_path):
        raise OSError("strange")  # noqa: EM101 - as a library may
    assert caught.value.place == tmp_path
    assert "(strange)" in str(caught.value)


def test_edition_module_writes_as_the_manifest_says(tmp_path: Path) -> None:
    """A file is written with its folders, and told with its hash and size."""
    entry = edition.write_file(tmp_path, "a/b/c.txt", b"abc")
    assert (tmp_path / "a/b/c.txt").read_bytes() == b"abc"
    assert entry == Entry(hashlib.sha256(b"abc").hexdigest(), 3)


@pytest.mark.parametrize("path", ["../a.txt", "a/../../b.txt", "/a.txt"])
def test_nothing_is_written_outside_of_the_edition(tmp_path: Path, path: str) -> None:
    """A path that leads out of the site is refused, wherever it comes from."""
    with pytest.raises(OutputFolderError, match="outside of the site"):
        edition.write_file(tmp_path / "next", path, b"abc")
    assert list(tmp_path.iterdir()) == []


def test_file_with_the_same_content_is_taken_over_with_its_variants(tmp_path: Path) -> None:
    """What a document is printed with again is neither written nor compressed again, if that can be told."""
    place, folder, text = tmp_path / "site", tmp_path / "next", b"Imatra " * 1000
    place.mkdir()
    folder.mkdir()
    published = edition.write_variants(place, "a.html", text)
    next_one = edition.Edition(place, folder, published, is_alike=True)
    assert next_one.put("a.html", text) == published
    assert {path: (folder / path).stat().st_ino for path in published} == {
        path: (place / path).stat().st_ino for path in published
    }
    assert next_one.put("b.html", b"other") == {"b.html": Entry(hashlib.sha256(b"other").hexdigest(), 5)}
    assert not next_one.entries
    (folder / "again").mkdir()
    doubted = edition.Edition(place, folder / "again", published)
    assert doubted.put("a.html", text) == published
    assert (folder / "again/a.html").stat().st_ino != (place / "a.html").stat().st_ino


def test_changed_file_is_written_in_the_place_of_a_published_one(tmp_path: Path) -> None:
    """A page of the same name with another content is another file."""
    place, folder = tmp_path / "site", tmp_path / "next"
    place.mkdir()
    folder.mkdir()
    published = edition.write_variants(place, "a.html", b"one")
    made = edition.Edition(place, folder, published, is_alike=True).put("a.html", b"two")
    assert made != published
    assert [(one / "a.html").read_bytes() for one in (place, folder)] == [b"one", b"two"]
