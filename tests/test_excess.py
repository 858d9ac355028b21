"""What is too much: names without end, files without end, and paths that lead elsewhere."""

import bz2
import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from babel.messages import Message

from twintowns import bulk, collation, foldednames, folding, messages, networkdrawing, truthydumps
from twintowns.bulk import read_bulk
from twintowns.edition import replace
from twintowns.exceptions import AnswerError, DataFileError, MessageFileError, TableError, TurtleSyntaxError
from twintowns.fingerprint import content_hash
from twintowns.harvestcache import HarvestCache, harvest_cache
from twintowns.loading import read_data
from twintowns.nameindex import Entry, NameIndex
from twintowns.project import Project
from twintowns.proposals import proposals, write
from twintowns.questioning import Row, rows
from twintowns.reconcileanswers import MOST_PROPERTIES, Answers, BadQueryError
from twintowns.scope import Scope
from twintowns.tableharvest import TableOptions, harvest_table
from twintowns.tabletexts import rows_of, written
from twintowns.territories import territories_of
from twintowns.transport import Answer, Client, Request
from twintowns.truthydumps import TruthyDump
from twintowns.wikidataservice import WikidataService

MARKS = "\u0315\u0300\u05ae\u0327" * 5000
"""Marks that have to be put in order, which takes the square of their number."""


@pytest.mark.parametrize(
    "read", [foldednames.folded, folding.folded, lambda text: collation.sort_key(text, "sv")[0]]
)
def test_long_names_are_cut(read: Callable[[str], str]) -> None:
    """Of a name, no more is folded or put in order than names have."""
    assert read(f"Åbo{MARKS}") == read(f"Åbo{MARKS[:197]}")
    assert read("o" * 300) == read("o" * 200)
    assert territories_of(MARKS) == frozenset()


def test_narrowing_is_bounded() -> None:
    """Values by which a query is narrowed are cut, and their number is bounded."""
    answers = Answers(NameIndex([Entry("Q64", ("Berlin",), frozenset({"DE"}))]), "https://example.org/")
    one = {"pid": "country", "v": [f"Deutschland{' ' * 200}?", MARKS]}
    query = {"query": "Berlin", "properties": [one] * MOST_PROPERTIES}
    (told,) = answers.batch(json.dumps({"q": query}))["q"]["result"]
    assert (told["id"], told["match"]) == ("Q64", True)
    query["properties"] = [one] * (MOST_PROPERTIES + 1)
    with pytest.raises(BadQueryError, match="at most 10 properties"):
        answers.batch(json.dumps({"q": query}))


@pytest.mark.parametrize("name", [".harvest", ".harvest/.gitignore", ".harvest/wikidata.sqlite"])
def test_cache_that_leads_elsewhere(tmp_path: Path, name: str) -> None:
    """What was harvested is kept in the project, and nothing is written through a link."""
    root, elsewhere = tmp_path / "town", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    if name != ".harvest":
        (root / ".harvest").mkdir()
        (elsewhere / "notes").write_text("mine", encoding="utf-8")
    (root / name).symlink_to(elsewhere if name == ".harvest" else elsewhere / "notes")
    with (
        pytest.raises(DataFileError, match="this link leads elsewhere"),
        harvest_cache(root / ".harvest", "q"),
    ):
        pass
    told = {path.name: path.read_text(encoding="utf-8") for path in elsewhere.iterdir()}
    assert told == ({} if name == ".harvest" else {"notes": "mine"})


def test_folder_that_leads_elsewhere(tiny: Project, tmp_path: Path) -> None:
    """No file is proposed in a folder that is a link, nor written where one has become a link since."""
    name = "source/new.ttl"
    proposed = proposals(tiny, {name: "text"})
    (tmp_path / "elsewhere").mkdir()
    for path in (tiny.data / "source").iterdir():
        path.rename(tmp_path / "elsewhere" / path.name)
    (tiny.data / "source").rmdir()
    (tiny.data / "source").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataFileError, match="this link leads elsewhere"):
        proposals(tiny, {name: "text"})
    with pytest.raises(DataFileError, match="this link leads elsewhere"):
        write(tiny, proposed)
    assert not (tmp_path / "elsewhere" / "new.ttl").exists()


@pytest.mark.parametrize("name", ["../x.ttl", "source/../../../x.ttl", "/x.ttl", "source/a\nb.ttl"])
def test_proposals_lie_in_the_data(tiny: Project, name: str) -> None:
    """No file is proposed outside of the folder of the facts."""
    with pytest.raises(DataFileError, match="outside of data/"):
        proposals(tiny, {name: "text"})


def test_proposal_where_a_pipe_is(tiny: Project) -> None:
    """A pipe in the place of a proposed file is told, and not waited for."""
    os.mkfifo(tiny.data / "pipe.ttl")
    with pytest.raises(DataFileError, match="no file, but a device or a pipe"):
        proposals(tiny, {"pipe.ttl": "text"})


