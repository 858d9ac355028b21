"""Files compressed ahead, so that a server need not: what readers send `Accept-Encoding` for.

gzip (https://www.rfc-editor.org/rfc/rfc1952), Brotli (https://www.rfc-editor.org/rfc/rfc7932) and Zstandard
(https://www.rfc-editor.org/rfc/rfc8878). The levels are those after which the time doubles and the size
hardly falls, as measured on pages and on dumps. Nothing of the machine or the time goes into the bytes; the
libraries do, so a build notes which they are.
"""

import bz2
import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Final, cast

import brotli  # type: ignore[import-untyped]
import zstandard

LEAST: Final = 1024
"""Smaller files, in bytes, are not worth it: they fit into one packet as they are."""
SUFFIXES: Final = ("gz", "br", "zst")
"""What is added to a file's name, by coding."""

_GZIP_LEVEL: Final = 4
_GZIP_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""No name, no time, no system: Python's own module writes another system from one release to the next."""
_BROTLI_QUALITY: Final = 5
_BROTLI_WINDOW: Final = 18
"""In bits: a larger window makes the dumps no smaller, and takes twice the time."""
_BROTLI_SMALL_WINDOW: Final = 16
"""The same for most pages, which are as small for it, and a fifth sooner."""
_ZSTD_LEVEL: Final = 4
_DATA: Final = (".ttl", ".nt", ".jsonld")
_SMALL_DATA: Final = 64 * 1024


def codings_of(path: str, size_bytes: int) -> Sequence[str]:
    """Return the suffixes of the codings in which a file is worth keeping.

    Most files of a large publication describe one thing each, as data for programs. These all know gzip, and
    Brotli, which takes longest, would save them some hundred bytes.

    >>> codings_of("place/Q1.html", 9000), codings_of("place/Q1.ttl", 9000)
    (('gz', 'br', 'zst'), ('gz', 'zst'))
    """
    return ("gz", "zst") if size_bytes < _SMALL_DATA and path.endswith(_DATA) else SUFFIXES


def variants(content: bytes, suffixes: Iterable[str] = SUFFIXES) -> Iterator[tuple[str, bytes]]:
    """Compress the content of a file, by suffix: in each of the codings in which it gets smaller.

    >>> [suffix for suffix, _ in variants(b"Imatra " * 1000)]
    ['gz', 'br', 'zst']
    >>> list(variants(b"Imatra"))
    []
    """
    if len(content) < LEAST:
        return
    for suffix in suffixes:
        compressed = _CODERS[suffix](content)
        if len(compressed) < len(content):
            yield suffix, compressed


FAILURES: Final = (EOFError, OSError, zlib.error, zstandard.ZstdError)
"""What goes wrong where a compressed file is cut off or broken."""


def opened(path: Path) -> IO[bytes]:
    """Open a file, compressed or not as its name says, to read what is in it."""
    match path.suffix:
        case ".gz":
            return cast("IO[bytes]", gzip.open(path))
        case ".bz2":
            return cast("IO[bytes]", bz2.open(path))
        case ".zst":
            return cast("IO[bytes]", zstandard.open(path))
        case _:
            return path.open("rb")


def _gzip(content: bytes) -> bytes:
    stream = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    trailer = (number.to_bytes(4, "little") for number in (zlib.crc32(content), len(content) % 2**32))
    return b"".join((_GZIP_HEADER, stream.compress(content), stream.flush(), *trailer))


def _brotli(content: bytes) -> bytes:
    window = _BROTLI_SMALL_WINDOW if len(content) < _SMALL_DATA else _BROTLI_WINDOW
    compressed: bytes = brotli.compress(content, quality=_BROTLI_QUALITY, lgwin=window)
    return compressed


def _zstd(content: bytes) -> bytes:
    return _zstd_compressor().compress(content)


@cache
def _zstd_compressor() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL)


_CODERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {"gz": _gzip, "br": _brotli, "zst": _zstd}
