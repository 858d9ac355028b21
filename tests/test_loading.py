"""From files to triples, each failure told with its place."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, Triple

from twintowns.exceptions import (
    DataFileError,
    EncodingError,
    MisplacedSubjectError,
    SeveralFailuresError,
    SystemFailureError,
    TurtleSyntaxError,
)
from twintowns.iris import Names
from twintowns.loading import read_canonical, read_data, read_text, read_turtle, triples_of
from twintowns.project import Project
from twintowns.vocabulary import SCHEMA, WD

SPACE = "https://example.org/town/"
CATALOGUE = f"<{SPACE}catalogue> <urn:p> 1 ."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project whose catalogue says nothing of use."""
    made = Project(tmp_path)
    made.catalogue.parent.mkdir()
    made.catalogue.write_text(CATALOGUE)
    return made


def _add(project: Project, name: str, text: str) -> Path:
    path = project.data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_text_with_mark(tmp_path: Path) -> None:
    """A byte order mark is no part of the text."""
    path = tmp_path / "a.ttl"
    path.write_bytes(b"\xef\xbb\xbf<urn:a> <urn:b> 1 .")
    assert read_text(path).startswith("<urn:a>")
    assert len(read_turtle(path).triples) == 1


def test_other_encoding(tmp_path: Path) -> None:
    """A file that is not UTF-8 is told with the line and the byte."""
    path = tmp_path / "a.ttl"
    path.write_bytes("<urn:a>\n<urn:b>\n'å' .".encode("latin-1"))
    with pytest.raises(EncodingError, match=r"a\.ttl:3: .* the byte 0xE5"):
        read_turtle(path)


@pytest.mark.parametrize("name", ["none.ttl", "folder"])
def test_unreadable(tmp_path: Path, name: str) -> None:
    """A file that cannot be read is told with the system's reason."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(SystemFailureError, match=r"this file cannot be read \((No such file|Is a directory)"):
        read_text(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<urn:a> <urn:b>", 1),
        ("<urn:a> <urn:b> 1 .\n\n<urn:c> <urn:d> 'x ;", 3),
        ("<urn:a> <urn:b> p:q .", 1),
        ("<urn:a> <urn:b> <a b> .", 1),
    ],
)
def test_syntax(tmp_path: Path, text: str, line: int) -> None:
    """A file that breaks the grammar is told with the line and what to do, not in the parser's words."""
    path = tmp_path / "a.ttl"
    path.write_text(text)
    with pytest.raises(TurtleSyntaxError) as caught:
        read_turtle(path)
    assert caught.value.line == line
    assert "Parser error" not in str(caught.value)


def test_triple_about_a_triple(tmp_path: Path) -> None:
    """A triple about a triple, which later versions of Turtle know, is refused."""
    path = tmp_path / "a.ttl"
    path.write_text("<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .")
    with pytest.raises(TurtleSyntaxError, match="triple"):
        read_turtle(path)


def test_subjects(tmp_path: Path) -> None:
    """A file tells of its named subjects, each once, in its order."""
    path = tmp_path / "a.ttl"
    path.write_text("<urn:b> <urn:p> 1, [ <urn:p> 2 ] . <urn:a> <urn:p> 1 . <urn:b> <urn:q> 1 .")
    assert [subject.value for subject in read_turtle(path).subjects] == ["urn:b", "urn:a"]
    assert len(triples_of([read_turtle(path)] * 2)) == 10


def test_canonical_names_of_blank_nodes(tmp_path: Path) -> None:
    """Blank nodes are named in one way, and those of two files apart."""
    texts = {"a-b.ttl": "_:x <urn:p> _:y .", "c.ttl": "_:y <urn:p> _:x ."}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    one, other = (read_canonical(tmp_path / name).triples for name in texts)
    assert {type(end) for t in (*one, *other) for end in (t.subject, t.object)} == {BlankNode}
    assert len({str(t.subject) for t in (*one, *other)}) == 2
    assert read_canonical(tmp_path / "c.ttl").triples == other


