"""Conditional and partial requests: what of an answer has to be sent at all.

ETags are strong, so they are compared strongly for ranges and `If-Match`, weakly for `If-None-Match`. One
range is answered; several are not worth their bytes, and are answered with the whole. Source:
https://www.rfc-editor.org/rfc/rfc9110#section-13 and https://www.rfc-editor.org/rfc/rfc9110#section-14
"""

import re
from typing import Final, NamedTuple

_TAG: Final = re.compile(r'(W/)?("[^"]*")')
_RANGE: Final = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)


class Conditions(NamedTuple):
    """The headers of a request that decide whether and what of an answer is sent; empty where missing."""

    if_match: str = ""
    if_none_match: str = ""
    if_range: str = ""
    range: str = ""


class Span(NamedTuple):
    """The bytes from `start` up to, and not with, `stop`."""

    start: int
    stop: int


UNSATISFIABLE: Final = Span(-1, -1)
"""The answer to a range that lies beyond the end."""


def is_unmodified(conditions: Conditions, etag: str) -> bool:
    """Tell whether the client has this very version already.

    >>> is_unmodified(Conditions(if_none_match='"a", W/"b"'), '"b"')
    True
    """
    return _holds(conditions.if_none_match, etag, is_weak=True)


def is_failed(conditions: Conditions, etag: str) -> bool:
    """Tell whether the client wants another version or none.

    >>> is_failed(Conditions(if_match='W/"b"'), '"b"')
    True
    """
    return bool(conditions.if_match) and not _holds(conditions.if_match, etag, is_weak=False)


def span_of(conditions: Conditions, etag: str, size_bytes: int) -> Span | None:
    """Return the part that is asked for, None for the whole, `UNSATISFIABLE` where there is no such part.

    >>> span_of(Conditions(range="bytes=-5"), '"b"', 100)
    Span(start=95, stop=100)
    """
    if conditions.if_range and conditions.if_range.strip() != etag:
        return None
    found = _RANGE.fullmatch(conditions.range.strip())
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        return Span(max(0, size_bytes - int(suffix)), size_bytes) if int(suffix) else UNSATISFIABLE
    start, stop = int(first), min(int(last) + 1, size_bytes) if last else size_bytes
    if last and int(last) < start:
        return None
    return Span(start, stop) if start < size_bytes else UNSATISFIABLE


def _holds(header: str, etag: str, *, is_weak: bool) -> bool:
    if header.strip() == "*":
        return True
    return any(tag == etag and (is_weak or not weakness) for weakness, tag in _TAG.findall(header))
