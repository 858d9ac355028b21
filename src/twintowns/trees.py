"""Folders of many thousands of files: gone through, summed up, and linked into one another."""

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path
from typing import Final

from twintowns.exceptions import DataFileError

_BYTES: Final = 16
_MODULUS: Final = 2 ** (8 * _BYTES)
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def files_below(folder: Path) -> Iterator[str]:
    """Go through the files, links and empty folders below a folder, as paths with `/`, in one order."""
    for directory, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if os.path.islink(f"{directory}/{name}")]  # noqa: PTH114 - of many thousands
        prefix = f"{directory}/"[len(str(folder)) + 1 :]
        for name in sorted((*files, *links)):
            yield f"{prefix}{name}"
        if not files and not folders and prefix:
            yield prefix.rstrip("/")


def tree_signature(place: Path) -> str:
    """Return a hash over the paths, sizes and times of all files, links and empty folders below a folder.

    It is a sum of those of the single files, so that it can be told anew from what came and went.
    """
    return _written(_of_folder(str(place), ""))


def _of_folder(folder: str, prefix: str) -> int:
    is_empty, number = True, 0
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            is_empty = False
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                number += _of_folder(entry.path, f"{path}/")
            else:
                number += _of(path, entry.stat(follow_symlinks=False))
    if is_empty and prefix:
        return _of(prefix.rstrip("/"), os.lstat(folder))
    return number


def signature_after(before: str, went: tuple[Path, Iterable[str]], came: tuple[Path, Iterable[str]]) -> str:
    """Return the signature of a tree of which some files came or went.

    Args:
        before: The signature that it had.
        went: Where what went lies now, and its paths; what is not there never was.
        came: Where what came lies, and its paths.
    """
    number = int(before, 16)
    for sign, (folder, paths) in ((-1, went), (1, came)):
        for path in paths:
            with suppress(FileNotFoundError, NotADirectoryError):
                number += sign * _of(path, os.lstat(f"{folder}/{path}"))
    return _written(number)


def _of(path: str, status: os.stat_result) -> int:
    told = f"{path}\0{status.st_size}\0{status.st_mtime_ns}".encode(errors="surrogateescape")
    return int.from_bytes(blake2b(told, digest_size=_BYTES).digest(), "big")


def _written(number: int) -> str:
    return f"{number % _MODULUS:0{2 * _BYTES}x}"


def put_link(source: Path, target: Path) -> bool:
    """Put a file, a symbolic link or an empty folder into another folder as well.

    Returns:
        Whether the two share it.
    """
    if source.is_symlink():
        target.symlink_to(source.readlink())
    elif source.is_dir():
        target.mkdir(exist_ok=True)
    else:
        try:
            target.hardlink_to(source)
        except OSError:
            shutil.copy2(source, target)
        else:
            return True
    return False


def take(source: str, target: str) -> bool:
    """Put a file of a site, which has many thousands, into another folder as well.

    Returns:
        Whether the two share it.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        return put_link(Path(source), Path(target))
    return True


def remove(path: str) -> None:
    """Remove a file, a link or an empty folder, if it is there."""
    try:
        os.unlink(path)  # noqa: PTH108 - of many thousands
    except (IsADirectoryError, PermissionError):
        with suppress(OSError):
            os.rmdir(path)  # noqa: PTH106 - as above
    except (FileNotFoundError, NotADirectoryError):
        pass


def remove_empty_folders(root: Path, paths: Iterable[str]) -> None:
    """Remove the folders below a root in which some paths lay, where nothing else lies in them."""
    for path in paths:
        folder = path.rpartition("/")[0]
        with suppress(OSError):
            while folder:
                os.rmdir(f"{root}/{folder}")  # noqa: PTH106 - of many thousands
                folder = folder.rpartition("/")[0]


def write(target: str, content: bytes) -> None:
    """Write a file that is not there yet, and the folders in which it lies."""
    try:
        descriptor = os.open(target, _NEW, 0o644)
    except FileNotFoundError:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(target, _NEW, 0o644)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]


def check_own(root: Path, path: Path) -> None:
    """See that a path below a folder leads through no link, by which something elsewhere would be written.

    Raises:
        DataFileError: If it does.
    """
    below = takewhile(lambda one: one != root, (path, *path.parents))
    if link := next((one for one in below if one.is_symlink()), None):
        raise DataFileError(link, "this link leads elsewhere", "put what is meant in its place")


def is_endless(path: Path) -> bool:
    """Tell whether a path leads to a device or a pipe, which may have no end."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - of many thousands
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def content_of(path: Path) -> bytes | None:
    """Return the bytes of a file, if it can be read."""
    with suppress(OSError):
        return path.read_bytes()
    return None
