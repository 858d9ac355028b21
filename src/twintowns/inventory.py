"""The list of a site's files in its manifest: each with its hash and size, its compressed variants with it.

Of a variant the list holds only the beginning of the hash, so that four times as many files do not make it
four times as long. That guards against chance, such as a site that is being copied; against people not even
the whole hash would, for who can write a file can write the list.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from functools import partial
from typing import Any, Final, NamedTuple, Self, TypeVar

from twintowns.mediatypes import CODINGS

MANIFEST: Final = "manifest.json"
"""Where the list lies in the site."""
BRIEF: Final = 16
"""How many hexadecimal digits of a variant's hash are listed."""

ENDINGS: Final = ("", *(f".{suffix}" for suffix in CODINGS.values()))
"""What the names of a file and its variants end in."""
_CODED: Final = frozenset(CODINGS.values())
_SIZE: Final = 8
"""How many bytes the size of a file takes."""

Some = TypeVar("Some")


class Entry(NamedTuple):
    """A file of the site.

    Attributes:
        sha256: Its SHA-256 in hexadecimal; of a compressed variant the first digits of it.
        size_bytes: Its size.
    """

    sha256: str
    size_bytes: int

    def is_of(self, sha256: str) -> bool:
        """Tell whether a file with this hash can be the one that is listed."""
        return len(self.sha256) >= BRIEF and sha256.startswith(self.sha256)


