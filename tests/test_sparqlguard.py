"""The check of queries: no way out is let through, however the engine reads it, and no mere word refused."""

import re
from contextlib import suppress
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from twintowns import sparqlguard
from twintowns.exceptions import QueryRefusedError
from twintowns.sparqlguard import (
    MOST_BRACKETS,
    MOST_DECLARATIONS,
    MOST_GRAPHS,
    MOST_IRI_CHARACTERS,
    examined,
    line_and_column,
    refuse_graphs,
)

BASE = "https://example.org/town/"
PREFIXES = {"schema": "https://schema.org/", "": "https://example.org/"}
WAYS_OUT = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { OPTIONAL { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE ?x { ?s ?p ?o } } } }",
    "SELECT * { FILTER EXISTS { sErViCe <http://127.0.0.1:1/> { ?s ?p ?o } } }",
    "SELECT * { FILTER(1 = 1 && NOT EXISTS{SERVICE<http://127.0.0.1:1/>{?s ?p ?o}}) }",
    "SELECT * { SERVICE # comment\n <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX ex: <http://127.0.0.1:1/> SELECT * { SERVICEex:x { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?a ?b 1SERVICE<http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?a ?b trueSERVICE<http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?a ?b 'x'@enSERVICE<http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?a ?b ex:a.SERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?a ?b '''x\\'''' . SERVICE<http://127.0.0.1:1/> { ?s ?p ?o } #'''\n}",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ser\\U00000076ice <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?a ?b '\\u0027 . SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } #' }",
    "SELECT * { # \\u000A SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }\n }",
    'SELECT * { FILTER(2<1#> """\n||true) SERVICE <http://127.0.0.1:1/> {?s ?p ?o} #"""\n}',
    'SELECT * { FILTER(?a<1#> """\n||true) SERVICE <http://127.0.0.1:1/> {?s ?p ?o} #"""\n}',
    'SELECT * { FILTER(true<1#> """\n||true) SERVICE <http://127.0.0.1:1/> {?s ?p ?o} #"""\n}',
    'SELECT * { FILTER("a"@en<1#> """\n||true) SERVICE <http://127.0.0.1:1/> {?s ?p ?o} #"""\n}',
    'SELECT * { FILTER("a"@en--ltr<1#> """\n||true) SERVICE <http://127.0.0.1:1/> {?s ?p ?o} #"""\n}',
    'SELECT * { FILTER(<<(?s ?p ?o)>><1#> """\n||true) SERVICE <http://127.0.0.1:1/> {?s ?p ?o} #"""\n}',
    "SELECT * { FILTER(?a<'>'') SERVICE<http://127.0.0.1:1/>{?s ?p ?o} #'\n}",
    "SELECT * { FILTER(?a<3)SERVICE#>\n:x{?s ?p ?o}}",
    "SELECT * { \u017fERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "ASK { ?s <java:org.example.Function> ?o }",
    r"SELECT (<j\u0061va:org.example.Function>(1) AS ?x) {}",
    r"ASK { ?s <\U00000066ile:///etc/passwd> ?o }",
    "SELECT (bif:file_to_string('/etc/passwd') AS ?x) {}",
    "SELECT * FROM <file:/etc/passwd> {}",
    "SELECT ('a\x01b' AS ?x) {}",
    "SELECT (<LONG::bif:http_get>('http://127.0.0.1:1/') AS ?x) {}",
    "PREFIX b: <SHORT::b> SELECT (b:if:http_get('http://127.0.0.1:1/') AS ?x) {}",
    r"PREFIX b: <SQLVAL::> SELECT (b:\u0062if:http_get('http://127.0.0.1:1/') AS ?x) {}",
    "SELECT * FROM <a:a> OPTION (get:soft 'replace') {}",
    "SELECT * { QUAD MAP <a:a> { ?s ?p ?o } }",
    "SELECT * FROM `iri('http://127.0.0.1:1/')` {}",
    "SELECT * FROM ('http://127.0.0.1:1/') {}",
    "SELECT * FROM ?:x {}",
    "SELECT * FROM IDENTIFIED BY <http://127.0.0.1:1/> {}",
    "define input:storage <x> SELECT * {}",
    "INSERT DATA { <a:a> <a:b> 1 }",
    "delete where { ?s ?p ?o }",
    "LOAD <http://127.0.0.1:1/>",
    "PREFIX a: <b:> CLEAR ALL",
    "DROP ALL",
    "CREATE GRAPH <a:a>",
    "COPY <a:a> TO <a:b>",
    "WITH <a:a> DELETE {} INSERT {} WHERE {}",
]
WORDS = [
    "SELECT ?service { ?service schema:service 'SERVICE', \"service\", <https://example.org/service> }",
    "SELECT * { ?s schema:service, :Service, schema:service-a, schema:göteborgsservice ?o }",
    "SELECT * { ?s <urn:service> ?o } # SERVICE <http://127.0.0.1/> {}",
    "SELECT (\"\"\"SERVICE \" \\\" '' service\"\"\" AS ?x) ('''LOAD''' AS ?y) {}",
    "SELECT * { FILTER(?a < 3 && ?b > 2 && ?c<https://example.org/service>) }",
    "SELECT * { ?s ?p '' , \"\" , 'it\\'s a service' }",
    "BASE <https://example.org/> PREFIX e: <#> SELECT * { ?s e:x ?o . <#service> ?p (<a#b>) }",
    "SELECT (STR(<#a>) AS ?x) { VALUES (?y) { (<a#service>) } }",
    "SELECT ?insert ?load { ?load schema:load ?insert . ?x schema:copy 'DROP' }",
    "SELECT * { ?s schema:a\\-service\\'s ?o , 'caf\\u00e9' }",
]


