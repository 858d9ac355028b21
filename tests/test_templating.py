"""The templates: compiled once, and kept where Python keeps what it has compiled."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from twintowns.templating import environment


def _compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fill a template with a new environment, and return what was compiled for it."""
    compiled: list[str] = []
    compile_one = Environment.compile

    def noted(self: Environment, source: str, name: str | None = None, *others: object) -> object:
        compiled.append(name or "")
        return compile_one(self, source, name, *others)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(Environment, "compile", noted)
        environment().get_template("problem.html")
    return compiled


def test_compiled_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A template is compiled when it is filled first, and not by the next who fills it."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert _compiled(monkeypatch) == ["problem.html"]
    assert _compiled(monkeypatch) == []


@pytest.mark.parametrize("left", [0, 5, 20, 30, -1])
def test_damaged(left: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is damaged is compiled anew, wherever it was cut off."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    _compiled(monkeypatch)
    (kept,) = tmp_path.rglob("*.jinja")
    kept.write_bytes(kept.read_bytes()[:left])
    assert _compiled(monkeypatch) == ["problem.html"]


def test_nothing_is_kept_unasked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where Python is told to keep nothing that is compiled, nothing is."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    _compiled(monkeypatch)
    assert list(tmp_path.iterdir()) == []


def test_no_place_to_keep(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where nothing can be written, templates are compiled each time, and that is all."""
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert _compiled(monkeypatch) == ["problem.html"]
    assert _compiled(monkeypatch) == ["problem.html"]
