"""Reminders: one timer for all that ring after the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from twintowns.reminders import Reminders


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a test that waits, and not for ever."""

    async def bounded() -> None:
        async with asyncio.timeout(30):
            await work

    asyncio.run(bounded())


def noting(rung: list[str], name: str) -> Callable[[], None]:
    """Return what notes that it was called."""
    return lambda: rung.append(name)


async def until_it_rings(reminders: Reminders) -> None:
    """Wait until a further reminder has rung."""
    rung = asyncio.Event()
    reminders.set(rung.set)
    await rung.wait()


def test_in_order() -> None:
    """Reminders ring in the order in which they were set, each once, and more may be set afterwards."""

    async def work() -> None:
        reminders, rung = Reminders(0.01), list[str]()
        for name in "abc":
            reminders.set(noting(rung, name))
            await asyncio.sleep(0.005)
        await until_it_rings(reminders)
        assert rung == ["a", "b", "c"]
        await until_it_rings(reminders)
        assert rung == ["a", "b", "c"]

    run(work())


def test_let_go() -> None:
    """A reminder that was let go, once or twice, does not ring, and others do."""

    async def work() -> None:
        reminders, rung = Reminders(0.01), list[str]()
        first = reminders.set(noting(rung, "a"))
        reminders.set(noting(rung, "b"))
        reminders.clear(first)
        reminders.clear(first)
        await until_it_rings(reminders)
        assert rung == ["b"]

    run(work())


def test_one_lets_go_of_another() -> None:
    """What is called may let go of another that is due in the same moment."""

    async def work() -> None:
        reminders, rung = Reminders(0), list[str]()
        others: list[object] = []
        reminders.set(lambda: reminders.clear(others[0]))
        others.append(reminders.set(noting(rung, "never")))
        await until_it_rings(reminders)
        assert rung == []

    run(work())


def test_one_timer() -> None:
    """However many are set and let go, the event loop has one timer of them."""

    async def work() -> None:
        reminders = Reminders(20)
        before = len(vars(asyncio.get_running_loop())["_scheduled"])
        for _ in range(100):
            reminders.clear(reminders.set(list))
        assert len(vars(asyncio.get_running_loop())["_scheduled"]) == before + 1

    run(work())
