"""The description of the service is true: whatever a fuzzer asks by it is answered as it says."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

import http_table
from http_table import Server
from twintowns.openapi import description

FUZZER = Path(sys.executable).with_name("schemathesis")
CHECKS = [
    "--checks",
    "all",
    # A query is a text, and most texts that a fuzzer finds are no queries.
    "--exclude-checks",
    "positive_data_acceptance",
    "--phases",
    "examples,coverage,fuzzing",
    "--max-examples",
    "25",
    "--seed",
    "1",
    "--no-color",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return where a small site is served."""
    site = http_table.example(tmp_path_factory.mktemp("described"))
    with http_table.serving(site.parent) as running:
        yield running


def fuzzed(port: int, folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    """Let the fuzzer ask a service by a description."""
    command = [str(FUZZER), "run", source, "--url", f"http://127.0.0.1:{port}", *CHECKS]
    return subprocess.run(  # noqa: S603 - the fuzzer is a library of the tests
        command, capture_output=True, text=True, check=False, cwd=folder, timeout=300
    )


def test_fuzzer_finds_nothing(server: Server, tmp_path: Path) -> None:
    """Nothing that the fuzzer asks fails, or is answered otherwise than described."""
    told = fuzzed(server.port, tmp_path, f"http://127.0.0.1:{server.port}/openapi.json")
    assert told.returncode == 0, told.stdout
    assert "12 selected / 12 total" in told.stdout


def test_fuzzer_finds_a_false_promise(server: Server, tmp_path: Path) -> None:
    """A description that promises what is not so is found out."""
    false = description("A town", "1", has_query_service=True)
    health = false["paths"]["/healthz"]["get"]["responses"]["200"]["content"]["application/json"]
    health["schema"]["properties"]["status"] = {"type": "integer"}
    false["paths"] = {"/healthz": false["paths"]["/healthz"]}
    (tmp_path / "false.json").write_text(json.dumps(false))
    assert fuzzed(server.port, tmp_path, str(tmp_path / "false.json")).returncode == 1


def test_description_is_open(server: Server) -> None:
    """Any page may read the description; it tells of the query service."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/openapi.json")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "/sparql" in json.loads(answer.read())["paths"]
    connection.close()


def test_without_query_service() -> None:
    """A site without a query service does not tell of one."""
    assert "/sparql" not in description("A town", "1", has_query_service=False)["paths"]
