"""Tests for `givingway`: who computes for long stands still while the service is busy."""

import asyncio
from time import process_time

import pytest

from twintowns.givingway import GivingWay

_LONG_S = 20


class Process:
    """A process that knows what it was told."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self.told: list[str] = []

    def stand_still(self) -> None:
        """Remember it."""
        self.told.append("stand still")

    def go_on(self) -> None:
        """Remember it."""
        self.told.append("go on")


async def computing_until(process: Process, many: int) -> None:
    """Keep the processor busy until a process was told something so many times."""
    loop = asyncio.get_running_loop()
    end = loop.time() + _LONG_S
    while len(process.told) < many and loop.time() < end:
        until = process_time() + 0.005
        while process_time() < until:
            pass
        await asyncio.sleep(0)


async def idle_until(process: Process, many: int) -> None:
    """Do nothing until a process was told something so many times."""
    async with asyncio.timeout(_LONG_S):
        while len(process.told) < many:  # noqa: ASYNC110 - nobody else tells
            await asyncio.sleep(0.005)


def test_stands_still_while_busy() -> None:
    """While the service computes, a process stands still, and goes on for a moment now and then."""

    async def told() -> list[str]:
        way, process, another = GivingWay(), Process(), Process()
        way.add(process)
        way.add(another)
        await computing_until(process, 3)
        assert another.told == process.told
        return process.told

    assert asyncio.run(told())[:3] == ["stand still", "go on", "stand still"]


def test_goes_on_while_idle() -> None:
    """As soon as the service has little to do, a process that stands still goes on, and no longer stands."""

    async def told() -> list[str]:
        way, process = GivingWay(), Process()
        way.add(process)
        await computing_until(process, 1)
        await idle_until(process, 2)
        await asyncio.sleep(0.1)
        way.discard(process)
        return process.told

    assert asyncio.run(told()) == ["stand still", "go on"]


def test_one_that_comes_later() -> None:
    """Who comes while others stand still stands still too; who has gone is told nothing."""

    async def told() -> tuple[list[str], list[str]]:
        way, first, second = GivingWay(), Process(), Process()
        way.add(first)
        await computing_until(first, 1)
        way.add(second)
        way.discard(first)
        await idle_until(second, 2)
        way.discard(second)
        return first.told, second.told

    assert asyncio.run(told()) == (["stand still"], ["stand still", "go on"])


def test_nobody_looks_without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing gives way, nothing looks how busy the service is."""
    looked: list[bool] = []

    def look_once() -> float:
        looked.append(True)
        return 0.0

    async def look() -> None:
        way, process = GivingWay(), Process()
        way.add(process)
        way.discard(process)
        monkeypatch.setattr("twintowns.givingway.process_time", look_once)
        await asyncio.sleep(0.1)
        way.discard(process)

    asyncio.run(look())
    assert not looked
