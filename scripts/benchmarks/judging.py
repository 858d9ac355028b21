"""A publication validated: by the program, or by pySHACL; what was found is written as sorted tuples.

pySHACL parses a query anew for each focus node; asked to keep it parsed, it is quicker. What only asks
pyoxigraph the queries of the shapes tells how long that takes at least.

The time is that of validating alone, from triples in memory to results; the process around it is measured
from outside.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, QuerySolutions, Store, Triple

from twintowns.graph import Graph
from twintowns.loading import triples_of
from twintowns.printing import Sources, read_sources
from twintowns.project import Project
from twintowns.queryscreen import QueryScreen
from twintowns.vocabulary import SH


def main() -> None:
    """Validate the project and write what was found to a file."""
    way, project, found = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    sources = read_sources(Project(project))
    start = time.process_time()
    told = {"ours": _ours, "pyshacl": _pyshacl, "kept": _kept, "sparql": _sparql}[way](sources)
    took_s = time.process_time() - start
    found.write_text("\n".join(sorted(told)), encoding="utf-8")
    print(json.dumps({"results": len(told), "processor_s": took_s}))


def _ours(sources: Sources) -> set[str]:
    return {
        "\t".join(
            str(part or "")
            for part in (
                result.focus_node,
                result.path,
                result.value_node,
                result.source_shape,
                result.constraint_component,
                result.severity.value,
            )
        )
        for result in sources.validated().results
    }


def _sparql(sources: Sources) -> set[str]:
    data, shapes = triples_of((*sources.data, *sources.vocabulary)), Graph(triples_of(sources.shapes))
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in data)
    queries = QueryScreen(shapes, Graph([]))
    asked = [queries.query(one.subject, one.object) for one in shapes if one.predicate == SH.sparql]  # type: ignore[arg-type]
    found = ((number, store.query(query)) for number, query in enumerate(asked))
    return {
        f"{number}\t{row['this']}"
        for number, rows in found
        if isinstance(rows, QuerySolutions)
        for row in rows
    }


def _kept(sources: Sources) -> set[str]:
    from twintowns.judgement import _rdflib_graph  # noqa: PLC0415 - ours imports it only where it needs it

    return _judged_by(_rdflib_graph, sources)


def _pyshacl(sources: Sources) -> set[str]:
    import rdflib  # noqa: PLC0415 - ours imports it only where it needs it

    from twintowns.judgement import _rdflib_graph  # noqa: PLC0415 - as above

    def plain(triples: Iterable[Triple]) -> rdflib.Graph:
        graph = rdflib.Graph(bind_namespaces="none")
        for triple in _rdflib_graph(triples):
            graph.add(triple)
        return graph

    return _judged_by(plain, sources)


def _judged_by(made: Callable[[Iterable[Triple]], Any], sources: Sources) -> set[str]:
    """Return what pySHACL finds in graphs that are made in some way."""
    import pyshacl  # noqa: PLC0415 - ours imports it only where it needs it
    import rdflib  # noqa: PLC0415 - as above

    from twintowns.judgement import _ox_term  # noqa: PLC0415 - as above

    data = Graph(triples_of((*sources.data, *sources.vocabulary)))
    warnings.simplefilter("ignore")
    _, report, _ = pyshacl.validate(made(data), shacl_graph=made(triples_of(sources.shapes)), inplace=True)
    sh = rdflib.SH
    parts = [sh.focusNode, sh.resultPath, sh.value, sh.sourceShape]
    parts += [sh.sourceConstraintComponent, sh.resultSeverity]
    values = ([report.value(node, part) for part in parts] for node in report.objects(None, sh.result))
    return {"\t".join("" if value is None else str(_ox_term(value)) for value in told) for told in values}


if __name__ == "__main__":
    main()
