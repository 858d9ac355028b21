"""Validation at size: ours beside pySHACL, on what conforms and on what has mistakes of every kind."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from measuring import Command, alternately, measured, typical
from rows import Goal, Row, Runs, memory_row, ratio_row

_HERE: Final = Path(__file__).resolve().parent
SPEEDUP: Final = Goal(30, is_most=False)
MEMORY: Final = Goal(1.5 * 1024)
NONE: Final = Goal(0)
_NAMES: Final = {
    "ours": "ours",
    "pyshacl": "pySHACL",
    "kept": "pySHACL that keeps parsed queries",
    "sparql": "pyoxigraph",
}
_MISTAKES: Final = {"S": 40, "M": 500, "L": 2000}


def validating(folder: Path, limit_s: float, *, is_full: bool) -> Iterator[Row]:
    """Yield the rows of each size; pySHACL takes hours at L, and is asked there only for the full benchmark.

    Args:
        folder: Where temporary files go.
        limit_s: When to give up on a command.
        is_full: Whether pySHACL judges L too.
    """
    for size in ("S", "M", "L"):
        for mistakes in (0, _MISTAKES[size]):
            yield from _rows(folder, (size, mistakes), limit_s, is_beside=is_full or size != "L")
    yield Row("validation", "TopBraid", note="not run: it comes from Maven's repository, which is not asked")


def _rows(folder: Path, made: tuple[str, int], limit_s: float, *, is_beside: bool) -> Iterator[Row]:
    size, mistakes = made
    name = f"{size}-{mistakes}"
    project = folder / name
    maker = (sys.executable, _HERE / "publication.py", size, project, f"--mistakes={mistakes}")
    triples = int(measured(Command(maker)).output)
    ways = ["ours", "sparql", *(["kept", "pyshacl"] if is_beside else [])]
    found = {way: folder / f"{name}-{way}.txt" for way in ways}
    runs = alternately({way: _judging(way, project, found[way], limit_s) for way in ways}, 1, warm=False)
    sides = {way: Runs(_NAMES[way], runs[way]) for way in ways}
    ours = sides["ours"]
    title = ("validation", f"{size}, {triples:,} triples, {mistakes} mistakes")
    yield memory_row((title[0], f"{title[1]}: memory"), ours, None, MEMORY)
    yield ratio_row(title, ours, sides["sparql"], None, "their SPARQL constraints alone, each asked once")
    results = json.loads(typical(ours.each).output)["results"]
    if not is_beside:
        note = f"{results} results; pySHACL only with --full"
        yield Row(*title, goal=SPEEDUP, unit="× faster", measured=f"{ours.each[-1].cpu_s:.3g} s", note=note)
        return
    for way in ("kept", "pyshacl"):
        has_ended = bool(sides[way].each[-1].output)
        note = "" if has_ended else "; it had not ended at the limit: the figure is a lower bound"
        yield ratio_row(title, ours, sides[way], SPEEDUP, f"{results} results{note}")
        if has_ended:
            yield _difference(title, found["ours"], found[way])


def _difference(title: tuple[str, str], ours: Path, others: Path) -> Row:
    """Return the row of how many results only one of two found."""
    told, peers = (set(path.read_text(encoding="utf-8").splitlines()) for path in (ours, others))
    differing = sorted(told ^ peers)
    note = "; ".join(differing[:2])
    return Row(title[0], f"{title[1]}: results", len(differing), "differ", NONE, f"{len(told)}", note=note)


def _judging(way: str, project: Path, found: Path, limit_s: float) -> Command:
    arguments = (sys.executable, _HERE / "judging.py", way, project, found)
    return Command(arguments, is_watched=True, limit_s=limit_s, is_bounded=way in {"kept", "pyshacl"})
