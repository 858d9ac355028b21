"""Dates as people write them, in five languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twintowns.vocabulary import XSD
from twintowns.writtendates import AMBIGUOUS, IMPOSSIBLE, INEXACT, NOTHING, written_date

READ = {
    "1991": "1991", "sedan 1991": "1991", "since 1991": "1991", "seit 1991": "1991", "alates 1991": "1991",
    "vuodesta 1991": "1991", "1991 alkaen": "1991", "1991. aastast": "1991", "år 1991": "1991",
    "1991–": "1991", "1991.": "1991", "a. 1991": "1991",
    "1991-05": "1991-05", "5/1991": "1991-05", "05.1991": "1991-05", "1991/5": "1991-05",
    "May 1991": "1991-05", "maj 1991": "1991-05", "toukokuu 1991": "1991-05", "toukokuussa 1991": "1991-05",
    "Mai 1991": "1991-05", "mais 1991": "1991-05", "1991 May": "1991-05", "sept. 2022": "2022-09",
    "März 1990": "1990-03", "seit Mai 1991": "1991-05",
    "12.5.1991": "1991-05-12", "12. 5. 1991": "1991-05-12", "1991-05-12": "1991-05-12",
    "1991/05/12": "1991-05-12", "19910512": "1991-05-12", "1991-05-12T00:00:00Z": "1991-05-12",
    "12 May 1991": "1991-05-12", "May 12th, 1991": "1991-05-12", "12. Mai 1991": "1991-05-12",
    "den 12 maj 1991": "1991-05-12", "12. toukokuuta 1991": "1991-05-12", "12. mail 1991": "1991-05-12",
    "13/05/1991": "1991-05-13", "05/13/1991": "1991-05-13", "5/5/1991": "1991-05-05",
    "since 12.5.1991": "1991-05-12",
}  # fmt: skip
KINDS = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}


@pytest.mark.parametrize(("text", "lexical"), READ.items())
def test_read(text: str, lexical: str) -> None:
    """A date is read in the precision in which it is written."""
    date = written_date(text).date
    assert date is not None
    assert (date.value, date.datatype) == (lexical, KINDS[len(lexical)])


@pytest.mark.parametrize("text", ["12/05/1991", "12-05-1991", "1/2/2000"])
def test_either_way(text: str) -> None:
    """What can be read in two ways is told, and not guessed."""
    assert written_date(text) == AMBIGUOUS


@pytest.mark.parametrize(
    "text",
    [
        "1990s", "1990-talet", "1990er Jahre", "1990-luku", "ca 1991", "~1991", "1991?", "until 1991",
        "1991–2005", "1991 (renewed 2005)", "1991, 1995", "91", "33239", "spring 1991", "May June 1991",
        "long ago", "12 1991", "sedan 12/05/1991", "2.5.91", "May 12 13 1991", "May",
    ],
)  # fmt: skip
def test_inexact(text: str) -> None:
    """What is no exact year, month or day is told, and not taken."""
    assert written_date(text) == INEXACT


@pytest.mark.parametrize(
    "text", ["31.2.1991", "1991-13", "32/13/1991", "3000", "0000", "1991-00-10", "1991-92"]
)
def test_impossible(text: str) -> None:
    """A day, month or year that there is not is told."""
    assert written_date(text) == IMPOSSIBLE


@pytest.mark.parametrize("text", ["", " ", "-", "–", "?", "\n"])
def test_nothing(text: str) -> None:
    """Where nothing is written, nothing is told."""
    assert written_date(text) == NOTHING


def test_until() -> None:
    """Until a year says when something ended, and not when it began."""
    ended = written_date("bis 1999", is_end=True).date
    assert ended is not None
    assert ended.value == "1999"
    assert written_date("bis 1999") == INEXACT


@given(st.text())
def test_anything(text: str) -> None:
    """Whatever is written is a date, a doubt, or nothing."""
    told = written_date(text)
    assert told == NOTHING or (told.date is None) != (told.doubt == "")
