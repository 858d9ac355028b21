"""Time and memory of whole processes, each measured in turn with its peers.

On a machine that is shared, seconds differ from hour to hour, and ratios do not when both sides are run
one after the other: so every round runs each command once (A B A B), and a ratio is that of the same round.
Numbers are those of the operating system for the process with all children that it waited for
(https://man7.org/linux/man-pages/man2/wait4.2.html): its peak of memory is that of the largest of them.
The memory of the whole tree is read from `/proc` while it runs, shared pages counted once (PSS).

A child begins with the peak of memory of the process that started it: this one therefore imports nothing
large.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from types import TracebackType
from typing import Final, NamedTuple, Self

_POLL_S: Final = 0.25
_MB: Final = 1024
"""Kilobytes of one megabyte, the unit of both sources."""


class NotMeasuredError(Exception):
    """Why something could not be measured."""


class Measurement(NamedTuple):
    """One run of a command; `tree_mb` is 0 where nobody watched, `output` empty where it was cut short."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    tree_mb: float
    output: str


@dataclass(frozen=True)
class Command:
    """What to run.

    Attributes:
        arguments: The program and its arguments.
        prepare: What to do before each run, unmeasured.
        is_watched: Whether to read the memory of the whole tree of processes.
        limit_s: When to give up.
        is_bounded: Whether to take the time until then for a lower bound, where it has not ended by itself.
    """

    arguments: Sequence[str | Path]
    prepare: Callable[[], object] = lambda: None
    is_watched: bool = False
    limit_s: float = 4 * 3600
    is_bounded: bool = False


def measured(command: Command) -> Measurement:
    """Run a command once.

    Raises:
        NotMeasuredError: If it fails or does not end in time.
    """
    command.prepare()
    with TemporaryFile() as output, TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command.arguments, stdout=output, stderr=errors, start_new_session=True)
        with _Limit(process.pid, command.limit_s), _Watch(process.pid, is_on=command.is_watched) as watch:
            usage = _waited(process)
        wall_s = time.perf_counter() - start
        is_cut = command.is_bounded and process.returncode == -signal.SIGKILL and wall_s >= command.limit_s
        if process.returncode != 0 and not is_cut:
            errors.seek(0)
            raise NotMeasuredError(_failure(command, process.returncode, errors.read()))
        output.seek(0)
        text = output.read().decode(errors="replace")
    cpu_s = usage.ru_utime + usage.ru_stime
    return Measurement(wall_s, cpu_s, usage.ru_maxrss / _MB, watch.peak_mb, text)


def alternately(
    commands: Mapping[str, Command], runs: int, *, warm: bool = True
) -> dict[str, list[Measurement]]:
    """Run commands in turn, so many rounds.

    Args:
        commands: The commands by name.
        runs: How many rounds count.
        warm: Whether a round that does not count comes first.

    Raises:
        NotMeasuredError: If one fails or does not end in time.
    """
    rounds = [{name: measured(command) for name, command in commands.items()} for _ in range(runs + warm)]
    return {name: [round_[name] for round_ in rounds[int(warm) :]] for name in commands}


def ratios(ours: Sequence[Measurement], theirs: Sequence[Measurement]) -> tuple[float, float]:
    """Return the medians of the ratios of the rounds: of wall seconds, and of processor seconds."""
    pairs = list(zip(ours, theirs, strict=True))
    return median(a.wall_s / b.wall_s for a, b in pairs), median(a.cpu_s / b.cpu_s for a, b in pairs)


def typical(runs: Sequence[Measurement]) -> Measurement:
    """Return the medians of runs, and the last output."""
    columns = zip(*(run[:4] for run in runs), strict=True)
    wall_s, cpu_s, peak_mb, tree_mb = (median(column) for column in columns)
    return Measurement(wall_s, cpu_s, peak_mb, tree_mb, runs[-1].output)


def _waited(process: subprocess.Popen[bytes]) -> "os.struct_rusage":  # type: ignore[name-defined]
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        _kill(process.pid)
        process.wait()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage


def _kill(pid: int) -> None:
    """End a process that was started here, with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _failure(command: Command, status: int, errors: bytes) -> str:
    name = " ".join(str(argument) for argument in command.arguments)
    end = " / ".join(errors.decode(errors="replace").strip().splitlines()[-3:])
    reason = (
        f"ended with status {status}" if status >= 0 else f"was ended by signal {-status} (limit or user)"
    )
    return f"`{name[:160]}` {reason}: {end[:400]}"


class _Limit:
    """Ends a process that takes too long."""

    def __init__(self, pid: int, limit_s: float) -> None:
        self._timer = threading.Timer(limit_s, _kill, (pid,))

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()


class _Watch:
    """Reads the memory of a tree of processes now and then, and keeps the most."""

    def __init__(self, pid: int, *, is_on: bool) -> None:
        self.peak_mb = 0.0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read) if is_on else None

    def __enter__(self) -> Self:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _read(self) -> None:
        while not self._ended.wait(_POLL_S):
            self.peak_mb = max(self.peak_mb, sum(map(_pss_mb, _session(self._pid))))


def _session(leader: int) -> list[int]:
    """Return the processes of a session: a command runs in one of its own."""
    return [
        pid
        for pid in map(int, filter(str.isdecimal, (entry.name for entry in Path("/proc").iterdir())))
        if _session_of(pid) == leader
    ]


def _session_of(pid: int) -> int:
    with suppress(OSError):
        return os.getsid(pid)
    return -1


def _pss_mb(pid: int) -> float:
    with suppress(OSError, ValueError, IndexError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / _MB
    return 0.0
