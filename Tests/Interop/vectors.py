# SPDX-License-Identifier: Apache-2.0
"""The files of Protocol/vectors: good ones against the CDDL, broken ones against a server."""

import cbor2

from keys import encode
from link import FOLDER, SCHEMA, Broken, Link, conforms

RULES = {
    "client": "client-message",
    "server": "server-message",
    "record": "room-record",
    "directory": "directory-record",
}


def read(path):
    head, digits = path.read_text().split("\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.split("\n"))
    fields["bytes"] = bytes.fromhex("".join(digits.split()))
    return fields


def all_vectors():
    return [read(path) for path in sorted((FOLDER / "vectors").glob("*.txt"))]


def changed(value):
    """Every value that is the same but for the type of one part, or for one part more."""
    if isinstance(value, list):
        for index, element in enumerate(value):
            for other in [{"no": 1}, *changed(element)]:
                yield value[:index] + [other] + value[index + 1 :]
    elif isinstance(value, dict):
        for key, element in value.items():
            for other in [{"no": 1}, *changed(element)]:
                yield {**value, key: other}
        yield {**value, 77: 0}
    elif isinstance(value, bytes) and value[:1] and value[0] >= 0xA0 and len(value) not in (16, 32):
        try:
            inner = cbor2.loads(value)
        except Exception:
            return
        if isinstance(inner, dict) and encode(inner) == value:
            for other in changed(inner):
                yield encode(other)


def check_schema(vectors):
    """Good vectors conform, and each with one part changed does not."""
    good = refused = 0
    for vector in vectors:
        if vector["expect"] != "ok" or vector["direction"] not in RULES:
            continue
        rule = RULES[vector["direction"]]
        body = vector["bytes"]
        if vector["direction"] in ("client", "server"):
            if int.from_bytes(body[:4], "big") != len(body) - 4:
                raise Broken(f"{vector['name']}: the length")
            body = body[4:]
        value = conforms(body, rule)
        good += 1
        for other in changed(value):
            if SCHEMA.validate(encode(other), root_type=rule).valid:
                raise Broken(f"{vector['name']}: the schema takes {other!r}")
            refused += 1
    return good, refused


class Breaker:
    """Sends each broken vector on a connection of its own and looks at the answer."""

    def __init__(self, address, pin, owner):
        self.address, self.pin, self.owner = address, pin, owner

    def connect(self, when):
        if when == "stranger":
            link = Link(self.address, self.pin)
            link.expect(1)
            return link
        link = Link(self.address, self.pin, self.owner)
        if when == "certified":
            link.expect(1)
            return link
        return link.hello(self.owner)

    def answer(self, vector):
        """What the server says, as the vector's header names it."""
        link = self.connect(vector["when"])
        try:
            link.send_bytes(vector["bytes"])
            # A goodbye is the last word; before it the frame before may have been answered.
            answers = []
            wants_goodbye = vector["answer"].startswith("goodbye")
            while True:
                message = link.receive()
                if message[0] == 3:
                    answers.append(f"goodbye {message[1]}")
                    self.ends(link)
                    return answers[-1]
                if message[0] == 4:
                    answers.append(f"reply {message[2]}")
                elif message[0] == 5:
                    answers.append(f"refusal {message[2]}")
                else:
                    continue
                if not wants_goodbye:
                    return answers[-1]
        finally:
            link.close()

    @staticmethod
    def ends(link):
        try:
            more = link.receive()
        except (EOFError, OSError):
            return
        raise Broken(f"{more!r} after the goodbye")

    def run(self, vectors):
        done = 0
        for vector in vectors:
            if "answer" not in vector:
                continue
            try:
                answer = self.answer(vector)
            except (EOFError, OSError) as error:
                answer = f"nothing ({error})"
            if answer != vector["answer"]:
                raise Broken(f"{vector['name']}: expected {vector['answer']}, got {answer}")
            done += 1
        return done


def check_objects(vectors, made):
    """The objects of section 12 are the very ones that this side makes."""
    known = {vector["name"]: vector for vector in vectors if vector["direction"] == "object"}
    for mine in made:
        theirs = known.get(mine["name"])
        if theirs is None:
            raise Broken(f"there is no vector {mine['name']}")
        for key, value in mine.items():
            if theirs[key] != value:
                raise Broken(f"{mine['name']}: {key} is {theirs[key]!r}, not {value!r}")
    return len(made)
