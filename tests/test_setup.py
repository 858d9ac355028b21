"""What `scripts/setup` installs: the program alone for who builds, the rest for who tests, each once."""

import shutil
import subprocess
from pathlib import Path

import pytest

PYTHON = """#!/bin/sh
echo "$*" >>"$LOG"
case "$*" in
  *"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python && rm -f .venv/twintowns-setup ;;
  "-VV") echo "Python $VERSION" ;;
esac
"""


class _Copy:
    """A folder with the script, and a Python that only tells what it was asked."""

    def __init__(self, repository: Path, folder: Path) -> None:
        (folder / "scripts").mkdir()
        shutil.copy2(repository / "scripts/setup", folder / "scripts/setup")
        (folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        self.python = folder / "python"
        self.python.write_text(PYTHON, encoding="utf-8")
        self.python.chmod(0o755)
        self.folder = folder

    def asked(self, *what: str, version: str = "3.11") -> list[str]:
        """Run the script, and return what was made and installed."""
        log = self.folder / "log"
        log.write_text("", encoding="utf-8")
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHON": str(self.python),
            "LOG": str(log),
            "VERSION": version,
        }
        command = [str(self.folder / "scripts/setup"), *what]
        subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603 - our own script
        lines = log.read_text(encoding="utf-8").splitlines()
        return [line.split()[-1] for line in lines if "venv" in line or "pip install" in line]


@pytest.fixture
def setup(repository: Path, tmp_path: Path) -> _Copy:
    """Return the script in a folder where nothing is set up."""
    return _Copy(repository, tmp_path)


def test_plain_then_all(setup: _Copy) -> None:
    """Who builds gets the program alone, once; who then tests gets the rest into the same environment."""
    assert setup.asked("plain") == [".venv", "."]
    assert setup.asked("plain") == []
    assert setup.asked() == [".[test,check]"]
    assert setup.asked("plain") == setup.asked() == []


def test_all_anew(setup: _Copy) -> None:
    """Another Python, or another list of packages, makes the environment anew."""
    assert setup.asked() == [".venv", ".[test,check]"]
    assert setup.asked(version="3.12") == [".venv", ".[test,check]"]
    (setup.folder / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert setup.asked("plain", version="3.12") == [".venv", "."]
