// SPDX-License-Identifier: Apache-2.0
public import CoachingEnvelope
public import CoachingModel
import Crypto

/// Opens the entries of one transcript under the keys that were announced in it.
///
/// A key comes from its own event, from a grant, or from where the device keeps the keys that it
/// has opened before; wherever from, it is taken only if the signed header commits to it. Every
/// failure is the same ``SealError/cannotOpen``.
///
/// - Source: SEALING.md 3.3 and 3.4.
public struct Opening: Sendable {
    /// A key as it was announced, opened or not.
    private struct Announced {
        var header: KeyHeader
        var headerBytes: [UInt8]
        var secret: SymmetricKey?
    }

    /// The transcript.
    public let transcript: TranscriptID
    private var keys: [KeyID: Announced] = [:]

    /// Starts without keys.
    public init(transcript: TranscriptID) { self.transcript = transcript }

    // MARK: Keys

    /// Takes a key, whose signature was checked, with what is wrapped for this device.
    ///
    /// A key that cannot be opened is still known, so that a grant can open it later.
    ///
    /// - Throws: ``SealError/cannotOpen`` where it is not wrapped for this device, or wrongly, or
    ///   is one of another transcript or suite.
    public mutating func add(
        _ key: VerifiedKey,
        with keyring: DeviceKeyring
    ) throws(SealError) {
        let item = key.item
        try know(item)
        guard !holds(item.key) else { return }
        guard let secret = keyring.unwrap(item.wraps(), item.headerBytes, item.header) else {
            throw .cannotOpen
        }
        keys[item.key]?.secret = secret
    }

    /// Takes a key, whose signature was checked, with the secret as this device has kept it.
    ///
    /// - Throws: ``SealError/cannotOpen`` where the key's header commits to another one.
    public mutating func add(_ key: VerifiedKey, secret: Bytes32) throws(SealError) {
        try know(key.item)
        guard !holds(key.item.key) else { return }
        let secret = secret.symmetricKey
        guard KeyDerivation.commits(key.item.header, to: secret) else { throw .cannotOpen }
        keys[key.item.key]?.secret = secret
    }

    /// Takes a key that was granted to this device later.
    ///
    /// - Throws: ``SealError/cannotOpen`` where the key is not known here, or the grant is for
    ///   another device or holds another key.
    public mutating func add(
        _ grant: KeyGrant,
        with keyring: DeviceKeyring
    ) throws(SealError) {
        guard let known = keys[grant.key] else { throw .cannotOpen }
        guard known.secret == nil else { return }
        guard let secret = keyring.unwrap([grant.wrap], known.headerBytes, known.header) else {
            throw .cannotOpen
        }
        keys[grant.key]?.secret = secret
    }

    /// Tells whether a key was announced here, opened or not.
    public func knows(_ key: KeyID) -> Bool { keys[key] != nil }

    /// Tells whether entries under a key can be opened.
    public func holds(_ key: KeyID) -> Bool { keys[key]?.secret != nil }

    /// Gives the header of a key that was announced.
    public func header(of key: KeyID) -> KeyHeader? { keys[key]?.header }

    /// Gives a key for the device's own store of keys; `nil` where it was not opened.
    public func secret(of key: KeyID) -> Bytes32? { keys[key]?.secret?.bytes32 }

    /// Forgets a key; it is still known, and can be opened again.
    public mutating func forget(_ key: KeyID) { keys[key]?.secret = nil }

    /// Wraps a key once more, for a device that could not open it.
    ///
    /// - Throws: ``SealError/cannotOpen`` where the key is not open here,
    ///   ``SealError/invalidKey`` for a public key that is none.
    public func grant(_ key: KeyID, to recipient: KeyRecipient) throws(SealError) -> KeyGrant {
        guard let known = keys[key], let secret = known.secret else { throw .cannotOpen }
        return KeyGrant(
            key: key,
            wrap: try KeyWrapping.wrap(secret, for: recipient, known.headerBytes)
        )
    }

    private mutating func know(_ item: KeyItem) throws(SealError) {
        guard item.header.transcript == transcript, item.header.suite == .p256 else {
            throw .cannotOpen
        }
        guard keys[item.key] == nil else { return }
        keys[item.key] = Announced(header: item.header, headerBytes: item.headerBytes)
    }

    // MARK: Entries

    /// Opens an entry, whose signature was checked.
    public func open(_ entry: VerifiedEntry) throws(SealError) -> [UInt8] {
        let item = entry.item
        guard item.header.transcript == transcript, let key = keys[item.header.key],
            let secret = key.secret
        else { throw .cannotOpen }
        let isUnattributed = item.header.isUnattributed
        guard isUnattributed || item.header.device == key.header.device else {
            throw .cannotOpen
        }
        let padded = try ChunkSealing.openAll(
            item.parts.bytes[item.parts.payload],
            secret: secret,
            binding: Hashing.hash(item.parts.bytes, in: item.parts.header)
        )
        return try Padding.unpad(
            padded,
            least: isUnattributed ? Padding.unattributedLeast : Padding.least
        )
    }

    /// Seals an answer without a name under the key of who asked.
    ///
    /// - Parameters:
    ///   - body: what stands inside.
    ///   - key: the key of who asked, which is open here.
    ///   - generator: draws the salt.
    /// - Returns: the item to post, of the one length that all answers have.
    /// - Throws: ``SealError/tooLong``, ``SealError/cannotOpen`` where the key is not open here.
    /// - Source: DESIGN.md D15.
    public func sealUnattributed(
        _ body: [UInt8],
        under key: KeyID,
        using generator: inout some RandomNumberGenerator
    ) throws(SealError) -> [UInt8] {
        guard let secret = keys[key]?.secret else { throw .cannotOpen }
        guard body.count < Padding.unattributedLeast else { throw .tooLong }
        let header = EntryHeader.unattributed(transcript: transcript, key: key, kind: .answer)
        let bytes = header.encoded()
        let sealed = try ChunkSealing.sealAll(
            Padding.pad(body, least: Padding.unattributedLeast),
            secret: secret,
            salt: SecretBytes.draw(ChunkSealing.saltBytes, using: &generator),
            binding: Hashing.hash(bytes)
        )
        return EntryItem.encoded(header: bytes, sealed: sealed, signature: [])
    }

    /// Checks the signature of an item as it was received, and opens it.
    public func open(
        _ bytes: [UInt8],
        signedBy key: VerifyingKey
    ) throws(SealError) -> [UInt8] {
        guard case .entry(let item)? = try? ContentItem.parse(bytes),
            let verified = try? item.verified(by: key)
        else { throw .cannotOpen }
        return try open(verified)
    }
}
