"""Queries in line behind another of the same client: real workers, that come to them, or do not."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from test_workers import BOUNDS, ENDLESS, answer, asked, run, until, workers
from twintowns.exceptions import QueryRefusedError
from twintowns.store import DUMP
from twintowns.workers import Answer, Bounds, Workers

MANY = Bounds(deadline_s=50, hold_s=50, brief_s=20)


@asynccontextmanager
async def quick_workers(site: Path, bounds: Bounds = MANY, number: int = 3) -> AsyncIterator[Workers]:
    """Yield workers, the next of which knows the client “a” for quick queries."""
    async with workers(site / DUMP, bounds, number) as pool:
        while not pool._idle[-1].quick_for:  # noqa: SLF001 - what happens depends on who has just answered
            await ask(pool, "ASK {}")
        yield pool


async def ask(pool: Workers, query: str) -> bytes:
    """Return what the client “a” is answered."""
    return await rest(await pool.begin(asked(query), "a"))


async def rest(found: Answer) -> bytes:
    """Return an answer."""
    told = b""
    try:
        while not found.is_whole:
            told += await found.part()
    finally:
        found.close()
    return told


def in_line(pool: Workers, *queries: str) -> list[asyncio.Task[bytes]]:
    """Ask further queries for the client “a”."""
    return [asyncio.create_task(ask(pool, query)) for query in queries]


def busy(pool: Workers) -> int:
    """Return how many workers answer."""
    return len(pool._working)  # noqa: SLF001 - which of them answers is told nowhere


def test_one_worker_for_quick_queries(site: Path) -> None:
    """A client whose queries are quick is answered by one worker, in order, and a fifth query elsewhere."""

    async def work() -> None:
        async with quick_workers(site) as pool:
            first = await pool.begin(asked("SELECT (0 AS ?n) {}"), "a")
            others = in_line(pool, *(f"SELECT ({n} AS ?n) {{}}" for n in range(1, 4)))
            await asyncio.sleep(0)
            assert busy(pool) == 1
            [further] = in_line(pool, "SELECT (4 AS ?n) {}")
            assert await further == b"n\r\n4\r\n"
            assert not any(one.done() for one in others)
            assert await rest(first) == b"n\r\n0\r\n"
            assert await asyncio.gather(*others) == [f"n\r\n{n}\r\n".encode() for n in range(1, 4)]
            assert busy(pool) == 0

    run(work)


def test_nobody_waits_for_another_client(site: Path) -> None:
    """Who asks besides, and who is not known to ask quick queries, has a worker of his own at once."""

    async def work() -> None:
        async with quick_workers(site) as pool:
            first = await pool.begin(asked(ENDLESS), "a")
            second = await pool.begin(asked("ASK {}"), "b")
            third = await pool.begin(asked("ASK {}"), "b")
            assert busy(pool) == 3
            assert await rest(second) == await rest(third) == b"true"
            first.close()

    run(work)


def test_slow_queries_have_no_line(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a client's query that was not quick, no other stands."""

    async def work() -> None:
        async with quick_workers(site) as pool:
            monkeypatch.setattr("twintowns.workers._QUICK_S", 0)
            await ask(pool, "ASK {}")
            first = await pool.begin(asked("ASK {}"), "a")
            second = await pool.begin(asked("ASK {}"), "a")
            assert busy(pool) == 2
            assert await rest(first) == await rest(second) == b"true"

    run(work)


def test_who_stands_behind_a_slow_query_leaves(site: Path) -> None:
    """Queries behind one that is not brief are answered by other workers, long before its deadline."""

    async def work() -> None:
        async with quick_workers(site, replace(MANY, brief_s=0.1)) as pool:
            first = await pool.begin(asked(ENDLESS), "a")
            others = in_line(pool, "SELECT (1 AS ?n) {}", "SELECT (2 AS ?n) {}")
            assert await asyncio.gather(*others) == [b"n\r\n1\r\n", b"n\r\n2\r\n"]
            assert not first.is_whole
            first.close()
            assert await answer(pool, "ASK {}") == b"true"

    run(work)


