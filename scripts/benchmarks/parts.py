"""The parts of the benchmark: what is run for each goal, and the goals themselves."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from keystrokes import keystrokes
from loading_pages import pages
from measuring import Command, Measurement, NotMeasuredError, alternately, measured, typical
from peers import peers
from rows import Goal, Row, Runs, memory_row, ratio_row
from service import service
from validating import validating

ROOT: Final = Path(__file__).resolve().parents[2]
SHAPES: Final = ROOT / "shapes"
_HERE: Final = Path(__file__).resolve().parent
_IMPORT: Final = (sys.executable, "-c", "import rdflib, pyshacl, pyoxigraph, jinja2")

# The last table of PERFORMANCE.md. A goal that is met is raised.
LUDVIKA_BUILD: Final = Goal(6)
LUDVIKA_MEMORY: Final = Goal(120)
LUDVIKA_UNCHANGED: Final = Goal(1)
NOTHING: Final = Goal(0)
PRINTING: Final = Goal(2500, is_most=False)
SNAPSHOT_SPEEDUP: Final = Goal(25, is_most=False)
SNAPSHOT_MEMORY: Final = Goal(1.5 * 1024)
EDIT: Final = Goal(5)
FASTER: Final = Goal(1, is_most=False)


@dataclass(frozen=True)
class Wish:
    """What was asked for.

    Attributes:
        reference_data: The folder of the snapshot's folder.
        folder: Where temporary files go.
        runs: How many rounds; None for what suits each part.
        is_full: Whether the plain script runs on the whole snapshot.
        limit_s: When to give up on a command.
    """

    reference_data: Path
    folder: Path
    runs: int | None
    is_full: bool
    limit_s: float


def ludvika(wish: Wish) -> Iterator[Row]:
    """The real publication, small and in five languages: what a curator waits for."""
    site, plain, unchanged = (wish.folder / name for name in ("site", "plain", "unchanged"))
    measured(_build(ROOT, unchanged, wish))
    before = _tree(unchanged)
    runs = alternately(
        {
            "build": _build(ROOT, site, wish, fresh=True),
            "import": Command(_IMPORT),
            "unchanged": _build(ROOT, unchanged, wish),
            "plain": _plain(ROOT, plain, wish),
        },
        wish.runs or 5,
    )
    build, imports, peer = _named(runs, "build"), _named(runs, "import"), _named(runs, "plain")
    whole = ("ludvika", "whole build, cold process")
    yield ratio_row(whole, build, imports, LUDVIKA_BUILD)
    yield ratio_row(whole, build, peer, FASTER, _phases_of(runs["plain"]))
    yield memory_row(("ludvika", "whole build, memory"), build, imports, LUDVIKA_MEMORY)
    nothing = ("ludvika", "build with nothing changed")
    yield ratio_row(nothing, _named(runs, "unchanged"), imports, LUDVIKA_UNCHANGED)
    yield memory_row(
        (nothing[0], f"{nothing[1]}, memory"), _named(runs, "unchanged"), imports, LUDVIKA_MEMORY
    )
    written = len(_tree(unchanged) ^ before)
    yield Row(*nothing, written, "files written", NOTHING, runs=len(runs["unchanged"]))
    yield _printing("ludvika", ROOT, wish)
    yield _agreement("ludvika", site, plain, wish)


def tenth(wish: Wish) -> Iterator[Row]:
    """A tenth of the snapshot: where the plain script ends within minutes."""
    yield from _against_plain("tenth", _project(wish, "tenth", "--share=0.1"), wish, wish.runs or 1)


def hundredth(wish: Wish) -> Iterator[Row]:
    """A hundredth of the snapshot: to try the benchmark out."""
    yield from _against_plain("hundredth", _project(wish, "hundredth", "--share=0.01"), wish, wish.runs or 1)


def snapshot(wish: Wish) -> Iterator[Row]:
    """The whole snapshot: the size of the world."""
    project, site = _project(wish, "snapshot"), wish.folder / "site"
    if wish.is_full:
        yield from _against_plain("snapshot", project, wish, 1)
    else:
        yield Row(
            "snapshot",
            "whole build",
            unit="× faster",
            goal=SNAPSHOT_SPEEDUP,
            note="only with --full: see `tenth`",
        )
    places = sorted((project / "data/place").iterdir())
    runs = alternately(
        {
            "full build": _build(project, site, wish, fresh=True),
            "rebuild": _build(project, site, wish, prepare=lambda: _edit(places[len(places) // 2])),
        },
        wish.runs or 3,
        warm=False,
    )
    full = _named(runs, "full build")
    yield memory_row(("snapshot", "whole build, memory"), full, None, SNAPSHOT_MEMORY)
    yield _rate("snapshot", full, project)
    row = ratio_row(("snapshot", "rebuild after one place was renamed"), _named(runs, "rebuild"), full)
    yield Row(**{**vars(row), "figure": 100 * (row.figure or 0), "unit": "%", "goal": EDIT})
    yield _printing("snapshot", project, wish)


def serve(wish: Wish) -> Iterator[Row]:
    """The service of the real publication, under load."""
    yield from service(ROOT, wish.folder, wish.runs or 5)


def beside(wish: Wish) -> Iterator[Row]:
    """The service of the real publication, beside other servers and beside a hostile client."""
    yield from peers(ROOT, wish.folder, wish.runs or 3)


def loading(wish: Wish) -> Iterator[Row]:
    """The pages of the real publication, on a slow phone."""
    yield from pages(ROOT, wish.folder, wish.runs or 3)


def search(wish: Wish) -> Iterator[Row]:
    """Search in the page, at the size of the snapshot."""
    yield from keystrokes(wish.reference_data, wish.folder)


def validation(wish: Wish) -> Iterator[Row]:
    """Validation at size, beside pySHACL."""
    yield from validating(wish.folder, wish.limit_s, is_full=wish.is_full)


PARTS: Final[dict[str, Callable[[Wish], Iterator[Row]]]] = {
    "ludvika": ludvika,
    "tenth": tenth,
    "snapshot": snapshot,
    "hundredth": hundredth,
    "serve": serve,
    "peers": beside,
    "pages": loading,
    "search": search,
    "validation": validation,
}
USUAL: Final = ("ludvika", "tenth", "snapshot")


def project_state() -> set[tuple[str, int, int]]:
    """Return what every figure depends on: the project's own files, each with its size and time."""
    folders = (ROOT / name for name in ("src", "data", "ontology", "shapes"))
    return {entry for folder in folders for entry in _entries(folder) if "__pycache__" not in entry[0]}