@pytest.mark.parametrize("names", [("a-b.ttl", "ab.ttl"), ("x/a.ttl", "y/a.ttl")])
def test_blank_nodes_of_like_files(tmp_path: Path, names: tuple[str, str]) -> None:
    """Blank nodes of two files are two, however alike the files are called."""
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"<urn:{name[0]}> <urn:p> [ <urn:q> 1 ] .")
    triples = triples_of(read_canonical(tmp_path / name) for name in names)
    assert len({t.object for t in triples if isinstance(t.object, BlankNode)}) == 2


@pytest.mark.parametrize("name", ["my shapes.ttl", "(1).ttl", "a+b.ttl"])
def test_blank_nodes_of_oddly_named_files(tmp_path: Path, name: str) -> None:
    """A file with blank nodes is read, whatever it is called."""
    (tmp_path / name).write_text("<urn:a> <urn:p> [ <urn:q> 1 ] .")
    assert len(read_canonical(tmp_path / name).triples) == 2


def test_named_things_stay(tmp_path: Path) -> None:
    """What has a name keeps it."""
    (tmp_path / "a.ttl").write_text(f"{WD.Q1} {SCHEMA.name} 'x' .")
    assert read_canonical(tmp_path / "a.ttl").triples == (Triple(WD.Q1, SCHEMA.name, Literal("x")),)


def test_data(project: Project) -> None:
    """A thing lies in the file of its name, with its parts."""
    _add(
        project,
        "place/Q1.ttl",
        f"<{SPACE}place/Q1> <urn:p> <{SPACE}place/Q1#geo> . <{SPACE}place/Q1#geo> <urn:p> 1 .",
    )
    assert [file.path.name for file in read_data(project, SPACE)] == ["catalogue.ttl", "Q1.ttl"]


@pytest.mark.parametrize(
    "name",
    ["Q1.ttl", "city/Q1.ttl", "place/a b.ttl", "place/-a.ttl", "place/x/Q1.ttl", "catalogue/catalogue.ttl"],
)
def test_unknown_place(project: Project, name: str) -> None:
    """A file in an unknown folder or of an impossible name is refused, with the folders there are."""
    path = _add(project, name, f"<{SPACE}x> <urn:p> 1 .")
    with pytest.raises(DataFileError, match=r"means nothing here.*article, contact-point") as caught:
        read_data(project, SPACE)
    assert caught.value.place == path


def test_empty_file(project: Project) -> None:
    """A file that states nothing is refused, with what it should describe."""
    _add(project, "place/Q1.ttl", "")
    with pytest.raises(
        MisplacedSubjectError, match=r"states nothing; describe <https://example.org/town/place/Q1>"
    ):
        read_data(project, SPACE)


def test_file_that_is_not_read(project: Project) -> None:
    """A file whose name does not end in .ttl is refused, so that nobody waits for it to be published."""
    _add(project, "place/Q1.ttl.txt", "x")
    with pytest.raises(DataFileError, match=r"Q1\.ttl\.txt: this file is not read"):
        read_data(project, SPACE)


def test_prefix_that_everybody_knows(project: Project) -> None:
    """A well-known prefix that stands for another address is refused at its line."""
    _add(project, "place/Q1.ttl", f"\n@prefix schema: <https://schema.org> .\n<{SPACE}place/Q1> <urn:p> 1 .")
    with pytest.raises(DataFileError, match=r"Q1\.ttl:2: the prefix schema: stands for another address"):
        read_data(project, SPACE)


@pytest.mark.parametrize("prefix", ["place", "tt", "kind"])
def test_prefix_of_the_publication_for_http(project: Project, prefix: str) -> None:
    """A prefix of the publication or vocabulary that stands for http is refused with the line to write."""
    right = Names(SPACE).prefixes()[prefix]
    wrong = right.replace("https:", "http:")
    _add(project, "place/Q1.ttl", f"@prefix {prefix}: <{wrong}> .\n<{SPACE}place/Q1> <urn:p> 1 .")
    with pytest.raises(DataFileError, match=rf"Q1\.ttl:1: .*@prefix {prefix}: <{right}> \."):
        read_data(project, SPACE)


