"""The pool of workers over one store: a query is given to one, watched, and ended at its deadline.

The engine cannot be interrupted, so that a worker whose query takes too long is killed; that is certain, and
costs a fork. A worker whose query is not brief goes on behind all others, and is replaced afterwards.
"""

import asyncio
import re
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from twintowns import jsontext
from twintowns.answering import DATA, END
from twintowns.exceptions import QueryRefusedError
from twintowns.processes import Holder, Worker

_AGAIN_S: Final = 1.0
"""How long to wait before a store that could not be read is tried again."""
_POSITION: Final = re.compile(r"error at ([0-9]+):([0-9]+): ")


@dataclass(frozen=True)
class Bounds:
    """What a query may take.

    Attributes:
        deadline_s: How long it may compute.
        hold_s: How long it may keep a worker, with all the waiting for a client that reads slowly.
        brief_s: How long it may compute before it goes on behind all others.
        memory_bytes: How much memory it may take, beside the store.
        result_bytes: How long its answer may be.
    """

    deadline_s: float = 20
    hold_s: float = 60
    brief_s: float = 0.5
    memory_bytes: int = 1 << 30
    result_bytes: int = 100_000_000


class Answer:
    """An answer that is on its way.

    Args:
        workers: The pool.
        worker: Who answers.
        bounds: What the query may take.
    """

    def __init__(self, workers: "Workers", worker: Worker, bounds: Bounds) -> None:
        """Begin to count the time."""
        loop = asyncio.get_running_loop()
        self._workers, self._worker, self._bounds = workers, worker, bounds
        self._left_s = bounds.deadline_s
        self._timers = (
            loop.call_later(bounds.brief_s, worker.step_back),
            loop.call_later(bounds.hold_s, worker.kill),
        )
        self._is_open = True
        self.is_whole = False
        """Whether there is no further part."""

    async def part(self) -> bytes:
        """Return the next part.

        Raises:
            QueryRefusedError: If there will be none: the query is wrong, or takes too much.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._left_s):
                kind, part = await self._worker.part()
        except TimeoutError as error:
            raise _too_long(self._bounds.deadline_s) from error
        except ConnectionError as error:
            raise _ended() from error
        self._left_s -= loop.time() - began
        self.is_whole = kind != DATA
        if self.is_whole:
            self.close()
        if kind in {DATA, END}:
            return part
        raise _failure(jsontext.read(part), self._bounds)

    def close(self) -> None:
        """Let the worker go, to the next query where it has done with this one."""
        if self._is_open:
            self._is_open = False
            for timer in self._timers:
                timer.cancel()
            self._workers.take_back(self._worker, is_done=self.is_whole)


class Workers:
    """The workers over one store.

    Args:
        dump: The N-Quads file that the store is made from.
        prefixes: The prefixes that a query need not declare.
        bounds: What a query may take.
        number: How many answer at once.
    """

    def __init__(self, dump: Path, prefixes: Mapping[str, str], bounds: Bounds, number: int) -> None:
        """Know what to start."""
        self._wanted = {"dump": str(dump), "prefixes": prefixes, "memory_bytes": bounds.memory_bytes}
        self._bounds, self._number = bounds, number
        self._holder: Holder | None = None
        self._idle: list[Worker] = []
        self._working: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopped = False
        self.digest = ""
        self.graphs: frozenset[str] = frozenset()

    @property
    def is_ready(self) -> bool:
        """Whether there is a store to ask."""
        return self._holder is not None

    async def start(self) -> None:
        """Read the store, and see from now on that it is there.

        Raises:
            QueryRefusedError: If it cannot be read; it is tried again in the background.
        """
        try:
            await self._rise()
        finally:
            self._go_on(self._keep())

    async def stop(self) -> None:
        """Let the queries that run come to their end, and end everything."""
        self._is_stopped = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._bounds.hold_s):
                while self._working:  # noqa: ASYNC110 - a few times in the life of a service
                    await asyncio.sleep(0.02)
        for task in self._tasks:
            task.cancel()
        for worker in (*self._idle, *self._working):
            worker.kill()
        if self._holder:
            await self._holder.end()
        self._holder = None

    async def begin(self, question: Mapping[str, Any]) -> Answer:
        """Have a query answered.

        Args:
            question: What `answering.answer` takes.

        Raises:
            QueryRefusedError: If there is no store.
        """
        worker = await self._free()
        self._working.add(worker)
        seconds = int(self._bounds.deadline_s) + 1
        worker.ask({**question, "result_bytes": self._bounds.result_bytes, "cpu_s": seconds})
        return Answer(self, worker, self._bounds)

    def take_back(self, worker: Worker, *, is_done: bool) -> None:
        """Keep a worker for the next query, or replace it."""
        self._working.discard(worker)
        if is_done and not (worker.is_last or worker.is_lost or self._is_stopped):
            self._idle.append(worker)
        else:
            worker.kill()
            self._go_on(self._replace())

    async def _free(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if not worker.is_lost:
                return worker
            worker.kill()
        if not self._holder:
            raise _no_store()
        try:
            return await self._holder.fork()
        except ConnectionError as error:
            raise _no_store() from error

    async def _replace(self) -> None:
        if self._holder and not self._is_stopped and len(self._idle) + len(self._working) < self._number:
            with suppress(ConnectionError):
                self._idle.append(await self._holder.fork())

    async def _rise(self) -> None:
        holder = Holder()
        try:
            told = await holder.start(self._wanted)
            self.digest, self.graphs = told["digest"], frozenset(told["graphs"])
            self._idle = [await holder.fork() for _ in range(self._number)]
        except (ConnectionError, KeyError) as error:
            await holder.end()
            raise _no_store() from error
        self._holder = holder

    async def _keep(self) -> None:
        """See to it that there is a store, for as long as this lasts."""
        while True:
            if self._holder:
                await self._holder.ended()
                lost, self._holder = self._holder, None
                await lost.end()
            try:
                await self._rise()
            except QueryRefusedError:
                await asyncio.sleep(_AGAIN_S)

    def _go_on(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _no_store() -> QueryRefusedError:
    return QueryRefusedError(503, "the dataset cannot be asked just now", "ask again in a moment")


def _too_long(seconds: float) -> QueryRefusedError:
    what, remedy = "the query took longer than {seconds} s", "ask for less, or take the dump and ask that"
    return QueryRefusedError(503, what, remedy, values={"seconds": seconds})


def _ended() -> QueryRefusedError:
    what = "the process that answered was ended: the query took too much memory or time"
    return QueryRefusedError(503, what, "ask for less, or take the dump and ask that")


def _failure(told: Mapping[str, Any], bounds: Bounds) -> QueryRefusedError:
    problem = told["problem"]
    if not problem:
        what, remedy = "the answer is longer than {bytes} bytes", "ask for less (LIMIT), or take the dump"
        return QueryRefusedError(413, what, remedy, values={"bytes": bounds.result_bytes})
    found = _POSITION.match(problem)
    return QueryRefusedError(
        400,
        "the query cannot be answered: {problem}",
        "mend the query",
        at=(int(found[1]), int(found[2])) if found else None,
        values={"problem": problem[found.end() :] if found else problem},
    )
