"""The vocabulary by itself: the site for the address of its own."""

import re
from html import escape
from pathlib import Path

from pyoxigraph import Literal, parse

from twintowns.graph import Graph
from twintowns.project import Project
from twintowns.site import BuildOptions, build
from twintowns.vocabulary import KIND, SKOS


def test_scheme_defines_its_concepts(site: Path) -> None:
    """The document of a scheme tells the definition of each of its concepts, and so does its page."""
    graph = Graph(quad.triple for quad in parse(path=site / "vocabulary/kind.ttl"))
    page = (site / "en/vocabulary/kind.html").read_text(encoding="utf-8")
    for name in ("contact", "friendship", "project-partnership", "twin-county", "twinning"):
        told = [t for t in graph.values(KIND[name], SKOS.definition) if isinstance(t, Literal)]
        assert {text.language for text in told} == {"de", "en", "et", "fi", "sv"}
        assert [escape(text.value, quote=False) in page for text in told if text.language == "en"] == [True]


def test_vocabulary_alone_is_a_site_at_its_own_address(repository: Path, tmp_path: Path) -> None:
    """Terms, schemes and shapes lie where their IRIs say, and no page leads to a catalogue."""
    outcome = build(Project(repository, has_data=False), BuildOptions(tmp_path / "site"))
    site = tmp_path / "site"
    assert outcome.changed
    for path in ("ns.ttl", "kind/twinning.html", "sv/shape/Twinning.html", "index.html", "context.jsonld"):
        assert (site / path).is_file(), path
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "catalogue.html" not in text
        assert not re.search(r"(?<![\w-])vocabulary/", text.replace("https://w3id.org/", ""))