def test_prefix_without_an_end_is_told_at_its_line(project: Project) -> None:
    """A line that declares a prefix and lacks its full stop is told there."""
    _add(project, "place/Q1.ttl", f"\n@prefix a: <a:>\n<{SPACE}place/Q1> <urn:p> 1 .")
    with pytest.raises(DataFileError, match=r"Q1\.ttl:2: the line that declares a prefix has no full stop"):
        read_data(project, SPACE)


@pytest.mark.parametrize("name", ["twinning/Q1.ttl", "town/Q1.ttl", "Q1.ttl", "places/se/Q1.ttl"])
def test_file_in_another_folder(project: Project, name: str) -> None:
    """A file in another folder than the thing that it tells of is to be moved, if its place is free."""
    _add(project, name, f"<{SPACE}place/Q1> <urn:p> 1 .")
    with pytest.raises(DataFileError, match=r"; move the file to data/place/Q1\.ttl, or mend the IRI"):
        read_data(project, SPACE)
    _add(project, "place/Q1.ttl", f"<{SPACE}place/Q1> <urn:p> 1 .")
    with pytest.raises(DataFileError) as caught:
        read_data(project, SPACE)
    assert "move the file" not in str(caught.value)


def test_catalogue_of_another_iri(project: Project) -> None:
    """A catalogue that is called otherwise is told its IRI, and no other name for its file."""
    project.catalogue.write_text(f"<{SPACE}katalog> <urn:p> 1 .")
    with pytest.raises(MisplacedSubjectError, match=rf"; mend the IRI: write <{SPACE}catalogue>"):
        read_data(project, SPACE)


def test_all_failures_are_told(project: Project) -> None:
    """Where several files are at fault, all are told, a line each."""
    _add(project, "place/Q1.ttl", "")
    _add(project, "place/Q2.ttl", "<")
    with pytest.raises(SeveralFailuresError) as caught:
        read_data(project, SPACE)
    assert [line.count("Q1.ttl") for line in str(caught.value).splitlines()] == [1, 0]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"<{SPACE}place/Q1> <urn:p> 1 .\n<{SPACE}place/Q2> <urn:p> 1 .", 2),
        (f"<{SPACE}place/Q2> <urn:p> 1 .", 1),
        (f"\n<{SPACE}place/Q1#geo> <urn:p> 1 .", None),
        (f"<{SPACE}place/Q10> <urn:p> 1 .", 1),
        (f"<{SPACE}organization/ludvika> <urn:p> 1 .", 1),
        ("<http://example.org/town/place/Q1> <urn:p> 1 .", 1),
    ],
)
def test_other_subject(project: Project, text: str, line: int | None) -> None:
    """A file that tells of something other than its name says is refused, with the line."""
    _add(project, "place/Q1.ttl", text)
    with pytest.raises(
        MisplacedSubjectError, match=r"a file of this name tells of <https://example.org/town/place/Q1>"
    ) as caught:
        read_data(project, SPACE)
    assert caught.value.line == line


def test_blank_node(project: Project) -> None:
    """A file with something that has no name is refused, with a name for it."""
    _add(project, "place/Q1.ttl", f"<{SPACE}place/Q1> <urn:p> [ <urn:q> 1 ] .")
    with pytest.raises(
        MisplacedSubjectError, match=r"a blank node.*give it a name of its own, such as <.*place/Q1#part>"
    ):
        read_data(project, SPACE)


def test_blank_node_mentioned_twice(tmp_path: Path) -> None:
    """Blank nodes that could be woven into a graph that no machine can name are refused, with a line."""
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:p> _:x .\n<urn:b> <urn:p> _:x .\n")
    with pytest.raises(DataFileError, match=r"a\.ttl:1: it mentions something without a name"):
        read_canonical(tmp_path / "a.ttl")
