"""The page that tells how a publication and Wikidata differ: `comparison`, a hundred differences on each."""

from collections.abc import Iterator

from twintowns.comparison import PATH
from twintowns.comparisonnotes import all_notes, entry
from twintowns.frame import Frame
from twintowns.messages import date_text
from twintowns.paging import LONGEST, going_on, pager, pages_in


def comparison_pages(frame: Frame, day: str) -> Iterator[tuple[str, bytes]]:
    """Print the comparison in each language.

    Args:
        frame: The frame of every page.
        day: The day on which Wikidata was read.
    """
    dataset = frame.whole
    notes = all_notes(dataset)
    total = pages_in(len(notes))
    for number in range(1, total + 1):
        path, first = going_on(PATH, number), (number - 1) * LONGEST
        for reader in frame.readers(path):
            lead = reader.translated(
                "What this publication and Wikidata say of the same twinnings, where that is not the same, "
                "as found on {date}. Neither is changed by it."
            )
            told = {
                "lead": lead.format(date=date_text(day, reader.language)),
                "entries": [entry(note, dataset, reader) for note in notes[first : first + LONGEST]],
                "pager": pager(number, total, lambda one: going_on(PATH, one), reader),
                "first": first + 1,
                "total": len(notes),
            }
            yield frame.printed("comparison.html", reader, path, frame.own_head(reader, path) | told)
