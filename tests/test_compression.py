"""Compression: what other programs unpack, the same bytes always, and only where it is worth it."""

import gzip
import subprocess
from hashlib import shake_256
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from twintowns import jsontext
from twintowns.compression import LEAST, SUFFIXES, codings_of, variants
from twintowns.edition import Bookkeeping, published_files
from twintowns.inventory import MANIFEST
from twintowns.project import Project
from twintowns.site import BuildOptions, build

GOLDEN = Path(__file__).resolve().parent / "golden" / "project"
TEXT = b"".join(b"<li>Ludvika, Imatra, Bad Honnef: %d</li>\n" % number for number in range(100))


def unpacked(suffix: str, compressed: bytes) -> bytes:
    """Return what a variant was made of."""
    if suffix == "gz":
        return gzip.decompress(compressed)
    if suffix == "br":
        return bytes(brotli.decompress(compressed))
    return zstandard.ZstdDecompressor().decompress(compressed)


@given(st.binary(max_size=200), st.integers(1, 100))
def test_variant_unpacks_to_its_content(part: bytes, times: int) -> None:
    """Whatever the content, each variant gives it back, is smaller, and is made twice with the same bytes."""
    content = part * times
    told = dict(variants(content))
    assert list(told) == [suffix for suffix in SUFFIXES if suffix in told]
    assert {unpacked(suffix, one) for suffix, one in told.items()} <= {content}
    assert all(len(one) < len(content) for one in told.values())
    assert dict(variants(content)) == told


def test_small_content_is_left_alone() -> None:
    """What fits into one packet is not compressed, and one byte more is."""
    assert list(variants(b"a" * (LEAST - 1))) == []
    assert [suffix for suffix, _ in variants(b"a" * LEAST)] == list(SUFFIXES)


@pytest.mark.parametrize(
    ("path", "size_bytes", "suffixes"),
    [
        ("place/Q1.html", 9_000, ["gz", "br", "zst"]),
        ("place/Q1.ttl", 9_000, ["gz", "zst"]),
        ("place/Q1.schema.jsonld", 9_000, ["gz", "zst"]),
        ("dump/twintowns.nt", 90_000, ["gz", "br", "zst"]),
    ],
)
def test_small_data_has_no_brotli(path: str, size_bytes: int, suffixes: list[str]) -> None:
    """Pages and dumps have all three variants; the data of one document has the two that are quickly made."""
    told = variants(b"a" * size_bytes, codings_of(path, size_bytes))
    assert [suffix for suffix, _ in told] == suffixes


def test_content_that_gets_no_smaller_is_left_alone() -> None:
    """What looks like chance, as what is compressed already does, has no variant."""
    assert list(variants(shake_256(b"").digest(5 * LEAST))) == []


def test_gzip_names_no_time_and_no_system() -> None:
    """The header of a gzip file says nothing of when and where it was made."""
    header = dict(variants(TEXT))["gz"][:10]
    assert header == bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255))


def test_gzip_is_what_the_tool_reads(tmp_path: Path) -> None:
    """The program gzip finds the length and the checksum right."""
    (tmp_path / "page.html.gz").write_bytes(dict(variants(TEXT))["gz"])
    told = subprocess.run(["gzip", "-dc", tmp_path / "page.html.gz"], capture_output=True, check=True)  # noqa: S603, S607 - the tool itself
    assert told.stdout == TEXT


@pytest.fixture(scope="module")
def golden_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the golden project."""
    out = tmp_path_factory.mktemp("compressed") / "site"
    build(Project(GOLDEN), BuildOptions(out))
    return out


def test_every_variant_of_a_site_unpacks_to_its_file(golden_site: Path) -> None:
    """Beside each file of the site that is worth it lie its variants, each of which gives the file back."""
    files = published_files(golden_site)
    plain = {path for path in files if not path.endswith(SUFFIXES)}
    assert len(plain) > 50
    for path in plain:
        content = (golden_site / path).read_bytes()
        found = {s: (golden_site / f"{path}.{s}").read_bytes() for s in SUFFIXES if f"{path}.{s}" in files}
        assert bool(found) is (len(content) >= LEAST), path
        assert {unpacked(suffix, one) for suffix, one in found.items()} <= {content}, path


def test_manifest_has_no_variant(golden_site: Path) -> None:
    """The manifest, which lists the variants, has none itself."""
    assert [path.name for path in golden_site.glob(f"{MANIFEST}*")] == [MANIFEST]
    files = jsontext.read((golden_site / MANIFEST).read_bytes())["files"]
    assert not [path for path in files if path.startswith(MANIFEST)]


def test_kept_document_keeps_its_variants(tmp_path: Path) -> None:
    """An edition takes the variants over with the file that they belong to, and no others."""
    books = Bookkeeping(tmp_path / "site")
    with books.locked():
        first = books.begin()
        first.write("long.txt", TEXT)
        first.write("short.txt", b"a")
        first.seal({})
        second = books.begin()
        second.keep("long.txt")
        second.keep("short.txt")
        assert {**second.entries, MANIFEST: first.entries[MANIFEST]} == first.entries
        kept = sorted(path.name for path in second.folder.iterdir())
        assert kept == ["long.txt", "long.txt.br", "long.txt.gz", "long.txt.zst", "short.txt"]
        assert not second.seal({})
