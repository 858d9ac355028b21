"""The workers: real processes, killed, replaced, confined, and asked again."""

import asyncio
import os
import re
import shutil
import signal
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlencode

import pytest
from pyoxigraph import QuerySolutions, Store

from twintowns.answering import DATA, END, HEAD, confine
from twintowns.asking import Request
from twintowns.exceptions import QueryRefusedError
from twintowns.iris import Names
from twintowns.preparing import Asked
from twintowns.processes import Holder, Worker
from twintowns.store import DUMP
from twintowns.workers import Bounds, Workers

NAMES = Names("https://w3id.org/twintowns/ludvika/")
BOUNDS = Bounds(deadline_s=1.5, hold_s=6, brief_s=0.3, memory_bytes=1 << 28, result_bytes=2_000_000)
GROWING = " ".join(
    f"BIND(CONCAT({', '.join([before] * 90)}) AS ?{name})"
    for before, name in zip(("'a'", *(f"?{name}" for name in "abcdefg")), "abcdefgh", strict=True)
)
OPEN_FILES = re.compile(r"^Max open files +0 +0 ", re.MULTILINE)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a test that waits."""

    async def bounded() -> None:
        async with asyncio.timeout(60):
            await work()

    asyncio.run(bounded())


@asynccontextmanager
async def workers(dump: Path, bounds: Bounds = BOUNDS, number: int = 2) -> AsyncIterator[Workers]:
    """Yield workers over a dump."""
    pool = Workers(dump, NAMES, bounds, number)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.stop(0)


def asked(query: str, form: str = "csv") -> Asked:
    """Return a request for the answer to a query."""
    return Asked(Request("GET", urlencode({"query": query, "format": form})))


async def answer(pool: Workers, query: str, form: str = "csv") -> bytes:
    """Return the answer to a query."""
    found = await pool.begin(asked(query, form))
    told = b""
    try:
        while not found.is_whole:
            told += await found.part()
    finally:
        found.close()
    return told


async def refusal(pool: Workers, query: str) -> QueryRefusedError:
    """Return why a query is not answered."""
    with pytest.raises(QueryRefusedError) as caught:
        await answer(pool, query)
    return caught.value


async def until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    while not happened():  # noqa: ASYNC110 - what happens happens in other processes
        await asyncio.sleep(0.02)


@contextmanager
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """Yield a port that is listened at, and what came there."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            try:
                while True:
                    connection, _ = server.accept()
                    heard.append(connection.recv(1))
                    connection.close()
            except OSError:
                return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_answers(site: Path) -> None:
    """Queries are answered, several at once, and one after the other by the same workers."""

    async def work() -> None:
        async with workers(site / DUMP) as pool:
            assert pool.is_ready
            assert len(pool.graphs) == 3
            assert await answer(pool, "SELECT (1 AS ?a) {}") == b"a\r\n1\r\n"
            told = await asyncio.gather(*(answer(pool, f"SELECT ({n} AS ?a) {{}}") for n in range(9)))
            assert told == [f"a\r\n{n}\r\n".encode() for n in range(9)]
            assert len(await answer(pool, "SELECT * { ?s ?p ?o }")) > 300_000

    run(work)


def test_wrong_queries(site: Path) -> None:
    """A wrong query is refused with its place, and its worker goes on."""

    async def work() -> None:
        async with workers(site / DUMP) as pool:
            wrong = await refusal(pool, "SELECT *\n{ ?s")
            assert (wrong.status, wrong.line, wrong.column) == (400, 2, 5)
            unknown = await refusal(pool, "SELECT (<a:f>(1) AS ?x) {}")
            assert (unknown.status, unknown.line) == (400, None)
            assert "a:f" in unknown.words

    run(work)


