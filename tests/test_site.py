"""The build: the same bytes everywhere, nothing done twice, only what an edit touches, all or nothing."""

import gc
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Self

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from pyld import jsonld  # type: ignore[import-untyped]
from pyoxigraph import NamedNode

import sites
from twintowns import fingerprint, jsontext
from twintowns.compression import SUFFIXES
from twintowns.edition import Bookkeeping, Edition
from twintowns.exceptions import SystemFailureError
from twintowns.inventory import Entries
from twintowns.printing import Press
from twintowns.project import Project
from twintowns.site import BuildOptions, BuildOutcome, build
from twintowns.starting import start

GOLDEN = Path(__file__).resolve().parent / "golden" / "project"
IMATRA, LUDVIKA, DALARNA, VILJANDI = "place/Q211020", "place/Q503184", "place/Q103732", "place/Q192061"
BAD_HONNEF, PURPOSE, PUBLISHER = "place/Q12434", "article/purpose", "organization/ludvika-kommun"
PLACES = st.integers(1, 5)
NAMES = st.text('aå<&"\\', min_size=1, max_size=3)
PREFIXES = """
@prefix kind: <https://w3id.org/twintowns/kind/> .
@prefix place: <https://example.org/golden/place/> .
@prefix schema: <https://schema.org/> .
@prefix status: <https://w3id.org/twintowns/status/> .
@prefix tt: <https://w3id.org/twintowns/ns#> .
@prefix wd: <http://www.wikidata.org/entity/> .
"""
ANEW = {"catalogue", "dataset/twintowns"}
"""What is printed in every build, since it tells the sizes of the dumps."""
SHOWN_WITHOUT_INSTANCES = {"vocabulary/ns", "vocabulary/alignments/schema"}
"""The documents of the classes: an edit of an instance reaches them, though they do not show it."""


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Return the files that two sites do not have in common, byte for byte."""
    return sorted(path for path, _ in one.items() ^ other.items())


def states(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return inode, time of change and size of a folder and of everything below it."""
    found = {path: path.lstat() for path in (folder, *folder.rglob("*"))}
    return {str(path): (now.st_ino, now.st_mtime_ns, now.st_size) for path, now in found.items()}


def documents_in(folder: Path) -> set[str]:
    """Return the documents of a site, by their Turtle files."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*.ttl"))
    return {path.removesuffix(".ttl") for path in files if not path.startswith(("dump/", "validation"))}


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of the documents that are printed in this process from now on, by their paths."""
    printed: list[str] = []
    really = Press.print_document

    def noting(press: Press, document: NamedNode, folder: Path, edition: Edition | None = None) -> Entries:
        printed.append(press.dataset.names.path_of(document))
        return really(press, document, folder, edition)

    monkeypatch.setattr(Press, "print_document", noting)
    return printed


def document_of(path: str) -> str:
    """Return the document that a file of the site tells of, whatever the language and the format."""
    return re.sub(r"^(de|en|et|fi)/|\.\w+$", "", path)


def edited(path: Path, old: str, new: str) -> None:
    """Change a text in a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    command = [sys.executable, "-m", "twintowns", *map(str, arguments)]
    environment = {**os.environ, "LANGUAGE": "en", **environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


class Publisher(NamedTuple):
    """A publisher's name and the number of its Wikidata item."""

    name: str
    item: int


class Published(NamedTuple):
    """A project and its site."""

    root: Path
    site: Path

    def copied(self, target: Path) -> "Published":
        """Return a copy to be changed: the files of the site are the same ones, to tell which are kept."""
        shutil.copytree(self.root, target, ignore=shutil.ignore_patterns("build"))
        shutil.copytree(self.site, target / "build", copy_function=os.link)
        return Published(target, target / "build")


