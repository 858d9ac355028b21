"""What every answer says besides its content: who may read it, what a browser may do with it, how long.

One table for the service and for the configuration of static hosts. Nothing that the site's own pages do not
need is allowed to them; anybody's page may read the data. Sources: https://fetch.spec.whatwg.org/,
https://www.w3.org/TR/CSP3/ and https://www.rfc-editor.org/rfc/rfc9111
"""

from typing import Final

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What pages may load: what lies beside them, and nothing else."""

SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
}
"""What a browser may do with an answer."""

CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Link, ETag, Content-Language, Content-Location, Content-Profile, Retry-After"
    ),
}
"""Who may read an answer, and what of it."""

EVERY: Final = {**CORS, **SECURITY}
"""The headers of every answer."""

METHODS: Final = ("GET", "HEAD", "OPTIONS")
"""What can be done with a file."""

ALLOW: Final = ", ".join(METHODS)

PREFLIGHT: Final = {
    "Allow": ALLOW,
    "Access-Control-Allow-Methods": ALLOW,
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Accept-Profile, Content-Type, If-Match, If-None-Match, If-Range, Range"
    ),
    "Access-Control-Max-Age": "86400",
}
"""What is told of a file before the request proper, besides the headers of every answer."""

CACHE_FILE: Final = "public, max-age=300, must-revalidate"
CACHE_REDIRECT: Final = "public, max-age=300"
CACHE_NOT_FOUND: Final = "max-age=60"
CACHE_ERROR: Final = "no-store"
VARY_DOCUMENT: Final = "Accept, Accept-Language, Accept-Profile"
"""What the redirect from the name of a thing depends on."""


def cache_control(status: int) -> str:
    """Return how long an answer of a status may be kept.

    >>> cache_control(404), cache_control(503)
    ('max-age=60', 'no-store')
    """
    if status in {200, 206, 304}:
        return CACHE_FILE
    return {303: CACHE_REDIRECT, 404: CACHE_NOT_FOUND}.get(status, CACHE_ERROR)
