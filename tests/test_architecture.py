"""How the parts fit: imports point downwards, one part prints, and nothing grows too large."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from twintowns.project import COOKBOOK, OPERATIONS, PACKAGE, QUERIES, QUESTIONS, TEMPLATES

LAYERS = """
    __main__
    cli
    harvestverbs
    terminal
    comparing
    harvestfiles  tableharvest
    quickstatements
    proposals  proposing
    serving  querying  site  starting  publishing  hosting
    reconciling
    previews
    server  nginx  apache  caddy
    harvesting
    twinstatements  wikidataservice  entitydocuments  truthydumps
    harvestcache  questioning  scope
    wikidata
    delivery  takeover  linkpatterns
    dereferencing  serverwords
    endpoint
    linkheaders  problems  printed
    wayfinding
    exchanges
    proxying
    workers
    lines
    processes
    givingway
    answering
    preparing
    spreading
    printing  formatting  graphstore
    cataloguing  manifest
    pages
    landing  lists  querypage  searchpages  comparisonpages
    searchindex
    frame
    slots
    drawings
    networkdrawing
    mapdrawing
    scenes  comparisonnotes
    connections
    basemaps  simplification
    clipping  landlines
    overviews
    signposting
    findables  embedding
    searchview  citation  networks  tables  assets  servicedescription
    records  searchthings  head
    timeline  completeness
    renewal
    revalidation
    views  reports  writing  statistics  validation  dcat  feed  sitemap  voiddescription
    dcatvalues
    description  derivation  judgement  codes  dating  contents  derivable
    tellings  gatherings
    namedgraphs
    tableproposing
    kinds
    contact
    openinghours
    dataset  comparisontable  catalogue  jsonld  edition  screening  recollection  holdings  asking  bulk
    columns  searchtexts  paging  comparison  shapequeries
    pagevalues  countries  collation  flags
    tablematching  reconcileanswers
    namesources  reconciliation
    nameindex
    queryscreen  surroundings  toldreports
    partstores
    placewords  likeness
    territories  reach  wellformed  targets
    certainty
    loading  turtle  constraints  results  labels  groups  messages
    headings  tabletexts  spreadsheets
    schemaorg  outlines  transport  compression  parallel
    sparqlguard  store  turns  openapi  enginewords
    reminders
    tablecells  writtendates  reconcileapi
    stamps
    fingerprint  messagefiles  templating  spares  differences
    ingredients
    pieces
    trees  swapping
    patterns  querytokens  belonging
    languagetags  legibility  vicinity
    packing  altering
    iris  nesting  paths  project  jsontext  inventory  advice  plainness  distributions  authority  choices
    deadlines
    credentials  patience
    negotiation  conditions  clients  requestlog  mediatypes  profiles  headers
    packedtriples  triplepatterns  triplearrays
    projection  labelling  folding  foldednames
    vocabulary  graph  positions  exceptions  xmltext  __init__
