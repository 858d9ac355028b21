"""The messages that the program tells, found in its sources: exceptions, labels, templates, commands."""

import ast
from collections.abc import Iterator

from jinja2.ext import babel_extract

from twintowns import authority, groups, labels
from twintowns.distributions import DISTRIBUTIONS
from twintowns.project import PACKAGE, TEMPLATES
from twintowns.querypage import examples, words

_CONSTANTS = {
    "_ALTERNATES",
    "_COUNTS",
    "_DOUBTFUL",
    "_EVENTS",
    "_LISTS",
    "_MISPLACED",
    "_OTHER_LANGUAGE",
    "_REMEDIES",
    "_SENTENCES",
    "_SEVERITY_NAMES",
    "_TAG",
    "_TEXTS",
    "_UNKNOWN_TAG",
    "_UNTRANSLATED",
    "_VERDICTS",
    "_VOCABULARY",
}
_KEYWORDS = ("_", "gettext", "ngettext")
_TOLD_BY = {
    "gettext",
    "ngettext",
    "translated",
    "told_text",
    "_message",
    "_say",
    "_progress",
    "_listed",
    "_refused",
    "_wrong_shapes",
    "Advice",
    "_worded",
    "_hint",
    "WrittenDate",
}


def message_ids() -> set[str]:
    """Return every message identifier of the program."""
    return {message for message in (*_in_python(), *_in_templates(), *_in_labels()) if message}


def _in_python() -> Iterator[str]:
    for path in sorted(PACKAGE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _in_call(node)
            elif isinstance(node, ast.Assign) and _is_messages(node):
                yield from _strings(node.value)


def _in_call(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    told = (
        call.args[2:3]
        if name in {"Remark", "_remark"}
        else call.args[1:3]
        if name.endswith("Error") or name in {"_Slip", "_Mistake", "lexical_error"}
        else call.args[:2]
        if name in _TOLD_BY
        else []
    )
    for argument in told:
        yield from _strings(argument)


def _is_messages(assignment: ast.Assign) -> bool:
    target = assignment.targets[0]
    return isinstance(target, ast.Name) and target.id in _CONSTANTS


def _strings(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Dict(keys=keys, values=values):
            for part in (*keys, *values):
                yield from _strings(part) if part else ()
        case ast.Tuple(elts=parts):
            for part in parts:
                yield from _strings(part)
        case ast.IfExp(body=one, orelse=other):
            for part in (one, other):
                yield from _strings(part)
        case _:
            pass


def _in_templates() -> Iterator[str]:
    for path in sorted(TEMPLATES.glob("*.html")):
        with path.open("rb") as file:
            for _, _, message, _ in babel_extract(file, _KEYWORDS, [], {"encoding": "utf-8"}):
                parts = (message,) if isinstance(message, str) else message or ()
                yield from (part for part in parts if part)


def _in_labels() -> Iterator[str]:
    yield from (told for one in DISTRIBUTIONS for told in (one.content, one.message))
    yield from (*words(), *(example.question for example in examples()))
    yield from authority.LABELS.values()
    yield from authority.TABLES.values()
    yield from labels.CLASSES.values()
    yield from labels.PREDICATES.values()
    yield from labels.INCOMING.values()
    yield from (group.title for group in groups.GROUPS)
