// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
package import Crypto

/// What a signature is for; the name stands in front of what is signed.
///
/// - Shape: `ECDSA-SHA256("peer1/" || name || 0x00 || body)`.
/// - Source: SEALING.md 3.3.
public enum SignatureType: String, Sendable, CaseIterable {
    /// A person's devices, by the identity key.
    case deviceList = "devlist"
    /// A device's encryption key, by the device.
    case encryptionKey = "ekey"
    /// A room's members, by a keeper's device.
    case roster
    /// A key event, by its sender's device.
    case key
    /// An entry, by its author's device.
    case entry = "msg"
    /// A voucher, by the inviter's device.
    case voucher = "vouch"
    /// The first frame of a connection, by the device.
    case hello
    /// A yes to a release, by the device of who says it.
    case consent
    /// That a room goes on from a restored backup, by a keeper's device.
    case restore
    /// A grant of older entries, by its giver's device.
    case grant
    /// A yes to a visit, by the device of the turn's client.
    case visit
    /// The index of what a person takes along, by the device that wrote it.
    case archive

    /// Starts the hash of what is signed.
    package var hashing: Hashing {
        var hashing = Hashing()
        hashing.add("peer1/")
        hashing.add([UInt8](rawValue.utf8))
        hashing.add(0 as UInt8)
        return hashing
    }

    /// Hashes what is signed for a body that lies in one piece.
    package func digest(of body: [UInt8]) -> SHA256Digest {
        var hashing = hashing
        hashing.add(body)
        return hashing.digest()
    }
}

/// A P-256 key that checks signatures; made once and kept, for making it costs as much as a check.
public struct VerifyingKey: Hashable, Sendable {
    /// The key as it stands in signed objects: 65 bytes, X9.63.
    public let bytes: [UInt8]
    private let key: P256.Signing.PublicKey

    /// Reads a key in the one form that is taken.
    ///
    /// - Parameter bytes: `0x04 || x || y`, 65 bytes, a point of the curve.
    /// - Throws: ``EnvelopeError/wrongKey`` for any other form.
    public init(_ bytes: [UInt8]) throws(EnvelopeError) {
        guard PublicKeyForm.holds(bytes) else { throw .wrongKey }
        do {
            key = try P256.Signing.PublicKey(x963Representation: bytes)
        } catch {
            throw .wrongKey
        }
        self.bytes = bytes
    }

    /// Tells whether a signature is this key's over a body of this type.
    public func verify(_ type: SignatureType, body: [UInt8], signature: [UInt8]) -> Bool {
        verify(type.digest(of: body), signature: signature)
    }

    /// Tells whether the first frame of a connection is signed by this key.
    ///
    /// - Parameters:
    ///   - nonce: what the server sent in its welcome.
    ///   - serverLeaf: SHA-256 of the server's certificate.
    ///   - device: who the client says it is.
    ///   - signature: the client's.
    /// - Returns: `true` only for a signature over exactly these.
    /// - Source: DESIGN.md D10.
    public func verifyHello(
        nonce: Bytes32,
        serverLeaf: Bytes32,
        device: DeviceID,
        signature: [UInt8]
    ) -> Bool {
        let digest = HelloProof.digest(nonce: nonce, serverLeaf: serverLeaf, device: device)
        return verify(digest, signature: signature)
    }

    package func verify(_ digest: SHA256Digest, signature: [UInt8]) -> Bool {
        guard signature.count == 64,
            let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
        else { return false }
        return key.isValidSignature(parsed, for: digest)
    }

    /// Compares the keys' bytes.
    public static func == (left: VerifyingKey, right: VerifyingKey) -> Bool {
        left.bytes == right.bytes
    }

    /// Feeds the key's bytes into the hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

/// What a device signs when it connects.
package enum HelloProof {
    /// Hashes `"peer1/hello" || 0 || nonce || SHA-256(server leaf) || device id`.
    package static func digest(
        nonce: Bytes32,
        serverLeaf: Bytes32,
        device: DeviceID
    ) -> SHA256Digest {
        var hashing = SignatureType.hello.hashing
        hashing.add(nonce)
        hashing.add(serverLeaf)
        hashing.add(device.value)
        return hashing.digest()
    }
}

/// The form of a public key in signed objects; whether it is a point is seen where it is used.
enum PublicKeyForm {
    static let length = 65

    static func holds(_ bytes: [UInt8]) -> Bool { bytes.count == length && bytes.first == 4 }
}

/// Compares secrets in a time that does not depend on where they differ.
public enum ConstantTime {
    /// Tells whether two byte strings are equal; only their lengths show in the time.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) {
            difference |= one ^ other
        }
        return difference == 0
    }
}
