"""Screening: which things could break which shape, so that pySHACL need judge only those.

pySHACL takes minutes where these checks take seconds. What they find to conform, conforms; whatever breaks
a shape, or cannot be told here, is a suspect, and pySHACL alone says what is wrong with it, so that the
report is the same as if it had judged everything. Source: https://www.w3.org/TR/shacl/
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from twintowns import constraints
from twintowns.constraints import Check, Verdict, all_of
from twintowns.exceptions import ShapesError
from twintowns.graph import Graph, Node, Term
from twintowns.likeness import kind_of, query_reads
from twintowns.paths import Walk, collection, walk_of
from twintowns.plainness import finds_this, has_service, is_plain, kept_otherwise, reads_any
from twintowns.reach import Reach
from twintowns.vocabulary import OWL, RDFS, SH, A

Suspects = dict[Node, set[Term]]
"""The focus nodes that each shape has to be judged on."""

TARGETS: Final = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
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


@dataclass
class _Shape:
    """A shape made ready: the way to its value nodes, and what is asked of them."""

    node: Node
    walk: Walk | None = None
    checks: list[Check] = field(default_factory=list)
    properties: list["_Shape"] = field(default_factory=list)
    is_unsure: bool = False

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
    """

    def __init__(self, shapes: Graph, data: Graph) -> None:
        """Make the data ready for queries; shapes are made ready as they are met."""
        self._shapes = shapes
        self._data = data
        self._known: dict[Node, _Shape] = {}
        self._in_making: set[Node] = set()
        self._has_components = any(triple.predicate == SH.parameter for triple in shapes)
        self._store: Store | None = None
        self._reach = Reach(shapes)
        self._by_predicate: dict[Term, list[Triple]] = defaultdict(list)
        self._breaking: dict[str, set[Term]] = {}
        self._altered: set[Term] = set()
        self._altered_of: frozenset[NamedNode] = frozenset()

    def suspects(self) -> Suspects:
        """Return what has to be judged: focus nodes by shape, property shapes by themselves if possible."""
        return self.screened().suspects

    def screened(self, is_settled: Callable[[Term], bool] = _never) -> Screened:
        """Return what has to be judged, that of shapes that look near by itself.

        Args:
            is_settled: Whether it is known what shapes that look near say of a focus node.
        """
        found = Screened(defaultdict(set), defaultdict(set), set())
        for node in self._targeting():
            shape = self._shape(node)
            is_near = self._is_near(node)
            near = [inner for inner in shape.properties if is_near or self._is_near(inner.node)]
            far = [inner for inner in shape.properties if inner not in near]
            for focus in self._focus_nodes(node):
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
        return self._reach.is_near(shape, self.query)

    def _targeting(self) -> Iterator[Node]:
        """Go through the shapes that have targets."""
        for subject in self._shapes.subjects:
            predicates = {triple.predicate for triple in self._shapes.about(subject)}
            if predicates & set(TARGETS) or self._is_class_and_shape(subject):
                yield subject

    def _is_class_and_shape(self, subject: Node) -> bool:
        types = set(self._shapes.values(subject, A))
        return bool(types & {RDFS.Class, OWL.Class}) and bool(types & {SH.NodeShape, SH.PropertyShape})

    def _focus_nodes(self, shape: Node) -> Iterable[Term]:
        found: dict[Term, None] = dict.fromkeys(self._shapes.values(shape, SH.targetNode))
        classes = self._shapes.values(shape, SH.targetClass)
        if self._is_class_and_shape(shape):
            classes.append(shape)
        found.update(dict.fromkeys(one for target in classes for one in self._instances(target)))
        wanted = [set(self._shapes.values(shape, of)) for of in (SH.targetSubjectsOf, SH.targetObjectsOf)]
        if any(wanted):
            for triple in (triple for of in wanted[0] | wanted[1] for triple in self._stating(of)):
                if triple.predicate in wanted[0]:
                    found[triple.subject] = None  # type: ignore[index]
                if triple.predicate in wanted[1]:
                    found[triple.object] = None  # type: ignore[index]
        return found

    def _stating(self, predicate: Term) -> list[Triple]:
        if not self._by_predicate:
            for triple in self._data:
                self._by_predicate[triple.predicate].append(triple)
        return self._by_predicate.get(predicate, [])

    def _instances(self, of_class: Term) -> Iterator[Term]:
        waiting, seen = [of_class], {of_class}
        while waiting:
            one = waiting.pop()
            if isinstance(one, NamedNode):
                yield from self._data.instances(one)
            if not isinstance(one, Literal):
                for triple in self._data.pointing_at(one):
                    if triple.predicate == RDFS.subClassOf and triple.subject not in seen:
                        seen.add(triple.subject)  # type: ignore[arg-type]
                        waiting.append(triple.subject)  # type: ignore[arg-type]

    def _shape(self, node: Node) -> _Shape:
        """Return a shape made ready; one met again while it is made ready is recursive, and unsure."""
        if node in self._in_making:
            return _Shape(node, is_unsure=True)
        if node not in self._known:
            self._in_making.add(node)
            self._known[node] = self._made(node)
            self._in_making.discard(node)
        return self._known[node]

    def _made(self, node: Node) -> _Shape:
        shape = _Shape(node)
        if self._text(node, SH.deactivated) == _TRUE:
            return shape
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
        return shape

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
            SH.closed: lambda: self._closed(shape) if parameter.value == _TRUE else _nothing,
            SH.qualifiedValueShape: lambda: self._qualified(shape, parameter),
            SH.sparql: lambda: self._sparql(shape, parameter),
        }
        return makers[component]() if component in makers else None

    def _logical(self, operator: str, parameter: Term) -> Check:
        members = collection(self._shapes, parameter) if operator in {"and", "or", "xone"} else [parameter]
        inner = [self._shape(member) for member in members if not isinstance(member, Literal)]
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
        inner = self._shape(parameter)

        def check(data: Graph, _focus: Term, values: list[Term]) -> Verdict:
            verdicts = [inner.verdict(data, value) for value in values]
            return None if None in verdicts else int(least) <= verdicts.count(True) <= int(most)

        return check

    def _sparql(self, shape: Node, constraint: Term) -> Check | None:
        """Return a check that asks a SPARQL constraint's query of the data, with `$this` bound beforehand."""
        if isinstance(constraint, Literal):
            return None
        query = self.query(shape, constraint)
        if not self._text(constraint, SH.select) or has_service(query):
            return None
        self._check_syntax(constraint, query)
        if not is_plain(query):
            return None
        is_asked_once, reads = finds_this(query), query_reads(query)
        verdicts: dict[Hashable, Verdict] = {}

        def check(data: Graph, focus: Term, _values: list[Term]) -> Verdict:
            stored = self._stored(data)
            if isinstance(focus, Literal) or focus in self._altered or reads_any(query, self._altered_of):
                return None
            if is_asked_once:
                return None if focus in self._all_breaking(stored, query) else True
            kind = None if reads is None else kind_of(data, focus, reads)
            if kind is None:
                return _asked(stored, query, focus)
            if kind not in verdicts:
                verdicts[kind] = _asked(stored, query, focus)
            return verdicts[kind]

        return check if self._text(constraint, SH.deactivated) != _TRUE else _nothing

    def query(self, shape: Node, constraint: Node) -> str:
        """Return the query of a SPARQL constraint, with its prefixes."""
        query = self._text(constraint, SH.select)
        path = self._shapes.value(shape, SH.path)
        if "$PATH" in query and isinstance(path, NamedNode):
            query = query.replace("$PATH", f"<{path.value}>")
        return self._prefixes(constraint) + query

    def _all_breaking(self, stored: Store, query: str) -> set[Term]:
        """Return whatever breaks a constraint, asked once and not for each focus node."""
        if query not in self._breaking:
            rows = cast("QuerySolutions", stored.query(query))
            self._breaking[query] = {row["this"] for row in rows}
        return self._breaking[query]

    def _check_syntax(self, constraint: Node, query: str) -> None:
        try:
            Store().query(query)
        except SyntaxError as error:
            place = "shapes/"
            raise ShapesError(
                place,
                "the query of {shape} is not SPARQL: {problem}",
                "mend it: the shapes, not the data, are at fault",
                values={"shape": constraint, "problem": error.msg},
            ) from error

    def _stored(self, data: Graph) -> Store:
        """Return the data as a store, and note which literals it keeps in another form (`1` for `01`)."""
        if self._store is None:
            self._store = Store()
            self._store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in data)
            altered_literals = kept_otherwise({t.object for t in data if isinstance(t.object, Literal)})
            altered = [triple for triple in data if triple.object in altered_literals]
            self._altered = {triple.subject for triple in altered}  # type: ignore[misc]
            self._altered_of = frozenset(triple.predicate for triple in altered)
        return self._store

    def _prefixes(self, constraint: Node) -> str:
        declarations = [
            declaration
            for ontology in self._shapes.values(constraint, SH.prefixes)
            for declaration in self._shapes.values(ontology, SH.declare)  # type: ignore[arg-type]
        ]
        told = {self._text(d, SH.prefix): self._text(d, SH.namespace) for d in declarations}  # type: ignore[arg-type]
        return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(told.items()))

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


def _asked(stored: Store, query: str, focus: Node) -> Verdict:
    rows = stored.query(query, substitutions={Variable("this"): focus})
    return True if isinstance(rows, QuerySolutions) and next(rows, None) is None else None


def _nothing(_data: Graph, _focus: Term, _values: list[Term]) -> Verdict:
    return True
