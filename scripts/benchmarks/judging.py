"""A publication validated: by the program, or by plain pySHACL; what was found is written as sorted tuples.

The time is that of validating alone, from triples in memory to results; the process around it is measured
from outside.
"""

import json
import sys
import time
import warnings
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Triple

from twintowns.graph import Graph
from twintowns.loading import triples_of
from twintowns.printing import Sources, read_sources
from twintowns.project import Project


def main() -> None:
    """Validate the project and write what was found to a file."""
    way, project, found = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    sources = read_sources(Project(project))
    start = time.process_time()
    told = {"ours": _ours, "pyshacl": _pyshacl}[way](sources)
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


def _pyshacl(sources: Sources) -> set[str]:
    import pyshacl  # noqa: PLC0415 - ours imports it only where it needs it
    import rdflib  # noqa: PLC0415 - as above

    from twintowns.judgement import _ox_term, _rdflib_graph  # noqa: PLC0415 - as above

    def plain(triples: Iterable[Triple]) -> rdflib.Graph:
        graph = rdflib.Graph(bind_namespaces="none")
        for triple in _rdflib_graph(triples):
            graph.add(triple)
        return graph

    data = Graph(triples_of((*sources.data, *sources.vocabulary)))
    warnings.simplefilter("ignore")
    _, report, _ = pyshacl.validate(plain(data), shacl_graph=plain(triples_of(sources.shapes)), inplace=True)
    sh = rdflib.SH
    parts = [sh.focusNode, sh.resultPath, sh.value, sh.sourceShape]
    parts += [sh.sourceConstraintComponent, sh.resultSeverity]
    values = ([report.value(node, part) for part in parts] for node in report.objects(None, sh.result))
    return {"\t".join("" if value is None else str(_ox_term(value)) for value in told) for told in values}


if __name__ == "__main__":
    main()
