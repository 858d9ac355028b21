"""Texts for XML: without the characters that no document may hold, however they are escaped.

Source: https://www.w3.org/TR/xml/#charsets
"""

import re
from typing import Final

_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    r"""Return a text with a mark in place of each character that XML 1.0 forbids.

    >>> xml_text("a\x00b")
    'a\ufffdb'
    """
    return _NOT_IN_XML.sub("\ufffd", text)
