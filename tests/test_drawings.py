"""Maps, networks and their table: what they show, bounded, the same each time, and whom an edit reaches."""

from itertools import combinations

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from drawn import dataset, place, placed, twinned, twinning
from twintowns.connections import Connections, best_name
from twintowns.dataset import Dataset
from twintowns.drawings import Drawings, Studio, studio_of
from twintowns.labelling import labels_of, width_of
from twintowns.mapdrawing import map_of
from twintowns.networkdrawing import circle_of
from twintowns.pagevalues import Reader
from twintowns.scenes import (
    MOST_LINES,
    MOST_LINKS,
    MOST_NODES,
    MOST_PLACES,
    scene_of,
    scene_of_all,
    touched,
)
from twintowns.vocabulary import SCHEMA, STATUS, TT, A

ENGLISH = Reader("en", ("en",), "place/Q1.html", "")
SWEDEN = place(34)


def drawings(told: Dataset, number: int = 1) -> Drawings:
    """Return what the page of a place draws."""
    found = Studio(told).of_document(place(number), ENGLISH)
    assert found is not None
    return found


def around(count: int, start: int = 2) -> list[Triple]:
    """Return places twinned with the first one."""
    told = placed(1, 15, 60)
    for number in range(start, start + count):
        told += [*placed(number, number % 60, number % 50), *twinned(1, number)]
    return told


def names_of(found: Drawings) -> list[str]:
    """Return the names of the places in the table."""
    return [one.label.text for row in found.rows for one in row.places]


def test_place_with_a_partner() -> None:
    """A place and its partner are points, with a way between them, told again in the table."""
    country = [
        Triple(SWEDEN, A, SCHEMA.Country),
        Triple(SWEDEN, SCHEMA.name, Literal("Sweden", language="en")),
        Triple(place(2), SCHEMA.containedInPlace, SWEDEN),
    ]
    told = dataset(placed(1, 15, 60), placed(2, 28, 61), twinned(1, 2, start="1985-05"), country)
    found = drawings(told)
    assert found.map is not None
    assert found.network is not None
    assert (len(found.map.points), len(found.map.lines)) == (2, 1)
    (row,) = found.rows
    assert [place.label.text for place in row.places] == ["Town 2"]
    assert [place.href for place in row.places] == ["../place/Q2.html"]
    assert (row.distance, row.since, row.year) == ("719", "May 1985", "1985")
    assert [country.text for country in row.countries] == ["Sweden"]
    assert found.marks[1].told == "Town 2, Sweden"
    assert not found.choices.are_there


def test_place_alone() -> None:
    """A place without partners is a point on a map, and has no network."""
    found = drawings(dataset(placed(1, 15, 60)))
    assert found.map is not None
    assert len(found.map.points) == 1
    assert found.network is None
    assert found.rows == ()


@pytest.mark.parametrize("longitude", ["east", "NaN", "1_0", "1e1", "181", ""])
def test_place_that_lies_nowhere(longitude: str) -> None:
    """A place whose coordinates are none on the earth is on no map, but in the network and in the table."""
    found = drawings(dataset(placed(1, longitude, 60), placed(2, longitude, 60), twinned(1, 2)))
    assert found.map is None
    assert found.network is not None
    assert [row.distance for row in found.rows] == [""]


def test_partner_that_is_not_described() -> None:
    """A partner of which nothing is stated is called by the end of its IRI, and leads nowhere."""
    found = drawings(dataset(placed(1, 15, 60), twinned(1, 2)))
    assert [(one.label.text, one.href) for row in found.rows for one in row.places] == [("Q2", "")]


def test_who_takes_part() -> None:
    """A place that takes part is connected with the partner that it does not lie in, and that one with it."""
    within = [Triple(place(3), SCHEMA.containedInPlace, place(1))]
    told = dataset(*(placed(n, n, 60) for n in (1, 2, 3)), twinned(1, 2, participants=[3]), within)
    assert names_of(drawings(told, 1)) == ["Town 2"]
    assert names_of(drawings(told, 2)) == ["Town 1", "Town 3"]
    found = drawings(told, 3)
    assert names_of(found) == ["Town 2"]
    assert [row.takes_part for row in found.rows] == [True]
    page = Studio(told).of_document(twinning(1, 2), ENGLISH)
    assert page is not None
    assert page.network is None
    assert names_of(page) == ["Town 1", "Town 2", "Town 2", "Town 3"]