"""
"""The modules, from verbs down to words; each imports only from lines below its own."""

DEPTH = {module: depth for depth, line in enumerate(LAYERS.split("\n")) for module in line.split()}
MODULES = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.glob("*.py"))}
IMPORTERS = {
    "babel": "messages",
    "brotli": "compression",
    "click": "cli",
    "granian": "serving",
    "httpx": "transport",
    "jinja2": "templating",
    "orjson": "jsontext",
    "pyparsing": "judgement",
    "pyshacl": "judgement",
    "python_calamine": "spreadsheets",
    "rdflib": "judgement",
    "werkzeug": "negotiation",
    "zstandard": "compression",
}
"""The one module that imports a library."""
EXCEPTED = {
    "pyoxigraph",  # its terms are this program's model of RDF
    "starlette",  # its requests and responses are the service's model of HTTP
    "markupsafe",  # jinja2's word for escaped text, which a view speaks so that no template forgets to escape
}
FOREIGN_ROUTES = {"ftplib", "http", "httpx", "requests", "smtplib", "socket", "urllib.request"}
VERBS = {"cli", "harvestverbs", "terminal"}
"""The modules that make up the command line: the only ones that print."""
CONNECTED = {"transport", "deadlines", "serving", "answering", "processes"}
"""The modules that may know a way to another machine or process: what a person asked for, and the service."""
MOST_LINES, MOST_FUNCTION_LINES, MOST_PARAMETERS = 400, 50, 5

Function = ast.FunctionDef | ast.AsyncFunctionDef
Named = Function | ast.ClassDef


def _imports(tree: ast.Module) -> Iterator[str]:
    """Go through what a module imports, wherever in it: in functions and for type checkers too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "twintowns":
                yield from (f"twintowns.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def _own(tree: ast.Module) -> set[str]:
    """Return the modules of this program that a module imports."""
    named = {name.split(".")[1] for name in _imports(tree) if name.startswith("twintowns.")}
    return {name if name in MODULES else "__init__" for name in named}


def _libraries(tree: ast.Module) -> set[str]:
    return {name.split(".")[0] for name in _imports(tree)}


def _functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _public(tree: ast.AST) -> Iterator[Named]:
    """Go through the public functions, classes and methods."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Named) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def test_picture_is_complete() -> None:
    """Every module has its place in the picture, and the picture shows no other."""
    assert DEPTH.keys() == MODULES.keys()


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_downwards(module: str) -> None:
    """A module imports only from layers below its own, so that there is no cycle either."""
    upwards = {name for name in _own(MODULES[module]) if DEPTH[name] <= DEPTH[module]}
    assert upwards == set()


def test_arrows_are_seen() -> None:
    """Imports in functions and for type checkers are arrows too."""
    assert _own(ast.parse("def f():\n from twintowns.cli import main")) == {"cli"}
    assert _own(ast.parse("if TYPE_CHECKING:\n import twintowns.site")) == {"site"}
    assert _own(ast.parse("from twintowns import labels, __version__")) == {"labels", "__init__"}


@pytest.mark.parametrize(("library", "importer"), IMPORTERS.items())
def test_one_importer(library: str, importer: str) -> None:
    """A library has one importer, so that it can be replaced in one place."""
    importers = {name for name, tree in MODULES.items() if library in _libraries(tree)}
    assert importers == (VERBS if importer == "cli" else {importer})


def test_every_library_is_accounted_for(repository: Path) -> None:
    """The libraries with one importer and those excepted are the ones that the project depends on."""
    declared = tomllib.loads((repository / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[^\w-]", requirement)[0].replace("-", "_") for requirement in declared}
    assert names | {"markupsafe"} == IMPORTERS.keys() | EXCEPTED


def test_only_the_command_line_prints() -> None:
    """Only the command line prints, logs or knows the standard streams."""
    for name, tree in MODULES.items():
        if name not in VERBS:
            called = {getattr(node.func, "id", "") for node in ast.walk(tree) if isinstance(node, ast.Call)}
            attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            assert not called & {"print", "input", "breakpoint"}, name
            assert not attributes & {"stdout", "stderr", "stdin", "echo"}, name
            assert not _libraries(tree) & {"click", "logging"}, name


def test_nothing_connects() -> None:
    """No module knows a way to another machine, but for the one that asks and those that answer."""
    routes = {name: set(_imports(tree)) & FOREIGN_ROUTES for name, tree in MODULES.items()}
    assert {name for name, known in routes.items() if known} <= CONNECTED


def test_no_catch_all() -> None:
    """No module catches every exception."""
    for name, tree in MODULES.items():
        handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
        caught = {getattr(handler.type, "id", "") for handler in handlers if handler.type}
        assert all(handler.type for handler in handlers), name
        assert not caught & {"Exception", "BaseException"}, name


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_sizes(path: Path) -> None:
    """No module, no function and no list of parameters is too long to be taken in at once."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    for function in _functions(MODULES[path.stem]):
        assert (function.end_lineno or 0) - function.lineno < MOST_FUNCTION_LINES, function.name
        told = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        parameters = [one.arg for one in told if one.arg not in {"self", "cls"}]
        assert len(parameters) <= MOST_PARAMETERS, function.name


@pytest.mark.parametrize("module", MODULES)
def test_docstrings(module: str) -> None:
    """Every module and every public function, class and method says what it is for."""
    assert ast.get_docstring(MODULES[module])
    assert [node.name for node in _public(MODULES[module]) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize(
    "query",
    sorted(path for one in (QUERIES, OPERATIONS, COOKBOOK, QUESTIONS) for path in one.iterdir()),
    ids=lambda path: path.name,
)
def test_queries(query: Path) -> None:
    """Every query lies in a file of its own, whose first line is the question that it answers."""
    assert query.suffix == ".rq"
    assert re.fullmatch(r"# [A-Z].+\?", query.read_text(encoding="utf-8").split("\n")[0])


def test_no_query_in_python() -> None:
    """No module holds a SPARQL query."""
    for name, tree in MODULES.items():
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not [text for text in texts if re.search(r"\b(SELECT|CONSTRUCT|ASK|WHERE)\b.*\{", text)], name


def test_templates_escape() -> None:
    """No template tells the engine that a text is safe, but of the JSON-LD, which is made safe beforehand."""
    for path in sorted(TEMPLATES.glob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"[^{]*\|\s*safe\b", text)) <= {" script | safe"}, path.name
        foreign = r"autoescape|Markup|<script(?! type=\"application/ld\+json\"| src=)"
        assert not re.search(foreign, text), path.name
