# SPDX-License-Identifier: Apache-2.0
"""A client's side of one room: requests and replies, the log, the transcripts, their chains."""

import time

from keys import (
    audience_digest,
    chained,
    encode,
    item_digest,
    person_id,
    point,
    recovery_id,
    sha256,
    signed,
    transcript_id,
    verifies,
)
from link import Broken, cbor2, conforms
from sealing import SenderKey, unseal, unwrap, wrap

OWN, DIRECT, TURN, PEERS, ROOM = range(5)
GRANT = 14
NEWEST = 2**63 - 1


class Refused(Exception):
    """A request that was refused."""

    def __init__(self, code, detail, sentence):
        super().__init__(f"{code} ({detail}): {sentence}")
        self.code, self.detail = code, detail


class Client:
    """A ready connection and what it has heard."""

    def __init__(self, link, owner):
        self.link, self.owner = link, owner
        self.last = 0
        self.rooms = {}
        self.others = []

    def ask(self, kind, payload=None, *after):
        """Asks and gives the payload of the reply; pushes on the way are taken in."""
        self.last += 1
        self.link.send([3, self.last, kind, payload, *after])
        while True:
            message = self.link.receive()
            if message[0] in (4, 5):
                if message[1] != self.last:
                    raise Broken(f"a reply to {message[1]}")
                if message[0] == 5:
                    raise Refused(*message[2:5])
                return message[2:]
            self.take(message)

    def room_ask(self, room, act, payload=None):
        return self.ask(6, [room, act, payload])

    def directory_ask(self, kind, payload):
        return self.ask(7, [kind, payload])

    def refused(self, code, ask):
        """Asserts that a request is refused with this code, and gives its detail."""
        try:
            answer = ask()
        except Refused as refusal:
            if refusal.code != code:
                raise Broken(f"expected refusal {code}, got {refusal}") from refusal
            return refusal.detail
        raise Broken(f"expected refusal {code}, got {answer!r}")

    def take(self, message):
        kind = message[0]
        if kind in (16, 17):
            for room in self.rooms.values():
                if message[1] in room.transcripts:
                    return room.take_item(message)
            raise Broken(f"an item of a transcript that is not followed: {message[1].hex()}")
        if kind == 18:
            return self.rooms[message[1]].take_record(message[2], message[3])
        if kind == 20:
            return self.rooms[message[1]].open(message[2])
        self.others.append(message)

    def wait(self, done, seconds=10):
        """Takes in what comes until something is so."""
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                raise Broken("what was to come did not come")
            self.take(self.link.receive())


class Transcript:
    """One transcript with its chain."""

    def __init__(self, described):
        self.id, self.scope, self.instance, self.first, self.before, self.last, self.start = (
            described[key] for key in range(7)
        )
        # The chain can be followed from where the frames begin only if that is the first.
        self.number = self.first - 1
        self.head = self.before
        if self.start != self.first:
            raise Broken("this peer follows everything from its beginning")
        self.items = {}
        self.senders = {}
        # What is gone: its number, and that of its withdrawal (0 where its time was over).
        self.gone = {}
        # Keys that opened here, and what was said.
        self.secrets, self.words, self.headers = {}, {}, {}