@pytest.mark.parametrize("source", ["../../../../x", "a/b", "a\nb", "ä", "-", ".x"])
def test_names_of_sources(tiny: Project, tmp_path: Path, source: str) -> None:
    """A source is named by a local name, which leads to no other folder."""
    table = tmp_path / "t.csv"
    table.write_text("Kommun,Land\nImatra,Finland\n", encoding="utf-8")
    with pytest.raises(TableError, match="cannot be the name of a source"):
        harvest_table(table, tiny, TableOptions(source=source))


@pytest.mark.parametrize("name", ["place/Q1.ttl", "bulk/x.nt"])
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_files_without_end(tiny: Project, name: str, kind: str) -> None:
    """What may have no end, a device or a pipe, is refused before it is read."""
    path = tiny.data / name
    path.parent.mkdir(exist_ok=True)
    if kind == "link":
        path.symlink_to("/dev/zero")
    else:
        os.mkfifo(path)
    for read in (
        lambda: [read_data(tiny, "https://example.org/town/"), read_bulk(tiny, "https://example.org/town/")],
        lambda: content_hash([path], tiny.root),
    ):
        with pytest.raises(DataFileError, match="no file, but a device or a pipe"):
            read()


def test_new_files_follow_the_mask(tmp_path: Path) -> None:
    """A new file may be read by whoever the mask of the process lets read it; one that is there stays so."""
    mask = os.umask(0o027)
    try:
        replace(tmp_path / "new", b"")
        (tmp_path / "old").touch(mode=0o600)
        replace(tmp_path / "old", b"new")
    finally:
        os.umask(mask)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("new", "old")] == [0o640, 0o600]
    assert {path.name for path in tmp_path.iterdir()} == {"new", "old"}


DEEP = "<<( <http://a> <http://b> "
NESTED = f"{DEEP * 50000}<http://c>{' )>>' * 50000} .\n"
NAMED = "<https://example.org/town/place/Q1> <https://schema.org/name>"


@pytest.mark.parametrize("name", ["bulk/x.ttl", "x.nt", "x.nq"])
def test_nested_triples_in_bulk(tiny: Project, name: str) -> None:
    """Triples about triples about triples are refused before the parser, which they would end, reads them."""
    path = tiny.data / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{NAMED} {NESTED}", encoding="utf-8")
    with pytest.raises(TurtleSyntaxError, match="a triple about a triple"):
        read_bulk(tiny, "https://example.org/town/")


def test_many_brackets_in_bulk(tiny: Project) -> None:
    """What looks like a triple about a triple, but stands in the names of many things, is read."""
    path = tiny.data / "x.nt"
    path.write_text("".join(f'{NAMED} "{number} <<" .\n' for number in range(3000)), encoding="utf-8")
    (file,) = read_bulk(tiny, "https://example.org/town/")
    assert len(file.triples) == 3000
    line = f"# {'x' * 100_000}\n"
    path.write_text(f'{line}{NAMED} "<<" .\n{line}{NAMED} "{"<" * 1998}" .\n', encoding="utf-8")
    (file,) = read_bulk(tiny, "https://example.org/town/")
    assert len(file.triples) == 2


def test_most_that_is_unpacked(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a packed file is, there is an end to what is read of it."""
    monkeypatch.setattr(bulk, "_ANYHOW", 1000)
    monkeypatch.setattr(bulk, "_AT_MOST", 2000)
    path = tiny.data / "x.nt.gz"
    path.write_bytes(gzip.compress(b"# nothing\n" * 150))
    assert read_bulk(tiny, "https://example.org/town/")
    path.write_bytes(gzip.compress(b"# nothing\n" * 250))
    with pytest.raises(DataFileError, match="far more than its size allows"):
        read_bulk(tiny, "https://example.org/town/")


FACT = "<http://www.wikidata.org/entity/Q1> <http://www.w3.org/2000/01/rdf-schema#label>"


def test_nested_triples_in_a_dump(tmp_path: Path) -> None:
    """A truthy dump holds no triples about triples, and they are left out unread."""
    path = tmp_path / "truthy.nt"
    path.write_text(f'{FACT} {NESTED}{FACT} "Universe"@en .\n', encoding="utf-8")
    dump = TruthyDump(path, ("en",))
    assert [item.names for item in dump.items({"Q1"}, lambda _: None)] == [{"en": "Universe"}]
    assert dump.skipped == 1


@pytest.mark.parametrize("packed", [b"x" * (10 << 20), b"x\n" * (3 << 20)], ids=["line", "lines"])
def test_dumps_without_end(tmp_path: Path, packed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dump that is one line, or packed without end, is not read to its end."""
    monkeypatch.setattr(truthydumps, "_ANYHOW", 1 << 20)
    path = tmp_path / "truthy.nt.bz2"
    path.write_bytes(bz2.compress(packed))
    with pytest.raises(DataFileError, match="a line or a length that no dump of Wikidata has"):
        _ = TruthyDump(path, ("en",)).pairs


class _Service:
    """A service that always answers the same."""

    url = "https://example.org/sparql"

    def __init__(self, term: str) -> None:
        """Keep the one term of the answer."""
        self._answer = f'{{"head": {{"vars": ["item"]}}, "results": {{"bindings": [{{"item": {term}}}]}}}}'

    def taken(self, _request: Request, taken: Callable[[Answer], Iterator[Row]]) -> Iterator[Row]:
        """Answer."""
        return taken(Answer(200, "application/sparql-results+json", iter([self._answer.encode()])))


def test_nested_triples_in_an_answer() -> None:
    """An answer that is nested without end is refused before the parser, which it would end, reads it."""
    iri = '{"type": "uri", "value": "http://a"}'
    begin = f'{{"type": "triple", "value": {{"subject": {iri}, "predicate": {iri}, "object": '
    client = cast("Client", _Service(f"{begin * 50000}{iri}{'}}' * 50000}"))
    with pytest.raises(AnswerError, match="no result of a query"):
        rows(client, "SELECT", "item")


@pytest.mark.parametrize("scope", [Scope((), ()), Scope((), ("Q34",))])
def test_service_without_end(scope: Scope) -> None:
    """A service that answers with the same items for ever is given up."""
    client = cast("Client", _Service('{"type": "uri", "value": "http://www.wikidata.org/entity/Q7"}'))
    service = WikidataService(client, cast("HarvestCache", None), ("en",), "2026-11-23")
    with pytest.raises(AnswerError, match="the same items again and again"):
        list(service.stating(scope))


HEADER = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset={0}\\n"\n'
    '"Plural-Forms: nplurals={1}; plural={2};\\n"\n\n'
)
PLURAL = 'msgid "1 row"\nmsgid_plural "{count} rows"\nmsgstr[0] "{count} rij"\nmsgstr[1] "{count} rijen"\n'


