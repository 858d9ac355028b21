"""What can go wrong, as one tree.

    TwinTownsError                 nothing could be done; exit status 3
    ├── NotAProjectError           the folder holds no publication
    ├── DataFileError              a file cannot be read as what it should be
    │   ├── EncodingError          … as UTF-8
    │   ├── TurtleSyntaxError      … as Turtle, or as JSON-LD
    │   ├── MessageFileError      … as messages in a language
    │   └── MisplacedSubjectError  … as the file of the thing that it is named after
    ├── SeveralFailuresError       more than one of these, each told
    ├── CatalogueError             the catalogue does not say what a build needs to know
    ├── ShapesError                the shapes themselves are wrong
    ├── OutputFolderError          the site cannot be put where it was asked for
    ├── HostingError               no configuration can be written for the site, or not as it was asked for
    ├── ScopeError                 nothing can be harvested by what was asked for
    ├── AlreadyThereError          `init` would overwrite something
    ├── SiteError                  there is no whole site to publish or to serve
    ├── ListeningError             the service cannot listen where it was asked to
    ├── CredentialsError           the environment does not say who asks
    ├── TransportError             another machine cannot be asked
    │   ├── AddressError           … at such an address
    │   ├── UnreachableError       … because it does not answer
    │   ├── RefusedError           … because it says no
    │   └── AnswerError            … because its answer is none that is read
    ├── TableError                 a table cannot be read, or not as it was asked for
    ├── SchedulerError             a cluster cannot print the documents
    ├── GraphStoreError            a triple store does not hold what it should
    ├── QueryRefusedError          a query to the service cannot be answered, with the HTTP status for it
    └── SystemFailureError         the operating system said no (disk full, not permitted, …)

A message reads *place: what is wrong; what to do*. Data that breaks a shape is a report, not an exception.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_SHOWN_CHARACTERS = 1000
_PASSING = frozenset({429, 502, 503, 504})


class TwinTownsError(Exception):
    """A failure told as place, what is wrong, and what to do.

    Args:
        place: A file or folder, or a word for where the failure lies.
        what: What is wrong, with `{name}` where a value goes.
        remedy: What to do about it, likewise.
        line: The line in the file, counted from 1, where there is one.
        values: The values by their names.
    """

    def __init__(
        self,
        place: Path | str,
        what: str,
        remedy: str,
        *,
        line: int | None = None,
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Keep the parts, so that the message can be told in any language."""
        super().__init__(place, what, remedy)
        self.place = place
        self.what = what
        self.remedy = remedy
        self.line = line
        self.values = {name: printable(str(value)) for name, value in (values or {}).items()}

    def told(self, translated: Callable[[str], str], folder: Path | None = None) -> str:
        """Return the message, its fixed parts passed through `translated`.

        Args:
            translated: Returns a message in the reader's language.
            folder: Where the reader is; a file in it is named by the way from there.
        """
        where = printable(str(_seen(self.place, folder))) + (f":{self.line}" if self.line else "")
        what = translated(self.what).format_map(self.values)
        remedy = translated(self.remedy).format_map(self.values)
        return f"{where}: {what}; {remedy}"

    def __str__(self) -> str:
        """Return the message in English."""
        return self.told(str)


class NotAProjectError(TwinTownsError):
    """The folder holds no publication."""


class DataFileError(TwinTownsError):
    """A file cannot be read as what it should be."""


class EncodingError(DataFileError):
    """A file is not UTF-8."""


class TurtleSyntaxError(DataFileError):
    """A file breaks the grammar of Turtle, or of JSON."""


class MessageFileError(DataFileError):
    """A file is no catalogue of messages."""


class MisplacedSubjectError(DataFileError):
    """A file tells of something other than what it is named after."""


class SeveralFailuresError(TwinTownsError):
    """Several things went wrong, and all are told.

    Args:
        failures: What went wrong.
    """

    def __init__(self, failures: Sequence[TwinTownsError]) -> None:
        """Keep the failures, so that each can be told in any language."""
        super().__init__(failures[0].place, failures[0].what, failures[0].remedy)
        self.failures = tuple(failures)

    def told(self, translated: Callable[[str], str], folder: Path | None = None) -> str:
        """Return the messages, a line each."""
        return "\n".join(failure.told(translated, folder) for failure in self.failures)


