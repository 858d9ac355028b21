"""Triple stores to publish to, on this very machine: Virtuoso, Oxigraph, and one that fails as it is told."""

import contextlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx

from twintowns.graphstore import Addresses

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
START_S = 60.0
USER, PASSWORD = "publisher", "open-sesame"
COUNT = "SELECT (COUNT(*) AS ?count) WHERE { ?s ?p ?o }"

_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
NumberOfBuffers = 4000
MaxDirtyBuffers = 2400
MaxQueryMem = 100M
ThreadsPerQuery = 1
AsyncQueueMaxThreads = 1
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 4
MaxKeepAlives = 4
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 100
"""


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def pause(seconds: float) -> None:
    """Let a service be slow."""
    time.sleep(seconds)


class Server:
    """A store that runs as a process of its own.

    Args:
        folder: Where it keeps its data.
    """

    def __init__(self, folder: Path) -> None:
        """Choose a port."""
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """Return what starts it."""
        raise NotImplementedError

    def addresses(self) -> Addresses:
        """Return where it is, updates left out."""
        raise NotImplementedError

    def with_update(self) -> Addresses:
        """Return where it is, updates too."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - the test's own command
                self.command(), cwd=self.folder, stdout=output, stderr=output
            )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "output").read_text(errors="replace")
            with contextlib.suppress(httpx.TransportError):
                httpx.get(self.addresses().queried.replace("-auth", ""), trust_env=False)
                return
            time.sleep(0.1)
        self.stop()
        message = f"{self.command()[0]} did not start within {START_S} s"
        raise TimeoutError(message)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it for certain."""
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def kill(self) -> None:
        """End it as a failing machine does."""
        self.stop(signal.SIGKILL)

    def count(self, graph: str) -> int:
        """Return how many triples a graph holds, as anybody may ask."""
        answer = httpx.get(
            self.addresses().queried.replace("-auth", ""),
            params={"query": COUNT, "default-graph-uri": graph},
            headers={"Accept": "application/sparql-results+json"},
            trust_env=False,
        )
        return int(answer.json()["results"]["bindings"][0]["count"]["value"])


Running = TypeVar("Running", bound=Server)


class Oxigraph(Server):
    """The server of the package index."""

    def command(self) -> list[str]:
        """Return what starts it."""
        return [str(OXIGRAPH), "serve", "--location", "data", "--bind", f"127.0.0.1:{self.port}"]

    def addresses(self) -> Addresses:
        """Return where it is, updates left out."""
        return Addresses(f"{self.url}/store")

    def with_update(self) -> Addresses:
        """Return where it is, updates too."""
        return Addresses(f"{self.url}/store", f"{self.url}/update")


class Virtuoso(Server):
    """The server of the Debian package, with a user who may publish."""

    def __init__(self, folder: Path) -> None:
        """Write its configuration."""
        super().__init__(folder)
        self.sql_port = free_port()
        (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=self.sql_port, http=self.port))

    def command(self) -> list[str]:
        """Return what starts it."""
        return [shutil.which("virtuoso-t") or "", "+configfile", "virtuoso.ini", "+foreground"]

    def addresses(self) -> Addresses:
        """Return where it is, updates left out."""
        return Addresses(f"{self.url}/sparql-graph-crud-auth")

    def with_update(self) -> Addresses:
        """Return where it is, updates too."""
        return Addresses(f"{self.url}/sparql-graph-crud-auth", f"{self.url}/sparql-auth")

    def admit(self) -> None:
        """Make the user who may publish, as docs/publish.md says."""
        text = (Path(__file__).resolve().parent.parent / "docs/publish.md").read_text(encoding="utf-8")
        [commands] = re.findall(r"<<'END'\n(.*?)END\n", text, re.DOTALL)
        commands = commands.replace("a password", PASSWORD)
        done = subprocess.run(  # noqa: S603 - the test's own command
            [shutil.which("isql-vt") or "", f"127.0.0.1:{self.sql_port}", "dba", "dba"],
            input=commands,
            capture_output=True,
            text=True,
            check=True,
            timeout=START_S,
        )
        assert "Error" not in done.stdout + done.stderr


@dataclass
class Fault:
    """What goes wrong with a request.

    Attributes:
        method: The method of the requests that it strikes.
        ending: How the name of the graph, or the operation, ends.
        status: What is answered; 0 for a connection that is reset.
        headers: With which headers.
        body: And which body.
        times: How often it strikes.
        skipped: How many such requests go well before.
        effect: What happens just before.
    """

    method: str
    ending: str = ""
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    times: int = 1
    skipped: int = 0
    effect: Callable[[], None] = lambda: None

    def strikes(self, method: str, subject: str) -> bool:
        """Tell whether it strikes a request, and count it."""
        if method != self.method or not subject.endswith(self.ending) or not self.times:
            return False
        if self.skipped:
            self.skipped -= 1
            return False
        self.times -= 1
        return True


class Loopback:
    """A store in memory that speaks all three protocols and fails as it is told."""

    def __init__(self) -> None:
        """Start without graphs or faults."""
        self.graphs: dict[str, set[str]] = {}
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, str, str]] = []
        self.agents: set[str] = set()
        self.encodings: set[str] = set()
        self.demanded: tuple[str, str] | None = None
        store = self

        class Handler(_Handler):
            loopback = store

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def addresses(self) -> Addresses:
        """Return where it is, updates left out."""
        return Addresses(f"{self.url}/store")

    def with_update(self) -> Addresses:
        """Return where it is, updates too."""
        return Addresses(f"{self.url}/store", f"{self.url}/update")

    def without_query(self) -> Addresses:
        """Return where it takes graphs and nothing else."""
        return Addresses(f"{self.url}/graphs")

    def count(self, graph: str) -> int:
        """Return how many triples a graph holds."""
        return len(self.graphs.get(graph, ()))

    def update(self, text: str) -> None:
        """Run the operations that publishing needs."""
        for operation in text.split(";"):
            terms = re.findall(r"<([^>]+)>", operation)
            if operation.split()[0] == "DROP":
                self.graphs.pop(terms[0], None)
            else:
                self.graphs[terms[1]] = set(self.graphs[terms[0]])


class _Handler(BaseHTTPRequestHandler):
    """Answers for the store in memory."""

    loopback: Loopback
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the base class says
        """Stay silent."""

    def handle_one_request(self) -> None:
        """Answer a request, unless who asks has gone."""
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def _any(self) -> None:
        store, address = self.loopback, urlsplit(self.path)
        parameters = {name: values[0] for name, values in parse_qs(address.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        subject = parameters.get("graph") or parameters.get("default-graph-uri") or address.path
        store.asked.append((self.command, subject, self.headers.get("Authorization") or ""))
        store.agents.add(self.headers["User-Agent"])
        store.encodings.add(self.headers["Accept-Encoding"])
        if store.demanded and not (self.headers.get("Authorization") or "").startswith(store.demanded[1]):
            self._answer(401, "", {"WWW-Authenticate": store.demanded[0]})
            return
        for fault in store.faults:
            if fault.strikes(self.command, subject):
                fault.effect()
                if fault.status == 0:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                else:
                    self._answer(fault.status, fault.body, fault.headers)
                return
        self._do(address.path, parameters, body)

    do_GET = do_PUT = do_POST = do_DELETE = _any  # noqa: N815 - as the base class wants them

    def _do(self, path: str, parameters: dict[str, str], body: str) -> None:
        graphs = self.loopback.graphs
        if path == "/update":
            self.loopback.update(body)
            self._answer(204)
        elif path == "/query":
            count = self.loopback.count(parameters["default-graph-uri"])
            found = f'{{"results": {{"bindings": [{{"count": {{"value": "{count}"}}}}]}}}}'
            self._answer(200, found, {"Content-Type": "application/sparql-results+json"})
        elif self.command == "GET":
            held = graphs.get(parameters["graph"])
            content = "# what it holds\n" + "".join(f"{line}\n" for line in sorted(held or ()))
            headers = {"Content-Type": "application/n-triples;charset=UTF-8"}
            self._answer(404 if held is None else 200, content, headers)
        elif self.command == "DELETE":
            self._answer(404 if graphs.pop(parameters["graph"], None) is None else 204)
        else:
            kept = graphs.get(parameters["graph"], set()) if self.command == "POST" else set()
            graphs[parameters["graph"]] = kept | {
                line for line in body.splitlines() if line and line[0] != "#"
            }
            self._answer(204)

    def _answer(self, status: int, body: str = "", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        if status != 204:
            with contextlib.suppress(ConnectionError):  # who asks need not read all
                self.wfile.write(body.encode())
                self.wfile.flush()


def running(server: Running) -> Iterator[Running]:
    """Start a server for the tests, and end it for certain."""
    try:
        server.start()
        yield server
    finally:
        server.stop()
