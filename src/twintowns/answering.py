"""What runs apart from the service: a process that holds the store, and those forked from it that answer.

The first reads the store once, and forks a worker whenever it is asked; the workers share its memory. Before
it sees a query, a worker gives up the means to open anything: with `RLIMIT_NOFILE` at nothing, no file, no
socket and no pipe can be made, whatever a query gets the engine to try, and no privilege is needed for it.
Source: https://man7.org/linux/man-pages/man2/getrlimit.2.html
"""

import gc
import os
import re
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from twintowns import asking, jsontext
from twintowns.enginewords import refusal
from twintowns.exceptions import QueryRefusedError, SystemFailureError
from twintowns.parallel import end_with
from twintowns.preparing import Asked, Dataset, Head, asked_from, prepared
from twintowns.project import OPERATIONS
from twintowns.store import Held, held

SOLUTIONS: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
TRIPLES: Final = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}
HEAD: Final = struct.Struct(">cI")
"""Before each part of an answer: its kind, and how many bytes it has."""

HEADING, DATA, END, FAILURE = b"h", b"d", b"e", b"x"
LENGTH: Final = struct.Struct(">I")
_CHUNK_BYTES: Final = 1 << 16
_NAME_CHARACTERS: Final = 1000
_NAME_START: Final = (
    "A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f"
    "\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\U00010000-\\U000effff"
)
_LOCAL_NAME: Final = re.compile(rf"[{_NAME_START}][{_NAME_START}0-9.\xb7\u0300-\u036f\u203f\u2040-]*\Z")
"""The end of an IRI that XML can name an element by (https://www.w3.org/TR/xml-names/#NT-NCName)."""


class Results:
    """The file into which the engine writes an answer: sent in parts, bounded in all.

    Args:
        connection: Where to send it.
        most_bytes: How many bytes it may have.
    """

    def __init__(self, connection: socket.socket, most_bytes: int) -> None:
        """Begin with nothing."""
        self._connection = connection
        self._heading = b""
        self._waiting = bytearray()
        self._most_bytes = self._left = most_bytes

    def head(self, head: Head) -> None:
        """Take what is known of the answer: it is sent before the first part."""
        written = jsontext.line([*head])
        self._heading = HEAD.pack(HEADING, len(written)) + written

    def write(self, data: bytes) -> int:
        """Take some bytes, and send what has gathered where it is enough.

        Raises:
            OverflowError: If there are too many.
        """
        self._left -= len(data)
        if self._left < 0:
            raise OverflowError
        self._waiting += data
        if len(self._waiting) >= _CHUNK_BYTES:
            self._send(DATA, bytes(self._waiting))
            self._waiting.clear()
        return len(data)

    def flush(self) -> None:
        """Do nothing: parts are sent when they are large enough, and the last at the end."""

    @property
    def too_large(self) -> QueryRefusedError | None:
        """Why more was to be written than may be; None where it was not."""
        return answer_too_long(self._most_bytes) if self._left < 0 else None

    def end(self) -> None:
        """Send the rest, and say that it was all."""
        self._send(END, bytes(self._waiting))

    def fail(self, refusal: QueryRefusedError) -> None:
        """Say why there is no answer, or no more of it."""
        told = {
            "status": refusal.status,
            "what": refusal.what,
            "remedy": refusal.remedy,
            "at": refusal.line and [refusal.line, refusal.column],
            "values": refusal.values,
        }
        self._send(FAILURE, jsontext.line(told))

    def _send(self, kind: bytes, part: bytes) -> None:
        self._connection.sendall(self._heading + HEAD.pack(kind, len(part)) + part)
        self._heading = b""


def answer_all(store: Store, connection: socket.socket, dataset: Dataset) -> None:
    """Answer what comes over a connection, one request after the other, until it ends.

    Args:
        store: The store to ask.
        connection: Where requests come from and answers go to.
        dataset: What is known of the store.
    """
    with connection.makefile("rb") as incoming:
        while length := incoming.read(LENGTH.size):
            told = jsontext.read(incoming.read(LENGTH.unpack(length)[0]))
            _limit_cpu(told["cpu_s"])
            _answer_one(store, asked_from(told), dataset, Results(connection, told["result_bytes"]))


def _answer_one(store: Store, asked: Asked, dataset: Dataset, results: Results) -> None:
    """Answer a request, or say why not."""
    try:
        head, question = prepared(asked, dataset)
        results.head(head)
        if not head.is_known:
            answer(store, {**question, "prefixes": dataset.prefixes}, results)
    except QueryRefusedError as error:
        results.fail(error)
    except (SyntaxError, RuntimeError, ValueError, OSError, OverflowError) as error:
        results.fail(results.too_large or refusal(str(error)))
    else:
        results.end()


def answer_too_long(most_bytes: int) -> QueryRefusedError:
    """Return the refusal of a query whose answer is too long."""
    return QueryRefusedError(
        413,
        "the answer is longer than {bytes} bytes",
        "ask for less (LIMIT), or take the dump",
        values={"bytes": most_bytes},
    )


