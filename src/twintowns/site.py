"""The build: sources in, one whole edition of the site out, or the old one left as it was.

The way of the data: files are read, validated, and what follows from them is derived; each document of
the dataset is described and written in every format and language; the edition is swapped in. What an edit
cannot have touched is taken over from the edition before, with the same bytes.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from twintowns import jsontext
from twintowns.edition import Bookkeeping, Edition, replace, translated_failures
from twintowns.fingerprint import content_hash, program_hash, seal_of, sealed, secret, signature_of
from twintowns.pieces import FILE as PIECES
from twintowns.project import Project
from twintowns.stamps import Stamps
from twintowns.trees import tree_signature

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from twintowns.printing import Press
    from twintowns.renewal import Kept
    from twintowns.results import ValidationReport

_SEEN: Final = "seen.json"
"""What the files of facts were."""
_KNOWN: Final = "known.bin"
"""The dataset that is published."""
_REPORT: Final = "report.json"
"""What the validator said of it."""
_COLLECTED: Final = (100_000, 50, 100)
"""After how many new things garbage is looked for, and how seldom among older ones."""
Progress = Callable[[int, int], None]
"""Told how many documents are printed, and of how many."""


@dataclass(frozen=True)
class BuildOptions:
    """How to build.

    Attributes:
        out: Where the site goes.
        processes: How many processes print; None for as many as there are cores.
        progress: Whom to tell how far it is.
        scheduler: The address of the Dask scheduler whose workers print in the place of processes, if any.
    """

    out: Path
    processes: int | None = None
    progress: Progress = lambda _done, _total: None
    scheduler: str = ""


@dataclass(frozen=True)
class BuildOutcome:
    """What a build did.

    Attributes:
        report: What the validator found; None where nothing had changed and nothing was read.
        printed: How many documents were printed.
        kept: How many were taken over from the edition before.
        changed: Whether the site differs from what it was.
    """

    report: "ValidationReport | None"
    printed: int = 0
    kept: int = 0
    changed: bool = False


@dataclass(frozen=True)
class _State:
    """What a build saw: hashes of the program with the vocabulary and of the facts; and what it left.

    That of the program holds the user's secret, so that nobody else's state is taken for one's own; and it is
    signed by that, so that nobody else can alter one's own.
    """

    program: str
    facts: str
    site: str = ""
    spare: str = ""
    seen: str = ""
    known: str = ""
    report: str = ""


@dataclass(frozen=True)
class _Books:
    """The books of a build: the last state, if what it left can be taken over, and the one to come."""

    books: Bookkeeping
    states: tuple[_State, _State]
    stamps: Stamps
    kept: "Kept | None"


def build(project: Project, options: BuildOptions) -> BuildOutcome:
    """Build the site of a project.

    Raises:
        TwinTownsError: If it cannot be done; the site that was there is unharmed.
    """
    books = Bookkeeping(options.out.resolve())
    with books.locked(), _seldom_collected():
        last, program = _last_state(books), _program(project)
        stamps = Stamps(
            project.root, sealed(books.folder / _SEEN, last.seen) if last.program == program else None
        )
        now = _State(program, _facts(project, stamps))
        is_intact = last.site != "" and books.place.is_dir() and tree_signature(books.place) == last.site
        if is_intact and (last.program, last.facts) == (now.program, now.facts):
            return BuildOutcome(None)
        reuse = is_intact and last.program == now.program
        states = last if reuse else _State("", ""), now
        return _build(project, options, _Books(books, states, stamps, _kept(books, last, stamps)))


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for cycles seldom: a build makes hundreds of thousands of things at once, and few cycles."""
    usual = gc.get_threshold()
    gc.set_threshold(*_COLLECTED)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _kept(books: Bookkeeping, last: _State, stamps: Stamps) -> "Kept | None":
    """Return what the last build kept, if it is what that left."""
    from twintowns.renewal import Kept  # noqa: PLC0415 - imports take most of a small build: only where there is work

    known, report = sealed(books.folder / _KNOWN, last.known), sealed(books.folder / _REPORT, last.report)
    return Kept(known, report, stamps.changed, stamps.gone) if stamps.are_known and known and report else None


