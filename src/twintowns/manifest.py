"""What the manifest says of a site besides its files: what the service needs to know of each document.

The service reads no data, only this: which documents there are, what each tells of, whose it is, which are
gone. What holds for the whole publication is said once, and of a document only where it differs.
"""

from collections.abc import Iterator

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.signposting import Subject, subject_of
from twintowns.statistics import Statistics
from twintowns.writing import canonical_hash


def facts(dataset: Dataset, publication: Publication, counted: Statistics) -> dict[str, object]:
    """Return what the manifest says besides the files.

    Args:
        dataset: What is published.
        publication: Its languages.
        counted: Its numbers.
    """
    space = dataset.names.space
    whole = subject_of(dataset, dataset.names.dataset)
    rights = _told(author=whole.author, license=whole.license)
    return {
        "dataset": {
            "iri": space,
            "triples": counted.triples,
            "rdfc-1.0": canonical_hash(dataset.published),
        },
        "space": space,
        "languages": publication.languages,
        **rights,
        "gone": sorted(dataset.names.path_of(one) for one in dataset.withdrawn),
        "documents": {one.path: _entry(one, space, whole) for one in _subjects(dataset, whole)},
    }


def _subjects(dataset: Dataset, whole: Subject) -> Iterator[Subject]:
    """Go through the documents in the order of their paths; the dataset is one where there is a catalogue."""
    subjects = [subject_of(dataset, document) for document in dataset.documents]
    if dataset.names.catalogue in dataset.documents:
        subjects.append(whole)
    yield from sorted(subjects, key=lambda one: one.path)


def _entry(one: Subject, space: str, whole: Subject) -> dict[str, str]:
    """Return what is said of a document: its type, and what is not as in the whole publication."""
    entry = {"type": one.type}
    if one.iri != f"{space}{one.path}":
        entry["iri"] = one.iri
    if one.author != whole.author:
        entry["author"] = one.author
    if one.license != whole.license:
        entry["license"] = one.license
    return entry


def _told(**stated: str) -> dict[str, str]:
    return {name: value for name, value in stated.items() if value}
