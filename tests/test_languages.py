"""Languages that a publication adds: its messages, what it lacks, and what is marked in their place."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from click.testing import CliRunner

from twintowns import messages
from twintowns.cli import main
from twintowns.completeness import Lack, lacks
from twintowns.exceptions import DataFileError, MessageFileError
from twintowns.messagefiles import parts
from twintowns.messages import marked, page_translations, read_messages, told_in, translations
from twintowns.printing import read_sources
from twintowns.project import MESSAGES, Project, packaged
from twintowns.site import BuildOptions, build

HEADER = """msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"""
HOME = '\nmsgid "Home"\nmsgstr "Accueil"\n'
WARNINGS = """
msgid "{count} warning"
msgid_plural "{count} warnings"
msgstr[0] "{count} avertissement"
msgstr[1] "{count} avertissements"
"""
FUZZY = '\n#, fuzzy\nmsgid "Vocabulary"\nmsgstr "Vocabulaire"\n'
MISPLACED = '\nmsgid "Serving {address}"\nmsgstr "On sert {adresse}"\n'
UNKNOWN = '\nmsgid "no such message"\nmsgstr "inconnu"\n'


@pytest.fixture
def french(tiny: Project) -> Project:
    """Return a project with French beside English, told in part."""
    catalogue = tiny.catalogue.read_text(encoding="utf-8")
    language = 'schema:inLanguage "en" ;\n'
    assert language in catalogue
    tiny.catalogue.write_text(
        catalogue.replace(language, f'{language}    schema:inLanguage "fr" ;\n'), "utf-8"
    )
    _write(tiny, HEADER + HOME + WARNINGS + FUZZY + MISPLACED + UNKNOWN)
    return tiny


@pytest.fixture(autouse=True)
def _program_alone(tmp_path: Path) -> Iterator[None]:
    """Forget the messages of a project after each test."""
    yield
    messages.use(tmp_path / "none")


def _write(project: Project, text: str, language: str = "fr") -> None:
    project.messages.mkdir(exist_ok=True)
    (project.messages / f"{language}.po").write_text(text, "utf-8")


def _lacks(project: Project) -> list[Lack]:
    sources = read_sources(project)
    return lacks(project, sources.publication, sources.data, sources.vocabulary)


def test_own_messages(french: Project) -> None:
    """A publication's own messages are told, in the plural of their header, and others in English."""
    messages.use(french.messages)
    words = translations("fr")
    assert words.gettext("Home") == "Accueil"
    assert words.ngettext("{count} warning", "{count} warnings", 0) == "{count} avertissement"
    assert words.gettext("Vocabulary") == "Vocabulary"
    assert words.gettext("Serving {address}") == "Serving {address}"
    assert "fr" in messages.languages()


def test_plural_of_header(tiny: Project) -> None:
    """The plural is formed as the header says, whatever the locale."""
    _write(tiny, HEADER.replace("nplurals=2; plural=(n > 1)", "nplurals=2; plural=(n != 3)") + WARNINGS)
    messages.use(tiny.messages)
    assert translations("fr").ngettext("{count} warning", "{count} warnings", 3) == "{count} avertissement"


def test_change_of_message(tiny: Project) -> None:
    """An own file for a language of the program changes what it holds, and leaves the rest."""
    _write(tiny, HEADER.replace("fr", "sv") + HOME.replace("Accueil", "Början"), "sv")
    messages.use(tiny.messages)
    assert translations("sv").gettext("Home") == "Början"
    assert translations("sv").gettext("Error") == "Fel"


def test_messages_are_forgotten(french: Project, tmp_path: Path) -> None:
    """The messages of one publication are not those of the next."""
    messages.use(french.messages)
    assert told_in("fr", "Home") == ("Accueil", "")
    messages.use(tmp_path)
    messages.use(tmp_path / "none")
    assert told_in("fr", "Home") == ("Home", "en")
    assert messages.languages() == sorted(["en", *(path.stem for path in MESSAGES.glob("*.po"))])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("msgid no quotes\n", "fr.po:1: a text does not stand between straight quotes"),
        (HEADER + HOME.replace('"Accueil"', "Accueil"), "fr.po:8: a text does not stand"),
        (HEADER + HOME.replace('"Accueil"', "“Accueil”"), "fr.po:8: a text does not stand"),
        (HEADER + HOME.replace('"Accueil"', '"Accueil'), "fr.po:8: a text does not stand"),
        (HEADER + HOME.replace('"Accueil"', '"Ac"cueil"'), "fr.po:8: a text does not stand"),
        (HEADER + HOME.replace('"Accueil"', '"Accueil\\"'), "fr.po:8: a text does not stand"),
        (HEADER + HOME.replace('"Accueil"', '""\n“Accueil”'), "fr.po:9: a text does not stand"),
        (HEADER + HOME.replace("msgstr", "msgtxt"), "cannot be read"),
        (HEADER.replace("(n > 1)", "n >") + WARNINGS, "cannot be read"),
        (HEADER.replace("(n > 1)", "__import__('os')") + WARNINGS, "cannot be read"),
    ],
)
def test_broken_message_file(tiny: Project, text: str, told: str) -> None:
    """A message file that is none is named, with what to do."""
    _write(tiny, text)
    messages.use(tiny.messages)
    with pytest.raises(MessageFileError, match=told):
        translations("fr")


