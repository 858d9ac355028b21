"""Measure the goals of the project and print what was found as a Markdown table.

Every figure is measured while it runs, as a ratio to a peer in the same rounds; what could not be measured
says why. A goal that is not met is told and is no failure of the program: exit status 0.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measuring import NotMeasuredError
from parts import PARTS, ROOT, SHAPES, USUAL, Wish, project_state
from rows import Row, as_json, machine, markdown


def main() -> None:
    """Run the parts that were asked for."""
    asked = _parser().parse_args()
    about = machine(len(list(SHAPES.rglob("*.ttl"))))
    rows = [row for part in asked.parts or USUAL for row in _rows(part, asked)]
    print(markdown(about, rows))
    if asked.json:
        asked.json.write_text(as_json(about, rows), encoding="utf-8")


def _rows(part: str, asked: argparse.Namespace) -> Iterator[Row]:
    """Run one part in a temporary folder, which is removed whatever happens."""
    print(f"{part} …", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="twintowns-bench-", dir=asked.temporary) as folder:
        wish = Wish(
            asked.reference_data.absolute(), Path(folder).absolute(), asked.runs, asked.full, asked.limit
        )
        before = project_state()
        try:
            for row in PARTS[part](wish):
                print(f"  {row.what}: {row.figure if row.figure is not None else row.note}", file=sys.stderr)
                yield row
        except NotMeasuredError as reason:
            yield Row(part, "the rest of this part", note=f"cannot run: {reason}")
        if project_state() != before:
            yield Row(part, "all of this part", note="the project's files changed meanwhile: run it again")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "parts",
        nargs="*",
        choices=[*PARTS, []],
        metavar="PART",
        help=f"of {', '.join(PARTS)}; else {', '.join(USUAL)}",
    )
    parser.add_argument("--runs", type=_positive, help="rounds of each part; else 5, 1 and 3")
    parser.add_argument(
        "--full", action="store_true", help="run the plain script on the whole snapshot too (an hour or more)"
    )
    parser.add_argument(
        "--limit", type=float, default=4 * 3600, metavar="SECONDS", help="give up on a command after this"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured, too")
    parser.add_argument("--temporary", type=Path, metavar="FOLDER", help="where temporary folders go")
    parser.add_argument(
        "--reference-data",
        type=Path,
        default=ROOT.parent / "shared/reference-data",
        metavar="FOLDER",
        help="where wikidata-p190 lies; else ../shared/reference-data beside the project",
    )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(text)
    return number


if __name__ == "__main__":
    main()
