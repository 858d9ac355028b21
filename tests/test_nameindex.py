"""Names as keys, taken apart, and found in an index."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twintowns.foldednames import folded, is_one_slip, keys_of
from twintowns.nameindex import Entry, Level, NameIndex
from twintowns.placewords import Kind, plain_name, spoken
from twintowns.territories import is_state, territories_of

SE = frozenset({"SE"})
PLACES = [
    Entry("Q503184", ("Ludvika", "Ludvika Municipality"), SE),
    Entry("Q52502", ("Göteborg", "Gothenburg"), SE),
    Entry("Q2742", ("Münster",), frozenset({"DE"})),
    Entry("Q656", ("Sankt Petersburg", "Saint Petersburg"), frozenset({"RU"})),
    Entry("Q2081", ("Frankfurt (Oder)",), frozenset({"DE"})),
    Entry("Q1", ("Ä",)),
    Entry("Q2", ("---",)),
]
INDEX = NameIndex(PLACES, [("Q503184", "Q52502")])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Boulogne–Billancourt", "Boulogne-Billancourt"),
        ("L’Aquila", "l'aquila"),
        ("GÖTEBORG", "Go\u0308teborg"),
        ("Bad  Honnef", "Bad\u00a0Honnef"),
        ("Alt\u00adstadt", "Altstadt"),
    ],
)
def test_exact(one: str, other: str) -> None:
    """What a keyboard or a typesetter decides makes no other name."""
    assert keys_of(one).exact == keys_of(other).exact


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Pölten", "Sankt Polten"),
        ("Łódź", "Lodz"),
        ("Rønne", "Ronne"),
        ("Boulogne Billancourt", "Boulogne-Billancourt"),
    ],
)
def test_folded(one: str, other: str) -> None:
    """Diacritics, punctuation and how Saint is written are forgotten."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [
        ("ludvika", "ludvika", True),
        ("ludvika", "ludvik", True),
        ("ludvika", "ludvi", False),
        ("abcd", "abdc", True),
        ("abcd", "abce", True),
        ("abcd", "bacde", False),
        ("a", "", True),
    ],
)
def test_slips(one: str, other: str, *, is_so: bool) -> None:
    """One letter may be another, missing, too many, or have changed places with the next."""
    assert is_one_slip(one, other) is is_one_slip(other, one) is is_so


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Tyskland", "DE"), ("Saksa", "DE"), ("deu", "DE"), ("D", "DE"), ("Soome", "FI"), ("UK", "GB"),
        ("the Netherlands", "NL"), ("Bosnia and Herzegovina", "BA"), ("Bosnien och Hercegovina", "BA"),
        ("People's Republic of China", "CN"), ("Hongkong", "CN HK"), ("Czechoslovakia", "CZ SK"),
        ("Bavaria", ""), ("", ""), ("EU", ""), ("Georgia", "GE"),
    ],
)  # fmt: skip
def test_countries(text: str, codes: str) -> None:
    """A country is known by its codes and its names, and what is none is none."""
    assert " ".join(sorted(territories_of(text))) == codes


def test_states() -> None:
    """A state of the United States is no country, though its code may be one's."""
    assert is_state("Illinois")
    assert is_state("CA")
    assert not is_state("SE")


