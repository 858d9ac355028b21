"""What the columns of a table hold, told from their headings in five languages, or as a person says.

The heading is the row, among the first ones, in which most cells are words for what a table of twinnings
holds; what stands above it is its title. A column for countries belongs to the names beside it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Final, NamedTuple

from twintowns.exceptions import TableError
from twintowns.foldednames import folded
from twintowns.tablecells import Sheet

_LOOKED_AT: Final = 40
_BEYOND_LETTERS: Final = 3


class Role(Enum):
    """What a column holds."""

    PLACE = "place"
    PARTNER = "partner"
    PLACE_COUNTRY = "place-country"
    PARTNER_COUNTRY = "partner-country"
    START = "start"
    END = "end"
    PLACE_QID = "place-qid"
    PARTNER_QID = "partner-qid"
    PLACE_DECISION = "place-decision"
    PARTNER_DECISION = "partner-decision"


_COUNTRY, _QID, _DECISION = "country", "qid", "decision"
_BESIDE: Final = {
    _COUNTRY: (Role.PLACE_COUNTRY, Role.PARTNER_COUNTRY),
    _QID: (Role.PLACE_QID, Role.PARTNER_QID),
    _DECISION: (Role.PLACE_DECISION, Role.PARTNER_DECISION),
}
_WORDS: Final[Mapping[Role | str, str]] = {
    Role.PLACE: "place; place name; town; city; municipality; our town; our city; name; locality; place 1; "
    "city 1; town 1; municipality 1; "
    "ort; ortsnamn; stad; kommun; namn; ort 1; stad 1; kommun 1; kommunnamn; "
    "ortsname; stadt; gemeinde; kommune; kreis; name; ort 1; stadt 1; gemeinde 1; stadt/gemeinde; "
    "paikka; paikkakunta; kaupunki; kunta; nimi; kaupunki 1; kunta 1; "
    "koht; linn; vald; omavalitsus; nimi; linn 1; omavalitsus 1; kohanimi; linn/vald; label; "
    "place name en; name sv; name en; name de; name fi; name et; seat locality",
    Role.PARTNER: "partner; partner town; partner city; partner municipality; twin; twin town; twin city; "
    "twinned with; twinned town; twinning partner; sister city; sister town; sister municipality; place 2; "
    "city 2; town 2; municipality 2; friendship town; friendship city; partner place; partners; twin towns; "
    "sister cities; partner towns; partner cities; twin municipality; "
    "vänort; vänorter; vänstad; vänkommun; partnerort; partnerstad; vän ort; ort 2; stad 2; kommun 2; "
    "vänlän; "
    "partnerstadt; partnerstädte; partnergemeinde; partnerkommune; partnerkreis; städtepartner; stadt 2; "
    "partnerort; gemeinde 2; städtepartnerschaft; freundschaftsstadt; partnerschaft mit; "
    "ystävyyskaupunki; ystävyyskunta; ystävyyskaupungit; ystävyyskunnat; kummikaupunki; kaupunki 2; kunta 2; "
    "kumppani; kumppanikaupunki; kumppanikunta; "
    "sõpruslinn; sõpruslinnad; sõprusvald; sõprusomavalitsus; partnerlinn; partneromavalitsus; linn 2; "
    "omavalitsus 2; sõprusmaakond",
    _COUNTRY: "country; country name; country code; nation; state (country); iso; iso code; iso 3166; "
    "land; landskod; landsnamn; nation; staat; land/staat; ländercode; länderkürzel; länderkennzeichen; "
    "maa; valtio; maakoodi; maatunnus; riik; riigi kood; riigikood; riigi nimi; country 1; country 2; "
    "land 1; "
    "land 2; maa 1; maa 2; riik 1; riik 2",
    Role.PLACE_COUNTRY: "place country; country of place; city country; town country; place-country",
    Role.PARTNER_COUNTRY: "partner country; country of partner; partner's country; twin country; "
    "partner-country; sister city country; vänortens land; partnerland; land der partnerstadt; "
    "ystävyyskaupungin maa; ystävyyskunnan maa; kumppanin maa; sõpruslinna riik; partneri riik",
    Role.START: "start; start date; begin; began; since; year; from year; date; established; founded; "
    "signed; "
    "twinned since; year of signing; year established; twinning date; date of signing; agreement; "
    "start year; "
    "year signed; "
    "år; sedan; start; startår; datum; startdatum; från; från år; avtal; avtalsår; undertecknat; inlett; "
    "vänort sedan; etablerat; "
    "jahr; seit; beginn; gründung; gründungsjahr; abschluss; unterzeichnung; unterzeichnet; partner seit; "
    "partnerschaft seit; besteht seit; gegründet; vertrag; "
    "vuosi; alkaen; alkamisvuosi; alku; päivämäärä; solmittu; sopimus; sopimusvuosi; vuodesta; alkuvuosi; "
    "allekirjoitettu; perustettu; solmimisvuosi; "
    "aasta; alates; algus; algusaasta; kuupäev; leping; lepingu aasta; sõlmitud; sõlmimise aasta; "
    "lepingu sõlmimise aasta; alguskuupäev; asutatud",
    Role.END: "end; end date; ended; until; to year; end year; terminated; "
    "slut; slutår; slutdatum; till; till år; upphört; upphörde; avslutad; avslutat; "
    "ende; enddatum; bis; beendet; bis jahr; "
    "loppu; päättynyt; loppuvuosi; päättymisvuosi; asti; saakka; päättyi; "
    "lõpp; lõppenud; lõppaasta; kuni; lõppkuupäev; lõppes",
    _QID: "qid; q id; wikidata; wikidata id; wikidata item; wikidata qid; item; wikidata objekt; "
    "wikidataobjekt; wikidata-objekt; wikidata kohde; wikidata kood",
    Role.PLACE_QID: "place qid; place-qid; place wikidata",
    Role.PARTNER_QID: "partner qid; partner-qid; partner wikidata",
    _DECISION: "decision",
    Role.PLACE_DECISION: "place decision; place-decision",
    Role.PARTNER_DECISION: "partner decision; partner-decision",
}


class Layout(NamedTuple):
    """How a table is laid out.

    Attributes:
        columns: The columns by what they hold, counted from 0.
        first: The index of the first row that is not above the heading or the heading itself.
        heading: The heading; empty where there is none.
    """

    columns: Mapping[Role, int]
    first: int
    heading: tuple[str, ...] = ()


def layout_of(sheet: Sheet, told: Mapping[str, str]) -> Layout:
    """Return how a table is laid out.

    Args:
        sheet: The table.
        told: What a person says: by the name of a role, the heading of its column, its number, or its letter.

    Raises:
        TableError: If it has no column for the names of places, or none as it is told.
    """
    wanted = {_role(sheet, name): text for name, text in told.items()}
    rows = [cells for _, cells in sheet.rows[:_LOOKED_AT]]
    scored = [(_worth(cells, wanted.values()), -number) for number, cells in enumerate(rows)]
    best, at = max(scored, default=(0, 0))
    heading = rows[-at] if best else ()
    columns = roles_of(heading)
    for role, text in wanted.items():
        columns = {other: column for other, column in columns.items() if other != role}
        column = _column(sheet, heading, text)
        columns = {other: at for other, at in columns.items() if at != column} | {role: column}
    if not {Role.PLACE, Role.PARTNER} & columns.keys():
        raise TableError(
            sheet.place,
            "no column is headed as one for the names of places",
            "name the columns: --columns place=1,partner=2,start=4 (by their numbers or headings)",
        )
    return Layout(columns, 1 - at if best else 0, heading)


def roles_of(heading: Sequence[str]) -> dict[Role, int]:
    """Return what the columns hold by their headings; the first counts where two hold the same.

    >>> {role.value: at for role, at in roles_of(["Land", "Stadt", "Partnerstadt", "Land"]).items()}
    {'place': 1, 'partner': 2, 'place-country': 0, 'partner-country': 3}
    """
    meant = [_meant(text) for text in heading]
    columns: dict[Role, int] = {}
    for number, found in enumerate(meant):
        if isinstance(found, Role):
            columns.setdefault(found, number)
    if Role.PARTNER not in columns and Role.PLACE in columns:
        _take_second(meant, columns)
    for number, found in enumerate(meant):
        if isinstance(found, str):
            _put_beside(number, _BESIDE[found], columns)
    return columns


def _take_second(meant: Sequence[Role | str | None], columns: dict[Role, int]) -> None:
    """Take a second column for names of places as that of the partners."""
    names = [number for number, found in enumerate(meant) if found == Role.PLACE]
    if len(names) > 1 and any(found in {Role.START, Role.END} for found in meant):
        columns[Role.PARTNER] = names[1]


def _put_beside(number: int, roles: tuple[Role, Role], columns: dict[Role, int]) -> None:
    """Let a column belong to the names before it, or else to those after it."""
    names = {
        columns[role]: beside
        for role, beside in zip((Role.PLACE, Role.PARTNER), roles, strict=True)
        if role in columns
    }
    before = [column for column in names if column < number]
    after = [column for column in names if column > number]
    for column in (*sorted(before, reverse=True), *sorted(after)):
        if names[column] not in columns:
            columns[names[column]] = number
            return


def _worth(cells: Sequence[str], told: Iterable[str]) -> int:
    """Return how many cells of a row are headings."""
    wanted = {folded(text) for text in told}
    found = [_meant(cell) for cell in cells]
    named = sum(folded(cell) in wanted for cell in cells if cell)
    is_heading = named or any(one in {Role.PLACE, Role.PARTNER} for one in found)
    return sum(one is not None for one in found) + named if is_heading else 0


def _meant(text: str) -> Role | str | None:
    """Return what a heading is the word for."""
    plain = folded(re.sub(r"\([^)]*\)", " ", text))
    return _roles().get(plain) or _roles().get(folded(text))


@cache
def _roles() -> dict[str, Role | str]:
    return {folded(word): role for role, words in _WORDS.items() for word in words.split("; ")}


def _role(sheet: Sheet, name: str) -> Role:
    given = name.strip().casefold()
    found = {"country": Role.PARTNER_COUNTRY, "name": Role.PLACE}.get(given)
    if found or given in {role.value for role in Role}:
        return found or Role(given)
    raise TableError(
        sheet.place,
        '"{name}" is nothing that a column is read for',
        "name one of these: {names}",
        values={"name": name, "names": ", ".join(role.value for role in Role)},
    )


def _column(sheet: Sheet, heading: Sequence[str], text: str) -> int:
    """Return the column of a heading, a number, or a letter."""
    headings = [folded(cell) for cell in heading]
    width = len(sheet.rows[0][1])
    if text.strip() and folded(text) in headings:
        return headings.index(folded(text))
    number = _number(text.strip())
    if 0 < number <= width:
        return number - 1
    raise TableError(
        sheet.place,
        'it has no column "{column}"',
        "name a column by its heading, or by its number from 1 to {count}",
        values={"column": text, "count": width},
    )


def _number(text: str) -> int:
    """Return the number of a column; 0 where the text is none.

    >>> _number("3"), _number("AB"), _number("Land")
    (3, 28, 0)
    """
    if text.isascii() and text.isdecimal():
        return int(text[:6])
    if not (text.isascii() and text.isalpha() and text.isupper() and len(text) < _BEYOND_LETTERS):
        return 0
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