@pytest.fixture(scope="module")
def ludvika_published(repository: Path, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Return a copy of the first publication and its site, printed by one process."""
    root = tmp_path_factory.mktemp("published") / "ludvika"
    for folder in ("data", "ontology", "shapes"):
        shutil.copytree(repository / folder, root / folder)
    sites.copy_built(site, root / "build")
    return Published(root, root / "build")


@pytest.fixture(scope="module")
def tiny_digests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the hashes of the site of a new project, printed by one process."""
    root = tmp_path_factory.mktemp("reference")
    start(root / "tiny", "https://example.org/town/")
    build(Project(root / "tiny"), BuildOptions(root / "site", 1))
    return digests(root / "site")


@pytest.fixture
def small(tmp_path: Path, golden_site: Path) -> Published:
    """Return a project with a small vocabulary of its own, and its site."""
    root = tmp_path / "small"
    shutil.copytree(GOLDEN, root)
    sites.copy_built(golden_site, root / "build")
    return Published(root, root / "build")


@pytest.mark.uncovered
@pytest.mark.parametrize(
    ("environment", "options"),
    [
        pytest.param({"PYTHONHASHSEED": "1"}, ["--processes", 1], id="hash-seed"),
        pytest.param(
            {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati"}, ["--processes", 2], id="time-zone"
        ),
        pytest.param(
            {"LC_ALL": "C", "LANGUAGE": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            ["--processes", 3],
            id="ascii-locale",
        ),
        pytest.param(
            {"LANG": "sv_SE.UTF-8", "LC_ALL": "sv_SE.UTF-8", "LANGUAGE": "sv:fi", "TZ": "Asia/Kathmandu"},
            ["--language", "fi"],
            id="language",
        ),
    ],
)
def test_bytes_do_not_depend_on_the_circumstances(
    tiny: Project, tiny_digests: dict[str, str], environment: dict[str, str], options: list[object]
) -> None:
    """Whatever hash seed, time zone, locale, folder and number of processes: the bytes are the same."""
    told = run("build", tiny.root, *options, **environment)
    assert told.returncode == 0, told.stderr
    assert differing(digests(tiny.root / "build"), tiny_digests) == []


def test_bytes_do_not_depend_on_the_order_of_files(
    tiny: Project, tmp_path: Path, tiny_digests: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that lists its files in another order gives the same bytes."""
    moved = tmp_path / "en mapp på ön"
    for path in sorted(tiny.root.rglob("*.ttl"), reverse=True):
        target = moved / path.relative_to(tiny.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    scan, scanned = os.scandir, []

    class Reversed:
        """A folder's entries, backwards."""

        def __init__(self, folder: Any = ".") -> None:  # noqa: ANN401 - as os has it
            """Read the folder."""
            with scan(folder) as entries:
                self._entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))
            scanned.append(Path(folder))

        def __enter__(self) -> Self:
            """Go through the folder."""
            return self

        def __exit__(self, *_exception: object) -> None:
            """Do nothing: the folder is closed."""

        def __iter__(self) -> Self:
            """Go through the entries."""
            return self

        def __next__(self) -> os.DirEntry[str]:
            """Return the next entry."""
            return next(self._entries)

    monkeypatch.setattr(os, "scandir", Reversed)
    build(Project(moved), BuildOptions(tmp_path / "site"))
    monkeypatch.undo()
    assert moved / "data" in scanned
    assert differing(digests(tmp_path / "site"), tiny_digests) == []


@pytest.mark.uncovered
def test_first_publication_is_the_same_everywhere(ludvika_published: Published, tmp_path: Path) -> None:
    """Ludvika's site is the same from another folder, with another seed and locale, by three processes."""
    copy = tmp_path / "elsewhere" / "copy"
    for folder in ("data", "ontology", "shapes"):
        shutil.copytree(ludvika_published.root / folder, copy / folder)
    strange = {"PYTHONHASHSEED": "99", "LC_ALL": "C", "TZ": "America/St_Johns"}
    told = run("build", copy, "--processes", 3, "--out", tmp_path / "site", **strange)
    assert told.returncode == 0, told.stderr
    assert differing(digests(tmp_path / "site"), digests(ludvika_published.site)) == []


@pytest.mark.uncovered
def test_second_build_writes_nothing(tiny: Project) -> None:
    """Where nothing has changed, no file and no folder of the site is touched, and the program says so."""
    assert run("build", tiny.root).returncode == 0
    before = states(tiny.root / "build")
    told = run("build", tiny.root)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "Nothing has changed.\n")
    assert states(tiny.root / "build") == before


def test_collecting_is_as_it_was(small: Published) -> None:
    """After a build, garbage is looked for as often as before it."""
    before = gc.get_threshold()
    build(Project(small.root), BuildOptions(small.site))
    assert gc.get_threshold() == before


def test_touched_times_change_nothing(small: Published) -> None:
    """New times of the sources, with the same bytes in them, are no change."""
    before = states(small.site)
    for path in small.root.rglob("*.ttl"):
        if small.site not in path.parents:
            os.utime(path, (0, 0))
    assert build(Project(small.root), BuildOptions(small.site)) == BuildOutcome(None)
    assert states(small.site) == before


@pytest.mark.parametrize("loss", ["folder", "state", "broken-state", "strange-state"])
def test_lost_bookkeeping_changes_nothing_in_the_site(small: Published, loss: str) -> None:
    """Without what the last build noted, all is printed again, and the site is left as it is."""
    before, books = states(small.site), Bookkeeping(small.site)
    if loss == "folder":
        shutil.rmtree(books.folder)
    elif loss == "state":
        books.state.unlink()
    else:
        books.state.write_text("{" if loss == "broken-state" else '{"other": 1}', encoding="utf-8")
    outcome = build(Project(small.root), BuildOptions(small.site))
    assert (outcome.changed, outcome.kept) == (False, 0)
    assert states(small.site) == before
    assert build(Project(small.root), BuildOptions(small.site)).report is None


def test_other_library_prints_everything_again(small: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a library or the program is another one, nothing is taken over unseen."""
    monkeypatch.setattr(fingerprint, "version", lambda _name: "another")
    outcome = build(Project(small.root), BuildOptions(small.site))
    assert (outcome.kept, outcome.changed) == (0, False)


def test_progress_is_told_document_by_document(small: Published) -> None:
    """Whoever wants to know is told of each document that is printed, and of how many there are."""
    told: list[tuple[int, int]] = []
    outcome = build(
        Project(small.root),
        BuildOptions(small.root / "other", progress=lambda done, total: told.append((done, total))),
    )
    assert told == [(done, outcome.printed) for done in range(1, outcome.printed + 1)]


def test_manifest_lists_every_file(ludvika_published: Published) -> None:
    """The manifest names each file of the site, with its SHA-256 and its size in bytes, and nothing else."""
    manifest = jsontext.read((ludvika_published.site / "manifest.json").read_bytes())
    sizes = {
        path.relative_to(ludvika_published.site).as_posix(): path.stat().st_size
        for path in ludvika_published.site.rglob("*")
        if path.is_file()
    }
    found = digests(ludvika_published.site)
    whole: dict[str, dict[str, object]] = {}
    for path, digest in sorted(found.items()):
        stem, _, suffix = path.rpartition(".")
        if stem in whole and suffix in SUFFIXES:
            variants = whole[stem].setdefault("variants", {})
            assert isinstance(variants, dict)
            variants[suffix] = [digest[:16], sizes[path]]
        elif path != "manifest.json":
            whole[path] = {"sha256": digest, "size_bytes": sizes[path]}
    assert manifest["files"] == whole
    assert list(manifest["files"]) == sorted(whole)


def test_manifest_holds_the_hash_of_the_dataset(ludvika_published: Published) -> None:
    """The RDFC-1.0 hash is the one that another implementation finds for the dump."""
    dataset = json.loads((ludvika_published.site / "manifest.json").read_bytes())["dataset"]
    dump = (ludvika_published.site / "dump/twintowns.nt").read_text(encoding="utf-8")
    form = "application/n-quads"
    canonical = jsonld.normalize(dump, {"algorithm": "URDNA2015", "inputFormat": form, "format": form})
    assert dataset["rdfc-1.0"] == hashlib.sha256(canonical.encode()).hexdigest()
    assert dataset["triples"] == len(dump.splitlines())


def test_data_with_a_violation_is_not_published(small: Published) -> None:
    """What breaks a MUST is reported, and neither the site nor what was noted of it is touched."""
    edited(small.root / "data/place/Q300.ttl", "schema:name", "schema:alternateName")
    before = states(small.site)
    outcome = build(Project(small.root), BuildOptions(small.site))
    assert outcome.report is not None
    gravest = outcome.report.results[0]
    assert (gravest.file, gravest.line) == (small.root / "data/place/Q300.ttl", 7)
    assert (outcome.report.conforms, outcome.printed, outcome.changed) == (False, 0, False)
    assert states(small.site) == before
    assert {path.name for path in Bookkeeping(small.site).folder.iterdir()} == {
        "judged.json",
        "known.bin",
        "lock",
        "made.json",
        "pieces.json",
        "report.json",
        "seen.json",
        "state.json",
    }


def test_data_with_a_violation_makes_no_first_site(small: Published) -> None:
    """Where there was no site, a violation leaves none."""
    edited(small.root / "data/place/Q300.ttl", "schema:name", "schema:alternateName")
    build(Project(small.root), BuildOptions(small.root / "other"))
    assert not (small.root / "other").exists()


@pytest.mark.parametrize("name", ["place/Q9.ttl", "catalogue.ttl"])
def test_source_that_cannot_be_read_stops_the_build(small: Published, name: str) -> None:
    """A source that vanished, or may not be read, is named, and the site stays."""
    before, path = states(small.site), small.root / "data" / name
    path.unlink(missing_ok=True)
    path.symlink_to(small.root / "vanished")
    with pytest.raises(SystemFailureError, match=f"{name}: this file cannot be read"):
        build(Project(small.root), BuildOptions(small.site))
    assert states(small.site) == before


def _describe(data: Path) -> None:
    edited(data / f"{IMATRA}.ttl", 'schema:description "', 'schema:description "Efter en edit: ')


def _rename(data: Path) -> None:
    edited(data / f"{IMATRA}.ttl", '"Imatra"@sv', '"Imatra stad"@sv')


def _rename_publisher(data: Path) -> None:
    edited(data / f"{PUBLISHER}.ttl", '"Ludvika kommun"@sv', '"Kommunen Ludvika"@sv')


def _rename_publisher_in_one_language(data: Path) -> None:
    edited(data / f"{PUBLISHER}.ttl", '"Ludvikan kunta"@fi', '"Ludvikan kaupunki"@fi')


def _change_partner(data: Path) -> None:
    old, new = "twinning/Q211020-Q503184", "twinning/Q103732-Q211020"
    (data / f"{old}.ttl").rename(data / f"{new}.ttl")
    edited(data / f"{new}.ttl", "twinning:Q211020-Q503184", "twinning:Q103732-Q211020")
    edited(data / f"{new}.ttl", "tt:partner place:Q503184", "tt:partner place:Q103732")
    edited(data / f"{PURPOSE}.ttl", "twinning:Q211020-Q503184", "twinning:Q103732-Q211020")


def _add_place(data: Path) -> None:
    shutil.copyfile(data / "place/Q504630.ttl", data / "place/Q9504630.ttl")
    for old, new in (
        ("Q504630", "Q9504630"),
        ("Ors", "Nyors"),
        ("2686378", "92686378"),
        ('"2034"', '"2999"'),
    ):
        edited(data / "place/Q9504630.ttl", old, new)


def _delete_place(data: Path) -> None:
    (data / f"{VILJANDI}.ttl").unlink()
    (data / "twinning/Q103732-Q192061.ttl").unlink()
    edited(data / f"{PURPOSE}.ttl", "    schema:about twinning:Q103732-Q192061 ;\n", "")


def _withdraw_place(data: Path) -> None:
    _delete_place(data)
    told = """@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix place: <https://w3id.org/twintowns/ludvika/place/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

place:Q192061
    a as:Tombstone ;
    as:deleted "2026-05-01T00:00:00Z"^^xsd:dateTime ;
    dcterms:isReplacedBy place:Q211020 ;
    .
"""
    (data / f"{VILJANDI}.ttl").write_text(told, encoding="utf-8")


def _add_twinning(data: Path) -> None:
    new = data / "twinning/Q12434-Q211020.ttl"
    shutil.copyfile(data / "twinning/Q211020-Q503184.ttl", new)
    edited(new, "twinning:Q211020-Q503184", "twinning:Q12434-Q211020")
    edited(new, "tt:partner place:Q503184", "tt:partner place:Q12434")


def _end_twinning(data: Path) -> None:
    edited(data / "twinning/Q12434-Q503184.ttl", "status:active", "status:ended")


def _change_title(data: Path) -> None:
    edited(data / "catalogue.ttl", '"Ludvikas vänorter"@sv', '"Vänorter till Ludvika"@sv')


def _change_licence(data: Path) -> None:
    cc0, attribution = "publicdomain/zero/1.0/", "licenses/by/4.0/"
    edited(
        data / "catalogue.ttl",
        f"http://creativecommons.org/{cc0}",
        f"http://creativecommons.org/{attribution}",
    )


def _change_same_as(data: Path) -> None:
    edited(data / "organization/abb.ttl", "wd:Q52825", "wd:Q952825")


def _change_email(data: Path) -> None:
    edited(data / "contact-point/ludvika-kommun.ttl", "info@ludvika.se", "kommun@ludvika.se")


def _date_twinning(data: Path) -> None:
    edited(data / "twinning/Q12434-Q503184.ttl", '"2000"', '"1999"')


EDITS: dict[str, Callable[[Path], None]] = {
    "description": _describe,
    "rename": _rename,
    "rename-publisher": _rename_publisher,
    "rename-publisher-in-one-language": _rename_publisher_in_one_language,
    "partner": _change_partner,
    "add-place": _add_place,
    "delete-place": _delete_place,
    "withdraw-place": _withdraw_place,
    "add-twinning": _add_twinning,
    "end-twinning": _end_twinning,
    "title": _change_title,
    "licence": _change_licence,
    "same-as": _change_same_as,
    "email": _change_email,
    "start": _date_twinning,
}


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(edit, id=name, marks=[] if name in {"partner", "start"} else [pytest.mark.uncovered])
        for name, edit in EDITS.items()
    ],
)
def test_edit_redoes_only_what_depends_on_it(
    ludvika_published: Published,
    tmp_path: Path,
    edit: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After an edit only what it touches is printed, and the site has the bytes of a build from scratch."""
    root, out = ludvika_published.copied(tmp_path / "ludvika")
    was, recording = digests(out), recorded(monkeypatch)
    edit(root / "data")
    outcome = build(Project(root), BuildOptions(out, 1))
    printed = set(recording)
    full = build(Project(root), BuildOptions(tmp_path / "full", 2))
    assert full.report is not None
    assert full.report.conforms, full.report
    now = digests(out)
    assert differing(now, digests(tmp_path / "full")) == []
    documents = {path: document_of(path) for path, digest in now.items() if was.get(path) != digest}
    changed = set(documents.values()) & documents_in(out) - ANEW
    assert changed <= printed
    assert printed - changed <= SHOWN_WITHOUT_INSTANCES
    assert (outcome.printed, outcome.kept) == (len(printed), full.printed - len(printed))
    assert outcome.changed


class Editing(RuleBasedStateMachine):
    """A publication that is edited again and again: each build after an edit equals one from scratch."""

    def __init__(self) -> None:
        """Begin with three places and no twinning."""
        super().__init__()
        self._folder = TemporaryDirectory()
        self._root = Path(self._folder.name) / "project"
        shutil.copytree(GOLDEN, self._root)
        self._names = {1: "Ett", 2: "Två", 3: "Tre"}
        self._same_as: dict[int, int] = {}
        self._within: dict[int, int] = {}
        self._twinnings: dict[tuple[int, ...], str] = {}
        self._published = Publisher("Tryckarna", 0)

    @rule(place=PLACES, name=NAMES)
    def add_or_rename(self, place: int, name: str) -> None:
        """Give a place a name; it is a new one where there was none."""
        self._names[place] = name

    @rule(place=PLACES)
    def remove(self, place: int) -> None:
        """Remove a place, and leave whatever leads to it."""
        self._names.pop(place, None)

    @rule(place=PLACES, item=PLACES)
    def identify(self, place: int, item: int) -> None:
        """Say which Wikidata item a place is."""
        self._same_as[place] = item

    @rule(place=PLACES, outer=PLACES)
    def contain(self, place: int, outer: int) -> None:
        """Put a place into another."""
        self._within[place] = outer

    @rule(partners=st.sets(PLACES, min_size=2, max_size=3), status=st.sampled_from(["active", "ended"]))
    def twin(self, partners: set[int], status: str) -> None:
        """Twin some places, or end their twinning."""
        self._twinnings[tuple(sorted(partners))] = status

    @rule(partners=st.sets(PLACES, min_size=2, max_size=3))
    def part(self, partners: set[int]) -> None:
        """Remove a twinning."""
        self._twinnings.pop(tuple(sorted(partners)), None)

    @rule(name=NAMES, item=PLACES)
    def rename_publisher(self, name: str, item: int) -> None:
        """Rename the publisher, and say which Wikidata item it is."""
        self._published = Publisher(name, item)

    @invariant()
    def build_equals_one_from_scratch(self) -> None:
        """Compare the site with one that is printed from scratch."""
        self._write()
        scratch = self._root / "scratch"
        build(Project(self._root), BuildOptions(self._root / "build"))
        build(Project(self._root), BuildOptions(scratch))
        assert differing(digests(self._root / "build"), digests(scratch)) == []
        shutil.rmtree(scratch)
        shutil.rmtree(Bookkeeping(scratch).folder)

    def teardown(self) -> None:
        """Remove the project."""
        self._folder.cleanup()

    def _write(self) -> None:
        for folder in ("place", "twinning"):
            shutil.rmtree(self._root / "data" / folder)
            (self._root / "data" / folder).mkdir()
        for place, name in self._names.items():
            facts = [f"a schema:City ; schema:name {json.dumps(name)}@sv"]
            facts += [f"schema:sameAs wd:Q{self._same_as[place]}"] if place in self._same_as else []
            facts += (
                [f"schema:containedInPlace place:Q{self._within[place]}"] if place in self._within else []
            )
            self._thing(f"place/Q{place}", facts)
        for partners, status in self._twinnings.items():
            facts = ["a tt:Twinning ; tt:kind kind:twinning", f"tt:status status:{status}"]
            name = "-".join(f"Q{place}" for place in partners)
            self._thing(f"twinning/{name}", facts + [f"tt:partner place:Q{place}" for place in partners])
        name, item = self._published
        facts = [f"a schema:Organization ; schema:name {json.dumps(name)}@sv ; schema:sameAs wd:Q{item}"]
        self._thing("organization/guild", facts)

    def _thing(self, name: str, facts: list[str]) -> None:
        text = f"{PREFIXES}\n<https://example.org/golden/{name}> {' ; '.join(facts)} .\n"
        (self._root / "data" / f"{name}.ttl").write_text(text, encoding="utf-8")


@pytest.mark.uncovered
def test_any_edits_give_what_a_build_from_scratch_gives() -> None:
    """However a publication is edited, and however often, each build gives the bytes of one from scratch."""
    run_state_machine_as_test(
        Editing,
        settings=settings(
            max_examples=5,
            stateful_step_count=5,
            deadline=None,
            phases=[Phase.reuse, Phase.generate],  # to shrink five steps would take minutes
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
