"""The templates, ready to be filled; what they are compiled to is kept beside them, as Python keeps its own.

To compile all of them takes half as long as to import the libraries, in every build.
Source: https://jinja.palletsprojects.com/en/stable/api/#bytecode-cache
"""

import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Final

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from twintowns.project import TEMPLATES

_OPTIONS: Final[dict[str, Any]] = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "auto_reload": False,
}


def environment() -> Environment:
    """Return the templates; they escape whatever they are given."""
    return Environment(loader=FileSystemLoader(TEMPLATES), bytecode_cache=_Compiled(), **_OPTIONS)  # noqa: S701 - autoescape is among the options


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates in the folder in which Python keeps the compiled modules of the package.

    They are named by the version of jinja2 and by the options, of which what is compiled depends besides the
    template. Where the folder cannot be written to, or nothing is to be, nothing is kept.
    """

    def __init__(self) -> None:
        named = sha256(f"{jinja2.__version__} {sorted(_OPTIONS.items())}".encode()).hexdigest()[:8]
        folder = Path(cache_from_source(str(TEMPLATES.parent / "templates.py"))).parent
        super().__init__(str(folder), f"templates.{named}.%s.jinja")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled, unless it cannot be read to its end: then the template is compiled anew."""
        with suppress(OSError, EOFError, UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                Path(self.directory).mkdir(parents=True, exist_ok=True)
                super().dump_bytecode(bucket)
