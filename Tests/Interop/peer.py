# SPDX-License-Identifier: Apache-2.0
"""An independent client of peercoachd, written from Protocol/spec.md alone.

It takes an administrator's invite, enrols, founds a room, lets a second person in, runs a session
with them, and sends every broken vector to see the answer that its file names. Every frame of both
directions is held against Protocol/peercoach.cddl and the deterministic encoding.
"""

import argparse
import os
import pathlib
import sys
import time

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

import envelopes
import handed
import objects
from administer import administer, check
from keys import (
    CURVE,
    Identity,
    Invite,
    certificate_request,
    item_digest,
    point,
    sha256,
    signed,
    verifies,
)
from link import Broken, Counted, Link, conforms
from room import NEWEST, OWN, PEERS, ROOM, TURN, Client, Room, member, sign_roster
from vectors import Breaker, all_vectors, check_objects, check_schema

SAY, ASK, ANSWER, FEEDBACK, NOTE, WITHDRAW, PAPER = 1, 2, 3, 7, 10, 13, 15
AGREEMENT = "What is said here stays here. We meet every Tuesday."


def now():
    return int(time.time() * 1_000)


def step(text):
    print(f"  {text}", flush=True)


def enrol(invite, name):
    """Looks at an invite, enrols with it, and sends the same again as if the answer were lost."""
    owner = Identity(name)
    link = Link(invite.address, invite.authority)
    link.expect(1)
    link.send([2, 0, invite.auth()])
    _, kind, invitation = link.expect(7)
    check(kind == 0 and invitation[0] == name, f"the invite is for {invitation!r}")
    wrong = bytes(32)
    link.send([2, 0, wrong])
    refused = link.expect(7)
    check(refused[1] == 3 and refused[2][0] == 256, "a wrong secret is not refused as notFound")
    devices = owner.device_list(now())
    form = {
        0: invite.auth(),
        1: certificate_request(owner.tls),
        2: devices,
        3: invite.mac(sha256(devices[0])),
        4: owner.encryption_key(1, now() + 30 * 86_400_000),
    }
    link.send([2, 1, form])
    _, kind, receipt = link.expect(7)
    check(kind == 1 and receipt[5], f"not enrolled: {receipt!r}")
    link.close()
    again = Link(invite.address, invite.authority)
    again.expect(1)
    again.send([2, 1, form])
    check(again.expect(7)[2][0] == receipt[0], "the same request gives another certificate")
    again.send([2, 0, invite.auth()])
    check(again.expect(7)[2] == refused[2], "a used invite differs from a wrong one")
    again.close()
    check(receipt[2] == owner.person and receipt[4] == point(owner.identity), "another person")
    leaf = x509.load_der_x509_certificate(receipt[0])
    leaf.verify_directly_issued_by(x509.load_der_x509_certificate(receipt[1]))
    check(leaf.public_key() == owner.tls.public_key(), "a certificate for another key")
    owner.certificate, owner.authority, owner.invite = receipt[0], receipt[1], invite
    return owner


def connect(owner):
    link = Link(owner.invite.address, owner.invite.authority, owner).hello(owner)
    check(link.ready[0] == owner.person, "ready for somebody else")
    owner.participant = link.ready[1]
    return Client(link, owner)


def found(client):
    """Makes a room, accepts one's place in it, and signs its genesis."""
    room = os.urandom(16)
    own = client.owner
    client.directory_ask(5, {0: room, 1: "Tuesday pairs"})
    client.refused(72, lambda: client.directory_ask(5, {0: room, 1: "Another"}))
    client.refused(256, lambda: client.room_ask(room, 5, {0: own.person, 1: 1}))
    client.directory_ask(7, {0: room, 1: own.participant, 2: 1})
    rooms = client.ask(8)[1]
    check([one[3] for one in rooms if one[0] == room] == [4], "one cannot found the room")
    client.directory_ask(9, room)
    roster = sign_roster(client, room, 1, bytes(32), [member(own)])
    bad = {0: roster[0], 1: bytes(64)}
    client.refused(263, lambda: client.room_ask(room, 1, bad))
    client.room_ask(room, 1, roster)
    here = Room(client, room)
    here.follow()
    check(here.name == "Tuesday pairs" and list(here.members) == [own.person], "not founded")
    check(here.records[0][0] == 1 and here.records[0][2] == own.person, "no genesis")
    return here


