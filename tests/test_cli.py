"""The command line: data out, messages aside, an exit status that tells, and help that shows how."""

import io
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from twintowns import __version__, cli
from twintowns.edition import Bookkeeping
from twintowns.project import Project

GOLDEN = Path(__file__).resolve().parent / "golden" / "project"
REPOSITORY = Path(__file__).resolve().parent.parent
VERBS = sorted(cli.main.commands)
PROGRAM = [sys.executable, "-m", "twintowns"]
ENGLISH = {"LANGUAGE": "en"}


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """Return a project with a small vocabulary of its own."""
    shutil.copytree(GOLDEN, tmp_path / "small")
    return Project(tmp_path / "small")


@pytest.fixture
def broken(small: Project) -> Project:
    """Return a project in which a place has no name."""
    path = small.data / "place/Q300.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("schema:name", "schema:alternateName"))
    return small


def run(*arguments: object, stdin: str | bytes | None = None, **environment: str) -> Result:
    """Run the program in this process."""
    return CliRunner().invoke(cli.main, [*map(str, arguments)], input=stdin, env={**ENGLISH, **environment})


def on_terminal(*arguments: object, **environment: str) -> tuple[int, str]:
    """Run the program with a terminal as its standard error; return the status and what was shown there."""
    ours, theirs = pty.openpty()
    told = {**os.environ, **ENGLISH, "TERM": "xterm", **environment}
    command = [*PROGRAM, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=told) as process:  # noqa: S603
        os.close(theirs)
        shown = io.BytesIO()
        while part := _read(ours):
            shown.write(part)
    os.close(ours)
    return process.returncode, shown.getvalue().decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux tells that the other end is closed
        return b""


def test_help_lists_every_verb() -> None:
    """The help of the program names every verb with a summary, and shows an example."""
    told = run("--help")
    assert told.exit_code == 0
    for verb in VERBS:
        assert re.search(rf"^  {verb} +\w.+\.", told.stdout, re.MULTILINE), verb
    assert "Example:\n" in told.stdout


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_of_a_verb_shows_an_example(verb: str, option: str) -> None:
    """The help of each verb shows how it is used, on a line that can be copied."""
    told = run(verb, option)
    assert told.exit_code == 0
    assert re.search(rf"Example:\n .*twintowns {verb}", told.stdout)


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_explained(verb: str) -> None:
    """No option of any verb is without an explanation."""
    options = [one for one in cli.main.commands[verb].params if isinstance(one, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("verb", VERBS)
def test_documents_name_every_verb(verb: str) -> None:
    """Each verb is told of in README.md or in docs/."""
    documents = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in documents)
    assert re.search(rf"\btwintowns {verb}\b", texts)


def test_documents_name_no_other_verb() -> None:
    """No document shows a verb that there is not."""
    documents = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in documents)
    assert set(re.findall(r"\btwintowns ([a-z]+)\b(?=[^\n]*[`\n])", _code(texts))) <= set(VERBS)


def _code(text: str) -> str:
    """Return what a Markdown text shows as code."""
    return "\n".join(re.findall(r"```sh\n(?:.*\n)*?```|`[^`\n]+`", text))


def test_version_is_told() -> None:
    """The program tells its version."""
    assert run("--version").stdout == f"twintowns, version {__version__}\n"