def refusal_of(query: str) -> QueryRefusedError:
    """Return why a query is refused."""
    with pytest.raises(QueryRefusedError) as caught:
        examined(query, BASE, PREFIXES)
    return caught.value


@pytest.mark.parametrize("query", WAYS_OUT)
def test_ways_out_are_refused(query: str) -> None:
    """A way to other services, files or updates is refused, and the place of it is told."""
    refusal = refusal_of(query)
    assert refusal.status == 400
    assert refusal.line
    assert refusal.column


@pytest.mark.parametrize("query", WORDS)
def test_words_are_let_through(query: str) -> None:
    """A variable, a local name, an IRI, a string or a comment may hold any word."""
    assert examined(query, BASE, PREFIXES).form == "SELECT"


def test_place() -> None:
    """The place of what is refused is told by line and column, counted from 1."""
    refusal = refusal_of("SELECT *\n{\n  SERVICE <x> {} }")
    assert (refusal.line, refusal.column) == (3, 3)
    assert line_and_column("", 0) == (1, 1)


def test_comments_are_blanked() -> None:
    """The engine sees no comment, and everything else at its old place."""
    query = "SELECT * # '\n{ ?s ?p '#' }#x\r#y"
    assert examined(query, BASE, PREFIXES).text == "SELECT *    \n{ ?s ?p '#' }  \r  "


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("ASK {}", "ASK"),
        ("prefix select: <a:> construct WHERE {}", "CONSTRUCT"),
        ("BASE <ask:> DESCRIBE <x>", "DESCRIBE"),
        ("SELECT * { { SELECT * {} } }", "SELECT"),
    ],
)
def test_form(query: str, form: str) -> None:
    """The form of a query is told."""
    assert examined(query, BASE, PREFIXES).form == form


@pytest.mark.parametrize("query", ["", "  ", "# ASK {}", "?select", "'ASK'", "PREFIX a: <b:>"])
def test_no_query(query: str) -> None:
    """What asks nothing is no query."""
    assert "no query" in str(refusal_of(query))


@pytest.mark.parametrize(
    "query", ["ASK { 'a }", "ASK { 'a\n' }", 'ASK { """a"" }', "ASK { \\ }", "ASK { ?a\\'b' }"]
)
def test_unreadable(query: str) -> None:
    """What cannot be read for certain is refused."""
    assert "does not end" in str(refusal_of(query))


@pytest.mark.parametrize(
    "code", ["\\u0022", "\\u0027", "\\u000A", "\\u003E", "\\uD800", "\\UFFFFFFFF", "\\u005C"]
)
def test_escapes(code: str) -> None:
    """A codepoint escape for what ends or begins something is refused; engines disagree when to read it."""
    assert "codepoint" in str(refusal_of(f"ASK {{ ?s ?p 'x{code}' }}"))


def test_brackets() -> None:
    """Brackets may lie in brackets, but not without end, for the engine descends into each."""
    deep = MOST_BRACKETS - 1
    assert examined("ASK {" + "(" * deep + ")" * deep + "}", BASE, {}).form == "ASK"
    assert "deep" in str(refusal_of("ASK {" + "{" * MOST_BRACKETS))
    assert examined("ASK }}]) {}", BASE, {}).form == "ASK"


