"""The list of a site's files in its manifest: each with its hash and size, its compressed variants with it.

Of a variant the list holds only the beginning of the hash, so that four times as many files do not make it
four times as long. That guards against chance, such as a site that is being copied; against people not even
the whole hash would, for who can write a file can write the list.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeVar

from twintowns.mediatypes import CODINGS

MANIFEST: Final = "manifest.json"
"""Where the list lies in the site."""
BRIEF: Final = 16
"""How many hexadecimal digits of a variant's hash are listed."""

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
    for path, told in files.items():
        yield path, Entry(told["sha256"], told["size_bytes"])
        for suffix, (digest, size_bytes) in told.get("variants", {}).items():
            yield f"{path}.{suffix}", Entry(digest, size_bytes)


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


def list_of(entries: Mapping[str, Entry]) -> dict[str, object]:
    """Return the list of files, in the order of their paths, from the entries of files and variants.

    >>> list_of({"a.ttl.gz": Entry("cd", 5), "a.ttl": Entry("ab", 9)})
    {'a.ttl': {'sha256': 'ab', 'size_bytes': 9, 'variants': {'gz': ['cd', 5]}}}
    """
    return {
        path: {"sha256": entry.sha256, "size_bytes": entry.size_bytes, **_variants(path, entries)}
        for path, entry in sorted(entries.items())
        if not is_variant(path, entries)
    }


def is_variant(path: str, files: Mapping[str, object]) -> bool:
    """Tell whether a file is a compressed variant of another one among the files."""
    stem, _, suffix = path.rpartition(".")
    return suffix in CODINGS.values() and stem in files


def _variants(path: str, entries: Mapping[str, Entry]) -> dict[str, object]:
    beside = ((suffix, entries.get(f"{path}.{suffix}")) for suffix in CODINGS.values())
    told = {suffix: list(entry) for suffix, entry in beside if entry is not None}
    return {"variants": told} if told else {}
