# SPDX-License-Identifier: Apache-2.0
"""Files as Protocol/spec.md 12.10 has them: sealed and put in chunks, handed over, got and opened."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from administer import check
from keys import sha256
from link import cbor2
from room import PEERS, ROOM
from sealing import CHUNK, SALT, TAG, hkdf, nonce, unseal

SAY, WITHDRAW = 1, 13


def cipher_of(secret, salt):
    return AESGCM(hkdf(secret, salt, b"peer1/file"))


def binding_of(transcript):
    return sha256(b"peer1/file\0" + transcript)


def sealed_chunks(content, secret, salt, transcript):
    """The chunks of a file, each sealed in its place."""
    starts = range(0, max(1, len(content)), CHUNK)
    return [
        cipher_of(secret, salt).encrypt(
            nonce(index, index == len(starts) - 1),
            content[start : start + CHUNK],
            binding_of(transcript),
        )
        for index, start in enumerate(starts)
    ]


def opened(chunks, described, transcript):
    """What a file holds; None where it is not the one that the entry describes."""
    if sha256(described[5] + b"".join(chunks)) != described[0] or len(chunks) != described[2]:
        return None
    content = b""
    try:
        for index, chunk in enumerate(chunks):
            last = index == len(chunks) - 1
            content += cipher_of(described[4], described[5]).decrypt(
                nonce(index, last), chunk, binding_of(transcript)
            )
    except InvalidTag:
        return None
    return content if len(content) == described[1] else None


def put(here, transcript, file, chunks):
    for index, chunk in enumerate(chunks):
        part = {0: here.id, 1: transcript, 2: file, 3: len(chunks), 4: index, 5: chunk}
        kind, kept = here.client.ask(37, part)
        check((kind, kept) == (5, index + 1), "so many chunks are kept")


def get(room, transcript, described):
    chunks = []
    for index in range(described[2]):
        place = {0: room.id, 1: transcript, 2: described[0], 3: index}
        kind, chunk = room.client.ask(38, place)
        check(kind == 37, "a chunk")
        chunks.append(chunk)
    return chunks


def body_of(room, transcript, number):
    """What the entry of a number holds, opened by who reads it."""
    item = room.transcripts[transcript].items[number]
    header = cbor2.loads(item[0])
    secret = room.transcripts[transcript].secrets[header[2]]
    return cbor2.loads(unseal(secret, item[1], item[0]))


def hand_over(here, there):
    """A file of three chunks from one to another, and whatever is refused on the way."""
    client, theirs = here.client, there.client
    key = here.keys.get((ROOM, b"")) or here.key(ROOM)
    transcript = key.transcript
    content = os.urandom(2 * CHUNK + 777)
    secret, salt = os.urandom(32), os.urandom(SALT)
    chunks = sealed_chunks(content, secret, salt, transcript)
    check([len(one) for one in chunks] == [CHUNK + TAG] * 2 + [777 + TAG], "their lengths")
    file = sha256(salt + b"".join(chunks))

    def part(index, of=3, chunk=None):
        return {0: here.id, 1: transcript, 2: file, 3: of, 4: index, 5: chunk or chunks[index]}

    client.refused(52, lambda: client.ask(37, part(0, of=257)))
    client.refused(260, lambda: client.ask(37, part(0, chunk=bytes(100))))
    check(client.refused(259, lambda: client.ask(37, part(1))) == 0, "the next chunk is 0")
    put(here, transcript, file, chunks)
    check(client.ask(37, part(1)) == [5, 3], "a chunk that is kept is answered as before")
    theirs.refused(256, lambda: theirs.ask(37, part(0)))
    described = {0: file, 1: len(content), 2: 3, 3: "../brief.pdf", 4: secret, 5: salt}
    theirs.refused(54, lambda: get(there, transcript, described))

    theirs.refused(54, lambda: there.say(ROOM, SAY, "", file=file, _10=described))
    client.refused(54, lambda: here.say(PEERS, SAY, "", file=file, _10=described))
    number = here.say(ROOM, SAY, "", file=file, _10=described)
    client.refused(54, lambda: here.say(ROOM, SAY, "", file=file, _10=described))
    theirs.wait(lambda: there.has(transcript, number))
    told = body_of(there, transcript, number)[10]
    check(told == described, "what the entry says of the file")
    got = get(there, transcript, told)
    check(got == chunks and opened(got, told, transcript) == content, "the file as it was sent")
    check(opened(got[:2], told, transcript) is None, "a file cut short")
    check(opened(got, told, bytes(16)) is None, "a file of another transcript")
    beyond = {0: here.id, 1: transcript, 2: file, 3: 3}
    theirs.refused(54, lambda: theirs.ask(38, beyond))
    theirs.refused(256, lambda: theirs.ask(38, beyond | {1: bytes(16)}))

    here.say(ROOM, WITHDRAW, "", cites=number)
    theirs.refused(54, lambda: get(there, transcript, told))
