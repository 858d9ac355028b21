"""Names folded: what a person types for a name finds it, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spellings import SAME
from twintowns.folding import folded, joined_words, words


@pytest.mark.parametrize(("name", "typed"), SAME)
def test_same(name: str, typed: str) -> None:
    """A name and what is typed for it fold to the same."""
    assert folded(name) == folded(typed)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Saint-Étienne (Loire)", ["saint", "etienne", "loire"]),
        ("Bad Honnef \N{EN DASH} Ludvika", ["bad", "honnef", "ludvika"]),
        ("Villa_María, 5000", ["villa", "maria", "5000"]),
        ("東京", ["東京"]),
        ("…", []),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    """Words are parted by blanks and punctuation."""
    assert words(text) == found


def test_joined_words() -> None:
    """What an apostrophe parts is one word as well."""
    assert joined_words("L\N{RIGHT SINGLE QUOTATION MARK}Aquila") == ["laquila"]
    assert joined_words("L'Haÿ-les-Roses") == ["lhay", "les", "roses"]
    assert joined_words("Malmö") == []


@given(st.text(), st.text())
def test_beginning_folds_to_a_beginning(begun: str, rest: str) -> None:
    """What has been typed of a name finds it, letter by letter, but for a letter that is not yet whole."""
    whole = folded(begun + rest)
    assert whole.startswith(folded(begun)[: len(whole)]) or not (begun + rest).isascii()


@given(st.text(alphabet="aeoudABEüöäåÆøßłn '-", max_size=20), st.integers(0, 20))
def test_beginning_of_a_name(name: str, length: int) -> None:
    """What has been typed of a name of our alphabets folds to a beginning of what the name folds to."""
    assert folded(name).startswith(folded(name[:length]))


@given(st.text())
def test_folding_is_stable_for_words(text: str) -> None:
    """No word is empty or holds what stands between words."""
    for word in words(text):
        assert word
        assert words(word) == [word] or folded(word) != word