class Room:
    """A room as its log gives it, worked out here and compared with the server."""

    def __init__(self, client, room):
        self.client, self.id = client, room
        self.position, self.head = 0, sha256(room)
        self.heads = {0: self.head}
        self.records = []
        self.members, self.lists, self.turns = {}, {}, {}
        self.session = None
        self.transcripts = {}
        self.keys = {}
        self.asked = set()

    def follow(self):
        """Follows from the beginning and waits until nothing is missing."""
        self.client.rooms[self.id] = self
        places = [{0: one.id, 1: one.number} for one in self.transcripts.values()]
        _, followed = self.client.ask(3, {0: self.id, 1: self.position, 2: places, 3: True})
        self.name = followed[3]
        for described in followed[2]:
            if described[0] not in self.transcripts:
                self.open(described)
        self.client.wait(lambda: self.position >= followed[0])
        if self.heads[followed[0]] != followed[1]:
            raise Broken("the head of the room's log is not the one worked out here")
        for described in followed[2]:
            self.client.wait(lambda: self.transcripts[described[0]].number >= described[5])

    def open(self, described):
        transcript = Transcript(described)
        if transcript.id != transcript_id(self.id, transcript.scope, transcript.instance):
            raise Broken("a transcript's name is not that of its scope")
        self.transcripts[transcript.id] = transcript

    # The log

    def take_record(self, position, record):
        if position != self.position + 1:
            raise Broken(f"record {position} after {self.position}")
        value = conforms(record, "room-record")
        self.position = position
        self.head = chained(self.head, position, sha256(record))
        self.heads[position] = self.head
        self.records.append(value)
        kind, _, by, payload = value
        if kind == 1:
            self.take_roster(payload)
        elif kind == 2:
            self.take_list(payload[0])
        elif kind == 3:
            self.members.pop(payload[0], None)
        elif kind == 4:
            self.turns[(payload[0], payload[1], payload[2][0])] = payload[2]
        elif kind == 9:
            self.session = payload
        elif kind == 12:
            self.session = None

    def take_roster(self, payload):
        body, signature = payload[0][0], payload[0][1]
        roster = conforms(body, "roster")
        signer = payload[1]
        keys = {listed[0]: listed[1] for one in self.lists.values() for listed in one[4]}
        if signer in keys and not verifies(keys[signer], "roster", body, signature):
            raise Broken("a roster is not signed by its signer")
        self.roster, self.roster_hash = roster, sha256(body)
        self.roster_proof = (signer, body, signature)
        for member in roster[4]:
            if person_id(member[1]) != member[0]:
                raise Broken("a member is not named by their key")
        self.members = {member[0]: member for member in roster[4]}

    def take_list(self, signed):
        value = conforms(signed[0], "device-list")
        if not verifies(value[1], "devlist", signed[0], signed[1]):
            raise Broken("a device list is not signed by its person")
        person = person_id(value[1])
        if person in self.members and self.members[person][1] != value[1]:
            raise Broken("a device list of another key")
        self.lists[person] = value
        # The genesis comes before its signer's list, so it is checked as soon as that is here.
        signer, body, signature = self.roster_proof
        for listed in value[4]:
            if listed[0] == signer and not verifies(listed[1], "roster", body, signature):
                raise Broken("a roster is not signed by its signer")

    def devices(self, people):
        return sorted(one[0] for person in people for one in self.lists[person][4])

    def readers(self, scope, instance):
        if scope == OWN:
            listed = self.lists[instance]
            return sorted(self.devices([instance]) + [recovery_id(listed[6])])
        if scope == DIRECT:
            return self.devices([instance[:16], instance[16:]])
        if scope == TURN:
            pod = self.turns[(instance[:16], instance[16], instance[17])]
            return self.devices([pod[1]] + pod[2] + pod[3])
        if scope == PEERS:
            return self.devices(p for p, member in self.members.items() if member[2] == 1)
        return self.devices(self.members)

    # Transcripts

    def take_item(self, message):
        transcript = self.transcripts[message[1]]
        number = message[2]
        if number != transcript.number + 1:
            raise Broken(f"item {number} after {transcript.number}")
        digest = message[3] if message[0] == 17 else item_digest(message[4])
        if message[0] == 16:
            self.check_item(transcript, message[4], number)
            transcript.items[number] = message[4]
            for cited in self.withdrawn(message[4]):
                if transcript.gone.setdefault(cited, number) != number:
                    raise Broken(f"{cited} is taken back twice")
                transcript.items.pop(cited, None)
        else:
            transcript.gone[number] = message[4]
        transcript.number = number
        transcript.head = chained(transcript.head, number, digest)

    def check_item(self, transcript, item, number):
        header = cbor2.loads(item[0])
        is_key = isinstance(item[1], list)
        device = header[4 if is_key else 3]
        keys = {listed[0]: listed[1] for one in self.lists.values() for listed in one[4]}
        payload = encode(item[1]) if is_key else item[1]
        kind = "key" if is_key else "msg"
        if not verifies(keys[device], kind, item[0] + sha256(payload), item[2]):
            raise Broken("an item is not signed by its device")
        if is_key:
            if transcript_id(self.id, *header[2]) != transcript.id:
                raise Broken("a key of another transcript")
            key = sha256(item[0])[:16]
            transcript.senders[key] = [device, 0]
            transcript.headers[key] = item[0]
            self.take_wraps(transcript, key, item)
            return
        sender = transcript.senders[header[2]]
        # A counter that is missing was that of something that is gone.
        missing = header[4] - sender[1] - 1
        if sender[0] != device or not 0 <= missing <= len(transcript.gone):
            raise Broken("an entry out of its place")
        if header[1] != transcript.id:
            raise Broken("an entry of another transcript")
        sender[1] = header[4]
        secret = transcript.secrets.get(header[2])
        if secret is None:
            # From before this device was listed: a grant opens it.
            return
        plaintext = unseal(secret, item[1], item[0])
        if plaintext is None:
            raise Broken("an entry does not open under its key")
        if header[5] == GRANT:
            return self.take_grants(conforms(plaintext, "grant-body"), device)
        transcript.words[number] = conforms(plaintext, "entry-body")[1]

    def take_wraps(self, transcript, key, item):
        """Opens a key with what is wrapped for this device, and looks for whom else it is."""
        owner = self.client.owner
        header = cbor2.loads(item[0])
        wraps = {one[0]: one for one in item[1]}
        if self.position == header[5]:
            readers = self.readers(*header[2])
            if not set(wraps) <= set(readers):
                raise Broken("a key is wrapped for somebody who does not read")
        if owner.device not in wraps:
            return
        for private in [owner.encryption, *owner.older]:
            secret = unwrap(wraps[owner.device], private, item[0])
            if secret is not None:
                transcript.secrets[key] = secret
                return
        raise Broken("what is wrapped for this device does not open")

    def take_grants(self, body, by):
        """Notes who asks for keys, and takes those that somebody wrapped again for this device."""
        self.asked.update((by, key) for key in body[1])
        for key, device, enc, wrapped in body[2]:
            if device != self.client.owner.device:
                continue
            for transcript in self.transcripts.values():
                if key not in transcript.headers:
                    continue
                header = transcript.headers[key]
                secret = unwrap([device, enc, wrapped], self.client.owner.encryption, header)
                if secret is None:
                    raise Broken("a grant does not open")
                transcript.secrets[key] = secret

    def recipients(self, readers):
        """The public keys to which a key is wrapped, each as its device signed it."""
        keys = {listed[0]: listed[1] for one in self.lists.values() for listed in one[4]}
        found = {}
        for one in self.client.ask(16, self.id)[1]:
            for announced in one[2]:
                value = conforms(announced[0], "encryption-key")
                if not verifies(keys[value[1]], "ekey", announced[0], announced[1]):
                    raise Broken("an encryption key is not signed by its device")
                if value[1] in readers:
                    found[value[1]] = value[3]
        for value in self.lists.values():
            if recovery_id(value[6]) in readers:
                found[recovery_id(value[6])] = value[6]
        # A device that was ended by an administrator is still listed, and has no key to wrap to.
        return found

    def grant(self, transcript, key, device):
        """A wrap of a key that this device holds, for another device."""
        public = self.recipients([device])[device]
        given = wrap(transcript.secrets[key], device, public, transcript.headers[key])
        return [key] + given

    @staticmethod
    def withdrawn(item):
        """The numbers that a withdrawal takes back; of anything else none."""
        header = cbor2.loads(item[0])
        if isinstance(item[1], list) or header[5] != 13:
            return []
        return [header[8], *header.get(10, [])]

    def key(self, scope, instance=b""):
        """Makes a sender key for who reads now, announces it, and gives it."""
        readers = self.readers(scope, instance)
        transcript = transcript_id(self.id, scope, instance)
        audience = audience_digest(transcript, self.position, self.head, readers)
        key = SenderKey(self.client.owner, self.id, scope, instance, audience, self.position, 1)
        number = self.post(key.announcement(self.recipients(readers)))
        self.client.wait(lambda: self.has(transcript, number))
        self.keys[(scope, instance)] = key
        return key

    def has(self, transcript, number):
        return transcript in self.transcripts and self.transcripts[transcript].number >= number

    def post(self, item, file=None):
        kind, number = self.client.ask(1, [self.id, item] + ([file] if file else []))
        if kind != 1:
            raise Broken("a post that is not answered by its number")
        return number

    def say(self, scope, kind, text, instance=b"", cites=None, file=None, **body):
        """Posts an entry, waits for it to come back, and gives its number."""
        key = self.keys.get((scope, instance)) or self.key(scope, instance)
        transcript = self.transcripts[key.transcript]
        value = {0: 1, 1: text}
        value.update({int(number[1:]): field for number, field in body.items()})
        more = {} if cites is None else {"cites": cites}
        item = key.entry(kind, value, transcript.number, transcript.head, **more)
        try:
            number = self.post(item, file)
        except Refused:
            key.counter -= 1
            raise
        self.client.wait(lambda: self.has(key.transcript, number))
        if transcript.items[number] != item:
            raise Broken("the entry that came back is not the one that was posted")
        return number


def sign_roster(client, room, version, previous, members):
    roster = {
        0: 1,
        1: room,
        2: version,
        3: previous,
        4: sorted(members, key=lambda member: member[0]),
        5: {0: 90, 1: 365, 2: False, 3: False},
        6: [],
    }
    body = signed(client.owner.signing, "roster", roster)
    conforms(body[0], "roster")
    return body


def member(owner):
    return {0: owner.person, 1: point(owner.identity), 2: 1, 3: 1, 4: owner.name}