def test_deadline_counts_from_its_turn(site: Path) -> None:
    """A query that comes to be answered in its line is ended at its deadline, and nobody with it."""

    async def work() -> None:
        async with quick_workers(site, BOUNDS) as pool:
            first = await pool.begin(asked("SELECT (0 AS ?n) {}"), "a")
            endless, last = in_line(pool, ENDLESS, "SELECT (2 AS ?n) {}")
            await asyncio.sleep(0)
            assert await rest(first) == b"n\r\n0\r\n"
            assert await last == b"n\r\n2\r\n"
            with pytest.raises(QueryRefusedError, match="longer than"):
                await endless

    run(work)


def test_killed_before_its_turn(site: Path) -> None:
    """Where a worker is killed, the query that it answered is refused, and those in line are answered."""

    async def work() -> None:
        async with quick_workers(site) as pool:
            first = asyncio.create_task(ask(pool, ENDLESS))
            await until(lambda: busy(pool) == 1)
            [other] = in_line(pool, "SELECT (1 AS ?n) {}")
            await asyncio.sleep(0)
            os.kill(next(iter(pool._working))._process, signal.SIGKILL)  # noqa: SLF001 - itself is to be killed
            with pytest.raises(QueryRefusedError, match="ended"):
                await first
            assert await other == b"n\r\n1\r\n"

    run(work)


def test_gone_from_the_line(site: Path) -> None:
    """Where somebody has gone from a line, others answer those behind him, and the worker is replaced."""

    async def work() -> None:
        async with quick_workers(site) as pool:
            first = await pool.begin(asked("SELECT (0 AS ?n) {}"), "a")
            [worker] = pool._working  # noqa: SLF001 - it is to be replaced
            gone, other = in_line(pool, ENDLESS, "SELECT (2 AS ?n) {}")
            await asyncio.sleep(0)
            gone.cancel()
            assert await rest(first) == b"n\r\n0\r\n"
            assert await other == b"n\r\n2\r\n"
            await until(lambda: worker.is_lost)
            await until(lambda: len(pool._idle) == 3)  # noqa: SLF001

    run(work)


def test_gone_in_the_moment_of_the_turn(site: Path) -> None:
    """Who goes in the very moment in which his query is begun does not keep the worker."""

    async def work() -> None:
        async with quick_workers(site) as pool:
            first = await pool.begin(asked("SELECT (0 AS ?n) {}"), "a")
            [gone] = in_line(pool, ENDLESS)
            await asyncio.sleep(0)
            await first.part()
            gone.cancel()
            await until(lambda: busy(pool) == 0)
            await until(lambda: len(pool._idle) == 3)  # noqa: SLF001

    run(work)


def test_gone_after_the_line_was_left(site: Path) -> None:
    """Who is sent away from a line and goes in the same moment takes nothing with him."""

    async def work() -> None:
        async with quick_workers(site) as pool:
            first = await pool.begin(asked(ENDLESS), "a")
            [gone] = in_line(pool, "ASK {}")
            await asyncio.sleep(0)
            first.close()
            gone.cancel()
            with pytest.raises(asyncio.CancelledError):
                await gone
            assert await answer(pool, "ASK {}") == b"true"

    run(work)


def test_line_of_a_pool_that_stops(site: Path) -> None:
    """Workers that are stopped answer those in line too, if there is time for it."""

    async def work() -> None:
        async with quick_workers(site) as pool:
            first = await pool.begin(asked("SELECT (0 AS ?n) {}"), "a")
            others = in_line(pool, "SELECT (1 AS ?n) {}", "SELECT (2 AS ?n) {}")
            await asyncio.sleep(0)
            stopping = asyncio.create_task(pool.stop(50))
            await asyncio.sleep(0)
            assert await rest(first) == b"n\r\n0\r\n"
            assert await asyncio.gather(*others) == [b"n\r\n1\r\n", b"n\r\n2\r\n"]
            await stopping

    run(work)
