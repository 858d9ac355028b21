"""Whether something is the same as before: hashes of files, and of the program with its libraries."""

from collections.abc import Iterable, Iterator
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final
from zlib import ZLIB_RUNTIME_VERSION

from twintowns.exceptions import SystemFailureError, not_a_file
from twintowns.project import PACKAGE

_LIBRARIES: Final = ("babel", "brotli", "jinja2", "orjson", "pyoxigraph", "pyshacl", "rdflib", "zstandard")


def program_hash() -> str:
    """Return a hash of the program and of the versions of the libraries on which its bytes depend."""
    libraries = " ".join(
        (*(f"{name} {version(name)}" for name in _LIBRARIES), f"zlib {ZLIB_RUNTIME_VERSION}")
    )
    found = sha256(libraries.encode())
    found.update(content_hash(_program_files(), PACKAGE).encode())
    return found.hexdigest()


def content_hash(files: Iterable[Path], root: Path) -> str:
    """Return a hash over files: their paths from the root, and their bytes."""
    found = sha256()
    for path in files:
        if path.exists() and not (path.is_file() or path.is_dir()):
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
