"""The HTML of all pages, judged by the Nu HTML checker (https://validator.github.io/validator/)."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

CHECKER: Final = Path(__file__).resolve().parent / "browser/node_modules/vnu-jar/build/dist/vnu.jar"
OPTIONS: Final = ("-Xss8m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""A stack that is deep enough for the checker; and what starts fast."""

OF_SVG: Final = r".*Property “(r|vector-effect|paint-order)” doesn\'t exist\."
"""What the checker does not know: properties of SVG 2 (https://www.w3.org/TR/SVG2/styling.html)."""


def _findings(*arguments: Path | str) -> tuple[int, str]:
    """Return the exit status of the checker, and what it finds, with warnings as errors."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("there is no Java: apt install default-jre-headless")
    if not CHECKER.is_file():
        pytest.skip("the Nu HTML checker is not here: run `npm ci` in tests/browser/")
    command = [java, *OPTIONS, "-jar", str(CHECKER), "--Werror", "--format", "gnu", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603 - its own
    return done.returncode, done.stderr


def test_all_pages(site: Path) -> None:
    """The checker finds nothing in any page, not even a warning."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 100
    assert _findings(*pages) == (0, "")


def test_style_and_pictures(site: Path) -> None:
    """The checker finds nothing in the style sheets and the pictures."""
    sheets = sorted(site.glob("*.css"))
    assert len(sheets) == 4
    assert _findings("--css", "--filterpattern", OF_SVG, *sheets) == (0, "")
    assert _findings("--svg", *sorted(site.rglob("*.svg"))) == (0, "")


def test_what_is_found(tmp_path: Path) -> None:
    """The checker finds what is wrong."""
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html lang=en><title>A</title><p id=a><p id=a>", encoding="utf-8")
    status, told = _findings(page)
    assert status == 1
    assert "Duplicate ID" in told
