// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// The 32 bytes from which a person's identity key and recovery key come.
///
/// - Source: DESIGN.md D5, D17.
public struct IdentitySeed: Sendable, CustomStringConvertible {
    /// The seed, for the profile's file and the recovery kit alone.
    public let value: Bytes32

    /// Makes the seed from bytes that were drawn or kept.
    public init(_ value: Bytes32) { self.value = value }

    /// Draws a seed.
    public init(using generator: inout some RandomNumberGenerator) {
        value = Bytes32(
            generator.next() as UInt64,
            generator.next() as UInt64,
            generator.next() as UInt64,
            generator.next() as UInt64
        )
    }

    /// Gives I, the identity key.
    public func identityKey() throws(SealError) -> SigningKey {
        try SigningKey(rawBytes: scalar("peer1/seed/identity"))
    }

    /// Gives R, the recovery key.
    public func recoveryKey() throws(SealError) -> EncryptionKey {
        try EncryptionKey(rawBytes: scalar("peer1/seed/recovery"))
    }

    /// Gives the first valid scalar of `HKDF-SHA256(seed, info || u8 i)`, i = 0, 1 ...
    private func scalar(_ info: String) throws(SealError) -> [UInt8] {
        for index in UInt8.min...UInt8.max {
            let bytes = KeyDerivation.bytes(from: value.bytes, info: Array(info.utf8) + [index])
            if (try? SigningKey(rawBytes: bytes)) != nil { return bytes }
        }
        throw .invalidKey
    }

    /// Names the type alone, so that no log holds a seed.
    public var description: String { "IdentitySeed" }
}
