"""The service under load: requests a second by `wrk` on loopback, in turn with its peers in every round.

Each server runs for the whole part, in a process of its own, and is asked only in its turn.
`wrk` (https://github.com/wg/wrk) tells requests a second and percentiles of the time to answer.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from measuring import Command, NotMeasuredError, measured
from rows import Goal, Row

CLIENTS: Final = 50
SECONDS: Final = 3
OF_BARE: Final = Goal(0.8, is_most=False)
OF_OXIGRAPH: Final = Goal(0.4, is_most=False)
LATENCY_MS: Final = Goal(10)
MEMORY_MB: Final = Goal(120)

_WITHOUT_WRK: Final = "wrk is not here: install it (Debian: apt-get install wrk)"
_WITHOUT_OXIGRAPH: Final = "the oxigraph server is not here: pip install oxigraph"
_HERE: Final = Path(__file__).resolve().parent
_UNITS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0}
PLACE: Final = "place/Q503184"
QUERY: Final = (
    "SELECT ?name { <https://w3id.org/twintowns/ludvika/place/Q503184> <https://schema.org/name> ?name }"
)
COUNTING: Final = """
local count = 0
request = function()
  count = count + 1
  return wrk.format("GET", wrk.path .. "%20%23" .. count)
end
"""
"""Asks another query each time: one with another comment at its end."""


class Load(NamedTuple):
    """What `wrk` tells of one round."""

    per_second: float
    p99_ms: float


Running = tuple[str, int]
"""A server that runs: its address, and its process."""


class Target(NamedTuple):
    """What is asked: an address, headers, and whether each query is another."""

    url: str
    headers: tuple[str, ...] = ()
    is_counting: bool = False


def service(root: Path, folder: Path, runs: int) -> Iterator[Row]:
    """Measure the service of a publication against a bare answer and the Oxigraph server.

    Args:
        root: The project to build and serve.
        folder: Where temporary files go.
        runs: How many rounds.

    Raises:
        NotMeasuredError: If a program is missing or does not answer.
    """
    if not shutil.which("wrk"):
        raise NotMeasuredError(_WITHOUT_WRK)
    site = folder / "project/build"
    shutil.copytree(root / "data", site.parent / "data")
    measured(Command((sys.executable, "-m", "twintowns", "build", site.parent)))
    (folder / "counting.lua").write_text(COUNTING, encoding="ascii")
    with ExitStack() as stack:
        serving = [*module("twintowns"), "serve", site.parent, "--quiet"]
        ours, process = stack.enter_context(running(serving))
        spread, _ = stack.enter_context(running([*serving, "--processes", str(os.cpu_count() or 1)]))
        bare, _ = stack.enter_context(
            running([*module("granian"), "--interface", "asgi", "--no-ws", "bare:application"])
        )
        floor, _ = stack.enter_context(_floor(site))
        store, _ = stack.enter_context(_oxigraph(site, folder))
        targets = _targets(ours, bare, store, floor) | _spread(spread)
        rounds = [{name: asked(target, folder) for name, target in targets.items()} for _ in range(runs)]
        memory = _largest_mb(process)
    for name in ("page", "Turtle", "303"):
        yield _row(f"{name}, one process", name, "bare Starlette", rounds, OF_BARE)
    yield _row("page, not packed, one process", "page, not packed", "bare Starlette", rounds, None)
    yield _row("the same small query again", "query", "oxigraph", rounds, OF_OXIGRAPH)
    yield _row("a small query, another each time", "other query", "oxigraph, other query", rounds, None)
    yield _row(
        "a small query, another each time, as many processes as cores",
        "other query, all cores",
        "oxigraph, other query",
        rounds,
        None,
    )
    yield _row("bare floor in Python, another each time", "floor", "oxigraph, other query", rounds, None)
    yield _row("a small query, another each time", "other query", "floor", rounds, None)
    slowest = max(median(one[name].p99_ms for one in rounds) for name in ("page", "Turtle", "303"))
    yield Row("serve", f"p99 at {CLIENTS} clients, slowest of these", slowest, "ms", LATENCY_MS, runs=runs)
    yield Row("serve", "largest process but those that hold the store", memory, "MB", MEMORY_MB, runs=1)


def module(name: str) -> list[str | Path]:
    """Return the command that runs a module."""
    return [sys.executable, "-m", name]


def _targets(ours: str, bare: str, store: str, floor: str) -> dict[str, Target]:
    asked = f"?query={quote(QUERY)}"
    json = ("Accept: application/sparql-results+json",)
    return {
        "page": Target(f"{ours}{PLACE}.html", ("Accept-Encoding: gzip, deflate, br, zstd",)),
        "page, not packed": Target(f"{ours}{PLACE}.html"),
        "Turtle": Target(f"{ours}{PLACE}.ttl"),
        "303": Target(f"{ours}{PLACE}", ("Accept: text/turtle;q=0.9, text/html;q=0.8",)),
        "bare Starlette": Target(bare),
        "query": Target(f"{ours}sparql{asked}", json),
        "oxigraph": Target(f"{store}query{asked}", json),
        "other query": Target(f"{ours}sparql{asked}", json, is_counting=True),
        "floor": Target(f"{floor}{asked}", json, is_counting=True),
        "oxigraph, other query": Target(f"{store}query{asked}", json, is_counting=True),
    }


def _spread(address: str) -> dict[str, Target]:
    """Return what is asked of a service that has all cores, as the Oxigraph server does."""
    json = ("Accept: application/sparql-results+json",)
    return {"other query, all cores": Target(f"{address}sparql?query={quote(QUERY)}", json, is_counting=True)}


def asked(target: Target, folder: Path, clients: int = CLIENTS) -> Load:
    """Ask one target for some seconds."""
    headers = [part for header in target.headers for part in ("-H", header)]
    script = ["-s", str(folder / "counting.lua")] if target.is_counting else []
    load = ["-t1", f"-c{clients}", f"-d{SECONDS}s", "--latency"]
    told = measured(Command(["wrk", *load, *headers, *script, target.url])).output
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    if not rate or not slow or "Non-2xx or 3xx" in told:
        why = f"{target.url} is not answered as it should be: {told[-300:]}"
        raise NotMeasuredError(why)
    return Load(float(rate[1]), float(slow[1]) * _UNITS[slow[2]])


def _row(what: str, ours: str, peer: str, rounds: Sequence[dict[str, Load]], goal: Goal | None) -> Row:
    ratio = median(one[ours].per_second / one[peer].per_second for one in rounds)
    told = [f"{median(one[name].per_second for one in rounds):,.0f} requests/s" for name in (ours, peer)]
    data: dict[str, object] = {
        "rounds": [{name: one[name]._asdict() for name in (ours, peer)} for one in rounds]
    }
    return Row("serve", what, ratio, "×", goal, told[0], f"{peer}: {told[1]}", len(rounds), "", data)


def _floor(site: Path) -> AbstractContextManager[Running]:
    """Run what passes queries through to an engine in another process, and does nothing else."""
    dump = f"TWINTOWNS_DUMP={site / 'dump/twintowns.nq'}"
    return running(["env", dump, *module("granian"), "--interface", "asgi", "--no-ws", "floor:application"])


@contextmanager
def _oxigraph(site: Path, folder: Path) -> Iterator[Running]:
    """Run the Oxigraph server over the same dataset."""
    program = Path(sys.executable).with_name("oxigraph")
    if not program.is_file():
        raise NotMeasuredError(_WITHOUT_OXIGRAPH)
    store = folder / "store"
    dump = site / "dump/twintowns.nq"
    measured(Command((program, "load", "--location", store, "--file", dump)))
    serving: list[str | Path] = [program, "serve-read-only", "--union-default-graph", "--location", store]
    with running(serving, "--bind", "127.0.0.1:{port}") as told:
        yield told


@contextmanager
def running(
    command: Sequence[str | Path],
    *where: str | Path,
    path: str = "",
    file: tuple[Path, str] | None = None,
) -> Iterator[Running]:
    """Run a server; hand on its address and its process.

    Args:
        command: The server.
        where: How it is told its port, as `{port}`.
        path: What to ask until it answers.
        file: A configuration that is written first, with its port as `{port}`.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if file:
        file[0].write_text(file[1].replace("{port}", str(port)), encoding="utf-8")
    place = [str(one).format(port=port) for one in where] or ["--port", str(port)]
    process = subprocess.Popen(
        [*command, *place], cwd=_HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}/{path}")
        yield f"http://127.0.0.1:{port}/", process.pid
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str) -> None:
    for _ in range(200):
        with suppress(URLError, ConnectionError), urlopen(url, timeout=5):  # noqa: S310 - an address of our own
            return
        time.sleep(0.1)
    why = f"{url} does not answer"
    raise NotMeasuredError(why)


def _largest_mb(parent: int) -> float:
    """Return the memory of the largest child that answers: of the first that was started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    sizes = [
        Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii") for pid in (str(parent), *children)
    ]
    found = [re.search(r"^Rss:\s+(\d+)", size, re.MULTILINE) for size in sizes]
    return max(int(one[1]) for one in found if one) / 1024
