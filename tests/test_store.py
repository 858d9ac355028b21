"""The store: the dump of a site, read whole, with what tells it from others."""

from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from twintowns.exceptions import SystemFailureError
from twintowns.store import DUMP, held


def test_held(site: Path) -> None:
    """A store has the graphs of the dump, and its hash."""
    found = held(site / DUMP)
    assert found.digest == sha256((site / DUMP).read_bytes()).hexdigest()
    assert [graph.rpartition("/")[2] for graph in found.graphs] == ["asserted", "derived", "vocabulary"]
    assert len(found.store) == (site / DUMP).read_bytes().count(b"\n")
    assert all(isinstance(graph, NamedNode) for graph in found.store.named_graphs())


@pytest.mark.parametrize("content", [None, b"<a> <b> nonsense"])
def test_not_there(tmp_path: Path, content: bytes | None) -> None:
    """A dump that is not there, or is none, is told with its place."""
    if content is not None:
        (tmp_path / "x.nq").write_bytes(content)
    with pytest.raises(SystemFailureError, match=r"x\.nq: the dump cannot be read"):
        held(tmp_path / "x.nq")
