"""Failures: one tree, drawn where it grows, each told as place, what is wrong and what to do."""

import re
from pathlib import Path

import pytest

from twintowns import exceptions
from twintowns.exceptions import TwinTownsError, printable


def _tree(error: type[TwinTownsError], depth: int = 0) -> list[tuple[int, str]]:
    """Return the names of an exception and of those below it, with their depth."""
    below = [pair for one in error.__subclasses__() for pair in _tree(one, depth + 1)]
    return [(depth, error.__name__), *below]


def test_tree_is_drawn_as_it_is() -> None:
    """The drawing at the head of the module shows every exception in its place."""
    drawn = re.findall(r"^    ([│├└─ ]*)(\w+Error) ", exceptions.__doc__ or "", re.MULTILINE)
    assert [(len(branch) // 4, name) for branch, name in drawn] == _tree(TwinTownsError)


@pytest.mark.parametrize("name", [name for _, name in _tree(TwinTownsError)])
def test_every_exception_says_what_it_stands_for(name: str) -> None:
    """Each exception has a docstring of its own."""
    assert vars(exceptions)[name].__doc__


@pytest.mark.parametrize(
    ("line", "told"), [(None, "a.ttl: no <b>; mend b"), (7, "a.ttl:7: no <b>; mend b")], ids=["file", "line"]
)
def test_message_is_place_what_and_remedy(line: int | None, told: str) -> None:
    """A message names the file, the line where there is one, what is wrong and what to do."""
    error = TwinTownsError(Path("a.ttl"), "no <{thing}>", "mend {thing}", line=line, values={"thing": "b"})
    assert str(error) == told


def test_message_is_told_in_another_language() -> None:
    """The fixed parts are translated before the values are put in, and the values are left alone."""
    words = {"no {thing}": "ingen {thing}", "mend {thing}": "laga {thing}", "no": "nej"}
    error = TwinTownsError("here", "no {thing}", "mend {thing}", values={"thing": "no"})
    assert error.told(lambda message: words[message]) == "here: ingen no; laga no"


def test_values_cannot_control_the_terminal() -> None:
    """Neither a value nor the place can colour, move or clear what a terminal shows."""
    error = TwinTownsError("a\x1b[2J", "no {thing}", "mend it", values={"thing": "\x1b[31m\r\n\u202e"})
    assert str(error) == "a\\x1b[2J: no \\x1b[31m\\r\\n\\u202e; mend it"
    assert str(error).isprintable()


def test_braces_in_values_are_no_places_for_others() -> None:
    """A value that looks like a place for another value stays as it is."""
    error = TwinTownsError("x", "{one}", "mend it", values={"one": "{two}", "two": "!"})
    assert str(error) == "x: {two}; mend it"


@pytest.mark.parametrize(("length", "shown"), [(1000, 1000), (1001, 1001), (10_000, 1001)])
def test_long_values_are_cut(length: int, shown: int) -> None:
    """A text is shown as far as a person reads it, and that it goes on is shown too."""
    text = printable("a" * length)
    assert len(text) == shown
    assert text.endswith("…") == (length > 1000)
