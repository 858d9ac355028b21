"""The picture beside a shared link, drawn from the icon: two rings, one through the other.

It is kept as a file, since compressing it where a site is built would give other bytes with another version
of zlib. The form is that of https://www.w3.org/TR/png-3/.
"""

import math
import re
import zlib
from itertools import product
from pathlib import Path
from struct import pack, unpack
from typing import Final, NamedTuple

WIDTH, HEIGHT = 1200, 630
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
_SCALE, _MIDDLE, _THICK = 36.0, 8.0, 2.0
_PAPER: Final = (0xFD, 0xFC, 0xF9)

Colour = tuple[int, int, int]


class _Ring(NamedTuple):
    """A ring, or the arc of one between two angles, in the units of the icon."""

    colour: Colour
    x: float
    y: float
    radius: float
    arc: tuple[float, float] = (-math.pi, math.pi)

    def covers(self, x: float, y: float) -> float:
        """Return how much of a pixel the ring covers, from 0 to 1."""
        across, down = x - self.x, y - self.y
        if not self.arc[0] <= math.atan2(down, across) <= self.arc[1]:
            return 0.0
        inside = _THICK / 2 - abs(math.hypot(across, down) - self.radius)
        return min(max(inside * _SCALE + 0.5, 0.0), 1.0)


def drawn(icon: Path) -> bytes:
    """Return the pixels of the picture, three bytes each, line by line."""
    pixels = bytearray(bytes(_PAPER) * (WIDTH * HEIGHT))
    for ring in _rings(icon.read_text(encoding="utf-8")):
        reach = (ring.radius + _THICK) * _SCALE
        left, top = WIDTH / 2 + (ring.x - _MIDDLE) * _SCALE, HEIGHT / 2 + (ring.y - _MIDDLE) * _SCALE
        columns, lines = (range(int(at - reach), int(at + reach)) for at in (left, top))
        for line, column in product(lines, columns):
            x, y = (column + 0.5 - WIDTH / 2) / _SCALE, (line + 0.5 - HEIGHT / 2) / _SCALE
            if share := ring.covers(x + _MIDDLE, y + _MIDDLE):
                at = 3 * (line * WIDTH + column)
                below = pixels[at : at + 3]
                pixels[at : at + 3] = bytes(
                    _mixed(*both, share) for both in zip(below, ring.colour, strict=True)
                )
    return bytes(pixels)


def written(pixels: bytes) -> bytes:
    """Return pixels as a PNG file."""
    lines = (b"\0" + pixels[at : at + 3 * WIDTH] for at in range(0, len(pixels), 3 * WIDTH))
    packed = zlib.compress(b"".join(lines), 9)
    return _SIGNATURE + b"".join(
        _chunk(kind, data) for kind, data in ((b"IHDR", _HEADER), (b"IDAT", packed), (b"IEND", b""))
    )


def read(png: bytes) -> bytes:
    """Return the pixels of a PNG file of the one form that is written here."""
    chunks, at = {}, len(_SIGNATURE)
    while at < len(png):
        size, kind = unpack(">I4s", png[at : at + 8])
        chunks[kind] = png[at + 8 : at + 8 + size]
        assert png[at : at + 12 + size] == _chunk(kind, chunks[kind])
        at += 12 + size
    assert png.startswith(_SIGNATURE)
    assert chunks[b"IHDR"] == _HEADER
    lines = zlib.decompress(chunks[b"IDAT"])
    return b"".join(lines[at + 1 : at + 1 + 3 * WIDTH] for at in range(0, len(lines), 3 * WIDTH + 1))


def _rings(icon: str) -> list[_Ring]:
    """Read the two rings and the arc where the first lies above the other."""
    colours = dict(re.findall(r"^\.(one|other) \{ stroke: #([0-9a-f]{6}) \}$", icon, re.MULTILINE)[:2])
    circles = re.findall(r'class="(\w+)" cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', icon)
    rings = [
        _Ring(_colour(colours[name]), float(x), float(y), float(radius)) for name, x, y, radius in circles
    ]
    [ends] = re.findall(r'd="M([\d.]+) ([\d.]+)A\S+ \S+ 0 0 1 ([\d.]+) ([\d.]+)"', icon)
    first = rings[0]
    angles = [math.atan2(float(y) - first.y, float(x) - first.x) for x, y in (ends[:2], ends[2:])]
    return [*rings, first._replace(arc=(angles[0], angles[1]))]


def _colour(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text)
    return red, green, blue


def _mixed(below: int, above: int, share: float) -> int:
    return round(below + (above - below) * share)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
