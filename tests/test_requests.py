"""The table of requests, asked of the service itself; the other servers are asked in `test_hosting.py`."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import http_table
from http_table import Row, Server

ROWS = http_table.rows("serve")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site that the table is about."""
    return http_table.example(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def servers(example: Path) -> Iterator[dict[str, Server]]:
    """Return where the site is served: at the root, and in a subfolder."""
    with ExitStack() as stack:
        yield {
            root: stack.enter_context(http_table.serving(example.parent, root))
            for root in ("", "/twins/of-ours")
        }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_request(servers: dict[str, Server], example: Path, row: Row) -> None:
    """The service answers a request as the table says."""
    assert http_table.wrong(row, http_table.asked(servers[""], row), example) == []


def test_subfolder(servers: dict[str, Server], example: Path) -> None:
    """A site in a subfolder answers every request as one at the root does."""
    place = servers["/twins/of-ours"]
    wrong = {row.name: http_table.wrong(row, http_table.asked(place, row), example) for row in ROWS}
    assert {name: told for name, told in wrong.items() if told} == {}
