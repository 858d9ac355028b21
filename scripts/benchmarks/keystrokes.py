"""Search in the page at the size of the snapshot: the time from a keystroke to the painted list.

The index is made of all places and twinnings of the snapshot, and served from this machine; names are typed
into a real Chromium letter by letter, each page anew, so that every file is loaded for the first time.
Beside it stands a page whose handler of keys is empty, in the same rounds: what that takes is the harness,
the browser and the load of the machine. The first letter comes when the table of the index is there, which is
loaded when the box is focused.
"""

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
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
LANGUAGES: Final = (snapshot.LANGUAGE, "sv", "de", "fi", "et")

_HERE: Final = Path(__file__).resolve().parent
_NAMES: Final = 40
_HARD: Final = (
    "municipality of san",
    "gemeinde s",
    "santiago de",
    "saint p",
    "xyzzyx",
    "petresburg",
    "a b c",
)
"""What many things are called, what none is, and what somebody mistyped."""
_PAGE: Final = "keystrokes.html"
_FLOOR: Final = "floor.html"
_SCRIPT: Final = '<script src="assets/search.js" defer></script>\n'
_FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")


class _Keystroke(NamedTuple):
    """Milliseconds until a keystroke is painted, and those that the page's main thread was at work."""

    painted: float
    worked: float


class _Typed(NamedTuple):
    """A name, typed: its keystrokes, and the bytes of the index that they loaded."""

    keystrokes: list[_Keystroke]
    loaded: int


def keystrokes(reference_data: Path, folder: Path) -> Iterator[Row]:
    """Make the index of the snapshot, and type into a page that has it."""
    whole = snapshot.read_snapshot(reference_data / "wikidata-p190")
    dataset, publication = _dataset(whole), Publication(snapshot.NAMES, LANGUAGES)
    print(f"  {len(dataset.documents):,} documents", file=sys.stderr)
    started = time.process_time()
    found = findables(dataset, publication)
    files = list(search_files(found, publication))
    spent = time.process_time() - started
    sizes = [len(content) for path, content in files if "/part-" in path]
    told = f"{len(found.things):,} things in {len(sizes)} parts of {max(sizes):,} bytes at most"
    yield Row("search", "making the index, processor time", spent, "s", INDEX_S, told, "", 1)
    _write(folder, files)
    yield from _typed(folder, _names(found))


def _names(found: Findables) -> list[str]:
    """Return names out of all, what people type for two of them, and what is hard to find."""
    names = [thing.names[0].text for thing in found.things]
    return [*names[:: len(names) // _NAMES], *_HARD]


def _typed(folder: Path, names: Sequence[str]) -> Iterator[Row]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        for name, slowness in {"": 1, ", a processor four times as slow": 4}.items():
            search, floor = _runs(address, names, slowness)
            yield from _rows(name, search, floor)
        server.shutdown()


def _rows(on: str, search: Sequence[_Typed], floor: Sequence[_Typed]) -> Iterator[Row]:
    """Tell of the search beside a page that does nothing with what is typed."""
    loaded = [run.loaded for run in search]
    note = f"a name loads {median(loaded) / 1000:.0f} kB, at most {max(loaded) / 1000:.0f} kB, uncompressed"
    ours, empty = ([one for run in runs for one in run.keystrokes] for runs in (search, floor))
    for place, what in enumerate(("keystroke to painted list", "work of the page's main thread")):
        times, bare = ([one[place] for one in run] for run in (ours, empty))
        words = f"{_spread(times)}, of {len(times):,} keystrokes"
        against = f"a page with an empty handler: {_spread(bare)}"
        title = f"{what}, 99 %{on}"
        yield Row("search", title, _last(times), "ms", KEYSTROKE_MS, words, against, 1, note)


def _last(times: Sequence[float]) -> float:
    return quantiles(times, n=100)[-1]


def _spread(times: Sequence[float]) -> str:
    return f"median {median(times):.0f} ms, 99 % {_last(times):.0f} ms, slowest {max(times):.0f} ms"


def _runs(address: str, names: Sequence[str], slowness: int) -> tuple[list[_Typed], list[_Typed]]:
    """Type each name into a page of its own, with the search and without it in turn."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this part needs it
    except ImportError as error:
        raise NotMeasuredError("playwright is not here: pip install playwright") from error  # noqa: TRY003, EM101
    program = shutil.which("chromium")
    if program is None:
        raise NotMeasuredError("there is no Chromium: apt install chromium")  # noqa: TRY003, EM101
    found: tuple[list[_Typed], list[_Typed]] = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*_FLAGS])
        for name in names:
            for page_name, runs in zip((_PAGE, _FLOOR), found, strict=True):
                page = browser.new_page()
                page.goto(address + page_name)
                runs.append(_run(page, name, slowness))
                page.close()
        browser.close()
    return found


def _run(page: Any, name: str, slowness: int) -> _Typed:  # noqa: ANN401 - of a library that may not be here
    page.locator("#site-search").focus()
    page.evaluate("ready()")
    thread, typed = page.context.new_cdp_session(page), []
    thread.send("Performance.enable", {"timeDomain": "threadTicks"})
    thread.send("Emulation.setCPUThrottlingRate", {"rate": slowness})
    for count, letter in enumerate(name, 1):
        before = _thread_ms(thread)
        page.keyboard.type(letter)
        painted = page.evaluate(f"painted({count})")
        typed.append(_Keystroke(painted, _thread_ms(thread) - before))
    sizes = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/search/'))"
    loaded = page.evaluate(f"{sizes}.reduce((sum, one) => sum + one.decodedBodySize, 0)")
    return _Typed(typed, loaded)


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
    for name in (_PAGE, "keystrokes.js"):
        shutil.copy2(_HERE / name, folder)
    page = (folder / _PAGE).read_text(encoding="utf-8")
    (folder / _FLOOR).write_text(page.replace(_SCRIPT, ""), encoding="utf-8")


class _Quiet(SimpleHTTPRequestHandler):
    """Files, without a log, over connections that are kept."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """As servers do; else the second packet of every other answer waits 40 ms for a delayed receipt."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has there
        """Write no log."""
