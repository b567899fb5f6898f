// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import Crypto

/// AES-256-GCM over chunks of 64 KiB, so that nothing can be cut off, doubled or moved.
///
/// - Shape: `salt 16 || for each chunk i: GCM(key = HKDF(K, salt, info), nonce = 000000 ||
///   u64be(i) || last (0/1))`. All chunks but the last are full; the last is empty only where it
///   is the only one; nothing comes after it.
/// - Source: SEALING.md 3.3 and 3.8; the rules are those of age's STREAM.
enum ChunkSealing {
    static let chunkBytes = 65_536
    static let tagBytes = AuthenticatedSealing.tagBytes
    static let saltBytes = 16

    static func nonce(_ index: UInt64, isLast: Bool) -> [UInt8] {
        var nonce: [UInt8] = [0, 0, 0]
        withUnsafeBytes(of: index.bigEndian) { nonce.append(contentsOf: $0) }
        nonce.append(isLast ? 1 : 0)
        return nonce
    }

    /// Seals one chunk; ciphertext and tag.
    static func seal(
        _ chunk: ArraySlice<UInt8>,
        _ index: UInt64,
        isLast: Bool,
        key: SymmetricKey,
        binding: Bytes32
    ) throws(SealError) -> [UInt8] {
        try AuthenticatedSealing.seal(
            chunk,
            under: key,
            nonce: nonce(index, isLast: isLast),
            authenticating: binding.bytes
        )
    }

    /// Opens one chunk.
    static func open(
        _ sealed: ArraySlice<UInt8>,
        _ index: UInt64,
        isLast: Bool,
        key: SymmetricKey,
        binding: Bytes32
    ) throws(SealError) -> [UInt8] {
        let length = sealed.count - tagBytes
        guard length >= 0, isLast ? length <= chunkBytes : length == chunkBytes,
            length > 0 || index == 0
        else { throw .cannotOpen }
        return try AuthenticatedSealing.open(
            sealed,
            under: key,
            nonce: nonce(index, isLast: isLast),
            authenticating: binding.bytes
        )
    }

    /// Seals the whole of something short: an entry's padded body.
    static func sealAll(
        _ plaintext: [UInt8],
        secret: SymmetricKey,
        salt: [UInt8],
        binding: Bytes32
    ) throws(SealError) -> [UInt8] {
        let key = KeyDerivation.derive(from: secret, salt: salt, info: "peer1/payload")
        var sealed = salt
        sealed.reserveCapacity(saltBytes + plaintext.count + 64)
        var (place, index) = (0, 0 as UInt64)
        repeat {
            let end = min(place + chunkBytes, plaintext.count)
            sealed += try seal(
                plaintext[place..<end],
                index,
                isLast: end == plaintext.count,
                key: key,
                binding: binding
            )
            (place, index) = (end, index + 1)
        } while place < plaintext.count
        return sealed
    }

    /// Opens what ``sealAll(_:secret:salt:binding:)`` gives.
    static func openAll(
        _ sealed: ArraySlice<UInt8>,
        secret: SymmetricKey,
        binding: Bytes32
    ) throws(SealError) -> [UInt8] {
        guard sealed.count >= saltBytes + tagBytes else { throw .cannotOpen }
        let key = KeyDerivation.derive(
            from: secret,
            salt: Array(sealed.prefix(saltBytes)),
            info: "peer1/payload"
        )
        var plaintext: [UInt8] = []
        plaintext.reserveCapacity(sealed.count)
        var rest = sealed.dropFirst(saltBytes)
        var index = 0 as UInt64
        repeat {
            let chunk = rest.prefix(chunkBytes + tagBytes)
            rest = rest.dropFirst(chunk.count)
            plaintext += try open(
                chunk,
                index,
                isLast: rest.isEmpty,
                key: key,
                binding: binding
            )
            index += 1
        } while !rest.isEmpty
        return plaintext
    }
}
