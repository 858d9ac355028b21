"""The table of requests, asked of the service itself; the other servers are asked in `test_hosting.py`."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import http_table
from http_table import Row, Server
from twintowns.project import PACKAGE

ROWS = http_table.rows("serve")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site that the table is about."""
    return http_table.example(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def servers(example: Path) -> Iterator[dict[str, Server]]:
    """Return where the site is served: at the root, and in a subfolder."""
    with ExitStack() as stack:
        yield {root: stack.enter_context(_Running(example.parent, root)) for root in ("", "/twins/of-ours")}


class _Running:
    """The service as a process of its own, for as long as it is needed."""

    def __init__(self, project: Path, root_path: str) -> None:
        options = ["--port", "0", "--quiet", "--root-path", root_path]
        self._root = f"{root_path}/"
        self._command = [sys.executable, "-m", "twintowns", "serve", str(project), *options]

    def __enter__(self) -> Server:
        environment = {**os.environ, "LANGUAGE": "en", "PYTHONPATH": str(PACKAGE.parent)}
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            self._command, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert self._process.stderr
        line = self._process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line
        return Server(int(found[1]), self._root)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=60)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_request(servers: dict[str, Server], example: Path, row: Row) -> None:
    """The service answers a request as the table says."""
    assert http_table.wrong(row, http_table.asked(servers[""], row), example) == []


def test_subfolder(servers: dict[str, Server], example: Path) -> None:
    """A site in a subfolder answers every request as one at the root does."""
    place = servers["/twins/of-ours"]
    wrong = {row.name: http_table.wrong(row, http_table.asked(place, row), example) for row in ROWS}
    assert {name: told for name, told in wrong.items() if told} == {}
