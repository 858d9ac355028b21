"""Names in the order in which readers of a language look for them."""

import pytest

from twintowns.collation import sort_key


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("sv", ["Avesta", "Zinkgruvan", "Åmål", "Älvdalen", "Örebro"]),
        ("fi", ["Imatra", "Äänekoski", "Örö"]),
        ("et", ["Tallinn", "Zaporižžja", "Õisu", "Äksi", "Ülenurme"]),
        ("de", ["Ägypten", "Berlin", "Öhringen", "Zürich"]),
        ("en", ["Älvdalen", "Avesta", "Örebro", "Zürich"]),
        ("de-AT", ["Übelbach", "Villach"]),
    ],
)
def test_order(language: str, names: list[str]) -> None:
    """A letter stands where the language has it: behind the others, or beside the one it is made of."""
    mixed = [*names[1::2], *names[::2]]
    assert sorted(mixed, key=lambda name: sort_key(name, language)) == names


def test_same_letters_keep_one_order() -> None:
    """Names that differ in marks alone have an order all the same."""
    assert sort_key("Malmo", "en") < sort_key("Malmö", "en")


def test_decomposed_letters_are_the_same() -> None:
    """A letter with a combining mark stands where the composed letter does."""
    assert sort_key("A\u0308lvdalen", "sv")[0] == sort_key("Älvdalen", "sv")[0]
