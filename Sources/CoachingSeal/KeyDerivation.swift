// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import Crypto

/// HKDF-SHA256 with 32 bytes of output.
enum KeyDerivation {
    static func derive(from secret: SymmetricKey, salt: [UInt8], info: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: secret,
            salt: salt,
            info: Array(info.utf8),
            outputByteCount: 32
        )
    }

    /// Gives the bytes themselves, for what becomes a scalar or is kept outside of a key's type.
    static func bytes(
        from secret: [UInt8],
        salt: [UInt8] = [],
        info: [UInt8]
    ) -> [UInt8] {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret),
            salt: salt,
            info: info,
            outputByteCount: 32
        ).withUnsafeBytes { [UInt8]($0) }
    }

    /// Gives what a key's header commits to: two keys never have the same.
    static func commitment(to secret: SymmetricKey) -> Bytes32 {
        derive(from: secret, salt: [], info: "peer1/commit")
            .withUnsafeBytes { Bytes32($0) } ?? .zero
    }

    /// Tells, in a time that does not depend on the key, whether a header commits to it.
    static func commits(_ header: KeyHeader, to secret: SymmetricKey) -> Bool {
        ConstantTime.equal(commitment(to: secret).bytes, header.commitment.bytes)
    }
}

extension Bytes32 {
    /// Makes the key that has these bytes.
    var symmetricKey: SymmetricKey { SymmetricKey(data: bytes) }
}

extension SymmetricKey {
    /// The bytes, for whoever keeps the key on the device; `nil` for another length than 32.
    var bytes32: Bytes32? { withUnsafeBytes { Bytes32($0) } }
}
