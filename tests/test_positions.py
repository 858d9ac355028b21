"""Where in a Turtle file a triple stands."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, RdfFormat, Triple, parse

from twintowns.graph import Graph
from twintowns.positions import line_of, line_of_comment, line_of_subject, positions
from twintowns.project import turtle_files
from twintowns.turtle import TurtleWriter
from twintowns.vocabulary import PREFIXES, SCHEMA, WD

FILE = """\
@prefix ex: <https://example.org/> .
PREFIX other: <https://other.example/>
@base <https://base.example/> .
BASE <https://base2.example/>

ex:a a ex:C ; # a comment; with . signs
    ex:p "one ; two # three" , 'four'@en ,
        \"\"\"five
        "six"
        \"\"\"^^ex:seven ;
    ex:q [ ex:r 1.5 ; ex:s [ ] ] ,
        ( 1 ex:t ) ;
    ex:u ex:with\\,comma , <relative> , <https://example.org/\\u00E5> , true .
[ ex:v 1 ] ex:w 2 .
_:b ex:x 3 .
<#a> ex:y 4.
<https://example.org/b>
    ex:p '''multi
line''' .
"""
EX = "https://example.org/"


@pytest.mark.parametrize(
    ("predicate", "value", "line"),
    [
        (f"{EX}p", "one ; two # three", 7),
        (f"{EX}p", "four", 7),
        (f"{EX}p", 'five\n        "six"\n        ', 8),
        (f"{EX}q", None, 11),
        (f"{EX}q", "elsewhere", 11),
        (f"{EX}u", f"{EX}with,comma", 13),
        (f"{EX}u", "https://base2.example/relative", 13),
        (f"{EX}u", f"{EX}å", 13),
        (f"{EX}u", "true", 13),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{EX}C", 6),
        (f"{EX}none", None, 6),
        (None, None, 6),
    ],
)
def test_lines(predicate: str | None, value: str | None, line: int) -> None:
    """A triple is found at its object, a predicate at its first, and anything else at its subject."""
    wanted = None if value is None else (value, "")
    assert line_of(list(positions(FILE)), f"{EX}a", predicate, wanted) == line


def test_other_subjects() -> None:
    """Subjects are found wherever they begin, and one that is not there is not."""
    assert line_of_subject(FILE, f"{EX}b") == 17
    assert line_of_subject(FILE, "https://base2.example/#a") == 16
    assert line_of(list(positions(FILE)), f"{EX}b", f"{EX}p", ("multi\nline", "")) == 18
    assert line_of_subject(FILE, f"{EX}c") is None
    assert line_of(list(positions(FILE)), "_:b", f"{EX}x", ("3", "")) == 15


def test_brackets() -> None:
    """What stands in brackets has no named subject, and its lines all the same."""
    told = [p for p in positions(FILE) if not p.subject]
    assert (f"{EX}r", "1.5", 11) in {(p.predicate, p.object, p.line) for p in told}
    assert (f"{EX}v", "1", 14) in {(p.predicate, p.object, p.line) for p in told}
    assert (f"{EX}w", "2", 14) in {(p.predicate, p.object, p.line) for p in told}
    assert f"{EX}t" in {p.object for p in told}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", None),
        ("# one", 1),
        ('<a:s> <a:p> "# none" .', None),
        ("<a:s> <a:p#q> '''\n# none\n''' .\n\n  # here", 5),
        ("<a:s> <a:p> 1 ;# here\n  .", 1),
        ("@prefix a: <a:#> .\na:s a:p a:o .", None),
        ("@prefix a: <a:#> .\na:s a:p a:o\\#x .", None),
        ("@prefix a: <a:#> .\na:s a:p a:o. # x", 2),
    ],
)
def test_comments(text: str, line: int | None) -> None:
    """The first comment is found, and no sign in a text or an IRI is taken for one."""
    assert line_of_comment(text) == line


@pytest.mark.parametrize("text", ["] <a:s>", "@base <a:x>", '"5"^^', "@prefix a: <b:>", "a:b 'x"])
def test_what_is_no_turtle(text: str) -> None:
    """A text that is no Turtle is walked through to its end all the same."""
    assert list(positions(text)) == []


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([WD.Q1, WD.Q2]), st.sampled_from([SCHEMA.name, SCHEMA.about]), names))
)
def test_every_triple_of_a_canonical_file_is_found(stated: list[tuple[object, object, str]]) -> None:
    """Every triple that is written is found, in the line in which it stands."""
    triples = [Triple(s, p, Literal(text)) for s, p, text in stated]  # type: ignore[arg-type]
    text = TurtleWriter(PREFIXES).document(Graph(triples))
    told = {(p.subject, p.predicate, p.object) for p in positions(text)}
    assert told == {(t.subject.value, t.predicate.value, t.object.value) for t in triples}  # type: ignore[union-attr]
    lines = text.split("\n")
    for position in positions(text):
        predicate = position.predicate.rsplit("/", maxsplit=1)[-1]
        assert lines[position.line - 1].startswith(f"    schema:{predicate} ") or "{" in text


def test_real_files(repository: Path) -> None:
    """Of every real file the positions are exactly the triples that a parser finds."""
    files = [*turtle_files(repository / "data"), *turtle_files(repository / "ontology")]
    assert len(files) > 50
    for path in files:
        text = path.read_text(encoding="utf-8")
        parsed = {
            (_shown(quad.subject), quad.predicate.value, _shown(quad.object))
            for quad in parse(text, format=RdfFormat.TURTLE)
        }
        assert {(p.subject, p.predicate, p.object) for p in positions(text)} == parsed, path


def _shown(term: object) -> str:
    return "" if isinstance(term, BlankNode) else str(getattr(term, "value", ""))
