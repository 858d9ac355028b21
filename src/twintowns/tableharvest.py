"""`twintowns harvest table`: a table read, its names matched, and what it states proposed as files.

Beside the table goes a copy with what its names mean; who decides what is in doubt writes it there and
harvests the copy.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Triple

from twintowns.bulk import read_bulk
from twintowns.catalogue import read_publication
from twintowns.edition import replace, translated_failures
from twintowns.exceptions import AlreadyThereError, TableError, unreadable
from twintowns.harvesting import day_of
from twintowns.headings import Layout, Role, layout_of
from twintowns.iris import LOCAL_NAME
from twintowns.loading import SourceFile, read_data, triples_of
from twintowns.nameindex import NameIndex
from twintowns.namesources import entries_in, places_of, qid_in, twinnings_in
from twintowns.project import Project
from twintowns.proposals import Proposal, proposals
from twintowns.spreadsheets import SUFFIXES, rows_in
from twintowns.tablecells import MOST_BYTES, Sheet, sheet_of, tidy
from twintowns.tablematching import Matched, Remark, copied, matched
from twintowns.tableproposing import TableProposer, source_name
from twintowns.tabletexts import rows_of, text_of, written

_COPY: Final = ".matched.csv"


@dataclass(frozen=True)
class TableOptions:
    """How to read a table.

    Attributes:
        columns: What its columns hold, as a person says it.
        sheet: Which sheet of a workbook; else the first with anything in it.
        place: The item whose partners the table lists, where no column says so.
        names: Tables of names to match by, beside the publication's own places.
        twinnings: Tables of pairs of items that are known to be twinned.
        source: The local name of the source; else one made of the name of the file.
        copy: Where the copy goes; else beside the table.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    place: str = ""
    names: Sequence[Path] = ()
    twinnings: Sequence[Path] = ()
    source: str = ""
    copy: Path | None = None


@dataclass(frozen=True)
class TableHarvest:
    """What came of a table.

    Attributes:
        copy: Where the copy of the table lies.
        matched: How many names were matched.
        doubtful: How many are for a person to decide.
        unknown: How many are in no index.
        remarks: What has to be told of its rows.
        proposed: What is proposed.
        has_partners: Whether a column lists partners, so that there is something to propose.
    """

    copy: Path
    matched: int
    doubtful: int
    unknown: int
    remarks: Sequence[Remark]
    proposed: Sequence[Proposal]
    has_partners: bool


def harvest_table(path: Path, project: Project, options: TableOptions) -> TableHarvest:
    """Match the names of a table, write the copy, and return what is proposed.

    Raises:
        TableError: If it cannot be read, or not as it was asked for.
        TwinTownsError: If the project cannot be read, or the copy not written.
    """
    place = _place(path, options)
    source = _source(path, options)
    sheet = read_table(path, options.sheet)
    layout = _layout(sheet, options, place)
    copy = _place_of_copy(path, options)
    publication = read_publication(project)
    space = publication.names.space
    files = [*read_data(project, space), *read_bulk(project, space)]
    index = _index(files, options, publication.main_language)
    told = matched(sheet, layout, index, place)
    with translated_failures(copy):
        replace(copy, written(copied(sheet, layout, told), sheet.separator))
    proposer = TableProposer(
        publication,
        index,
        _known(files, space),
        source,
        tidy(path.name.removesuffix(_COPY)),
        day_of(dict(os.environ)),
    )
    proposed = proposals(project, proposer.files(told.rows))
    has_partners = bool({Role.PARTNER, Role.PARTNER_QID} & layout.columns.keys())
    return _counted(copy, told, [*told.remarks, *proposer.remarks], proposed, has_partners=has_partners)


def read_table(path: Path, sheet: str = "") -> Sheet:
    """Read a table, whatever its form.

    Raises:
        TableError: If it is none, or larger than may be.
        EncodingError: If its encoding is not known.
        SystemFailureError: If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(raw) > MOST_BYTES:
        raise TableError(path, "the file is larger than is allowed", "divide the table")
    if path.suffix.lower() in SUFFIXES:
        return sheet_of(path, rows_in(raw, path, sheet))
    rows, separator = rows_of(text_of(raw, path), path)
    return sheet_of(path, rows, separator)


def _source(path: Path, options: TableOptions) -> str:
    """Return how the table is named as a source."""
    name = options.source or source_name(path.name.removesuffix(_COPY))
    if not (LOCAL_NAME.fullmatch(name) and name.isascii()):
        raise TableError(
            path,
            '"{text}" cannot be the name of a source',
            "choose a name of letters, digits, hyphens, full stops and underscores",
            values={"text": name},
        )
    return name


def _place(path: Path, options: TableOptions) -> str:
    place = qid_in(options.place)
    if options.place and not place:
        raise TableError(
            path,
            '"{text}" is no item of Wikidata',
            "write it like this: --place Q503184",
            values={"text": options.place},
        )
    return place


def _layout(sheet: Sheet, options: TableOptions, place: str) -> Layout:
    """Return what the columns hold; with one place told, the only column of names is that of the partners."""
    layout = layout_of(sheet, options.columns)
    columns = dict(layout.columns)
    if place and Role.PARTNER not in columns:
        columns = {_PARTNERS.get(role, role): column for role, column in columns.items()}
    elif place:
        columns = {role: column for role, column in columns.items() if role not in _PARTNERS}
    elif Role.PLACE not in columns:
        raise TableError(
            sheet.place,
            "it lists partners, and does not say whose",
            "say it with --place Q503184, or name the column with --columns place=1",
        )
    return layout._replace(columns=columns)


_PARTNERS: Final = {
    Role.PLACE: Role.PARTNER,
    Role.PLACE_COUNTRY: Role.PARTNER_COUNTRY,
    Role.PLACE_QID: Role.PARTNER_QID,
    Role.PLACE_DECISION: Role.PARTNER_DECISION,
}


def _place_of_copy(path: Path, options: TableOptions) -> Path:
    """Return where the copy goes: one that is harvested is renewed, no other file is."""
    copy = options.copy or (path if path.name.endswith(_COPY) else path.with_name(path.name + _COPY))
    if copy.exists() and not (path.exists() and copy.samefile(path)):
        raise AlreadyThereError(
            copy,
            "this is already there, and may hold decisions",
            "harvest it in the place of the table, or remove it",
        )
    return copy


def _index(files: Sequence[SourceFile], options: TableOptions, language: str) -> NameIndex:
    own = places_of(triples_of(files), language)
    entries = [*own.entries, *(entry for path in options.names for entry in entries_in(path))]
    pairs = [*own.twinnings, *(pair for path in options.twinnings for pair in twinnings_in(path))]
    return NameIndex(entries, pairs)


def _known(files: Sequence[SourceFile], space: str) -> dict[str, tuple[Triple, ...]]:
    """Return what is stated of each thing and its parts, whatever file it stands in."""
    told: dict[str, list[Triple]] = {}
    for triple in triples_of(files):
        name = str(triple.subject.value).removeprefix(space).partition("#")[0]  # type: ignore[union-attr]
        told.setdefault(name, []).append(triple)
    return {name: tuple(triples) for name, triples in told.items()}


def _counted(
    copy: Path, told: Matched, remarks: Sequence[Remark], proposed: Sequence[Proposal], *, has_partners: bool
) -> TableHarvest:
    asked = [side for side in told.sides() if side.asked.name]
    found = sum(bool(side.match.qid) for side in asked)
    doubtful = sum(not side.match.qid and bool(side.match.candidates) for side in asked)
    return TableHarvest(copy, found, doubtful, len(asked) - found - doubtful, remarks, proposed, has_partners)
