"""What is told of a measurement: a row of the table, and the machine on which it was made."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from measuring import Measurement, ratios, typical

_LIBRARIES: Final = ("rdflib", "pyshacl", "pyoxigraph", "jinja2", "babel", "click", "orjson")
_HEAD: Final = ("part", "what", "measured", "against", "figure", "goal", "met", "runs", "note")


class Goal(NamedTuple):
    """A bound, and what it bounds; `is_most` says whether less is better."""

    bound: float
    is_most: bool = True

    def is_met(self, figure: float) -> bool:
        """Tell whether a figure keeps within the bound."""
        return figure <= self.bound if self.is_most else figure >= self.bound

    def __str__(self) -> str:
        """Return the bound with its sign."""
        return f"{'≤' if self.is_most else '≥'} {self.bound:g}"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        part: The part of the benchmark.
        what: What was done.
        figure: The number that a goal bounds; None where nothing could be measured.
        unit: Its unit.
        goal: The goal of PERFORMANCE.md.
        measured: Ours, in words.
        against: The peer's, in words.
        runs: How many rounds the figure is the median of.
        note: What a reader has to know; where nothing was measured, why.
        data: All single measurements.
    """

    part: str
    what: str
    figure: float | None = None
    unit: str = ""
    goal: Goal | None = None
    measured: str = ""
    against: str = ""
    runs: int = 0
    note: str = ""
    data: dict[str, object] = field(default_factory=dict)

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None where there is none, or no figure."""
        return None if self.goal is None or self.figure is None else self.goal.is_met(self.figure)


class Runs(NamedTuple):
    """The measurements of one command, with the name that the table calls it by."""

    name: str
    each: Sequence[Measurement]


def ratio_row(
    title: tuple[str, str], ours: Runs, peer: Runs, goal: Goal | None = None, note: str = ""
) -> Row:
    """Return a row for how the wall time of ours is to a peer's; where more is better, the other way round.

    Args:
        title: The part, and what was done.
        ours: Our measurements.
        peer: The peer's, of the same rounds.
        goal: The goal for the ratio.
        note: What a reader has to know.
    """
    is_speedup = goal is not None and not goal.is_most
    pair = (peer.each, ours.each) if is_speedup else (ours.each, peer.each)
    wall, cpu = ratios(*pair)
    sides = {side.name: [run._asdict() for run in side.each] for side in (ours, peer)}
    return Row(
        *title,
        wall,
        "× faster" if is_speedup else "×",
        goal,
        seconds(ours),
        f"{peer.name}: {seconds(peer)}",
        len(ours.each),
        "; ".join(filter(None, [f"by processor time {cpu:.3g} ×", note])),
        {"measurements": sides, "processor_time_ratio": cpu},
    )


def memory_row(title: tuple[str, str], ours: Runs, peer: Runs | None, goal: Goal) -> Row:
    """Return a row for the peak of memory, of the tree of processes where it was watched."""
    largest = typical(ours.each)
    figure = max(largest.peak_mb, largest.tree_mb)
    tree = f"; whole tree {largest.tree_mb:.0f} MB (PSS)" if largest.tree_mb else ""
    against = f"{peer.name}: {typical(peer.each).peak_mb:.0f} MB" if peer else ""
    measured = f"largest process {largest.peak_mb:.0f} MB{tree}"
    return Row(*title, figure, "MB", goal, measured, against, len(ours.each))


def seconds(side: Runs) -> str:
    """Return the median times in words."""
    middle = typical(side.each)
    return f"{middle.wall_s:.3g} s wall, {middle.cpu_s:.3g} s processor"


def machine(shapes: int) -> dict[str, object]:
    """Describe where this runs.

    Args:
        shapes: How many shape files there are: without any, validation costs nothing and says nothing.
    """
    return {
        "processor": _first_value(Path("/proc/cpuinfo"), "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": int(_first_value(Path("/proc/meminfo"), "MemTotal").split()[0]) // 1024,
        "system": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "load_at_start": os.getloadavg()[0],
        "shape_files": shapes,
    }


def markdown(about: dict[str, object], rows: Iterable[Row]) -> str:
    """Return the report as Markdown."""
    facts = [f"- {name.replace('_', ' ')}: {_shown(value)}" for name, value in about.items()]
    lines = [_line(_HEAD), _line(["---"] * len(_HEAD)), *(_line(_cells(row)) for row in rows)]
    return "\n".join([*facts, "", *lines])


def as_json(about: dict[str, object], rows: Iterable[Row]) -> str:
    """Return the report as JSON, with every single measurement."""
    told = [{**asdict(row), "met": row.is_met} for row in rows]
    return json.dumps({"machine": about, "rows": told}, indent=2, ensure_ascii=False) + "\n"


def _cells(row: Row) -> list[str]:
    figure = "not run" if row.figure is None else f"{row.figure:.3g} {row.unit}".strip()
    if row.figure is not None and row.figure >= 1000:  # noqa: PLR2004 - from here on three digits hide the number
        figure = f"{row.figure:,.0f} {row.unit}".strip()
    met = {True: "yes", False: "**no**", None: "–"}[row.is_met]
    goal = f"{row.goal} {row.unit}".strip() if row.goal else "–"
    return [row.part, row.what, row.measured, row.against, figure, goal, met, str(row.runs), row.note]


def _line(cells: Iterable[str]) -> str:
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


def _shown(value: object) -> str:
    return ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)


def _first_value(path: Path, name: str) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "0 unknown")