@pytest.mark.parametrize(
    ("text", "bare", "kind", "codes", "beside"),
    [
        ("Tartu (EE)", "tartu", Kind.NONE, "EE", ()),
        ("Tartu, Estonia", "tartu", Kind.NONE, "EE", ()),
        ("Tartu linn", "tartu", Kind.PERHAPS, "EE", ()),
        ("Viljandi (linn)", "viljandi", Kind.TOWN, "", ()),
        ("Stadt Bad Honnef", "bad honnef", Kind.TOWN, "", ()),
        ("City of London", "london", Kind.TOWN, "", ()),
        ("Mexico City", "mexico", Kind.PERHAPS, "", ()),
        ("Viljandi maakond", "viljandi", Kind.REGION, "EE", ()),
        ("Niles, Illinois, USA", "niles", Kind.NONE, "US", ("Illinois",)),
        ("Portland, ME", "portland", Kind.NONE, "ME US", ("ME",)),
        ("Washington, D.C.", "washington", Kind.NONE, "", ("D.C.",)),
        ("Orsa kommun [1]*", "orsa", Kind.MUNICIPALITY, "FI SE", ()),
        ("(Town)", "(town)", Kind.NONE, "", ()),
        ("a (x) (y) (z) (q)", "a (x)", Kind.NONE, "", ("y", "z", "q")),
    ],
)
def test_spoken(text: str, bare: str, kind: Kind, codes: str, beside: tuple[str, ...]) -> None:
    """A name is taken apart into itself, its kind, its country and what tells it from others."""
    told = spoken(text)[0]
    assert (told.bare.exact, told.kind, told.beside) == (bare, kind, beside)
    assert " ".join(sorted(told.territories)) == codes


def test_genitive() -> None:
    """Before a word for its kind, a name may stand in the genitive."""
    assert [one.bare.exact for one in spoken("Rättviks kommun")] == ["rättviks", "rättvik"]
    assert [one.bare.exact for one in spoken("Imatran kaupunki")] == ["imatran", "imatra"]


def test_plain_name() -> None:
    """A name is told without its country, but with what tells it from others."""
    assert plain_name("Imatra, Finland¹") == "Imatra"
    assert plain_name("Viljandi (linn)") == "Viljandi (linn)"


@pytest.mark.parametrize(
    ("name", "qid", "level"),
    [
        ("Ludvika", "Q503184", Level.EXACT),
        ("Ludvika kommun", "Q503184", Level.EXACT),
        ("Goteborg", "Q52502", Level.FOLDED),
        ("Goeteborg", "Q52502", Level.SPELLED),
        ("St Petersburg", "Q656", Level.FOLDED),
        ("Frankfurt", "Q2081", Level.PART),
        ("Frankfurt (Oder)", "Q2081", Level.EXACT),
        ("Göteborgs stad", "Q52502", Level.KIND),
        ("Gothenberg", "Q52502", Level.SLIP),
    ],
)
def test_found(name: str, qid: str, level: Level) -> None:
    """An item is found by its names, and told by how much of them."""
    (found,) = INDEX.found(name)
    assert (found.entry.qid, found.level) == (qid, level)


def test_not_found() -> None:
    """What is in no index, too short for slips, or not looked for, is not found."""
    assert INDEX.found("Gothenberg", with_slips=False) == []
    assert INDEX.found("Ludv") == INDEX.found("") == INDEX.found("Xyzzyxyz") == []
    assert len(INDEX) == 6


def test_beginning() -> None:
    """Items are found by how their names begin, the shortest first."""
    assert [entry.qid for entry in INDEX.beginning("got", 9)] == ["Q52502"]
    assert [entry.qid for entry in INDEX.beginning("M", 9)] == ["Q2742"]
    assert INDEX.beginning("", 9) == []


def test_merged() -> None:
    """An item that comes twice has the names of both, and the countries that both agree in."""
    index = NameIndex([PLACES[0], Entry("Q503184", ("Ludvikan kunta",), frozenset({"SE", "FI"}), "k")])
    assert index.entries["Q503184"] == Entry(
        "Q503184", ("Ludvika", "Ludvika Municipality", "Ludvikan kunta"), SE, "k"
    )


def test_twinnings() -> None:
    """A twinning is known from both sides."""
    assert INDEX.is_twinned("Q52502", "Q503184")
    assert INDEX.twinned_with("Q503184") == {"Q52502"}
    assert not INDEX.is_twinned("Q1", "Q2")
    assert INDEX.territories("Q404") == frozenset()


@given(st.text())
@example("²")
def test_any_name(name: str) -> None:
    """Whatever is asked, and whatever an item is called, it is found by its own name if by any."""
    index = NameIndex([Entry("Q1", (name,))])
    assert [one.entry.qid for one in index.found(name)] == (["Q1"] if len(index) else [])
