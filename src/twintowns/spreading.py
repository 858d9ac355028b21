"""Documents printed by the workers of a Dask cluster, with the same bytes as here.

Workers share no disk with this machine: what it takes to print is sent to them once, and files come back as
bytes, compressed variants with them. A worker that vanishes is no loss, since the scheduler gives its work to
another. They must run this very program with the same libraries, or bytes would differ; that is asked first.
Source: https://distributed.dask.org/en/stable/client.html
"""

from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final, NamedTuple

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from twintowns import jsontext
from twintowns.catalogue import Publication
from twintowns.compression import codings_of, variants
from twintowns.dataset import Dataset
from twintowns.edition import write_file, write_variant
from twintowns.exceptions import SchedulerError
from twintowns.fingerprint import program_hash
from twintowns.inventory import Entries, Entry
from twintowns.jsonld import Context
from twintowns.messages import use
from twintowns.printing import DocumentPress, Press
from twintowns.writing import n_triples

Client = Any
"""A connection to a scheduler, of a library that is there only where it was asked for."""

Files = list[tuple[str, str, bytes]]
"""What was printed: the path of each file, the suffix of a compressed variant or nothing, the bytes."""

_ANSWER_S: Final = 20.0
_STRAYED: Final = 3
"""How often nobody may be there to work, each time so long, until it is given up."""
_BATCH: Final = 32
_AHEAD: Final = 4
"""How many batches each worker has waiting, so that what comes back does not pile up here."""
_TAKEN: Final = Lock()
_LIBRARY: Final = "distributed"


class Kit(NamedTuple):
    """All that it takes to print documents.

    Attributes:
        publication: The languages.
        context: The JSON-LD context.
        parts: Triples as N-Triples, by where they come from.
        foreign: Which document tells of an IRI that is not ours.
        messages: The publication's own message files, by their names.
    """

    publication: Publication
    context: bytes
    parts: tuple[bytes, ...]
    foreign: bytes
    messages: tuple[tuple[str, bytes], ...]

    @property
    def key(self) -> str:
        """What tells it from others."""
        told = (self.context, *self.parts, self.foreign, repr(self.messages).encode())
        return sha256(b"\0".join(told)).hexdigest()


def spread(press: Press, documents: Sequence[NamedNode], where: tuple[Path, str]) -> Generator[Entries]:
    """Let a cluster print documents, and write what comes back; yield the entries of each, in their order.

    Args:
        press: What prints here.
        documents: The documents.
        where: The folder to write to, and the address of the scheduler.

    Raises:
        SchedulerError: If no scheduler answers, or nobody works for it, or with another program.
    """
    folder, address = where
    with _client(address) as client:
        check_workers(client, address)
        kit = client.scatter(kit_of(press), broadcast=True)
        yield from _written(client, address, folder, (kit, documents))


def _written(
    client: Client, address: str, folder: Path, work: tuple[Any, Sequence[NamedNode]]
) -> Generator[Entries]:
    kit, documents = work
    batches = deque(documents[start : start + _BATCH] for start in range(0, len(documents), _BATCH))
    waiting: deque[Future[list[Files]]] = deque()
    with client.get_executor(pure=False, retries=_STRAYED) as executor:
        while batches or waiting:
            while batches and len(waiting) < _AHEAD * max(1, len(client.nthreads())):
                iris = [document.value for document in batches.popleft()]
                waiting.append(executor.submit(print_batch, kit, iris))
            for files in result_of(client, address, waiting.popleft()):
                entries = Entries()
                entries.update(_entries(folder, files))
                yield entries.packed()


def _entries(folder: Path, files: Files) -> Generator[tuple[str, Entry]]:
    for path, suffix, content in files:
        if suffix:
            yield f"{path}.{suffix}", write_variant(folder, f"{path}.{suffix}", content)
        else:
            yield path, write_file(folder, path, content)


def result_of(client: Client, address: str, future: "Future[list[Files]]") -> list[Files]:
    """Wait for a batch, as long as there is somebody to print it.

    Raises:
        SchedulerError: If all workers are gone.
    """
    strayed = 0
    while strayed < _STRAYED:
        try:
            return future.result(timeout=_ANSWER_S)
        except TimeoutError:
            strayed = 0 if client.nthreads() else strayed + 1
        except (CancelledError, OSError, *_losses()) as error:
            raise _gone(address) from error
    raise _gone(address)


