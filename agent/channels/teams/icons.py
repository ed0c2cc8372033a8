"""Brickie's two icons as PNG (https://www.w3.org/TR/png-3, read 2026-11-29): a wall of bricks, drawn and packed here.

Sizes are the manifest's: 192 pixels in colour, 32 in white on nothing.
"""

import struct
import zlib

Pixel = tuple[int, int, int, int]
_BRICK: Pixel = (181, 67, 42, 255)
_JOINT: Pixel = (245, 236, 230, 255)
_WHITE: Pixel = (255, 255, 255, 255)
_NOTHING: Pixel = (255, 255, 255, 0)
_ROWS = 4


def colour_icon() -> bytes:
    return _png(192, brick=_BRICK, joint=_JOINT, margin=0)


def outline_icon() -> bytes:
    return _png(32, brick=_WHITE, joint=_NOTHING, margin=2)


def _png(size: int, *, brick: Pixel, joint: Pixel, margin: int) -> bytes:
    lines = b"".join(b"\0" + bytes(_line(y, size, brick, joint, margin)) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)  # 8 bits each of red, green, blue and alpha
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _line(y: int, size: int, brick: Pixel, joint: Pixel, margin: int) -> list[int]:
    pixels = [brick if _in_brick(x - margin, y - margin, size - 2 * margin) else joint for x in range(size)]
    return [part for pixel in pixels for part in pixel]


def _in_brick(x: int, y: int, size: int) -> bool:
    """Whether that point of a wall of that width is brick: each row stands half a brick beside the one above it."""
    if not (0 <= x < size and 0 <= y < size):
        return False
    height, gap = size / _ROWS, max(2, size // 24)
    row, down = int(y // height), y % height
    along = (x + (row % 2) * height) % (2 * height)
    return gap / 2 <= down < height - gap / 2 and gap / 2 <= along < 2 * height - gap / 2
