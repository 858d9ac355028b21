"""What all verbs share: arguments, the language of messages, progress, and how things are told.

Results go to standard output, everything else to standard error.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from twintowns.exceptions import printable
from twintowns.project import MESSAGES

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

COULD_NOT = 3
Progress = Callable[[int, int], None]


def _with_language(ctx: click.Context, _parameter: click.Parameter, project: Path) -> Path:
    """See that the language asked for is one in which there are messages, the publication's own included.

    Raises:
        BadParameter: If it is not, with the languages that there are.
    """
    asked = ctx.find_root().obj
    if asked is None:
        return project
    folders = (MESSAGES, project / "messages")
    spoken = {path.stem.lower(): path.stem for folder in folders for path in folder.glob("*.po")} | {
        "en": "en"
    }
    tag = asked.replace("_", "-").lower()
    found = spoken.get(tag) or spoken.get(tag.partition("-")[0])
    if found is None:
        known = ", ".join(sorted(spoken.values()))
        told = f"there are no messages in {printable(asked)!r}; choose one of: {known}"
        raise click.BadParameter(told, ctx, param_hint="--language")
    ctx.params["language"] = ctx.find_root().obj = found
    return project


PROJECT = click.argument(
    "project",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    callback=_with_language,
)


def _remember(ctx: click.Context, _parameter: click.Parameter, language: str | None) -> str | None:
    """Keep the language for whatever has to be told when the verb fails."""
    ctx.find_root().obj = language
    return language


LANGUAGE = click.option(
    "--language",
    metavar="TAG",
    callback=_remember,
    is_eager=True,
    help="Language of the messages; else that of the locale.",
)


@contextmanager
def ended_as_interrupted() -> Iterator[None]:
    """Let the signal that ends a program be one that interrupts it, so that it can put things back."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress(language: str, message: str) -> Iterator[Progress]:
    """Show a bar on standard error while work goes on, where that is a terminal."""
    with ExitStack() as stack:
        bars: list[ProgressBar[int]] = []

        def told(done: int, total: int) -> None:
            if not bars:
                label = translations(language).gettext(message)
                bar = click.progressbar(length=total, label=label, file=sys.stderr, color=has_color())
                bars.append(stack.enter_context(bar))
            bars[0].length = total
            bars[0].update(done - bars[0].pos)

        if sys.stderr.isatty():
            from twintowns.messages import translations

            yield told
        else:
            yield lambda _done, _total: None


def say(language: str | None, message: str, **values: object) -> None:
    """Tell something on standard error."""
    from twintowns.messages import translations

    click.echo(translations(language_of(language)).gettext(message).format(**values), err=True)


def language_of(asked: str | None) -> str:
    """Return the language of messages: the one asked for, else that of the locale."""
    from twintowns.messages import preferred_language

    return asked or preferred_language(dict(os.environ))


def here() -> Path | None:
    """Return the folder at hand, or None where that is gone."""
    try:
        return Path.cwd()
    except OSError:
        return None


def has_color() -> bool:
    """Tell whether colours are welcome (https://no-color.org)."""
    return not os.environ.get("NO_COLOR")


def fail(message: str) -> NoReturn:
    """Tell on standard error what could not be done, and end."""
    styled = click.style(message, fg="red") if sys.stderr.isatty() and has_color() else message
    click.echo(styled, err=True)
    sys.exit(COULD_NOT)
