"""The dataset as a store to be asked, made from the N-Quads dump of a built site.

It is held in memory and never written: the bytes of a store on disk change from build to build, and one in
memory is shared by every process that is forked after it was read (docs/decisions.md has the numbers).
"""

from hashlib import file_digest
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, RdfFormat, Store

from twintowns.exceptions import SystemFailureError

DUMP: Final = "dump/twintowns.nq"
"""Where a built site holds its named graphs."""


class Held(NamedTuple):
    """A store, and what tells it from others.

    Attributes:
        store: The store.
        digest: The SHA-256 of the dump that it was made from, in hexadecimal.
        graphs: The IRIs of its named graphs, sorted.
    """

    store: Store
    digest: str
    graphs: list[str]


def held(dump: Path) -> Held:
    """Read a dump, the same file whole, even if the site is swapped for another in the meantime.

    Raises:
        SystemFailureError: If it cannot be read, or is no N-Quads.
    """
    store = Store()
    try:
        with dump.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            file.seek(0)
            store.load(file, RdfFormat.N_QUADS)
    except (OSError, SyntaxError) as error:
        raise SystemFailureError(
            dump,
            "the dump cannot be read: {problem}",
            "build the site, and serve that",
            values={"problem": (isinstance(error, OSError) and error.strerror) or error},
        ) from error
    graphs = sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))
    return Held(store, digest, graphs)
