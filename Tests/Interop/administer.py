# SPDX-License-Identifier: Apache-2.0
"""The rest of what can be asked: invites and their ends, a second device, administrators, rooms."""

import os

from keys import (
    Identity,
    Invite,
    certificate_request,
    point,
    sha256,
    signed,
)
from link import Broken, Link, cbor2


def check(condition, what):
    if not condition:
        raise Broken(what)


def new_invite(owner, kind=0):
    return Invite(owner.invite.authority, os.urandom(16), owner.invite.address, kind)


def look(invite):
    """What a stranger is told of an invite."""
    link = Link(invite.address, invite.authority)
    link.expect(1)
    link.send([2, 0, invite.auth()])
    answer = link.expect(7)
    link.close()
    return answer


def invites(client):
    """An invite is renewed, replaced, declined, revoked; every end looks the same."""
    participant = os.urandom(16)
    client.directory_ask(1, [{0: participant, 1: "Mary Interop", 3: "mary@example.org"}])
    first = new_invite(client.owner)
    ask = {0: sha256(first.auth()), 1: participant, 2: 7}
    client.refused(85, lambda: client.directory_ask(10, {**ask, 2: 8}))
    mine = client.owner.name
    proof = {0: mine, 1: first.mac(b"peer1/inviter-name\0" + mine.encode())}
    forged = {**ask, 5: {**proof, 0: "Somebody"}}
    client.refused(68, lambda: client.directory_ask(10, forged))
    client.directory_ask(10, {**ask, 5: proof})
    shown = look(first)
    check(shown[1] == 0, "an open invite is not shown")
    check(shown[2][7] == proof, "an invite is shown without its inviter's proof")
    client.directory_ask(11, {0: sha256(first.auth()), 1: 1})
    client.refused(256, lambda: client.directory_ask(11, {0: bytes(32), 1: 1}))
    client.directory_ask(12, sha256(first.auth()))
    revoked = look(first)

    second = new_invite(client.owner)
    client.directory_ask(10, {0: sha256(second.auth()), 1: participant})
    link = Link(second.address, second.authority)
    link.expect(1)
    link.send([2, 3, second.auth()])
    check(link.expect(7)[1] == 2, "not declined")
    link.close()
    declined = look(second)
    unknown = look(new_invite(client.owner))
    check(revoked == declined == unknown, "the ends of invites differ")
    return participant


def devices(client, connect):
    """A second device comes, waits, is listed, acts, and is revoked at once."""
    own = client.owner
    invite = new_invite(own, kind=2)
    client.directory_ask(17, sha256(invite.auth()))
    other = Identity(own.name, own.seed)
    announced = other.encryption_key(1, 2_000_000_000_000)
    mac = invite.mac(point(other.signing) + announced[0])
    link = Link(invite.address, invite.authority)
    link.expect(1)
    form = {
        0: invite.auth(),
        1: certificate_request(other.tls),
        2: point(other.signing),
        3: mac,
        4: announced,
    }
    link.send([2, 2, form])
    _, kind, receipt = link.expect(7)
    check(kind == 1 and not receipt[5], "a further device is active at once")
    check(receipt[2] == own.person and receipt[4] == point(own.identity), "another person's")
    link.close()
    other.certificate, other.authority, other.invite = receipt[0], receipt[1], own.invite

    def goodbye():
        waiting = Link(own.invite.address, own.invite.authority, other)
        nonce = waiting.expect(1)[1][0]
        proof = waiting.hello_proof(other, nonce)
        waiting.send([1, {0: 1, 1: other.device, 2: proof, 3: "interop peer"}])
        code = waiting.expect(3)[1]
        waiting.close()
        return code

    check(goodbye() == 15, "a device that waits is let in")
    mine = client.ask(11)[1]
    waits = [one for one in mine[1] if one[1] == 1]
    check([(one[0], one[4]) for one in waits] == [(other.device, mac)], "the one that waits")

    before = mine[0][0]
    listed = cbor2.loads(before)
    listed[2], listed[3] = 2, sha256(before)
    listed[4] = sorted(
        [*listed[4], {0: other.device, 1: point(other.signing), 2: waits[0][6]}],
        key=lambda one: one[0],
    )
    forged = signed(other.signing, "devlist", listed)
    client.refused(263, lambda: client.directory_ask(13, forged))
    client.directory_ask(13, signed(own.identity, "devlist", listed))
    second = connect(other)
    check(second.link.ready[0] == own.person, "the second device is somebody else's")
    client.directory_ask(14, other.device)
    try:
        said = second.link.receive()
        while said[0] != 3:
            said = second.link.receive()
    except EOFError as error:
        raise Broken("a revoked device is cut without a word") from error
    check(said[1] == 6, f"a revoked device is told {said!r}")
    check(goodbye() == 6, "a revoked device is let in")
    client.refused(91, lambda: client.directory_ask(14, other.device))


def people(client, participant):
    """Administrators, proposals, rooms and people come to their ends."""
    own = client.owner
    client.directory_ask(3, participant)
    client.refused(67, lambda: client.directory_ask(3, participant))
    client.directory_ask(4, participant)
    client.refused(66, lambda: client.directory_ask(4, own.participant))
    room = os.urandom(16)
    client.directory_ask(5, {0: room, 1: "For a while"})
    until = client.link.ready[4] + 7 * 86_400_000
    client.directory_ask(7, {0: room, 1: participant, 2: 2, 3: until})
    client.directory_ask(8, {0: room, 1: participant})
    client.refused(79, lambda: client.directory_ask(8, {0: room, 1: participant}))
    client.directory_ask(6, room)
    client.refused(256, lambda: client.room_ask(room, 7))
    client.directory_ask(2, participant)
    client.refused(256, lambda: client.directory_ask(2, participant))
    check(participant not in [one[0] for one in client.ask(12)[1]], "a removed person is there")


def pages(client):
    """A list that does not fit a frame comes in pages, each of them once; people are renamed."""
    new = [
        {0: os.urandom(16), 1: f"Somebody of a long name {number}", 3: f"{number}@example.org"}
        for number in range(1_000)
    ]
    for start in range(0, 1_000, 500):
        client.directory_ask(1, new[start : start + 500])
    found, count, after = [], 0, []
    while True:
        _, people, *after = client.ask(12, None, *after)
        found += [one[0] for one in people]
        count += 1
        if not after:
            break
    check(count > 1, "a thousand people in one page")
    check(len(found) == len(set(found)), "somebody is in two pages")
    check({one[0] for one in new} <= set(found), "somebody is in no page")
    client.refused(260, lambda: client.ask(12, None, b"1"))

    client.directory_ask(18, {0: new[7][0], 1: "Somebody Else"})
    client.refused(67, lambda: client.directory_ask(18, {0: new[7][0], 1: "Somebody Else"}))
    client.refused(69, lambda: client.directory_ask(18, {0: new[8][0], 1: "somebody else"}))


def administer(client, connect):
    participant = invites(client)
    devices(client, connect)
    people(client, participant)
    pages(client)
