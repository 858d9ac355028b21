"""What a page shows, as plain values for the templates; the only HTML is the mark of a text's language."""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from markupsafe import escape

from twintowns.messages import told_in, translations

_CODE: Final = re.compile(r"`([^`]+)`")


class Text(NamedTuple):
    """A text and the language that it is in, empty where that is none or does not matter.

    Attributes:
        text: What is to be read.
        language: The BCP 47 tag to be marked with.
        has_code: Whether what stands between backticks in it is code.
    """

    text: str
    language: str = ""
    has_code: bool = False

    def __html__(self) -> str:
        """Return the text for a template, escaped, and marked where its language is not the page's."""
        text: str = escape(self.text)
        if self.has_code and "`" in text:
            pieces = _CODE.split(self.text)
            text = "".join(f"<code>{escape(p)}</code>" if n % 2 else escape(p) for n, p in enumerate(pieces))
        return f'<span lang="{escape(self.language)}">{text}</span>' if self.language else text


class Row(NamedTuple):
    """A property with its values.

    Attributes:
        label: What it is called.
        values: Its values, those of this page where they are many.
        total: How many it has in all, where that is more.
        first: The place of the first of those shown among all.
    """

    label: Text
    values: tuple["Value", ...]
    total: int = 0
    first: int = 1


@dataclass(frozen=True)
class Value:
    """One value of a property.

    Attributes:
        label: What it is called.
        href: Where it leads, relative to the page or absolute; empty where it leads nowhere.
        is_derived: Whether it was derived, not asserted.
        is_long: Whether it is a text of several lines.
        rows: What is stated of it, where it is a part of the thing.
        members: What it lists, where it is a list.
        order: What it is sorted by, where that is not its label.
    """

    label: Text
    href: str = ""
    is_derived: bool = False
    is_long: bool = False
    rows: tuple[Row, ...] = ()
    members: tuple["Value", ...] = ()
    order: str = field(default="", compare=False)


def from_below(row: Row) -> Row:
    """Return a row of a page that lies in a folder as one of a page that lies in a folder of that.

    >>> from_below(Row(Text("partner"), (Value(Text("Q1"), "../place/Q1.html"),))).values[0].href
    '../../place/Q1.html'
    """
    return row._replace(values=tuple(map(_value_from_below, row.values)))


def _value_from_below(value: Value) -> Value:
    href = f"../{value.href}" if value.href.startswith("../") else value.href
    rows, members = tuple(map(from_below, value.rows)), tuple(map(_value_from_below, value.members))
    return Value(value.label, href, value.is_derived, value.is_long, rows, members, value.order)


class Section(NamedTuple):
    """A heading with facts below it."""

    title: Text
    anchor: str
    rows: tuple[Row, ...]
    types: tuple[Text, ...] = ()
    paragraphs: tuple[Text, ...] = ()
    iri: str = ""


@dataclass(frozen=True)
class Reader:
    """Who reads: the language, the fallbacks for it, and the address of the page being read.

    Attributes:
        language: The BCP 47 tag of the page.
        fallbacks: The languages in which a text is looked for, the page's first.
        page: The page's address in the site.
        folder: Where the pages of this language lie; empty for the main language.
    """

    language: str
    fallbacks: tuple[str, ...]
    page: str
    folder: str

    def translated(self, message: str) -> str:
        """Return a message in the reader's language."""
        return translations(self.language).gettext(message)

    def told_text(self, message: str) -> Text:
        """Return a message in the reader's language, marked where it is told in English."""
        return Text(*told_in(self.language, message))


class Listing(NamedTuple):
    """A list of things on a page, cut where it is long.

    Attributes:
        title: The message identifier of the heading.
        values: What is listed.
        total: How many there are.
        href: Where all of them are listed, if anywhere.
    """

    title: str
    values: tuple[Value, ...]
    total: int
    href: str = ""


class Pager(NamedTuple):
    """The place of a page among those of one list.

    Attributes:
        number: Its number.
        total: How many there are.
        links: Numbers with addresses: the first, the last and those around this one; a gap has none.
        previous: The address of the page before.
        following: That of the page after.
    """

    number: int
    total: int
    links: tuple[tuple[int, str], ...]
    previous: str
    following: str