def agree(here):
    """Posts the agreement, proposes it and accepts it, and is there."""
    client, own = here.client, here.client.owner
    client.refused(8, lambda: client.room_ask(here.id, 5, {0: own.person, 1: 1}))
    number = here.say(ROOM, PAPER, AGREEMENT, _5=1, _6=1)
    check(number == 2, "the key event is 1 and the paper 2")
    version = {0: 1, 1: sha256(AGREEMENT.encode())}
    client.room_ask(here.id, 3, version)
    client.room_ask(here.id, 4, version)
    client.room_ask(here.id, 5, {0: own.person, 1: 1})
    client.wait(lambda: here.records[-1][0] == 13)


def entries(here):
    """Posts in two transcripts, reads them back, and tries what the rules forbid."""
    client, own = here.client, here.client.owner
    here.say(OWN, NOTE, "Nobody else reads this.", instance=own.person)
    first = here.say(ROOM, SAY, "Good morning.")
    here.say(ROOM, SAY, "Ünïcödé \U0001f642 and a line\nbreak. " + "x" * 700)
    client.refused(21, lambda: here.say(ROOM, NOTE, "A note has no place here."))

    key = here.keys[(ROOM, b"")]
    transcript = here.transcripts[key.transcript]
    kind, number = client.ask(2, {0: here.id, 1: key.transcript, 2: key.id, 3: 2})
    check((kind, number) == (1, first), "the number of an entry")
    check(client.ask(2, {0: here.id, 1: key.transcript, 2: key.id, 3: 99})[1] == 0, "no such")
    check(here.post(transcript.items[first]) == first, "the same bytes get the same number")

    value = {0: 1, 1: "After a gap."}
    gap = key.entry(SAY, value, transcript.number, transcript.head, counter=key.counter + 2)
    check(client.refused(259, lambda: here.post(gap)) == key.counter + 1, "the next counter")
    late = key.entry(SAY, {0: 1, 1: "Another."}, 0, sha256(key.transcript), counter=1)
    check(client.refused(259, lambda: here.post(late)) == key.counter + 1, "a counter once used")

    regret = here.say(ROOM, SAY, "I should not have said so.")
    digest = item_digest(transcript.items[regret])
    client.refused(260, lambda: here.say(ROOM, WITHDRAW, "", cites=None))
    client.refused(29, lambda: here.say(ROOM, WITHDRAW, "", cites=1))
    taken = here.say(ROOM, WITHDRAW, "", cites=regret)
    client.refused(30, lambda: here.say(ROOM, WITHDRAW, "", cites=regret))
    client.refused(29, lambda: here.say(ROOM, WITHDRAW, "", cites=taken))
    page, take = [], client.take
    client.take = page.append
    client.ask(5, {0: here.id, 1: key.transcript, 2: regret + 1, 3: 1})
    client.take = take
    check(page == [[17, key.transcript, regret, digest, taken]], "what is left of it")
    here.say(ROOM, SAY, "Better so.")

    forged = [key.event[0], key.event[1], bytes(64)]
    check(here.post(forged) == 1, "a key that is known is known, whatever its signature")

    page_before, page = dict(transcript.items), []
    numbers = sorted(page_before)
    take, client.take = client.take, page.append
    _, start = client.ask(5, {0: here.id, 1: key.transcript, 2: NEWEST, 3: 2})
    client.take = take
    check(start == numbers[-2], "the page begins two before the end")
    check([one[2] for one in page] == numbers[-2:], "the page has two entries")
    check(all(page_before[one[2]] == one[4] for one in page), "the page is what was pushed")
    return first