class Entries(MutableMapping[str, Entry]):
    """Entries by their paths; packed, a file with all its variants is one piece of bytes.

    >>> entries = Entries()
    >>> entries["a.ttl"], entries["a.ttl.gz"] = Entry("ab", 9), Entry("cd", 5)
    >>> list(entries.packed().items())
    [('a.ttl', Entry(sha256='ab', size_bytes=9)), ('a.ttl.gz', Entry(sha256='cd', size_bytes=5))]

    Attributes:
        loose: Those that are not packed.
        pieces: Files with their variants, packed.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self.loose: Final[dict[str, Entry]] = {}
        self.pieces: Final[dict[str, bytes]] = {}

    def packed(self) -> Self:
        """Return the same in little room; variants stand behind their file."""
        for path, entry in self.loose.items():
            name, ending = self._named(path)
            self.pieces[name] = self.pieces.get(name, b"") + _packed(ending, entry)
        self.loose.clear()
        return self

    def add(self, others: "Entries") -> None:
        """Add the entries of other files."""
        self.loose.update(others.loose)
        self.pieces.update(others.pieces)

    def __setitem__(self, path: str, entry: Entry) -> None:
        """Keep an entry."""
        self.loose[path] = entry

    def __delitem__(self, path: str) -> None:
        """Forget an entry that is not packed."""
        del self.loose[path]

    def __getitem__(self, path: str) -> Entry:
        """Return an entry."""
        if path in self.loose:
            return self.loose[path]
        name, ending = self._named(path)
        return dict(_unpacked(self.pieces.get(name, b"")))[ending]

    def __iter__(self) -> Iterator[str]:
        """Go through the paths."""
        yield from self.loose
        for name, packed in self.pieces.items():
            yield from (f"{name}{ending}" for ending, _ in _unpacked(packed))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.loose) + sum(1 for packed in self.pieces.values() for _ in _unpacked(packed))

    def whole(self) -> Iterator[tuple[str, dict[str, Entry]]]:
        """Go through the files in the order of their paths, each with its variants by what these end in."""
        single, pieces = self.loose, self.pieces
        loose: dict[str, dict[str, Entry]] = {}
        for path, entry in single.items():
            stem, dot, suffix = path.rpartition(".")
            is_beside = suffix in _CODED and (stem in single or stem in pieces)
            name, ending = (stem, dot + suffix) if is_beside else (path, "")
            loose.setdefault(name, {})[ending] = entry
        for path in sorted(loose.keys() | pieces.keys()):
            told = dict(_unpacked(pieces[path])) if path in pieces else {}
            yield path, told | loose.get(path, {})

    def paths(self) -> set[str]:
        """Return the paths of all."""
        packed = (f"{name}{ending}" for name, told in self.pieces.items() for ending, _ in _unpacked(told))
        return {*self.loose, *packed}

    def sizes(self) -> dict[str, int]:
        """Return the size of each that is not packed."""
        return {path: entry.size_bytes for path, entry in self.loose.items()}

    def _named(self, path: str) -> tuple[str, str]:
        """Return under which path an entry is packed, and what is added to that."""
        stem, _, suffix = path.rpartition(".")
        if path not in self.pieces and stem in self.pieces and suffix in CODINGS.values():
            return stem, f".{suffix}"
        return path, ""


def _packed(ending: str, entry: Entry) -> bytes:
    digest = bytes.fromhex(entry.sha256)
    place = ENDINGS.index(ending)
    return bytes((place, len(digest))) + entry.size_bytes.to_bytes(_SIZE, "big") + digest


def _unpacked(packed: bytes) -> Iterator[tuple[str, Entry]]:
    start = 0
    while start < len(packed):
        ending, length = packed[start : start + 2]
        begin = start + 2 + _SIZE
        start = begin + length
        size_bytes = int.from_bytes(packed[begin - _SIZE : begin], "big")
        yield ENDINGS[ending], Entry(packed[begin:start].hex(), size_bytes)


def listed(files: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    """Go through the files of a list, each followed by its variants.

    >>> files = {"a.ttl": {"sha256": "ab", "size_bytes": 9, "variants": {"gz": ["cd", 5]}}}
    >>> [path for path, _ in listed(files)]
    ['a.ttl', 'a.ttl.gz']

    Raises:
        KeyError: If the hash or the size of one is missing.
        TypeError: If it is no such list.
        ValueError: If a variant has more or less than a hash and a size.
    """
    entry = partial(tuple.__new__, Entry)  # as its own way of being made, but for many thousands
    for path, told in files.items():
        yield path, entry((told["sha256"], told["size_bytes"]))
        for suffix, (digest, size_bytes) in told.get("variants", {}).items():
            yield f"{path}.{suffix}", entry((digest, size_bytes))


def check(told: Any) -> None:  # noqa: ANN401 - a manifest may hold anything
    """See that what a manifest says is of the kinds that it has to be, before anything is made of it.

    Raises:
        KeyError: If the type of a document is missing.
        TypeError: If something is of another kind.
    """
    whole = _of_kind(told, dict)
    _of_kind(whole.get("files", {}), dict)
    texts = [whole.get(name, "") for name in ("space", "author", "license")]
    for name in ("languages", "gone"):
        texts += _of_kind(whole.get(name, []), list)
    for document in _of_kind(whole.get("documents", {}), dict).values():
        texts += [_of_kind(document, dict)["type"]]
        texts += [document.get(name, "") for name in ("iri", "author", "license")]
    for text in texts:
        _of_kind(text, str)


def _of_kind(value: Any, kind: type[Some]) -> Some:  # noqa: ANN401 - a manifest may hold anything
    if not isinstance(value, kind):
        raise TypeError(kind)
    return value


def list_of(entries: Entries) -> Iterator[tuple[str, dict[str, object]]]:
    """Go through the list of files, in the order of their paths, made of the entries of files and variants.

    >>> entries = Entries()
    >>> entries["a.ttl.gz"], entries["a.ttl"] = Entry("cd", 5), Entry("ab", 9)
    >>> dict(list_of(entries))
    {'a.ttl': {'sha256': 'ab', 'size_bytes': 9, 'variants': {'gz': ['cd', 5]}}}
    """
    for path, told in entries.whole():
        digest, size_bytes = told[""]
        whole: dict[str, object] = {"sha256": digest, "size_bytes": size_bytes}
        if len(told) > 1:
            whole["variants"] = {ending[1:]: list(told[ending]) for ending in ENDINGS[1:] if ending in told}
        yield path, whole


def is_variant(path: str, files: Mapping[str, object]) -> bool:
    """Tell whether a file is a compressed variant of another one among the files."""
    stem, _, suffix = path.rpartition(".")
    return suffix in CODINGS.values() and stem in files
