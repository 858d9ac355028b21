"""Search in the page at the size of the snapshot: the time from a keystroke to the painted list.

The index is made of all places and twinnings of the snapshot, and served from this machine; names are typed
into a real Chromium letter by letter, each page anew, so that every file is loaded for the first time.
"""

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from threading import Thread
from typing import Any, Final, NamedTuple

import snapshot
from measuring import NotMeasuredError
from rows import Goal, Row

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.derivation import derived
from twintowns.findables import Findables, findables
from twintowns.project import ASSETS
from twintowns.searchindex import search_files

KEYSTROKE_MS: Final = Goal(100)
INDEX_S: Final = Goal(2)

_HERE: Final = Path(__file__).resolve().parent
_NAMES: Final = 40
_FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")


class _Typed(NamedTuple):
    """One name, typed: milliseconds until each keystroke is painted, those at work, bytes loaded."""

    painted: list[float]
    worked: list[float]
    loaded: int


def keystrokes(reference_data: Path, folder: Path) -> Iterator[Row]:
    """Make the index of the snapshot, and type into a page that has it."""
    whole = snapshot.read_snapshot(reference_data / "wikidata-p190")
    dataset, publication = _dataset(whole), Publication(snapshot.NAMES, (snapshot.LANGUAGE,))
    print(f"  {len(dataset.documents):,} documents", file=sys.stderr)
    started = time.process_time()
    found = findables(dataset, publication)
    files = list(search_files(found, publication))
    spent = time.process_time() - started
    sizes = [len(content) for path, content in files if "/part-" in path]
    told = f"{len(found.things):,} things in {len(sizes)} parts of {max(sizes):,} bytes at most"
    yield Row("search", "making the index", spent, "s", INDEX_S, told, "", 1)
    _write(folder, files)
    yield from _typed(folder, found)


def _typed(folder: Path, found: Findables) -> Iterator[Row]:
    names = [thing.names[0].text for thing in found.things[:: len(found.things) // _NAMES]]
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        runs = list(_runs(f"http://127.0.0.1:{server.server_port}/keystrokes.html", names))
        server.shutdown()
    loaded = [run.loaded for run in runs]
    note = f"a name loads {median(loaded) / 1000:.0f} kB, at most {max(loaded) / 1000:.0f} kB, uncompressed"
    yield _row("keystroke to painted list, 99 %", [time for run in runs for time in run.painted], note)
    worked = [time for run in runs for time in run.worked]
    yield _row("work of the page's main thread, 99 %", worked, "processor time, the harness's own included")


def _row(what: str, times: Sequence[float], note: str) -> Row:
    last = quantiles(times, n=100)[-1]
    words = f"median {median(times):.0f} ms, slowest {max(times):.0f} ms, of {len(times):,} keystrokes"
    return Row("search", what, last, "ms", KEYSTROKE_MS, words, "", 1, note)


def _runs(address: str, names: Sequence[str]) -> Iterator[_Typed]:
    """Type each name into a page of its own."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this part needs it
    except ImportError as error:
        raise NotMeasuredError("playwright is not here: pip install playwright") from error  # noqa: TRY003, EM101
    program = shutil.which("chromium")
    if program is None:
        raise NotMeasuredError("there is no Chromium: apt install chromium")  # noqa: TRY003, EM101
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*_FLAGS])
        for name in names:
            page = browser.new_page()
            page.goto(address)
            yield _run(page, name)
            page.close()
        browser.close()


def _run(page: Any, name: str) -> _Typed:  # noqa: ANN401 - of a library that may not be here
    box, thread = page.locator("#site-search"), page.context.new_cdp_session(page)
    thread.send("Performance.enable", {"timeDomain": "threadTicks"})
    spent = [_thread_ms(thread)]
    for count, letter in enumerate(name, 1):
        box.press_sequentially(letter)
        page.wait_for_function(f"times.length >= {count}")
        spent.append(_thread_ms(thread))
    sizes = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/search/'))"
    loaded = page.evaluate(f"{sizes}.reduce((sum, one) => sum + one.decodedBodySize, 0)")
    return _Typed(page.evaluate("times"), [later - before for before, later in pairwise(spent)], loaded)


def _thread_ms(thread: Any) -> float:  # noqa: ANN401 - as above
    """Return how long the page's main thread has been at work, by the processor's clock."""
    metrics = {one["name"]: one["value"] for one in thread.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"]) * 1000


def _dataset(whole: snapshot.Snapshot) -> Dataset:
    """Return the snapshot as a dataset with what is derived, names of twinnings among it."""
    asserted = frozenset(triple for _, triples in snapshot.things(whole) for triple in triples)
    return Dataset(snapshot.NAMES, asserted, derived(asserted), frozenset(), frozenset(), {})


def _write(folder: Path, files: Sequence[tuple[str, bytes]]) -> None:
    (folder / "search").mkdir()
    for path, content in files:
        (folder / path).write_bytes(content)
    shutil.copytree(ASSETS, folder / "assets")
    for name in ("keystrokes.html", "keystrokes.js"):
        shutil.copy2(_HERE / name, folder)


class _Quiet(SimpleHTTPRequestHandler):
    """Files, without a log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has there
        """Write no log."""
