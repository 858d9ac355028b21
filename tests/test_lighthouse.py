"""What Lighthouse says of pages (https://developer.chrome.com/docs/lighthouse/overview).

Its score for speed changes with the load of the machine: `scripts/bench pages` measures that one.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

import browsing

LIGHTHOUSE: Final = Path(__file__).resolve().parent / "browser/node_modules/lighthouse/cli/index.js"
CATEGORIES: Final = ("accessibility", "best-practices", "seo")
MOST_BYTES: Final = 100_000
"""What a reader may have to load before anything is asked for."""


def _audit(address: str) -> dict[str, Any]:
    """Return what Lighthouse finds of a page."""
    node, chromium = shutil.which("node"), browsing.program()
    if node is None or not LIGHTHOUSE.is_file():
        pytest.skip("Lighthouse is not here: apt install nodejs npm, and run `npm ci` in tests/browser/")
    options = ("--quiet", "--output=json", "--no-enable-error-reporting")
    flags = f"--chrome-flags={' '.join(('--headless=new', *browsing.FLAGS[:-1]))}"
    done = subprocess.run(  # noqa: S603 - a program that the test names
        [node, str(LIGHTHOUSE), address, *options, flags],
        capture_output=True,
        check=False,
        timeout=300,
        env={**os.environ, "CHROME_PATH": chromium},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("path", ["", "place/Q503184.html"])
def test_scores(served: str, path: str) -> None:
    """The front page and a place have full marks, and are small."""
    found = _audit(served + path)
    wrong = [
        reference["id"]
        for name in CATEGORIES
        for reference in found["categories"][name]["auditRefs"]
        if reference["weight"] and found["audits"][reference["id"]]["score"] not in {None, 1}
    ]
    assert wrong == []
    assert [found["categories"][name]["score"] for name in CATEGORIES] == [1, 1, 1]
    assert found["audits"]["total-byte-weight"]["numericValue"] < MOST_BYTES
