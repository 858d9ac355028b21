"""The golden site: a tiny project and what it gives, byte for byte, renewed only on purpose."""

import json
import os
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from twintowns import jsontext
from twintowns.inventory import MANIFEST
from twintowns.project import Project
from twintowns.site import BuildOptions, build

GOLDEN = Path(__file__).resolve().parent / "golden"
RENEW = "TWINTOWNS_RENEW_GOLDEN"
KEPT = (
    "dump/twintowns.nq",
    "en/twinning/Q20-Q300.html",
    "index.html",
    MANIFEST,
    "place/Q20.html",
    "place/Q20.jsonld",
    "place/Q20.nt",
    "place/Q20.ttl",
    "validation.html",
    "validation.ttl",
    "vocabulary/shape/Place.html",
)
"""The files of which all bytes are kept; of the others the manifest keeps the hash."""

ADVICE = (
    "The golden site differs. If that is what you wanted, look at what changed after\n"
    f"    {RENEW}=1 scripts/test tests/test_golden.py && git diff tests/golden\n"
    "and commit it; if not, mend the program. Where nothing here was changed, it may be a library: these are"
    f" Babel {version('babel')}, Jinja2 {version('jinja2')}, pyoxigraph {version('pyoxigraph')}."
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the golden project, and renew the golden site where that is asked for."""
    out = tmp_path_factory.mktemp("golden") / "site"
    build(Project(GOLDEN / "project"), BuildOptions(out, 1))
    if os.environ.get(RENEW):
        shutil.rmtree(GOLDEN / "site", ignore_errors=True)
        for path in KEPT:
            (GOLDEN / "site" / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / "site" / path).write_bytes(golden_bytes(out, path))
    return out


def golden_bytes(site: Path, path: str) -> bytes:
    """Return what is compared of a file: of the manifest all but the compressed variants.

    Their bytes are those of the libraries that compress; that they unpack to their files is tested elsewhere.
    """
    content = (site / path).read_bytes()
    if path != MANIFEST:
        return content
    manifest = jsontext.read(content)
    for entry in manifest["files"].values():
        entry.pop("variants", None)
    return jsontext.written(manifest)


@pytest.mark.parametrize("path", KEPT)
def test_file_is_golden(site: Path, path: str) -> None:
    """Each file of the golden site is printed with the same bytes as ever."""
    was, now = (GOLDEN / "site" / path).read_text(encoding="utf-8"), golden_bytes(site, path).decode()
    assert now.splitlines() == was.splitlines(), ADVICE
    assert now == was, ADVICE


def test_every_file_has_its_golden_hash(site: Path) -> None:
    """No file of the site came, went or changed, those included of which only the hash is kept."""
    was, now = (json.loads(golden_bytes(folder, MANIFEST))["files"] for folder in (GOLDEN / "site", site))
    changed = sorted(path for path in was.keys() | now.keys() if was.get(path) != now.get(path))
    assert changed == [], ADVICE


def test_golden_folder_holds_nothing_else() -> None:
    """The golden site is no more than the files that are compared, and it stays small."""
    files = [path for path in (GOLDEN / "site").rglob("*") if path.is_file()]
    assert sorted(path.relative_to(GOLDEN / "site").as_posix() for path in files) == sorted(KEPT)
    assert sum(path.stat().st_size for path in files) < 200_000


def test_golden_site_is_the_same_when_built_twice(site: Path, tmp_path: Path) -> None:
    """A second build, elsewhere and by two processes, gives the golden bytes as well."""
    shutil.copytree(GOLDEN / "project", tmp_path / "project")
    build(Project(tmp_path / "project"), BuildOptions(tmp_path / "site", 2))
    assert (tmp_path / "site/manifest.json").read_bytes() == (site / "manifest.json").read_bytes()
