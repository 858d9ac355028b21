"""The text of a message file, as the catalogue's reader may have it: every value between straight quotes.

The reader takes the first and the last character of a value for its quotes, whatever they are, so that what
lacks them would lose letters in silence. A byte order mark, which some editors write, says nothing.
Source: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

import re
from codecs import BOM_UTF8
from pathlib import Path
from typing import Final

from twintowns.exceptions import MessageFileError

_VALUE: Final = re.compile(rb'(?:msg[a-z_]+(?:\[\d+\])?)?\s*"(?:[^"\\]|\\.)*"')
_REMARK: Final = b"#"
_OF_OTHER_WIDTH: Final = b"\0"


def message_bytes(path: Path) -> bytes:
    """Return what a message file holds, without a byte order mark.

    Raises:
        OSError: If it cannot be read.
        MessageFileError: If a text in it does not stand between straight quotes, with the line.
    """
    raw = path.read_bytes().removeprefix(BOM_UTF8)
    if _OF_OTHER_WIDTH in raw:  # as in UTF-16: what is wrong is then no line of it
        return raw
    for number, line in enumerate(raw.splitlines(), 1):
        told = line.strip()
        if told and not told.startswith(_REMARK) and not _VALUE.fullmatch(told):
            raise MessageFileError(
                path,
                'a text does not stand between straight quotes (")',
                'write it like this: msgstr "…", and a quote within it like this: \\"',
                line=number,
            )
    return raw


def parts(text: object) -> tuple[str, ...]:
    """Return a message's singular and plural forms, or its only one."""
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]