def test_dataset() -> None:
    """The graphs that a query names are told: prefixed, relative and escaped as they may be."""
    query = (
        "BASE <http://a/b/> PREFIX g: <c/> SELECT * FROM <d> FROM NAMED g:e FROM schema:f\\-g "
        "FROM <\\u0078> FROM unknown:x { ?s ?p <not> }"
    )
    found = examined(query, BASE, PREFIXES)
    assert found.default_graphs == (
        "http://a/b/d",
        "https://schema.org/f-g",
        "http://a/b/x",
        "unknown:x",
    )
    assert found.named_graphs == ("http://a/b/c/e",)
    assert found.has_dataset
    assert not examined("ASK {}", BASE, PREFIXES).has_dataset


def test_prefixes() -> None:
    """The given prefixes that a query uses are told, so that the engine need not read the others."""
    assert examined("ASK { ?s schema:name :x, ex:y }", BASE, PREFIXES).prefixes == ("", "schema")


def test_volatile() -> None:
    """A query whose answer may change without the data is told from others."""
    assert examined("SELECT (rand() AS ?x) {}", BASE, PREFIXES).is_volatile
    assert not examined("SELECT ?now { ?now schema:now 'NOW()' }", BASE, PREFIXES).is_volatile


def test_graphs_outside() -> None:
    """A graph that the dataset does not have is refused, and named."""
    refuse_graphs(["a:a"], {"a:a"})
    with pytest.raises(QueryRefusedError, match="file:///etc/passwd"):
        refuse_graphs(["a:a", "file:///etc/passwd"], {"a:a"})


OPENINGS = st.sampled_from(
    [
        *(
            "FILTER(?q",
            "FILTER(1",
            "FILTER(true",
            "FILTER(EXISTS{}",
            "FILTER((1)",
            "FILTER(:a",
            "FILTER(:",
            "BIND(1",
        ),
        *(
            "FILTER(?q=1 && 'a'@en",
            "FILTER('a'@en--ltr",
            "FILTER('a'^^:x",
            "FILTER(<<(:a :b ?q)>>",
            "FILTER(NOW()",
        ),
        *(
            "FILTER(1.",
            "FILTER(.5",
            "FILTER(1e1",
            "FILTER(-1",
            "FILTER(?q*1",
            "FILTER(?q IN(1",
            "FILTER(<a:b>",
            "{",
        ),
        *(
            "FILTER(COUNT(DISTINCTtrue",
            "ORDER BY(1",
            "VALUES ?z{",
            "?a ?b ",
            "?a ?b 'c'",
            "?q :p?true",
            "?a (:p",
        ),
    ]
)
COMPARISONS = st.sampled_from(
    [
        *(
            "<1#>",
            "<2)",
            "<'>",
            "<1#'>",
            "<:a#>",
            "<urn:x#>",
            "</#>",
            "<?q#>",
            "<:x'>'",
            "<1)",
            "<(1#>",
            "<-1#>",
        ),
        *("<!1#>", "<true#>", ">1", "=1", "<http://x#>", "<http:#>", "<a://#>", "<\\u0061#>", "<:#>", ""),
    ]
)
QUOTES = st.sampled_from(
    [
        *("'''\n", '"""\n', "\n", "#\n", "' ", '" ', "\r", "#\r", "'", "", ")", "||true)\n", "'''||1)\n"),
        *('"""||true)\n', "\n) ", "\n||true) ", "}) ", "\\'", "\\u0027", "\\u0022"),
    ]
)
SERVICES = st.sampled_from(
    [
        *(
            "SERVICE:x{?s ?p ?o}",
            "SERVICE<http://127.0.0.1:1/>{?s ?p ?o}",
            "SERVICE#>\n:x{?s ?p ?o}",
            "service :x{}",
        ),
        *("trueSERVICE:x{}", ":b.SERVICE:x{}", "?SERVICE:x{}", "OPTIONAL{SERVICE:x{}}", "\\u0053ERVICE:x{}"),
    ]
)
ENDINGS = st.sampled_from(
    ["#'''\n", '#"""\n', "#'\n", '#"\n', "", "}", "#>\n", "'", '"', ")", "'''", '"""', "\n}"]
)
SOMEWHERE = NamedNode("http://127.0.0.1:1/")


