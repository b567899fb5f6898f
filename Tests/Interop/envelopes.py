# SPDX-License-Identifier: Apache-2.0
"""Envelopes both ways, between the client in Swift and the peer in Python.

A person with `peercoach` and one in Python share a room. Whatever the one seals the other opens,
hundreds of times; then Python wraps nonsense for the other's device, is asked for the key, and
gives it.
"""

import json
import os
import subprocess
import time

from cryptography.hazmat.primitives.asymmetric import ec

from keys import CURVE, Invite, encode, point, sha256, signed
from link import Broken, conforms
from room import GRANT, ROOM, Room, member, sign_roster

SAY, PAPER = 1, 15
AGREEMENT = "What is said here stays here."


class Swift:
    """One person's `peercoach`, with a profile of its own."""

    def __init__(self, program, work):
        self.program, self.profile = program, work / "swift"
        self.invite = work / "swift.invite"
        self.log = work / "swift.log"
        self.process = None

    def run(self, *arguments):
        done = subprocess.run(
            [self.program, *arguments, "--profile", self.profile],
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            raise Broken(f"peercoach {arguments}: {done.stderr}")
        return done.stdout

    def enrol(self, invite):
        self.invite.write_text(invite.line() + "\n")
        self.run("enrol", "--file", self.invite, "--yes")

    def enter(self, room):
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [self.program, "room", room, "--json", "--yes", "--profile", self.profile],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def type(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def leave(self):
        self.process.stdin.close()
        if self.process.wait(timeout=60):
            raise Broken("the room's view ended badly")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def texts(self, room):
        printed = self.run("history", "--room", room, "--json").split("\n")
        lines = [json.loads(line) for line in printed if line]
        return [line["text"] for line in lines if line.get("type") == "line"]


def until(client, done, what, seconds=60):
    """Asks again and again until something is so; what is pushed meanwhile is taken in."""
    end = time.monotonic() + seconds
    while True:
        found = done()
        if found:
            return found
        if time.monotonic() > end:
            raise Broken(f"{what} did not come")
        time.sleep(0.1)
        client.ask(8)


def found(client, name):
    """A room of one's own, with an agreement, in which one is."""
    room, own = os.urandom(16), client.owner
    client.directory_ask(5, {0: room, 1: name})
    client.directory_ask(7, {0: room, 1: own.participant, 2: 1})
    client.directory_ask(9, room)
    client.room_ask(room, 1, sign_roster(client, room, 1, bytes(32), [member(own)]))
    here = Room(client, room)
    here.follow()
    here.say(ROOM, PAPER, AGREEMENT, _5=1, _6=1)
    version = {0: 1, 1: sha256(AGREEMENT.encode())}
    client.room_ask(room, 3, version)
    client.room_ask(room, 4, version)
    return here


def let_in(client, here, swift, name):
    """Invites a person, who enrols with peercoach; vouches for them and lets them in."""
    own, participant = client.owner, os.urandom(16)
    client.directory_ask(1, [{0: participant, 1: name}])
    client.directory_ask(7, {0: here.id, 1: participant, 2: 1})
    invite = Invite(own.invite.authority, os.urandom(16), own.invite.address)
    client.directory_ask(10, {0: sha256(invite.auth()), 1: participant})
    swift.enrol(invite)
    waiting = client.ask(10)[1][0]
    person, devices = waiting[1], waiting[3]
    listed = conforms(devices[0], "device-list")
    words = {0: 1, 1: person, 2: listed[1], 3: sha256(devices[0]), 4: name}
    introduction = invite.mac(b"peer1/inviter\0" + point(own.identity))
    client.directory_ask(15, {0: person, 1: signed(own.signing, "vouch", words), 2: introduction})
    swift.enter(here.name)
    until(client, lambda: client.ask(9, here.id)[1][0][0][4], "the person's yes")
    theirs = {0: person, 1: listed[1], 2: 1, 3: 1, 4: name}
    roster = sign_roster(client, here.id, 2, here.roster_hash, [member(own), theirs])
    client.room_ask(here.id, 1, roster)
    client.wait(lambda: person in here.lists)
    del here.keys[(ROOM, b"")]
    here.say(ROOM, PAPER, AGREEMENT, _5=1, _6=1)
    until(
        client,
        lambda: any(one[0] == 8 and one[2] == person for one in here.records),
        "the person's acceptance",
    )
    return person, listed[4][0][0]


def text(number):
    """Texts of many lengths; the long ones are of several hundred bytes."""
    return f"{number}: " + "ä line " * (number * 7 % 90)


def both_ways(client, swift, count):
    try:
        here = found(client, "Envelopes")
        _, device = let_in(client, here, swift, "Sven Swift")
        room = next(one for one in here.transcripts.values() if one.scope == ROOM)

        # Swift seals, Python opens; after a third another process of the device has another key.
        sent = []
        for number in range(count):
            line = " ".join(("Swift " + text(number)).split())
            sent.append(line)
            swift.type("/room " + line)
            if number % (count // 3) == count // 3 - 1:
                said = set(sent)
                until(client, lambda: said <= set(room.words.values()), "what Swift sealed", 120)
                swift.leave()
                swift.enter(here.name)
        until(client, lambda: set(sent) <= set(room.words.values()), "what Swift sealed", 120)
        said = [words for _, words in sorted(room.words.items()) if words in set(sent)]
        if said != sent:
            raise Broken("what Swift sealed came in another order")
        swift.leave()
        yield f"{count} envelopes of the Swift client opened in Python"

        # Python seals, under a new key now and then, and Swift opens.
        told = []
        for number in range(count):
            if number % 25 == 0:
                here.keys.pop((ROOM, b""), None)
            if number == count // 2:
                # Another encryption key of one's own; what was wrapped to the one before opens on.
                own = client.owner
                own.older.append(own.encryption)
                own.encryption = ec.generate_private_key(CURVE)
                client.directory_ask(
                    16, own.encryption_key(3, int(time.time() * 1000) + 30 * 86_400_000)
                )
            line = "Python " + text(number)
            told.append(line)
            here.say(ROOM, SAY, line)
        read = swift.texts(here.name)
        if [one for one in read if one in set(told)] != told or not set(sent) <= set(read):
            raise Broken("the Swift client does not read what Python sealed")
        yield f"{count} envelopes of Python opened by the Swift client, and its own by its history"
        yield from spoiled(client, here, room, swift, device)
    finally:
        swift.stop()


def spoiled(client, here, room, swift, device):
    """A wrap of nonsense: the other device says so, asks, and gets the key."""
    here.keys.pop((ROOM, b""), None)
    recipients = here.recipients
    here.recipients = lambda readers: {
        one: point(ec.generate_private_key(CURVE)) if one == device else key
        for one, key in recipients(readers).items()
    }
    here.say(ROOM, SAY, "Closed at first.")
    here.recipients = recipients
    key = here.keys.pop((ROOM, b""))
    if "Closed at first." in swift.texts(here.name):
        raise Broken("a wrap of nonsense opens")
    until(client, lambda: (device, key.id) in here.asked, "the request for the key")
    here.keys.pop((ROOM, b""), None)
    giving = here.key(ROOM)
    body = {0: 1, 1: [], 2: [here.grant(room, key.id, device)]}
    number = here.post(giving.entry(GRANT, body, room.number, room.head))
    client.wait(lambda: here.has(room.id, number))
    if "Closed at first." not in swift.texts(here.name):
        raise Broken("a grant does not open in the Swift client")
    yield "a spoiled wrap was asked for, wrapped again, and opened"
    foreign = here.keys[(ROOM, b"")].event
    # Not by `post`: the schema knows no such suite.
    client.last += 1
    item = [foreign[0][:-1] + b"\x00", foreign[1], foreign[2]]
    body = encode([3, client.last, 1, [here.id, item]])
    client.link.send_bytes(len(body).to_bytes(4, "big") + body)
    answer = client.link.receive()
    while answer[0] not in (4, 5):
        client.take(answer)
        answer = client.link.receive()
    if answer[0] != 5 or answer[2] != 268:
        raise Broken(f"suite 0 is answered with {answer!r}")
    yield "suite 0 is refused"
