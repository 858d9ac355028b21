"""Which item of Wikidata a name means: judged by evidence, and left to a person where that is not enough.

A wrong match is far worse than a missing one. So a name alone is believed only where the index knows no
second place that it could mean; a country that agrees counts, one that disagrees excludes; that two places
are known to be twinned settles what names leave open. How well known a place is counts for nothing.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from twintowns.foldednames import exact_key
from twintowns.nameindex import Found, Level, NameIndex
from twintowns.placewords import Kind, spoken

SURE: Final = 90
"""The least score of a match that is believed."""
_SETTLED: Final = 97
_DOUBT: Final = 89
"""The highest score of what is not believed."""
_AGREES: Final = 4
_FEWEST_LETTERS: Final = 4
MOST_CANDIDATES: Final = 10


class Asked(NamedTuple):
    """A place as a table names it.

    Attributes:
        name: Its name.
        territories: The codes of the countries that it is said to lie in; none where nothing is said.
    """

    name: str
    territories: frozenset[str] = frozenset()


class Candidate(NamedTuple):
    """An item that is perhaps meant, with its score of 100."""

    found: Found
    score: int

    @property
    def qid(self) -> str:
        """The item."""
        return self.found.entry.qid


class Match(NamedTuple):
    """What a name was found to mean.

    Attributes:
        candidates: The items that it may mean, the likeliest first.
        qid: The one that it means; empty where that is for a person to say.
        score: How sure that is, of 100; of what is in doubt, the score of the likeliest.
    """

    candidates: tuple[Candidate, ...] = ()
    qid: str = ""
    score: int = 0


def judged(asked: Asked, index: NameIndex) -> Match:
    """Return what a name means by itself and the country that is told with it."""
    territories = _territories(asked)
    found = index.found(asked.name)
    possible = [one for one in found if not _contradicts(one, territories)]
    candidates = [Candidate(one, _score(one, territories, asked)) for one in possible]
    candidates.sort(key=lambda one: -one.score)
    if not candidates:
        return Match()
    best = candidates[0]
    rivals = [one for one in candidates[1:] if _is_rival(one.found, best.found, asked)]
    excluded = len(found) - len(possible)
    if best.score >= SURE and not rivals and _is_believed(best.found, asked, territories, excluded):
        return Match((best,), best.qid, best.score)
    return doubtful(candidates)


def doubtful(candidates: Sequence[Candidate]) -> Match:
    """Return a match that is for a person to decide."""
    told = tuple(one._replace(score=min(one.score, _DOUBT)) for one in candidates[:MOST_CANDIDATES])
    return Match(told, "", told[0].score if told else 0)


def settled(match: Match, qid: str) -> Match:
    """Return a match that further evidence settles: the item is one of its candidates."""
    kept = [one for one in match.candidates if one.qid == qid]
    return Match(tuple(kept), qid, max(_SETTLED, *(one.score for one in kept)))


def decided(qid: str) -> Match:
    """Return a match that a person made; without an item, there is none."""
    return Match((), qid, 100 if qid else 0)


def _territories(asked: Asked) -> frozenset[str]:
    """Return the countries told, by a column and by the name; the narrower where both agree."""
    named = spoken(asked.name)[0].territories
    return (asked.territories & named or asked.territories) if asked.territories else named


def _contradicts(found: Found, territories: frozenset[str]) -> bool:
    known = found.entry.territories or found.spoken.territories
    return bool(territories and known and not territories & known)


def _score(found: Found, territories: frozenset[str], asked: Asked) -> int:
    agrees = bool(territories & found.entry.territories)
    kinds = {spoken(name)[0].kind for name in found.entry.names}
    kind = spoken(asked.name)[0].kind
    score = int(found.level) + (_AGREES if agrees else -_AGREES if territories else 0)
    if Kind.REGION in {kind, found.spoken.kind} and kind != found.spoken.kind and kind not in kinds:
        score -= 30
    return max(0, min(score, 100))


def _is_rival(found: Found, best: Found, asked: Asked) -> bool:
    """Tell whether a name may mean this one too; a town is not its county."""
    kind = spoken(asked.name)[0].kind
    is_told = kind in {Kind.MUNICIPALITY, Kind.REGION} and best.spoken.kind == kind
    is_around = found.spoken.kind == Kind.REGION != kind and best.spoken.kind != Kind.REGION
    return found.level > Level.SLIP and not is_around and not (is_told and found.level == Level.KIND)


def _is_believed(found: Found, asked: Asked, territories: frozenset[str], excluded: int) -> bool:
    """Tell whether a name that only one item can mean is enough to believe that it is meant."""
    agrees = bool(territories & found.entry.territories)
    if agrees:
        return True
    letters = sum(map(str.isalpha, found.spoken.bare.exact))
    is_whole = found.level == Level.EXACT or (found.level == Level.FOLDED and _is_typed(asked.name, found))
    return not excluded and is_whole and letters >= _FEWEST_LETTERS


def _is_typed(name: str, found: Found) -> bool:
    """Tell whether a name has no letter of another alphabet but those of the name that it agrees with.

    Who writes Munster may mean Münster; who writes Münster does not mean Munster.
    """
    strange = {letter for letter in exact_key(name) if not letter.isascii() and letter.isalpha()}
    return strange <= set(exact_key(found.name))
