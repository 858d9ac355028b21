"""Publishing: all graphs of a site in a triple store, or those that were there before."""

import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from twintowns.credentials import Credentials
from twintowns.exceptions import (
    GraphStoreError,
    RefusedError,
    SeveralFailuresError,
    SiteError,
    TwinTownsError,
    UnreachableError,
)
from twintowns.graphstore import Addresses, GraphStore
from twintowns.namedgraphs import GRAPHS
from twintowns.patience import Patience
from twintowns.publishing import publish

if TYPE_CHECKING:
    import sites
    import stores
else:
    sites = importlib.import_module("tests.sites")
    stores = importlib.import_module("tests.stores")

HASTY = Patience(tries=2, first_s=0.01, connect_s=5, answer_s=60)
NOBODY = Credentials()
PUBLISHER = Credentials(stores.USER, stores.PASSWORD)

Modes = pytest.mark.parametrize("updates", [False, True], ids=["put", "copy"])


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator["stores.Oxigraph"]:
    """Return a running Oxigraph."""
    if not stores.OXIGRAPH.is_file():
        pytest.skip("the Oxigraph server is not here: pip install oxigraph")
    yield from stores.running(stores.Oxigraph(tmp_path_factory.mktemp("oxigraph")))


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator["stores.Virtuoso"]:
    """Return a running Virtuoso with a user who may publish."""
    if not (shutil.which("virtuoso-t") and shutil.which("isql-vt")):
        pytest.skip("Virtuoso is not here: apt-get install virtuoso-opensource-7")
    for server in stores.running(stores.Virtuoso(tmp_path_factory.mktemp("virtuoso"))):
        server.admit()
        yield server


@pytest.fixture
def loopback() -> Iterator["stores.Loopback"]:
    """Return a store that fails as it is told."""
    store = stores.Loopback()
    try:
        yield store
    finally:
        store.stop()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a site that was published before."""
    return sites.write_site(tmp_path / "old", sites.dump("old", 3, 2, 1))


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Return a site to be published: nothing is derived any more."""
    return sites.write_site(tmp_path / "new", sites.dump("new", 5, 0, 2))


@pytest.fixture
def both(old: Path, new: Path) -> tuple[Path, Path]:
    """Return both sites."""
    return old, new


