"""The examples of docs/query.md, each run as it stands, with the tools that are here."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import http_table

REPOSITORY = Path(__file__).resolve().parent.parent
DOCUMENT = (REPOSITORY / "docs/query.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
ADDRESS = "http://127.0.0.1:8000"
ANSWERS = ("Ludvika kommun", "boolean", '"@id"', "sd:Service", "triples")
"""What is in the answer to each of the commands."""


@pytest.fixture(scope="module")
def address(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the service of the first publication."""
    project = tmp_path_factory.mktemp("asked") / "ludvika"
    shutil.copytree(REPOSITORY / "data", project / "data")
    shutil.copytree(site, project / "build")
    with http_table.serving(project) as server:
        yield f"http://127.0.0.1:{server.port}"


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout


def _block(kind: str, number: int = 0) -> str:
    found: list[str] = [block for one, block in BLOCKS if one == kind]
    return found[number]


def test_every_example_is_run() -> None:
    """There is no example in the document but those that are run here."""
    assert len(COMMANDS) == len(ANSWERS)
    assert [kind for kind, _ in BLOCKS if kind != "sh"] == ["python", "python", "r"]


@pytest.mark.parametrize(("command", "answer"), list(zip(COMMANDS, ANSWERS, strict=True)), ids=ANSWERS)
def test_curl(address: str, command: str, answer: str) -> None:
    """Each command asks what it says."""
    if not shutil.which("curl"):
        pytest.skip("curl is not here: apt-get install curl")
    told = command.replace("curl ", "curl --fail --silent --show-error ", 1).replace(ADDRESS, address)
    assert answer in _run(["sh", "-c", told])


def test_python(address: str) -> None:
    """The example in Python prints the partners, and needs nothing but Python."""
    told = _run([sys.executable, "-I", "-c", _block("python").replace(ADDRESS, address)])
    assert "Imatra https://w3id.org/twintowns/ludvika/place/Q" in told
    assert len(told.splitlines()) > 1


def test_notebook(address: str) -> None:
    """The cell of a notebook continues the example, and its last line is the table of the partners."""
    if subprocess.run([sys.executable, "-c", "import pandas"], capture_output=True, check=False).returncode:
        pytest.skip("pandas is not here: pip install pandas")
    *cell, last = ast.parse(_block("python", 1)).body
    assert isinstance(last, ast.Expr)
    shown = "\n".join([_block("python"), *map(ast.unparse, cell), f"print({ast.unparse(last)})"])
    told = _run([sys.executable, "-c", shown.replace(ADDRESS, address)])
    assert re.search(r"^\d+ +https://\S+/Q\d+ +Imatra$", told, re.MULTILINE)


def test_r(address: str) -> None:
    """The example in R makes a table of the partners, with R's own functions."""
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not here: apt-get install --no-install-recommends r-base-core")
    shown = _block("r").replace(ADDRESS, address) + "\ncat(nrow(places) > 1, names(places), places$name)"
    told = _run([program, "--vanilla", "-e", shown])
    assert told.startswith("TRUE place name ")
    assert "Imatra" in told
