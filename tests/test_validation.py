"""`twintowns validate`: what it finds, where, in which words and form, and how it ends."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from twintowns.cli import main
from twintowns.exceptions import ShapesError
from twintowns.graph import Graph, Term
from twintowns.loading import SourceFile, read_canonical, read_turtle
from twintowns.project import Project
from twintowns.results import Severity
from twintowns.validation import validate
from twintowns.vocabulary import DCTERMS, PROV, SCHEMA, SH, SHAPE, TT, A

LOCALE = {"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
MISTAKES = [
    (
        "twinning/Q12434-Q503184",
        "tt:partner place:Q12434 ;",
        "tt:partner place:Q1 ;",
        "Twinning-partner-class",
    ),
    ("twinning/Q12434-Q503184", "tt:kind kind:twinning ;", "tt:kind kind:wedding ;", "Twinning-kind-scheme"),
    ("twinning/Q12434-Q503184", "tt:field field:music ;", "tt:feild field:music ;", "Twinning"),
    ("place/Q503184", "wd:Q503184 ;", "<https://www.wikidata.org/wiki/Q503184> ;", "Thing-sameAs-wikidata"),
    (
        "place/Q503184",
        "schema:latitude 60.133333 ;",
        "schema:latitude 600.1 ;",
        "GeoCoordinates-latitude-range",
    ),
    ("place/Q503184", 'schema:value "2085" ;', "schema:value 2085 ;", "PropertyValue-value-form"),
    ("contact-point/ludvika-kommun", '"+46 240 860 00" ;', '"0240-860 00" ;', "Thing-telephone-form"),
    ("organization/ludvika-kommun", '"Ludvika" ;', '"c/o Ludvika" ;', "Thing-care-of"),
    ("source/editors-notes", "tt:retrievedOn ;", "schema:name ;", "Source-unknown-form"),
]
"""File, what stands there, what is written in its place, and the shape that finds it on that very line."""
DERIVED = [
    ("place/Q503184", TT.partnerIn, "twinning/Q12434-Q503184", "Place"),
    ("place/Q503184", TT.twinnedWith, "place/Q12434", "Place"),
    ("place/Q34", SCHEMA.containsPlace, "place/Q103732", "Place"),
    ("place/Q34", SCHEMA.subjectOf, "article/history", "Place"),
    ("organization/ludvika-kommun", SCHEMA.subjectOf, "article/history", "Organization"),
    ("twinning/Q12434-Q503184", SCHEMA.subjectOf, "article/history", "Twinning"),
    ("twinning/Q12434-Q503184", PROV.wasDerivedFrom, "source/wikidata", "Twinning"),
    ("twinning/Q12434-Q503184", SCHEMA.name, "", "Twinning"),
    ("article/history", PROV.wasDerivedFrom, "source/wikidata", "Article"),
    ("catalogue", PROV.wasDerivedFrom, "source/wikidata", "Catalogue"),
]
"""File, a property that only the build states, what it would lead to, and the shape that passes it over."""
LUDVIKA = "https://w3id.org/twintowns/ludvika/"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
HOSTILE = "\\u001B[31m\\u009B2J\\u0007\\rred"


def run(project: Project | Path, *options: str, **environment: str) -> Result:
    """Run `twintowns validate` on a project, by default in English."""
    root = project.root if isinstance(project, Project) else project
    return CliRunner().invoke(main, ["validate", str(root), *options], env={**LOCALE, **environment})


def change(path: Path, old: str, new: str) -> int:
    """Write something else into a file in the place of what stands there, and return the line."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def found(result: Result) -> list[dict[str, str | int | None]]:
    """Return the results of a report in JSON."""
    results: list[dict[str, str | int | None]] = json.loads(result.stdout)["results"]
    return results


def break_twinning(project: Project) -> Path:
    """Take the kind from the tiny project's twinning, and return the file."""
    path = next((project.data / "twinning").glob("*.ttl"))
    line = next(line for line in path.read_text(encoding="utf-8").splitlines() if "tt:kind " in line)
    change(path, f"{line}\n", "")
    return path


