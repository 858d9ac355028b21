"""The pool of workers over one store: a query is given to one, watched, and ended at its deadline.

The engine cannot be interrupted, so that a worker whose query takes too long is killed; that is certain, and
costs a fork. A worker whose query is not brief goes on behind all others, stands still for most of the time
while the service has much to do, and is replaced afterwards.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from twintowns import jsontext
from twintowns.answering import DATA, END, HEADING
from twintowns.exceptions import QueryRefusedError
from twintowns.givingway import GivingWay
from twintowns.iris import Names
from twintowns.lines import Lines
from twintowns.preparing import Asked, Head
from twintowns.processes import Holder, Worker
from twintowns.reminders import Reminders

_AGAIN_S: Final = 1.0
"""How long to wait before a store that could not be read is tried again, and for a worker."""
_LOOK_S: Final = 0.02
_QUICK_S: Final = 0.005
"""How long a query may take, and the next of its client be given to the same worker before that has ended."""


@dataclass(frozen=True)
class Bounds:
    """What a query may take.

    Attributes:
        deadline_s: How long it may take to compute, standing still included.
        hold_s: How long it may keep a worker, with all the waiting for a client that reads slowly.
        brief_s: How long it may compute before it goes on behind all others.
        memory_bytes: How much memory it may take, beside the store.
        result_bytes: How long its answer may be.
    """

    deadline_s: float = 20
    hold_s: float = 60
    brief_s: float = 0.1
    memory_bytes: int = 1 << 29
    result_bytes: int = 100_000_000


class Answer:
    """An answer that is on its way.

    Args:
        workers: The pool.
        worker: Who answers.
        bounds: What the query may take.
        client: Who asks.
    """

    def __init__(self, workers: "Workers", worker: Worker, bounds: Bounds, client: str) -> None:
        """Begin to count the time: with one reminder only, for most answers come before it rings."""
        self._workers, self._worker, self._bounds, self._client = workers, worker, bounds, client
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._computed_s = 0.0
        self._growing_old = workers.brief.set(self._grow_old)
        self._holding: asyncio.TimerHandle | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._is_late = False
        self._is_open = True
        self.is_whole = False
        """Whether there is no further part."""
        self.head = Head("", "", is_known=False)
        """What is known of the answer, as soon as the first part is there."""

    def _grow_old(self) -> None:
        """Go on behind all others, and no longer than may be."""
        self._worker.step_back()
        self._workers.old.add(self._worker)
        self._workers.lines.close(self._worker)
        held_s = self._bounds.hold_s - self._bounds.brief_s
        self._holding = self._loop.call_later(held_s, self._worker.kill)
        self._set_deadline()

    def _set_deadline(self) -> None:
        """Let the deadline come nearer, while the worker is what is waited for."""
        if self._worker.is_last and self._began:
            left_s = self._bounds.deadline_s - self._computed_s - (self._loop.time() - self._began)
            self._deadline = self._loop.call_later(max(0, left_s), self._end_late)

    def _end_late(self) -> None:
        self._is_late = True
        self._worker.kill()

    async def part(self) -> bytes:
        """Return the next part.

        Raises:
            QueryRefusedError: If there will be none: the query is wrong, or takes too much.
        """
        self._began = self._began or self._loop.time()
        self._set_deadline()
        try:
            kind, part = await self._worker.part()
            if kind == HEADING:
                self.head = Head(*jsontext.read(part))
                kind, part = await self._worker.part()
        except ConnectionError as error:
            raise self._why() from error
        finally:
            self._computed_s += self._loop.time() - self._began
            self._began = 0.0
            if self._deadline:
                self._deadline.cancel()
        self.is_whole = kind != DATA
        if self.is_whole:
            self.close()
        if kind in {DATA, END}:
            return part
        raise _refusal(jsontext.read(part))

    def _why(self) -> QueryRefusedError:
        """Return why there is no further part."""
        if self._workers.is_stopped:
            return no_store()
        return query_too_long(self._bounds.deadline_s) if self._is_late else _ended()

    def close(self) -> None:
        """Let the worker go, to the next query where it has done with this one."""
        if self._is_open:
            self._is_open = False
            self._workers.brief.clear(self._growing_old)
            if self._holding:
                self._holding.cancel()
            self._worker.quick_for = self._client if self._computed_s < _QUICK_S else ""
            self._workers.take_back(self._worker, is_done=self.is_whole)


class Workers:
    """The workers over one store.

    Args:
        dump: The N-Quads file that the store is made from.
        names: How the publication names its things.
        bounds: What a query may take.
        number: How many answer at once.
    """

    def __init__(self, dump: Path, names: Names, bounds: Bounds, number: int) -> None:
        """Know what to start."""
        known = {"space": names.space, "prefixes": names.prefixes()}
        self._wanted = {**known, "dump": str(dump), "memory_bytes": bounds.memory_bytes}
        self._bounds, self._number = bounds, number
        self._holder: Holder | None = None
        self._idle: list[Worker] = []
        self._working: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self.brief = Reminders(bounds.brief_s)
        """Reminds those answers of their age that are not brief."""
        self.old = GivingWay()
        """The workers whose queries are not brief."""
        self.lines = Lines()
        """The queries that were given to a worker before it had done with another."""
        self.is_stopped = False
        """Whether no further query is answered."""
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

    async def stop(self, patience_s: float) -> None:
        """End everything, after the queries that run have come to their end, if they do in time."""
        self.is_stopped = True
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience_s):
                    while self._working:  # noqa: ASYNC110 - a few times in the life of a service
                        await asyncio.sleep(_LOOK_S)
        finally:
            for task in self._tasks:
                task.cancel()
            for worker in (*self._idle, *self._working):
                worker.kill()
            self._working.clear()
            holder, self._holder = self._holder, None
            self._changed.set()
            if holder:
                await holder.end()

    async def begin(self, asked: Asked, client: str = "") -> Answer:
        """Have a request answered.

        Args:
            asked: What is asked; it is read by the worker.
            client: Who asks; empty for nobody whose next queries may stand in line behind this one.

        Raises:
            QueryRefusedError: If there is no store.
        """
        seconds = int(self._bounds.deadline_s) + 1
        question = {**asked.told(), "result_bytes": self._bounds.result_bytes, "cpu_s": seconds}
        worker = self.lines.worker_of(client)
        if not (worker and await self._behind(worker, question)):
            worker = await self._free()
            self._working.add(worker)
            self.lines.open(client, worker)
            worker.ask(question)
        return Answer(self, worker, self._bounds, client)

    async def _behind(self, worker: Worker, question: Mapping[str, Any]) -> bool:
        """Have a worker answer a question next, and wait until it does; tell whether it comes to that."""
        worker.ask(question)
        called = self.lines.join(worker)
        try:
            return await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled() and called.result():
                self.take_back(worker, is_done=False)
            raise

    def take_back(self, worker: Worker, *, is_done: bool) -> None:
        """Let a worker go on to the next in its line, or keep it for the next query, or replace it."""
        self.old.discard(worker)
        is_fit = is_done and not (worker.is_last or worker.is_lost)
        if is_fit and self.lines.call_next(worker):
            return
        self._working.discard(worker)
        has_more = self.lines.close(worker)
        if is_fit and not (has_more or self.is_stopped):
            self._idle.append(worker)
            self._changed.set()
        else:
            self._let_go(worker)

    async def _free(self) -> Worker:
        """Return a worker that is idle; there are as many as may be asked at once, or soon will be."""
        if worker := self._idle_one():
            return worker
        with suppress(TimeoutError):
            async with asyncio.timeout(_AGAIN_S):
                while self._holder:
                    self._changed.clear()
                    if worker := self._idle_one():
                        return worker
                    await self._changed.wait()
        raise no_store()

    def _idle_one(self) -> Worker | None:
        """Take the worker that was idle last, and let go of those that are lost."""
        while self._holder and self._idle:
            worker = self._idle.pop()
            if not worker.is_lost:
                return worker
            self._let_go(worker)
        return None

    def _let_go(self, worker: Worker) -> None:
        worker.kill()
        self._go_on(self._replace())

    async def _replace(self) -> None:
        is_missed = len(self._idle) + len(self._working) < self._number
        if self._holder and is_missed and not self.is_stopped:
            with suppress(OSError):
                self._idle.append(await self._holder.fork())
            self._changed.set()

    async def _rise(self) -> None:
        async with AsyncExitStack() as undo:
            holder = Holder()
            undo.push_async_callback(holder.end)
            try:
                told = await holder.start(self._wanted)
                self.digest, self.graphs = told["digest"], frozenset(told["graphs"])
                fresh = [await holder.fork() for _ in range(self._number)]
                for worker in self._idle:
                    worker.kill()
                self._idle = fresh
            except (OSError, KeyError) as error:
                raise no_store() from error
            undo.pop_all()
        self._holder = holder

    async def _keep(self) -> None:
        """See to it that there is a store, for as long as this lasts."""
        while True:
            if self._holder:
                await self._holder.ended()
                lost, self._holder = self._holder, None
                await lost.end()
                self._changed.set()
            try:
                await self._rise()
            except QueryRefusedError:
                await asyncio.sleep(_AGAIN_S)

    def _go_on(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def no_store() -> QueryRefusedError:
    """Return the refusal where nothing can be asked just now."""
    return QueryRefusedError(503, "the dataset cannot be asked just now", "ask again in a moment")


def query_too_long(seconds: float) -> QueryRefusedError:
    """Return the refusal of a query that takes too long."""
    return QueryRefusedError(
        503,
        "the query took longer than {seconds} s",
        "ask for less, or take the dump and ask that",
        values={"seconds": seconds},
    )


def _ended() -> QueryRefusedError:
    return QueryRefusedError(
        503,
        "the process that answered was ended: the query took too much memory or time",
        "ask for less, or take the dump and ask that",
    )


def _refusal(told: Mapping[str, Any]) -> QueryRefusedError:
    """Return why a worker does not answer, from what it told."""
    at = told["at"] and (told["at"][0], told["at"][1])
    return QueryRefusedError(told["status"], told["what"], told["remedy"], at=at, values=told["values"])