@pytest.mark.parametrize(
    "query",
    [
        ENDLESS,
        "ASK { ?a (!<a:a>|^!<a:a>)* ?b . ?b (!<a:a>|^!<a:a>)* ?c . ?c (!<a:a>|^!<a:a>)* ?d FILTER(?a = 1) }",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), CONCAT('(.*a){9}', STR(?f)))) }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?a), STR(?d), STR(?g)) = '') }",
        f"ASK {{ ?s {'/'.join(['<a:a>'] * 3000)} ?o }}",
    ],
)
def test_deadline(site: Path, query: str) -> None:
    """A query that does not end is ended, and the place of its worker is taken by another."""

    async def work() -> None:
        async with workers(site / DUMP) as pool:
            late, soon = await asyncio.gather(refusal(pool, query), answer(pool, "ASK {}"))
            assert late.status == 503
            assert soon == b"true"
            assert await answer(pool, "ASK {}") == b"true"

    run(work)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
        "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
        f"SELECT (STRLEN(?h) AS ?n) {{ {GROWING} }}",
        f"ASK {{ FILTER({'!' * 50_000}true) }}",
    ],
)
def test_memory(site: Path, query: str) -> None:
    """A query that takes too much memory, or the whole stack, ends its worker and nobody else."""

    async def work() -> None:
        async with workers(site / DUMP, Bounds(deadline_s=30, hold_s=40, memory_bytes=1 << 27)) as pool:
            ended = await refusal(pool, query)
            assert ended.status == 503
            assert "memory" in str(ended)
            assert await answer(pool, "ASK {}") == b"true"

    run(work)


def test_too_long_answers(site: Path) -> None:
    """An answer beyond its bound is cut off with an exception, not brought to an end."""

    async def work() -> None:
        async with workers(site / DUMP) as pool:
            assert (await refusal(pool, "SELECT * { ?a ?b ?c . ?d ?e ?f }")).status == 413

    run(work)


@pytest.mark.parametrize("clause", ["SERVICE", "SERVICE SILENT", "OPTIONAL { ?s ?p ?o } SERVICE"])
def test_no_way_out(clause: str) -> None:
    """A confined process that is made to turn to another service, as nothing was checked, opens no socket."""
    ours, theirs = socket.socketpair()
    with listener() as (port, heard), ours, theirs:
        query = f"SELECT * {{ {clause} <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        process = os.fork()
        if not process:  # pragma: no cover - what is confined can save nothing
            _ask_confined(query, theirs)
        told = ours.recv(1000)
        assert os.waitpid(process, 0)[1] == 0
        assert b"Too many open files" in told or "SILENT" in clause
        assert told.startswith(b"asked: ")
        assert heard == []


def _ask_confined(query: str, connection: socket.socket) -> NoReturn:  # pragma: no cover - as above
    confine(1 << 28)
    try:
        found = Store().query(query)
        assert isinstance(found, QuerySolutions)
        connection.sendall(f"asked: {list(found)}".encode())
    except (OSError, RuntimeError) as error:
        connection.sendall(f"asked: {error}".encode())
    finally:
        os._exit(0)


def _is_confined(process: Path) -> bool:
    return OPEN_FILES.search((process / "limits").read_text()) is not None


def test_workers_hold_nothing_but_their_connection(site: Path) -> None:
    """A worker has no file open but its connection and nothing, and the limits that let it open no other."""

    async def work() -> None:
        async with workers(site / DUMP) as pool:
            for worker in pool._idle:  # noqa: SLF001 - the processes themselves are what is looked at
                process = Path(f"/proc/{worker._process}")  # noqa: SLF001
                await until(partial(_is_confined, process))
                links = sorted(str(one.readlink()).partition(":")[0] for one in (process / "fd").iterdir())
                assert links == ["/dev/null"] * 3 + ["socket"]

    run(work)


def test_killed_worker(site: Path) -> None:
    """A worker that is killed from outside while it answers is replaced; so is one that was idle."""

    async def work() -> None:
        async with workers(site / DUMP, number=1) as pool:
            running = asyncio.create_task(refusal(pool, ENDLESS))
            await until(lambda: bool(pool._working))  # noqa: SLF001 - the process itself is to be killed
            os.kill(next(iter(pool._working))._process, signal.SIGKILL)  # noqa: SLF001
            assert (await running).status == 503
            assert await answer(pool, "ASK {}") == b"true"
            await until(lambda: bool(pool._idle))  # noqa: SLF001
            idle = pool._idle[0]  # noqa: SLF001
            os.kill(idle._process, signal.SIGKILL)  # noqa: SLF001
            await until(lambda: idle.is_lost)
            assert await answer(pool, "ASK {}") == b"true"

    run(work)


