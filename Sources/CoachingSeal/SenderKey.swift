// SPDX-License-Identifier: Apache-2.0
public import CoachingEnvelope
public import CoachingModel
import Crypto

/// The key with which one process seals its entries of one transcript, in one epoch.
///
/// It is drawn, wrapped to everybody who reads, announced by a key event, and never stored: a
/// process that starts again makes another one. Every entry is sealed under a key of its own, which
/// comes from this one and a random salt, so no counter has to survive a crash for a nonce to be
/// used once.
///
/// An entry counts as soon as it is made. Sending the same bytes again is for the caller; who
/// made an entry that the server did not take calls ``rewind(to:)`` with what it expects.
///
/// - Isolation: a value owned by whoever posts in the transcript; copies would count twice.
/// - Source: SEALING.md 3.3 and 3.4, DESIGN.md D5, D12, D13.
public struct SenderKey: Sendable, CustomStringConvertible {
    /// How many entries one key may seal.
    public static let entriesMax: UInt64 = 65_536

    /// The header.
    public let header: KeyHeader
    /// The header as it is signed.
    public let headerBytes: [UInt8]
    /// The name of the key.
    public let id: KeyID
    /// The transcript.
    public let transcript: TranscriptID
    /// The counter of the next entry, from 1.
    public private(set) var nextCounter: UInt64 = 1
    private let secret: SymmetricKey
    private let signer: SigningKey
    private let entriesMax: UInt64

    /// Makes a key for the audience that a digest names.
    ///
    /// - Parameters:
    ///   - secret: K, 32 bytes that were drawn for this key.
    ///   - signer: the device's S.
    ///   - room: the room.
    ///   - key: the scope and instance.
    ///   - audience: ``AudienceDigest`` from one's own room log.
    ///   - position: c, at which the audience was taken.
    ///   - epoch: the number of the epoch.
    ///   - entriesMax: after how many entries another key is needed.
    public init(
        secret: Bytes32,
        signer: SigningKey,
        room: RoomID,
        key: TranscriptKey,
        audience: Bytes32,
        position: UInt64,
        epoch: UInt64,
        entriesMax: UInt64 = SenderKey.entriesMax
    ) {
        self.secret = secret.symmetricKey
        self.entriesMax = entriesMax
        self.signer = signer
        header = KeyHeader(
            room: room,
            scope: key.scope,
            instance: key.instance,
            audience: audience,
            device: signer.device,
            position: position,
            epoch: epoch,
            commitment: KeyDerivation.commitment(to: self.secret),
            suite: .p256
        )
        headerBytes = header.encoded()
        id = KeyID(header: headerBytes)
        transcript = header.transcript
    }

    /// Writes the key event that announces the key; it must be posted before any entry.
    ///
    /// Two of them differ in their wraps; only the one that is posted counts.
    ///
    /// - Parameter recipients: everybody whose device stands in the audience and has a key to
    ///   wrap to, in any order; the author's own devices too.
    /// - Returns: the item to post.
    /// - Throws: ``SealError/invalidKey`` for nobody, for somebody twice, and for a public key
    ///   that is none.
    public func announcement(to recipients: [KeyRecipient]) throws(SealError) -> [UInt8] {
        guard !recipients.isEmpty, Set(recipients.map(\.id)).count == recipients.count else {
            throw .invalidKey
        }
        var wraps: [KeyWrap] = []
        wraps.reserveCapacity(recipients.count)
        for recipient in recipients {
            wraps.append(try KeyWrapping.wrap(secret, for: recipient, headerBytes))
        }
        let encoded = KeyWrap.encoded(wraps)
        let signature = try signer.sign(.key, header: headerBytes, payload: encoded)
        return KeyItem.encoded(header: headerBytes, wraps: encoded, signature: signature)
    }

    /// Writes an entry and counts it.
    ///
    /// - Parameters:
    ///   - body: what stands inside.
    ///   - kind: what kind it is.
    ///   - seenNumber: the last number of the transcript that this device has checked.
    ///   - seenHead: the head at that number.
    ///   - cites: the number that it answers, if it answers one.
    ///   - about: the person whom it concerns, if any.
    ///   - alsoCites: the further numbers of a withdrawal, ascending.
    ///   - generator: draws the salt.
    /// - Returns: the item to post; its id is (``id``, the counter it took).
    /// - Throws: ``SealError/tooLong``, ``SealError/keyUsedUp``.
    public mutating func seal(
        _ body: [UInt8],
        kind: EntryKind,
        seenNumber: UInt64,
        seenHead: Bytes32,
        cites: UInt64? = nil,
        about: PersonID? = nil,
        alsoCites: [UInt64] = [],
        using generator: inout some RandomNumberGenerator
    ) throws(SealError) -> [UInt8] {
        guard nextCounter <= entriesMax else { throw .keyUsedUp }
        let padded = try Padding.pad(body)
        let header = EntryHeader(
            transcript: transcript,
            key: id,
            device: signer.device,
            counter: nextCounter,
            kind: kind,
            seenNumber: seenNumber,
            seenHead: seenHead,
            cites: cites,
            about: about,
            alsoCites: alsoCites
        )
        let bytes = header.encoded()
        let sealed = try ChunkSealing.sealAll(
            padded,
            secret: secret,
            salt: SecretBytes.draw(ChunkSealing.saltBytes, using: &generator),
            binding: Hashing.hash(bytes)
        )
        let signature = try signer.sign(.entry, header: bytes, payload: sealed)
        nextCounter += 1
        return EntryItem.encoded(header: bytes, sealed: sealed, signature: signature)
    }

    /// Goes back to the counter that the server expects, after it refused entries (D13).
    ///
    /// Counters that are yet to come are not taken from a server.
    public mutating func rewind(to counter: UInt64) {
        if 1..<nextCounter ~= counter { nextCounter = counter }
    }

    /// Names the type alone, so that no log holds a key.
    public var description: String { "SenderKey" }
}
