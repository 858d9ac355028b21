"""What follows from what was asserted, by SPARQL CONSTRUCT queries that lie in files.

Source: https://www.w3.org/TR/sparql11-query/#construct
"""

from collections.abc import Iterable
from typing import cast

from pyoxigraph import Quad, QueryTriples, Store, Triple

from twintowns.project import QUERIES


def derived(asserted: Iterable[Triple]) -> frozenset[Triple]:
    """Return what the derivation queries construct and was not asserted.

    Args:
        asserted: What the curated files state.
    """
    stated = frozenset(asserted)
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in stated)
    constructed: set[Triple] = set()
    for query in sorted(QUERIES.glob("*.rq")):
        constructed.update(cast("QueryTriples", store.query(query.read_text(encoding="utf-8"))))
    return frozenset(constructed - stated)
