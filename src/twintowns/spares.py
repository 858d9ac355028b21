"""The edition before the last, kept beside the site: brought up to date, it becomes the next one.

A large site has hundreds of thousands of files. To link them all into the next edition, and to remove the
links of the last, takes longer than to print what an edit touches. A spare shares its files with the
published edition but for those that are noted as differing, and these alone are replaced.

It is believed where its note is the one that the build left, and all its folders are as they were left: what
was added, removed or replaced changes its folder's time, and what was changed in place is changed in the
published edition as well, of which every file is looked at.
"""

import os
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from twintowns import jsontext


class Note(NamedTuple):
    """What is noted of a spare.

    Attributes:
        differing: The paths that it does not share with the published edition.
        foreign: Those of what lies in the published folder and is not the build's.
        folders: Its folders, as they were left.
    """

    differing: list[str]
    foreign: list[str]
    folders: dict[str, list[int]]


@dataclass(frozen=True)
class Spare:
    """A spare and its note.

    Attributes:
        folder: Where the spare lies.
        file: Where its note does.
    """

    folder: Path
    file: Path

    def note(self, digest: str) -> Note | None:
        """Return the note, if it is the very one, and the spare is as it was left.

        Args:
            digest: What `keep` returned.
        """
        with suppress(OSError):
            content = self.file.read_bytes()
            if sha256(content).hexdigest() == digest:
                note = Note(**jsontext.read(content))
                if all(state == _state_of(self.folder / path) for path, state in note.folders.items()):
                    return note
        return None

    def keep(
        self, retired: Path, differing: Collection[str], foreign: Collection[str], whole: Iterable[str]
    ) -> str:
        """Make a folder the spare; return what it is known by.

        Args:
            retired: The folder of the edition that was published, or never came to be.
            differing: The paths that it does not share with the published one.
            foreign: Those of what is not the build's.
            whole: The paths of all files that may lie in either.
        """
        shutil.rmtree(self.folder, ignore_errors=True)
        retired.rename(self.folder)
        folders = {
            path: state for path in sorted(_folders(whole)) if (state := _state_of(self.folder / path))
        }
        content = jsontext.line(Note(sorted(differing), sorted(foreign), folders)._asdict())
        self.file.write_bytes(content)
        return sha256(content).hexdigest()

    def drop(self) -> None:
        """Remove the spare."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.file.unlink(missing_ok=True)


def _folders(paths: Iterable[str]) -> set[str]:
    """Return the folders in which files lie, that of all of them included."""
    found = {path.rpartition("/")[0] for path in paths}
    return {"", *found, *(above for folder in found for above in _above(folder))}


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _state_of(folder: Path) -> list[int]:
    """Return what changes when something comes into a folder or goes; nothing where there is no folder."""
    with suppress(OSError):
        status = os.lstat(folder)
        if stat.S_ISDIR(status.st_mode):  # pragma: no branch - a file there is as good as none
            return [status.st_ino, status.st_mtime_ns]
    return []
