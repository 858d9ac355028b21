"""JSON as bytes, sorted by whoever made it and indented by two spaces, for people to read.

One place for the library that writes it. Source: https://www.rfc-editor.org/rfc/rfc8259
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson


def written(value: object) -> bytes:
    """Return a value as indented JSON, with a final line end."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def written_with(head: Mapping[str, object], name: str, long: Iterable[tuple[str, object]]) -> bytes:
    r"""Return an object as indented JSON, to which a long one is added, in which each value has one line.

    >>> written_with({}, "files", [("a", [1, 2]), ("b", {})]).decode()
    '{\n  "files": {\n    "a": [1,2],\n    "b": {}\n  }\n}\n'
    """
    whole = written({**head, name: {}}).removesuffix(b"{}\n}\n")
    lines = (b"\n    %b: %b" % (line(key), line(value)) for key, value in long)
    return b"".join((whole, b"{", b",".join(lines), b"\n  }\n}\n"))


def written_with_list(head: Mapping[str, object], name: str, values: Iterable[object]) -> bytes:
    r"""Return an object as indented JSON, to which a long list is added, made value by value.

    >>> written_with_list({"a": 1}, "b", [{"c": 2}, 3]) == written({"a": 1, "b": [{"c": 2}, 3]})
    True
    """
    whole = written({**head, name: []}).removesuffix(b"]\n}\n")
    texts = (b"\n" + orjson.dumps(one, option=orjson.OPT_INDENT_2) for one in values)
    told = b",".join(text.replace(b"\n", b"\n    ") for text in texts)
    return b"".join((whole, told, b"\n  " if told else b"", b"]\n}\n"))


def line(value: object) -> bytes:
    """Return a value as JSON in one line, without spaces and without a line end.

    >>> line({"a": [1, 2]})
    b'{"a":[1,2]}'
    """
    return orjson.dumps(value)


def read(text: bytes | str) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """Return the value that a JSON text stands for.

    Raises:
        ValueError: If it is not JSON.
    """
    return orjson.loads(text)


def in_script(document: bytes) -> str:
    r"""Return JSON that can stand in an HTML script element, whatever its texts say.

    >>> in_script(b'"</script>"')
    '"\\u003c/script\\u003e"'
    """
    text = document.decode().rstrip("\n")
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
