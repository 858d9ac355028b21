"""The site opened in a real browser: it is there for everybody, and nothing of it comes from elsewhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

import browsing


@pytest.mark.parametrize("place", ["served", "static", "folder"])
def test_front_page(chromium: Browser, place: str, request: pytest.FixtureRequest) -> None:
    """The front page opens wherever the site lies."""
    with browsing.opened(chromium, request.getfixturevalue(place)) as tab:
        tab.go("index.html")
        assert tab.page.locator("h1").count() == 1
        assert tab.requests


def _asks_elsewhere(page: Page) -> None:
    page.evaluate("fetch('http://127.0.0.1:1/').catch(() => {})")
    page.wait_for_function("performance.getEntriesByType('resource').length > 0")


def _throws(page: Page) -> None:
    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('so it is') })")


def _breaks_policy(page: Page) -> None:
    with page.context.expect_event("console"):
        page.evaluate("document.body.append(Object.assign(document.createElement('iframe'), {src: '/'}))")


def _visited(browser: Browser, base: str, act: Callable[[Page], None]) -> None:
    with browsing.opened(browser, base) as tab:
        tab.go("index.html")
        act(tab.page)


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (_asks_elsewhere, "127.0.0.1:1/"),
        (_throws, "so it is"),
        (_breaks_policy, "Content Security Policy"),
    ],
)
def test_what_is_noticed(chromium: Browser, served: str, act: Callable[[Page], None], told: str) -> None:
    """A request that leaves the site is noticed, an error of a script, and what the policy forbids."""
    with pytest.raises(AssertionError, match=told):
        _visited(chromium, served, act)


def test_without_scripts(chromium: Browser, static: str) -> None:
    """Where scripts are off, none runs."""
    with browsing.opened(chromium, static, browsing.Reader(has_scripts=False)) as tab:
        tab.page.goto("data:text/html,<title>off</title><script>document.title = 'on'</script>")
        assert tab.page.title() == "off"
