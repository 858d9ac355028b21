"""How fast pages load on Lighthouse's slow phone: its score, and the largest contentful paint.

Lighthouse and its Chromium are those of the tests (`npm ci` in `tests/browser`).
"""

import json
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from measuring import Command, NotMeasuredError, measured
from rows import Goal, Row
from service import module, running

PAGES: Final = {"front page": "", "page of a place": "place/Q503184.html"}
SCORE: Final = Goal(100, is_most=False)
PAINT_S: Final = Goal(1)
TRANSFERRED_KB: Final = Goal(100)
_FLAGS: Final = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage"


def pages(root: Path, folder: Path, runs: int) -> Iterator[Row]:
    """Measure how fast pages of a project load.

    Args:
        root: The project to build and serve.
        folder: Where temporary files go.
        runs: How many rounds.

    Raises:
        NotMeasuredError: If a program is missing.
    """
    lighthouse = root / "tests/browser/node_modules/lighthouse/cli/index.js"
    node = shutil.which("node")
    if node is None or not lighthouse.is_file():
        reason = "Lighthouse is not here: install node and npm, and run `npm ci` in tests/browser"
        raise NotMeasuredError(reason)
    project = folder / "project"
    shutil.copytree(root / "data", project / "data")
    measured(Command((sys.executable, "-m", "twintowns", "build", project)))
    with running([*module("twintowns"), "serve", project, "--quiet"]) as (address, _):
        ask = partial(_asked, node, lighthouse)
        rounds = [{name: ask(address + path) for name, path in PAGES.items()} for _ in range(runs)]
    for name in PAGES:
        found = [one[name] for one in rounds]
        score = 100 * median(one["categories"]["performance"]["score"] for one in found)
        paint = median(_number(one, "largest-contentful-paint") for one in found) / 1000
        size = max(_number(one, "total-byte-weight") for one in found) / 1000
        yield Row("pages", f"{name}: Lighthouse performance", score, "", SCORE, runs=runs)
        yield Row("pages", f"{name}: largest contentful paint", paint, "s", PAINT_S, runs=runs)
        yield Row("pages", f"{name}: transferred", size, "kB", TRANSFERRED_KB, runs=runs)


def _asked(node: str, lighthouse: Path, address: str) -> dict[str, Any]:
    options = ("--quiet", "--output=json", "--no-enable-error-reporting", f"--chrome-flags={_FLAGS}")
    told: dict[str, Any] = json.loads(measured(Command((node, lighthouse, address, *options))).output)
    return told


def _number(found: dict[str, Any], audit: str) -> float:
    return float(found["audits"][audit]["numericValue"])
