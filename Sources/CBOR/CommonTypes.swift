// SPDX-License-Identifier: Apache-2.0

/// Knows the types that are coded in one go.
///
/// Asking the runtime for the type `[UInt8]` costs 30 ns a time, so the answers are kept, and
/// every coder keeps a copy where it needs no lock.
struct CommonTypes {
    let bytes = ObjectIdentifier([UInt8].self)
    let raw = ObjectIdentifier(RawCBOR.self)
    let words64 = ObjectIdentifier([UInt64].self)
    let words32 = ObjectIdentifier([UInt32].self)
    let words16 = ObjectIdentifier([UInt16].self)
    let integers = ObjectIdentifier([Int].self)
    let integers64 = ObjectIdentifier([Int64].self)
    let texts = ObjectIdentifier([String].self)
    let strings = ObjectIdentifier([[UInt8]].self)

    static let known = CommonTypes()
}

/// Writes and reads arrays of common types in one go.
///
/// The standard library's way takes two boxed containers and four generic calls an element.
extension EncoderCore {
    /// Writes the value if it is an array of a common type.
    @inline(__always)
    func encodeArray<T>(_ value: T) -> Bool {
        let type = ObjectIdentifier(T.self)
        if type == types.words64 { return put(unsafeBitCast(value, to: [UInt64].self)) }
        if type == types.words32 { return put(unsafeBitCast(value, to: [UInt32].self)) }
        if type == types.words16 { return put(unsafeBitCast(value, to: [UInt16].self)) }
        if type == types.integers { return put(unsafeBitCast(value, to: [Int].self)) }
        if type == types.integers64 { return put(unsafeBitCast(value, to: [Int64].self)) }
        if type == types.texts { return put(unsafeBitCast(value, to: [String].self)) }
        if type == types.strings { return put(unsafeBitCast(value, to: [[UInt8]].self)) }
        return false
    }

    private func begin(_ count: Int) -> Bool {
        // Too deep: the usual way refuses it.
        guard state.pointee.level.depth < depthMax else { return false }
        state.pointee.items &+= count
        state.pointee.writer.array(count)
        return true
    }

    private func put<T: UnsignedInteger>(_ elements: [T]) -> Bool {
        guard begin(elements.count) else { return false }
        for element in elements { state.pointee.writer.uint(UInt64(element)) }
        return true
    }

    private func put<T: SignedInteger>(_ elements: [T]) -> Bool {
        guard begin(elements.count) else { return false }
        for element in elements { state.pointee.writer.int(Int64(element)) }
        return true
    }

    private func put(_ elements: [String]) -> Bool {
        guard begin(elements.count) else { return false }
        for element in elements { state.pointee.writer.text(element) }
        return true
    }

    private func put(_ elements: [[UInt8]]) -> Bool {
        guard begin(elements.count) else { return false }
        for element in elements { state.pointee.writer.bytes(element) }
        return true
    }
}

extension DecoderCore {
    /// Reads the value if an array of a common type is asked for and an array is there.
    @inline(__always)
    func decodeArray<T>(_ wanted: T.Type, at position: Int) throws -> T? {
        guard source.byte(position) >> 5 == 4 else { return nil }
        let type = ObjectIdentifier(T.self)
        if type == types.words64 {
            return unsafeBitCast(try integers(at: position) as [UInt64], to: T.self)
        }
        if type == types.words32 {
            return unsafeBitCast(try integers(at: position) as [UInt32], to: T.self)
        }
        if type == types.words16 {
            return unsafeBitCast(try integers(at: position) as [UInt16], to: T.self)
        }
        if type == types.integers {
            return unsafeBitCast(try integers(at: position) as [Int], to: T.self)
        }
        if type == types.integers64 {
            return unsafeBitCast(try integers(at: position) as [Int64], to: T.self)
        }
        if type == types.texts {
            return unsafeBitCast(
                try elements(at: position) { try text(at: $0) } as [String],
                to: T.self
            )
        }
        if type == types.strings {
            return unsafeBitCast(
                try elements(at: position) { try bytes(at: $0) } as [[UInt8]],
                to: T.self
            )
        }
        return nil
    }

    @inline(__always)
    private func integers<T: FixedWidthInteger>(at position: Int) throws -> [T] {
        let head = source.head(position)
        let count = Int(truncatingIfNeeded: head.argument)
        var position = head.next
        return try [T](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let value: T = try integer(at: position)
                buffer.initializeElement(at: initialized, to: value)
                initialized &+= 1
                position = source.head(position).next
            }
        }
    }

    @inline(__always)
    private func elements<T>(at position: Int, _ element: (Int) throws -> T) throws -> [T] {
        let head = source.head(position)
        let count = Int(truncatingIfNeeded: head.argument)
        var position = head.next
        var result: [T] = []
        // The count has been held against the bytes and the limit of items.
        result.reserveCapacity(count)
        for _ in 0..<count {
            result.append(try element(position))
            position = source.end(of: position)
        }
        return result
    }
}
