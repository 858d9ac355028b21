"""What the program tells: every message in every language, dates and numbers as readers write them."""

import importlib
import re
from collections.abc import Iterator

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from twintowns.messages import (
    country_name_in,
    date_text,
    first_in,
    language_name,
    language_name_in,
    languages,
    locale_of,
    number_text,
    preferred_language,
    time_text,
    translations,
)
from twintowns.project import MESSAGES

TRANSLATED = ["de", "et", "fi", "sv"]
PLACEHOLDER = re.compile(r"\{[^}]*\}")


@pytest.fixture(scope="module")
def told() -> set[str]:
    """Return the messages that the sources hold."""
    found: set[str] = importlib.import_module("tests.extraction").message_ids()
    return found


def _catalogue(language: str) -> Catalog:
    with (MESSAGES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _messages(language: str) -> Iterator[Message]:
    return (message for message in _catalogue(language) if message.id)


def _parts(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]


def test_languages() -> None:
    """There are messages in the languages of the first publication."""
    assert languages() == sorted(["en", *TRANSLATED])


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(told: set[str], language: str) -> None:
    """Every message of the program has a translation that is no leftover."""
    translated = {
        part for message in _messages(language) if all(_parts(message.string)) for part in _parts(message.id)
    }
    assert len(told) > 150
    assert told - translated == set()
    assert [message.id for message in _messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_obsolete(told: set[str], language: str) -> None:
    """No catalogue holds a message that the program does not tell."""
    assert {part for message in _messages(language) for part in _parts(message.id)} - told == set()
    assert dict(_catalogue(language).obsolete) == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_agree(language: str) -> None:
    """A translation has the placeholders of its message, each as often."""
    for message in _messages(language):
        wanted = sorted(PLACEHOLDER.findall(_parts(message.id)[-1]))
        for part in _parts(message.string):
            assert sorted(PLACEHOLDER.findall(part)) == wanted, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_form_agrees(language: str) -> None:
    """A translation has blanks about it, or a full stop at its end, only where its message has."""
    for message in _messages(language):
        for told, part in zip(_parts(message.id), _parts(message.string), strict=True):
            assert part == part.strip() or told != told.strip(), told
            assert part.endswith(".") == told.endswith("."), told


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_says_its_language(language: str) -> None:
    """A catalogue says its language and encoding, and forms the plural as its language does."""
    catalogue = _catalogue(language)
    header = dict(catalogue.mime_headers)
    assert header["Language"] == language
    assert header["Content-Type"].lower() == "text/plain; charset=utf-8"
    assert catalogue.num_plurals == 2


def test_translations() -> None:
    """A message is told in its language, and in English where that has none."""
    assert translations("sv").gettext("Error") == "Fel"
    assert translations("xx").gettext("Error") == "Error"
    assert translations("en").ngettext("{count} hint", "{count} hints", 2) == "{count} hints"
    assert translations("de").ngettext("{count} warning", "{count} warnings", 1) == "{count} Warnung"
    assert translations("sv").gettext("no such message") == "no such message"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "de_AT@euro"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": "fi_FI.UTF-8", "LANG": "sv_SE.UTF-8"}, "fi"),
        ({"LC_MESSAGES": "et_EE.UTF-8", "LANG": "sv_SE.UTF-8"}, "et"),
        ({"LANGUAGE": "de", "LC_ALL": "fi_FI.UTF-8"}, "de"),
        ({"LANGUAGE": "", "LANG": "fi"}, "fi"),
        ({"LANGUAGE": ":sv"}, "sv"),
        ({"LANGUAGE": "nn:sv:de"}, "sv"),
        ({"LANGUAGE": "en:sv"}, "en"),
        ({"LC_ALL": "fr_FR.UTF-8", "LANG": "sv_SE.UTF-8"}, "en"),
    ],
)
def test_preferred_language(environment: dict[str, str], language: str) -> None:
    """The reader's language is the first that the environment names and that has messages."""
    assert preferred_language(environment) == language


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"]), st.text()))
def test_any_environment(environment: dict[str, str]) -> None:
    """Whatever the environment says, the language is one with messages."""
    assert preferred_language(environment) in languages()


