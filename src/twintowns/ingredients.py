"""What a file of an edition was made of, so that the same is not made again of the same things.

Kept beside the site (`made.json`), as digests. It holds for the very edition that is published, made by the
same program, and as long as what stands around every page is the same.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

from twintowns import jsontext
from twintowns.pieces import FILE, Pieces, kept


class Ingredients:
    """The digests of what files were made of, before and now.

    Args:
        before: Those of the edition before, by the paths of the files; none where they do not hold.
        pieces: Of which pieces its files are made.
    """

    def __init__(self, before: Mapping[str, str] | None = None, pieces: Pieces | None = None) -> None:
        """Begin with what was noted before."""
        self.pieces: Final = pieces or Pieces()
        self._before: Mapping[str, str] = before or {}
        self._now: Final[dict[str, str]] = {}

    def forget(self) -> None:
        """Forget what was noted before: it does not hold any more."""
        self._before = {}
        self.pieces.forget()

    def are_same(self, path: str, digest: str) -> bool:
        """Note of what a file is made; tell whether it was made of the same before."""
        self._now[path] = digest
        return self._before.get(path) == digest

    def content(self) -> bytes:
        """Return what to keep."""
        return jsontext.line(self._now)


def noted(file: Path) -> dict[str, str]:
    """Return what was noted; nothing where that cannot be read.

    >>> noted(Path("/nowhere"))
    {}
    """
    try:
        return dict(jsontext.read(file.read_bytes()))
    except (OSError, ValueError, TypeError):
        return {}


def recalled(file: Path, place: Path) -> Ingredients:
    """Return what was noted of the edition that is published in a place, and kept of its pieces."""
    return Ingredients(noted(file), kept(file.with_name(FILE), place))


def digest_of(parts: Iterable[object]) -> str:
    """Return a digest of things by what they are written as, in their order.

    >>> digest_of(["a", "b"]) == digest_of(["ab"])
    False
    """
    texts = (repr(part).encode(errors="surrogateescape") for part in parts)
    told = b"".join([b"%d:%b" % (len(text), text) for text in texts])
    return blake2b(told, digest_size=16).hexdigest()
