"""Whether two sites say the same: each resource's N-Triples, as sets, blank nodes named in one way.

Run as a program of its own.
"""

import argparse
import json
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse


def main() -> None:
    """Compare the N-Triples of two sites, and print as JSON how many are the same and which are not."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    asked = parser.parse_args()
    files = sorted(_files(asked.one) | _files(asked.other))
    differing = [name for name in files if _statements(asked.one / name) != _statements(asked.other / name)]
    print(json.dumps({"files": len(files), "same": len(files) - len(differing), "differing": differing}))


def _files(site: Path) -> set[str]:
    """Return the N-Triples of all but the catalogue, which the plain script does not make for portals."""
    names = {path.relative_to(site).as_posix() for path in site.rglob("*.nt")}
    return names - {"catalogue.nt", "dataset/twintowns.nt"}


def _statements(path: Path) -> set[str] | None:
    """Return the statements of a file; None where there is none."""
    if not path.is_file():
        return None
    triples = (quad.triple for quad in parse(path=path, format=RdfFormat.N_TRIPLES))
    dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


if __name__ == "__main__":
    main()