def answer(store: Store, question: dict[str, Any], results: Results) -> None:
    """Ask the store, and write what it answers.

    Args:
        store: The store.
        question: The `query`, the `form` in which to write, `base`, `prefixes` and which of them are `used`;
            `default_graphs` and `named_graphs`, both None for all that there is.
        results: Where to write.

    Raises:
        SyntaxError: If the query is not SPARQL.
        RuntimeError: If it cannot be evaluated.
        ValueError: If the answer cannot be written in that form.
        OverflowError: If the answer is too large.
    """
    used = {prefix: question["prefixes"][prefix] for prefix in question["used"]}
    found = store.query(question["query"], base_iri=question["base"], prefixes=used, **_dataset(question))
    if isinstance(found, QuerySolutions | QueryBoolean):
        found.serialize(results, SOLUTIONS[question["form"]])  # type: ignore[arg-type]
    else:
        form = TRIPLES[question["form"]]
        triples = _nameable(found) if form == RdfFormat.RDF_XML else found
        serialize(triples, results, form, prefixes=question["prefixes"])  # type: ignore[arg-type]


def _nameable(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Go through triples whose predicates can be names of XML elements, as RDF/XML needs it.

    The engine would write XML that nothing can read (https://www.w3.org/TR/rdf-syntax-grammar/#section-Serialising).

    Raises:
        ValueError: If one cannot.
    """
    for triple in triples:
        iri = triple.predicate.value
        if not _LOCAL_NAME.search(iri, max(0, len(iri) - _NAME_CHARACTERS)):
            message = f"RDF/XML has no name for the predicate <{iri}>, as Turtle, N-Triples and JSON-LD have"
            raise ValueError(message)
        yield triple


def _dataset(question: dict[str, Any]) -> dict[str, Any]:
    graphs = [question[name] for name in ("default_graphs", "named_graphs")]
    if graphs == [None, None]:
        return {"use_default_graph_as_union": True}
    default_graphs, named_graphs = ([NamedNode(iri) for iri in part] for part in graphs)
    return {"default_graph": default_graphs, "named_graphs": named_graphs}


def _limit_cpu(seconds: int) -> None:
    """Let this process compute for some more seconds, and no longer."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def confine(memory_bytes: int) -> None:  # pragma: no cover - whoever is confined can save nothing of it
    """Give up the means to open anything, to grow without end, and to leave anything behind.

    Args:
        memory_bytes: How much more address space this process may take.
    """
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limits = {
        resource.RLIMIT_AS: pages * resource.getpagesize() + memory_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def hold(control: socket.socket, load: Callable[[Path], Held] = held) -> None:
    """Read the store, say so, and fork a worker for each connection that is handed over, until told no more.

    Args:
        control: Where requests come from.
        load: What reads the dump.
    """
    wanted = jsontext.read(control.recv(1 << 16))
    try:
        found = load(Path(wanted["dump"]))
    except SystemFailureError as error:
        control.sendall(jsontext.line({"problem": str(error)}) + b"\n")
        return
    dataset = Dataset(wanted["space"], wanted["prefixes"], frozenset(found.graphs), found.digest)
    _warm_up(found.store, dataset)
    gc.freeze()
    holder = os.getpid()
    control.sendall(jsontext.line({"digest": found.digest, "graphs": found.graphs}) + b"\n")
    while True:
        asked, handed, _, _ = socket.recv_fds(control, 1, 1)
        if not asked:
            return
        _reap()
        process = os.fork()
        if not process:
            end_with(holder)  # pragma: no cover - it saves nothing
            control.close()  # pragma: no cover
            _become_worker(found.store, dataset, handed[0], wanted["memory_bytes"])  # pragma: no cover
        os.close(handed[0])
        control.sendall(jsontext.line({"process": process}) + b"\n")


def _reap() -> None:
    """Let go of the workers that have ended; not before, so that no other process could take their ids."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def _warm_up(store: Store, dataset: Dataset) -> None:
    """Answer and refuse once, so that all is loaded that is loaded late: a worker can open no file for it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for query in ((OPERATIONS / "warm.rq").read_bytes(), b""):
            asked = Asked(asking.Request("POST", "", asking.DIRECT, query), "*/*", "*")
            _answer_one(store, asked, dataset, Results(theirs, _CHUNK_BYTES))
        Results(theirs, 0).fail(refusal("\x00"))


def _become_worker(
    store: Store, dataset: Dataset, handed: int, memory_bytes: int
) -> None:  # pragma: no cover - a worker can open no file, to save in it what it has covered
    confine(memory_bytes)
    try:
        answer_all(store, socket.socket(fileno=handed), dataset)
    finally:
        os._exit(0)


def main() -> None:
    """Hold a store, and let the service at the other end of an inherited socket ask for workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hold(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
