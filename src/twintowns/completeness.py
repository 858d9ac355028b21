"""What a publication lacks in one of its languages: messages, words of the vocabulary, names and texts.

What has a text in the publication's main language, or in English, is expected to have it in each of its
languages. What lacks is counted by file, or by folder of the facts, for it may be a whole language.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal

from twintowns.catalogue import Publication
from twintowns.exceptions import printable
from twintowns.languagetags import two_letters_for
from twintowns.loading import SourceFile, read_text
from twintowns.messagefiles import parts
from twintowns.messages import (
    SOURCE_LANGUAGE,
    has_other_placeholders,
    language_name_in,
    read_messages,
    stated_language,
    translations,
)
from twintowns.positions import positions
from twintowns.project import MESSAGES, Project
from twintowns.vocabulary import DCAT, RDFS, SCHEMA, SKOS

_UNTRANSLATED = (
    "{count} message is not translated, and is told in English",
    "{count} messages are not translated, and are told in English",
)
_DOUBTFUL = (
    "{count} message is marked as fuzzy, and is told in English",
    "{count} messages are marked as fuzzy, and are told in English",
)
_MISPLACED = (
    "{count} translation has other words in braces than its message, and is told in English",
    "{count} translations have other words in braces than their messages, and are told in English",
)
_OTHER_LANGUAGE = ("its header says “Language: {stated}”, and its name says {language}: is it translated?",)
_VOCABULARY = (
    "{count} text of the vocabulary has no {language}; docs/languages.md: “The words of the vocabulary”",
    "{count} texts of the vocabulary have no {language}; docs/languages.md: “The words of the vocabulary”",
)
_TEXTS = (
    "{count} name or text has no {language}, and is shown in another language",
    "{count} names and texts have no {language}, and are shown in another language",
)


_TAG = (
    "{count} text has the language tag {stated}, which is none: write @{language}",
    "{count} texts have the language tag {stated}, which is none: write @{language}",
)


_UNKNOWN_TAG = (
    "{count} text has the language tag {stated}, which no known language has: mend it if another is meant",
    "{count} texts have the language tag {stated}, which no known language has: mend it if another is meant",
)


_OPTIONAL: Final = {
    SKOS.altLabel,
    SKOS.hiddenLabel,
    SKOS.editorialNote,
    RDFS.comment,
    SCHEMA.alternateName,
    SCHEMA.keywords,
    DCAT.keyword,
}
"""What need not be told in every language: other names, and notes among editors."""


class Lack(NamedTuple):
    """Something that a publication lacks in a language.

    Attributes:
        place: The file or folder that lacks it, as it is shown.
        language: The language.
        amount: How much of it.
        wording: The message that tells it, for one and for many, or the same for both.
        stated: The language that is stated in its place.
    """

    place: str
    language: str
    amount: int
    wording: tuple[str, ...]
    stated: str = ""

    def told(self, reader: str) -> str:
        """Return it in a line, in the reader's language."""
        words = translations(reader)
        one, many = self.wording[0], self.wording[-1]
        told = words.gettext(one) if one == many else words.ngettext(one, many, self.amount)
        values = {"count": self.amount, "language": self.language, "stated": printable(self.stated)}
        what = told.format_map(values)
        return f"{printable(self.place)}: {words.gettext('Warning')}: {what}"

    def workflow_command(self, reader: str) -> str:
        """Return it as a workflow command for GitHub."""
        place, _, what = self.told(reader).split(": ", 2)
        file, _, line = place.rpartition(":")
        where = f"{file},line={line}" if file and line.isdecimal() else place
        return f"::warning file={where}::{what}"


def lacks(
    project: Project, publication: Publication, data: Iterable[SourceFile], vocabulary: Iterable[SourceFile]
) -> list[Lack]:
    """Return what a publication lacks in its languages, by language and place.

    Raises:
        MessageFileError: If a message file cannot be read.
    """
    expected = {publication.main_language, SOURCE_LANGUAGE}
    files = list(vocabulary)
    own = [file for file in files if file.path.is_relative_to(project.root)]
    texts = [*_by_place(project, data, expected), *_by_place(project, own, expected)]
    packaged = [told for file in files if file not in own for told in _spoken(file) if told & expected]
    found = list(_mistyped(project, (*data, *own)))
    for language in publication.languages:
        found += _lacking_messages(project, language)
        for place, spoken in texts:
            found += _lacking(place, language, spoken, _TEXTS)
        found += _lacking("ontology/", language, packaged, _VOCABULARY)
    return found