def test_message_file_in_another_encoding(tiny: Project) -> None:
    """A message file in another encoding than it says is named too."""
    _write(tiny, HEADER)
    (tiny.messages / "fr.po").write_bytes((HEADER + HOME).replace("Accueil", "Entrée").encode("latin-1"))
    messages.use(tiny.messages)
    with pytest.raises(MessageFileError):
        translations("fr")


def test_what_lacks(french: Project) -> None:
    """What lacks is counted by language, file and folder, and English lacks nothing."""
    found = {
        (one.place, one.told("en").rpartition(": ")[2].split(",")[0]): one.amount for one in _lacks(french)
    }
    assert {one.language for one in _lacks(french)} == {"fr"}
    assert found["messages/fr.po", "1 message is marked as fuzzy"] == 1
    assert found["messages/fr.po", "1 translation has other words in braces than its message"] == 1
    assert [count for (place, _), count in found.items() if place == "messages/fr.po" and count > 400]
    assert [count for (place, _), count in found.items() if place == "data/place/"]
    assert [count for (place, _), count in found.items() if place == "ontology/" and count > 100]
    assert len(found) < 15


def test_own_vocabulary_lacks(french: Project) -> None:
    """What lacks in a vocabulary of the publication's own is told by file, for there it is added."""
    shutil.copytree(packaged("ontology"), french.root / "ontology")
    places = {one.place for one in _lacks(french)}
    assert "ontology/field.ttl" in places
    assert "ontology/" not in places


@pytest.mark.parametrize(
    ("stated", "is_told"), [("sv", True), ("sv_SE", True), ("fr_CA", False), ("FR", False), ("", False)]
)
def test_file_of_another_language(french: Project, stated: str, *, is_told: bool) -> None:
    """A copy of another language's messages is told by the language that its header states."""
    _write(french, HEADER.replace("fr", stated) + HOME)
    told = [one.told("en") for one in _lacks(french) if one.stated]
    expected = f"messages/fr.po: Warning: its header says “Language: {stated}”, and its name says fr"
    assert [one.startswith(expected) for one in told] == [True] * is_told


def test_emptied_messages(french: Project) -> None:
    """The command that the documentation shows makes an empty copy of the program's messages."""
    text = (Path(__file__).parent.parent / "docs/languages.md").read_text(encoding="utf-8")
    shown = re.search(
        r"^ +(sed .*) src/twintowns/messages/sv.po > my-town/(messages/fr.po)$", text, re.MULTILINE
    )
    assert shown
    command = [*shlex.split(shown[1]), str(MESSAGES / "sv.po")]
    made = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - from our own page
    _write(french, made.stdout)
    catalogue = read_messages(french.messages / "fr.po")
    assert str(catalogue.locale_identifier) == "fr"
    assert len(catalogue) > 400
    assert [message.id for message in catalogue if message.id and any(parts(message.string))] == []


def test_byte_order_mark(tiny: Project) -> None:
    """A byte order mark before the messages says nothing."""
    _write(tiny, "\ufeff" + HEADER + HOME)
    messages.use(tiny.messages)
    assert translations("fr").gettext("Home") == "Accueil"


def test_file_in_utf_16(tiny: Project) -> None:
    """A message file in UTF-16 is told to be none, and no line of it to be wrong."""
    _write(tiny, "")
    (tiny.messages / "fr.po").write_bytes((HEADER + HOME).encode("utf-16"))
    messages.use(tiny.messages)
    with pytest.raises(MessageFileError, match=r"fr\.po: this message file cannot be read"):
        translations("fr")


