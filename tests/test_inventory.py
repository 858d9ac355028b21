"""The list of files in the manifest: what is written of them is what is read."""

from collections.abc import Mapping
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from twintowns import jsontext
from twintowns.inventory import BRIEF, Entries, Entry, is_variant, list_of, listed

DIGEST = sha256(b"").hexdigest()
FILES = st.dictionaries(st.sampled_from(["a.html", "b/c.ttl", "d"]), st.integers(0, 2**40), min_size=1)
VARIANTS = st.sets(st.sampled_from(["gz", "br", "zst"]))


def _entries(told: Mapping[str, Entry]) -> Entries:
    """Return the same entries, none of them packed."""
    entries = Entries()
    entries.update(told)
    return entries


@given(FILES, VARIANTS)
def test_list_is_read_as_it_was_written(sizes: dict[str, int], suffixes: set[str]) -> None:
    """Whatever the files, their entries and those of their variants come back from the list."""
    entries = {path: Entry(DIGEST, size) for path, size in sizes.items()}
    entries |= {f"{path}.{suffix}": Entry(DIGEST[:BRIEF], 1) for path in sizes for suffix in suffixes}
    manifest = jsontext.written_with({"space": "x"}, "files", list_of(_entries(entries)))
    told = jsontext.read(manifest)
    assert dict(listed(told["files"])) == entries
    assert list(told["files"]) == sorted(sizes)
    assert told["space"] == "x"
    assert len(manifest.splitlines()) == len(sizes) + 5


@given(FILES, VARIANTS)
def test_packed_entries_are_the_same(sizes: dict[str, int], suffixes: set[str]) -> None:
    """Packed or not, and added to others, entries are what they were, and written as the same list."""
    told = {path: Entry(DIGEST, size) for path, size in sizes.items()}
    told |= {f"{path}.{suffix}": Entry(DIGEST[:BRIEF], 1) for path in sizes for suffix in suffixes}
    entries, all_of_them = _entries(told), Entries()
    assert entries == told
    assert entries.packed() == told
    all_of_them["e.gz"] = Entry(DIGEST, 2)
    all_of_them.add(entries)
    assert all_of_them == {**told, "e.gz": Entry(DIGEST, 2)}
    assert len(all_of_them) == len(told) + 1
    assert all_of_them.paths() == {*told, "e.gz"}
    assert all_of_them.sizes() == {"e.gz": 2}
    assert dict(list_of(all_of_them)) == dict(list_of(_entries({**told, "e.gz": Entry(DIGEST, 2)})))
    del all_of_them["e.gz"]
    assert all_of_them == told
    assert "e.gz" not in all_of_them
    assert "a.html.txt" not in all_of_them


def test_list_without_variants_is_read() -> None:
    """A list that tells of every file by itself, as it did once, is read as it is."""
    files = {path: {"sha256": DIGEST, "size_bytes": 1} for path in ("a.ttl", "a.ttl.gz")}
    assert dict(listed(files)) == dict.fromkeys(files, Entry(DIGEST, 1))


def test_variant_is_told_from_a_file_with_such_a_name() -> None:
    """What ends like a variant is one only beside the file that it was made of."""
    assert is_variant("a.ttl.gz", {"a.ttl": 1})
    assert not is_variant("a.gz", {"a.ttl": 1, "a.gz": 1})
    assert [path for path, _ in list_of(_entries({"a.gz": Entry(DIGEST, 1)}))] == ["a.gz"]


def test_entry_knows_its_hash() -> None:
    """A hash is compared as far as it is listed, and one that is hardly listed is like none."""
    assert Entry(DIGEST, 0).is_of(DIGEST)
    assert Entry(DIGEST[:BRIEF], 0).is_of(DIGEST)
    assert not Entry(DIGEST, 0).is_of(DIGEST[:BRIEF])
    assert not Entry(sha256(b"a").hexdigest()[:BRIEF], 0).is_of(DIGEST)
    assert not Entry("", 0).is_of(DIGEST)
