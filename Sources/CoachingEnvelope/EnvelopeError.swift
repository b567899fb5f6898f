// SPDX-License-Identifier: Apache-2.0

/// Why bytes from outside are not the envelope, signed object or item that they should be.
///
/// Cases carry offsets and bounds only: never content, names or keys.
public enum EnvelopeError: Error, Hashable, Sendable {
    /// The bytes break the encoding or the shape at this offset.
    case malformed(offset: Int)
    /// The object has a higher version number: who reads it needs a newer program.
    case newerVersion
    /// The signature is not one of this key over these bytes.
    case badSignature
    /// A public key is not a 65-byte point, or an identifier is not the hash of its key.
    case wrongKey
    /// Elements that must stand in ascending order, each once, do not.
    case notAscending
    /// A list or byte string is longer than its limit.
    case overLimit(Limit)
    /// A name is one that ``PersonName`` does not allow.
    case badName
    /// A device is both listed and revoked.
    case listedAndRevoked
    /// A version does not follow the one that it should follow.
    case notSuccessor
    /// Two objects that must be of the same person, device, room or transcript are not.
    case otherSubject
    /// The suite is unknown here, or the wraps do not fit the suite.
    case wrongSuite

    /// Which limit was passed.
    public enum Limit: Hashable, Sendable {
        /// A header over 512 bytes.
        case header
        /// A sealed part over 65 KiB.
        case sealed
        /// A signature that is neither absent where it may be nor 64 bytes.
        case signature
        /// More than 800 wraps.
        case wraps
        /// More devices than ``RoomLimits`` allows, listed, revoked or excluded.
        case devices
        /// More members than ``RoomLimits`` allows.
        case members
        /// A signed object over 64 KiB.
        case body
    }
}