def test_mistake_is_found_in_its_file_and_line(ludvika: Project) -> None:
    """Each mistake in a copy of Ludvika's data is found by its shape, in its file, on its line."""
    expected = {
        (f"data/{name}.ttl", change(ludvika.data / f"{name}.ttl", old, new), str(SHAPE[shape].value))
        for name, old, new, shape in MISTAKES
    }
    result = run(ludvika, "--format", "json")
    assert result.exit_code == 1
    told = {(r["file"], r["line"], r["sourceShape"]) for r in found(result)}
    assert expected - told == set()


@pytest.mark.uncovered
@pytest.mark.parametrize(("name", "predicate", "value", "shape"), DERIVED)
def test_what_follows_is_refused_where_it_is_written(
    ludvika: Project, name: str, predicate: NamedNode, value: str, shape: str
) -> None:
    """What only the build states is a violation in a file written by hand, told with its line."""
    path = ludvika.data / f"{name}.ttl"
    stated = f"<{LUDVIKA}{value}>" if value else '"Imatra and Ludvika"@en'
    text = path.read_text(encoding="utf-8").rstrip()
    path.write_text(f"{text}\n\n<{LUDVIKA}{name}> <{predicate.value}> {stated} .\n", encoding="utf-8")
    (result,) = [
        one for one in found(run(ludvika, "--format", "json")) if one["severity"] == SH.Violation.value
    ]
    assert (result["file"], result["line"]) == (f"data/{name}.ttl", text.count("\n") + 3)
    assert result["sourceShape"] == SHAPE[shape].value
    told = run(ludvika)
    assert told.exit_code == 1
    assert "this follows by itself" in told.stdout


def test_what_follows_is_refused_in_bulk(ludvika: Project) -> None:
    """What only the build states is found in a file in bulk too, on its line."""
    line = f"<{LUDVIKA}place/Q34> <{TT.partnerIn.value}> <{LUDVIKA}twinning/Q12434-Q503184> .\n"
    source = f"<{LUDVIKA}place/Q34> <{DCTERMS.source.value}> <{LUDVIKA}source/wikidata> .\n"
    kind = f"<{LUDVIKA}place/Q34> <{A.value}> <{SCHEMA.Country.value}> .\n"
    (ludvika.data / "more.nt").write_text(kind + source + line, encoding="utf-8")
    (ludvika.data / "place/Q34.ttl").unlink()
    results = [
        one for one in found(run(ludvika, "--format", "json")) if one["resultPath"] == TT.partnerIn.value
    ]
    assert [(one["file"], one["line"]) for one in results] == [("data/more.nt", 3)]


def test_first_publication_conforms(repository: Path) -> None:
    """Ludvika's data conforms: exit status 0, and nothing graver than a warning."""
    result = run(repository)
    assert result.exit_code == 0
    assert ": Violation: " not in result.stdout
    assert result.stdout.splitlines()[-1].startswith("The data conforms: 0 violations, ")
    assert result.stderr == ""


def test_new_project_conforms(tiny: Project) -> None:
    """A new project conforms, and says so in the words of the locale."""
    assert run(tiny, LANG="en_GB.UTF-8").exit_code == 0


def test_results_are_told_gravest_first(ludvika: Project) -> None:
    """Violations come before warnings, and within these results come by file and line."""
    change(ludvika.data / "place/Q503184.ttl", "    schema:containedInPlace place:Q103732 ;\n", "")
    change(ludvika.data / "twinning/Q12434-Q503184.ttl", "kind:twinning", "kind:wedding")
    results = found(run(ludvika, "--format", "json"))
    order = [severity.value.value for severity in Severity]
    keys = [(order.index(str(r["severity"])), str(r["file"]), int(str(r["line"]))) for r in results]
    assert keys == sorted(keys)
    assert {key[0] for key in keys} == {0, 1}


@pytest.mark.parametrize("language", ["en", "sv", "fi", "de", "et"])
def test_language_is_chosen_by_option(language: str, tiny: Project) -> None:
    """`--language` chooses the language of the shapes' messages and of what is told around them."""
    break_twinning(tiny)
    told = run(tiny, "--language", language).stdout
    shapes = Graph(read_turtle(tiny.shapes / "twinning.ttl").triples)
    messages = {
        text.language: text.value
        for text in shapes.values(SHAPE["Twinning-kind-count"], SH.message)
        if isinstance(text, Literal)
    }
    assert messages.pop(language) in told
    assert not any(message in told for message in messages.values())
    assert ("The data does not conform" in told) is (language == "en")


