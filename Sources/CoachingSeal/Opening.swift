// SPDX-License-Identifier: Apache-2.0
public import CoachingEnvelope
public import CoachingModel

/// Opens the entries of one transcript under the keys that were announced in it.
///
/// Suite 0 alone is opened here: what is sealed in it is the padded plaintext itself. Every
/// failure is the same ``SealError/cannotOpen``.
///
/// - Source: SEALING.md 3.3, DESIGN.md D5.
public struct Opening: Sendable {
    /// The transcript.
    public let transcript: TranscriptID
    private var keys: [KeyID: KeyHeader] = [:]

    /// Starts without keys.
    public init(transcript: TranscriptID) { self.transcript = transcript }

    /// Takes a key, whose signature was checked.
    ///
    /// - Throws: ``SealError/cannotOpen`` for a key of another transcript or another suite.
    public mutating func add(_ key: VerifiedKey) throws(SealError) {
        let item = key.item
        guard item.header.transcript == transcript, item.header.suite == .clear,
            item.parts.wrapCount == 0
        else { throw .cannotOpen }
        keys[item.key] = item.header
    }

    /// Opens an entry, whose signature was checked.
    public func open(_ entry: VerifiedEntry) throws(SealError) -> [UInt8] {
        let item = entry.item
        guard item.header.transcript == transcript, let key = keys[item.header.key] else {
            throw .cannotOpen
        }
        let isUnattributed = item.header.isUnattributed
        guard isUnattributed || item.header.device == key.device else { throw .cannotOpen }
        return try Padding.unpad(
            item.sealed,
            least: isUnattributed ? Padding.unattributedLeast : Padding.least
        )
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
