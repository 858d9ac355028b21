"""Work in many processes: the same in any number of them, told in order, and none left behind."""

import multiprocessing
import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from twintowns import parallel
from twintowns.exceptions import SystemFailureError
from twintowns.parallel import FEW, each


def _doubled(number: int, folder: Path) -> tuple[int, Path, int]:
    return number * 2, folder, os.getpid()


def _failing_at(last: int, number: int, _folder: Path) -> int:
    if number == last:
        raise ValueError(number)
    return number


def _killed_at(last: int, number: int, _folder: Path) -> int:
    if number == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def _slow(number: int, folder: Path) -> None:
    (folder / f"{number}-{os.getpid()}").touch()
    time.sleep(60)


@pytest.mark.parametrize("processes", [1, 2, 3, None])
@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW, 1000])
def test_results_come_in_order(tmp_path: Path, processes: int | None, count: int) -> None:
    """However many processes work, the results are those of one, in the order of the items."""
    made = list(each(_doubled, range(count), (tmp_path, processes)))
    assert [result[:2] for result in made] == [(number * 2, tmp_path) for number in range(count)]


def test_few_things_are_done_here(tmp_path: Path) -> None:
    """Where there is little to do, no other process is started."""
    assert {pid for *_, pid in each(_doubled, range(FEW - 1), (tmp_path, None))} == {os.getpid()}


def test_many_things_are_done_by_as_many_processes_as_may_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is much to do, other processes do it: no more than there are cores for this one."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2})
    pids = {pid for *_, pid in each(_doubled, range(FEW * 10), (tmp_path, None))}
    assert os.getpid() not in pids
    assert 1 <= len(pids) <= 3


def _marked(number: int, folder: Path) -> int:
    (folder / str(number)).touch()
    return number


def test_other_processes_begin_at_once(tmp_path: Path) -> None:
    """What other processes do is under way before anybody asks for what they made."""
    made = each(_marked, range(4), (tmp_path, 2))
    deadline = time.monotonic() + 20
    while len(list(tmp_path.iterdir())) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert {path.name for path in tmp_path.iterdir()} == {"0", "1", "2", "3"}
    assert list(made) == [0, 1, 2, 3]


def test_work_that_nobody_waits_for_is_not_begun(tmp_path: Path) -> None:
    """Where what was made is no longer wanted, what has not begun is left, and all is let go."""
    made = each(_marked, range(FEW * 100), (tmp_path, 2))
    made.close()
    assert len(list(tmp_path.iterdir())) < FEW * 100
    assert parallel._work == []  # noqa: SLF001 - there is no other way to see that it is let go


def test_failure_in_another_process_is_raised_here(tmp_path: Path) -> None:
    """What fails in another process is raised in this one, and what was prepared is let go."""
    with pytest.raises(ValueError, match="70"):
        list(each(partial(_failing_at, 70), range(FEW * 2), (tmp_path, 2)))
    assert parallel._work == []  # noqa: SLF001 - there is no other way to see that it is let go


def test_killed_process_is_told_as_a_failure_of_the_system(tmp_path: Path) -> None:
    """Where the system kills a process that works for this one, that is told as its refusal."""
    with pytest.raises(SystemFailureError):
        list(each(partial(_killed_at, 70), range(FEW * 2), (tmp_path, 2)))


def _work_slowly(folder: Path) -> None:
    list(each(_slow, range(4), (folder, 2)))


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_no_process_outlives_a_killed_build(tmp_path: Path) -> None:
    """When the process that asked for the work is killed, the others end too, and let go of its lock."""
    parent = multiprocessing.get_context("fork").Process(target=_work_slowly, args=(tmp_path,))
    parent.start()
    deadline = time.monotonic() + 20
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    workers = {int(path.name.partition("-")[2]) for path in tmp_path.iterdir()}
    assert parent.pid is not None
    os.kill(parent.pid, signal.SIGKILL)
    parent.join()
    while any(map(_is_alive, workers)) and time.monotonic() < deadline - 15:
        time.sleep(0.01)
    alive = {pid for pid in workers if _is_alive(pid)}
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    assert len(workers) == 2
    assert alive == set()


def test_cores_where_the_system_cannot_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system cannot tell which cores a process may use, all are."""
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert list(each(lambda item, _folder: item, range(100), (Path(), None))) == list(range(100))
