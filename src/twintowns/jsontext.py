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
    dumps = orjson.dumps
    lines = [b"\n    %b: %b" % (dumps(key), dumps(value)) for key, value in long]
    return b"".join((whole, b"{", b",".join(lines), b"\n  }\n}\n"))


def around_list(head: Mapping[str, object], name: str, *, is_empty: bool) -> tuple[bytes, bytes]:
    r"""Return what stands around a long list that is added to an object as indented JSON.

    >>> first, last = around_list({"a": 1}, "b", is_empty=False)
    >>> first + in_list({"c": 2}) + b"," + in_list(3) + last == written({"a": 1, "b": [{"c": 2}, 3]})
    True
    """
    end = b"]\n}\n"
    return written({**head, name: []}).removesuffix(end), end if is_empty else b"\n  " + end


def in_list(value: object) -> bytes:
    """Return one value of such a list, as it stands in it; a comma stands between two."""
    return (b"\n" + orjson.dumps(value, option=orjson.OPT_INDENT_2)).replace(b"\n", b"\n    ")


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