def test_areas_that_lie_in_each_other() -> None:
    """Places that are stated to lie in each other are drawn all the same."""
    loop = [
        Triple(place(1), SCHEMA.containedInPlace, place(2)),
        Triple(place(2), SCHEMA.containedInPlace, place(1)),
    ]
    told = dataset(placed(1, 1, 60), placed(2, 2, 60), twinned(1, 2), loop)
    assert names_of(drawings(told)) == ["Town 2"]
    assert touched(told, dataset(placed(1, 1, 60), loop), loop)


@pytest.mark.parametrize("count", [2, 3, 6])
def test_twinning_of_many(count: int) -> None:
    """Between few partners each pair is drawn, of many only those with the first."""
    numbers = range(1, count + 1)
    told = dataset(*(placed(n, n, 60) for n in numbers), twinned(*numbers))
    scene = scene_of(Connections(told), twinning(*numbers))
    assert scene is not None
    assert len(scene.links) == {2: 1, 3: 3, 6: 5}[count]


def test_other_things_draw_nothing() -> None:
    """Only places and twinnings are drawn."""
    told = dataset([Triple(place(1), A, SCHEMA.Article)])
    assert Studio(told).of_document(place(1), ENGLISH) is None
    assert Studio(told).of_all(ENGLISH) is None


@pytest.mark.parametrize("count", [1, 5, 16, 39, 200])
def test_network_is_bounded_and_within_its_frame(count: int) -> None:
    """However many partners there are, no more than can be seen are drawn, and the rest is counted."""
    told = around(count)
    for number in range(300, 360):
        told += [*placed(number, 5, 5), *twinned(2, number)]
    found = drawings(dataset(told))
    network = found.network
    assert network is not None
    assert len(network.points) <= MOST_NODES
    assert len(found.rows) == min(count, MOST_LINKS)
    assert found.scene.total == count
    inner = {spot.place for spot in found.scene.spots}
    beyond = {place(n) for n in range(300, 360)} if place(2) in inner else set()
    assert network.missing == len(beyond - inner)
    for point in network.points:
        assert 0 < point.x < network.width
        assert 0 < point.y < network.height


def test_landing_page_is_bounded() -> None:
    """The landing page draws the most connected places, and says how many there are."""
    told = around(MOST_PLACES + 30)
    for one, other in combinations(range(2, 32), 2):
        told += twinned(one, other)
    scene = scene_of_all(Connections(dataset(told)))
    assert len(scene.spots) == MOST_PLACES
    assert len(scene.links) == MOST_LINES
    assert (scene.total, scene.missing) == (MOST_PLACES + 31, 31)
    assert scene.spots[0].place == place(1)
    found = Studio(dataset(told)).of_all(ENGLISH)
    assert found is not None
    assert found.centre is None
    assert found.network is not None
    assert len(found.network.rays) == len(found.network.points) <= 40


def test_small_publication_is_drawn_around_its_place() -> None:
    """Where one place's network has all places, the landing page draws it, by the rows of its own table."""
    told = dataset(*(placed(n, n, 60) for n in (1, 2, 3, 4)), twinned(1, 2), twinned(1, 3), twinned(3, 4))
    found = Studio(told).of_all(ENGLISH)
    assert found is not None
    assert found.network is not None
    assert found.centre is not None
    assert found.centre.label.text == "Town 1"
    by_name = {found.around[point.spot].label.text: point.rows for point in found.network.points}
    rows = {tuple(one.label.text for one in row.places): n for n, row in enumerate(found.rows)}
    assert by_name["Town 2"] == (rows["Town 1", "Town 2"],)
    assert by_name["Town 1"] == tuple(sorted((rows["Town 1", "Town 2"], rows["Town 1", "Town 3"])))


