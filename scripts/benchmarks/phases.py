"""The phases of the product's own build: until the first page, from page to page, and after the last.

Run as a program of its own. It asks the build for nothing but its progress, which it gives to anybody.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from twintowns.project import project_at
from twintowns.site import BuildOptions, build


def main() -> None:
    """Build a site, and print as JSON how long its phases took and how many documents it printed a second.

    Raises:
        SystemExit: If nothing was printed.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    told = [time.perf_counter()]
    outcome = build(
        project_at(asked.project),
        BuildOptions(asked.out, progress=lambda _done, _total: told.append(time.perf_counter())),
    )
    end = time.perf_counter()
    if not outcome.printed:
        sys.exit("nothing was printed: the data does not conform, or nothing had changed")
    print(json.dumps(_phases(told, end)))


def _phases(told: list[float], end: float) -> dict[str, float]:
    """Tell the phases apart; the first tenth is left out of the rate, since processes start in it."""
    start, *printed = told
    first = len(printed) // 10
    seconds = printed[-1] - printed[first]
    return {
        "documents": len(printed),
        "preparing_s": printed[0] - start,
        "printing_s": printed[-1] - printed[0],
        "ending_s": end - printed[-1],
        "documents_per_s": (len(printed) - first - 1) / seconds,
    }


if __name__ == "__main__":
    main()