def test_example_of_the_program_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new project is made, its files are told on standard output, and it builds where it lies."""
    monkeypatch.chdir(tmp_path)
    told = run("init", "my-town", "--space", "https://data.my-town.example/")
    assert (told.exit_code, told.stderr) == (0, "")
    assert "my-town/data/catalogue.ttl" in told.stdout.splitlines()
    built = run("build", "my-town", "--out", "public", "--processes", "1")
    assert (built.exit_code, built.stdout) == (0, "")
    assert re.search(r"^Printed \d+ documents, kept 0\.$", built.stderr, re.MULTILINE)
    assert (tmp_path / "public/index.html").is_file()


def test_init_overwrites_nothing(small: Project) -> None:
    """Where a project is already, another one is not made over it: status 3, and the reason."""
    told = run("init", small.root)
    assert (told.exit_code, told.stdout) == (3, "")
    assert re.search(r"^Error: .*catalogue\.ttl: this is already there; choose an empty folder$", told.stderr)


def test_init_refuses_what_is_no_space(tmp_path: Path) -> None:
    """An IRI space that is none is refused with status 3, and a right one shown."""
    told = run("init", tmp_path / "new", "--space", "example.org")
    assert told.exit_code == 3
    assert '"example.org" is not an IRI space; write it like this' in told.stderr


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("text", "data/place/Q300.ttl:7: Violation: Give the place a name."),
        ("turtle", "sh:conforms false"),
        ("json", '"severity"'),
        ("github", "::error file="),
    ],
)
def test_validate_reports_in_each_form(broken: Project, form: str, expected: str) -> None:
    """What does not conform is reported on standard output, in the form asked for, with status 1."""
    told = run("validate", broken.root, "--format", form, "--language", "en")
    assert (told.exit_code, told.stderr) == (1, "")
    assert expected in told.stdout


def test_validate_ends_with_0_where_the_data_conforms(small: Project) -> None:
    """Warnings and hints are reported, and do not make the data one that does not conform."""
    told = run("validate", small.root)
    assert told.exit_code == 0
    assert "The data conforms: 0 violations" in told.stdout


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        ([], {"LANGUAGE": "sv"}, "Ge platsen ett namn."),
        ([], {"LANGUAGE": "", "LC_ALL": "sv_SE.UTF-8"}, "Ge platsen ett namn."),
        (["--language", "sv"], {}, "Ge platsen ett namn."),
        ([], {"LANGUAGE": "tlh"}, "Give the place a name."),
    ],
)
def test_messages_are_in_the_readers_language(
    broken: Project, options: list[str], environment: dict[str, str], expected: str
) -> None:
    """The language is that of the option, else that of the locale, else English."""
    assert expected in run("validate", broken.root, *options, **environment).stdout


def test_build_does_not_publish_what_does_not_conform(broken: Project) -> None:
    """A violation stops the build: status 1, and the report with file and line on standard error."""
    told = run("build", broken.root)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "data/place/Q300.ttl:7: Violation: Give the place a name." in told.stderr
    assert "does not conform" in told.stderr
    assert not (broken.root / "build").exists()


def test_build_tells_what_it_did(small: Project) -> None:
    """A build tells the sum of the findings and how much was printed; where nothing changed, it says so."""
    assert run("build", small.root).stderr.splitlines()[-1] == "Printed 10 documents, kept 0."
    assert run("build", small.root).stderr == "Nothing has changed.\n"
    assert run("build", small.root, LANGUAGE="sv").stderr != "Nothing has changed.\n"


def test_vocabulary_alone_needs_a_folder(small: Project, tmp_path: Path) -> None:
    """The vocabulary by itself goes to a folder that is named; else the usage is wrong."""
    assert run("build", small.root, "--vocabulary").exit_code == 2
    told = run("build", small.root, "--vocabulary", "--out", tmp_path / "vocabulary")
    assert told.exit_code == 0, told.stderr
    assert (tmp_path / "vocabulary/kind/twinning.html").is_file()


def test_format_rewrites_and_names_what_it_changed(small: Project) -> None:
    """Files that are not canonical are rewritten and named; then there is nothing more to do."""
    path = small.data / "place/Q1.ttl"
    canonical = path.read_text(encoding="utf-8")
    path.write_text(canonical.replace(" ;\n    ", "; "), encoding="utf-8")
    told = run("format", small.root)
    assert (told.exit_code, told.stdout) == (0, f"{path}\n")
    assert path.read_text(encoding="utf-8") == canonical
    assert (run("format", small.root).exit_code, run("format", small.root).stdout) == (0, "")


def test_format_check_changes_nothing(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --check files are named and left alone: status 1 where any is not canonical, else 0."""
    monkeypatch.chdir(small.root)
    assert run("format", "--check").exit_code == 0
    path = small.data / "place/Q1.ttl"
    strange = path.read_text(encoding="utf-8").replace(" ;\n    ", "; ")
    path.write_text(strange, encoding="utf-8")
    told = run("format", "--check", path)
    assert (told.exit_code, told.stdout) == (1, f"{path}\n")
    assert path.read_text(encoding="utf-8") == strange


def test_format_reads_standard_input(small: Project) -> None:
    """With - in the place of a file, Turtle goes in and canonical Turtle comes out."""
    path = small.data / "place/Q1.ttl"
    canonical = path.read_text(encoding="utf-8")
    told = run("format", "-", stdin=canonical.replace(" ;\n    ", "; "))
    assert (told.exit_code, told.stdout) == (0, canonical)