@pytest.mark.parametrize(
    ("tag", "name"), [("sv", "svenska"), ("de-AT", "Deutsch"), ("et", "eesti"), ("qq", "qq"), ("got", "got")]
)
def test_language_name(tag: str, name: str) -> None:
    """A language is called as it calls itself, and an unknown one by its tag."""
    assert language_name(tag) == name


@pytest.mark.parametrize(
    ("reader", "tag", "name"),
    [("de", "sv", "Schwedisch"), ("fi", "de-AT", "saksa"), ("en", "got", "Gothic"), ("sv", "qq", "qq")],
)
def test_language_name_in(reader: str, tag: str, name: str) -> None:
    """A language is called as the reader's calls it, and an unknown one by its tag."""
    assert language_name_in(reader, tag) == name


@pytest.mark.parametrize(
    ("reader", "code", "name"),
    [("et", "EST", "Eesti"), ("sv", "DEU", "Tyskland"), ("en", "XYZ", ""), ("en", "SUN", "")],
)
def test_country_name_in(reader: str, code: str, name: str) -> None:
    """A country is called as the reader's language calls it; what is no country that there is has no name."""
    assert country_name_in(reader, code) == name


@pytest.mark.parametrize("tag", ["qq", "", "x-private", "not a tag"])
def test_unknown_locale(tag: str) -> None:
    """An unknown language is written as English is."""
    assert locale_of(tag).language == "en"


@pytest.mark.parametrize(
    ("lexical", "language", "text"),
    [
        ("2000", "sv", "2000"),
        ("2022-09", "sv", "september 2022"),
        ("2022-09", "fi", "syyskuu 2022"),
        ("2017-01-31", "sv", "31 januari 2017"),
        ("2017-01-31", "en", "31 January 2017"),
        ("2017-01-31", "de", "31. Januar 2017"),
        ("2017-01-31", "en-US", "January 31, 2017"),
        ("2017-01-31", "qq", "31 January 2017"),
        ("2017-02-31", "sv", "2017-02-31"),
        ("2017-13", "sv", "2017-13"),
        ("-0044", "sv", "-0044"),
        ("2017-01-31Z", "sv", "2017-01-31Z"),
        ("long ago", "sv", "long ago"),
    ],
)
def test_dates(lexical: str, language: str, text: str) -> None:
    """A date is no more precise than it is known, and what is none is shown as it is."""
    assert date_text(lexical, language) == text


@pytest.mark.parametrize(
    ("lexical", "language", "text"),
    [
        ("16:15:00", "sv", "16:15"),
        ("07:30:00", "fi", "7.30"),
        ("13:00:00", "en", "13:00"),
        ("24:00:00", "sv", "24:00:00"),
        ("noon", "sv", "noon"),
    ],
)
def test_times(lexical: str, language: str, text: str) -> None:
    """A time has no seconds, and what is none is shown as it is."""
    assert time_text(lexical, language) == text


@pytest.mark.parametrize(
    ("lexical", "language", "text"),
    [
        ("60.133333", "sv", "60,133333"),
        ("60.133333", "en", "60.133333"),
        ("2000", "de", "2.000"),
        ("2000", "et", "2000"),
        ("-9999.5", "es-ES", "-9999,5"),
        ("20000", "et", "20\N{NO-BREAK SPACE}000"),
        ("-0.5", "en", "-0.5"),
        ("many", "sv", "many"),
        ("", "sv", ""),
    ],
)
def test_numbers(lexical: str, language: str, text: str) -> None:
    """A number keeps all its digits, and what is none is shown as it is."""
    assert number_text(lexical, language) == text


@settings(deadline=None)
@given(st.text(), st.sampled_from([*TRANSLATED, "en", "qq"]))
def test_anything_can_be_shown(lexical: str, language: str) -> None:
    """Whatever stands where a date, time or number should, it becomes a text."""
    for shown in (date_text, time_text, number_text):
        assert isinstance(shown(lexical, language), str)


def test_first_in() -> None:
    """Of the wanted languages the first that is there is taken, or none."""
    assert first_in(["sv", "en"], iter(["en", "sv"])) == "sv"
    assert first_in(["sv"], ["de"]) is None