def test_missing_file_is_told_once(ludvika: Project) -> None:
    """Where a file is gone, all that leads to it is one finding, which names it and where the others are."""
    (ludvika.data / "source/geonames.ttl").unlink()
    told = run(ludvika, "--language", "en").stdout
    assert told.count("shape:Thing-source-class ") == 1
    assert "for there is no data/source/geonames.ttl: bring it back, or correct each name" in told
    assert run(ludvika, "--language", "en", "--all").stdout.count("shape:Thing-source-class ") > 1


def test_unknown_language_is_refused(tiny: Project) -> None:
    """A language in which there are no messages is refused with those in which there are."""
    told = run(tiny, "--language", "svenska")
    assert told.exit_code == 2
    assert "no messages in 'svenska'; choose one of: de, en, et, fi, sv" in told.stderr


def test_region_of_a_language_is_that_language(tiny: Project) -> None:
    """A tag with a region, or in capitals, gives the language that it is one of."""
    break_twinning(tiny)
    assert run(tiny, "--language", "SV-se").stdout == run(tiny, "--language", "sv").stdout


def test_language_of_the_publication_is_one(tiny: Project) -> None:
    """A language in which the publication itself has messages may be asked for."""
    tiny.messages.mkdir()
    (tiny.messages / "fr.po").write_text('msgid ""\nmsgstr "Language: fr\\n"\n', encoding="utf-8")
    assert run(tiny, "--language", "fr").exit_code == 0


