"""Flags that are drawn, since some systems (Windows, and Linux without such a font) have no picture of them.

Those of stripes and Nordic crosses alone, for which a few rectangles do: a flag with arms or stars is left to
the reader's system, as text (`countries.flag_of`).
"""

from functools import cache
from typing import Final, NamedTuple

WIDTH, HEIGHT = 24, 16
"""How large a flag is, in its own units; the true proportions differ little."""

_LYING: Final = {
    "AM": "d90012 0033a0 f2a800",
    "AT": "ed2939 fff ed2939",
    "BG": "fff 00966e d62612",
    "DE": "000 dd0000 ffce00",
    "EE": "0072ce 000 fff",
    "HU": "ce2939 fff 477050",
    "ID": "ff0000 fff",
    "LT": "fdb913 006a44 c1272d",
    "LU": "ed2939 fff 00a1de",
    "LV": "9e3039 9e3039 fff 9e3039 9e3039",
    "MC": "ce1126 fff",
    "NL": "ae1c28 fff 21468b",
    "PL": "fff dc143c",
    "RU": "fff 0039a6 d52b1e",
    "UA": "0057b7 ffd700",
}
"""Stripes from above, all of the same height."""
_STANDING: Final = {
    "BE": "000 fae042 ed2939",
    "CI": "f77f00 fff 009e60",
    "FR": "0055a4 fff ef4135",
    "GN": "ce1126 fcd116 009460",
    "IE": "169b62 fff ff883e",
    "IT": "009246 fff ce2b37",
    "ML": "14b53a fcd116 ce1126",
    "NG": "008751 fff 008751",
    "PE": "d91023 fff d91023",
    "RO": "002b7f fcd116 ce1126",
    "TD": "002664 fecb00 c60c30",
}
"""Stripes from the left, all of the same width."""
_CROSSES: Final = {
    "DK": "c60c30 fff",
    "FI": "fff 003580",
    "FO": "fff 0065bd ed2939",
    "IS": "02529c fff dc1e35",
    "NO": "ba0c2f fff 00205b",
    "SE": "006aa7 fecc00",
}
"""The ground, the cross, and the cross upon that."""
_STEM, _BEAM = 8.5, 8
"""Where the middles of a Nordic cross lie."""


class Field(NamedTuple):
    """A rectangle of a colour."""

    colour: str
    x: float
    y: float
    width: float
    height: float


@cache
def drawn(code: str) -> tuple[Field, ...]:
    """Return the fields of a country's flag, those above others last; none where it is not so simple.

    Args:
        code: The country's code in ISO 3166-1.

    >>> [field.colour for field in drawn("EE")], drawn("PT")
    (['#0072ce', '#000', '#fff'], ())
    """
    if told := _LYING.get(code, "").split():
        each = HEIGHT / len(told)
        return tuple(_field(colour, 0, n * each, WIDTH, each) for n, colour in enumerate(told))
    if told := _STANDING.get(code, "").split():
        each = WIDTH / len(told)
        return tuple(_field(colour, n * each, 0, each, HEIGHT) for n, colour in enumerate(told))
    if told := _CROSSES.get(code, "").split():
        ground, *crosses = told
        widths = (4, 2) if len(crosses) > 1 else (3.5,)
        return (_field(ground, 0, 0, WIDTH, HEIGHT), *_cross(crosses, widths))
    return ()


def _cross(colours: list[str], widths: tuple[float, ...]) -> list[Field]:
    """Return crosses, one upon the other."""
    fields = []
    for colour, width in zip(colours, widths, strict=True):
        fields.append(_field(colour, _STEM - width / 2, 0, width, HEIGHT))
        fields.append(_field(colour, 0, _BEAM - width / 2, WIDTH, width))
    return fields


def _field(colour: str, x: float, y: float, width: float, height: float) -> Field:
    return Field(f"#{colour}", *(round(number, 2) for number in (x, y, width, height)))
