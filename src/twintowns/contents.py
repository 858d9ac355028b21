"""The bytes of the files of one edition of a site, read once and kept in memory as far as it suffices.

The folder is held open, so that files come from the edition whose manifest was read, also after another one
has been put in its place. What is read is held against the manifest: a file that differs, because an edition
is being copied into the folder by other means, is never handed out.
"""

import asyncio
import os
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path
from typing import Final, Generic, Self, TypeVar

from twintowns.inventory import MANIFEST, Entry

LARGE_BYTES: Final = 256 * 1024
"""From this size on a file is sent in pieces and not kept in memory."""
PIECE_BYTES: Final = 64 * 1024
KEPT_BYTES: Final = 32 * 1024 * 1024
"""How much one memory keeps, in each process."""
_OVERHEAD_BYTES: Final = 4096
"""What is counted for each kept thing besides its content: its headers and its place."""


Value = TypeVar("Value")


Signature = tuple[int, int, int, int]
"""By what one file is told from another under the same name, without reading it."""


class NotReadableError(Exception):
    """A file is not, or no longer, what the manifest says of it."""


@dataclass
class Folder:
    """The folder of an edition, held open.

    Attributes:
        descriptor: The open folder.
        manifest: The bytes of its manifest.
        signature: By what this manifest is told from that of another edition.
    """

    descriptor: int
    manifest: bytes
    signature: Signature
    _verified: dict[str, Signature] = field(default_factory=dict)
    _verifying: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def opened(cls, place: Path) -> Self:
        """Open the folder and read its manifest.

        Raises:
            OSError: If it is not there or cannot be read.
        """
        descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with _opened(MANIFEST, descriptor) as file:
                signature = signature_of(os.fstat(file.fileno()))
                return cls(descriptor, file.read(), signature)
        except OSError:
            os.close(descriptor)
            raise

    def __del__(self) -> None:
        """Let the folder go, when the last answer from it has been given."""
        os.close(self.descriptor)

    def read(self, path: str, entry: Entry) -> bytes:
        """Return the bytes of a small file.

        Raises:
            NotReadableError: If they are not those that the manifest tells of.
        """
        try:
            with _opened(path, self.descriptor) as file:
                content = file.read(entry.size_bytes + 1)
        except OSError as error:
            raise NotReadableError(path) from error
        if not entry.is_of(sha256(content).hexdigest()):
            raise NotReadableError(path)
        return content

    async def open(self, path: str, entry: Entry) -> BufferedReader:
        """Return a large file, open; it is hashed when it is first asked for, and when it has changed since.

        Raises:
            NotReadableError: If it is not what the manifest tells of.
        """
        try:
            file = _opened(path, self.descriptor)
        except OSError as error:
            raise NotReadableError(path) from error
        try:
            await self._verify(path, entry, file)
        except NotReadableError:
            file.close()
            raise
        return file

    async def _verify(self, path: str, entry: Entry, file: BufferedReader) -> None:
        signature = signature_of(os.fstat(file.fileno()))
        async with self._verifying:
            is_known = self._verified.get(path) == signature
            if not is_known and not entry.is_of(await asyncio.to_thread(_hash, file)):
                raise NotReadableError(path)
            self._verified[path] = signature


class Memory(Generic[Value]):
    """A memory of bounded size, which forgets what was not asked for longest.

    Args:
        most_bytes: How much it keeps.
    """

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        """Begin with nothing."""
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._most_bytes = most_bytes
        self.size_bytes = 0

    def recalled(self, key: Hashable) -> Value | None:
        """Return what is kept under a key, or None where nothing is."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, value: Value, size_bytes: int = 0) -> None:
        """Keep a value, and forget others where there is no room.

        Args:
            key: By what to find it again.
            value: What to keep.
            size_bytes: How large it is, besides its headers and its place here.
        """
        self._forget(key)
        self._kept[key] = (value, size_bytes + _OVERHEAD_BYTES)
        self.size_bytes += size_bytes + _OVERHEAD_BYTES
        while self.size_bytes > self._most_bytes:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: Hashable) -> None:
        _, size_bytes = self._kept.pop(key, (None, 0))
        self.size_bytes -= size_bytes


def signature_of(status: os.stat_result) -> Signature:
    """Return the signature of a file."""
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size


def _opened(path: str, folder: int) -> BufferedReader:
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK, dir_fd=folder), "rb")


def _hash(file: BufferedReader) -> str:
    found = file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found