def test_many_names_are_shortened_along_rays() -> None:
    """A long name along a ray is cut, and told in full."""
    told = [*around(20), Triple(place(3), SCHEMA.alternateName, Literal("x"))]
    told = [t for t in told if t != Triple(place(3), SCHEMA.name, Literal("Town 3", language="en"))]
    told.append(Triple(place(3), SCHEMA.name, Literal("A very long name of a municipality", language="en")))
    found = drawings(dataset(told))
    mark = next(mark for mark in found.marks if mark.label.text.startswith("A very"))
    assert mark.short.endswith("…")
    assert mark.told == "A very long name of a municipality"


def test_circle_of_places_without_connections() -> None:
    """Where none of the places to be shown is connected with another, there is no circle."""
    scene = scene_of_all(Connections(dataset(around(3))))._replace(links=())
    assert circle_of(scene, ["x"] * len(scene.spots)) is None


def test_each_language_has_its_names() -> None:
    """The same scene is drawn for each reader, by the names in the reader's language."""
    named = Triple(place(2), SCHEMA.name, Literal("Staden", language="sv"))
    studio = Studio(dataset(placed(1, 1, 60), placed(2, 2, 60), twinned(1, 2), [named]))
    for language, name in (("en", "Town 2"), ("sv", "Staden")):
        reader = Reader(language, (language, "en"), "place/Q1.html", "")
        found = studio.of_document(place(1), reader)
        assert found is not None
        assert names_of(found) == [name]


def test_lines_across_the_antimeridian_are_cut() -> None:
    """On a map of the world a way that leaves it on one side comes back on the other."""
    told = dataset(
        *(placed(n, *at) for n, at in enumerate([(-74, 40), (140, 35), (0, 50), (20, -30)], 1)),
        twinned(1, 2),
        twinned(1, 3),
        twinned(1, 4),
    )
    found = drawings(told)
    assert found.map is not None
    assert [line.path.count("M") for line in found.map.lines] == [2, 1, 1]


def test_same_place_twice() -> None:
    """Two places at the same spot have no line between them."""
    scene = scene_of(Connections(dataset(placed(1, 5, 5), placed(2, 5, 5), twinned(1, 2))), place(1))
    assert scene is not None
    found = map_of(scene, ["one", "two"])
    assert found is not None
    assert found.lines == ()


def test_drawings_do_not_depend_on_order() -> None:
    """The same triples are drawn the same, in whatever order they come."""
    told = around(20)
    assert drawings(dataset(told)) == drawings(dataset(reversed(told)))


def test_choices() -> None:
    """What has several values can be chosen: fields, countries and years."""
    fields = [NamedNode(f"https://w3id.org/twintowns/field/{name}") for name in ("art", "music")]
    told = dataset(
        *(placed(n, n, 60) for n in (1, 2, 3)),
        [*twinned(1, 2, start="1985"), Triple(twinning(1, 2), TT.field, fields[0])],
        [*twinned(1, 3, start="2001"), Triple(twinning(1, 3), TT.field, fields[1])],
        [
            Triple(twinning(1, 3), SCHEMA.endDate, Literal("2010")),
            Triple(twinning(1, 3), TT.status, STATUS.ended),
        ],
    )
    found = drawings(told)
    assert [key for key, _ in found.choices.fields] == ["art", "music"]
    assert found.choices.years == ("1985", "2001")
    assert [(row.since, row.is_over) for row in found.rows] == [
        ("1985", False),
        ("2001\N{EN DASH}2010", True),
    ]


def test_one_connection_is_no_choice() -> None:
    """Of a single connection nothing is chosen, in whatever fields and countries it is."""
    fields = [NamedNode(f"https://w3id.org/twintowns/field/{name}") for name in ("art", "music")]
    told = [Triple(twinning(1, 2), TT.field, field) for field in fields]
    found = drawings(dataset(placed(1, 1, 60), placed(2, 2, 60), [*twinned(1, 2, start="1985"), *told]))
    assert len(found.rows) == 1
    assert not found.choices.are_there


