"""The rows of a table with what their names mean: matched, or left to a person, who decides in the table.

Names are judged one by one (`reconciliation`), and then by what the rows say together: where two places are
known to be twinned, a row that names such a pair and no other means these. What a person wrote in the column
`decision` of an earlier copy counts more than anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

from twintowns.foldednames import folded
from twintowns.headings import Layout, Role
from twintowns.nameindex import NameIndex
from twintowns.namesources import qid_in
from twintowns.reconciliation import Asked, Candidate, Match, decided, doubtful, judged, settled
from twintowns.tablecells import Sheet
from twintowns.territories import territories_of
from twintowns.writtendates import NOTHING, WrittenDate, written_date

ADDED: Final = ("qid", "score", "candidates", "decision")
"""The columns that the copy of a table has besides, for each column of names."""
_NONE: Final = {"none", "no", "nej", "ingen", "inget", "nein", "keine", "ei", "puudub", "0", "x"}
_SIDES: Final = {
    Role.PLACE: (Role.PLACE_COUNTRY, Role.PLACE_QID, Role.PLACE_DECISION),
    Role.PARTNER: (Role.PARTNER_COUNTRY, Role.PARTNER_QID, Role.PARTNER_DECISION),
}


class Remark(NamedTuple):
    """What has to be told of a row.

    Attributes:
        number: The number of the row in the file.
        text: What the cell says.
        message: What is to be said of it, with `{name}` where a value goes.
        values: The values by their names.
    """

    number: int
    text: str
    message: str
    values: Mapping[str, str] = MappingProxyType({})


@dataclass
class Side:
    """A place as a row names it, and what that was found to mean."""

    asked: Asked
    match: Match
    is_fixed: bool = False

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """What makes two cells name the same place."""
        return folded(self.asked.name), self.asked.territories


@dataclass
class Row:
    """A row.

    Attributes:
        number: Its number in the file.
        sides: The places that it names, by their columns.
        start: When the twinning began.
        end: When it ended.
    """

    number: int
    sides: dict[Role, Side]
    start: WrittenDate = NOTHING
    end: WrittenDate = NOTHING


@dataclass
class Matched:
    """A table with what its names mean.

    Attributes:
        rows: Its rows.
        remarks: What has to be told of them.
    """

    rows: list[Row] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def sides(self) -> Iterator[Side]:
        """Go through all the places that are named."""
        return (side for row in self.rows for side in row.sides.values())


def matched(sheet: Sheet, layout: Layout, index: NameIndex, own: str = "") -> Matched:
    """Return a table with what its names mean.

    Args:
        sheet: The table.
        layout: What its columns hold.
        index: The names of places.
        own: The item whose partners the table lists, where it has no column for it.
    """
    reader = _Reader(layout, index, own)
    for number, cells in sheet.rows[layout.first :]:
        reader.read(number, cells)
    _settle(reader.told.rows, index)
    for row in reader.told.rows:
        _part_twins_of_itself(row, reader.told.remarks)
    return reader.told


class _Reader:
    """Reads rows."""

    def __init__(self, layout: Layout, index: NameIndex, own: str) -> None:
        self._layout = layout
        self._index = index
        self._own = own
        self._known: dict[Asked, Match] = {}
        self._above: dict[Role, str] = {}
        self.told = Matched()

    def read(self, number: int, cells: Sequence[str]) -> None:
        """Read a row; a heading that is repeated, or a row that names no place, is left out."""
        if cells == self._layout.heading:
            return
        texts = {role: cells[column] for role, column in self._layout.columns.items()}
        self._fill(texts)
        last = Role.PARTNER if Role.PARTNER in self._layout.columns else Role.PLACE
        if not folded(texts.get(last, "")) or (last == Role.PARTNER and not self._has_place(texts)):
            return
        row = Row(number, {})
        for role in _SIDES:
            if role in texts:
                row.sides[role] = self._side(number, role, texts)
        if self._own:
            row.sides[Role.PLACE] = Side(Asked(""), decided(self._own), is_fixed=True)
        row.start = self._date(number, texts.get(Role.START, ""), is_end=False)
        row.end = self._date(number, texts.get(Role.END, ""), is_end=True)
        self.told.rows.append(row)

    def _has_place(self, texts: Mapping[Role, str]) -> bool:
        return bool(self._own or folded(texts.get(Role.PLACE, "")))

    def _fill(self, texts: dict[Role, str]) -> None:
        """Take what an empty cell of the own place leaves out from the row above, as merged cells mean it."""
        if Role.PARTNER in texts and texts[Role.PARTNER] and Role.PLACE in texts:
            about = [role for role in (Role.PLACE, *_SIDES[Role.PLACE]) if role in texts]
            if not texts[Role.PLACE]:
                texts.update({role: self._above.get(role, "") for role in about if not texts[role]})
            self._above = {role: texts[role] for role in about}

    def _side(self, number: int, role: Role, texts: Mapping[Role, str]) -> Side:
        country, qid, decision = (texts.get(other, "") for other in _SIDES[role])
        territories = territories_of(country)
        if country and not territories:
            self._remark(number, country, "this is not known as a country, and is no evidence")
        asked = Asked(texts[role], territories)
        chosen = self._chosen(number, decision)
        is_own = _SIDES[role][2] not in self._layout.columns and qid_in(qid) != ""
        if chosen is not None or is_own:
            return Side(asked, decided(qid_in(qid) if chosen is None else chosen), is_fixed=True)
        if asked not in self._known:
            self._known[asked] = judged(asked, self._index)
        return Side(asked, self._known[asked])

    def _chosen(self, number: int, decision: str) -> str | None:
        """Return what a person decided: an item, none of them (empty), or nothing yet."""
        if qid := qid_in(decision):
            return qid
        if folded(decision) in _NONE or decision in {"-", "–", "—"}:
            return ""
        if decision:
            self._remark(number, decision, "this is no decision: write an item such as Q503184, or none")
        return None

    def _date(self, number: int, text: str, *, is_end: bool) -> WrittenDate:
        told = written_date(text, is_end=is_end)
        if told.doubt:
            self._remark(number, text, told.doubt)
        return told

    def _remark(self, number: int, text: str, message: str) -> None:
        self.told.remarks.append(Remark(number, text, message))


def _settle(rows: Iterable[Row], index: NameIndex) -> None:
    """Let known twinnings settle what names leave open."""
    pairs = [tuple(row.sides.values()) for row in rows if len(row.sides) > 1]
    votes: defaultdict[tuple[str, frozenset[str]], dict[str, int]] = defaultdict(dict)
    for one, other in pairs:
        for here, there in ((one, other), (other, one)):
            for qid in _items(here):
                if any(index.is_twinned(qid, partner) for partner in _items(there)):
                    votes[here.key][qid] = votes[here.key].get(qid, 0) + 1
    for one, other in pairs:
        for here, there in ((one, other), (other, one)):
            if not here.match.qid and not here.is_fixed:
                here.match = _settled(here, there, votes[here.key], index)


def _settled(here: Side, there: Side, votes: Mapping[str, int], index: NameIndex) -> Match:
    """Return what a name means as a partner of the other place: the one candidate that is known as such."""
    known = [qid for qid in _items(here) if any(index.is_twinned(qid, other) for other in _items(there))]
    if len(known) == 1 and (len(votes) == 1 or there.match.qid):
        return settled(here.match, known[0])
    return here.match


def _items(side: Side) -> list[str]:
    return [side.match.qid] if side.match.qid else [one.qid for one in side.match.candidates]


def _part_twins_of_itself(row: Row, remarks: list[Remark]) -> None:
    """Leave to a person what would make a place the twin of itself."""
    qids = {side.match.qid for side in row.sides.values()} - {""}
    if len(row.sides) > 1 and len(qids) == 1 and all(side.match.qid for side in row.sides.values()):
        remarks.append(Remark(row.number, next(iter(qids)), "this would be the twin of itself"))
        for side in row.sides.values():
            if not side.is_fixed:
                side.match = doubtful(side.match.candidates)


def copied(sheet: Sheet, layout: Layout, told: Matched) -> list[list[str]]:
    """Return the rows of a table with columns that say what its names mean, to be decided in."""
    sides = [role for role in _SIDES if role in layout.columns]
    names = {role: [f"{role.value} {name}" if len(sides) > 1 else name for name in ADDED] for role in sides}
    heading = list(layout.heading)
    columns: dict[str, int] = {}
    width = len(sheet.rows[0][1])
    for name in (name for role in sides for name in names[role]):
        columns[name] = heading.index(name) if name in heading else width
        width = max(width, columns[name] + 1)
    by_number = {row.number: row for row in told.rows}
    rows = []
    for at, (number, cells) in enumerate(sheet.rows):
        row = [*cells, *[""] * (width - len(cells))]
        if at == layout.first - 1:
            _fill_in(row, columns, {name: name for name in columns})
        elif found := by_number.get(number):
            for role in sides:
                values = _told(found.sides[role], row[columns[names[role][-1]]])
                _fill_in(row, columns, dict(zip(names[role], values, strict=True)))
        rows.append(row)
    if not layout.heading:
        first = [""] * width
        _fill_in(
            first,
            {role.value: column for role, column in layout.columns.items()},
            {r.value: r.value for r in layout.columns},
        )
        _fill_in(first, columns, {name: name for name in columns})
        rows.insert(0, first)
    return rows


def _fill_in(row: list[str], columns: Mapping[str, int], values: Mapping[str, str]) -> None:
    for name, value in values.items():
        row[columns[name]] = value


def _told(side: Side, decision: str) -> tuple[str, str, str, str]:
    """Return what is said of a place: its item, the score, what else it may be, and what a person decided."""
    match = side.match
    candidates = "" if match.qid else " | ".join(map(_shown, match.candidates))
    return match.qid, str(match.score) if match.qid or match.candidates else "", candidates, decision


def _shown(candidate: Candidate) -> str:
    entry, score = candidate.found.entry, candidate.score
    land = f", {'/'.join(sorted(entry.territories))}" if entry.territories else ""
    return f"{entry.qid} {entry.names[0]}{land} ({score})"
