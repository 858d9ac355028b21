"""Whether something is the same as before: hashes of files, and of the program with its libraries.

What is kept beside a site is believed only by whom it was kept: with the program goes a secret of the user,
so that a project from elsewhere cannot bring along what its build would take for its own.
"""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from secrets import token_bytes
from typing import Final
from zlib import ZLIB_RUNTIME_VERSION

from twintowns.exceptions import SystemFailureError, not_a_file
from twintowns.project import PACKAGE
from twintowns.trees import is_endless

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


def content_hash(files: Iterable[Path], root: Path) -> str:
    """Return a hash over files: their paths from the root, and their bytes."""
    found = sha256()
    for path in files:
        if is_endless(path):
            raise not_a_file(path)
        try:
            with path.open("rb") as file:
                content = file_digest(file, "sha256").digest()
        except OSError as error:
            raise SystemFailureError(
                path,
                "this file cannot be read ({reason})",
                "see that it is there and that you may read it",
                values={"reason": error.strerror or error},
            ) from error
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        found.update(f"{name}\0".encode(errors="surrogateescape"))
        found.update(content)
    return found.hexdigest()


def _program_files() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            yield path
