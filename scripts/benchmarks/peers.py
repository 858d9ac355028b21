"""The service beside other servers of the same data, and beside a client that asks the worst it can think of.

Trifid (https://github.com/zazuko/trifid) and the Linked Data Fragments server
(https://github.com/LinkedDataFragments/Server.js) come from the npm registry and rdflib-endpoint
(https://github.com/vemonet/rdflib-endpoint) from the package index, each into a temporary folder; nginx is
the system's. What is missing is told in the row that it would have filled.
"""

import getpass
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple
from urllib.parse import quote

from measuring import Command, NotMeasuredError, measured
from rows import Goal, Row
from service import COUNTING, PLACE, QUERY, Load, Running, Target, asked, module, running

OF_TRIFID: Final = Goal(2, is_most=False)
OF_NGINX: Final = Goal(1 / 3, is_most=False)
FAIR: Final = Goal(3)
_TRIFID: Final = "trifid@5"
_LDF: Final = "@ldf/server@3"
_SUBJECT: Final = f"https://w3id.org/twintowns/ludvika/{PLACE}"
_JSON: Final = ("Accept: application/sparql-results+json",)
_WORST: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }"
_ANOTHER: Final = "X-Forwarded-For: 203.0.113.9"
_NGINX: Final = """
user {user}; worker_processes auto; daemon off; pid nginx.pid; error_log stderr error;
events {{ worker_connections 1024; }}
http {{
  access_log off; default_type text/html; client_body_temp_path t; proxy_temp_path t;
  fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
  server {{ listen 127.0.0.1:{port}; root {site}; }}
}}
"""


class _Comparison(NamedTuple):
    """What of ours is compared with what of a peer."""

    what: str
    ours: Target
    peer: Target
    goal: Goal


def peers(root: Path, folder: Path, runs: int) -> Iterator[Row]:
    """Measure the service against each peer in turn, in the same rounds.

    Args:
        root: The project to build and serve.
        folder: Where temporary files go.
        runs: How many rounds.
    """
    project = folder / "project"
    shutil.copytree(root / "data", project / "data")
    measured(Command((sys.executable, "-m", "twintowns", "build", project)))
    with ExitStack() as stack:
        serving = [*module("twintowns"), "serve", project, "--quiet", "--trusted-proxy", "127.0.0.1"]
        ours, _ = stack.enter_context(running(serving))
        every, _ = stack.enter_context(running([*serving, "--processes", "2"]))
        yield from _against("Trifid", _trifid, _of_trifid(ours), (folder, runs))
        yield from _against("rdflib-endpoint", _rdflib_endpoint, _of_rdflib(ours), (folder, runs))
        yield from _against("the LDF server", _ldf, _of_ldf(ours), (folder, runs))
        yield from _against("nginx, all cores", _nginx, _of_nginx(every), (folder, runs))
        yield from _fairness(ours, folder, runs)


def _of_trifid(ours: str) -> Callable[[str], list[_Comparison]]:
    def compared(peer: str) -> list[_Comparison]:
        query = f"query?query={quote(QUERY)}"
        told = [
            _Comparison("small query", _query(ours), Target(f"{peer}{query}", _JSON), OF_TRIFID),
        ]
        for name, accepted, suffix in (("page", "text/html", "html"), ("Turtle", "text/turtle", "ttl")):
            theirs = Target(f"{peer}{PLACE}", (f"Accept: {accepted}",))
            told.append(_Comparison(name, Target(f"{ours}{PLACE}.{suffix}"), theirs, OF_TRIFID))
        return told

    return compared


def _of_rdflib(ours: str) -> Callable[[str], list[_Comparison]]:
    return lambda peer: [
        _Comparison("small query", _query(ours), Target(f"{peer}?query={quote(QUERY)}", _JSON), OF_TRIFID)
    ]


def _of_ldf(ours: str) -> Callable[[str], list[_Comparison]]:
    def compared(peer: str) -> list[_Comparison]:
        fragment = f"{peer}twintowns?subject={quote(_SUBJECT, safe='')}"
        return [
            _Comparison(
                name, Target(f"{ours}{PLACE}.{suffix}"), Target(fragment, (f"Accept: {accepted}",)), OF_TRIFID
            )
            for name, accepted, suffix in (("page", "text/html", "html"), ("Turtle", "text/turtle", "ttl"))
        ]

    return compared


def _of_nginx(ours: str) -> Callable[[str], list[_Comparison]]:
    return lambda peer: [
        _Comparison(suffix, Target(f"{ours}{PLACE}.{suffix}"), Target(f"{peer}{PLACE}.{suffix}"), OF_NGINX)
        for suffix in ("html", "ttl")
    ]


def _query(ours: str, *more: str) -> Target:
    return Target(f"{ours}sparql?query={quote(QUERY)}", (*_JSON, *more))


def _against(
    name: str,
    start: Callable[[Path], AbstractContextManager[Running]],
    compared: Callable[[str], list[_Comparison]],
    how: tuple[Path, int],
) -> Iterator[Row]:
    folder, runs = how
    try:
        with start(folder) as (address, _):
            for one in compared(address):
                rounds = [(asked(one.ours, folder), asked(one.peer, folder)) for _ in range(runs)]
                yield _row(f"{one.what}, against {name}", rounds, one.goal)
    except NotMeasuredError as reason:
        yield Row("peers", name, note=f"not measured: {reason}")


