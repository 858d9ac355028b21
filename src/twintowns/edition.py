"""An edition of the site: written beside its place, and swapped in when it is whole.

Until the swap, which is one step of the file system where that has one (`renameat2`, exchange), the site
that was published before stays as it was. What the build did not make (a README, a CNAME) is kept. The
bookkeeping lies beside the site in a hidden folder: a lock, the edition being written, and what the last
build saw.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Final

from twintowns import jsontext, trees
from twintowns.compression import codings_of, variants
from twintowns.exceptions import OutputFolderError, SystemFailureError
from twintowns.ingredients import Ingredients, recalled
from twintowns.inventory import BRIEF, ENDINGS, MANIFEST, Entries, Entry, list_of, listed
from twintowns.iris import is_safe
from twintowns.spares import Note, Spare
from twintowns.swapping import swapped

_KEPT: Final = {"README.md", ".gitignore"}
_REMEDIES = {
    errno.ENOSPC: "free some room on the disk and run this again",
    errno.EDQUOT: "free some room on the disk and run this again",
    errno.EBUSY: "choose a folder that is no mount point",
    None: "see that you may read and write here, and run this again",
}
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_PREFIX: Final = 60


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
        spare: The edition before the published one, and what is noted of it, if it can be brought up to date.
        retired: Where the edition lies that the last one replaced, or this one, if it is the same.
        foreign: The paths of what lies in the published folder and is not the build's.
    """

    place: Path
    folder: Path
    published: Mapping[str, Entry]
    is_alike: bool = False
    ingredients: Ingredients = field(default_factory=Ingredients)
    entries: Entries = field(default_factory=Entries)
    spare: tuple[Path, Note] | None = None
    retired: Path | None = None
    foreign: Sequence[str] = ()
    _kept: set[str] = field(default_factory=set)
    _gone: set[str] = field(default_factory=set)
    _is_sharing: bool = True

    def write(self, path: str, content: bytes) -> None:
        """Write a file, and beside it what it is when compressed."""
        if self._is_as_published(path, content):
            self.keep(path)
        else:
            self.entries.update(write_variants(self.folder, path, content))

    def put(self, path: str, content: bytes) -> dict[str, Entry]:
        """Write a file as `write` does, but note nothing here; return what is to be noted."""
        if not self._is_as_published(path, content):
            return write_variants(self.folder, path, content)
        names = self._with_variants(path)
        for name in names:
            trees.take(f"{self.place}/{name}", f"{self.folder}/{name}")
        return {name: self.published[name] for name in names}

    def _is_as_published(self, path: str, content: bytes) -> bool:
        """Tell whether a file with this content is published, so that it need not be compressed again."""
        if not self.is_alike or path not in self.published:
            return False
        return self.published[path] == Entry(sha256(content).hexdigest(), len(content))

    def make(self, path: str, digest: str, make: Callable[[], bytes], *, is_same: bool = True) -> None:
        """Write a file, or take it over where it was made of the same before.

        Args:
            path: Where it lies.
            digest: What stands for all that it is made of.
            make: Makes it.
            is_same: Whether all else that it is made of is known to be the same.
        """
        same = self.ingredients.are_same(path, digest) and is_same
        if same and self.is_alike and path in self.published:
            self.keep(path)
        else:
            self.write(path, make())

    def keep(self, path: str) -> None:
        """Take a file of the published edition as it is, and its compressed variants."""
        for name in self._with_variants(path):
            self._take(name)
            self._kept.add(name)
            self.entries[name] = self.published[name]

    def keep_all(self, paths: Iterable[str]) -> None:
        """Take very many files as they are, before anything is written; from the spare, where there is one.

        Args:
            paths: The paths of files; those that are not published are left out.
        """
        published = self.published
        names = missing = {name for path in paths for end in ENDINGS if (name := path + end) in published}
        if self.spare:
            missing = names & self._without_the_rest(*self.spare, names)
        for name in missing:
            self._take(name)
        self._kept |= names
        self.entries.loose.update({name: published[name] for name in names})

    def _without_the_rest(self, spare: Path, note: Note, names: Collection[str]) -> set[str]:
        """Begin with the spare, and remove from it what is not wanted or differs; return what that is."""
        self.folder.rmdir()
        spare.rename(self.folder)
        self._gone = {*note.differing, *(name for name in self.published if name not in names)}
        for name in self._gone:
            trees.remove(f"{self.folder}/{name}")
        return self._gone

    def _with_variants(self, path: str) -> list[str]:
        return [name for end in ENDINGS if (name := path + end) in self.published]

    def _take(self, name: str) -> None:
        is_shared = trees.take(f"{self.place}/{name}", f"{self.folder}/{name}")
        self._is_sharing = self._is_sharing and is_shared

    def seal(self, facts: Mapping[str, object]) -> bool:
        """Write the manifest and swap the edition in; return whether anything differs from before.

        Args:
            facts: What the manifest says besides the files.
        """
        manifest = jsontext.written_with(facts, "files", list_of(self.entries))
        self.entries[MANIFEST] = write_file(self.folder, MANIFEST, manifest)
        trees.remove_empty_folders(self.folder, self._gone - self.entries.keys())
        others = self.spare[1].foreign if self.spare else trees.files_below(self.place)
        known = {MANIFEST, *self.published, *self.entries.paths()}
        self.foreign = [path for path in others if path not in known]
        self.retired = self.folder
        if self._is_published():
            return False
        for path in self.foreign:
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            trees.put_link(self.place / path, target)
        self.retired = swapped(self.folder, self.place)
        return True

    def _is_published(self) -> bool:
        """Tell whether the very files of this edition, and no others of a build, are published already."""
        if len(self.entries) - 1 != len(self.published):
            return False
        new = self.entries.paths() - self._kept
        if not all(path in self.published for path in new if path != MANIFEST):
            return False
        return all(_has_content(self.place / path, self.entries[path]) for path in new)

    @property
    def files(self) -> set[str]:
        """The paths of all that this edition or the one before it may hold."""
        return {MANIFEST, *self.published, *self.entries.paths(), *self.foreign}

    @property
    def differing(self) -> set[str] | None:
        """The paths of what the retired and the published edition do not share, if they share the most."""
        is_alike = self.retired and self._is_sharing and 2 * len(self._kept) >= len(self.entries)
        return self.files - self._kept if is_alike else None


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

    @property
    def spare(self) -> Spare:
        """The edition before the last."""
        return Spare(self.folder / "spare", self.folder / "spare.json")

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

    def begin(self, *, is_alike: bool = False, spare: str = "") -> Edition:
        """Begin the next edition.

        Args:
            is_alike: Whether what is published can be taken over where it has the same content.
            spare: What the last build knew its spare by.
        """
        folder = self.folder / "next"
        folder.mkdir()
        ingredients = recalled(self.made, self.place) if is_alike else Ingredients()
        edition = Edition(self.place, folder, published_files(self.place), is_alike, ingredients)
        if is_alike and (note := self.spare.note(spare)):
            edition.spare = self.spare.folder, note
        else:
            self.spare.drop()
        return edition

    def retire(self, edition: Edition, before: str, *, is_changed: bool) -> tuple[str, str]:
        """Keep what an edition replaced as the spare, if the two have most of their files in common.

        Args:
            edition: The edition, sealed.
            before: The signature of the site before.
            is_changed: Whether the site is another one.

        Returns:
            The signature of the site, and what the spare is known by.
        """
        differing = edition.differing
        if differing is None or edition.retired is None:
            self.spare.drop()
            return trees.tree_signature(self.place), ""
        known_by = self.spare.keep(edition.retired, differing, edition.foreign, edition.files)
        if not is_changed:
            return before, known_by
        return trees.signature_after(
            before, (self.spare.folder, differing), (self.place, differing)
        ), known_by

    def discard(self) -> None:
        """Clear away an edition that did not become whole."""
        self._clear()

    def _clear(self) -> None:
        previous = self.folder / "previous"
        if previous.exists() and not self.place.exists():
            previous.rename(self.place)
        for leftover in ("next", "previous"):
            shutil.rmtree(self.folder / leftover, ignore_errors=True)
        for halfway in self.folder.glob(".*"):  # what was being replaced
            halfway.unlink()


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
    trees.write(f"{folder}/{path}", content)
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
    trees.write(f"{folder}/{path}", compressed)
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


def published_files(place: Path) -> dict[str, Entry]:
    """Return the files that the manifest of a published site lists; none where there is no site."""
    content = trees.content_of(place / MANIFEST)
    if content is None:
        return {}
    try:
        return dict(listed(jsontext.read(content)["files"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


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


def _has_content(path: Path, entry: Entry) -> bool:
    content = trees.content_of(path)
    return content is not None and entry.is_of(sha256(content).hexdigest())
