"""Items read from a SPARQL service over Wikidata's data: in batches, kept, asked again only if changed.

Where the service gives up in the midst of an answer, as one does that takes too long, the batch is halved.
Source: https://www.mediawiki.org/wiki/Wikidata_Query_Service/User_Manual
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from twintowns.exceptions import AnswerError, RefusedError
from twintowns.harvestcache import HarvestCache, Kept, batches
from twintowns.iris import number_of
from twintowns.questioning import bound, rows
from twintowns.scope import Scope
from twintowns.transport import Client
from twintowns.vocabulary import WD, XSD
from twintowns.wikidata import DEFAULT_LANGUAGE, VERSION, Item, item_from, qid_of

_ITEMS_AT_ONCE: Final = 50
_NAMES_AT_ONCE: Final = 500
_ABOUT: Final = ("item", "subject", "predicate", "object")
_ITEM: Final = itemgetter(*_ABOUT)
_GIVEN_UP: Final = frozenset({413, 500, 504})
"""The statuses of services that took too long, or would have."""


def question_for(url: str, languages: Iterable[str]) -> str:
    """Return what tells one kind of question from another: service, query and languages."""
    asked = "\0".join((url, bound("about"), *sorted(languages)))
    return sha256(asked.encode()).hexdigest()[:16]


@dataclass
class WikidataService:
    """A SPARQL service over Wikidata's data.

    Attributes:
        client: The way there.
        cache: What was already harvested.
        languages: The languages of names.
        today: The day on which it is asked.
        is_fresh: Whether to ask for everything again.
        days: On which days what was returned was read.
        asked: How many items it was asked for.
        rounds: How often it may be asked for more items: areas lie in areas.
    """

    client: Client
    cache: HarvestCache
    languages: tuple[str, ...]
    today: str
    is_fresh: bool = False
    days: set[str] = field(default_factory=set)
    asked: int = 0
    rounds: int = 12

    def stating(self, scope: Scope) -> Iterator[str]:
        """Go through the items within the scope that state twinnings.

        Raises:
            TransportError: If the service does not answer as it should.
        """
        if scope.places:
            yield from scope.places
            return
        name = "of-country" if scope.countries else "stating"
        bounds = {"country": [WD[qid] for qid in scope.countries]} if scope.countries else {}
        after = 0
        while found := self._named(bound(name, after=[Literal(str(after), datatype=XSD.integer)], **bounds)):
            yield from found
            if max(map(number_of, found)) <= after:
                raise AnswerError(
                    self.client.url,
                    "it answers with the same items again and again",
                    "see that the address is that of a SPARQL service with the data of Wikidata",
                )
            after = max(map(number_of, found))

    def pointing(self, qids: Iterable[str]) -> Iterator[str]:
        """Go through the items that state a twinning with one of these.

        Raises:
            TransportError: If the service does not answer as it should.
        """
        for some in batches(sorted(qids), _NAMES_AT_ONCE):
            yield from self._named(bound("pointing", partner=[WD[qid] for qid in some]))

    def items(self, qids: Collection[str], told: Callable[[int], None]) -> Iterator[Item]:
        """Go through items, read from what is kept or asked for.

        Args:
            qids: Which items.
            told: Called with the number of items read since.

        Raises:
            TransportError: If the service does not answer as it should; what was read before is kept.
        """
        wanted = set(qids)
        current = set() if self.is_fresh else self._unchanged(wanted)
        told(len(current))
        for some in batches(sorted(wanted - current, key=number_of), _ITEMS_AT_ONCE):
            self._keep(some)
            told(len(some))
        for qid, kept in self.cache.kept(wanted):
            self.days.add(kept.day)
            yield item_from(qid, _triples(kept.triples))

    def _named(self, query: str) -> list[str]:
        return [qid for row in rows(self.client, query, "item") if (qid := qid_of(row["item"]))]

    def _unchanged(self, qids: Collection[str]) -> set[str]:
        """Return the items that are kept as they are now."""
        kept = self.cache.versions(qids)
        now: dict[str, str] = {}
        for some in batches(sorted(qid for qid, version in kept.items() if version), _NAMES_AT_ONCE):
            for row in rows(
                self.client, bound("versions", item=[WD[qid] for qid in some]), "item", "version"
            ):
                now[qid_of(row["item"])] = row["version"].value
        return {qid for qid, version in kept.items() if now.get(qid, "") == version}

    def _keep(self, qids: tuple[str, ...]) -> None:
        """Ask for some items and keep what is answered; where that is too much at once, half by half."""
        try:
            found = self._asked(qids)
        except (AnswerError, RefusedError) as error:
            is_too_much = isinstance(error, AnswerError) or error.status in _GIVEN_UP
            if len(qids) == 1 or not is_too_much:
                raise
            half = len(qids) // 2
            self._keep(qids[:half])
            self._keep(qids[half:])
        else:
            self.asked += len(qids)
            self.cache.keep(found)

    def _asked(self, qids: tuple[str, ...]) -> dict[str, Kept]:
        languages = [Literal(tag) for tag in dict.fromkeys((*self.languages, "en", DEFAULT_LANGUAGE))]
        query = bound("about", item=[WD[qid] for qid in qids], language=languages)
        lines: dict[str, list[str]] = defaultdict(list)
        versions: dict[str, str] = {}
        for item, subject, predicate, value in map(_ITEM, rows(self.client, query, *_ABOUT)):
            qid = qid_of(item)
            if predicate == VERSION:
                versions[qid] = value.value
            elif isinstance(predicate, NamedNode) and not isinstance(subject, Literal):
                lines[qid].append(f"{subject} {predicate} {value} .\n")
        return {qid: Kept(versions.get(qid, ""), self.today, "".join(sorted(lines[qid]))) for qid in qids}


def _triples(text: str) -> Iterator[Triple]:
    return (quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES, lenient=True))
