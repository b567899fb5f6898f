# SPDX-License-Identifier: Apache-2.0
"""The golden objects of Protocol/spec.md section 12; run as a program it writes missing vectors.

Signatures are deterministic (RFC 6979), so the same bytes come out each time.
"""

import cbor2

from handed import sealed_chunks
from keys import (
    Identity,
    Invite,
    audience_digest,
    chained,
    encode,
    item_digest,
    labelled,
    point,
    private_key,
    recovery_id,
    safety_of_pair,
    safety_of_room,
    sha256,
    sign,
    signed,
    to_sign,
    transcript_id,
    verifies,
)
from link import FOLDER, conforms
from sealing import SenderKey, pad, seal, unseal, unwrap, wrap

AT = 1_800_000_000_000
ROOM = b"\x52" * 16
INSTANCE = b"\x53" * 16 + b"\x01\x00"
TEXT = "What did you notice when you said no to the extra project?"


def diagnostic(value):
    """The value in diagnostic notation."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, bytes):
        return "h'" + value.hex() + "'"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(diagnostic, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {diagnostic(one)}" for key, one in value.items()) + "}"
    return str(value)


def person(number):
    """A person whose every key is known."""
    one = Identity(f"Person {number}", bytes([0x70 + number]) * 32, deterministic=True)
    one.signing = private_key(bytes([number]) * 32)
    one.encryption = private_key(bytes([0x10 + number]) * 32)
    return one


def vector(name, spec, data, **more):
    fields = {"name": "object-" + name, "spec": spec, "direction": "object", "expect": "ok"}
    fields.update({key.replace("_", "-"): str(value) for key, value in more.items()})
    fields.setdefault("diag", "")
    if not fields["diag"]:
        fields["diag"] = diagnostic(cbor2.loads(data))
    # The diagnosis stands last.
    fields["diag"] = fields.pop("diag")
    fields["bytes"] = data
    return fields


def signed_vector(name, spec, kind, owner_key, value):
    pair = signed(owner_key, kind, value, deterministic=True)
    return vector(
        name,
        spec,
        pair[0],
        type=kind,
        signer=point(owner_key).hex(),
        signature=pair[1].hex(),
        sha256=sha256(pair[0]).hex(),
    )


def key_event(name, key, announced, private, before):
    """The vector of a key event; it holds the private keys that open it."""
    more = {}
    for index, one in enumerate(announced[1]):
        assert unwrap(one, private[one[0]], key.header) == key.secret, "a wrap opens"
        scalar = private[one[0]].private_numbers().private_value.to_bytes(32, "big")
        more[f"recipient_{index + 1}"] = one[0].hex()
        more[f"scalar_{index + 1}"] = scalar.hex()
    return vector(
        name,
        "12.4",
        encode(announced),
        signer=point(key.owner.signing).hex(),
        kid=key.id.hex(),
        secret=key.secret.hex(),
        digest=item_digest(announced).hex(),
        head_before=before.hex(),
        number=1,
        head=chained(before, 1, item_digest(announced)).hex(),
        **more,
    )


def handed_file(transcript, salt):
    """An entry that hands over a file of one chunk."""
    content, secret = b"A brief of one page.", b"\x46" * 32
    chunk = sealed_chunks(content, secret, salt, transcript)[0]
    described = {0: sha256(salt + chunk), 1: len(content), 2: 1, 3: "brief.pdf", 4: secret, 5: salt}
    body = encode({0: 1, 1: "", 10: described})
    conforms(body, "entry-body")
    return vector(
        "entry-body-file",
        "12.10",
        body,
        transcript=transcript.hex(),
        chunk=chunk.hex(),
        content=content.hex(),
    )


def feedback_bodies(other):
    """Feedback in its parts, a draft of it, an assessment, and a request for feedback."""
    parts = {0: "You waited.", 1: "Three times you said nothing.", 2: "I went on.", 4: "Say no."}
    levels = ["not seen", "seen at moments", "seen often"]
    assessed = {
        0: "ICF",
        1: levels,
        2: 2,
        3: [["Listens Actively", 3, "said back twice"], ["Evokes Awareness", 1, ""]],
        4: "Well done.",
    }
    bodies = {
        "feedback": {0: 1, 1: TEXT, 16: parts},
        "draft": {0: 1, 1: "", 16: parts, 17: {0: b"\x64" * 16, 1: 1, 2: 1, 3: other}},
        "assessment": {0: 1, 1: TEXT, 17: {0: b"\x65" * 16, 1: 2, 2: 2}, 18: assessed},
        "asking": {0: 1, 1: TEXT, 19: {0: "my questions"}},
    }
    made = []
    for name, body in bodies.items():
        conforms(encode(body), "entry-body")
        made.append(vector(f"entry-body-{name}", "12.5", encode(body)))
    return made


def all_objects():
    first, second, third = person(1), person(2), person(3)
    made = []

    # Identifiers
    made.append(
        vector(
            "identity-of-a-seed",
            "12.1",
            first.seed,
            identity=point(first.identity).hex(),
            recovery=point(first.recovery).hex(),
            person=first.person.hex(),
            recovery_id=recovery_id(point(first.recovery)).hex(),
            diag=diagnostic(first.seed),
        )
    )
    made.append(
        vector(
            "device-of-a-key",
            "12.1",
            point(first.signing),
            device=first.device.hex(),
            diag=diagnostic(point(first.signing)),
        )
    )
    transcript = transcript_id(ROOM, 2, INSTANCE)
    made.append(
        vector("transcript", "12.1", encode([ROOM, 2, INSTANCE]), transcript=transcript.hex())
    )
    devices = sorted(one.device for one in (first, second, third))
    head = sha256(b"roster v7")
    audience = audience_digest(transcript, 7, head, devices)
    made.append(
        vector(
            "audience", "12.4", encode([transcript, 7, head, devices]), aud=audience.hex()
        )
    )

    # The golden values of the design
    secret = b"\x4b" * 32
    key = SenderKey(first, ROOM, 2, INSTANCE, audience, 7, 1, secret=secret)
    made.append(vector("key-header", "12.4", key.header, kid=key.id.hex()))
    kid = key.id
    header = {0: 1, 1: transcript, 2: kid, 3: first.device, 4: 1, 5: 2, 6: 41, 7: sha256(b"head")}
    entry_header = encode(header)
    made.append(vector("entry-header", "12.3", entry_header, sha256=sha256(entry_header).hex()))
    body = encode({0: 1, 1: TEXT})
    made.append(
        vector("entry-body", "12.5", body, padded=pad(body).hex(), padded_bytes=len(pad(body)))
    )
    salt = b"\x5a" * 16
    made.append(handed_file(transcript, salt))
    sealed = seal(secret, body, entry_header, salt)
    signature = sign(first.signing, "msg", entry_header + sha256(sealed), deterministic=True)
    item = [entry_header, sealed, signature]
    digest = item_digest(item)
    start = sha256(transcript)
    made.append(
        vector(
            "entry-sealed",
            "12.3",
            encode(item),
            signer=point(first.signing).hex(),
            payload_sha256=sha256(sealed).hex(),
            digest=digest.hex(),
            head_before=start.hex(),
            number=1,
            head=chained(start, 1, digest).hex(),
        )
    )

    # Keys as they are announced; the ephemeral keys of HPKE are fixed, so that this file can be
    # made again.
    people = {one.device: one for one in (first, second, third)}
    announced = key.announcement(
        {device: point(one.encryption) for device, one in people.items()},
        [bytes([0x21 + index]) * 32 for index in range(3)],
    )
    private = {device: one.encryption for device, one in people.items()}
    made.append(key_event("key-event", key, announced, private, start))
    own = transcript_id(ROOM, 0, first.person)
    recovery = recovery_id(point(first.recovery))
    own_private = {first.device: first.encryption, recovery: first.recovery}
    own_audience = audience_digest(own, 7, head, sorted(own_private))
    own_key = SenderKey(first, ROOM, 0, first.person, own_audience, 7, 2, secret=b"\x4c" * 32)
    own_announced = own_key.announcement(
        {device: point(one) for device, one in own_private.items()},
        [bytes([0x31 + index]) * 32 for index in range(2)],
    )
    made.append(key_event("key-event-own", own_key, own_announced, own_private, sha256(own)))

    before = chained(start, 1, item_digest(announced))
    citing = {"cites": 2, "about": second.person}
    withdrawing = {"cites": 2, "also": [5, 300]}
    for name, kind, text, more in [
        ("entry-citing", 2, TEXT, citing),
        ("entry-withdrawing", 13, "", withdrawing),
    ]:
        body = {0: 1, 1: text}
        entry = key.entry(kind, body, 1, before, counter=1, salt=b"\x5b" * 16, **more)
        assert unseal(secret, entry[1], entry[0]) == encode(body), "what was sealed opens"
        made.append(
            vector(
                name,
                "12.3",
                encode(entry),
                signer=point(first.signing).hex(),
                digest=item_digest(entry).hex(),
                head_before=before.hex(),
                number=2,
                head=chained(before, 2, item_digest(entry)).hex(),
            )
        )
    given = wrap(secret, third.device, point(third.encryption), key.header, b"\x41" * 32)
    grant = encode({0: 1, 1: [own_key.id], 2: [[key.id] + given]})
    made.append(
        vector(
            "grant-body",
            "12.9",
            grant,
            key=key.id.hex(),
            recipient=third.device.hex(),
            scalar=(b"\x13" * 32).hex(),
            secret=secret.hex(),
        )
    )

    # A release: the request in the turn, and what stands in the room
    salt = b"\x72" * 16
    content = {0: 1, 1: TEXT}
    target = transcript_id(ROOM, 4, b"")
    persons = sorted(one.person for one in (first, second))
    digest = labelled("peer1/release", salt + first.person + bytes([2]) + encode(content))
    consents = []
    for one in sorted((first, second), key=lambda one: one.person):
        words = encode({0: 1, 1: ROOM, 2: target, 3: digest, 4: persons, 5: one.person})
        signature = sign(one.signing, "consent", words, deterministic=True)
        assert verifies(point(one.signing), "consent", words, signature), "a consent holds"
        consents.append([one.person, one.device, signature])
        made.append(
            vector(
                f"release-consent-{one.name[-1]}",
                "12.11",
                words,
                type="consent",
                signer=point(one.signing).hex(),
                signature=signature.hex(),
                salt=salt.hex(),
                author=first.person.hex(),
                kind=2,
                content=encode(content).hex(),
                digest=digest.hex(),
            )
        )
    request = {0: 1, 1: 1, 2: [4, b""], 3: salt, 4: digest, 5: persons}
    conforms(encode(request), "consent-body")
    made.append(vector("release-request", "12.11", encode(request), digest=digest.hex()))
    agreed = {0: 1, 1: 2, 6: consents[0][2]}
    conforms(encode(agreed), "consent-body")
    made.append(vector("release-yes", "12.11", encode(agreed)))
    released = dict(content)
    released[7], released[8], released[9] = salt, persons, consents
    conforms(encode(released), "entry-body")
    made.append(
        vector(
            "release-entry-body",
            "12.11",
            encode(released),
            room=ROOM.hex(),
            target=target.hex(),
            author=first.person.hex(),
            signer_1=point(first.signing).hex(),
            signer_2=point(second.signing).hex(),
        )
    )

    # The same released to the programme: its room is another, and who agreed is carried along
    programme = b"\x70" * 16
    target = transcript_id(programme, 5, first.person)
    consents, carried = [], []
    for one in sorted((first, second), key=lambda one: one.person):
        words = encode({0: 1, 1: programme, 2: target, 3: digest, 4: persons, 5: one.person})
        signature = sign(one.signing, "consent", words, deterministic=True)
        consents.append([one.person, one.device, signature])
        body = one.device_list(AT)[0]
        carried.append([body, sign(one.identity, "devlist", body, deterministic=True)])
    request = {0: 1, 1: 1, 2: [5, first.person], 3: salt, 4: digest, 5: persons, 7: programme}
    conforms(encode(request), "consent-body")
    made.append(
        vector("release-request-programme", "12.14", encode(request), digest=digest.hex())
    )
    released = dict(content)
    released[7], released[8], released[9], released[15] = salt, persons, consents, carried
    conforms(encode(released), "entry-body")
    made.append(
        vector(
            "release-entry-body-programme",
            "12.14",
            encode(released),
            room=programme.hex(),
            target=target.hex(),
            author=first.person.hex(),
        )
    )

    # Signed objects
    listed = cbor2.loads(first.device_list(AT)[0])
    made.append(signed_vector("device-list", "12.6", "devlist", first.identity, listed))
    more = dict(listed)
    more[2], more[3] = 2, sha256(encode(listed))
    more[4] = sorted(
        [listed[4][0], {0: second.device, 1: point(second.signing), 2: AT + 1}],
        key=lambda one: one[0],
    )
    more[5] = [third.device]
    made.append(signed_vector("device-list-next", "12.6", "devlist", first.identity, more))
    announced = cbor2.loads(first.encryption_key(1, AT + 30 * 86_400_000)[0])
    made.append(signed_vector("encryption-key", "12.6", "ekey", first.signing, announced))
    members = [(first, 1), (second, 2)]
    roster = {
        0: 1,
        1: ROOM,
        2: 1,
        3: bytes(32),
        4: sorted(
            (
                {0: one.person, 1: point(one.identity), 2: kind, 3: 1, 4: one.name}
                for one, kind in members
            ),
            key=lambda member: member[0],
        ),
        5: {0: 90, 1: 365, 2: False, 3: False},
        6: [],
    }
    made.append(signed_vector("roster", "12.6", "roster", second.signing, roster))
    vouched = dict(roster)
    vouched[2], vouched[3] = 2, sha256(encode(roster))
    newcomer = {0: third.person, 1: point(third.identity), 2: 1, 3: 1, 4: third.name}
    newcomer[5] = first.name
    vouched[4] = sorted(roster[4] + [newcomer], key=lambda member: member[0])
    made.append(signed_vector("roster-vouched", "12.6", "roster", second.signing, vouched))
    programmes = dict(roster)
    programmes[7] = True
    made.append(signed_vector("roster-programme", "12.6", "roster", second.signing, programmes))
    voucher = {
        0: 1,
        1: first.person,
        2: point(first.identity),
        3: sha256(encode(listed)),
        4: first.name,
    }
    made.append(signed_vector("voucher", "12.6", "vouch", second.signing, voucher))
    acceptance = {
        0: 1,
        1: ROOM,
        2: 41,
        3: sha256(b"head"),
        4: [[transcript, 7, sha256(b"transcript head")]],
        5: b"\x6e" * 16,
    }
    made.append(
        signed_vector("restore-acceptance", "12.6", "restore", second.signing, acceptance)
    )
    again = {0: 1, 1: TEXT, 14: {0: 1_790_000_000_000, 1: b"\x6b" * 16, 2: 3}}
    made.append(vector("entry-body-again", "12.12", encode(again)))
    made += feedback_bodies(first.person)
    story = {0: 1, 1: TEXT, 2: "story", 20: sorted((second.person, third.person))}
    conforms(encode(story), "entry-body")
    made.append(vector("entry-body-story", "12.5", encode(story)))
    carried = {0: 1, 1: TEXT, 2: "journal", 22: {0: AT, 1: transcript, 2: 7}}
    conforms(encode(carried), "entry-body")
    made.append(vector("entry-body-carried", "12.5", encode(carried)))
    item = encode({0: AT, 1: transcript, 2: 7, 3: encode(again)})
    conforms(item, "archive-item")
    made.append(vector("archive-item", "12.15", item))
    use = {0: 1, 1: b"\x75" * 16, 2: AT - 86_400_000, 3: AT, 4: ["Acme", "Finance"]}
    for name, said in (("asked", use), ("yes", {0: 2, 1: b"\x75" * 16})):
        body = {0: 1, 1: TEXT, 21: said}
        conforms(encode(body), "entry-body")
        made.append(vector(f"entry-body-unnamed-{name}", "12.5", encode(body)))
    given = {
        0: 1,
        1: ROOM,
        2: third.person,
        3: sha256(encode(vouched)),
        4: [{0: 3, 1: 1, 2: 6}, {0: 4, 1: 3, 2: 41}],
        5: AT,
    }
    made.append(signed_vector("history-grant", "12.6", "grant", first.signing, given))
    given = {0: 1, 1: ROOM, 2: third.person, 3: given[3], 4: [{0: 4, 1: 1, 2: 41}]}
    made.append(signed_vector("history-grant-all", "12.6", "grant", first.signing, given))
    visit = {0: 1, 1: ROOM, 2: b"\x53" * 16, 3: 2, 4: 1, 5: third.person, 6: 41, 7: 6}
    made.append(signed_vector("visit-yes", "12.6", "visit", first.signing, visit))
    proof = b"\x6e" * 32 + sha256(b"server leaf") + first.device
    made.append(
        vector(
            "hello-proof",
            "12.7",
            to_sign("hello", proof),
            type="hello",
            signer=point(first.signing).hex(),
            nonce=(b"\x6e" * 32).hex(),
            leaf=sha256(b"server leaf").hex(),
            device=first.device.hex(),
            signature=sign(first.signing, "hello", proof, deterministic=True).hex(),
            diag="what is signed: the label, a zero, nonce, SHA-256 of the leaf, device",
        )
    )

    # Safety numbers
    identities = [point(one.identity) for one in (first, second, third)]
    made.append(
        vector(
            "safety-number",
            "14",
            b"".join(identities),
            genesis=sha256(encode(roster)).hex(),
            pair=safety_of_pair(identities[0], identities[1]),
            room=safety_of_room(sha256(encode(roster)), identities),
            diag="three identity keys; the pair is of the first two, the room of all",
        )
    )

    # Chains
    room_start = sha256(ROOM)
    made.append(
        vector(
            "room-chain",
            "10",
            b"genesis",
            room=ROOM.hex(),
            head_before=room_start.hex(),
            number=1,
            head=chained(room_start, 1, sha256(b"genesis")).hex(),
            diag="the bytes of a record",
        )
    )

    # Invites
    for name, kind, genesis in [
        ("invite", 0, b""),
        ("invite-to-a-room", 1, b"\x67" * 32),
        ("invite-of-a-device", 2, b""),
    ]:
        invite = Invite(b"\x61" * 32, b"\x73" * 16, "coach.acme.example:7443", kind, genesis)
        made.append(
            vector(
                name,
                "13",
                invite.payload(),
                line=invite.line(),
                auth=invite.auth().hex(),
                auth_sha256=sha256(invite.auth()).hex(),
                vouch=invite.vouch().hex(),
                device_list_mac=invite.mac(sha256(b"device list")).hex(),
                inviter=point(second.identity).hex(),
                device_key=point(third.signing).hex(),
                introduction=invite.mac(
                    b"peer1/inviter\0" + point(second.identity)
                ).hex(),
                device_mac=invite.mac(point(third.signing) + b"ekey body").hex(),
                diag="version, kind, length, authority, secret, address, genesis, checksum",
            )
        )
    return made


def main():
    for one in all_objects():
        path = FOLDER / "vectors" / (one["name"] + ".txt")
        if path.exists():
            continue
        fields = {key: value for key, value in one.items() if key != "bytes"}
        digits = one["bytes"].hex()
        lines = [digits[at : at + 96] for at in range(0, len(digits), 96)]
        head = "".join(f"{key}: {value}\n" for key, value in fields.items())
        path.write_text(head + "\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
