# SPDX-License-Identifier: Apache-2.0
"""Looks for strings in files of any size, however they may have been written there."""

import base64
import os
import pathlib
import subprocess
import tempfile

ENCODINGS = ("raw", "base64", "hex", "utf16")


def forms(text):
    """Gives the bytes that a string is, or is part of, in each encoding."""
    raw = text.encode()
    yield "raw", raw
    # Where it stands in the midst of something, its first and last characters depend on that.
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw).rstrip(b"=")
        whole = coded[-(-8 * before // 6) : (before + len(raw)) * 8 // 6]
        yield "base64", whole
        if b"+" in whole or b"/" in whole:
            yield "base64", whole.replace(b"+", b"-").replace(b"/", b"_")
    yield "hex", raw.hex().encode()
    yield "hex", raw.hex().upper().encode()
    yield "utf16", text.encode("utf-16-le")
    yield "utf16", text.encode("utf-16-be")


def files(*places):
    """Gives every regular file at or below these places."""
    for place in map(pathlib.Path, places):
        if place.is_file():
            yield place
        elif place.is_dir():
            yield from (one for one in sorted(place.rglob("*")) if one.is_file())


class Search:
    """Strings in all their forms, to be looked for in one go."""

    def __init__(self, strings):
        self.owner = {}
        for text in strings:
            for encoding, pattern in forms(text):
                assert b"\n" not in pattern
                self.owner[pattern] = (text, encoding)
        self.patterns = tempfile.NamedTemporaryFile()
        self.patterns.write(b"\n".join(sorted(self.owner)) + b"\n")
        self.patterns.flush()

    def found(self, *places):
        """Gives what was found, as pairs of a string and its encoding, and the bytes read."""
        found = set()
        size = 0
        for place in files(*places):
            size += place.stat().st_size
            command = ["grep", "-a", "-o", "-h", "-F", "-f", self.patterns.name, str(place)]
            grep = subprocess.run(
                command,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                stdout=subprocess.PIPE,
            )
            if grep.returncode > 1:
                raise RuntimeError(f"grep cannot read {place}")
            found |= {self.owner[line] for line in grep.stdout.split(b"\n") if line in self.owner}
        return found, size


class Fragments:
    """Pieces of ciphertext, looked for as they are."""

    def __init__(self, fragments):
        self.fragments = fragments

    def found(self, *places):
        """Gives where each piece is that is somewhere."""
        found = {}
        for place in files(*places):
            content = place.read_bytes()
            for one in self.fragments:
                at = content.find(one)
                if at >= 0:
                    found[one] = f"{place.name} at {at}"
        return found


def check_itself(folder):
    """Makes sure that each form is found in the midst of noise; nothing else proves a zero."""
    text = "k9GdWq27LmXy41RtPz8sVbNc"
    for encoding, pattern in forms(text):
        place = pathlib.Path(folder) / "control"
        for before in range(5):
            place.write_bytes(os.urandom(40_000) + b"\0\n"[: before % 3] + pattern + b"\n\0\xff")
            found, _ = Search([text]).found(place)
            if found != {(text, encoding)}:
                raise SystemExit(f"canaries: the search does not find {encoding}: {found}")
        place.unlink()
