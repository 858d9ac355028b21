"""How to cite the dataset: the reference that a reader copies, for programs and for people.

BibTeX for LaTeX (https://ctan.org/pkg/bibtex), RIS for reference managers
(https://en.wikipedia.org/wiki/RIS_(file_format)) and plain text, after the recommendation of DataCite:
creator (year). title [data set]. version. identifier (https://datacite.org/cite-your-data/). All three are
made of one record, in the main language, and every text is one line in them.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.graph import Node
from twintowns.iris import local_name
from twintowns.messages import translations
from twintowns.vocabulary import DCTERMS, SCHEMA
from twintowns.writtendates import DATE

_LATEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # BibTeX counts braces even after a backslash, so these two cannot stand as themselves.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "@": r"{@}",
    }
)
"""Characters that mean something to LaTeX, and how they are written."""


class _Reference(NamedTuple):
    """What is cited; a text or a date that is not known is empty."""

    publisher: str
    title: str
    kind: str
    year: str
    version: str
    language: str
    iri: str


def citations(dataset: Dataset, publication: Publication) -> dict[str, str]:
    """Return the reference to the dataset in each form, by the suffix of its file.

    Args:
        dataset: The dataset.
        publication: Its languages: the reference is in the main one.

    Returns:
        BibTeX under `bib`, RIS under `ris` and plain text under `txt`, each ending in a line end.
    """
    reference = _reference(dataset, publication)
    return {"bib": _bibtex(reference), "ris": _ris(reference), "txt": _plain(reference)}


def _reference(dataset: Dataset, publication: Publication) -> _Reference:
    catalogue, graph = dataset.names.catalogue, dataset.graph
    publisher = graph.value(catalogue, DCTERMS.publisher)
    name = ""
    if isinstance(publisher, NamedNode):
        name = _text(dataset, publication, (publisher, SCHEMA.name)) or local_name(publisher.value)
    issued, modified = _date(dataset, DCTERMS.issued), _date(dataset, DCTERMS.modified)
    return _Reference(
        publisher=name,
        title=_text(dataset, publication, (catalogue, DCTERMS["title"])) or dataset.names.space,
        kind=translations(publication.main_language).gettext("Data set"),
        year=(issued or modified)[:4],
        version=modified or issued,
        language=publication.main_language,
        iri=dataset.names.dataset.value,
    )


def _text(dataset: Dataset, publication: Publication, asked: tuple[Node, NamedNode]) -> str:
    """Return a text in the first of the publication's languages that it is there in, as one line."""
    literals = [value for value in dataset.graph.values(*asked) if isinstance(value, Literal)]
    texts = {literal.language or "": literal.value for literal in reversed(literals)}
    tags = (*publication.languages, *sorted(texts))
    return next((_line(texts[tag]) for tag in tags if tag in texts), "")


def _date(dataset: Dataset, predicate: NamedNode) -> str:
    stated = dataset.graph.values(dataset.names.catalogue, predicate)
    return max((value.value for value in stated if DATE.fullmatch(value.value)), default="")


def _line(text: str) -> str:
    """Return a text as one line, without characters that cannot be seen."""
    visible = (" " if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} else c for c in text)
    return " ".join("".join(visible).split())


def _bibtex(reference: _Reference) -> str:
    town = local_name(reference.iri.removesuffix("/dataset/twintowns")).lower()
    key = re.sub(r"[^a-z0-9]+", "-", f"twintowns-{town}").strip("-")
    fields = {
        "author": f"{{{reference.publisher.translate(_LATEX)}}}" if reference.publisher else "",
        "title": f"{{{reference.title.translate(_LATEX)}}}",
        "year": reference.year,
        "version": reference.version,
        "note": reference.kind,
        "url": reference.iri,
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@misc{{{key},\n{''.join(lines)}}}\n"


def _ris(reference: _Reference) -> str:
    fields = (
        ("TY", "DATA"),
        ("AU", reference.publisher),
        ("TI", reference.title),
        ("PY", reference.year),
        ("DA", reference.version.replace("-", "/")),
        ("ET", reference.version),
        ("PB", reference.publisher),
        ("LA", reference.language),
        ("UR", reference.iri),
    )
    lines = [f"{tag}  - {value}\r\n" for tag, value in fields if value]
    return f"{''.join(lines)}ER  - \r\n"


def _plain(reference: _Reference) -> str:
    parts = (
        reference.publisher,
        f"({reference.year or 'n.d.'})",
        f"{reference.title} [{reference.kind}]",
        f"Version {reference.version}" if reference.version else "",
    )
    return f"{'. '.join(filter(None, parts))}. {reference.iri}\n"
