// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What a recipient gets of one item: the item if it holds, its digest, and what was found.
public struct Receipt: Hashable, Sendable {
    /// `d_n`; `nil` where the item did not take its place in the chain.
    public let digest: Bytes32?
    /// The entry, if it is one that may be opened.
    public let entry: VerifiedEntry?
    /// The key event, if it is one that may be used.
    public let key: VerifiedKey?
    /// What was found; empty is the rule.
    public let findings: [Finding]

    init(
        digest: Bytes32? = nil,
        entry: VerifiedEntry? = nil,
        key: VerifiedKey? = nil,
        findings: [Finding]
    ) {
        self.digest = digest
        self.entry = entry
        self.key = key
        self.findings = findings
    }
}

/// Something in a transcript that an honest server and honest devices never make.
///
/// The device, where there is one, is the one that signed (or, for ``badSignature(number:_:)`` and
/// ``unknownDevice(number:_:)``, the one in whose name somebody posted). The number is the
/// server's.
public enum Finding: Hashable, Sendable {
    /// Items are missing before this one; it was not taken.
    case gap(expected: UInt64, received: UInt64)
    /// The same item came again, which is harmless; or one too old to compare.
    case repeated(number: UInt64)
    /// Another item came under a number that has one.
    case rewritten(number: UInt64)
    /// The bytes are not an item, or its header is one that this program cannot read.
    case unreadable(number: UInt64, EnvelopeError)
    /// An item of another transcript.
    case otherTranscript(number: UInt64, device: DeviceID?)
    /// No such device is or was in the audience.
    case unknownDevice(number: UInt64, DeviceID)
    /// The signature does not hold.
    case badSignature(number: UInt64, DeviceID)
    /// An entry that names nobody, where that is not allowed.
    case unsigned(number: UInt64)
    /// The key event came before.
    case repeatedKey(number: UInt64, DeviceID)
    /// No key event came before the entry.
    case unknownKey(number: UInt64, DeviceID)
    /// The entry stands under another device's key.
    case otherDevicesKey(number: UInt64, DeviceID, owner: DeviceID)
    /// The counter was used before: an old entry under a new number.
    case replayed(number: UInt64, DeviceID, counter: UInt64)
    /// Entries of this device are missing: dropped, or in another order.
    case skipped(number: UInt64, DeviceID, expected: UInt64, UInt64)
    /// The author saw another history at that number.
    case forked(number: UInt64, DeviceID, seen: UInt64)
    /// The author saw a number that did not exist here yet.
    case ahead(number: UInt64, DeviceID, seen: UInt64)
    /// The server's own head differs.
    case serverHeadDiffers(number: UInt64)
}
