"""The process of the service: real sockets, slow and many clients, a stop, the next edition under load."""

import http.client
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest

from twintowns.project import Project
from twintowns.site import BuildOptions, build
from twintowns.starting import start

PROGRAM: Final = [sys.executable, "-m", "twintowns"]
IMPATIENT: Final = """
import sys
from pathlib import Path
from twintowns.serving import Service, serve
service = Service(Path(sys.argv[1]), port=0, header_timeout_s=0.5)
serve(service, lambda told: print(told, file=sys.stderr, flush=True))
"""
"""A service that waits half a second for headers, so that the test need not wait for ten."""
MANY: Final = 2000
WORST: Final = "/sparql?query=" + quote(
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }"
)
LAST: Final = 19
"""The priority of a process whose query runs for long: that of no other here."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a project that was built, for all to copy."""
    root = tmp_path_factory.mktemp("printed") / "tiny"
    start(root, "https://example.org/town/")
    build(Project(root), BuildOptions(root / "build", 1))
    return root


@pytest.fixture
def project(printed: Path, tmp_path: Path) -> Project:
    """Return a project that was built, to be changed."""
    shutil.copytree(printed, tmp_path / "tiny")
    return Project(tmp_path / "tiny")


@contextmanager
def running(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run a service; hand on its process and its port, once it answers."""
    command = list(map(str, arguments))
    environment = {**os.environ, "LANGUAGE": "en"}
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stderr
            line = process.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            assert found, line + process.stderr.read()
            port = int(found[1])
            assert until(lambda: status(port, "/healthz") == 200)
            yield process, port
        finally:
            process.terminate()
            process.communicate(timeout=60)


def served(project: Project, *options: object) -> list[object]:
    """Return the command that serves a project at a free port."""
    return [*PROGRAM, "serve", project.root, "--port", "0", *options]


def status(port: int, path: str) -> int:
    """Return the status of an answer; 0 where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return 0
    finally:
        connection.close()
    return answer.status


def until(holds: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_serves_and_stops(project: Project) -> None:
    """The service tells its address, answers, logs, and ends with status 0 when it is asked to."""
    with running(*served(project)) as (process, port):
        assert status(port, "/index.html") == 200
        assert status(port, "/nothing%1B%5B31m") == 400
        process.send_signal(signal.SIGTERM)
        told, failures = process.communicate(timeout=60)
    assert process.returncode == 0
    assert re.search(r'^127\.0\.0\.1 - - \[.+\] "GET /index\.html HTTP/1\.1" 200 \d+$', told, re.MULTILINE)
    assert "Traceback" not in failures


def test_quiet_in_a_subfolder(project: Project) -> None:
    """A quiet service writes no log; one in a subfolder answers there."""
    with running(*served(project, "--quiet", "--root-path", "twins/", "--processes", "2")) as (process, port):
        assert status(port, "/twins/index.html") == 200
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=60)
    assert told == ""


def test_port_in_use(project: Project) -> None:
    """Where something listens already, the service says so, and what to do, with exit status 3."""
    with running(*served(project, "--quiet")) as (_, port):
        command = [*PROGRAM, "serve", str(project.root), "--port", str(port)]
        told = subprocess.run(  # noqa: S603 - our own program
            command,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "LANGUAGE": "en"},
        )
    assert told.returncode == 3
    assert f"127.0.0.1:{port}: the service cannot listen here (Address already in use)" in told.stderr
    assert "choose another --host or --port" in told.stderr