def ask_engine(query: str) -> None:
    """Ask a store that holds something; to turn to another service is an OSError, for port 1 is barred."""
    store = Store()
    store.add(Quad(SOMEWHERE, SOMEWHERE, Literal("x"), SOMEWHERE))
    found = store.query(query, prefixes={"": SOMEWHERE.value}, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    list(found)


@settings(max_examples=3000)
@given(st.tuples(OPENINGS, COMPARISONS, QUOTES, QUOTES, SERVICES, ENDINGS, ENDINGS).map("".join))
def test_engine_never_asks(middle: str) -> None:
    """What is let through never makes the engine turn to another service, however it is put together."""
    with suppress(QueryRefusedError, SyntaxError, ValueError, RuntimeError):
        query = f"SELECT * {{ ?q ?r ?t {middle} }}"
        ask_engine(examined(query, BASE, {"": SOMEWHERE.value}).text)


def test_engine_would_ask() -> None:
    """Without the check the engine would ask; the test above would notice."""
    with pytest.raises(OSError, match="port 1"):
        ask_engine('SELECT * { ?q ?r ?t FILTER(2<1#> """\n||true) SERVICE:x{?s ?p ?o}\n#"""\n}')


class Counting:
    """A pattern that counts how often it is tried."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        """Count from none."""
        self._pattern, self.tried = pattern, 0

    def match(self, text: str, position: int) -> re.Match[str] | None:
        """Try it."""
        self.tried += 1
        return self._pattern.match(text, position)


@pytest.mark.parametrize("times", [100, 200, 49_900])
def test_letters_are_read_once(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Letters that are no prefix are not read to their end again at each of their pieces."""
    counted = Counting(sparqlguard.__dict__["_TOKEN"])
    monkeypatch.setattr(sparqlguard, "_TOKEN", counted)
    assert examined("SELECT * {} " + "a-" * times, BASE, {}).form == "SELECT"
    assert counted.tried < 10


@settings(max_examples=500)
@given(
    st.lists(st.sampled_from(["a", "-", "1", ":", ".", "_", "é", " ", "e+5", "SERVICE", "?"])).map("".join)
)
def test_letters_are_read_alike(text: str) -> None:
    """Not to read letters again changes no token."""
    patterns = sparqlguard.__dict__
    position, expected = 0, []
    while position < len(text):
        found = patterns["_TOKEN"].match(text, position)
        expected.append((found.lastgroup, found[0], position))
        position = found.end()
    assert list(patterns["_tokens"](text)) == expected


@pytest.mark.parametrize("words", ["a-SERVICE <a:a> {}", "SELECT * {} a-INSERT", "ASK {} a-1LOAD <a:a>"])
def test_words_in_runs_are_refused(words: str) -> None:
    """A word is refused however it hangs together with others."""
    assert refusal_of(words).status == 400


@pytest.mark.parametrize(
    "query",
    [
        "BASE <http://x/" + "a/" * 25_000 + ">" + "FROM<a>" * 6000 + "SELECT * {}",
        "BASE <http://x/" + "a/" * 1000 + ">" + "FROM<a>" * 12_000 + "SELECT * {}",
        "BASE <a/> " * 9000 + "ASK {}",
        "BASE <a/a/a/a/a/a/a/a/> " * 4000 + "ASK {}",
        "PREFIX a: <a> " * 7000 + "ASK {}",
        "PREFIX a: <http://x/" + "a" * 25_000 + "> SELECT * " + "FROM a:b " * 8000 + "{}",
        "PREFIX a: <http://x/" + "a" * 2000 + "> SELECT * " + "FROM NAMED a:b " * 6000 + "{}",
        "PREFIX a: <http://x/" + "a" * 2000 + "> SELECT * FROM a:" + "b" * 100 + "{}",
        "SELECT * FROM a:" + "b" * 90_000 + "{}",
    ],
)
def test_declarations_are_bounded(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    """What is to be resolved is bounded in number and length, before anything is resolved."""
    resolved: list[str] = []

    def joined(base: str, iri: str) -> str:
        resolved.extend((base, iri))
        return urljoin(base, iri)

    monkeypatch.setattr(sparqlguard, "urljoin", joined)
    assert refusal_of(query).status == 400
    assert len(resolved) <= 2 * (MOST_DECLARATIONS + MOST_GRAPHS)
    assert max(map(len, resolved), default=0) <= MOST_IRI_CHARACTERS


def test_graphs_once() -> None:
    """A graph that is named twice is asked once, and as many may be named as may be."""
    found = examined("ASK " + "FROM <a:a> " * MOST_GRAPHS + "{}", BASE, {})
    assert found.default_graphs == ("a:a",)


def test_graphs_are_shown_in_short() -> None:
    """The refusal of a graph does not repeat all of a long name."""
    with pytest.raises(QueryRefusedError) as caught:
        refuse_graphs(["a:" + "a" * 900], ())
    assert len(str(caught.value)) < 400
