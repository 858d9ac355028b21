"""The kinds of pages that a built site has, found in it: what is new is tested without being listed."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """Pages that are alike.

    Attributes:
        name: What they are, for people.
        path: The longest of them in the main language.
    """

    name: str
    path: str

    def in_language(self, language: str, main: str) -> str:
        """Return the path of its page in a language."""
        return self.path if language == main else f"{language}/{self.path}"


def languages(site: Path) -> list[str]:
    """Return the languages of a site, the main one first."""
    told: list[str] = _manifest(site)["languages"]
    return told


def kinds(site: Path) -> list[Kind]:
    """Return the kinds of pages."""
    manifest = _manifest(site)
    folders = tuple(f"{tag}/" for tag in manifest["languages"][1:])
    longest: dict[str, tuple[int, str]] = {}
    for path, entry in manifest["files"].items():
        if path.endswith(".html") and not path.startswith(folders):
            name = _name(path.removesuffix(".html"), manifest["documents"])
            longest[name] = max(longest.get(name, (0, "")), (entry["size_bytes"], path))
    return [Kind(name, path) for name, (_, path) in sorted(longest.items())]


def _name(path: str, documents: dict[str, dict[str, str]]) -> str:
    """Return what is alike of pages: where they lie; of concepts and their schemes what they are."""
    folder, of_type = path.rpartition("/")[0], documents.get(path, {}).get("type", "")
    if of_type.startswith("DefinedTerm"):
        return of_type
    if path not in documents or folder in {"", "vocabulary"}:
        return re.sub(r"\d+", "N", path)
    return folder


def _manifest(site: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((site / "manifest.json").read_bytes())
    return told