def _mistyped(project: Project, files: Iterable[SourceFile]) -> Iterator[Lack]:
    """Yield the language tags that are none, or not known, by file, with the line of the first of each."""
    for file in files:
        texts = (triple.object for triple in file.triples if isinstance(triple.object, Literal))
        tags = Counter(text.language for text in texts if text.language)
        for tag, right in ((tag, two_letters_for(tag)) for tag in sorted(tags)):
            if right or _is_unknown(tag):
                wording = _TAG if right else _UNKNOWN_TAG
                yield Lack(f"{project.shown(file.path)}{_line(file, tag)}", right, tags[tag], wording, tag)


def _is_unknown(tag: str) -> bool:
    """Tell whether the CLDR has no name for the language of a tag that is not for private use."""
    primary = tag.partition("-")[0].lower()
    return primary != "x" and language_name_in(SOURCE_LANGUAGE, primary) == primary


def _line(file: SourceFile, tag: str) -> str:
    """Return the line of the first text with a language tag, as it follows the name of a file."""
    told = () if file.is_bulk else positions(read_text(file.path))
    return next((f":{one.line}" for one in told if one.language == tag), "")


def _lacking(
    place: str, language: str, texts: Iterable[set[str]], wording: tuple[str, str]
) -> Iterator[Lack]:
    """Yield how many texts lack a language, if any do."""
    count = sum(language not in spoken for spoken in texts)
    if count:
        yield Lack(place, language, count, wording)


def _by_place(
    project: Project, files: Iterable[SourceFile], expected: set[str]
) -> Iterator[tuple[str, list[set[str]]]]:
    """Yield places with the languages of each text in them; those of facts by folder."""
    gathered: dict[str, list[set[str]]] = defaultdict(list)
    for file in files:
        is_of_thing = file.path.is_relative_to(project.data) and file.path.parent != project.data
        place = project.shown(file.path.parent) + "/" if is_of_thing else project.shown(file.path)
        gathered[place] += [spoken for spoken in _spoken(file) if spoken & expected]
    yield from gathered.items()


def _spoken(file: SourceFile) -> Iterable[set[str]]:
    """Return the languages in which each text is told: a property of a thing."""
    found: dict[object, set[str]] = defaultdict(set)
    for triple in file.triples:
        is_told = isinstance(triple.object, Literal) and triple.predicate not in _OPTIONAL
        if is_told and triple.object.language:  # type: ignore[union-attr]
            found[triple.subject, triple.predicate].add(triple.object.language)  # type: ignore[union-attr]
    return found.values()


def _lacking_messages(project: Project, language: str) -> Iterator[Lack]:
    """Yield what lacks in the message files of a language, the publication's own and the program's."""
    if language.partition("-")[0] == SOURCE_LANGUAGE:
        return
    own = project.messages / f"{language}.po"
    stated = stated_language(read_messages(own), language) if own.is_file() else ""
    if stated:
        yield Lack(project.shown(own), language, 1, _OTHER_LANGUAGE, stated)
    files = [path for path in (own, MESSAGES / own.name) if path.is_file()]
    wanted = set(_messages())
    counts = Counter[tuple[str, ...]]()
    for path in files:
        for message in (one for one in read_messages(path) if one.id and all(parts(one.string))):
            identifier = parts(message.id)[0]
            if message.fuzzy or has_other_placeholders(message):
                counts[_DOUBTFUL if message.fuzzy else _MISPLACED] += identifier in wanted
            else:
                wanted.discard(identifier)
    counts[_UNTRANSLATED] = len(wanted) - counts[_DOUBTFUL] - counts[_MISPLACED]
    for wording, count in counts.items():
        if count > 0:
            yield Lack(project.shown(own), language, count, wording)


@cache
def _messages() -> frozenset[str]:
    """Return the identifiers of all messages: those of a catalogue that comes with the program."""
    complete: Path = min(MESSAGES.glob("*.po"))
    return frozenset(parts(message.id)[0] for message in read_messages(complete) if message.id)