def test_wrong_input_is_told_with_status_3() -> None:
    """What is no Turtle is refused, with the line and what to do, and nothing on standard output."""
    told = run("format", "-", stdin="<a> <b>\n")
    assert (told.exit_code, told.stdout) == (3, "")
    assert re.search(r"^Error: \S+:1: .+; .+$", told.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ["publish"],
        ["build", "--processes", "0"],
        ["build", "--processes", "many"],
        ["build", "--out", str(Path(__file__))],
        ["validate", str(Path(__file__))],
        ["validate", "--format", "pdf"],
        ["completion", "cmd"],
        ["completion"],
        ["init", "one", "two"],
    ],
)
def test_wrong_usage_has_status_2(arguments: list[str]) -> None:
    """What the program is not made for is refused with status 2, and how it is used is shown."""
    told = run(*arguments)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "Usage: " in told.stderr
    assert "Error: " in told.stderr


@pytest.mark.parametrize("verb", ["build", "validate"])
def test_what_cannot_be_done_has_status_3(tmp_path: Path, verb: str) -> None:
    """Where there is no project, the program says so, in the reader's language too, with status 3."""
    told = run(verb, tmp_path)
    assert (told.exit_code, told.stdout) == (3, "")
    assert told.stderr.startswith(f"Error: {tmp_path}: this folder is not a twintowns project")
    assert "Error" not in run(verb, tmp_path, LANGUAGE="sv").stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_is_printed(shell: str) -> None:
    """The completion script of each shell is printed, and asks the program itself."""
    told = run("completion", shell)
    assert (told.exit_code, told.stderr) == (0, "")
    assert f"_TWINTOWNS_COMPLETE={shell}_complete" in told.stdout
    interpreter = shutil.which(shell)
    if interpreter:
        subprocess.run([interpreter, "-n"], input=told.stdout, text=True, check=True)  # noqa: S603


def test_completion_knows_the_verbs() -> None:
    """What the script asks the program for is answered: verbs, and the options of each."""
    wanted = {"_TWINTOWNS_COMPLETE": "bash_complete", "COMP_WORDS": "twintowns ", "COMP_CWORD": "1"}
    made = [command.removeprefix("plain,") for command in _completed(wanted)]
    assert sorted(made) == VERBS
    wanted |= {"COMP_WORDS": "twintowns build --pro", "COMP_CWORD": "2"}
    assert _completed(wanted) == ["plain,--processes"]


def _completed(wanted: dict[str, str]) -> list[str]:
    script = "from twintowns.cli import main; main(prog_name='twintowns')"
    command = [sys.executable, "-c", script]
    told = subprocess.run(command, env={**os.environ, **wanted}, capture_output=True, text=True, check=True)  # noqa: S603
    return told.stdout.splitlines()


def test_bar_shows_progress_on_a_terminal(small: Project) -> None:
    """On a terminal a bar shows how far the printing is, in the reader's language."""
    status, shown = on_terminal("build", small.root)
    assert status == 0
    assert "Printing" in shown
    assert "100%" in shown
    assert "Printed 10 documents" in shown


def test_no_bar_elsewhere(small: Project) -> None:
    """Where standard error is no terminal there is no bar, and no colour."""
    command = [*PROGRAM, "build", str(small.root)]
    environment = {**os.environ, **ENGLISH}
    told = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603
    assert (told.returncode, told.stdout) == (0, b"")
    assert b"Printing" not in told.stderr
    assert b"\x1b" not in told.stderr
    assert b"\r" not in told.stderr


def test_failure_is_red_on_a_terminal_only(tmp_path: Path) -> None:
    """A failure is shown in red on a terminal, unless NO_COLOR is set."""
    status, shown = on_terminal("validate", tmp_path, NO_COLOR="")
    assert (status, shown[:10]) == (3, "\x1b[31mError")
    status, shown = on_terminal("validate", tmp_path, NO_COLOR="1")
    assert (status, shown[:5]) == (3, "Error")
    assert "\x1b[3" not in shown


def test_bar_has_no_colour_where_none_is_wanted(small: Project) -> None:
    """With NO_COLOR the bar is shown without any colour."""
    status, shown = on_terminal("build", small.root, NO_COLOR="1")
    assert status == 0
    assert "\x1b[3" not in shown


def test_interruption_is_no_verdict_on_the_data(repository: Path, tmp_path: Path) -> None:
    """Interrupted from the keyboard, all processes end at once, with a status that says so."""
    out = tmp_path / "site"
    command = [*PROGRAM, "build", str(repository), "--processes", "2", "--out", str(out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603
    printed = Bookkeeping(out).folder / "next" / "en"
    while not printed.exists() and process.poll() is None:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert "Traceback" not in told
    assert process.returncode not in {0, 1, 2}
    assert not out.exists()
    assert not (Bookkeeping(out).folder / "next").exists()
