"""Screening: which things could break which shape, so that pySHACL need judge only those.

pySHACL takes minutes where these checks take seconds. What they find to conform, conforms; whatever breaks
a shape, or cannot be told here, is a suspect, and pySHACL alone says what is wrong with it, so that the
report is the same as if it had judged everything. Source: https://www.w3.org/TR/shacl/
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from twintowns import constraints
from twintowns.constraints import Check, Verdict, all_of, nothing
from twintowns.graph import Graph, Node, Term
from twintowns.paths import Walk, collection, walk_of
from twintowns.queryscreen import QueryScreen
from twintowns.reach import Reach
from twintowns.targets import TARGETS, Targets
from twintowns.vocabulary import SH
from twintowns.wellformed import is_well_formed

Suspects = dict[Node, set[Term]]
"""The focus nodes that each shape has to be judged on."""

_NOT_CONSTRAINTS: Final = {
    *TARGETS,
    SH.path,
    SH.property,
    SH.severity,
    SH.message,
    SH.name,
    SH.description,
    SH.order,
    SH.group,
    SH.defaultValue,
    SH.deactivated,
    SH.flags,
    SH.ignoredProperties,
    SH.qualifiedMinCount,
    SH.qualifiedMaxCount,
    SH.qualifiedValueShapesDisjoint,
}
_LOGICAL: Final = {
    SH.node: "node",
    SH["not"]: "not",
    SH["and"]: "and",
    SH["or"]: "or",
    SH.xone: "xone",
}
_TRUE: Final = "true"
DEEPEST: Final = 15
"""How many shapes may be within each other: pySHACL gives up on more."""


@dataclass
class _Shape:
    """A shape made ready: the way to its value nodes, and what is asked of them."""

    node: Node
    walk: Walk | None = None
    checks: list[Check] = field(default_factory=list)
    properties: list["_Shape"] = field(default_factory=list)
    inner: list["_Shape"] = field(default_factory=list)
    is_unsure: bool = False
    is_refused: bool = False
    is_met_again: bool = False

    @cached_property
    def depth(self) -> int:
        """How many shapes are within each other."""
        return (
            0
            if self.is_met_again
            else 1 + max((one.depth for one in (*self.properties, *self.inner)), default=0)
        )

    def own_verdict(self, data: Graph, focus: Term) -> Verdict:
        """Judge a focus node by all that is asked, but for the property shapes of a node shape."""
        values = self.walk(data, focus) if self.walk else [focus]
        verdict = all_of(check(data, focus, values) for check in self.checks)
        if self.walk and verdict is True:
            verdict = all_of(inner.verdict(data, value) for inner in self.properties for value in values)
        return None if verdict is True and self.is_unsure else verdict

    def verdict(self, data: Graph, focus: Term) -> Verdict:
        """Judge a focus node by all that is asked."""
        verdict = self.own_verdict(data, focus)
        if self.walk or verdict is not True:
            return verdict
        return all_of(inner.verdict(data, focus) for inner in self.properties)


class Screened(NamedTuple):
    """What has to be judged.

    Attributes:
        near: The suspects of shapes that look near.
        far: Those of shapes that look far.
        judged: The focus nodes that were held against the shapes that look near.
    """

    near: Suspects
    far: Suspects
    judged: set[Term]

    @property
    def suspects(self) -> Suspects:
        """All of them."""
        shapes = self.near.keys() | self.far.keys()
        return {shape: self.near.get(shape, set()) | self.far.get(shape, set()) for shape in shapes}


def _never(_focus: Term) -> bool:
    return False


class Screen:
    """The shapes, made ready to be held against data.

    Args:
        shapes: The shapes graph.
        data: The data graph.
        deepest: How many shapes may be within each other.
    """

    def __init__(self, shapes: Graph, data: Graph, deepest: int = DEEPEST) -> None:
        """Make the data ready for queries; shapes are made ready as they are met."""
        self._shapes = shapes
        self._data = data
        self._deepest: Final = deepest
        self._known: dict[Node, _Shape] = {}
        self._in_making: set[Node] = set()
        self._in_hand: list[_Shape] = []
        self._has_components = any(triple.predicate == SH.parameter for triple in shapes)
        self._reach = Reach(shapes)
        self._targets = Targets(shapes, data)
        self.queries: Final = QueryScreen(shapes, data)

    def suspects(self) -> Suspects:
        """Return what has to be judged: focus nodes by shape, property shapes by themselves if possible."""
        return self.screened().suspects

    def screened(
        self, is_settled: Callable[[Term], bool] = _never, is_known: Callable[[Term], bool] = _never
    ) -> Screened:
        """Return what has to be judged, that of shapes that look near by itself.

        Args:
            is_settled: Whether it is known what shapes that look near say of a focus node.
            is_known: Whether it is known what all shapes say of it.
        """
        found = Screened(defaultdict(set), defaultdict(set), set())
        for shape in [self._shape(node) for node in self._targets.shapes()]:  # queries are asked together
            node = shape.node
            is_near = self._is_near(node)
            near = [inner for inner in shape.properties if is_near or self._is_near_within(node, inner.node)]
            far = [inner for inner in shape.properties if inner not in near]
            for focus in (one for one in self._targets.of(node) if not is_known(one)):
                is_new = not is_settled(focus)
                if is_new:
                    found.judged.add(focus)
                if (is_new or not is_near) and shape.own_verdict(self._data, focus) is not True:
                    (found.near if is_near else found.far)[node].add(focus)
                    if is_near:
                        continue
                if not shape.walk:
                    self._screen(near if is_new else [], focus, found.near)
                    self._screen(far, focus, found.far)
        return found

    def _screen(self, shapes: Iterable[_Shape], focus: Term, found: Suspects) -> None:
        for shape in shapes:
            if shape.verdict(self._data, focus) is not True:
                found[shape.node].add(focus)

    def _is_near(self, shape: Node) -> bool:
        return self._reach.is_near(shape, self.queries.query)

    def _is_near_within(self, outer: Node, shape: Node) -> bool:
        """Tell whether a shape looks near, and its focus nodes are those of the other by what they state."""
        return self._is_near(shape) and not self._shapes.values(outer, SH.targetObjectsOf)

    def _shape(self, node: Node) -> _Shape:
        """Return a shape made ready; one met again while it is made ready is recursive, and unsure."""
        if node in self._in_making:
            return _Shape(node, is_unsure=True, is_met_again=True)
        if node not in self._known:
            self._in_making.add(node)
            self._known[node] = self._made(node)
            self._in_making.discard(node)
        return self._known[node]

    def _made(self, node: Node) -> _Shape:
        shape = _Shape(node)
        self._in_hand.append(shape)
        is_well_formed_itself = is_well_formed(self._shapes, node)
        if self._text(node, SH.deactivated) != _TRUE or not is_well_formed_itself:
            self._make(shape)
        self._in_hand.pop()
        within = (*shape.properties, *shape.inner)
        shape.is_refused = not is_well_formed_itself or any(one.is_refused for one in within)
        shape.is_unsure = shape.is_unsure or shape.is_refused or shape.depth > self._deepest
        return shape

    def _make(self, shape: _Shape) -> None:
        """Note what is asked of the value nodes of a shape."""
        node = shape.node
        path = self._shapes.value(node, SH.path)
        shape.walk = walk_of(self._shapes, path) if path is not None else None
        shape.is_unsure = self._has_components or (path is not None and shape.walk is None)
        for triple in self._shapes.about(node):
            if triple.predicate == SH.property and not isinstance(triple.object, Literal):
                shape.properties.append(self._shape(triple.object))  # type: ignore[arg-type]
            elif triple.predicate.value.startswith(SH) and triple.predicate not in _NOT_CONSTRAINTS:
                check = self._check(node, triple.predicate, triple.object)  # type: ignore[arg-type]
                shape.is_unsure = shape.is_unsure or check is None
                shape.checks += [check] if check else []

    def _inner(self, node: Node) -> _Shape:
        """Return a shape that the one in hand names in a constraint, and note that it does."""
        made = self._shape(node)
        self._in_hand[-1].inner.append(made)
        return made

    def _check(self, shape: Node, component: NamedNode, parameter: Term) -> Check | None:
        """Return the check that a parameter of a constraint asks for, or None where there is none here."""
        if component in constraints.SIMPLE:
            return constraints.SIMPLE[component](parameter)
        if component in _LOGICAL:
            return self._logical(_LOGICAL[component], parameter)
        makers: dict[NamedNode, Callable[[], Check | None]] = {
            SH.pattern: lambda: constraints.pattern(parameter, self._text(shape, SH.flags)),
            SH["in"]: lambda: constraints.one_of(collection(self._shapes, parameter)),
            SH.languageIn: lambda: constraints.language_in(collection(self._shapes, parameter)),
            SH.closed: lambda: self._closed(shape) if parameter.value == _TRUE else nothing,
            SH.qualifiedValueShape: lambda: self._qualified(shape, parameter),
            SH.sparql: lambda: self.queries.check(shape, parameter),
        }
        return makers[component]() if component in makers else None

    def _logical(self, operator: str, parameter: Term) -> Check:
        members = collection(self._shapes, parameter) if operator in {"and", "or", "xone"} else [parameter]
        inner = [self._inner(member) for member in members if not isinstance(member, Literal)]
        known: dict[Term, Verdict] = {}

        def one(data: Graph, value: Term) -> Verdict:
            if not isinstance(value, NamedNode):
                return _combined(operator, [shape.verdict(data, value) for shape in inner])
            if value not in known:
                known[value] = _combined(operator, [shape.verdict(data, value) for shape in inner])
            return known[value]

        def check(data: Graph, _focus: Term, values: list[Term]) -> Verdict:
            return all_of(one(data, value) for value in values)

        return check

    def _closed(self, shape: Node) -> Check:
        ignored = self._shapes.value(shape, SH.ignoredProperties)
        allowed = set(collection(self._shapes, ignored)) if ignored is not None else set()
        for inner in self._shapes.values(shape, SH.property):
            allowed.update(self._shapes.values(inner, SH.path))  # type: ignore[arg-type]
        return constraints.closed(frozenset(allowed))

    def _qualified(self, shape: Node, parameter: Term) -> Check | None:
        least = self._text(shape, SH.qualifiedMinCount) or "0"
        most = self._text(shape, SH.qualifiedMaxCount) or "1000000000"
        if not (_COUNT.fullmatch(least) and _COUNT.fullmatch(most)):
            return None
        if self._text(shape, SH.qualifiedValueShapesDisjoint) == _TRUE or isinstance(parameter, Literal):
            return None
        inner = self._inner(parameter)

        def check(data: Graph, _focus: Term, values: list[Term]) -> Verdict:
            verdicts = [inner.verdict(data, value) for value in values]
            return None if None in verdicts else int(least) <= verdicts.count(True) <= int(most)

        return check

    def _text(self, node: Node, predicate: NamedNode) -> str:
        value = self._shapes.value(node, predicate)
        return "" if value is None else value.value


_COUNT: Final = re.compile(r"[0-9]{1,10}")


def _combined(operator: str, verdicts: list[Verdict]) -> Verdict:
    match operator:
        case "or":
            return True if True in verdicts else None if None in verdicts else False
        case "xone":
            return None if None in verdicts else verdicts.count(True) == 1
        case "not":
            return None if None in verdicts else not all(verdicts)
        case _:
            return all_of(verdicts)