def test_standing_still(site: Path) -> None:
    """A worker that stands still computes nothing, and goes on where it was; an ended one ignores both."""

    def state(worker: Worker) -> str:
        told = Path(f"/proc/{worker._process}/stat").read_text(encoding="ascii")  # noqa: SLF001
        return told.rpartition(") ")[2][0]

    async def work() -> None:
        async with workers(site / DUMP, Bounds(deadline_s=30, hold_s=60, brief_s=20), number=1) as pool:
            task = asyncio.create_task(refusal(pool, ENDLESS))
            await until(lambda: bool(pool._working))  # noqa: SLF001 - the process itself is what is looked at
            (worker,) = pool._working  # noqa: SLF001
            worker.stand_still()
            await until(lambda: state(worker) == "T")
            worker.go_on()
            await until(lambda: state(worker) == "R")
            worker.kill()
            assert (await task).status == 503
            worker.stand_still()

    run(work)


def test_killed_holder(site: Path, tmp_path: Path) -> None:
    """Where the process that holds the store is killed, it comes back, once the dump is there again."""

    async def work() -> None:
        dump = tmp_path / "x.nq"
        shutil.copy(site / DUMP, dump)
        async with workers(dump) as pool:
            running = asyncio.create_task(refusal(pool, ENDLESS))
            await until(lambda: bool(pool._working))  # noqa: SLF001 - the process itself is to be killed
            dump.unlink()
            assert pool._holder  # noqa: SLF001
            os.kill(pool._holder._process.pid, signal.SIGKILL)  # noqa: SLF001
            assert (await running).status == 503
            assert (await refusal(pool, "ASK {}")).status == 503
            await until(lambda: not pool.is_ready)
            await asyncio.sleep(0.3)
            shutil.copy(site / DUMP, dump)
            await until(lambda: pool.is_ready)
            assert await answer(pool, "ASK {}") == b"true"

    run(work)


def test_killed_holder_of_idle_workers(site: Path) -> None:
    """Workers that were idle when the process that holds the store was killed are replaced with it."""

    async def work() -> None:
        async with workers(site / DUMP) as pool:
            old, idle = pool._holder, list(pool._idle)  # noqa: SLF001 - the processes are what is looked at
            assert old
            assert len(idle) == 2
            os.kill(old._process.pid, signal.SIGKILL)  # noqa: SLF001
            await until(lambda: pool.is_ready and pool._holder is not old)  # noqa: SLF001
            assert len(pool._idle) == 2  # noqa: SLF001
            assert not set(idle) & set(pool._idle)  # noqa: SLF001
            await until(lambda: all(worker.is_lost for worker in idle))
            assert await answer(pool, "ASK {}") == b"true"

    run(work)


