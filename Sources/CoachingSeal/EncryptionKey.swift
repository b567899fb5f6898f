// SPDX-License-Identifier: Apache-2.0
import Crypto

/// A P-256 key to which others wrap: a device's E or a person's recovery key R.
public struct EncryptionKey: Sendable, CustomStringConvertible {
    let key: P256.KeyAgreement.PrivateKey

    /// Draws a key with the system's generator.
    public init() { key = P256.KeyAgreement.PrivateKey() }

    /// Draws a key with the generator that is given.
    public init(using generator: inout some RandomNumberGenerator) throws(SealError) {
        // The same scalars as for signing, so the same way to draw one.
        try self.init(rawBytes: SigningKey(using: &generator).rawBytes)
    }

    /// Reads a key from its 32-byte scalar.
    public init(rawBytes: [UInt8]) throws(SealError) {
        guard rawBytes.count == 32,
            let key = try? P256.KeyAgreement.PrivateKey(rawRepresentation: rawBytes)
        else { throw .invalidKey }
        self.key = key
    }

    /// The scalar, for the profile's file alone.
    public var rawBytes: [UInt8] { [UInt8](key.rawRepresentation) }

    /// The public key as it stands in signed objects, 65 bytes.
    public var publicKey: [UInt8] { [UInt8](key.publicKey.x963Representation) }

    /// Names the type alone, so that no log holds a key.
    public var description: String { "EncryptionKey" }
}
