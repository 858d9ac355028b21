"""Which item a name means: believed by evidence, doubted without."""

import pytest

from twintowns.nameindex import Entry, NameIndex
from twintowns.reconciliation import SURE, Asked, decided, judged, settled

CODES = {code: frozenset({code}) for code in ("SE", "FI", "GB", "CA", "DE", "EE", "US")}
NONE: frozenset[str] = frozenset()
INDEX = NameIndex(
    [
        Entry("Q84", ("London",), CODES["GB"]),
        Entry("Q92561", ("London",), CODES["CA"]),
        Entry("Q12434", ("Bad Honnef",), CODES["DE"]),
        Entry("Q211020", ("Imatra",), NONE),
        Entry("Q503184", ("Ludvika", "Ludvika Municipality"), CODES["SE"]),
        Entry("Q848393", ("Ludvika",), NONE),
        Entry("Q504239", ("Mora Municipality",), CODES["SE"]),
        Entry("Q44840", ("Viljandi",), CODES["EE"]),
        Entry("Q192061", ("Viljandi County",), CODES["EE"]),
        Entry("Q506599", ("Munster",), NONE),
        Entry("Q26793", ("Kōchi-shi",), NONE),
        Entry("Q7", ("Bor",), NONE),
        Entry("Q8", ("Cambridge",), CODES["GB"]),
        Entry("Q9", ("Cambridge",), NONE),
        Entry("Q10", ("Gainesville",), CODES["US"]),
    ]
)


@pytest.mark.parametrize(
    ("name", "codes", "qid"),
    [
        ("Bad Honnef", "", "Q12434"),  # a whole name that the index knows once
        ("bad honnef", "", "Q12434"),
        ("Bad Honef", "", ""),  # a slip
        ("Bad Honef", "DE", ""),
        ("Bad Honnef", "FI", ""),  # the country disagrees
        ("Bad Honnef (Germany)", "", "Q12434"),
        ("Bad Honnef, Finland", "", ""),
        ("London", "", ""),  # two
        ("London", "GB", "Q84"),
        ("London, Canada", "", "Q92561"),
        ("London", "SE", ""),
        ("Imatra", "FI", "Q211020"),  # not known where, and no other
        ("Ludvika", "SE", ""),  # two, one of them not known where
        ("Ludvika kommun", "", "Q503184"),  # called a municipality, as one of them is
        ("Mora", "", ""),  # perhaps another Mora
        ("Mora", "SE", ""),  # perhaps the locality
        ("Mora kommun", "", "Q504239"),
        ("Viljandi maakond", "", "Q192061"),
        ("Viljandi linn", "", ""),  # the town, or the municipality about it
        ("Viljandi", "", "Q44840"),  # not the county
        ("Stadt Bad Honnef", "", "Q12434"),
        ("Münster", "", ""),  # who writes ü does not mean u
        ("Kochi-shi", "", "Q26793"),  # who has no ō writes o
        ("Bor", "", ""),  # too short
        ("Cambridge", "CA", ""),  # known elsewhere, and once not known where
        ("Gainesville, Florida", "", ""),  # the state is not known
        ("Springfield", "", ""),
        ("", "", ""),
    ],
)
def test_judged(name: str, codes: str, qid: str) -> None:
    """A name is believed where there is evidence enough, and left to a person where not."""
    match = judged(Asked(name, frozenset(codes.split())), INDEX)
    assert match.qid == qid
    assert (match.score >= SURE) == bool(qid)


def test_doubtful_are_listed() -> None:
    """What is in doubt is listed with scores, the likeliest first."""
    match = judged(Asked("Ludvika", CODES["SE"]), INDEX)
    assert [(one.qid, one.score) for one in match.candidates] == [("Q503184", 89), ("Q848393", 89)]


def test_settled() -> None:
    """Further evidence settles which of the candidates is meant."""
    match = settled(judged(Asked("London"), INDEX), "Q92561")
    assert (match.qid, match.score, [one.qid for one in match.candidates]) == ("Q92561", 97, ["Q92561"])


def test_decided() -> None:
    """What a person decides is sure; to decide for none is, too."""
    assert (decided("Q1").score, decided("").score) == (100, 0)