def test_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no dump, that is told, every query refused, and the dump looked for again and again."""
    tried: list[Holder] = []

    class Counted(Holder):
        def __init__(self) -> None:
            super().__init__()
            tried.append(self)

    async def work() -> None:
        pool = Workers(tmp_path / DUMP, NAMES, BOUNDS, 1)
        with pytest.raises(QueryRefusedError):
            await pool.start()
        assert (await refusal(pool, "ASK {}")).status == 503
        await until(lambda: len(tried) > 3)
        await pool.stop(0)

    monkeypatch.setattr("twintowns.workers.Holder", Counted)
    monkeypatch.setattr("twintowns.workers._AGAIN_S", 0.01)
    run(work)


def test_slow_reader(site: Path) -> None:
    """A client that does not read keeps its worker waiting, and no longer than a query may hold one."""

    async def work() -> None:
        bounds = Bounds(deadline_s=30, hold_s=0.8, brief_s=0.1, result_bytes=10**9)
        async with workers(site / DUMP, bounds, 1) as pool:
            found = await pool.begin(asked("SELECT * { ?a ?b ?c . ?d ?e ?f }"))
            await found.part()
            await asyncio.sleep(1.2)
            told: list[bytes] = []

            async def read_on() -> None:
                while not found.is_whole:
                    told.append(await found.part())

            with pytest.raises(QueryRefusedError):
                await read_on()
            assert sum(map(len, told)) < 2_000_000
            found.close()
            assert await answer(pool, "ASK {}") == b"true"

    run(work)


def test_old_queries_end(site: Path) -> None:
    """Workers that are stopped answer what they were asked, and nobody is left."""

    async def work() -> None:
        async with workers(site / DUMP, Bounds(deadline_s=50, hold_s=50)) as pool:
            running = asyncio.create_task(answer(pool, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"))
            await until(lambda: bool(pool._working))  # noqa: SLF001
            processes = [worker._process for worker in (*pool._idle, *pool._working)]  # noqa: SLF001
            await pool.stop(50)
            assert (await running).startswith(b"n\r\n")
            await until(lambda: not any(Path(f"/proc/{process}/exe").exists() for process in processes))

    run(work)


def test_holder_without_a_service(site: Path) -> None:
    """The process that holds the store ends with the service, also where that was killed."""

    async def work() -> None:
        holder = Holder()
        wanted = {"dump": str(site / DUMP), "space": NAMES.space, "prefixes": {}}
        await holder.start({**wanted, "memory_bytes": 1 << 28})
        killed = await holder.fork()
        killed.kill()
        await until(lambda: killed.is_lost)
        worker = await holder.fork()
        assert holder._writer  # noqa: SLF001 - as the kernel does where the service has ended
        holder._writer.close()  # noqa: SLF001 - as the kernel does where the service has ended
        holder._control.shutdown(socket.SHUT_RDWR)  # noqa: SLF001
        await holder.ended()
        await until(lambda: worker.is_lost)
        with pytest.raises(BrokenPipeError):
            await holder.fork()
        worker.ask({})
        worker.kill()
        worker.kill()
        await holder.end()

    run(work)


def test_holder_ended_early(tmp_path: Path) -> None:
    """What holds the store may be ended before it has read it, or before it was told which."""

    async def work() -> None:
        await Holder().end()
        holder, never = Holder(), tmp_path / "never"
        os.mkfifo(never)
        starting = asyncio.create_task(holder.start({"dump": str(never)}))
        writers: list[int] = []
        await until(partial(_is_being_read, never, writers))
        holder._process.kill()  # noqa: SLF001 - as the kernel does where memory runs out
        with pytest.raises(ConnectionError):
            await starting
        await holder.end()
        os.close(writers[0])

    run(work)


def _is_being_read(pipe: Path, writers: list[int]) -> bool:
    with suppress(OSError):
        writers.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    return bool(writers)


def test_worker_without_a_connection() -> None:
    """A worker that could not be connected to can be ended, and says nothing."""

    async def work() -> None:
        process = await asyncio.create_subprocess_exec("sleep", "60")
        worker = Worker(process.pid)
        worker.ask({})
        with pytest.raises(ConnectionError):
            await worker.part()
        worker.kill()
        assert await process.wait() == -signal.SIGKILL

    run(work)


@pytest.mark.parametrize("size", [1, 4, 7, 100])
def test_parts_that_come_in_pieces(size: int) -> None:
    """Parts of an answer are taken whole, however the connection cuts them."""

    async def work() -> None:
        process = await asyncio.create_subprocess_exec("sleep", "60")
        worker = Worker(process.pid)
        parts = [(DATA, b"a" * 9), (DATA, b""), (END, b"bc")]
        told = b"".join(HEAD.pack(kind, len(part)) + part for kind, part in parts)
        for begin in range(0, len(told), size):
            worker.data_received(told[begin : begin + size])
        assert [await worker.part() for _ in parts] == parts
        worker.kill()
        await process.wait()

    run(work)
