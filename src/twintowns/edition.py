"""An edition of the site: written beside its place, and swapped in when it is whole.

Until the swap, which is one step of the file system where that has one (`renameat2`, exchange), the site
that was published before stays as it was. What the build did not make (a README, a CNAME) is kept. The
bookkeeping lies beside the site in a hidden folder: a lock, the edition being written, and what the last
build saw.
"""

import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from secrets import token_hex
from typing import Final

from twintowns import jsontext
from twintowns.compression import SUFFIXES, codings_of, variants
from twintowns.exceptions import DataFileError, OutputFolderError, SystemFailureError
from twintowns.ingredients import Ingredients, noted
from twintowns.inventory import BRIEF, MANIFEST, Entry, list_of, listed
from twintowns.iris import is_safe

_KEPT: Final = {"README.md", ".gitignore"}
_REMEDIES = {
    errno.ENOSPC: "free some room on the disk and run this again",
    errno.EDQUOT: "free some room on the disk and run this again",
    errno.EBUSY: "choose a folder that is no mount point",
    None: "see that you may read and write here, and run this again",
}
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_PREFIX: Final = 60
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


@dataclass
class Edition:
    """The next edition of a site.

    Attributes:
        place: Where the site is published.
        folder: Where the edition is written.
        published: The files of the edition that is published now, by their paths.
        is_alike: Whether the published files are known to be those that are listed, compressed by the very
            libraries that are here now: what has the same content is then taken over, variants and all.
        ingredients: What files are made of, and those that are published.
        entries: The files of this edition so far.
    """

    place: Path
    folder: Path
    published: Mapping[str, Entry]
    is_alike: bool = False
    ingredients: Ingredients = field(default_factory=Ingredients)
    entries: dict[str, Entry] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)

    def write(self, path: str, content: bytes) -> None:
        """Write a file, and beside it what it is when compressed."""
        if self.is_alike and self.published.get(path) == Entry(sha256(content).hexdigest(), len(content)):
            self.keep(path)
        else:
            self.entries.update(write_variants(self.folder, path, content))

    def make(self, path: str, digest: str, make: Callable[[], bytes]) -> None:
        """Write a file, or take it over where it was made of the same before.

        Args:
            path: Where it lies.
            digest: What stands for all that it is made of.
            make: Makes it.
        """
        if self.ingredients.are_same(path, digest) and self.is_alike and path in self.published:
            self.keep(path)
        else:
            self.write(path, make())

    def keep(self, path: str) -> None:
        """Take a file of the published edition as it is, and its compressed variants."""
        for name in (path, *(f"{path}.{suffix}" for suffix in SUFFIXES)):
            if name in self.published:
                _take(f"{self.place}/{name}", f"{self.folder}/{name}")
                self.entries[name] = self.published[name]
                self._kept.add(name)

    def seal(self, facts: Mapping[str, object]) -> bool:
        """Write the manifest and swap the edition in; return whether anything differs from before.

        Args:
            facts: What the manifest says besides the files.
        """
        manifest = jsontext.written_with(facts, "files", list_of(self.entries))
        self.entries[MANIFEST] = write_file(self.folder, MANIFEST, manifest)
        if self._is_published():
            shutil.rmtree(self.folder)
            return False
        self._keep_foreign_files()
        _swap(self.folder, self.place)
        return True

    def _is_published(self) -> bool:
        """Tell whether the very files of this edition, and no others of a build, are published already."""
        if self.entries.keys() - {MANIFEST} != self.published.keys():
            return False
        new = ((path, entry) for path, entry in self.entries.items() if path not in self._kept)
        return all(_has_content(self.place / path, entry) for path, entry in new)

    def _keep_foreign_files(self) -> None:
        """Take along what lies in the published folder and is not the build's."""
        for path in _files(self.place):
            if path not in self.published and path != MANIFEST and path not in self.entries:
                target = self.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                _link(self.place / path, target)


