"""The texts, dates and addresses of things, in the language nearest to a reader's, for search engines."""

from typing import Final

from pyoxigraph import Literal, NamedNode

from twintowns.graph import Graph, Node, Term
from twintowns.iris import is_linkable, local_name
from twintowns.vocabulary import DCTERMS, NAMES, RDFS, SCHEMA, SH, SKOS, TT
from twintowns.writtendates import DATE

SUMMARIES: Final = (SCHEMA.description, SKOS.definition, DCTERMS.description, RDFS.comment, SH.description)
_NAMES: Final = (*NAMES, SH.name)


class Texts:
    """What is stated of things, in one language.

    Args:
        graph: Where it is stated.
        catalogue: The publication, whose languages come next.
        language: The language that is wanted.

    Attributes:
        main: The publication's main language.
        languages: All its languages, the main one first.
    """

    def __init__(self, graph: Graph, catalogue: NamedNode, language: str) -> None:
        """Put the languages in order."""
        self._graph = graph
        main = self.plain(catalogue, TT.mainLanguage) or ["en"]
        others = self.plain(catalogue, SCHEMA.inLanguage)
        self.main = main[0]
        self.languages = tuple(dict.fromkeys((*main, *sorted(others))))
        self._own = {language, ""}
        self._fallbacks = tuple(dict.fromkeys((language, *main, *sorted(others), "en")))

    def name(self, node: NamedNode) -> str:
        """Return what a node is called, at worst the end of its IRI."""
        return next(filter(None, (self.best(node, name).value for name in _NAMES)), local_name(node.value))

    def best(self, node: Node, *predicates: NamedNode) -> Literal:
        """Return the text in the nearest language of the first property that has one; else an empty one."""
        texts = (text for one in predicates for text in self.in_one_language(node, one))
        return next(texts, Literal(""))

    def in_one_language(self, node: Node, *predicates: NamedNode) -> list[Literal]:
        """Return the texts of a node in the nearest language that there is."""
        values = (value for one in predicates for value in self._graph.values(node, one))
        texts = [value for value in values if isinstance(value, Literal)]
        tags = {text.language or "" for text in texts}
        chosen = next((tag for tag in (*self._fallbacks, *sorted(tags)) if tag in tags), "")
        return [text for text in texts if (text.language or "") == chosen]

    def in_language(self, node: Node, *predicates: NamedNode) -> list[Literal]:
        """Return the texts of a node in the language that is wanted, and those in none."""
        values = (value for one in predicates for value in self._graph.values(node, one))
        return [v for v in values if isinstance(v, Literal) and (v.language or "") in self._own]

    def plain(self, node: Node, predicate: NamedNode) -> list[str]:
        """Return the literals of a property."""
        return [value.value for value in self._graph.values(node, predicate) if isinstance(value, Literal)]

    def dates(self, node: Node, predicate: NamedNode) -> list[str]:
        """Return the values of a property that are dates."""
        return [text for text in self.plain(node, predicate) if DATE.fullmatch(text)]

    def urls(self, node: Node, predicate: NamedNode) -> list[str]:
        """Return the values of a property that are addresses of pages."""
        return list(filter(None, map(address_of, self._graph.values(node, predicate))))


def address_of(term: Term) -> str:
    """Return the address that a term is; empty where it is none that may be followed."""
    return term.value if isinstance(term, NamedNode) and is_linkable(term.value) else ""
