# SPDX-License-Identifier: Apache-2.0
"""Reads a PNG as far as is needed to tell whether something is on it, and how bright it is."""

import struct
import zlib


class Picture:
    def __init__(self, content):
        if content[:8] != b"\x89PNG\r\n\x1a\n":
            raise ValueError("no PNG")
        place, packed = 8, b""
        while place < len(content):
            length, kind = struct.unpack(">I4s", content[place : place + 8])
            chunk = content[place + 8 : place + 8 + length]
            if kind == b"IHDR":
                self.width, self.height, depth, color, _, _, laced = struct.unpack(">IIBBBBB", chunk)
                if depth != 8 or color not in (2, 6) or laced:
                    raise ValueError("a PNG of another kind")
                self.channels = 3 if color == 2 else 4
            elif kind == b"IDAT":
                packed += chunk
            place += 12 + length
        self.packed = packed

    def rows(self):
        """Gives the rows of bytes, unfiltered."""
        raw, step = zlib.decompress(self.packed), self.channels
        size = self.width * step
        above = bytearray(size)
        for row in range(self.height):
            start = row * (size + 1)
            kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + size])
            for index in range(size):
                left = line[index - step] if index >= step else 0
                up = above[index]
                if kind == 1:
                    add = left
                elif kind == 2:
                    add = up
                elif kind == 3:
                    add = (left + up) // 2
                elif kind == 4:
                    corner = above[index - step] if index >= step else 0
                    guess = left + up - corner
                    far = (abs(guess - left), abs(guess - up), abs(guess - corner))
                    add = (left, up, corner)[far.index(min(far))]
                else:
                    add = 0
                line[index] = (line[index] + add) & 255
            above = line
            yield line

    def look(self):
        """Gives the mean luminance from 0 to 1, and how many colours there are."""
        total, colors = 0.0, set()
        for line in self.rows():
            for index in range(0, len(line), self.channels):
                red, green, blue = line[index : index + 3]
                colors.add((red, green, blue))
                total += 0.2126 * red + 0.7152 * green + 0.0722 * blue
        return total / 255 / max(1, self.width * self.height), len(colors)