def send(
    site: Path,
    addresses: Addresses,
    who: Credentials = NOBODY,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Publish a site, without much patience."""
    publish(site, GraphStore(addresses, who, HASTY), progress)


def where(store: "stores.Server | stores.Loopback", *, updates: bool) -> Addresses:
    """Return how a store is spoken to: graph by graph, or by updates too."""
    return store.with_update() if updates else store.addresses()


def held(store: "stores.Server | stores.Loopback") -> list[int]:
    """Return how many triples each published graph holds, and none of what was loaded beside them."""
    beside = [f"{sites.graph(name)}#{ending}" for name in GRAPHS for ending in ("next", "previous")]
    assert [iri for iri in [*beside, sites.graph("publishing")] if store.count(iri)] == []
    return [store.count(sites.graph(name)) for name in GRAPHS]


@Modes
def test_oxigraph(oxigraph: "stores.Oxigraph", old: Path, new: Path, *, updates: bool) -> None:
    """Oxigraph holds what was published last, and nothing else."""
    send(old, where(oxigraph, updates=updates))
    assert held(oxigraph) == [3, 2, 1]
    send(new, where(oxigraph, updates=updates))
    assert held(oxigraph) == [5, 0, 2]


@Modes
def test_virtuoso(virtuoso: "stores.Virtuoso", old: Path, new: Path, *, updates: bool) -> None:
    """Virtuoso, which wants digest authentication, holds what was published last, and nothing else."""
    send(old, where(virtuoso, updates=updates), PUBLISHER)
    assert held(virtuoso) == [3, 2, 1]
    send(new, where(virtuoso, updates=updates), PUBLISHER)
    assert held(virtuoso) == [5, 0, 2]


def test_whole_publication(virtuoso: "stores.Virtuoso", oxigraph: "stores.Oxigraph", site: Path) -> None:
    """The first publication arrives in both stores with every triple."""
    send(site, virtuoso.with_update(), PUBLISHER)
    send(site, oxigraph.with_update())
    dump = (site / "dump/twintowns.nq").read_text(encoding="utf-8").splitlines()
    for name in GRAPHS:
        iri = f"https://w3id.org/twintowns/ludvika/graph/{name}"
        triples = sum(line.endswith(f"<{iri}> .") for line in dump)
        assert (virtuoso.count(iri), oxigraph.count(iri)) == (triples, triples)
        assert triples > 50


def test_virtuoso_hands_out_too_little(virtuoso: "stores.Virtuoso", tmp_path: Path) -> None:
    """Where Virtuoso hands out a part of a graph only, nothing is touched without its update address."""
    large = sites.write_site(tmp_path / "large", sites.dump("large", 150, 1, 1))
    send(large, virtuoso.with_update(), PUBLISHER)
    with pytest.raises(GraphStoreError, match=r"it hands out only 10[01] of the 150 triples .*--update"):
        send(large, virtuoso.addresses(), PUBLISHER)
    assert held(virtuoso) == [150, 1, 1]
    send(large, virtuoso.with_update(), PUBLISHER)
    assert held(virtuoso) == [150, 1, 1]


@Modes
def test_wrong_password(virtuoso: "stores.Virtuoso", old: Path, new: Path, *, updates: bool) -> None:
    """With a wrong password nothing changes, and the message tells the variables and not the password."""
    send(old, virtuoso.with_update(), PUBLISHER)
    with pytest.raises(RefusedError, match=r"status 401.*TWINTOWNS_PASSWORD") as failure:
        send(new, where(virtuoso, updates=updates), Credentials(stores.USER, "wrong-guess"))
    assert "wrong-guess" not in str(failure.value)
    assert held(virtuoso) == [3, 2, 1]


@pytest.mark.parametrize("kind", ["Virtuoso", "Oxigraph"])
@Modes
def test_store_is_killed(
    request: pytest.FixtureRequest, kind: str, old: Path, new: Path, *, updates: bool
) -> None:
    """A store that is killed while it loads holds what it held before, and takes the next edition."""
    store = request.getfixturevalue(kind.lower())
    addresses, who = where(store, updates=updates), PUBLISHER if kind == "Virtuoso" else NOBODY
    send(old, addresses, who)
    with pytest.raises(UnreachableError, match=r"there is no answer"):
        send(new, addresses, who, lambda _done, _total: store.kill())
    store.start()
    assert [store.count(sites.graph(name)) for name in GRAPHS] == [3, 2, 1]
    send(new, addresses, who)
    assert held(store) == [5, 0, 2]


@pytest.mark.parametrize("status", [500, 507, 400])
@pytest.mark.parametrize(
    "fault",
    [("PUT", "asserted#next"), ("PUT", "vocabulary#next"), ("DELETE", "derived#next"), ("GET", "#next")],
    ids=" ".join,
)
@Modes
def test_failure_before(
    loopback: "stores.Loopback",
    both: tuple[Path, Path],
    fault: tuple[str, str],
    status: int,
    *,
    updates: bool,
) -> None:
    """A failure while the new graphs are loaded, a full disk among them, leaves the old ones alone."""
    old, new = both
    send(old, where(loopback, updates=updates))
    loopback.faults.append(stores.Fault(*fault, status=status, times=1))
    with pytest.raises(RefusedError, match=f"answers {status}"):
        send(new, where(loopback, updates=updates))
    assert held(loopback) == [3, 2, 1]
    send(new, where(loopback, updates=updates))
    assert held(loopback) == [5, 0, 2]


@pytest.mark.parametrize(
    ("fault", "updates"),
    [
        (stores.Fault("PUT", "graph/asserted", 507), False),
        (stores.Fault("PUT", "graph/vocabulary", 507), False),
        (stores.Fault("DELETE", "graph/derived", 500), False),
        (stores.Fault("GET", "graph/vocabulary", 400, skipped=1), False),
        (stores.Fault("PUT", "graph/vocabulary", 0, times=2), False),
        (stores.Fault("POST", "/update", 507, skipped=1), True),
        (stores.Fault("POST", "/update", 507), True),
        (stores.Fault("PUT", "graph/publishing", 507), True),
        (stores.Fault("DELETE", "graph/publishing", 507), True),
        (stores.Fault("GET", "graph/vocabulary", 400, skipped=1), True),
    ],
)
def test_failure_amid(
    loopback: "stores.Loopback", old: Path, new: Path, fault: "stores.Fault", *, updates: bool
) -> None:
    """A failure while the new graphs take the place of the old ones puts those back as they were."""
    send(old, where(loopback, updates=updates))
    before = {iri: set(lines) for iri, lines in loopback.graphs.items()}
    fault = stores.Fault(**vars(fault))
    loopback.faults.append(fault)
    with pytest.raises((RefusedError, UnreachableError)):
        send(new, where(loopback, updates=updates))
    assert fault.times == 0
    assert loopback.graphs == before
    send(new, where(loopback, updates=updates))
    assert held(loopback) == [5, 0, 2]


@Modes
def test_wrong_count(loopback: "stores.Loopback", old: Path, new: Path, *, updates: bool) -> None:
    """A store that loses a triple is told of, with the graph and by how much, and is as it was."""
    send(old, where(loopback, updates=updates))

    def lose() -> None:
        loopback.graphs[f"{sites.graph('asserted')}#next"].pop()

    fault = stores.Fault("PUT", "vocabulary#next", 503, effect=lose)
    loopback.faults.append(fault)
    with pytest.raises(
        GraphStoreError, match=r"graph/asserted#next holds 4 .* of 5 triples|4 triples .* 5 \(-1\)"
    ):
        send(new, where(loopback, updates=updates))
    assert held(loopback) == [3, 2, 1]


@Modes
def test_old_graphs_cannot_be_put_back(
    loopback: "stores.Loopback", old: Path, new: Path, *, updates: bool
) -> None:
    """Where the old graphs cannot be put back, the message says where they are, and so they are there."""
    send(old, where(loopback, updates=updates))
    method, ending, skipped = ("POST", "/update", 1) if updates else ("PUT", "graph/vocabulary", 0)
    loopback.faults.append(stores.Fault(method, ending, 507, times=2, skipped=skipped))
    with pytest.raises(SeveralFailuresError, match=r"answers 507(?s:.*)could not be put back") as failure:
        send(new, where(loopback, updates=updates))
    if updates:
        assert loopback.count(f"{sites.graph('asserted')}#previous") == 3
        assert loopback.count(sites.graph("publishing")) == 3
    else:
        [folder] = [error.values["folder"] for error in failure.value.failures if "folder" in error.values]
        kept = Path(folder)
        assert len((kept / "asserted.previous.nt").read_text().split(" .\n")) == 4
        shutil.rmtree(kept)
    send(new, where(loopback, updates=updates))
    assert held(loopback) == [5, 0, 2]


def test_killed_switch_is_mended(loopback: "stores.Loopback", old: Path, new: Path, tmp_path: Path) -> None:
    """The old graphs that a killed run left in a mix are put back by the next, even if that one fails."""
    send(old, loopback.with_update())
    command = [sys.executable, "-m", "twintowns", "publish", "--site", str(new)]
    addresses = ["--graph-store", f"{loopback.url}/store", "--update", f"{loopback.url}/update"]

    def break_off() -> None:
        loopback.graphs[sites.graph("asserted")] = {"<a:half> <a:done> <a:way> ."}
        process.kill()
        process.wait()

    loopback.faults.append(stores.Fault("POST", "/update", 0, skipped=1, effect=break_off))
    told = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([*command, *addresses], env=told) as process:  # noqa: S603 - the test's own command
        process.wait(60)
    assert loopback.count(sites.graph("asserted")) == 1
    loopback.faults.append(stores.Fault("PUT", "asserted#next", 507))
    with pytest.raises(RefusedError):
        send(new, loopback.with_update())
    assert held(loopback) == [3, 2, 1]


@pytest.mark.parametrize("signalled", [signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("ending", "updates"),
    [
        ("vocabulary#next", False),
        ("graph/vocabulary", False),
        ("vocabulary#next", True),
        ("graph/publishing", True),
    ],
)
def test_interrupted(
    loopback: "stores.Loopback",
    both: tuple[Path, Path],
    ending: str,
    signalled: signal.Signals,
    *,
    updates: bool,
) -> None:
    """Who interrupts it finds the old graphs as they were, and nothing beside them."""
    old, new = both
    send(old, where(loopback, updates=updates))
    addresses = ["--graph-store", f"{loopback.url}/store"]
    addresses += ["--update", f"{loopback.url}/update"] if updates else []
    command = [sys.executable, "-m", "twintowns", "publish", "--site", str(new), *addresses]
    told = {**os.environ, "LANGUAGE": "en"}

    def interrupt() -> None:
        process.send_signal(signalled)
        threading.Event().wait(0.3)

    loopback.faults.append(stores.Fault("PUT", ending, 0, effect=interrupt))
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=told) as process:  # noqa: S603
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (3, "Interrupted; what was published is unharmed.\n")
    assert held(loopback) == [3, 2, 1]


def test_leftovers_are_cleared(loopback: "stores.Loopback", old: Path, new: Path) -> None:
    """What a killed run loaded beside the published graphs is removed by the next."""
    send(old, loopback.with_update())
    for name in GRAPHS:
        for ending in ("next", "previous"):
            loopback.graphs[f"{sites.graph(name)}#{ending}"] = {"<a:left> <a:over> <a:here> ."}
    send(new, loopback.with_update())
    assert held(loopback) == [5, 0, 2]


@Modes
def test_store_that_vanishes_at_the_end(loopback: "stores.Loopback", new: Path, *, updates: bool) -> None:
    """What lies beside graphs that are all published does not make it a failure; the next run removes it."""
    loopback.faults.append(stores.Fault("DELETE", "asserted#next", 500, skipped=1))
    send(new, where(loopback, updates=updates))
    assert loopback.count(sites.graph("asserted")) == 5
    assert loopback.count(f"{sites.graph('asserted')}#next") == 5
    send(new, where(loopback, updates=updates))
    assert held(loopback) == [5, 0, 2]


def test_without_query_address(loopback: "stores.Loopback", old: Path, new: Path) -> None:
    """A store that has no query address that could be known is counted by reading it."""
    send(old, loopback.without_query())
    send(new, loopback.without_query())
    assert held(loopback) == [5, 0, 2]
    assert {subject for _, subject, _ in loopback.asked if subject.startswith("/")} == set()


def test_progress(loopback: "stores.Loopback", new: Path) -> None:
    """It is told how many bytes are sent, and of how many."""
    told: list[tuple[int, int]] = []
    send(new, loopback.addresses(), progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]


@pytest.mark.parametrize("name", ["dump/twintowns.nq", "manifest.json"])
def test_site_that_is_not_whole(loopback: "stores.Loopback", new: Path, name: str) -> None:
    """A site that lacks its dump, or its manifest, is not published, and nothing is asked."""
    (new / name).unlink()
    with pytest.raises(SiteError):
        send(new, loopback.addresses())
    assert loopback.asked == []


def test_full_disk_here(
    loopback: "stores.Loopback", new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that takes nothing is told of as a failure of the system."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(TwinTownsError, match="the system refused"):
        send(new, loopback.addresses())


def run(*arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the program."""
    return subprocess.run(  # noqa: S603 - the test's own command
        [sys.executable, "-m", "twintowns", "publish", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LANGUAGE": "en", **environment},
        timeout=60,
    )


def test_exit_status_done(loopback: "stores.Loopback", new: Path) -> None:
    """Who publishes is told how much, and nothing else where nobody watches."""
    loopback.demanded = ("Bearer", "Bearer open-sesame")
    done = run("--site", new, "--graph-store", f"{loopback.url}/store", TWINTOWNS_TOKEN="open-sesame")  # noqa: S106
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Published 7 triples in 3 graphs.\n"
    assert held(loopback) == [5, 0, 2]


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["nowhere"], {}, "Error: nowhere/build: there is no site here; "),
        (["nowhere"], {"LANGUAGE": "sv"}, "Fel: nowhere/build: här finns ingen webbplats; "),
        ([], {"TWINTOWNS_USER": "me"}, "only half of the login"),
        (["--update", "ftp://x/"], {}, "Error: ftp://x/: this is no address that can be asked; "),
        (["--query", "http://me:secret@h/"], {}, "Error: h: the address has a user or password in it"),
    ],
)
def test_exit_status(
    loopback: "stores.Loopback", arguments: list[str], environment: dict[str, str], told: str
) -> None:
    """What could not be done is told with its place; a password is never repeated."""
    done = run("--graph-store", f"{loopback.url}/store", *arguments, **environment)
    assert (done.returncode, done.stdout) == (3, "")
    assert told in done.stderr
    assert "secret" not in done.stderr
    assert loopback.asked == []


def test_build_is_published(loopback: "stores.Loopback", tmp_path: Path, new: Path) -> None:
    """Without --site it is the folder `build` of the project that is published."""
    new.rename(tmp_path / "build")
    assert run(tmp_path, "--graph-store", f"{loopback.url}/store").returncode == 0
    assert held(loopback) == [5, 0, 2]


def test_documented_options() -> None:
    """The commands that the document shows name options and variables that there are."""
    text = (Path(__file__).resolve().parent.parent / "docs/publish.md").read_text(encoding="utf-8")
    help_text = run("--help").stdout
    shown = set(re.findall(r"^twintowns publish.*$", text, re.MULTILINE))
    assert len(shown) == 3
    assert {option for line in shown for option in re.findall(r" (--[\w-]+)", line)} <= set(
        re.findall(r"(--[\w-]+)", help_text)
    )
    assert set(re.findall(r"^\| `(--[\w-]+)", text, re.MULTILINE)) | {"--language", "--help"} == set(
        re.findall(r"(--[\w-]+)", help_text)
    )
