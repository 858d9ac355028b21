"""The README: every command that it shows works in a fresh copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line.strip() for block in BLOCKS for line in block.splitlines() if line.strip()]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a copy of what git keeps, with the environment that is already set up."""
    git = shutil.which("git")
    if git is None or not (REPOSITORY / ".git").exists():
        pytest.skip("there is no git here that would tell what a clone holds")
    command = [git, "ls-files", "-z"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)  # noqa: S603
    copy = tmp_path / "clone"
    for name in filter(None, listed.stdout.split("\0")):
        if (REPOSITORY / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, copy / name)
    (copy / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        (copy / ".venv" / part.name).symlink_to(part)
    (copy / "scripts/setup").write_text("#!/bin/sh\n# Stands for minutes of downloads.\n", encoding="utf-8")
    return copy


def test_commands_are_there_to_be_run() -> None:
    """The README shows commands, one a line, each whole: no prompt, no comment, no line that goes on."""
    assert COMMANDS
    assert [line for line in COMMANDS if line.startswith(("$", "#", ">")) or line.endswith("\\")] == []


def test_readme_shows_no_commands_elsewhere() -> None:
    """Every block of commands is one that is run here."""
    assert set(re.findall(r"^```(\w*)$", README, re.MULTILINE)) - {""} <= {"sh", "turtle", "text"}


@pytest.mark.uncovered
def test_every_command_works(clone: Path, tmp_path: Path) -> None:
    """Each command of the README does what it should, one after the other, in a copy of the project."""
    (tmp_path / "tmp").mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(clone / "src"),
        "PYTEST_ADDOPTS": "--collect-only --quiet -p no:cacheprovider",  # they are running already
        "LANGUAGE": "en",
    }
    exported = [command for command in COMMANDS if command.startswith("export ")]
    for command in COMMANDS:
        here = "\n".join([*exported, command]).replace("/tmp/", f"{tmp_path}/tmp/")  # noqa: S108 - the README's, not ours
        told = subprocess.run(  # noqa: S602 - what a reader would type
            here, shell=True, cwd=clone, env=environment, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, f"{command}\n{told.stdout}{told.stderr}"
    assert (clone / "build/index.html").is_file()


def test_files_that_are_named_exist() -> None:
    """Every file and folder that the README leads to is there."""
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    listed = re.findall(r"^(\w+/) ", README, re.MULTILINE)
    assert linked
    assert listed
    assert [name for name in (*linked, *listed) if not (REPOSITORY / name).exists()] == []


def test_file_of_data_is_quoted_as_it_is() -> None:
    """The lines of Turtle that the README shows stand in the file that it names."""
    named = re.search(r"`(data/\S+\.ttl)`", README)
    assert named
    lines = (REPOSITORY / named[1]).read_text(encoding="utf-8").splitlines()
    shown = re.search(r"^```turtle\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert shown
    assert [line for line in shown[1].splitlines() if line not in lines] == []