def _build(project: Project, options: BuildOptions, kept: _Books) -> BuildOutcome:
    from twintowns import toldreports  # noqa: PLC0415 - as above
    from twintowns.printing import prepared  # noqa: PLC0415 - as above
    from twintowns.recollection import Recollection  # noqa: PLC0415 - as above

    books, (last, state) = kept.books, kept.states
    reuse = bool(last.site)
    recollection = Recollection(books.judged, state.program)
    press, report = prepared(project, recollection, kept.kept)
    if press is None:
        return BuildOutcome(report)
    try:
        with translated_failures(books.place):
            edition = books.begin(is_alike=reuse, spare=last.spare)
            documents = press.documents
            touched = press.touched(edition) if reuse else set(documents)
            left = [document for document in documents if document not in touched]
            if not left:  # what stands around every page may have changed
                edition.ingredients.forget()
            press.keep(edition, left)
            _print(press, edition, options, [d for d in documents if d in touched], report)
            changed = edition.seal(press.facts())
            if recollection.was_asked:
                replace(books.judged, recollection.content())
            replace(books.made, edition.ingredients.content())
            replace(books.folder / PIECES, edition.ingredients.pieces.content())
            signature, spare = books.retire(edition, last.site, is_changed=changed)
            told = toldreports.written(report, project.root)
            _write_state(kept, _State(state.program, state.facts, signature, spare), press.written(), told)
    finally:
        with suppress(OSError):
            books.discard()
    return BuildOutcome(report, len(documents) - len(left), len(left), changed)


def _print(
    press: "Press",
    edition: Edition,
    options: BuildOptions,
    touched: "list[NamedNode]",
    report: "ValidationReport",
) -> None:
    """Print what belongs to no document, while other processes print the documents."""
    from twintowns.parallel import each  # noqa: PLC0415 - as above
    from twintowns.spreading import spread  # noqa: PLC0415 - as above

    work = (
        spread(press, touched, (edition.folder, options.scheduler))
        if options.scheduler
        else each(
            partial(press.print_document, edition=edition), touched, (edition.folder, options.processes)
        )
    )
    with closing(work) as printed:
        press.print_site(edition, report)
        for done, entries in enumerate(printed, 1):
            edition.entries.add(entries)
            options.progress(done, len(touched))


def _program(project: Project) -> str:
    program = sha256(secret())
    program.update(program_hash().encode())
    program.update(content_hash(project.shared_files(), project.root).encode())
    return program.hexdigest()


def _facts(project: Project, stamps: Stamps) -> str:
    facts = [*project.data_files(), *project.bulk_files(), *project.other_files()]
    facts += project.comparison_files()
    return content_hash(facts, project.root, stamps.digest)


def _last_state(books: Bookkeeping) -> _State:
    with suppress(OSError, ValueError, TypeError, KeyError):
        told = {**jsontext.read(books.state.read_bytes())}
        if told.pop("signature") == signature_of(jsontext.line(told)):
            return _State(**told)
    return _State("", "")


def _write_state(kept: _Books, state: _State, known: bytes, report: bytes) -> None:
    """Write what is kept for the next build, and last of all by what that is known."""
    books = kept.books
    replace(books.folder / _KNOWN, known)
    replace(books.folder / _REPORT, report)
    seen = kept.stamps.content((books.folder / _REPORT).stat().st_mtime_ns)
    replace(books.folder / _SEEN, seen)
    seals = {"seen": seal_of(seen), "known": seal_of(known), "report": seal_of(report)}
    told = {**vars(state), **seals}
    replace(books.state, jsontext.written({**told, "signature": signature_of(jsontext.line(told))}))
