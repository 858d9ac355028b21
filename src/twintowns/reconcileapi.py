"""The reconciliation service, described for programs: its paths in the words of OpenAPI 3.1."""

from collections.abc import Callable
from typing import Any, Final

Object = dict[str, Any]
Failures = Callable[..., Object]

_JSON: Final = "application/json"
_BATCH: Final = "A batch of reconciliation queries, as JSON."
_EXTEND: Final = "A query for values of properties, as JSON."


def reconciliation_paths(failures: Failures) -> Object:
    """Return the paths of the service.

    Args:
        failures: What makes the descriptions of failures by their statuses.
    """
    suggesting = [_field("prefix", "What the name begins with."), _number("cursor", "How many to leave out.")]
    paths = {
        "/reconcile": _service(failures),
        "/reconcile/properties": _read(
            "proposeProperties",
            "Which values can be had.",
            [_field("type", "Of items of which type."), _number("limit", "How many.")],
            failures("400"),
        ),
        "/reconcile/preview": _preview(failures),
    }
    for kind in ("entity", "property", "type"):
        paths[f"/reconcile/suggest/{kind}"] = _read(
            f"suggest{kind.capitalize()}", f"Suggests: {kind}.", suggesting, failures("400", "503")
        )
    return paths


def _service(failures: Failures) -> Object:
    fields = {"queries": {"type": "string"}, "extend": {"type": "string"}}
    answers = {"200": _answer("Candidates, values, or the manifest."), **failures("400", "413", "503")}
    body = {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": fields}}
        },
    }
    return {
        "get": {
            "operationId": "reconcile",
            "summary": "What the service is; with queries, which items names mean.",
            "parameters": [_field("queries", _BATCH), _field("extend", _EXTEND)],
            "responses": answers,
        },
        "post": {
            "operationId": "reconcileByPost",
            "summary": "Which items names mean, or the values of items.",
            "requestBody": body,
            "responses": {**answers, **failures("415")},
        },
    }


def _preview(failures: Failures) -> Object:
    needed = {**_field("id", "The Wikidata item."), "required": True}
    described = _read("preview", "A place in a few words.", [needed], failures("400", "404", "503"))
    described["get"]["responses"]["200"] = {"description": "A page.", "content": {"text/html": {}}}
    return described


def _read(operation: str, summary: str, parameters: list[Object], failing: Object) -> Object:
    told = {"operationId": operation, "summary": summary, "parameters": parameters}
    return {"get": {**told, "responses": {"200": _answer("The answer."), **failing}}}


def _answer(told: str) -> Object:
    return {"description": told, "content": {_JSON: {"schema": {"type": "object"}}}}


def _field(name: str, told: str) -> Object:
    return {"name": name, "in": "query", "required": False, "description": told, "schema": {"type": "string"}}


def _number(name: str, told: str) -> Object:
    return {**_field(name, told), "schema": {"type": "integer", "minimum": 0, "maximum": 999999}}
