"""Pages opened in a real browser, Debian's Chromium, as readers have them.

A module of tests asks for `chromium` and for the places where the site lies: `served` by this program,
`static` on a plain web server, `folder` on the disk. `opened` gives a tab, and says at its end that no
request left the site and that the browser had nothing to complain about.

The browser lives as long as a module of tests: while it does, nothing else can run an event loop in its
process (https://playwright.dev/python/docs/library).
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

import http_table

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""As containers need it; and no name is looked up, so that nothing leaves the machine."""
PHONE: Final = (390, 844)
DESKTOP: Final = (1280, 900)
Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Reader:
    """How somebody reads.

    Attributes:
        size: Width and height of the window in CSS pixels.
        scheme: Whether they like it light or dark.
        has_scripts: Whether scripts run.
        locale: The language of the browser.
        more: Further options of a browser context.
    """

    size: tuple[int, int] = DESKTOP
    scheme: Scheme = "light"
    has_scripts: bool = True
    locale: str = "sv-SE"
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Tab:
    """A tab of the browser, and what it did.

    Attributes:
        page: The page, to be driven.
        base: The address of the site's root, ending in `/`.
        requests: The addresses that were asked for.
        complaints: What the browser complained about: errors of scripts and of loading, and broken policies.
    """

    page: Page
    base: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Response | None:
        """Go to a page of the site, and return the answer; on a disk there is none."""
        return self.page.goto(self.base + path, wait_until="load")

    def check(self) -> None:
        """See that since the last time no request left the site, and that nothing was complained about."""
        inside = (self.base, "data:", f"blob:{self.base}", "blob:null")
        foreign = [address for address in self.requests if not address.startswith(inside)]
        complaints = self.complaints.copy()
        self.forget()
        assert not foreign, foreign
        assert not complaints, complaints

    def forget(self) -> None:
        """Forget what was asked for and complained about."""
        self.requests.clear()
        self.complaints.clear()


def program() -> str:
    """Return where the browser is; where there is none, the test is skipped."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return found or pytest.skip("there is no Chromium: apt install chromium")


@contextmanager
def launched() -> Iterator[Browser]:
    """Run a browser; where there is none, the test is skipped."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=[*FLAGS])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, base: str, reader: Reader | None = None) -> Iterator[Tab]:
    """Open a tab; at its end no request must have left the site, and nothing must have been complained about.

    Args:
        browser: The browser.
        base: The address of the site's root, ending in `/`.
        reader: Who reads; else somebody at a desk.
    """
    who = reader or Reader()
    width, height = who.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=who.scheme,
        java_script_enabled=who.has_scripts,
        locale=who.locale,
        **who.more,  # type: ignore[arg-type]
    )
    tab = Tab(context.new_page(), base)
    context.on("request", lambda request: tab.requests.append(request.url))
    context.on("console", lambda message: _note(tab, message))
    context.on("weberror", lambda error: tab.complaints.append(str(error.error)))
    try:
        yield tab
        tab.check()
    finally:
        context.close()


def _note(tab: Tab, message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"}:
        tab.complaints.append(f"{message.location.get('url', '')}: {message.text}")


class _Files(SimpleHTTPRequestHandler):
    """Files as a plain web server hands them out: no negotiation, no headers of ours."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has there
        """Write no log."""


@contextmanager
def plainly_served(folder: Path) -> Iterator[str]:
    """Serve a folder as a static host does that knows nothing of this program; return its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder))) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def served_by_us(site: Path) -> Iterator[str]:
    """Serve a built site, which lies in a folder `build`, with `twintowns serve`; return its address."""
    assert site.name == "build"
    with http_table.serving(site.parent) as server:
        yield f"http://127.0.0.1:{server.port}/"


def on_disk(site: Path) -> str:
    """Return the address of a site that is opened from its folder."""
    return f"{site.as_uri()}/"
