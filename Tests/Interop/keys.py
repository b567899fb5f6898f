# SPDX-License-Identifier: Apache-2.0
"""Keys, hashes, signatures, invites and objects, as Protocol/spec.md sections 12 and 13 say."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass, field

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def encode(value):
    """The one encoding of a value."""
    return cbor2.dumps(value, canonical=True)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def labelled(label, *parts):
    return sha256(label.encode(), b"\0", *parts)


def hkdf(secret, salt, info):
    return HKDF(hashes.SHA256(), 32, salt or None, info).derive(secret)


def private_key(scalar):
    return ec.derive_private_key(int.from_bytes(scalar, "big"), CURVE)


def point(key):
    """X9.63, uncompressed: the one form of a public key."""
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def point_key(public):
    """The public key with these bytes."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public)


def to_sign(kind, body):
    return b"peer1/" + kind.encode() + b"\0" + body


def sign(key, kind, body, deterministic=False):
    """A raw signature, r and s of 32 bytes each."""
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=deterministic)
    r, s = utils.decode_dss_signature(key.sign(to_sign(kind, body), algorithm))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verifies(public, kind, body, signature):
    if len(signature) != 64:
        return False
    r, s = (int.from_bytes(signature[i : i + 32], "big") for i in (0, 32))
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public)
    try:
        der = utils.encode_dss_signature(r, s)
        key.verify(der, to_sign(kind, body), ec.ECDSA(hashes.SHA256()))
        return True
    except Exception:
        return False


def device_id(public):
    return labelled("peer1/device", public)[:16]


def person_id(public):
    return labelled("peer1/person", public)[:16]


def recovery_id(public):
    return labelled("peer1/recovery", public)[:16]


def safety_groups(label, subject):
    """Six groups of five digits, from 5,200 times SHA-512."""
    digest = hashlib.sha512(label.encode() + b"\0" + subject).digest()
    for _ in range(5_199):
        digest = hashlib.sha512(digest + subject).digest()
    return [
        f"{int.from_bytes(digest[at : at + 5], 'big') % 100_000:05}" for at in range(0, 30, 5)
    ]


def safety_of_pair(first, second):
    """What two people compare: 60 digits, whoever of them asks."""
    halves = sorted(safety_groups("peer1/safety/person", one) for one in (first, second))
    return " ".join(halves[0] + halves[1])


def safety_of_room(genesis, identity_keys):
    """What a whole room compares: 30 digits."""
    return " ".join(safety_groups("peer1/safety/room", genesis + b"".join(sorted(identity_keys))))


def scalar_of_seed(seed, purpose):
    """The first valid scalar that the seed gives."""
    for index in range(256):
        scalar = hkdf(seed, b"", f"peer1/seed/{purpose}".encode() + bytes([index]))
        if 0 < int.from_bytes(scalar, "big") < ORDER:
            return scalar
    raise ValueError("no scalar")


def signed(key, kind, value, deterministic=False):
    body = encode(value)
    return {0: body, 1: sign(key, kind, body, deterministic)}


def certificate_request(key):
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    request = builder.sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.DER)


@dataclass
class Invite:
    """What a line that begins with `peer1:` says."""

    authority: bytes
    secret: bytes
    address: str
    kind: int = 0
    genesis: bytes = b""

    def payload(self):
        place = self.address.encode()
        head = bytes([1, self.kind, len(place)]) + self.authority + self.secret + place
        body = head + self.genesis
        return body + labelled("peer1/invite", body)[:4]

    def line(self):
        return "peer1:" + base64.b32encode(self.payload()).decode().rstrip("=").lower()

    @staticmethod
    def parse(line):
        text = "".join(line.split()).lower()
        assert text.startswith("peer1:"), "not an invite"
        letters = text[6:].upper()
        data = base64.b32decode(letters + "=" * (-len(letters) % 8))
        body, checksum = data[:-4], data[-4:]
        assert labelled("peer1/invite", body)[:4] == checksum, "a typing error"
        assert body[0] == 1, "a newer invite"
        length = body[2]
        rest = body[51 + length :]
        assert len(rest) == (32 if body[1] == 1 else 0), "malformed"
        return Invite(body[3:35], body[35:51], body[51 : 51 + length].decode(), body[1], rest)

    def auth(self):
        return hkdf(self.secret, self.authority, b"peer1/invite/auth")

    def vouch(self):
        return hkdf(self.secret, self.authority, b"peer1/invite/vouch")

    def mac(self, message):
        return hmac.new(self.vouch(), message, hashlib.sha256).digest()


@dataclass
class Identity:
    """A person with one device: every key that the two have."""

    name: str
    seed: bytes = field(default_factory=lambda: os.urandom(32))
    deterministic: bool = False

    def __post_init__(self):
        self.identity = private_key(scalar_of_seed(self.seed, "identity"))
        self.recovery = private_key(scalar_of_seed(self.seed, "recovery"))
        self.signing = ec.generate_private_key(CURVE)
        self.encryption = ec.generate_private_key(CURVE)
        self.older = []
        self.tls = ec.generate_private_key(CURVE)
        self.certificate = None
        self.authority = None
        self.participant = None

    @property
    def person(self):
        return person_id(point(self.identity))

    @property
    def device(self):
        return device_id(point(self.signing))

    def device_list(self, at):
        listed = {0: self.device, 1: point(self.signing), 2: at}
        value = {
            0: 1,
            1: point(self.identity),
            2: 1,
            3: bytes(32),
            4: [listed],
            5: [],
            6: point(self.recovery),
        }
        return signed(self.identity, "devlist", value, self.deterministic)

    def encryption_key(self, version, not_after):
        value = {
            0: 1,
            1: self.device,
            2: version,
            3: point(self.encryption),
            4: 1,
            5: not_after,
        }
        return signed(self.signing, "ekey", value, self.deterministic)


def transcript_id(room, scope, instance):
    return labelled("peer1/transcript", encode([room, scope, instance]))[:16]


def audience_digest(transcript, position, head, devices):
    return labelled("peer1/aud", encode([transcript, position, head, sorted(set(devices))]))


def chained(head, number, digest):
    return sha256(b"\x01", head, number.to_bytes(8, "big"), digest)


def item_digest(item):
    """d_n of an item as it came."""
    header, payload, _ = item
    return sha256(header, sha256(payload if isinstance(payload, bytes) else encode(payload)))
