"""The query service as `twintowns serve` runs it, asked with the commands of the documents."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from twintowns.querying import query_service

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "query.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
BLOCKS = {
    kind: "".join(re.findall(rf"^```{kind}\n(.+?)```", TEXT, re.MULTILINE | re.DOTALL))
    for kind in ("sh", "python")
}
HERE = "http://127.0.0.1:8000"
ANSWERS = ("Ludvika kommun", '"boolean":true', "https://schema.org/", "sd:Service", "triples")


@pytest.fixture(scope="module")
def address(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the first publication, served."""
    root = tmp_path_factory.mktemp("served")
    shutil.copytree(site, root / "build")
    (root / "data").mkdir()
    (root / "data/catalogue.ttl").touch()
    command = [sys.executable, "-m", "twintowns", "serve", str(root), "--port", "0", "--root-path", "twins"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stderr
        told = process.stderr.readline()
        yield re.findall(r"http://\S+?(?=/twins/)", told)[0] + "/twins"
        process.terminate()
        process.communicate(timeout=60)


def _ready(address: str) -> None:
    response = httpx.HTTPTransport(retries=5)
    with httpx.Client(transport=response) as client:
        while client.get(f"{address}/sparql", params={"query": "ASK {}"}).status_code != 200:
            pass


@pytest.mark.parametrize(("command", "expected"), list(zip(BLOCKS["sh"].splitlines(), ANSWERS, strict=True)))
def test_commands(address: str, command: str, expected: str) -> None:
    """Every command of the document gets the answer that it is there for."""
    if not shutil.which("curl"):
        pytest.skip("curl is not here: install it")
    _ready(address)
    told = subprocess.run(  # noqa: S602 - a line of our own document
        command.replace(HERE, address), shell=True, capture_output=True, text=True, check=True, timeout=60
    )
    assert expected in told.stdout


def test_python(address: str) -> None:
    """The script of the document prints the twin towns."""
    _ready(address)
    script = BLOCKS["python"].replace(HERE, address)
    told = subprocess.run(  # noqa: S603 - our own document
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert "Imatra" in told.stdout
    assert "Bad Honnef" in told.stdout


def test_form_of_a_page(address: str) -> None:
    """The page for people sends queries to where the site is mounted, and names the prefixes."""
    _ready(address)
    page = httpx.get(f"{address}/sparql", headers={"Accept": "text/html"}, follow_redirects=True)
    assert page.status_code == 200
    assert "SPARQL" in page.text
    assert str(page.url) == f"{address}/sparql/index.html"
    assert '<form class="ask" method="get" action="../sparql/">' in page.text
    assert '<option value="place:">https://w3id.org/twintowns/ludvika/place/</option>' in page.text


def test_ways_on_from_a_refusal(address: str) -> None:
    """A person whose query is refused is told where, and led on in their language."""
    _ready(address)
    browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "fi"}
    page = httpx.get(f"{address}/sparql", params={"query": "SELECT"}, headers=browser)
    assert (page.status_code, page.headers["content-language"]) == (400, "fi")
    assert "Tähän pyyntöön ei voi vastata sellaisenaan." in page.text
    assert '<p class="why">Rivi 1, sarake 7: kyselyä ei voi lukea tästä eteenpäin; katso' in page.text
    assert '<p class="kind">Kyselymoottorin omin sanoin:</p>\n<pre lang="en">expected one of ' in page.text
    assert 'action="/twins/fi/search.html"' in page.text
    assert '<a href="/twins/fi/sparql/">' in page.text


@pytest.mark.parametrize("manifest", ['{"files": {}}', '{"space": "https://example.org/", "files": {}}'])
def test_nothing_to_ask(tmp_path: Path, manifest: str) -> None:
    """A site without a dump, or whose IRI space is not known, has no query service."""
    (tmp_path / "manifest.json").write_text(manifest)
    (described,) = query_service(tmp_path, "")
    assert [getattr(route, "path", "") for route in described.routes] == ["/openapi.json"]