def _against_plain(part: str, project: Path, wish: Wish, rounds: int) -> Iterator[Row]:
    site, plain = wish.folder / "site", wish.folder / "plain"
    commands = {
        "build": _build(project, site, wish, fresh=True),
        "plain": _plain(project, plain, wish),
    }
    runs = alternately(commands, rounds, warm=False)
    build, peer = _named(runs, "build"), _named(runs, "plain")
    size = f"{len(list((project / 'data').rglob('*.ttl')))} files; plain {_phases_of(runs['plain'])}"
    yield ratio_row((part, "whole build"), build, peer, SNAPSHOT_SPEEDUP, size)
    yield memory_row((part, "whole build, memory"), build, peer, SNAPSHOT_MEMORY)
    if peer.each[-1].output:
        yield _agreement(part, site, plain, wish)


def _project(wish: Wish, name: str, *options: str) -> Path:
    """Write the snapshot as a project, in a process of its own.

    Raises:
        NotMeasuredError: If the snapshot is not there.
    """
    source = wish.reference_data / "wikidata-p190"
    if not (source / "nodes.tsv").is_file():
        reason = f"the snapshot is not at {source}; name its folder with --reference-data"
        raise NotMeasuredError(reason)
    project = wish.folder / name
    measured(Command((sys.executable, _HERE / "snapshot.py", source, project, *options)))
    return project


def _build(
    project: Path, out: Path, wish: Wish, *, fresh: bool = False, prepare: Callable[[], object] = lambda: None
) -> Command:
    program = Path(sys.executable).parent / "twintowns"
    before = (lambda: _clear(out)) if fresh else prepare
    is_large = project != ROOT
    return Command((program, "build", project, "--out", out), before, is_large, wish.limit_s)


def _plain(project: Path, out: Path, wish: Wish) -> Command:
    arguments = (sys.executable, _HERE / "plain.py", project, ROOT, out)
    return Command(arguments, lambda: _clear(out), limit_s=wish.limit_s, is_bounded=project != ROOT)


def _clear(site: Path) -> None:
    for folder in (site, site.parent / f".{site.name}.twintowns"):
        shutil.rmtree(folder, ignore_errors=True)


def _edit(file: Path) -> None:
    """Rename a place."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('schema:name "', 'schema:name "New ', 1), encoding="utf-8")


def _tree(site: Path) -> set[tuple[str, int, int]]:
    """Return the files of a site and of its bookkeeping, each with its size and time."""
    return _entries(site) | _entries(site.parent / f".{site.name}.twintowns")


def _entries(folder: Path) -> set[tuple[str, int, int]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def _printing(part: str, project: Path, wish: Wish) -> Row:
    """Tell how many resources a second are printed, and how long all else takes."""
    out = wish.folder / "phases"
    command = Command(
        (sys.executable, _HERE / "phases.py", project, out), lambda: _clear(out), limit_s=wish.limit_s
    )
    rounds = wish.runs or 3
    told = [json.loads(run.output) for run in alternately({"phases": command}, rounds, warm=False)["phases"]]
    middle = sorted(told, key=lambda phases: phases["documents_per_s"])[rounds // 2]
    note = "; ".join(
        f"{name.removesuffix('_s')} {middle[name]:.3g} s" for name in middle if name.endswith("ing_s")
    )
    rate, documents = middle["documents_per_s"], f"{middle['documents']} documents"
    return Row(part, "printing", rate, "resources/s", PRINTING, documents, "", rounds, note, {"phases": told})


def _rate(part: str, full: Runs, project: Path) -> Row:
    files = len(list((project / "data").rglob("*.ttl")))
    rate = files / typical(full.each).wall_s
    measured_as = (
        f"{files} files in {typical(full.each).wall_s:.3g} s wall, {typical(full.each).cpu_s:.3g} s processor"
    )
    data: dict[str, object] = {"measurements": [run._asdict() for run in full.each]}
    return Row(part, "whole build", rate, "resources/s", None, measured_as, "", len(full.each), "", data)


def _agreement(part: str, site: Path, plain: Path, wish: Wish) -> Row:
    """Tell whether the plain script made the same, without which no comparison would be fair."""
    command = Command((sys.executable, _HERE / "agreement.py", site, plain), limit_s=wish.limit_s)
    found = json.loads(measured(command).output)
    differing = found["files"] - found["same"]
    note = ", ".join(found["differing"][:3])
    same = f"{found['same']} of {found['files']} the same"
    return Row(part, "N-Triples files against plain", differing, "differ", NOTHING, same, "", 1, note, found)


def _named(runs: dict[str, list[Measurement]], name: str) -> Runs:
    return Runs(name, runs[name])


def _phases_of(runs: list[Measurement]) -> str:
    if not runs[-1].output:
        return "had not ended at the limit: the figure is a lower bound"
    phases: dict[str, float] = json.loads(runs[-1].output)
    return ", ".join(f"{name} {took:.3g} s" for name, took in phases.items())
