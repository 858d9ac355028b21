"""The triple patterns of a query, each with the groups that it stands in.

Source: https://www.w3.org/TR/sparql11-query/#QSynTriples
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

THIS: Final = "$this"
"""The focus node, in queries of SHACL."""


class Pattern(NamedTuple):
    """What a query looks for: IRIs in full, variables with the group that binds them, others as written.

    Attributes:
        subject: The subject.
        predicate: The predicate.
        value: The object.
        chain: The numbers of the groups around it, the innermost first.
        is_path: Whether the predicate may be followed any number of times.
    """

    subject: str
    predicate: str
    value: str
    chain: tuple[int, ...]
    is_path: bool

    def scoped(self, name: Callable[[str], str]) -> "Pattern":
        """Return the same with other names for variables.

        Args:
            name: Returns what a term is to be called.
        """
        ends = name(self.subject), name(self.predicate), name(self.value)
        return Pattern(*ends, self.chain, self.is_path)


@dataclass
class Group:
    """A group of patterns.

    Attributes:
        outer: The group that it stands in, if any.
        number: What tells it from the others of a query.
        catalogues: The variables that it binds to catalogues.
        bound: The variables that it binds.
        needed: Those that it speaks of.
    """

    outer: "Group | None" = None
    number: int = 0
    catalogues: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=lambda: {THIS})
    needed: set[str] = field(default_factory=set)

    def binds(self, variable: str) -> bool:
        """Tell whether a variable is bound here or around."""
        return variable in self.bound or bool(self.outer and self.outer.binds(variable))

    @property
    def chain(self) -> tuple[int, ...]:
        """The group and those around it, by their numbers."""
        return (self.number, *(self.outer.chain if self.outer else ()))

    def scoped(self, term: str) -> str:
        """Return a variable with the number of the outermost group that binds it; other terms as they are."""
        if self.outer and self.outer.binds(term):
            return self.outer.scoped(term)
        return f"{term}@{self.number}" if term.startswith("?") else term

    def is_catalogue(self, variable: str) -> bool:
        """Tell whether a variable is bound to catalogues here or around."""
        return variable in self.catalogues or bool(self.outer and self.outer.is_catalogue(variable))
