"""What to harvest: the twinnings of some places, of the places of some countries, or all."""

from dataclasses import dataclass

from twintowns.exceptions import ScopeError
from twintowns.wikidata import is_qid


@dataclass(frozen=True)
class Scope:
    """What to harvest; without places and countries, all.

    Attributes:
        places: Items whose twinnings are wanted.
        countries: Items of countries in which one of the partners lies.
    """

    places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """See that they are items.

        Raises:
            ScopeError: If one is none.
        """
        for qid in (*self.places, *self.countries):
            if not is_qid(qid):
                raise ScopeError(
                    qid,
                    "this is no Wikidata item",
                    "write its number, for example {example}",
                    values={"example": "Q503184"},
                )

    @property
    def is_all(self) -> bool:
        """Whether all twinnings are wanted."""
        return not self.places and not self.countries
