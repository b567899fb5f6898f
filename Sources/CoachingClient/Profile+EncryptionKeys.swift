// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import CoachingSeal

/// An encryption key of the device beside the one that it announces.
public struct SpareEncryptionKey: Codable, Hashable, Sendable, CustomStringConvertible {
    /// E's private half.
    public var key: [UInt8]
    /// E as it was, or is about to be, announced.
    public var announcement: SignedBytes

    enum CodingKeys: Int, CodingKey {
        case key = 0
        case announcement = 1
    }

    /// Names the type alone, so that no log holds a key.
    public var description: String { "SpareEncryptionKey" }
}

/// A device's encryption keys over time: a new one after 30 days, and each private key is gone 60
/// days after it was made.
///
/// - Source: SEALING.md 3.1 and 3.7.
extension Profile {
    /// For how long others may wrap to an encryption key, and its private half is kept.
    static let encryptionKeyMilliseconds: Int64 = 60 * 86_400_000
    /// After how long the next one is announced.
    static let encryptionKeyRenewalMilliseconds: Int64 = 30 * 86_400_000

    /// For how long others may still wrap to a key after the next one was announced.
    static let overlapMilliseconds: Int64 = 5 * 60_000

    /// Makes a signed announcement of a new key.
    static func announcement(
        of key: EncryptionKey,
        version: UInt32,
        by signing: SigningKey,
        at now: Timestamp
    ) throws -> SignedBytes {
        try signing.sign(
            EncryptionKeyAnnouncement(
                device: signing.device,
                version: version,
                encryptionKey: key.publicKey,
                suite: .p256,
                notAfter: now.adding(milliseconds: encryptionKeyMilliseconds)
            )
        )
    }

    /// Tells whether another encryption key is to be announced.
    func needsEncryptionKey(_ signing: SigningKey, at now: Timestamp) -> Bool {
        guard let current = Self.read(announcement, signing) else { return true }
        if let retiring, current.version <= retiring { return true }
        let rest = Self.encryptionKeyMilliseconds - Self.encryptionKeyRenewalMilliseconds
        return now >= current.notAfter.adding(milliseconds: -rest) || now >= current.notAfter
    }

    /// Gives the key that was made and is not known to be announced yet.
    func preparedKey(_ signing: SigningKey) -> SpareEncryptionKey? {
        let current = Self.read(announcement, signing)?.version ?? 0
        return spareKeys?.first { Self.read($0.announcement, signing)?.version ?? 0 > current }
    }

    /// Keeps a new key before anybody is told of it, unless another process was faster.
    mutating func prepare(_ key: SpareEncryptionKey, _ signing: SigningKey) {
        guard preparedKey(signing) == nil else { return }
        spareKeys = (spareKeys ?? []) + [key]
    }

    /// Makes a key that was announced the one in use; the one before stays for what is wrapped
    /// to it.
    mutating func adopt(_ next: SpareEncryptionKey, _ signing: SigningKey) {
        guard preparedKey(signing) == next else { return }
        var spare = (spareKeys ?? []).filter { $0 != next }
        spare.append(SpareEncryptionKey(key: encryptionKey, announcement: announcement))
        spareKeys = spare
        encryptionKey = next.key
        announcement = next.announcement
    }

    /// Gives the keys whose time is not over, the announced one first.
    func encryptionKeys(_ signing: SigningKey, at now: Timestamp) -> [SpareEncryptionKey] {
        let current = SpareEncryptionKey(key: encryptionKey, announcement: announcement)
        return ([current] + (spareKeys ?? [])).filter { key in
            Self.read(key.announcement, signing).map { now < $0.notAfter } ?? false
        }
    }

    /// Deletes private keys whose time is over.
    ///
    /// Without a connection no other one can take the place of the announced one: then a key that
    /// opens nothing does, until the next one is announced.
    mutating func forgetEncryptionKeys(_ signing: SigningKey, at now: Timestamp) {
        let held = encryptionKeys(signing, at: now)
        let left = spareKeys?.filter { held.contains($0) } ?? []
        spareKeys = left.isEmpty ? nil : left
        guard let current = Self.read(announcement, signing), now >= current.notAfter,
            let key = try? EncryptionKey(rawBytes: encryptionKey),
            key.publicKey == current.encryptionKey
        else { return }
        encryptionKey = EncryptionKey().rawBytes
    }

    /// Notes that keys which could open what was made until then are to be deleted.
    mutating func retireKeys(madeUntil last: Timestamp, _ signing: SigningKey) {
        let held = [announcement] + (spareKeys ?? []).map(\.announcement)
        let current = Self.read(announcement, signing)?.version ?? 0
        let versions = held.compactMap { Self.read($0, signing) }
            .filter { $0.version <= current }
            .filter { $0.notAfter.adding(milliseconds: -Self.encryptionKeyMilliseconds) < last }
            .map(\.version)
        guard let latest = versions.max() else { return }
        retiring = max(retiring ?? 0, latest)
    }

    /// Deletes the keys that were to be deleted, if there is another one by now.
    mutating func deleteRetired(_ signing: SigningKey) {
        guard let retiring, let current = Self.read(announcement, signing)?.version,
            current > retiring
        else { return }
        let left = (spareKeys ?? []).filter { key in
            Self.read(key.announcement, signing).map { $0.version > retiring } ?? false
        }
        spareKeys = left.isEmpty ? nil : left
        self.retiring = nil
    }

    /// Since when every private key of the device is still there.
    ///
    /// Others may still have wrapped to the key before for a moment after the next was announced.
    static func completeSince(_ keys: [SpareEncryptionKey], _ signing: SigningKey) -> Timestamp {
        let oldest = keys.compactMap { read($0.announcement, signing) }
            .min { $0.notAfter < $1.notAfter }
        guard let oldest else { return Timestamp(milliseconds: .max) }
        let made = oldest.notAfter.adding(milliseconds: -encryptionKeyMilliseconds)
        return oldest.version > 1 ? made.adding(milliseconds: overlapMilliseconds) : made
    }

    static func read(_ signed: SignedBytes, _ signing: SigningKey) -> EncryptionKeyAnnouncement? {
        try? EncryptionKeyAnnouncement.verified(signed, by: signing.verifyingKey)
    }
}