def test_nothing_to_serve(tiny: Project) -> None:
    """Where nothing was built, the service says so with exit status 3."""
    told = subprocess.run(  # noqa: S603 - our own program
        [*PROGRAM, "serve", str(tiny.root)], capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == 3
    assert "twintowns build" in told.stderr


def test_address_of_version_6(project: Project) -> None:
    """An IPv6 address is told in brackets."""
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6 on loopback: enable it (net.ipv6.conf.lo.disable_ipv6=0)")
    command = [*PROGRAM, "serve", str(project.root), "--host", "::1", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stderr
        assert re.search(r"http://\[::1\]:\d+/", process.stderr.readline())
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.parametrize("sent", [b"", b"GET /index.html HT", b"GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_slow_clients_are_let_go(project: Project, sent: bytes) -> None:
    """Who sends nothing, half a header, or nothing after a request, is let go, and others are answered."""
    with (
        running(sys.executable, "-c", IMPATIENT, project.root / "build") as (_, port),
        socket.create_connection(("127.0.0.1", port), timeout=30) as slow,
    ):
        slow.sendall(sent)
        assert status(port, "/index.html") == 200
        while slow.recv(65536):
            pass
        assert status(port, "/index.html") == 200


def test_half_open_connections(project: Project) -> None:
    """Clients that vanish in the middle of a request or of an answer harm nobody else."""
    with running(*served(project, "--quiet")) as (_, port):
        for sent in (b"GET / HTTP/1.1\r\nHo", b"GET /dump/twintowns.ttl HTTP/1.1\r\nHost: x\r\n\r\n"):
            for _ in range(20):
                with socket.create_connection(("127.0.0.1", port), timeout=30) as gone:
                    gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    gone.sendall(sent)
        assert status(port, "/index.html") == 200


def test_many_idle_connections(project: Project) -> None:
    """Two thousand idle connections do not keep another client from its answer."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < MANY + 200:
        pytest.skip(f"this process may open {most} files only: raise the limit (ulimit -Hn {MANY + 200})")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with running(*served(project, "--quiet")) as (_, port), ExitStack() as idle:
        for _ in range(MANY):
            connection = idle.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            connection.sendall(b"GET / HT")
        assert [status(port, "/index.html") for _ in range(20)] == [200] * 20


def test_worker_is_replaced(project: Project) -> None:
    """A process that answers and is killed is replaced."""
    with running(*served(project, "--quiet")) as (process, port):
        children = (
            Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        )
        killed = next(int(child) for child in children if b"resource_tracker" not in _command(child))
        os.kill(killed, signal.SIGKILL)
        assert until(lambda: status(port, "/index.html") == 200)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_stops_while_queries_run(project: Project, how: signal.Signals) -> None:
    """Asked to stop, the service answers those whose queries run or wait, before it would be killed."""
    told: list[int] = []
    with running(*served(project, "--quiet")) as (process, port):
        asking = [
            threading.Thread(target=lambda n: told.append(status(port, f"{WORST}%23{n}")), args=(number,))
            for number in range(4)
        ]
        for thread in asking:
            thread.start()
        assert until(lambda: LAST in {_priority(child) for child in _descendants(process.pid)})
        process.send_signal(how)
        _, failures = process.communicate(timeout=60)
        for thread in asking:
            thread.join()
    assert (process.returncode, told) == (0, [503] * 4)
    assert "Traceback" not in failures


def _descendants(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    try:
        told = " ".join((task / "children").read_text(encoding="ascii") for task in tasks.iterdir())
    except OSError:
        return []
    children = [int(child) for child in told.split()]
    return [*children, *(one for child in children for one in _descendants(child))]


def _priority(pid: int) -> int | None:
    """Return how nice a process is to others; none of one that has ended."""
    try:
        return os.getpriority(os.PRIO_PROCESS, pid)
    except OSError:
        return None


def _command(pid: str) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_next_edition_under_load(project: Project) -> None:
    """While editions are swapped, every request is answered, and no answer mixes two editions."""
    place = next(iter(sorted((project.root / "build/place").glob("*.ttl"))))
    path, file = f"/place/{place.name}", project.data / "place" / place.name
    with running(*served(project, "--quiet")) as (_, port):
        seen: list[tuple[int, str, bytes]] = []
        ended = threading.Event()
        asking = threading.Thread(target=_ask, args=(port, path, seen, ended))
        asking.start()
        for edition in range(3):
            named = re.sub(
                r'(schema:name "[^"]*?)( \d)?"', rf'\1 {edition}"', file.read_text("utf-8"), count=1
            )
            file.write_text(named, encoding="utf-8")
            build(project, BuildOptions(project.root / "build", 1))
            wanted = place.read_bytes()
            assert until(lambda: any(body == wanted for _, _, body in seen[-5:]))  # noqa: B023 - asked at once
        ended.set()
        asking.join(timeout=60)
    assert {code for code, _, _ in seen} == {200}
    assert len({etag for _, etag, _ in seen}) == len({body for _, _, body in seen}) == len(set(seen)) >= 3


def _ask(port: int, path: str, seen: list[tuple[int, str, bytes]], ended: threading.Event) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while not ended.is_set():
        connection.request("GET", path)
        answer = connection.getresponse()
        seen.append((answer.status, answer.headers["ETag"], answer.read()))
    connection.close()
