"""Names in the order in which readers of a language look for them."""

import pytest

from twintowns.collation import initial, letters_of, sort_key


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("sv", "Avesta Tübingen Tyringe Zinkgruvan Åmål Älvdalen Ærø Örebro"),
        ("fi", "Imatra Turku Zürich Åbo Äänekoski Örö"),
        ("sv-FI", "Avesta Åbo"),
        (
            "et",
            "Åland Avesta Saku Šaškin Zaporižžja Žilina Tallinn Viljandi Õisu Äksi Ööbiku Ülenurme Xanten",
        ),
        ("de", "Ägypten Åland Avesta Berlin Łódź Lübeck Öhringen Straße Strassfurt Zürich"),
        ("en", "Älvdalen Avesta Łódź Örebro Zürich"),
        ("de-AT", "Übelbach Villach"),
        ("da", "Zealand Ærø Ølgod Århus"),
        ("pl", "Lublin Łódź Mielec Sopot Świdnica Toruń Zabrze Żary"),
        ("lv", "Cēsis Čakša Daugavpils"),
    ],
)
def test_order(language: str, ordered: str) -> None:
    """A letter stands where the language has it: in the alphabet, or beside the one that it is made of."""
    names = ordered.split()
    mixed = [*names[1::2], *names[::2]]
    assert sorted(mixed, key=lambda name: sort_key(name, language)) == names


def test_same_letters_keep_one_order() -> None:
    """Names that differ in marks alone have an order all the same."""
    assert sort_key("Malmo", "en") < sort_key("Malmö", "en")


def test_decomposed_letters_are_the_same() -> None:
    """A letter with a combining mark stands where the composed letter does."""
    assert sort_key("A\u0308lvdalen", "sv")[0] == sort_key("Älvdalen", "sv")[0]


def test_before_the_first_letter() -> None:
    """What stands before the first letter of a name is passed over."""
    assert letters_of("\N{LEFT SINGLE QUOTATION MARK}s-Hertogenbosch", "en") == "s hertogenbosch"
    assert letters_of("(…)", "en") == ""


@pytest.mark.parametrize(
    ("language", "name", "letter"),
    [
        ("sv", "Åbo", "Å"),
        ("de", "Åbo", "A"),
        ("et", "Žilina", "Ž"),
        ("sv", "Ærø", "Ä"),
        ("fi", "99", "9"),
        ("sv", "Y", "Y"),
    ],
)
def test_initials(language: str, name: str, letter: str) -> None:
    """A name stands under its first letter, that of its own language's alphabet."""
    assert initial(letters_of(name, language), language) == letter
