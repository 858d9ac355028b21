"""The words of the program."""

import copy
import pickle

import pytest
from pyoxigraph import NamedNode

from twintowns.vocabulary import NAMES, PREFIXES, SCHEMA, WD, Namespace


def test_terms() -> None:
    """A namespace makes its terms, by attribute or key, the same each time."""
    assert SCHEMA.name == SCHEMA["name"] == NamedNode("https://schema.org/name")
    assert WD[Namespace("Q1")] == WD.Q1
    assert str(SCHEMA) == "https://schema.org/"


def test_namespace_is_a_text() -> None:
    """A namespace is a text, can be copied, and has no attributes that Python asks for in vain."""
    assert copy.copy(SCHEMA) == pickle.loads(pickle.dumps(SCHEMA)) == SCHEMA  # noqa: S301 - its own bytes
    with pytest.raises(AttributeError):
        getattr(SCHEMA, "__none__")  # noqa: B009 - that is what is asked


def test_prefixes() -> None:
    """Each prefix has a namespace of its own, which ends where a local name can begin."""
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert all(namespace.endswith(("/", "#")) for namespace in PREFIXES.values())
    assert "http://schema.org/" not in PREFIXES.values()
    assert list(PREFIXES) == sorted(PREFIXES)
    assert len(set(NAMES)) == len(NAMES)