def _losses() -> tuple[Any, ...]:
    """Return how Dask says that work was lost."""
    import distributed  # noqa: PLC0415 - an optional extra, which few need

    return distributed.CancelledError, distributed.KilledWorker


def _gone(address: str) -> SchedulerError:
    return SchedulerError(
        address,
        "the scheduler, or all who work for it, went away",
        "start workers again, or build without --scheduler",
    )


@contextmanager
def _client(address: str) -> Generator[Client]:
    """Connect to a scheduler.

    Raises:
        SchedulerError: If none answers, or what it takes to ask is not installed.
    """
    try:
        import distributed  # noqa: PLC0415 - an optional extra, which few need
    except ImportError as error:
        raise SchedulerError(
            address,
            "to ask a scheduler takes the library {library}, which is not installed",
            'install it: pip install "twintowns[dask]"',
            values={"library": _LIBRARY},
        ) from error
    try:
        connect: Any = distributed.Client
        client = connect(address, timeout=_ANSWER_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise SchedulerError(
            address,
            "no Dask scheduler answers here ({reason})",
            "see that it runs and that the address is right, such as tcp://127.0.0.1:8786",
            values={"reason": str(error) or type(error).__name__},
        ) from error
    with client:
        yield client


def check_workers(client: Client, address: str) -> None:
    """See that there are workers, and that they print what would be printed here.

    Raises:
        SchedulerError: If not.
    """
    try:
        client.wait_for_workers(1, timeout=_ANSWER_S)
        found = client.run(program_hash)
    except TimeoutError as error:
        raise SchedulerError(
            address,
            "nobody works for this scheduler",
            "start workers: dask worker {address} --nthreads 1",
            values={"address": address},
        ) from error
    except (ImportError, AttributeError) as error:
        raise _other_program(address) from error
    if set(found.values()) != {program_hash()}:
        raise _other_program(address)


def _other_program(address: str) -> SchedulerError:
    return SchedulerError(
        address,
        "its workers have another version of this program or of its libraries, so that bytes would differ",
        "install the same there as here, and start them again",
    )


def kit_of(press: Press) -> Kit:
    """Return what it takes to print the documents of a press elsewhere."""
    dataset = press.dataset
    parts = (dataset.asserted, dataset.derived, dataset.vocabulary, dataset.shapes)
    foreign = {iri.value: document.value for iri, document in dataset.foreign.items()}
    return Kit(
        press.publication,
        jsontext.line(press.context.definition),
        tuple(n_triples(sorted(part, key=str)) for part in parts),
        jsontext.line(foreign),
        tuple((path.name, path.read_bytes()) for path in sorted(press.messages.glob("*.po"))),
    )


def print_batch(kit: Kit, documents: list[str]) -> list[Files]:
    """Print documents, on whatever machine this runs; one thread at a time, since a press is no more."""
    with _TAKEN:
        press = _press(kit)
        return [_files(press, NamedNode(document)) for document in documents]


def _files(press: DocumentPress, document: NamedNode) -> Files:
    files: Files = []
    for path, content in press.files(document).items():
        files.append((path, "", content))
        files += [
            (path, suffix, packed) for suffix, packed in variants(content, codings_of(path, len(content)))
        ]
    return files


_PRESSES: Final[dict[str, tuple[DocumentPress, TemporaryDirectory[str]]]] = {}
"""The press that was made last, with the folder of its messages, which lasts as long."""


def _press(kit: Kit) -> DocumentPress:
    """Return the press of a kit, made once; another one's is forgotten."""
    if kit.key not in _PRESSES:
        _PRESSES.clear()
        folder = TemporaryDirectory(prefix="twintowns-")
        for name, content in kit.messages:
            (Path(folder.name) / name).write_bytes(content)
        use(Path(folder.name))
        asserted, derived, vocabulary, shapes = map(_triples, kit.parts)
        foreign = {NamedNode(iri): NamedNode(told) for iri, told in jsontext.read(kit.foreign).items()}
        dataset = Dataset(kit.publication.names, asserted, derived, vocabulary, shapes, foreign)
        context = Context({"@context": jsontext.read(kit.context)})
        _PRESSES[kit.key] = DocumentPress(dataset, kit.publication, context), folder
    return _PRESSES[kit.key][0]


def _triples(content: bytes) -> frozenset[Triple]:
    return frozenset(quad.triple for quad in parse(content, format=RdfFormat.N_TRIPLES))
