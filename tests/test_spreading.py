"""Printing over a cluster: a real scheduler and two workers, the same bytes, whoever vanishes meanwhile."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from twintowns import fingerprint, messages, spreading
from twintowns.edition import published_files
from twintowns.exceptions import SchedulerError
from twintowns.printing import prepared
from twintowns.project import Project
from twintowns.site import BuildOptions, build

distributed = pytest.importorskip("distributed", reason="install it: pip install 'twintowns[dask]'")

GOLDEN = Path(__file__).resolve().parent / "golden" / "project"
PATIENCE_S = 60.0


@dataclass
class Cluster:
    """A scheduler on this machine, and who works for it."""

    folder: Path
    address: str = ""
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: object) -> subprocess.Popen[bytes]:
        """Start a program of Dask's."""
        command = [sys.executable, "-m", "dask", *map(str, arguments)]
        environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
        self.programs.append(
            subprocess.Popen(  # noqa: S603 - the programs of a test
                command,
                env=environment,
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        return self.programs[-1]

    def work(self) -> subprocess.Popen[bytes]:
        """Start a worker of one process and one thread, that leaves nothing behind when it is killed."""
        options = (
            "--host",
            "127.0.0.1",
            "--nthreads",
            1,
            "--no-nanny",
            "--no-dashboard",
            "--memory-limit",
            0,
        )
        return self.start("worker", self.address, *options, "--local-directory", self.folder)


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: If it takes too long.
    """
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Yield a scheduler with nobody to work for it yet."""
    made, file = Cluster(tmp_path), tmp_path / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", 0, "--no-dashboard", "--scheduler-file", file)
    try:
        made.start("scheduler", *options)
        wait_for(lambda: file.is_file() and file.stat().st_size)
        made.address = json.loads(file.read_bytes())["address"]
        yield made
    finally:
        for program in made.programs:
            program.kill()
        for program in made.programs:
            program.wait()


@pytest.fixture
def batches_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch be two documents, so that a small site has many of them."""
    monkeypatch.setattr(spreading, "_BATCH", 2)


@pytest.mark.usefixtures("batches_of_two")
def test_same_bytes_though_a_worker_is_killed(cluster: Cluster, tmp_path: Path) -> None:
    """Two workers print what one machine prints, also where one of them is killed in the middle."""
    workers = [cluster.work(), cluster.work()]
    with distributed.Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=PATIENCE_S)
    told: list[int] = []

    def progress(done: int, _total: int) -> None:
        told.append(done)
        if done == 3:
            workers[0].kill()

    outcome = build(
        Project(GOLDEN), BuildOptions(tmp_path / "spread", progress=progress, scheduler=cluster.address)
    )
    build(Project(GOLDEN), BuildOptions(tmp_path / "here", 1))
    assert (workers[0].wait(), workers[1].poll()) == (-9, None)
    assert told == list(range(1, outcome.printed + 1))
    assert outcome.printed > 6
    manifests = [(tmp_path / site / "manifest.json").read_bytes() for site in ("spread", "here")]
    assert manifests[0] == manifests[1]
    sizes = {
        path: (tmp_path / "spread" / path).stat().st_size for path in published_files(tmp_path / "spread")
    }
    assert sizes == {path: entry.size_bytes for path, entry in published_files(tmp_path / "here").items()}


@pytest.mark.usefixtures("batches_of_two")
def test_all_workers_vanish(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody is left to work, the build ends with a word of it, and leaves no site."""
    monkeypatch.setattr(spreading, "_ANSWER_S", 2.0)
    worker = cluster.work()
    with distributed.Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=PATIENCE_S)
    options = BuildOptions(
        tmp_path / "site", progress=lambda _done, _total: worker.kill(), scheduler=cluster.address
    )
    with pytest.raises(SchedulerError, match="went away"):
        build(Project(GOLDEN), options)
    assert not (tmp_path / "site").exists()


def test_nobody_works(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler without workers is told as such."""
    monkeypatch.setattr(spreading, "_ANSWER_S", 2.0)
    with pytest.raises(SchedulerError, match="nobody works for this scheduler"):
        build(Project(GOLDEN), BuildOptions(tmp_path / "site", scheduler=cluster.address))


def test_other_program(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers with another program are refused, since they might print other bytes."""
    cluster.work()
    monkeypatch.setattr(fingerprint, "version", lambda _name: "another")
    with pytest.raises(SchedulerError, match="another version of this program"):
        build(Project(GOLDEN), BuildOptions(tmp_path / "site", scheduler=cluster.address))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", "tcp://127.0.0.1:notaport"])
def test_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Where no scheduler answers, that is told, with an address to compare."""
    monkeypatch.setattr(spreading, "_ANSWER_S", 1.0)
    with pytest.raises(SchedulerError, match="no Dask scheduler answers here"):
        build(Project(GOLDEN), BuildOptions(tmp_path / "site", scheduler=address))


def test_library_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library, how to get it is told."""
    missing: Any = None
    monkeypatch.setitem(sys.modules, "distributed", missing)
    with pytest.raises(SchedulerError, match=r"pip install \"twintowns\[dask\]\""):
        build(Project(GOLDEN), BuildOptions(tmp_path / "site", scheduler="tcp://127.0.0.1:1"))


def test_batch_is_what_is_printed_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker makes of what is sent to it are the files that a press writes here."""
    root = tmp_path / "project"
    shutil.copytree(GOLDEN, root)
    (root / "messages").mkdir()
    told = 'msgid ""\nmsgstr ""\n"Language: sv\\n"\n\nmsgid "Place"\nmsgstr "Trakt"\n'
    (root / "messages/sv.po").write_text(told, encoding="utf-8")
    press, _report = prepared(Project(root))
    assert press is not None
    monkeypatch.setattr(messages, "_folders", [*messages._folders])  # noqa: SLF001 - put back afterwards
    kit, documents = pickle.loads(pickle.dumps(spreading.kit_of(press))), press.documents[:4]  # noqa: S301 - our own
    for _ in range(2):
        batch = spreading.print_batch(kit, [document.value for document in documents])
        for number, (document, files) in enumerate(zip(documents, batch, strict=True)):
            folder = tmp_path / str(number)
            press.print_document(document, folder)
            made = {f"{path}.{suffix}" if suffix else path: content for path, suffix, content in files}
            assert made == {path: (folder / path).read_bytes() for path in made}
            assert len(made) == sum(path.is_file() for path in folder.rglob("*"))
            shutil.rmtree(folder)


class _Waiting:
    """A future whose result is late for some time, or never comes."""

    def __init__(self, *outcomes: object) -> None:
        """Take what comes of asking, time after time."""
        self._outcomes = iter(outcomes)

    def result(self, timeout: float) -> Any:  # noqa: ANN401 - as Dask has it
        """Return or raise what comes next."""
        assert timeout > 0
        outcome = next(self._outcomes)
        if outcome is LATE or isinstance(outcome, Exception):
            raise outcome
        return outcome


class _Client:
    """A connection to a scheduler for which some work, or nobody."""

    def __init__(self, *workers: str) -> None:
        """Name the workers."""
        self._workers = workers

    def nthreads(self) -> dict[str, int]:
        """Return who works."""
        return dict.fromkeys(self._workers, 1)

    def wait_for_workers(self, _count: int, timeout: float) -> None:
        """Wait for nobody."""
        assert timeout > 0

    def run(self, _function: object) -> None:
        """Fail as where the program is not installed.

        Raises:
            ModuleNotFoundError: Always.
        """
        raise ModuleNotFoundError


LATE = TimeoutError


def test_slow_batch_is_waited_for() -> None:
    """As long as somebody works, a batch may take its time."""
    future: Any = _Waiting(*[LATE] * 9, [])
    assert spreading.result_of(_Client("one"), "a", future) == []


@pytest.mark.parametrize("outcomes", [[LATE] * 3, [distributed.KilledWorker("a", None, 3)], [OSError()]])
def test_lost_batch(outcomes: list[object]) -> None:
    """Where nobody works for long, or work is lost, that is told."""
    future: Any = _Waiting(*outcomes)
    with pytest.raises(SchedulerError, match="went away"):
        spreading.result_of(_Client(), "a", future)


def test_workers_without_the_program() -> None:
    """Workers on which the program is not installed are refused."""
    with pytest.raises(SchedulerError, match="another version of this program"):
        spreading.check_workers(_Client("one"), "a")
