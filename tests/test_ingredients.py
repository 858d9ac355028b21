"""What files are made of: the same is not made again of the same things."""

from pathlib import Path

import pytest

from twintowns.edition import Bookkeeping, Edition
from twintowns.ingredients import Ingredients, digest_of, noted


def test_same_ingredients_are_known(tmp_path: Path) -> None:
    """What was noted is known again from the file, and what is noted anew replaces it."""
    file, first = tmp_path / "made.json", Ingredients()
    assert not first.are_same("a.ttl", "1")
    assert not first.are_same("b.ttl", "2")
    file.write_bytes(first.content())
    again = Ingredients(noted(file))
    assert again.are_same("a.ttl", "1")
    assert not again.are_same("b.ttl", "3")
    file.write_bytes(again.content())
    assert noted(file) == {"a.ttl": "1", "b.ttl": "3"}


def test_what_is_forgotten_is_not_the_same() -> None:
    """What does not hold any more is forgotten."""
    ingredients = Ingredients({"a.ttl": "1"})
    ingredients.forget()
    assert not ingredients.are_same("a.ttl", "1")


@pytest.mark.parametrize("content", [b"{", b"1", b'["strange"]'])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, content: bytes) -> None:
    """A file that somebody changed is as good as none."""
    file = tmp_path / "made.json"
    file.write_bytes(content)
    assert noted(file) == {}


def test_digest_tells_kinds_and_places_apart() -> None:
    """Things of another kind, in another order or divided otherwise have another digest."""
    told: list[list[object]] = [["a", "b"], ["b", "a"], ["ab"], ["a", "b", None], ["1"], [1]]
    assert len({digest_of(parts) for parts in told}) == len(told)


def test_file_is_made_again_of_other_things_only(tmp_path: Path) -> None:
    """A published file made of the same is taken over unmade; of other things, or lost, it is made."""
    books = Bookkeeping(tmp_path / "site")
    made: list[bytes] = []

    def build(digest: str, content: bytes, *, is_alike: bool = True) -> None:
        def make() -> bytes:
            made.append(content)
            return content

        with books.locked():
            edition: Edition = books.begin(is_alike=is_alike)
            edition.make("a.ttl", digest, make)
            edition.seal({})
            books.made.write_bytes(edition.ingredients.content())
            books.discard()

    for digest, content in [("1", b"one"), ("1", b"not made"), ("2", b"two"), ("2", b"not made either")]:
        build(digest, content)
    assert made == [b"one", b"two"]
    build("2", b"two again", is_alike=False)
    assert made[2:] == [b"two again"]
    assert (books.place / "a.ttl").read_bytes() == b"two again"
