"""Files of pieces: after an edit they are what they would be if they were made anew."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twintowns.jsontext import line, read
from twintowns.pieces import FILE, Piece, Pieces, Section, Things, Whole, kept

texts = st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=6)


def _whole(
    told: Sequence[Mapping[str, str]], changed: set[str] | None, made: list[str], between: str = ", "
) -> Whole:
    """Return a file of some texts by their keys; what is made of it is noted, and heads tell the notes."""

    def section(number: int, of: Mapping[str, str]) -> Section:
        def make(key: str) -> Piece:
            made.append(key)
            return Piece(of[key].encode(), of[key][:1])

        def head(notes: Sequence[str]) -> bytes:
            return f"<{''.join(sorted(set(notes)))}>".encode()

        return Section(Things(f"things {number}", list(of), changed), make, head, between.encode())

    return Whole("a.txt", [section(number, of) for number, of in enumerate(told)], b"end")


def _published(folder: Path, told: Sequence[Mapping[str, str]]) -> Pieces:
    """Publish a file, and return what is kept of it."""
    pieces = Pieces()
    (folder / "a.txt").write_bytes(pieces.joined(_whole(told, None, [])))
    (folder / FILE).write_bytes(pieces.content())
    return kept(folder / FILE, folder)


@given(st.lists(st.tuples(texts, texts), max_size=3))
def test_same_as_made_anew(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[dict[str, str], dict[str, str]]]
) -> None:
    """However texts come, go and change, the file is the one that is made of all of them."""
    before, now = [one for one, _ in told], [other for _, other in told]
    pieces = _published(tmp_path_factory.mktemp("site"), before)
    changed = {key for one, other in told for key in other if one.get(key) != other[key]}
    made: list[str] = []
    assert pieces.joined(_whole(now, changed, made)) == Pieces().joined(_whole(now, None, []))
    assert set(made) <= changed


def test_what_did_not_change_is_not_made(tmp_path: Path) -> None:
    """Of two things one changed, and it alone is made; and so after the next edit."""
    told = [{"a": "one", "b": "two"}, {"c": "three"}]
    made: list[str] = []
    pieces = _published(tmp_path, told)
    (tmp_path / "a.txt").write_bytes(
        pieces.joined(_whole([{"a": "one", "b": "another"}, told[1]], {"b"}, made))
    )
    assert (made, (tmp_path / "a.txt").read_bytes()) == (["b"], b"<ao>one, another<t>threeend")
    (tmp_path / FILE).write_bytes(pieces.content())
    again = kept(tmp_path / FILE, tmp_path).joined(
        _whole([{"a": "one", "b": "another"}, {"c": "four"}], {"c"}, made)
    )
    assert (made, again) == (["b", "c"], b"<ao>one, another<f>fourend")


def test_pieces_are_settled_in_their_order(tmp_path: Path) -> None:
    """What stands in a place is made to fit there, whether it was kept or made."""

    def whole(keys: str, changed: set[str] | None) -> Whole:
        numbers = iter(range(9))

        def settle(content: bytes | memoryview) -> bytes:
            return b"%d" % next(numbers) + bytes(content)[1:]

        things = Things("things", list(keys), changed)
        return Whole(
            "a.txt", [Section(things, lambda key: Piece(f"_{key}".encode()), lambda _: b"", settle=settle)]
        )

    pieces = Pieces()
    (tmp_path / "a.txt").write_bytes(pieces.joined(whole("abc", None)))
    (tmp_path / FILE).write_bytes(pieces.content())
    assert kept(tmp_path / FILE, tmp_path).joined(whole("axc", {"x"})) == b"0a1x2c"


@given(before=texts, now=texts, is_known=st.booleans())
def test_order_is_as_if_all_were_ordered(
    before: dict[str, str], now: dict[str, str], *, is_known: bool
) -> None:
    """However things come, go and change, they stand where they would if all were put in order."""
    first = Pieces()
    published = first.ordered(Things("things", list(before)), lambda item: (before[item], item))[0]
    changed = {key for key in now if before.get(key) != now[key]}
    asked: list[str] = []

    def key(item: str) -> tuple[str, str]:
        asked.append(item)
        return now[item], item

    pieces = Pieces(read(first.content()) if is_known else None)
    found, was = pieces.ordered(Things("things", list(now), changed), key)
    assert found == sorted(now, key=lambda item: (now[item], item))
    assert was == ([item if item in now else None for item in published] if is_known else None)
    assert changed or not asked or not is_known
    assert read(pieces.content())["things"]["things"] == found


@pytest.mark.parametrize("strange", [1, {"a": 1}])
def test_strange_order_is_none(strange: object) -> None:
    """What is no list is no order; and what is no text in one is none of the things."""
    things = Things("things", ["b", "a"], set())
    assert Pieces({"things": {"things": strange}}).ordered(things, str) == (["a", "b"], None)
    assert Pieces({"things": {"things": ["b", 1, "b"]}}).ordered(things, str)[1] == ["b", None, "b"]


def _spoiled(file: Path, spoil: Callable[[dict[str, dict[str, object]]], object]) -> None:
    told = read(file.read_bytes())
    spoil(told)
    file.write_bytes(line(told))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.pop("files"),
        lambda told: told.pop("things"),
        lambda told: told["files"].clear(),
        lambda told: told["things"].clear(),
        lambda told: told["files"].update({"a.txt": []}),
        lambda told: told["files"].update({"a.txt": 1}),
        lambda told: told["files"].update({"a.txt": [[1, ["1"], []]]}),
        lambda told: told["files"].update({"a.txt": [[1, [1], []]]}),
    ],
)
def test_what_cannot_be_so_is_made_anew(tmp_path: Path, spoil: Callable[[object], object]) -> None:
    """Sizes that are not there, or do not make up the file, are as good as none."""
    made: list[str] = []
    _published(tmp_path, [{"a": "one"}])
    _spoiled(tmp_path / FILE, spoil)
    pieces = kept(tmp_path / FILE, tmp_path)
    assert pieces.joined(_whole([{"a": "one"}], set(), made)) == b"<o>oneend"
    assert made == ["a"]


@pytest.mark.parametrize("content", [b"{", b"1", b'["strange"]'])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, content: bytes) -> None:
    """A file that somebody changed is as good as none."""
    made: list[str] = []
    _published(tmp_path, [{"a": "one"}])
    (tmp_path / FILE).write_bytes(content)
    assert kept(tmp_path / FILE, tmp_path).joined(_whole([{"a": "one"}], set(), made)) == b"<o>oneend"
    assert made == ["a"]


def test_files_that_are_gone_or_forgotten_are_made_anew(tmp_path: Path) -> None:
    """Where the published file is not there or another one, or does not hold any more, it is made anew."""
    made: list[str] = []
    pieces = _published(tmp_path, [{"a": "one"}])
    (tmp_path / "a.txt").write_bytes(b"<o>longerend")
    pieces.joined(_whole([{"a": "one"}], set(), made))
    (tmp_path / "a.txt").unlink()
    pieces.joined(_whole([{"a": "one"}], set(), made))
    pieces = _published(tmp_path, [{"a": "one"}])
    pieces.forget()
    pieces.joined(_whole([{"a": "one"}], set(), made))
    assert made == ["a", "a", "a"]
