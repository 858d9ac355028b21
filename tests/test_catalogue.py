"""What a publication says of itself, as far as a build needs it."""

from pathlib import Path

import pytest

from twintowns.catalogue import VOCABULARY, is_iri_space, read_publication
from twintowns.exceptions import CatalogueError, TurtleSyntaxError
from twintowns.project import Project

LINES = {
    "a": "a <http://www.w3.org/ns/dcat#Catalog>",
    "space": '<http://rdfs.org/ns/void#uriSpace> "https://example.org/town/"',
    "main": '<https://w3id.org/twintowns/ns#mainLanguage> "sv"',
    "languages": '<https://schema.org/inLanguage> "fi", "de", "sv"',
}


def _project(folder: Path, **changed: str | None) -> Project:
    """Make a project with a catalogue, one property a line."""
    project = Project(folder)
    project.data.mkdir()
    told = {**LINES, **changed}
    text = (
        "<https://example.org/town/catalogue>\n"
        + "".join(f"{line} ;\n" for line in told.values() if line)
        + "."
    )
    project.catalogue.write_text(text)
    return project


def test_publication(tmp_path: Path) -> None:
    """A publication has an IRI space and languages, the main one first."""
    publication = read_publication(_project(tmp_path))
    assert publication.names.space == "https://example.org/town/"
    assert publication.languages == ("sv", "de", "fi")
    assert publication.main_language == "sv"


def test_vocabulary_alone(tmp_path: Path) -> None:
    """The vocabulary at its own address needs no catalogue."""
    assert read_publication(Project(tmp_path, has_data=False)) == VOCABULARY
    assert VOCABULARY.main_language == "en"


def test_real_publication(ludvika: Project) -> None:
    """The first publication is in five languages, Swedish first."""
    assert read_publication(ludvika).languages == ("sv", "de", "en", "et", "fi")


@pytest.mark.parametrize(
    ("part", "line", "message", "number"),
    [
        ("space", None, 'it states 0 texts for void:uriSpace.*void:uriSpace "https://example.org/town/"', 1),
        ("main", None, "it states 0 texts for tt:mainLanguage", 1),
        ("main", f'{LINES["main"]}, "de"', "it states 2 texts for tt:mainLanguage", 4),
        (
            "main",
            LINES["main"].replace("sv", "Swedish"),
            '"Swedish" is not a valid value of tt:mainLanguage',
            4,
        ),
        ("main", LINES["main"].replace('"sv"', "<urn:sv>"), "it states 0 texts", 4),
        (
            "languages",
            LINES["languages"].replace("fi", "../x"),
            '"../x" is not a valid value of schema:inLanguage',
            5,
        ),
        ("space", LINES["space"].replace("town/", "town"), "not a valid value of void:uriSpace", 3),
        ("space", LINES["space"].replace("town/", "../"), "not a valid value of void:uriSpace", 3),
    ],
)
def test_refused(tmp_path: Path, part: str, line: str | None, message: str, number: int) -> None:
    """A catalogue that lacks or misstates what a build needs is refused, with its line and an example."""
    with pytest.raises(CatalogueError, match=message) as caught:
        read_publication(_project(tmp_path, **{part: line}))
    assert caught.value.line == number


@pytest.mark.parametrize(
    "space", ["https://example.org/twon/", "http://example.org/town/", "https://example.org/"]
)
def test_space_in_which_nothing_lies(tmp_path: Path, space: str) -> None:
    """An IRI space in which nothing that the catalogue names lies is told at its line, with the right one."""
    project = _project(tmp_path, space=f'<http://rdfs.org/ns/void#uriSpace> "{space}"')
    with pytest.raises(
        CatalogueError, match=r'; write it like this: void:uriSpace "https://example.org/town/" ;'
    ) as e:
        read_publication(project)
    assert e.value.line == 3


def test_space_in_which_the_publisher_lies(tmp_path: Path) -> None:
    """An IRI space in which the publisher lies is right: the catalogue has a wrong name, told elsewhere."""
    wrong = "<http://purl.org/dc/terms/publisher> <https://example.org/city/organization/town>"
    space = LINES["space"].replace("town", "city")
    publication = read_publication(_project(tmp_path, space=space, publisher=wrong))
    assert publication.names.space == "https://example.org/city/"


def test_without_type(tmp_path: Path) -> None:
    """Where nothing is called a catalogue the first subject of the file is taken for it."""
    with pytest.raises(CatalogueError) as caught:
        read_publication(_project(tmp_path, a=None, space=None))
    assert caught.value.line == 1


def test_empty(tmp_path: Path) -> None:
    """An empty catalogue is refused."""
    project = _project(tmp_path)
    project.catalogue.write_text("")
    with pytest.raises(CatalogueError) as caught:
        read_publication(project)
    assert caught.value.line is None


def test_no_turtle(tmp_path: Path) -> None:
    """A catalogue that is no Turtle is refused as such."""
    project = _project(tmp_path, space="<")
    with pytest.raises(TurtleSyntaxError):
        read_publication(project)


@pytest.mark.parametrize(
    ("text", "is_space"),
    [
        ("https://example.org/", True),
        ("http://localhost:8000/a-b/c.d/", True),
        ("https://example.org", False),
        ("https://example.org/a//", False),
        ("https://example.org/./", False),
        ("https://example.org/a/../", False),
        ("https://example.org/a/?x/", False),
        ("https://example.org/#/", False),
        ("ftp://example.org/", False),
        ("https://user@example.org/", False),
        ("https://example.org/ a/", False),
        ("https://example.org/\n", False),
    ],
)
def test_iri_spaces(text: str, is_space: bool) -> None:  # noqa: FBT001 - an expectation
    """An IRI space is of the web, ends in a slash and climbs nowhere."""
    assert is_iri_space(text) is is_space