def bring(client, here, name):
    """Invites a second person, who enrols; vouches for them and lets them in."""
    own = client.owner
    participant = os.urandom(16)
    client.directory_ask(1, [{0: participant, 1: name, 2: "Engines"}])
    client.refused(69, lambda: client.directory_ask(1, [{0: os.urandom(16), 1: name}]))
    client.directory_ask(7, {0: here.id, 1: participant, 2: 1})
    secret = os.urandom(16)
    invite = Invite(own.invite.authority, secret, own.invite.address)
    check(Invite.parse(invite.line()) == invite, "an invite reads back")
    client.directory_ask(10, {0: sha256(invite.auth()), 1: participant})
    open_invites = client.ask(13)[1]
    check([one[5] for one in open_invites if one[1] == participant] == [1], "the invite is open")

    other = enrol(invite, name)
    theirs = connect(other)
    check(not theirs.link.ready[3], "the second person is an administrator")
    theirs.refused(266, lambda: theirs.ask(12))
    theirs.refused(256, lambda: theirs.ask(3, {0: here.id, 1: 0, 2: [], 3: True}))
    check([one[3] for one in theirs.ask(8)[1]] == [1], "proposed")
    theirs.directory_ask(9, here.id)
    held = theirs.ask(18)[1]
    check(held[1] == name and held[6] == other.person, "what is held about them")
    check([one[0] for one in held[7]] == [other.device], "their one device")
    check([one[0] for one in held[10]] == [here.id], "their one room")

    waiting = client.ask(10)[1]
    check([one[1] for one in waiting] == [other.person], "one waits to be vouched for")
    devices, mac = waiting[0][3], waiting[0][4]
    listed = conforms(devices[0], "device-list")
    check(verifies(listed[1], "devlist", devices[0], devices[1]), "their list is theirs")
    check(invite.mac(sha256(devices[0])) == mac, "the list came with the invite")
    words = {0: 1, 1: other.person, 2: listed[1], 3: sha256(devices[0]), 4: name}
    introduction = invite.mac(b"peer1/inviter\0" + point(own.identity))
    voucher = signed(own.signing, "vouch", words)
    client.directory_ask(15, {0: other.person, 1: voucher, 2: introduction})
    introduced = theirs.ask(17)[1]
    check(introduced and introduced[0][3] == introduction, "the newcomer sees the inviter")

    lobby = client.ask(9, here.id)[1][0]
    check([(one[1], one[4]) for one in lobby] == [(name, True)], "they wait at the room")
    check(lobby[0][6][0][0] == voucher, "with the voucher")
    roster = sign_roster(client, here.id, 2, here.roster_hash, [member(own), member(other)])
    client.room_ask(here.id, 1, roster)
    client.wait(lambda: other.person in here.lists)
    theirs.wait(lambda: any(one[0] == 22 and one[1] == here.id for one in theirs.others))
    return theirs


def meet(here, there, before):
    """The newcomer reads nothing from before, agrees, and is heard."""
    client, theirs = here.client, there.client
    there.follow()
    check(there.head == here.head and there.members == here.members, "two readings differ")
    room = next(one for one in there.transcripts.values() if one.scope == ROOM)
    mine = here.transcripts[room.id]
    check(room.first == mine.number + 1 and room.before == mine.head, "where a newcomer begins")
    check(not room.items, "a newcomer reads what was before")
    _, first = theirs.ask(5, {0: here.id, 1: room.id, 2: NEWEST, 3: 200})
    check(first == 0, "a newcomer pages into what was before")
    own = next(one for one in here.transcripts.values() if one.scope == OWN)
    check(own.id not in there.transcripts, "somebody's own transcript is shown")
    theirs.refused(256, lambda: theirs.ask(1, [here.id, own.items[2]]))
    client.refused(20, lambda: here.say(ROOM, SAY, "Under the old key."))

    del here.keys[(ROOM, b"")]
    number = here.say(ROOM, PAPER, AGREEMENT, _5=1, _6=1)
    theirs.wait(lambda: there.has(room.id, number))
    check(room.items[number] == mine.items[number], "both see the same")
    version = {0: 1, 1: sha256(AGREEMENT.encode())}
    theirs.room_ask(here.id, 4, version)
    theirs.room_ask(here.id, 5, {0: theirs.owner.person, 1: 1})
    there.say(PEERS, SAY, "Hello from Python.")
    told = there.say(ROOM, SAY, "And here.")
    client.wait(lambda: here.has(room.id, told))
    check(room.head == mine.head, "two chains differ")
    check(before < room.first, "what was said before is not read")


