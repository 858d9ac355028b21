"""Hashes of files that are taken over as long as the file system tells of no change.

To read tens of thousands of files takes longer than to ask what each was last. A file is taken to be the same
where its size, its number, and the times of its last change are: the system alone sets the time at which a
file or its attributes changed. What changed shortly before it was read is read again next time, since it may
have changed once more within the same moment.
"""

import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from twintowns import jsontext
from twintowns.fingerprint import file_hash

_MOMENT_NS: Final = 2_000_000_000
"""The longest time that a file system takes for one moment: two seconds, on FAT."""


class Stamps:
    """Hashes of files, before and now.

    Attributes:
        are_known: Whether anything was kept of them.

    Args:
        root: The folder in which the files lie, or most of them.
        content: What was kept of them before, if anything was.
    """

    def __init__(self, root: Path, content: bytes | None = None) -> None:
        """Begin with what was kept."""
        self._prefix: Final = f"{root}{os.sep}"
        self.are_known: Final = content is not None
        self._before: Final[Mapping[str, list[Any]]] = jsontext.read(content) if content else {}
        self._now: Final[dict[str, list[Any]]] = {}
        self._begun_ns: Final = time.monotonic_ns()

    def digest(self, path: Path) -> bytes:
        """Return the hash of a file.

        Raises:
            TwinTownsError: If it cannot be read.
        """
        name = self._name(path)
        told = _told(path)
        before = self._before.get(name)
        found = before[-1] if told and before and before[:-1] == told else file_hash(path).hex()
        self._now[name] = [*told, found]
        return bytes.fromhex(found)

    @property
    def gone(self) -> frozenset[Path]:
        """The files that were known and are not asked for any more."""
        return frozenset(map(self._path, self._before.keys() - self._now.keys()))

    @property
    def changed(self) -> frozenset[Path]:
        """The files that came, went or have another content than before."""
        names = {name for name, one in self._now.items() if self._before.get(name, [None])[-1] != one[-1]}
        return self.gone.union(map(self._path, names))

    def content(self, now_ns: int) -> bytes:
        """Return what to keep.

        Args:
            now_ns: What the file system takes for the present time.
        """
        settled = now_ns - (time.monotonic_ns() - self._begun_ns) - _MOMENT_NS
        return jsontext.line(
            {
                name: one if max(one[1:3], default=settled) < settled else one[-1:]
                for name, one in self._now.items()
            }
        )

    def _name(self, path: Path) -> str:
        """Return a file's path below the root, as text that any JSON can hold."""
        name = str(path).removeprefix(self._prefix)
        return name if name.isascii() else os.fsencode(name).decode("latin-1")

    def _path(self, name: str) -> Path:
        return Path(self._prefix + os.fsdecode(name.encode("latin-1")))


def _told(path: Path) -> list[int]:
    """Return what the file system tells of a file; nothing of what is none, or cannot be reached."""
    try:
        told = os.stat(path)  # noqa: PTH116 - of many thousands
    except (OSError, ValueError):
        return []
    if not stat.S_ISREG(told.st_mode):
        return []
    return [told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_ino]
