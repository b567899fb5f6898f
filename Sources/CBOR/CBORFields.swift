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
    public private(set) var left: Int
    @usableFromInline var last: UInt64
    @usableFromInline var lastMajor: UInt8
    @usableFromInline var isFirst: Bool

    @usableFromInline
    init(count: Int) {
        left = count
        last = 0
        lastMajor = 0
        isFirst = true
    }

    /// Reads the next key, or gives `nil` after the last value.
    ///
    /// - Throws: ``CBORError/Reason/unsortedKeys`` or ``CBORError/Reason/duplicateKey``.
    public mutating func next(_ reader: inout CBORReader) throws(CBORError) -> Int64? {
        guard left > 0 else { return nil }
        let start = reader.position
        let (major, argument) = try reader.head()
        guard major <= (reader.isWire ? 0 : 1) else {
            throw CBORError(.keyNotAllowed, offset: start)
        }
        guard argument <= UInt64(Int64.max) else {
            throw CBORError(.valueOutOfRange, offset: start)
        }
        if !isFirst, (major, argument) <= (lastMajor, last) {
            let isSame = major == lastMajor && argument == last
            throw CBORError(isSame ? .duplicateKey : .unsortedKeys, offset: start)
        }
        (left, last, lastMajor, isFirst) = (left - 1, argument, major, false)
        let value = Int64(truncatingIfNeeded: argument)
        return major == 0 ? value : ~value
    }

    /// Reads the next key, which must be this one, as in signed objects.
    ///
    /// - Throws: ``CBORError/Reason/missingKey`` when the map has ended or a greater key stands
    ///   here, ``CBORError/Reason/unknownKey`` when a smaller one does.
    public mutating func expect(_ key: Int64, _ reader: inout CBORReader) throws(CBORError) {
        let start = reader.position
        guard let found = try next(&reader) else { throw CBORError(.missingKey, offset: start) }
        guard found != key else { return }
        let isBefore = (found >= 0) == (key >= 0) ? found.magnitude < key.magnitude : found >= 0
        throw CBORError(isBefore ? .unknownKey : .missingKey, offset: start)
    }

    /// Refuses keys that are left.
    ///
    /// - Throws: ``CBORError/Reason/unknownKey`` at the first of them.
    public func finish(_ reader: borrowing CBORReader) throws(CBORError) {
        guard left == 0 else { throw CBORError(.unknownKey, offset: reader.position) }
    }
}

extension CBORReader {
    /// Reads the head of a map that is keyed by integers.
    public mutating func fields() throws(CBORError) -> CBORFields {
        CBORFields(count: try map())
    }
}