def test_file_that_is_not_read(french: Project) -> None:
    """A file of messages with another name is told; what editors put beside them, and a README, is not."""
    for name in ("fr.mo", "all.pot", "fr.po~", "README.md", ".hidden"):
        (french.messages / name).touch()
    assert french.other_message_files() == []
    (french.messages / "fr.po.txt").touch()
    with pytest.raises(
        DataFileError, match=r"fr\.po\.txt: this file is not read: its name does not end in \.po"
    ):
        read_sources(french)


def test_nothing_lacks(repository: Path) -> None:
    """The first publication lacks nothing in any of its five languages."""
    assert _lacks(Project(repository)) == []


def test_language_without_file(french: Project) -> None:
    """Where there is no message file, all messages lack, and the place of the file is told."""
    (french.messages / "fr.po").unlink()
    told = [one for one in _lacks(french) if one.place == "messages/fr.po"]
    assert [one.amount > 400 for one in told] == [True]


def test_validate_tells(french: Project) -> None:
    """`twintowns validate` tells what lacks, for people and for GitHub, and its exit status stays 0."""
    text = CliRunner().invoke(main, ["validate", str(french.root), "--language", "sv"])
    assert text.exit_code == 0
    assert "messages/fr.po: Varning: 1 meddelande är märkt som osäkert" in text.output
    github = CliRunner().invoke(
        main, ["validate", str(french.root), "--language", "en", "--format", "github"]
    )
    assert "::warning file=messages/fr.po::1 message is marked as fuzzy" in github.output


def test_tag_of_three_letters_is_told(tiny: Project) -> None:
    """A language tag that is none is told at the line of its first text, for people and for GitHub."""
    path = next((tiny.data / "place").glob("*.ttl"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("@en ;", "@eng ;"), encoding="utf-8")
    line = next(n for n, one in enumerate(text.split("\n"), 1) if "@en ;" in one)
    place, count = f"data/place/{path.name}", text.count("@en ;")
    told = CliRunner().invoke(main, ["validate", str(tiny.root), "--language", "en"]).stdout
    assert f"{place}:{line}: Warning: {count} text" in told
    assert "the language tag eng, which is none: write @en" in told
    github = CliRunner().invoke(main, ["validate", str(tiny.root), "--language", "en", "--format", "github"])
    assert f"::warning file={place},line={line}::{count} text" in github.stdout


def test_unknown_tag_is_told(tiny: Project) -> None:
    """A language tag for which no language is known is told; one for private use, or of a region, is not."""
    path = next((tiny.data / "place").glob("*.ttl"))
    lines = path.read_text(encoding="utf-8").split("\n")
    line = next(n for n, one in enumerate(lines) if "schema:name" in one and "@en ;" in one)
    more = [
        f'    schema:alternateName "x"@{tag} ;' for tag in ("xyz-SE", "x-house", "sma-SE", "SV", "sr-Latn")
    ]
    path.write_text("\n".join([*lines[: line + 1], *more, *lines[line + 1 :]]), encoding="utf-8")
    told = CliRunner().invoke(main, ["validate", str(tiny.root), "--language", "de"]).stdout
    assert f"data/place/{path.name}:{line + 2}: Warnung: 1 Text hat das Sprachkürzel xyz-" in told
    assert told.count("keine Sprache bekannt") == 1


@pytest.mark.uncovered
def test_marked_pages(french: Project, tmp_path: Path) -> None:
    """On a French page what is told in English says so, and no mark stands in a tag."""
    build(french, BuildOptions(tmp_path / "site", 1))
    page = (tmp_path / "site/fr/vocabulary/index.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert "Accueil</a>" in page
    assert '<h1><span lang="en">Vocabulary</span></h1>' in page
    for path in (tmp_path / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search("[\ufdd0\ufdd1]", text)
        html5lib.HTMLParser(strict=True).parse(text)


@pytest.mark.uncovered
def test_build_again_with_other_words(french: Project, tmp_path: Path) -> None:
    """A change of the message file is a change of the site."""
    options = BuildOptions(tmp_path / "site", 1)
    assert build(french, options).changed
    _write(french, HEADER + HOME.replace("Accueil", "Début"))
    assert build(french, options).changed
    assert "Début</a>" in (tmp_path / "site/fr/index.html").read_text(encoding="utf-8")


def test_marks() -> None:
    """A message in the plural is marked too; what a text alone can hold is not, nor are attributes."""
    words = page_translations("qq")
    assert (
        marked(words.ngettext("{count} hint", "{count} hints", 2)) == '<span lang="en">{count} hints</span>'
    )
    assert marked(f'<a title="{words.gettext("Home")}">x</a>') == '<a title="Home">x</a>'
    assert marked("Home") == "Home"
    assert page_translations("en-GB").gettext("Home") == "Home"
