"""The vocabulary by itself: the site for the address of its own."""

from pathlib import Path

from twintowns.project import Project
from twintowns.site import BuildOptions, build


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
        assert "vocabulary/" not in text.replace("https://w3id.org/", "")
