// SPDX-License-Identifier: Apache-2.0

/// Walks the keys of a map that is keyed by integers, and checks that they ascend.
///
/// A value copied from a map's head; the reader goes with every call:
///
///     var fields = try reader.fields()
///     while let key = try fields.next(&reader) {
///         switch key {
///         case 0: version = try reader.uint()
///         default: try reader.skip()      // or throw, in signed objects
///         }
///     }
public struct CBORFields: Sendable {
    /// How many keys are still to come.
    @inlinable
    public var left: Int { remaining }
    @usableFromInline var remaining: Int
    /// The last key, or -1 before the first.
    @usableFromInline var order: Int64 = -1
    /// Whether the last key was negative; then ``order`` orders the other way.
    @usableFromInline var isNegative = false

    @usableFromInline
    init(count: Int) {
        remaining = count
    }

    /// Reads the next key, or gives `nil` after the last value.
    ///
    /// - Throws: ``CBORError/Reason/unsortedKeys`` or ``CBORError/Reason/duplicateKey``.
    @inlinable
    public mutating func next(_ reader: inout CBORReader) throws(CBORError) -> Int64? {
        guard remaining > 0 else { return nil }
        if !isNegative, let key = reader.peekSmall, order < key, reader.itemsLeft > 0 {
            reader.position &+= 1
            reader.itemsLeft &-= 1
            remaining &-= 1
            order = key
            return key
        }
        return try slowNext(&reader)
    }

    @usableFromInline
    mutating func slowNext(_ reader: inout CBORReader) throws(CBORError) -> Int64 {
        let start = reader.position
        let (major, argument) = try reader.head()
        guard major <= (reader.isWire ? 0 : 1) else {
            throw CBORError(.keyNotAllowed, offset: start)
        }
        guard argument <= UInt64(Int64.max) else {
            throw CBORError(.valueOutOfRange, offset: start)
        }
        let value = Int64(truncatingIfNeeded: argument)
        let key = major == 0 ? value : ~value
        // Encoded, negative integers come after all others, and -1 before -2.
        let isLater =
            key >= 0 ? !isNegative && order < key : !isNegative || order > key
        guard isLater else {
            throw CBORError(order == key ? .duplicateKey : .unsortedKeys, offset: start)
        }
        remaining -= 1
        order = key
        if key < 0 { isNegative = true }
        return key
    }

    /// Reads the next key, which must be this one, as in signed objects.
    ///
    /// - Throws: ``CBORError/Reason/missingKey`` when the map has ended or a greater key stands
    ///   here, ``CBORError/Reason/unknownKey`` when a smaller one does.
    @inlinable
    public mutating func expect(_ key: Int64, _ reader: inout CBORReader) throws(CBORError) {
        let start = reader.position
        guard let found = try next(&reader) else { throw CBORError(.missingKey, offset: start) }
        guard found == key else { throw Self.wrong(found, key, start) }
    }

    @usableFromInline
    static func wrong(_ found: Int64, _ wanted: Int64, _ start: Int) -> CBORError {
        let isSameSign = (found >= 0) == (wanted >= 0)
        let isBefore = isSameSign ? found.magnitude < wanted.magnitude : found >= 0
        return CBORError(isBefore ? .unknownKey : .missingKey, offset: start)
    }

    /// Refuses keys that are left.
    ///
    /// - Throws: ``CBORError/Reason/unknownKey`` at the first of them.
    @inlinable
    public func finish(_ reader: borrowing CBORReader) throws(CBORError) {
        guard remaining == 0 else { throw CBORError(.unknownKey, offset: reader.position) }
    }
}

extension CBORReader {
    /// The integer from 0 to 23 that is the next item, if it is one.
    @inlinable
    @inline(__always)
    var peekSmall: Int64? {
        guard position < end else { return nil }
        let initial = byte(position)
        return initial < 24 ? Int64(initial) : nil
    }

    /// Reads the head of a map that is keyed by integers.
    @inlinable
    public mutating func fields() throws(CBORError) -> CBORFields {
        CBORFields(count: try map())
    }
}