class CatalogueError(TwinTownsError):
    """The catalogue does not say what a build needs to know."""


class ShapesError(TwinTownsError):
    """The shapes themselves are wrong."""


class OutputFolderError(TwinTownsError):
    """The site cannot be put where it was asked for."""


class HostingError(TwinTownsError):
    """No configuration of a web server can be written."""


class ScopeError(TwinTownsError):
    """Nothing can be harvested by what was asked for."""


class AlreadyThereError(TwinTownsError):
    """Something is already where a new project should go."""


class SiteError(TwinTownsError):
    """There is no whole site to publish or to serve."""


class ListeningError(TwinTownsError):
    """The service cannot listen where it was asked to."""


class CredentialsError(TwinTownsError):
    """The environment does not say who asks."""


class TransportError(TwinTownsError):
    """Another machine cannot be asked."""


class AddressError(TransportError):
    """An address is none that can be asked."""


class UnreachableError(TransportError):
    """Another machine does not answer."""


class RefusedError(TransportError):
    """Another machine says no; the values hold the `status`, and `retry_after` where it says when."""

    @property
    def status(self) -> int:
        """The status code of the answer."""
        return int(self.values["status"])

    @property
    def retry_after(self) -> str:
        """When to ask again, as the answer says; empty where it does not."""
        return self.values.get("retry_after", "")

    @property
    def is_passing(self) -> bool:
        """Whether the answer may be another in a moment."""
        return self.status in _PASSING


class AnswerError(TransportError):
    """Another machine answers with more than may be, or in an encoding that was not asked for."""


class TableError(TwinTownsError):
    """A table cannot be read, or not as it was asked for."""


class SchedulerError(TwinTownsError):
    """A cluster cannot print the documents."""


class GraphStoreError(TwinTownsError):
    """A triple store does not hold what it should."""


class QueryRefusedError(TwinTownsError):
    """A query to the service cannot be answered.

    Args:
        status: The HTTP status that tells so.
        what: What is wrong.
        remedy: What to do about it.
        at: The line and the column in the query, counted from 1, where they are known.
        values: The values by their names.
    """

    def __init__(
        self,
        status: int,
        what: str,
        remedy: str,
        *,
        at: tuple[int, int] | None = None,
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Keep the parts."""
        super().__init__("query", what, remedy, line=at and at[0], values=values)
        self.status = status
        self.column = at and at[1]

    @property
    def words(self) -> str:
        """The engine's own words, which are English and no part of the message; empty where it said none."""
        return self.values.get("problem", "")

    def sentence(self, translated: Callable[[str], str]) -> str:
        """Return what is wrong and what to do, without the place.

        Args:
            translated: Returns a message in the reader's language.
        """
        return "; ".join(translated(part).format_map(self.values) for part in (self.what, self.remedy))


class SystemFailureError(TwinTownsError):
    """The operating system said no."""


def not_a_file(path: Path) -> DataFileError:
    """Return the failure to read what may have no end, such as a device or a pipe."""
    return DataFileError(path, "this is no file, but a device or a pipe", "put a file in its place")


def unreadable(path: Path, error: OSError) -> SystemFailureError:
    """Return the failure to read a file."""
    return SystemFailureError(
        path,
        "this file cannot be read ({reason})",
        "see that it is there and that you may read it",
        values={"reason": error.strerror or error},
    )


def _seen(place: Path | str, folder: Path | None) -> Path | str:
    is_in = folder and isinstance(place, Path) and place != folder and place.is_relative_to(folder)
    return place.relative_to(folder) if is_in else place  # type: ignore[union-attr, arg-type]


def printable(text: str) -> str:
    r"""Return text that is safe on a terminal: control characters shown, not obeyed, and not endless.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if len(shown) <= _SHOWN_CHARACTERS else f"{shown[:_SHOWN_CHARACTERS]}…"