@pytest.mark.parametrize(
    "told",
    [
        ("UTF-8", "2", "n%0"), ("rot13", "2", "n"), ("no-such", "2", "n"), ("UTF-8", "400000000", "n"),
        ("UTF-8", '4"\n"00000000', "n"), ("UTF-8", "0", "n"), ("UTF-8", "2", "n%(n-20)"),
    ],
)  # fmt: skip
def test_headers_of_messages(tmp_path: Path, told: tuple[str, str, str]) -> None:
    """A message file whose header would make the program fail, or fill the memory, is told."""
    (tmp_path / "nl.po").write_text(HEADER.format(*told) + PLURAL, encoding="utf-8")
    messages.use(tmp_path)
    try:
        with pytest.raises(MessageFileError, match="this message file cannot be read"):
            messages.translations("nl")
        (tmp_path / "nl.po").write_text(HEADER.format("UTF-8", 2, "n!=1") + PLURAL, encoding="utf-8")
        messages.translations.cache_clear()
        assert messages.translations("nl").ngettext("1 row", "{count} rows", 0) == "{count} rijen"
    finally:
        messages.use(tmp_path / "none")
        messages.translations.cache_clear()


@pytest.mark.parametrize("text", ["{count} rader {", "{count} rader }", "}{count}", "{{count}}"])
def test_stray_braces(text: str) -> None:
    """A translation with a brace too many is not used."""
    assert messages.has_other_placeholders(Message("{count} rows", text))
    assert not messages.has_other_placeholders(Message("{count} rows", "rader: {count}"))


def test_long_names_in_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name of any length is shortened in as many steps as one of an ordinary length."""
    asked: list[int] = []

    def width_of(text: str, height: int) -> float:
        asked.append(len(text))
        return len(text) * height / 2

    monkeypatch.setattr(networkdrawing, "width_of", width_of)
    assert networkdrawing.shortened("x" * 100_000) == networkdrawing.shortened("x" * 200)
    assert max(asked) <= 200


def test_formulas_in_tables() -> None:
    """No cell of the copy of a table is taken for a formula, and each is read back as it was."""
    rows = [["=1+1", "+46", "-", "@x", "'=y", "Ludvika", "'s-Hertogenbosch", ""]]
    content = written(rows, ",").decode("utf-8-sig")
    assert content == "'=1+1,'+46,'-,'@x,''=y,Ludvika,'s-Hertogenbosch,\r\n"
    assert rows_of(content, Path("t.csv")) == (rows, ",")


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("<p>\ufdd0a</p><p>b\ufdd1</p>", "<p>a</p><p>b</p>"),
        ("<p>\ufdd0<b>a\ufdd1</b></p>", "<p><b>a</b></p>"),
        ("<p>\ufdd0a</p>", "<p>a</p>"),
        ("<p>\ufdd0a <b>b<br></b>\ufdd1 \ufdd1</p>", '<p><span lang="en">a <b>b<br></b></span> </p>'),
    ],
)
def test_marks_in_data(page: str, marked: str) -> None:
    """Marks of messages that come with the data make no element that crosses another, and do not stay."""
    assert messages.marked(page) == marked
