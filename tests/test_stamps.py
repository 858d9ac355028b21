"""Hashes of files are taken over where the file system tells of no change, and in no other case."""

import os
import time
from pathlib import Path

import pytest

from twintowns import stamps
from twintowns.exceptions import TwinTownsError
from twintowns.fingerprint import file_hash
from twintowns.stamps import Stamps

LATER_NS = time.time_ns() + 3_600_000_000_000
"""A present time at which whatever a test wrote was written long ago."""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that are read from now on."""
    read: list[str] = []

    def reading(path: Path) -> bytes:
        read.append(path.name)
        return file_hash(path)

    monkeypatch.setattr(stamps, "file_hash", reading)
    return read


def kept(root: Path, files: list[Path], now_ns: int = LATER_NS) -> bytes:
    """Return what is kept of files."""
    known = Stamps(root)
    for path in files:
        assert known.digest(path) == file_hash(path)
    return known.content(now_ns)


def test_the_same_is_not_read_again(tmp_path: Path, counted: list[str]) -> None:
    """A file that is as it was is told without being read; any change of it is seen, of the same size too."""
    names = ["a.ttl", "b.ttl", "\udcff.ttl", "å.ttl"]
    files = [tmp_path / name for name in names]
    for path in files:
        path.write_bytes(b"one")
    content = kept(tmp_path, files)
    counted.clear()
    again = Stamps(tmp_path, content)
    assert [again.digest(path) for path in files] == [file_hash(path) for path in files]
    assert (counted, again.changed, again.are_known) == ([], frozenset(), True)
    files[0].write_bytes(b"two")
    os.utime(files[0], ns=(files[1].stat().st_atime_ns, files[1].stat().st_mtime_ns))
    again = Stamps(tmp_path, content)
    assert [again.digest(path) for path in files] == [file_hash(path) for path in files]
    assert (counted, again.changed) == (["a.ttl"], frozenset([files[0]]))


def test_what_just_changed_is_read_again(tmp_path: Path, counted: list[str]) -> None:
    """What changed shortly before it was read may have changed since, and is read; its hash is known."""
    file = tmp_path / "a.ttl"
    file.write_bytes(b"one")
    content = kept(tmp_path, [file], file.stat().st_mtime_ns)
    again = Stamps(tmp_path, content)
    assert again.digest(file) == file_hash(file)
    assert (counted, again.changed) == (["a.ttl", "a.ttl"], frozenset())


def test_what_came_and_went(tmp_path: Path) -> None:
    """A new file and one that is gone are changes; one elsewhere is told in full."""
    old, new, other = tmp_path / "data/old.ttl", tmp_path / "data/new.ttl", tmp_path / "other/o.ttl"
    for path in (old, new, other):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(path.name.encode())
    content = kept(tmp_path / "data", [old, other])
    old.unlink()
    again = Stamps(tmp_path / "data", content)
    again.digest(new)
    again.digest(other)
    assert again.changed == {old, new}
    assert not Stamps(tmp_path).are_known


def test_what_is_no_file(tmp_path: Path) -> None:
    """What cannot be read is told as it is anywhere else."""
    os.mkfifo(tmp_path / "pipe.ttl")
    for name in ("pipe.ttl", "gone.ttl", "\0.ttl"):
        with pytest.raises((TwinTownsError, ValueError)):
            Stamps(tmp_path).digest(tmp_path / name)


@pytest.mark.parametrize("has_moment_passed", [False, True])
def test_file_that_became_a_folder(tmp_path: Path, *, has_moment_passed: bool) -> None:
    """What was a file is not taken for the same when it is none any more, however soon that is."""
    file = tmp_path / "a.ttl"
    file.write_bytes(b"one")
    content = kept(tmp_path, [file], LATER_NS if has_moment_passed else file.stat().st_mtime_ns)
    file.unlink()
    file.mkdir()
    with pytest.raises(TwinTownsError):
        Stamps(tmp_path, content).digest(file)