@pytest.mark.uncovered
@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "sv_SE.UTF-8", "LC_ALL": "fi_FI.UTF-8"}, "fi"),
        ({"LC_ALL": "fi_FI.UTF-8", "LANGUAGE": "de:sv"}, "de"),
        ({"LC_MESSAGES": "et_EE", "LANG": "sv_SE"}, "et"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_language_is_that_of_the_locale(environment: dict[str, str], language: str, tiny: Project) -> None:
    """Without `--language`, LANGUAGE, LC_ALL, LC_MESSAGES and LANG choose it, in this order."""
    break_twinning(tiny)
    assert run(tiny, **environment).stdout == run(tiny, "--language", language).stdout


def test_text_names_place_severity_and_shape(tiny: Project) -> None:
    """In the text form each result is a line with place, severity and message, and one with the shape."""
    path = break_twinning(tiny)
    result = run(tiny)
    assert result.exit_code == 1
    place = re.escape(path.relative_to(tiny.root).as_posix())
    shape = re.escape(SHAPE["Twinning-kind-count"].value)
    paragraph = rf"(?m)^{place}:\d+: Violation: .+\n    shape:Twinning-kind-count <{shape}>$"
    assert re.search(paragraph, result.stdout)
    summary = result.stdout.splitlines()[-1]
    assert summary.startswith("The data does not conform and is not published: 1 violation, 0 warnings, ")


def test_turtle_is_a_shacl_report(tiny: Project) -> None:
    """The Turtle form is a SHACL validation report, with a message in every language of the shape."""
    break_twinning(tiny)
    result = run(tiny, "--format", "turtle")
    graph = Graph(quad.triple for quad in parse(result.stdout, format=RdfFormat.TURTLE))
    (report,) = graph.instances(SH.ValidationReport)
    (node,) = (
        node
        for node in graph.instances(SH.ValidationResult)
        if graph.value(node, SH.resultSeverity) == SH.Violation
    )
    assert node in graph.values(report, SH.result)
    assert [term.value for term in graph.values(report, SH.conforms)] == ["false"]
    assert graph.values(node, A) == [SH.ValidationResult]
    assert graph.values(node, SH.sourceShape) == [SHAPE["Twinning-kind-count"]]
    assert graph.values(node, SH.sourceConstraintComponent) == [SH.MinCountConstraintComponent]
    assert graph.values(node, SH.resultSeverity) == [SH.Violation]
    tags = {text.language for text in graph.values(node, SH.resultMessage) if isinstance(text, Literal)}
    assert tags == {"de", "en", "et", "fi", "sv"}


def test_github_commands_name_file_and_line(tiny: Project) -> None:
    """The GitHub form is one workflow command a result, its texts escaped as GitHub wants."""
    path = break_twinning(tiny)
    lines = run(tiny, "--format", "github").stdout.splitlines()
    place = re.escape(path.relative_to(tiny.root).as_posix())
    assert re.fullmatch(rf"::error file={place},line=\d+,title=shape%3ATwinning-kind-count::.+", lines[0])
    assert all(
        re.fullmatch(r"::(warning|notice) file=\S+,line=\d+,title=\S+::.+", line) for line in lines[1:]
    )


def test_wrong_option_is_wrong_usage(tiny: Project) -> None:
    """An unknown form or option is wrong usage: exit status 2."""
    assert run(tiny, "--format", "pdf").exit_code == 2
    assert run(tiny, "--unknown").exit_code == 2


def failure(project: Project | Path, **environment: str) -> str:
    """Return what is told on standard error where nothing could be done, exit status 3."""
    result = run(project, **environment)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr
    return result.stderr


def test_syntax_error_is_told_with_its_line(tiny: Project) -> None:
    """A file that is no Turtle is told with its line: exit status 3."""
    path = next((tiny.data / "place").glob("*.ttl"))
    line = change(path, "schema:name ", "schema:name name ")
    assert f"{path}:{line}: a word stands here without its prefix" in failure(tiny)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_wrong_encoding_is_told(encoding: str, tiny: Project) -> None:
    """A file that is not UTF-8 is told as such, with its line and a way out."""
    path = next((tiny.data / "place").glob("*.ttl"))
    text = "# För att visa fel kodning\n" + path.read_text(encoding="utf-8")
    path.write_bytes(text.encode(encoding, errors="replace"))
    told = failure(tiny)
    assert f"{path}:1: this file is not UTF-8 text: " in told
    assert "save it again with the encoding UTF-8" in told


def test_byte_order_mark_is_no_mistake(tiny: Project) -> None:
    """A byte order mark, as Windows editors write it, is read over."""
    path = next((tiny.data / "place").glob("*.ttl"))
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert run(tiny).exit_code == 0


def test_missing_catalogue_is_told(tiny: Project) -> None:
    """A project without its catalogue is told what to add."""
    tiny.catalogue.unlink()
    assert f"{tiny.catalogue}: this file is missing; add it" in failure(tiny)


def test_folder_that_is_no_project_is_told(tmp_path: Path) -> None:
    """A folder without data is told how to make a project in it; so is one that is not there."""
    assert "this folder is not a twintowns project" in failure(tmp_path)
    assert "make one here with `twintowns init`" in failure(tmp_path / "nowhere")


def test_failure_is_told_in_the_language_of_the_locale(tmp_path: Path) -> None:
    """What cannot be done is told in the reader's language too."""
    result = run(tmp_path, LANG="sv_SE.UTF-8")
    assert result.exit_code == 3
    assert result.stderr.startswith("Fel: ")


def test_unreadable_file_is_told(tiny: Project) -> None:
    """A folder that is called like a file, and a link that leads nowhere, are told as unreadable."""
    path = tiny.data / "place/Q1.ttl"
    path.mkdir()
    assert f"{path}: this file cannot be read (Is a directory)" in failure(tiny)
    path.rmdir()
    path.symlink_to("nowhere.ttl")
    assert f"{path}: this file cannot be read (No such file or directory)" in failure(tiny)


@pytest.mark.parametrize("name", ["towns/Q1.ttl", "Q1.ttl", "place/old/Q1.ttl", "place/Q 1.ttl"])
def test_file_in_a_wrong_place_is_told(name: str, tiny: Project) -> None:
    """A file in a folder that means nothing, or of an impossible name, is told where it may lie."""
    path = tiny.data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("<https://example.org/town/town/Q1> a <https://schema.org/City> .", encoding="utf-8")
    told = failure(tiny)
    assert f"{path}: a file of this name, or in this folder, means nothing here" in told
    assert "article, contact-point, organization, person, place, source, twinning" in told


def test_misnamed_file_is_told_with_the_line_of_its_subject(tiny: Project) -> None:
    """A file that tells of another thing than its name says is told with the line of that thing."""
    path = tiny.data / "place/Q1.ttl"
    path.write_text("\n<https://example.org/town/place/Q2> a <https://schema.org/City> .", encoding="utf-8")
    told = failure(tiny)
    assert f"{path}:2: it tells of <https://example.org/town/place/Q2>" in told
    assert "tells of <https://example.org/town/place/Q1>" in told


def test_renamed_file_is_told_its_name(ludvika: Project) -> None:
    """A file that tells of one thing under another name is to be renamed; where that is taken, it is not."""
    path = ludvika.data / "place/Q1726.ttl"
    (ludvika.data / "place/Q12434.ttl").rename(path)
    assert "rename the file to data/place/Q12434.ttl, or mend the IRI" in failure(ludvika)
    (ludvika.data / "place/Q12434.ttl").write_bytes(path.read_bytes())
    assert "mend the IRI, or move what it says into a file of its own name" in failure(ludvika)


def test_slip_in_a_prefix_is_told_with_what_the_file_declares(tiny: Project) -> None:
    """A prefix that is like one that the file declares is told as a slip."""
    path = next((tiny.data / "twinning").glob("*.ttl"))
    line = change(path, "tt:partner place:", "tt:partner plase:")
    assert f"{path}:{line}: the prefix plase: is not declared in this file; did you mean place:?" in failure(
        tiny
    )


@pytest.mark.parametrize("place", ["inside", "outside", "nowhere"])
def test_failure_is_told_with_the_way_from_here(
    place: str, tiny: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failing file is named as seen from the folder at hand, where it lies in it, else in full."""
    path = next((tiny.data / "place").glob("*.ttl"))
    line = change(path, "schema:name ", "schema:name name ")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(tiny.root if place == "inside" else folder)
    if place == "nowhere":
        folder.rmdir()
    told = f"data/place/{path.name}" if place == "inside" else str(path)
    assert failure(tiny).startswith(f"Error: {told}:{line}: ")


def test_wrong_prefix_is_told_once(ludvika: Project) -> None:
    """A file with schema: for another namespace is told once, at the line to mend; RDF holds each finding."""
    path = ludvika.data / "place/Q12434.ttl"
    line = change(path, "<https://schema.org/>", "<http://schema.org/>")
    told = run(ludvika).stdout
    assert told.count(": Violation: ") == 1
    assert f"data/place/Q12434.ttl:{line}: Violation: Correct the prefix in the file" in told
    assert "\n    and 24 more in this file or about it: mend this one first, then check again\n" in told
    assert "not published: 25 violations," in told
    assert len([one for one in found(run(ludvika, "--format", "json")) if "/Thing-" in str(one)]) > 20


def test_unknown_property_is_named(ludvika: Project) -> None:
    """A misspelt property is told at its line, with the one that is meant."""
    line = change(ludvika.data / "place/Q12434.ttl", "schema:name ", "schema:nmae ")
    paragraph = rf"(?m)^data/place/Q12434.ttl:{line}: .+ \[schema:nmae; did you mean schema:name\?\]$"
    assert re.search(paragraph, run(ludvika).stdout)


def test_many_warnings_of_a_shape_are_gathered(ludvika: Project) -> None:
    """Of many warnings of a shape three are told, with the files of the others; `--all` tells each."""
    few, every = run(ludvika).stdout, run(ludvika, "--all").stdout
    count = every.count("shape:Place-geo ")
    assert (count > 3, few.count("shape:Place-geo ")) == (True, 3)
    assert f"\n    and {count - 3} more such, in data/place/" in few
    assert "more such" not in every
    assert few.splitlines()[-1] == every.splitlines()[-1]


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_empty_file_is_told(text: str, tiny: Project) -> None:
    """A file that says nothing does not tell of what its name says."""
    path = tiny.data / "place/Q1.ttl"
    path.write_text(text, encoding="utf-8")
    assert "it states nothing; describe <https://example.org/town/place/Q1> in it" in failure(tiny)


@pytest.mark.parametrize(
    "blank", ["schema:geo [ schema:latitude 1.0 ]", "schema:geo []", "schema:geo _:somewhere"]
)
def test_blank_node_is_told(blank: str, tiny: Project) -> None:
    """A blank node in data is refused, as a subject and as a value alike."""
    path = tiny.data / "place/Q1.ttl"
    path.write_text(
        f"@prefix schema: <https://schema.org/> .\n<https://example.org/town/place/Q1> {blank} .",
        encoding="utf-8",
    )
    told = failure(tiny)
    assert f"{path}" in told
    assert "blank node" in told


def test_blank_node_is_never_blamed_on_the_shapes(tiny: Project) -> None:
    """A blank node in the place of a date is a mistake in the data, not in the shapes."""
    text = tiny.catalogue.read_text(encoding="utf-8")
    assert "dcterms:modified" in text
    tiny.catalogue.write_text(re.sub(r"(dcterms:modified) \S+", r"\1 []", text), encoding="utf-8")
    assert "the shapes, not the data, are at fault" not in run(tiny).stderr


@pytest.mark.parametrize("form", ["text", "turtle", "json", "github"])
def test_hostile_text_is_shown_not_obeyed(form: str, ludvika: Project) -> None:
    """Control characters in data never reach the terminal raw, in whatever form."""
    path = ludvika.data / "twinning/Q12434-Q503184.ttl"
    change(
        path,
        "tt:status status:active ;",
        f'tt:status status:ended ; schema:endDate "1{HOSTILE}"^^xsd:gYear ;',
    )
    change(ludvika.data / "place/Q503184.ttl", '"Ludvika vald"', f'"{HOSTILE}"')
    result = run(ludvika, "--format", form)
    assert result.exit_code == 1
    assert "red" in result.stdout
    assert CONTROLS.findall(result.stdout) == []


def test_huge_literal_is_cut(ludvika: Project) -> None:
    """A literal of a million characters is told in a few."""
    path = ludvika.data / "twinning/Q12434-Q503184.ttl"
    change(path, "status:active ;", f'status:ended ; schema:endDate "1{"0" * 1_000_000}"^^xsd:gYear ;')
    result = run(ludvika)
    assert result.exit_code == 1
    assert max(len(line) for line in result.stdout.splitlines()) < 1000


def test_hostile_failure_is_shown_not_obeyed(tiny: Project) -> None:
    """Control characters in an IRI or a file name never reach the terminal raw when a failure is told."""
    path = tiny.data / "place/Q1\x1b[31m.ttl"
    path.write_text("<https://example.org/town/place/Q1> a 1 .", encoding="utf-8")
    assert CONTROLS.findall(failure(tiny)) == []


@pytest.fixture
def silent_service() -> Iterator[str]:
    """Return the address of a service that must not be asked, and see that it was not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "word", ["SERVICE", "service", "SeRvIcE", r"\\u0053ERVICE", r"SERV\\U00000049CE", "}SERVICE"]
)
def test_query_that_asks_a_service_is_refused(word: str, ludvika: Project, silent_service: str) -> None:
    """A shape whose query asks another service is refused, however it is written, and nothing is asked."""
    group = f"{word} SILENT <{silent_service}> {{ ?s ?p ?o }}"
    group = f"{{ {group}" if word.startswith("}") else group
    path = ludvika.shapes / "service.ttl"
    path.write_text(
        f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/shape> a sh:NodeShape ; sh:targetClass <https://schema.org/City> ;
  sh:sparql [ a sh:SPARQLConstraint ; sh:select '''SELECT $this WHERE {{ $this ?x ?y . {group} }}''' ] .
""",
        encoding="utf-8",
    )
    told = failure(ludvika)
    assert f"{path}: " in told
    assert "asks another service (SERVICE), which is never done" in told


def test_imports_are_never_followed(ludvika: Project, silent_service: str) -> None:
    """What data or shapes import is not fetched."""
    owl = f"<http://www.w3.org/2002/07/owl#imports> <{silent_service}shapes> ."
    (ludvika.shapes / "imports.ttl").write_text(f"<https://example.org/shapes> {owl}", encoding="utf-8")
    (ludvika.ontology / "imports.ttl").write_text(f"<https://w3id.org/twintowns/ns> {owl}", encoding="utf-8")
    change(ludvika.data / "place/Q503184.ttl", "60.133333", "600.133333")
    assert run(ludvika).exit_code == 1


@pytest.mark.parametrize(
    "malformed",
    [
        "a sh:NodeShape ; sh:property 'none'",
        "a sh:PropertyShape ; sh:path ex:p , ex:q",
        "a sh:PropertyShape ; sh:path ex:p ; sh:minCount 'one'",
        "a sh:NodeShape ; sh:nodeKind ex:Strange",
        "a sh:NodeShape ; sh:node ex:S",
        "a sh:PropertyShape ; sh:path ex:p ; sh:pattern '('",
        "a sh:NodeShape ; sh:sparql [ a sh:SPARQLConstraint ; sh:select 'SELECT $this WHERE {' ]",
        "a sh:NodeShape ; sh:sparql [ a sh:SPARQLConstraint ; sh:select 'SELECT $this { $this no:p 1 }' ]",
    ],
)
def test_malformed_shapes_are_refused(malformed: str, ludvika: Project) -> None:
    """Shapes that are no SHACL, or that judge by themselves, are told to be at fault: exit status 3."""
    (ludvika.shapes / "malformed.ttl").write_text(
        f"@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        f"ex:S {malformed} ; sh:targetClass <https://schema.org/AdministrativeArea> .\n",
        encoding="utf-8",
    )
    change(
        ludvika.data / "place/Q503184.ttl",
        "    schema:geo ",
        "    <https://example.org/p> 1 ;\n    schema:geo ",
    )
    told = failure(ludvika)
    assert "the shapes, not the data, are at fault" in told


def shapes_of(tmp_path: Path, text: str) -> SourceFile:
    """Return a file of shapes."""
    path = tmp_path / "shape.ttl"
    path.write_text(f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n{text}", encoding="utf-8")
    return read_canonical(path)


def test_query_that_is_an_iri_is_refused(tmp_path: Path) -> None:
    """A query that is no text is refused as a malformed shape."""
    shapes = shapes_of(
        tmp_path,
        "<urn:s:S> a sh:NodeShape ; sh:targetNode <urn:s:x> ; "
        "sh:sparql [ a sh:SPARQLConstraint ; sh:select <urn:s:q> ] .",
    )
    with pytest.raises(ShapesError):
        validate([], [], [shapes])


def test_result_about_what_no_file_tells_of_has_no_place(tmp_path: Path) -> None:
    """A result about a thing that no file tells of has neither file nor line."""
    shapes = shapes_of(
        tmp_path,
        "<urn:s:S> a sh:NodeShape ; sh:targetNode <urn:s:x> ; sh:nodeKind sh:Literal ; sh:message 'No.'@en .",
    )
    (result,) = validate([], [], [shapes]).results
    assert (result.file, result.line) == (None, None)
    assert result.focus_node == NamedNode("urn:s:x")


def test_result_is_placed_by_its_value_where_only_that_has_a_file(tmp_path: Path) -> None:
    """A result about a text that a file's thing is the value of is placed in that file."""
    path = tmp_path / "data.ttl"
    path.write_text("\n<urn:s:y> a <urn:s:C> .", encoding="utf-8")
    shapes = shapes_of(
        tmp_path,
        "<urn:s:S> a sh:NodeShape ; sh:targetNode <urn:s:x> ; "
        "sh:property [ sh:path [ sh:inversePath <urn:s:p> ] ; sh:class <urn:s:D> ] .",
    )
    data = SourceFile(
        path,
        (
            Triple(NamedNode("urn:s:y"), NamedNode("urn:s:p"), NamedNode("urn:s:x")),
            Triple(NamedNode("urn:s:y"), A, NamedNode("urn:s:C")),
        ),
    )
    (result,) = validate([data], [], [shapes]).results
    assert (result.file, result.line, result.path) == (path, 2, None)


def test_message_without_language_is_told(tmp_path: Path) -> None:
    """A shape without messages is told in pySHACL's words, in whatever language is asked for."""
    shapes = shapes_of(
        tmp_path, "<urn:s:S> a sh:NodeShape ; sh:targetNode <urn:s:x> ; sh:nodeKind sh:Literal ."
    )
    (result,) = validate([], [], [shapes]).results
    assert list(result.messages) == [""]
    assert result.message(["sv"]).startswith("Value is not of Node Kind sh:Literal")


def test_message_names_the_value(tmp_path: Path) -> None:
    """The variables of a message are filled in, in every language; one without a value is left out."""
    shapes = shapes_of(
        tmp_path,
        r"""<urn:s:S> a sh:NodeShape ; sh:targetNode <urn:s:x> ; sh:nodeKind sh:Literal ;
  sh:message "Rätta {?value} \\1 i {$this}."@sv , "Correct {$value} \\1 of {$this}."@en , "{?path}"@de .""",
    )
    (result,) = validate([], [], [shapes]).results
    assert result.messages == {"sv": r"Rätta urn:s:x \1 i urn:s:x.", "en": r"Correct urn:s:x \1 of urn:s:x."}


def test_terms_cross_the_border_unchanged(tmp_path: Path) -> None:
    """Values of every sort are told as they stand in the data, their lexical form untouched."""
    values: list[Term] = [
        NamedNode("urn:s:iri"),
        Literal("text"),
        Literal("text", language="sv"),
        Literal("+01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        Literal("2022-09-30T12:00:00Z", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")),
    ]
    values.append(BlankNode("b"))
    triples = [Triple(NamedNode("urn:s:x"), SCHEMA.name, value) for value in values]
    shapes = shapes_of(
        tmp_path,
        "<urn:s:S> a sh:NodeShape ; sh:targetNode <urn:s:x> ; sh:property <urn:s:P> . <urn:s:P> "
        "a sh:PropertyShape ; sh:path <https://schema.org/name> ; sh:in ( <urn:s:other> ) .",
    )
    path = tmp_path / "data.ttl"
    path.write_text("", encoding="utf-8")
    results = validate([SourceFile(path, tuple(triples))], [], [shapes]).results
    told = [result.value_node for result in results]
    assert len(told) == len(values)
    assert {str(value) for value in values[:-1]} <= {str(value) for value in told}
    assert sum(isinstance(value, BlankNode) for value in told) == 1


def shape_with_query(folder: Path, query: str, declared: str = "") -> Path:
    """Write a shape with a SPARQL constraint; return its file."""
    path = folder / "query.ttl"
    path.write_text(
        f"""@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:shape a sh:NodeShape ; sh:targetClass <https://schema.org/City> ;
  sh:sparql [ a sh:SPARQLConstraint ; sh:prefixes ex:prefixes ;
    sh:select "{query}" ] .
ex:prefixes a <http://www.w3.org/2002/07/owl#Ontology> {declared} .
""",
        encoding="utf-8",
    )
    return path


def test_query_that_does_not_select_this_is_refused(ludvika: Project) -> None:
    """A query that does not say for which thing it found something is refused, with its file and line."""
    path = shape_with_query(ludvika.shapes, "SELECT ?value WHERE { $this ?property ?value }")
    assert f"{path}:5: the query of <https://example.org/shape> does not select $this" in failure(ludvika)


def test_prefix_with_two_meanings_is_refused(ludvika: Project) -> None:
    """A prefix declared for two namespaces is refused where it is used, with file and line."""
    declared = "".join(
        f' ; sh:declare [ sh:prefix "p" ; sh:namespace "https://example.org/{name}/" ]' for name in "ab"
    )
    path = shape_with_query(ludvika.shapes, "SELECT $this WHERE { $this p:a 1 }", declared)
    told = failure(ludvika)
    assert f"{path}:5: the query of <https://example.org/shape> has two meanings for the prefix p:" in told


def test_what_follows_is_refused_of_all_focus_nodes(ludvika: Project) -> None:
    """What only the build states is refused of whatever a shape names as its focus, subclasses included."""
    (ludvika.shapes / "derived.ttl").write_text(
        """@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:shape a sh:NodeShape ; sh:closed false ; sh:ignoredProperties ( <https://schema.org/url> ) ;
  sh:targetSubjectsOf <https://schema.org/geo> ; sh:targetObjectsOf <https://schema.org/name> .
""",
        encoding="utf-8",
    )
    change(
        ludvika.data / "place/Q503184.ttl",
        "a schema:AdministrativeArea ;",
        "a schema:AdministrativeArea ;\n    schema:url <https://a.b/> ;",
    )
    result = run(ludvika)
    assert result.exit_code == 1
    assert "this follows by itself from what is said elsewhere" in result.stdout


def test_missing_term_is_no_missing_file(ludvika: Project) -> None:
    """What no file of the publication could describe is told at each place that names it."""
    for name in ("Q12434-Q503184", "Q211020-Q503184"):
        change(ludvika.data / f"twinning/{name}.ttl", "kind:twinning", "kind:wedding")
    told = run(ludvika, "--language", "en").stdout
    assert "bring it back" not in told
    assert told.count("kind/wedding") + told.count("kind:wedding") > 1
