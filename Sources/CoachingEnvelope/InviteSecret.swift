// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
import Crypto

/// What both sides derive from an invite's secret: one half logs in, the other vouches.
///
/// The server learns only SHA-256 of `auth` before, and `auth` when it is used. It never has
/// `vouch`, so it cannot put a key of its own in the place of the newcomer's.
///
/// - Source: SEALING.md 3.2.
public struct InviteSecret: Hashable, Sendable, CustomStringConvertible {
    /// What the newcomer shows the server.
    public let auth: Bytes32
    /// What never leaves the two clients.
    public let vouch: Bytes32

    /// Derives both halves with HKDF-SHA256, salted with the authority's hash.
    public init(secret: Bytes16, authority: Bytes32) {
        func derive(_ info: String) -> Bytes32 {
            let key = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: secret.bytes),
                salt: authority.bytes,
                info: Array(info.utf8),
                outputByteCount: 32
            )
            return key.withUnsafeBytes { Bytes32($0) } ?? .zero
        }
        auth = derive("peer1/invite/auth")
        vouch = derive("peer1/invite/vouch")
    }

    /// Names the type alone, so that no log holds a secret.
    public var description: String { "InviteSecret" }

    /// SHA-256 of `auth`, which the server stores.
    public var authHash: Bytes32 { Hashing.hash(auth.bytes) }

    /// What the newcomer sends with a device list: `HMAC(vouch, SHA-256(body))`.
    public func deviceListMAC(_ body: [UInt8]) -> Bytes32 {
        mac(Hashing.hash(body).bytes)
    }

    /// What the inviter leaves for the newcomer: `HMAC(vouch, "peer1/inviter" || 0 || I_pub)`.
    public func introductionMAC(inviter identityKey: [UInt8]) -> Bytes32 {
        mac(Array("peer1/inviter".utf8) + [0] + identityKey)
    }

    /// What the inviter leaves with the invite, for the name to be shown before anything is made:
    /// `HMAC(vouch, "peer1/inviter-name" || 0 || name in UTF-8)`.
    public func inviterName(_ name: String) -> InviterName {
        InviterName(
            name: name,
            mac: mac(Array("peer1/inviter-name".utf8) + [0] + Array(name.utf8))
        )
    }

    /// Tells whether a name is the one that the inviter left.
    public func proves(_ inviter: InviterName) -> Bool {
        inviterName(inviter.name).mac == inviter.mac
    }

    /// What a further device sends: `HMAC(vouch, S_pub || ekey body)`.
    public func deviceMAC(signingKey: [UInt8], encryptionKeyBody: [UInt8]) -> Bytes32 {
        mac(signingKey + encryptionKeyBody)
    }

    /// `HMAC-SHA256(vouch, message)`; compare with ``Bytes32``'s `==`, which looks at all words.
    public func mac(_ message: [UInt8]) -> Bytes32 {
        let code = HMAC<SHA256>.authenticationCode(
            for: message,
            using: SymmetricKey(data: vouch.bytes)
        )
        return code.withUnsafeBytes { Bytes32($0) } ?? .zero
    }
}
