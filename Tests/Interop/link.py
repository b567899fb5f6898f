# SPDX-License-Identifier: Apache-2.0
"""Frames over TLS: every one is held against the CDDL and against the deterministic encoding."""

import hashlib
import os
import pathlib
import socket
import ssl
import struct
import tempfile
from io import BytesIO

import cbor2
from cddl_verifier import Validator
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from keys import encode, sign

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "Protocol"
SCHEMA = Validator((FOLDER / "peercoach.cddl").read_text())


class Broken(Exception):
    """The other side does not keep to the protocol."""


def conforms(body, rule):
    """Raises where the bytes are not deterministic CBOR that the rule allows."""
    stream = BytesIO(body)
    value = cbor2.CBORDecoder(stream, allow_duplicate_keys=False, allow_indefinite=False).decode()
    if stream.tell() != len(body):
        raise Broken("bytes after the item")
    if encode(value) != body:
        raise Broken("not the deterministic encoding")
    verdict = SCHEMA.validate(body, root_type=rule)
    if not verdict.valid:
        raise Broken(f"{rule}: {[str(d) for d in verdict.diagnostics][:3]} in {value!r}")
    return value


class Counted:
    """How much was held against the schema."""

    sent = 0
    received = 0


class Link:
    """One connection."""

    def __init__(self, address, pin, owner=None):
        host, port = address.rsplit(":", 1)
        self.host = host.strip("[]")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.set_alpn_protocols(["peercoach/1"])
        if owner is not None and owner.authority is not None:
            context.load_verify_locations(cadata=owner.authority)
        else:
            # The invite pins the authority's key; the chain is held against it below.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if owner is not None and owner.certificate is not None:
            self._show(context, owner)
        plain = socket.create_connection((self.host, int(port)), timeout=20)
        self.socket = context.wrap_socket(plain, server_hostname=self.host)
        if self.socket.selected_alpn_protocol() != "peercoach/1":
            raise Broken("ALPN")
        self.leaf = self.socket.getpeercert(binary_form=True)
        if context.verify_mode == ssl.CERT_NONE:
            self._check_pin(pin)

    @staticmethod
    def _show(context, owner):
        key = owner.tls.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "device.pem")
            with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.write(key + ssl.DER_cert_to_PEM_cert(owner.certificate).encode())
            context.load_cert_chain(path)

    def _check_pin(self, pin):
        if hasattr(self.socket, "get_unverified_chain"):
            ders = self.socket.get_unverified_chain()
        else:
            # Before Python 3.13 the chain is had from within; 2 asks for DER.
            ders = [one.public_bytes(2) for one in self.socket._sslobj.get_unverified_chain()]
        leaf, authority = (x509.load_der_x509_certificate(der) for der in (ders[0], ders[-1]))
        info = authority.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        if hashlib.sha256(info).digest() != pin:
            raise Broken("the authority is not the invite's")
        leaf.verify_directly_issued_by(authority)
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        known = [str(name.value) for name in names]
        if self.host not in known:
            raise Broken(f"the certificate is for {known}")

    # Frames

    def send_bytes(self, data):
        self.socket.sendall(data)

    def send(self, message):
        body = encode(message)
        conforms(body, "client-message")
        Counted.sent += 1
        self.send_bytes(struct.pack(">I", len(body)) + body)

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise EOFError(f"closed after {len(data)} of {count} bytes")
            data += part
        return data

    def receive(self):
        """The next message, answering pings on the way."""
        while True:
            (length,) = struct.unpack(">I", self._exactly(4))
            if not 0 < length <= 69_632:
                raise Broken(f"a frame of {length} bytes")
            message = conforms(self._exactly(length), "server-message")
            Counted.received += 1
            if message[0] != 6:
                return message
            self.send([4])

    def expect(self, number):
        message = self.receive()
        if message[0] != number:
            raise Broken(f"expected a message {number}, got {message!r}")
        return message

    # First frames

    def hello_proof(self, owner, nonce):
        body = nonce + hashlib.sha256(self.leaf).digest() + owner.device
        return sign(owner.signing, "hello", body)

    def hello(self, owner):
        self.welcome = self.expect(1)[1]
        proof = self.hello_proof(owner, self.welcome[0])
        self.send([1, {0: 1, 1: owner.device, 2: proof, 3: "interop peer"}])
        self.ready = self.expect(2)[1]
        return self

    def close(self):
        try:
            self.socket.close()
        except OSError:
            pass