PAIR = {
    0: "pair",
    1: "A pair",
    2: "Tests/Interop",
    3: 1,
    4: {0: 2, 1: 2, 2: 2},
    5: [],
    6: [
        {
            0: "explore",
            1: "Explore",
            2: 600,
            3: [
                {0: 1, 1: [SAY, ANSWER], 2: SAY, 3: NOTE, 4: "Say what is on your mind."},
                {0: 2, 1: [ASK], 2: ASK, 3: NOTE, 4: "Ask {client} an open question."},
                {0: 3, 1: [], 2: NOTE, 3: NOTE, 4: "Watch."},
            ],
        }
    ],
    7: [
        {
            0: "thanks",
            1: "Thanks",
            2: 120,
            3: [{0: 4, 1: [8], 2: 8, 3: NOTE, 4: "Say thanks."}],
        }
    ],
}


def start(room):
    session = os.urandom(16)
    value = {0: session, 1: PAIR, 2: 1, 4: 1}
    room.client.room_ask(room.id, 6, value)
    return session


def coach(here, there):
    """A session of two: turns, the floor, the clock, the end."""
    client, theirs = here.client, there.client
    session = start(here)
    client.refused(9, lambda: start(here))
    client.wait(lambda: here.turns and here.records[-1][0] == 10)
    theirs.wait(lambda: there.head == here.head)
    (session_id, number, pod), seats = next(iter(here.turns.items()))
    check(session_id == session, "the turn is of this session")
    people = {one.client.owner.person: one for one in (here, there)}
    asked, asking = people[seats[1]], people[seats[2][0]]
    instance = session + bytes([number, pod])

    asking.say(TURN, ASK, "What would be different then?", instance=instance)
    turn = asking.keys[(TURN, instance)].transcript
    asked.client.wait(lambda: asked.has(turn, 2))
    asked.say(TURN, ANSWER, "I would say no.", instance=instance)
    asking.client.wait(lambda: asking.has(turn, 4))
    check(asking.transcripts[turn].head == asked.transcripts[turn].head, "the turn's chains")
    asking.client.refused(17, lambda: asking.say(TURN, SAY, "My own story.", instance=instance))

    client.room_ask(here.id, 7)
    client.refused(15, lambda: client.room_ask(here.id, 7))
    client.room_ask(here.id, 8)
    client.refused(16, lambda: client.room_ask(here.id, 8))
    client.room_ask(here.id, 9, 60_000)
    client.wait(lambda: here.records[-1][0] == 11 and here.records[-1][3][0] == 3)
    client.room_ask(here.id, 10)
    client.wait(lambda: any(record[0] == 6 for record in here.records))
    asking.say(TURN, FEEDBACK, "You were very clear.", instance=instance)
    client.room_ask(here.id, 11)
    client.wait(lambda: here.session is None and here.records[-1][0] in (12, 13))
    asking.client.refused(18 + 1, lambda: asking.say(TURN, FEEDBACK, "Late.", instance=instance))
    theirs.wait(lambda: there.head == here.head)


def lists(client, here):
    """Everything that can be listed, and the keys of the device anew."""
    own = client.owner
    check([one[0] for one in client.ask(11)[1][1]] == [own.device], "one device")
    check({one[0] for one in client.ask(16, here.id)[1]} == set(here.members), "members' keys")
    check(len(client.ask(12)[1]) == 2, "two people")
    counts = client.ask(14)[1]
    check((counts[0], counts[1]) == (2, 2), "two people, both enrolled")
    check(4 not in counts[5][0], "fewer than five are not counted")
    own.older.append(own.encryption)
    own.encryption = ec.generate_private_key(CURVE)
    client.directory_ask(16, own.encryption_key(2, now() + 30 * 86_400_000))
    client.refused(92, lambda: client.directory_ask(16, own.encryption_key(2, now())))
    kind, renewed = client.ask(15, certificate_request(own.tls))
    check(kind == 15, "a certificate")
    own.certificate = renewed
    client.ask(4, here.id)


