"""Whether something is the same as before: hashes of files, and of the program with its libraries.

What is kept beside a site is believed only by whom it was kept: with the program goes a secret of the user,
so that a project from elsewhere cannot bring along what its build would take for its own.
"""

import hmac
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from secrets import token_bytes
from typing import Final
from zlib import ZLIB_RUNTIME_VERSION

from twintowns.exceptions import not_a_file, unreadable
from twintowns.project import PACKAGE
from twintowns.trees import content_of, is_endless

_LIBRARIES: Final = ("babel", "brotli", "jinja2", "orjson", "pyoxigraph", "pyshacl", "rdflib", "zstandard")


_SECRET_BYTES: Final = 32
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def secret() -> bytes:
    """Return what only this user's builds know, made when it is asked for first.

    It lies where the state of programs does (https://specifications.freedesktop.org/basedir-spec/latest/);
    where it cannot be kept there, it is another each time.
    """
    made = token_bytes(_SECRET_BYTES)
    with suppress(OSError, RuntimeError):
        told = Path(os.environ.get("XDG_STATE_HOME", ""))
        file = (told if told.is_absolute() else Path.home() / ".local/state") / "twintowns/secret"
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = file.read_bytes() if file.exists() else b""
        if len(kept) == _SECRET_BYTES:
            return kept
        new = file.with_name(f"secret.{os.getpid()}")
        with os.fdopen(os.open(new, _NEW, 0o600), "wb") as writing:
            writing.write(made)
        new.replace(file)
        return file.read_bytes()
    return made


def program_hash() -> str:
    """Return a hash of the program and of the versions of the libraries on which its bytes depend."""
    libraries = " ".join(
        (
            *(f"{name} {version(name)}" for name in _LIBRARIES),
            f"zlib {ZLIB_RUNTIME_VERSION}",
            f"unicode {unicodedata.unidata_version}",
        )
    )
    found = sha256(libraries.encode())
    found.update(content_hash(_program_files(), PACKAGE).encode())
    return found.hexdigest()


def file_hash(path: Path) -> bytes:
    """Return a hash of the bytes of a file.

    Raises:
        DataFileError: If it is a device or a pipe.
        SystemFailureError: If it cannot be read.
    """
    if is_endless(path):
        raise not_a_file(path)
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").digest()
    except OSError as error:
        raise unreadable(path, error) from error


def sealed(file: Path, digest: str) -> bytes | None:
    """Return the bytes of a file, if they are the very ones that are known by a digest.

    Args:
        file: The file.
        digest: What `seal_of` returned.
    """
    content = content_of(file)
    return content if content is not None and seal_of(content) == digest else None


def seal_of(content: bytes) -> str:
    """Return what bytes are known by.

    >>> len(seal_of(b""))
    64
    """
    return sha256(content).hexdigest()


def signature_of(content: bytes) -> str:
    """Return what only this user's builds can know bytes by."""
    return hmac.digest(secret(), content, "sha256").hex()


def content_hash(files: Iterable[Path], root: Path, digest: Callable[[Path], bytes] = file_hash) -> str:
    """Return a hash over files: their paths from the root, and their bytes.

    Args:
        files: The files.
        root: The folder in which they lie, or most of them.
        digest: Returns the hash of a file.
    """
    found, prefix = sha256(), f"{root}{os.sep}"
    for path in files:
        content, whole = digest(path), str(path)
        name = whole.removeprefix(prefix) if whole.startswith(prefix) else path.name
        found.update(f"{name}\0".encode(errors="surrogateescape"))
        found.update(content)
    return found.hexdigest()


def _program_files() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            yield path
