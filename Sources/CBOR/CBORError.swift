// SPDX-License-Identifier: Apache-2.0

/// Says why and where an item was refused.
///
/// It holds no content of the item, so it may be logged.
public struct CBORError: Error, Equatable, Sendable {
    /// Names the rule that was broken.
    public enum Reason: Equatable, Sendable {
        /// The item goes on after the last byte, or announces more than is there.
        case endOfInput
        /// A head is longer than its number needs.
        case nonMinimalHead
        /// A string, array or map has no length, or a stop code stands alone.
        case indefiniteLength
        /// A head uses the reserved values 28 to 30.
        case reservedHead
        /// A floating-point number.
        case floatingPoint
        /// A tag.
        case tag
        /// A simple value that is not false, true or null.
        case simpleValue
        /// A text that is not UTF-8.
        case invalidUTF8
        /// A map's keys do not ascend by their encoded bytes.
        case unsortedKeys
        /// A map has a key twice.
        case duplicateKey
        /// A map's key is of a kind that the profile does not allow.
        case keyNotAllowed
        /// Arrays and maps nest deeper than ``CBORLimits/depth``.
        case depthExceeded
        /// There are more items than ``CBORLimits/items``.
        case itemCountExceeded
        /// The input, or a string in it, is longer than allowed.
        case lengthExceeded
        /// Bytes follow the item.
        case trailingBytes
        /// The item is of another type than the one asked for.
        case typeMismatch
        /// The number, or the count, does not fit what was asked for.
        case valueOutOfRange
        /// A map lacks a key, or an array an element, that the type needs.
        case missingKey
        /// A map has a key that the type does not know, where that is refused.
        case unknownKey
        /// The type's own check refused the value.
        case invalidValue
    }

    /// The rule that was broken.
    public let reason: Reason
    /// Where the item that broke it starts, in bytes from the beginning.
    public let offset: Int

    /// Makes an error for the item at an offset.
    @inlinable
    public init(_ reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension CBORError: CustomStringConvertible {
    /// The reason and the offset, without content.
    public var description: String { "CBOR: \(reason) at byte \(offset)" }
}