def leave(here, there):
    """Who leaves is told so, and reads nothing after."""
    client, theirs = here.client, there.client
    there.client.room_ask(here.id, 2, theirs.owner.person)
    theirs.refused(257, lambda: theirs.ask(3, {0: here.id, 1: 0, 2: [], 3: True}))
    here.follow()
    check(list(here.members) == [client.owner.person], "one is left")
    del here.keys[(ROOM, b"")]
    here.say(ROOM, SAY, "After they left.")
    theirs.refused(257, lambda: theirs.ask(5, {0: here.id, 1: bytes(16), 2: NEWEST, 3: 1}))


def journey(invite, name):
    owner = enrol(invite, name)
    step("enrolled; a lost answer is given again, a used invite looks like a wrong one")
    client = connect(owner)
    check(client.link.ready[3], "the administrator is none")
    here = found(client)
    step(f"founded a room; its log of {here.position} records hashes to the server's head")
    agree(here)
    before = entries(here)
    step("posted, read back by push and by page; gaps and repeats are answered rightly")
    client.refused(11, lambda: start(here))
    step("one person alone cannot start a session")
    theirs = bring(client, here, "Grace Interop")
    there = Room(theirs, here.id)
    meet(here, there, before)
    step("a second person is vouched for, let in, and reads nothing from before")
    handed.hand_over(here, there)
    step("a file of three chunks goes from one to the other, and with its line")
    coach(here, there)
    step("a session of two: turn, floor, pause, extension, feedback, end")
    lists(client, here)
    leave(here, there)
    step("listed, renewed, left")
    theirs.link.close()
    client.link.close()
    again = connect(owner)
    room = Room(again, here.id)
    room.follow()
    check(room.head == here.head, "after a new connection the log is another")
    for transcript in here.transcripts.values():
        known = room.transcripts.get(transcript.id)
        check(known and known.head == transcript.head, "after a new connection a chain differs")
    step("on a new connection with the renewed certificate everything is as before")
    administer(again, connect)
    again.link.close()
    step("invites end alike; a second device comes and is revoked; people and rooms end")
    step("a thousand people come in pages, and one gets another name")
    return owner


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--invite", type=pathlib.Path, help="a file with an administrator's invite")
    parser.add_argument("--name", default="Ada Interop", help="the name that the invite is for")
    parser.add_argument("--peercoach", type=pathlib.Path, help="the client to talk with")
    parser.add_argument("--work", type=pathlib.Path, help="a folder for its profile")
    parser.add_argument("--envelopes", type=int, default=2_000, help="how many each way")
    parser.add_argument("--offline", action="store_true", help="check the vectors alone")
    options = parser.parse_args()

    vectors = all_vectors()
    made = check_objects(vectors, objects.all_objects())
    good, refused = check_schema(vectors)
    step(f"{made} golden objects made here are the vectors' own")
    step(f"{good} good vectors conform to the schema, {refused} changed ones do not")
    if options.offline:
        return
    invite = Invite.parse(options.invite.read_text())
    owner = journey(invite, options.name)
    if options.peercoach:
        swift = envelopes.Swift(options.peercoach, options.work)
        for line in envelopes.both_ways(connect(owner), swift, options.envelopes):
            step(line)
    answered = Breaker(invite.address, invite.authority, owner).run(vectors)
    step(f"{answered} broken vectors were answered as they say")
    step(f"{Counted.sent} frames sent and {Counted.received} received, all held to the schema")


if __name__ == "__main__":
    try:
        main()
    except Broken as broken:
        sys.exit(f"interop: {broken}")
