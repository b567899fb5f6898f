# SPDX-License-Identifier: Apache-2.0
"""Sealing and opening, as Protocol/spec.md sections 12.3, 12.4 and 12.9 say (suite 1)."""

import hmac
import os

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey
from pyhpke.exceptions import PyHPKEError
from pyhpke.kem_key import KEMKeyPair

from keys import encode, hkdf, labelled, point_key, private_key, sha256, sign, transcript_id

SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
CHUNK, TAG, SALT = 65_536, 16, 16
P256 = 1


def kem_key(key):
    return KEMKey.from_pyca_cryptography_key(key)


def wrap(secret, device, public, header, ephemeral=None):
    """A wrap of K for one device; with a fixed ephemeral key the same one each time."""
    pair = None
    if ephemeral is not None:
        key = private_key(ephemeral)
        pair = KEMKeyPair(kem_key(key), kem_key(key.public_key()))
    info = labelled("peer1/wrap", header)
    enc, context = SUITE.create_sender_context(kem_key(point_key(public)), info=info, eks=pair)
    return [device, enc, context.seal(secret, aad=device)]


def unwrap(one, private, header):
    """K out of a wrap, checked against the commitment; None for anything else."""
    device, enc, wrapped = one
    try:
        info = labelled("peer1/wrap", header)
        context = SUITE.create_recipient_context(enc, kem_key(private), info=info)
        secret = context.open(wrapped, aad=device)
    except (PyHPKEError, ValueError):
        return None
    commitment = cbor2.loads(header)[7]
    if not hmac.compare_digest(hkdf(secret, b"", b"peer1/commit"), commitment):
        return None
    return secret


def pad(plaintext):
    """The plaintext, 80, zeros: 256 bytes at least, above that a length of Padmé."""
    length = len(plaintext) + 1
    if length > 256:
        exponent = length.bit_length() - 1
        mask = (1 << max(exponent - exponent.bit_length(), 0)) - 1
        length = (length + mask) & ~mask
    else:
        length = 256
    return plaintext + b"\x80" + bytes(length - len(plaintext) - 1)


def unpad(padded):
    plaintext = padded.rstrip(b"\0")
    assert plaintext[-1:] == b"\x80" and pad(plaintext[:-1]) == padded, "wrong padding"
    return plaintext[:-1]


def nonce(index, last):
    return bytes(3) + index.to_bytes(8, "big") + bytes([last])


def seal(secret, plaintext, header, salt=None):
    """Pads and seals what an entry with this header holds."""
    salt = salt or os.urandom(SALT)
    cipher = AESGCM(hkdf(secret, salt, b"peer1/payload"))
    padded, sealed, binding = pad(plaintext), salt, sha256(header)
    starts = range(0, len(padded), CHUNK)
    for index, start in enumerate(starts):
        last = index == len(starts) - 1
        sealed += cipher.encrypt(nonce(index, last), padded[start : start + CHUNK], binding)
    return sealed


def unseal(secret, sealed, header):
    """What an entry with this header holds; None where it does not open."""
    cipher = AESGCM(hkdf(secret, sealed[:SALT], b"peer1/payload"))
    rest, padded, binding = sealed[SALT:], b"", sha256(header)
    starts = range(0, len(rest), CHUNK + TAG)
    try:
        for index, start in enumerate(starts):
            last = index == len(starts) - 1
            chunk = rest[start : start + CHUNK + TAG]
            padded += cipher.decrypt(nonce(index, last), chunk, binding)
    except InvalidTag:
        return None
    return unpad(padded)


class SenderKey:
    """One process's key for one transcript."""

    def __init__(self, owner, room, scope, instance, audience, position, epoch, secret=None):
        self.owner = owner
        self.secret = secret or os.urandom(32)
        self.header = encode(
            {
                0: 1,
                1: room,
                2: [scope, instance],
                3: audience,
                4: owner.device,
                5: position,
                6: epoch,
                7: hkdf(self.secret, b"", b"peer1/commit"),
                8: P256,
            }
        )
        self.id = sha256(self.header)[:16]
        self.transcript = transcript_id(room, scope, instance)
        self.counter = 0
        self.event = None

    def announcement(self, recipients, ephemerals=None):
        """The key event, wrapped for devices with their public keys."""
        fixed = dict(zip(sorted(recipients), ephemerals or []))
        wraps = [
            wrap(self.secret, device, recipients[device], self.header, fixed.get(device))
            for device in sorted(recipients)
        ]
        signature = sign(
            self.owner.signing,
            "key",
            self.header + sha256(encode(wraps)),
            self.owner.deterministic,
        )
        self.event = [self.header, wraps, signature]
        return self.event

    def entry(self, kind, body, seen, head, counter=None, salt=None, **more):
        if counter is None:
            self.counter += 1
            counter = self.counter
        header = {
            0: 1,
            1: self.transcript,
            2: self.id,
            3: self.owner.device,
            4: counter,
            5: kind,
            6: seen,
            7: head,
        }
        if "cites" in more:
            header[8] = more["cites"]
        if "about" in more:
            header[9] = more["about"]
        if "also" in more:
            header[10] = more["also"]
        header = encode(header)
        sealed = seal(self.secret, encode(body), header, salt)
        signature = sign(
            self.owner.signing, "msg", header + sha256(sealed), self.owner.deterministic
        )
        return [header, sealed, signature]