def _row(what: str, rounds: Sequence[tuple[Load, Load]], goal: Goal) -> Row:
    ratio = median(ours.per_second / peer.per_second for ours, peer in rounds)
    ours, peer = (f"{median(one[at].per_second for one in rounds):,.0f} requests/s" for at in (0, 1))
    return Row("peers", what, ratio, "×", goal, ours, peer, len(rounds))


def _fairness(ours: str, folder: Path, runs: int) -> Iterator[Row]:
    """Measure the slowest answers to a client while another asks the worst query again and again."""
    (folder / "counting.lua").write_text(COUNTING, encoding="ascii")
    usual = {
        "a page": Target(f"{ours}{PLACE}.html"),
        "small queries, each another": _query(ours)._replace(is_counting=True),
    }
    worst = f"{ours}sparql?query={quote(_WORST)}"
    for name, target in usual.items():
        rounds = []
        for _ in range(runs):
            alone = asked(target, folder, clients=4)
            with _looping(worst):
                rounds.append((asked(target, folder, clients=4), alone))
        ratio = median(beside.p99_ms / alone.p99_ms for beside, alone in rounds)
        slowest = [f"{median(one[at].p99_ms for one in rounds):.1f} ms" for at in (0, 1)]
        what = f"p99 of {name}, beside a client with the worst query in a loop"
        yield Row("peers", what, ratio, "×", FAIR, slowest[0], f"without it: {slowest[1]}", runs)


@contextmanager
def _looping(url: str) -> Iterator[None]:
    command = ["wrk", "-t1", "-c1", "-d60s", "--timeout", "60s", "-H", _ANOTHER, url]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _from_npm(package: str, place: Path, *options: str) -> None:
    npm = shutil.which("npm")
    if not npm:
        why = "npm is not here"
        raise NotMeasuredError(why)
    place.mkdir()
    quiet = ("--silent", "--no-audit", "--no-fund")
    measured(Command((npm, "install", *quiet, *options, "--prefix", place, package)))


def _ldf(folder: Path) -> AbstractContextManager[Running]:
    """Start it without scripts of packages: what they compile reads HDT, which is not needed."""
    place = folder / "ldf"
    _from_npm(_LDF, place, "--ignore-scripts")
    source = {
        "@id": "urn:ldf-server:twintowns",
        "@type": "NTriplesDatasource",
        "datasourceTitle": "Twin towns",
        "datasourcePath": "twintowns",
        "file": str(folder / "project/build/dump/twintowns.nt"),
    }
    told = {
        "@context": "https://linkedsoftwaredependencies.org/bundles/npm/@ldf/server/^3.0.0/components/context.jsonld",
        "@id": "urn:ldf-server:my",
        "import": "preset-qpf:config-defaults.json",
        "title": "Twin towns",
        "workers": 1,
        "datasources": [source],
    }
    (place / "config.json").write_text(json.dumps(told), encoding="utf-8")
    program = place / "node_modules/.bin/ldf-server"
    return running([program, place / "config.json"], "{port}", "1", path="twintowns")


def _trifid(folder: Path) -> AbstractContextManager[Running]:
    place = folder / "trifid"
    _from_npm(_TRIFID, place)
    handler = {
        "url": str(folder / "project/build/dump/twintowns.nt"),
        "contentType": "application/n-triples",
        "baseIRI": "https://w3id.org/twintowns/ludvika/",
        "graphName": "https://w3id.org/twintowns/ludvika/graph/all",
        "unionDefaultGraph": True,
    }
    plugins = {
        "entity-renderer": {"module": "@zazuko/trifid-entity-renderer"},
        "fetch-handler": {"module": "trifid-handler-fetch", "paths": "/query", "config": handler},
    }
    space = {"datasetBaseUrl": handler["baseIRI"], "endpoints": {"default": {"url": "/query"}}}
    (place / "config.json").write_text(json.dumps({"globals": space, "plugins": plugins}), encoding="utf-8")
    program = place / "node_modules/.bin/trifid"
    return running([program, "--config", place / "config.json"], "--port", "{port}", path=PLACE)


def _rdflib_endpoint(folder: Path) -> AbstractContextManager[Running]:
    place = folder / "rdflib-endpoint"
    measured(Command((sys.executable, "-m", "venv", place)))
    quiet = ("--quiet", "--disable-pip-version-check")
    measured(Command((place / "bin/pip", "install", *quiet, "rdflib-endpoint", "uvicorn", "oxrdflib")))
    dump = folder / "project/build/dump/twintowns.nt"
    serving: list[str | Path] = [
        place / "bin/rdflib-endpoint",
        "serve",
        "--host",
        "127.0.0.1",
        "--store",
        "Oxigraph",
        dump,
    ]
    return running(serving, "--port", "{port}", path="?query=ASK%7B%7D")


def _nginx(folder: Path) -> AbstractContextManager[Running]:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if not nginx:
        why = "nginx is not here"
        raise NotMeasuredError(why)
    place = folder / "nginx"
    place.mkdir()
    told = _NGINX.format(port="{port}", site=folder / "project/build", user=getpass.getuser())
    return running([nginx, "-p", place], "-c", place / "nginx.conf", file=(place / "nginx.conf", told))