def test_names_do_not_cover_each_other() -> None:
    """Of two points at the same place one is named; a name that would leave the frame is put elsewhere."""
    assert len(labels_of([(600, 400, "Imatra")] * 9, (1280, 800), range(9))) < 9
    (left,) = labels_of([(1270, 400, "Imatra")], (1280, 800), [0]).values()
    assert left.anchor == "end"


def test_names_are_given_the_room_that_they_take() -> None:
    """Letters are not equally wide: 'Amman' takes 3.88 times its height in DejaVu Sans, 'Lilla' 2.12."""
    assert width_of("Amman", 100) >= 388
    assert 212 <= width_of("Lilla", 100) < 0.75 * width_of("Amman", 100)
    assert width_of("東京", 100) >= 200


def test_name_in_no_known_language() -> None:
    """A name in a language that was not asked for is better than none."""
    assert best_name([Literal("Sjö", language="sv")], ["en"], "x/Q1") == ("Sjö", "sv")


def test_studio_is_remembered() -> None:
    """For the same dataset the same studio draws."""
    told, other = dataset(placed(1, 5, 5)), dataset(placed(1, 5, 5))
    assert studio_of(told) is studio_of(told)
    assert studio_of(other) is not studio_of(told)


def test_names_are_forgotten_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A studio does not keep more names than it may, and draws the same."""
    told = dataset(around(20))
    expected = drawings(told)
    monkeypatch.setattr("twintowns.drawings._REMEMBERED", 2)
    assert drawings(told) == expected


def _edit(kind: str) -> tuple[list[Triple], list[Triple]]:
    """Return triples of a chain of places before and after an edit at its first place."""
    chain = [t for n in range(1, 6) for t in placed(n, n, 60)]
    chain += [t for n in range(1, 5) for t in twinned(n, n + 1)]
    country = [Triple(SWEDEN, A, SCHEMA.Country), Triple(place(1), SCHEMA.containedInPlace, SWEDEN)]
    match kind:
        case "rename":
            return chain, [t for t in chain if t.object != Literal("Town 1", language="en")]
        case "move":
            return chain, [t for t in chain if t.object != Literal("1")] + [chain[3]]
        case "country":
            return chain, [*chain, *country]
        case "start":
            return chain, [*chain, *twinned(1, 2, start="1985")]
        case _:
            return chain, [*chain, *twinned(1, 5)]


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("rename", [place(1), place(2), place(3), twinning(1, 2)]),
        ("country", [place(1), place(2), place(3), SWEDEN, twinning(1, 2)]),
        ("start", [place(1), place(2), twinning(1, 2)]),
        ("twin", [place(1), place(2), place(4), place(5), twinning(1, 5)]),
    ],
)
def test_edit_reaches_two_steps(kind: str, changed: list[NamedNode]) -> None:
    """An edit reaches the pages that draw what it changed, and no others."""
    old, new = _edit(kind)
    before, now = dataset(old), dataset(new)
    came_or_went = before.asserted ^ now.asserted
    found = touched(before, now, came_or_went)
    assert found == set(changed)
    assert touched(before, before, ()) == set()


def test_edit_elsewhere_reaches_nothing() -> None:
    """A triple that no drawing reads, or of no document, changes none."""
    told = dataset(around(2))
    stranger = NamedNode("https://elsewhere.example/x")
    edits = [Triple(stranger, SCHEMA.name, Literal("x")), Triple(place(1), SCHEMA.url, stranger)]
    assert touched(told, told, edits) == set()


def test_names_keep_off_lines() -> None:
    """A name stands where no line leads; where lines lead on all sides, on one of them."""
    point = [(600, 400, "Imatra")]
    (right,) = labels_of(point, (1280, 800), [0], [[(600, 400), (1400, 400)]]).values()
    assert right.anchor == "end"
    (below,) = labels_of(point, (1280, 800), [0], [[(-50, 400), (1270, 400)]]).values()
    assert (below.anchor, below.dy) == ("middle", "1.58em")
    cross = [[(0, 400), (1270, 400)], [(600, 0), (600, 790)]]
    (on_a_line,) = labels_of(point, (1280, 800), [0], cross).values()
    assert on_a_line.anchor == "start"
