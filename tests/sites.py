"""Sites that tests begin with: small ones that consist of a dump, and copies of what was built before."""

import hashlib
import shutil
from pathlib import Path

from twintowns import jsontext
from twintowns.edition import Bookkeeping
from twintowns.namedgraphs import GRAPHS

SPACE = "https://example.org/town/"


def graph(name: str) -> str:
    """Return the name of one of the graphs."""
    return f"{SPACE}graph/{name}"


def dump(text: str, *counts: int) -> str:
    """Return N-Quads with as many triples in each graph as asked for, all of them with a text."""
    return "".join(
        f'<{SPACE}place/Q{number}> <https://schema.org/name> "{text} {number} é"@fr <{graph(name)}> .\n'
        for name, count in zip(GRAPHS, counts, strict=True)
        for number in range(count)
    )


def write_site(folder: Path, quads: str) -> Path:
    """Write a site that consists of its dump and its manifest."""
    (folder / "dump").mkdir(parents=True)
    content = quads.encode()
    (folder / "dump/twintowns.nq").write_bytes(content)
    entry = {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
    manifest = {"dataset": {"iri": SPACE}, "files": {"dump/twintowns.nq": entry}}
    (folder / "manifest.json").write_bytes(jsontext.written(manifest))
    return folder


def copy_built(site: Path, target: Path) -> None:
    """Copy a site with its books, so that the next build begins with it as if it had been built there."""
    shutil.copytree(site, target)
    shutil.copytree(Bookkeeping(site).folder, Bookkeeping(target).folder)