@dataclass(frozen=True)
class Bookkeeping:
    """The hidden folder beside a site."""

    place: Path

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.place.parent / f".{self.place.name}.twintowns"

    @property
    def state(self) -> Path:
        """What the last build saw."""
        return self.folder / "state.json"

    @property
    def judged(self) -> Path:
        """What the validator said of which thing."""
        return self.folder / "judged.json"

    @property
    def made(self) -> Path:
        """Of what files of the site were made."""
        return self.folder / "made.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the only right to build here, and clear away what a killed build left.

        Raises:
            OutputFolderError: If another build is at work, or the place is no site.
        """
        _check_place(self.place, is_known=self.state.is_file())
        with translated_failures(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            if links := [one for one in (self.folder, *self.folder.iterdir()) if one.is_symlink()]:
                raise OutputFolderError(
                    links[0],
                    "this is a link, where the build keeps its books",
                    "remove it, and run this again",
                )
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
            with os.fdopen(os.open(self.folder / "lock", flags, 0o644), "r+") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError as error:
                    raise OutputFolderError(
                        self.place,
                        "another build is writing here",
                        "wait until it has ended, and run this again",
                    ) from error
                self._clear()
                yield

    def begin(self, *, is_alike: bool = False) -> Edition:
        """Begin the next edition.

        Args:
            is_alike: Whether what is published can be taken over where it has the same content.
        """
        folder = self.folder / "next"
        folder.mkdir()
        ingredients = Ingredients(noted(self.made) if is_alike else None)
        return Edition(self.place, folder, published_files(self.place), is_alike, ingredients)

    def discard(self) -> None:
        """Clear away an edition that did not become whole."""
        self._clear()

    def _clear(self) -> None:
        previous = self.folder / "previous"
        if previous.exists() and not self.place.exists():
            previous.rename(self.place)
        for leftover in ("next", "previous"):
            shutil.rmtree(self.folder / leftover, ignore_errors=True)


def write_file(folder: Path, path: str, content: bytes) -> Entry:
    """Write one file of an edition.

    Args:
        folder: The edition's folder.
        path: Where the file lies in it, with `/`.
        content: Its bytes.

    Raises:
        OutputFolderError: If the path leads out of the folder.
    """
    if not is_safe(path):
        raise OutputFolderError(
            folder,
            "{path} would lie outside of the site",
            "mend the IRI that it comes from",
            values={"path": path},
        )
    _write(f"{folder}/{path}", content)
    return Entry(sha256(content).hexdigest(), len(content))


def write_variants(folder: Path, path: str, content: bytes) -> dict[str, Entry]:
    """Write one file of an edition, and beside it each compressed variant that is smaller; return them all.

    Raises:
        OutputFolderError: If the path leads out of the folder.
    """
    entries = {path: write_file(folder, path, content)}
    for suffix, compressed in variants(content, codings_of(path, len(content))):
        entries[f"{path}.{suffix}"] = write_variant(folder, f"{path}.{suffix}", compressed)
    return entries


def write_variant(folder: Path, path: str, compressed: bytes) -> Entry:
    """Write one compressed variant of a file of an edition."""
    _write(f"{folder}/{path}", compressed)
    return Entry(sha256(compressed).hexdigest()[:BRIEF], len(compressed))


def replace(path: Path, content: bytes) -> None:
    """Replace a file's content in one step, its permissions kept; a link's own target is left alone."""
    beside = path.with_name(f".{path.name[:_PREFIX]}.{token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, _NEW, 0o666), "wb") as file:
            file.write(content)
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def check_own(root: Path, path: Path) -> None:
    """See that a path below a folder leads through no link, by which something elsewhere would be written.

    Raises:
        DataFileError: If it does.
    """
    below = takewhile(lambda one: one != root, (path, *path.parents))
    if link := next((one for one in below if one.is_symlink()), None):
        raise DataFileError(link, "this link leads elsewhere", "put what is meant in its place")


def published_files(place: Path) -> dict[str, Entry]:
    """Return the files that the manifest of a published site lists; none where there is no site."""
    content = _content(place / MANIFEST)
    if content is None:
        return {}
    try:
        return dict(listed(jsontext.read(content)["files"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def tree_signature(place: Path) -> str:
    """Return a hash over the paths, sizes and times of all files below a folder."""
    found = sha256()
    for path in _files(place):
        status = os.lstat(f"{place}/{path}")
        found.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return found.hexdigest()


@contextmanager
def translated_failures(place: Path) -> Iterator[None]:
    """Tell the system's failures as ours.

    Raises:
        SystemFailureError: If the operating system refuses something.
    """
    try:
        yield
    except OSError as error:
        raise SystemFailureError(
            error.filename or place,
            "the system refused to write or read here ({reason}); what was published is unharmed",
            _REMEDIES.get(error.errno, _REMEDIES[None]),
            values={"reason": error.strerror or error},
        ) from error


def _check_place(place: Path, *, is_known: bool) -> None:
    if place.is_dir():
        strange = [entry.name for entry in place.iterdir() if entry.name not in _KEPT]
        if strange and not is_known and not (place / MANIFEST).is_file():
            raise OutputFolderError(
                place,
                "this folder holds other things than a site made here, such as {name}",
                "choose an empty folder, or one that does not exist yet",
                values={"name": min(strange)},
            )
    elif place.exists():
        raise OutputFolderError(place, "this is a file, not a folder", "choose a folder for the site")


def _swap(new: Path, place: Path) -> None:
    """Put the new folder in the place of the old one, which ends up where the new one was, and is removed."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        new.rename(place)
        return
    if not _exchanged(new, place):
        previous = new.with_name("previous")
        place.rename(previous)
        new.rename(place)
        new = previous
    shutil.rmtree(new)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can; return whether it could."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return False
    done = library.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in {errno.ENOSYS, errno.EINVAL}:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _link(source: Path, target: Path) -> None:
    """Put a file, a symbolic link or an empty folder into another folder as well."""
    if source.is_symlink():
        target.symlink_to(source.readlink())
    elif source.is_dir():
        target.mkdir(exist_ok=True)
    else:
        try:
            target.hardlink_to(source)
        except OSError:
            shutil.copy2(source, target)


def _take(source: str, target: str) -> None:
    """Put a file of a site, which has many thousands, into another folder as well."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        _link(Path(source), Path(target))


def _write(target: str, content: bytes) -> None:
    try:
        descriptor = os.open(target, _NEW, 0o644)
    except FileNotFoundError:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(target, _NEW, 0o644)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]


def _has_content(path: Path, entry: Entry) -> bool:
    content = _content(path)
    return content is not None and entry.is_of(sha256(content).hexdigest())


def _content(path: Path) -> bytes | None:
    with suppress(OSError):
        return path.read_bytes()
    return None


def _files(folder: Path) -> Iterator[str]:
    """Go through the files, links and empty folders below a folder, as paths with `/`, in one order."""
    for directory, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if os.path.islink(f"{directory}/{name}")]  # noqa: PTH114 - of many thousands
        prefix = f"{directory}/"[len(str(folder)) + 1 :]
        for name in sorted((*files, *links)):
            yield f"{prefix}{name}"
        if not files and not folders and prefix:
            yield prefix.rstrip("/")
