"""The dump in the reader's own browser: packed or not, large, stopped while it comes, too large to hold."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Browser, Page, expect

import browsing

PAGE = "en/sparql/index.html"
NEEDED = (PAGE, "style.css", "query.css", "print.css", "favicon.svg", "sparql/service.json")
TRIPLE = '<http://example.org/{n}> <http://example.org/p> "{n}" <http://example.org/g> .\n'
BLANK = "_:b <http://example.org/{n}> <http://example.org/o> <http://example.org/g> .\n"
COUNT = "SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) { ?s ?p ?o }"
LARGE = 60_000_000
HOSTS = ("packed", "unpacked by the browser", "not there", "another page", "no file that is packed")


class _Host(SimpleHTTPRequestHandler):
    """A static host with its own way of handing out the packed dump.

    Attributes:
        way: Which of `HOSTS` it is.
        dump: The dump, unpacked.
        gate: What is waited for in the middle of the dump.
    """

    way = "packed"
    dump = b""
    gate: Event | None = None

    def do_GET(self) -> None:
        """Answer for the dump, or with a file."""
        if not self.path.startswith("/dump/"):
            super().do_GET()
        elif not self.path.endswith(".gz"):
            self._send(self.dump, {"Content-Type": "application/n-quads"})
        elif self.way == "not there":
            self.send_error(404)
        elif self.way == "another page":
            self._send(b"<!doctype html>", {"Content-Type": "text/html; charset=utf-8"})
        else:
            coding = {"Content-Encoding": "gzip"} if self.way == "unpacked by the browser" else {}
            packed = {"Content-Type": "application/gzip"} | coding
            self._send(gzip.compress(self.dump), packed)

    def _send(self, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.gate:
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            self.gate.wait(60)
            return
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has there
        """Write no log."""


@contextmanager
def host(site: Path, folder: Path, **ways: object) -> Iterator[str]:
    """Serve the query page of a site with another dump; return the address.

    Args:
        site: The site.
        folder: Where files may be put.
        ways: What the host and the page know: attributes of the host, or `bytes` and `packed` of the page.
    """
    told = {name: ways.pop(name) for name in ("bytes", "packed") if name in ways}
    for path in NEEDED:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes((site / path).read_bytes())
    page = folder / PAGE
    for name, value in told.items():
        text = page.read_text(encoding="utf-8")
        changed = re.sub(f"&#34;{name}&#34;:[0-9]+", f"&#34;{name}&#34;:{value}", text)
        page.write_text(changed, encoding="utf-8")
    (folder / "assets").symlink_to(site / "assets")
    handler = type("Host", (_Host,), ways)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def opened(tab: browsing.Tab, query: str = COUNT) -> Page:
    """Open the query page with a query in its editor."""
    expect.set_options(timeout=60_000)
    tab.go(f"{PAGE}?query={query}")
    expect(tab.page.locator(".status")).not_to_be_empty()
    return tab.page


def dump(count: int) -> bytes:
    """Return a dump of so many triples, in the midst of which one blank node is told of from end to end."""
    lines = [BLANK.format(n=n) if n % 1000 == 0 else TRIPLE.format(n=n) for n in range(count)]
    return "".join(lines).encode()


@pytest.mark.parametrize("way", HOSTS)
def test_however_it_is_handed_out(chromium: Browser, site: Path, tmp_path: Path, way: str) -> None:
    """The dump is loaded packed where it is, unpacked else, in parts; a blank node stays one in all."""
    packed = 0 if way == HOSTS[-1] else 1
    with (
        host(site, tmp_path, way=way, dump=dump(40_000), packed=packed) as address,
        browsing.opened(chromium, address) as tab,
    ):
        page = opened(tab)
        page.locator(".run").click()
        expect(page.locator(".shown td").first).to_have_text("40000")
        expect(page.locator(".shown td").nth(1)).to_have_text(str(40_000 - 40 + 1))
        tab.complaints[:] = [one for one in tab.complaints if "404" not in one]
        asked = [one.removeprefix(address) for one in tab.requests if "/dump/" in one]
        both = ["dump/twintowns.nq.gz", "dump/twintowns.nq"]
        assert asked == {HOSTS[0]: both[:1], HOSTS[1]: both[:1], HOSTS[4]: both[1:]}.get(way, both)


def test_large(chromium: Browser, site: Path, tmp_path: Path) -> None:
    """A large dump is loaded only when somebody says so, who is told how large it is; and is asked once."""
    with (
        host(site, tmp_path, dump=dump(10), bytes=LARGE, packed=2_600_000) as address,
        browsing.opened(chromium, address) as tab,
    ):
        page = opened(tab)
        page.locator(".run").click()
        expect(page.locator(".offer")).to_contain_text("2.6 MB to fetch, and some 400 MB of this device")
        expect(page.get_by_role("button", name="Load the dataset")).to_be_focused()
        assert not [one for one in tab.requests if "/dump/" in one or "oxigraph" in one]
        page.keyboard.press("Enter")
        expect(page.locator(".shown td").first).to_have_text("10")
        expect(page.locator(".offer")).to_be_hidden()
        page.locator(".run").click()
        expect(page.locator(".run")).to_be_enabled()
        expect(page.locator(".offer")).to_be_hidden()


def test_stopped_while_it_comes(chromium: Browser, site: Path, tmp_path: Path) -> None:
    """Loading is stopped at once, and begins anew with the next query."""
    gate = Event()
    with (
        host(site, tmp_path, dump=dump(40_000), gate=gate, packed=0) as address,
        browsing.opened(chromium, address) as tab,
    ):
        page = opened(tab)
        page.locator(".run").click()
        expect(page.locator(".status")).to_contain_text("is being loaded")
        expect(page.locator(".loading")).to_be_visible()
        page.locator(".stop").click()
        expect(page.locator(".problem")).to_have_text("Stopped: the query was not answered.")
        expect(page.locator(".loading")).to_be_hidden()
        gate.set()


def test_no_room(chromium: Browser, site: Path, tmp_path: Path) -> None:
    """Where the browser has no memory for the dump, that is what is said, and what to do."""
    flags = [*browsing.FLAGS, "--js-flags=--wasm-max-mem-pages=320"]
    with host(site, tmp_path, dump=dump(200_000)) as address:
        browser = chromium.browser_type.launch(executable_path=browsing.program(), args=flags)
        try:
            with browsing.opened(browser, address) as tab:
                page = opened(tab)
                page.locator(".run").click()
                expect(page.locator(".problem")).to_contain_text("needs more memory than this browser allows")
                expect(page.locator(".problem")).to_contain_text("The dataset")
                tab.complaints.clear()
        finally:
            browser.close()
