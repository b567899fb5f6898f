// SPDX-License-Identifier: Apache-2.0

extension CBORReader {
    /// Skips one whole item and checks all of it, without recursion.
    @inlinable
    public mutating func skip() throws(CBORError) {
        let start = position
        let (major, argument) = try head()
        if major < 2 { return }
        try skipContent(of: major, argument, start)
    }

    /// Skips one whole item, checks it, and gives its place.
    @inlinable
    public mutating func rawItem() throws(CBORError) -> Range<Int> {
        let start = position
        try skip()
        return Range(uncheckedBounds: (start, position))
    }

    /// Skips one whole item, checks it, and gives a copy of its bytes.
    public mutating func rawBytes() throws(CBORError) -> [UInt8] {
        let range = try rawItem()
        return [UInt8](UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Holds how much of an open array or map is left, and its last key.
    private struct Level: BitwiseCopyable {
        var left = 0
        var isMap = false
        var key = 0
        var keyEnd = 0

        /// In a map keys and values take turns, and an even number left means a key.
        var awaitsKey: Bool { isMap && left & 1 == 0 }
    }

    @usableFromInline
    mutating func skipContent(
        of major: UInt8,
        _ argument: UInt64,
        _ start: Int
    ) throws(CBORError) {
        guard var level = try open(major, argument, start, nesting: 0) else { return }
        // Holds the levels around the current one.
        var outer = InlineArray<16, Level>(repeating: Level())
        var nesting = 0
        while true {
            while level.left == 0 {
                if nesting == 0 { return }
                nesting &-= 1
                level = outer[nesting]
            }
            let itemStart = position
            let isKey = level.awaitsKey
            level.left &-= 1
            let (major, argument) = try head()
            if isKey {
                if major > 0 { try checkKeyKind(major, itemStart) }
                if major == 3 { try skipText(argument, itemStart) }
                try checkOrder(level.key, level.keyEnd, itemStart)
                level.key = itemStart
                level.keyEnd = position
            } else if major >= 2,
                let inner = try open(major, argument, itemStart, nesting: nesting &+ 1)
            {
                outer[nesting] = level
                nesting &+= 1
                level = inner
            }
        }
    }

    /// Skips a string or simple value, or gives the level of an array or map.
    private mutating func open(
        _ major: UInt8,
        _ argument: UInt64,
        _ start: Int,
        nesting: Int
    ) throws(CBORError) -> Level? {
        let left = UInt64(end - position)
        switch major {
        case 0, 1:
            return nil
        case 2:
            guard argument <= left else { throw CBORError(.endOfInput, offset: start) }
            position += Int(argument)
            return nil
        case 3:
            try skipText(argument, start)
            return nil
        case 4, 5:
            let each: UInt64 = major - 3 == 1 ? 1 : 2
            guard argument <= left / each else { throw CBORError(.endOfInput, offset: start) }
            let count = Int(argument * each)
            guard count <= itemsLeft else { throw CBORError(.itemCountExceeded, offset: start) }
            guard nesting < min(depthLeft, CBORLimits.depthMax) else {
                throw CBORError(.depthExceeded, offset: start)
            }
            return Level(left: count, isMap: major == 5)
        default:
            guard major == 7, 20...22 ~= argument else { throw mismatch(at: start) }
            return nil
        }
    }

    private mutating func skipText(_ count: UInt64, _ start: Int) throws(CBORError) {
        guard count <= UInt64(end - position) else { throw CBORError(.endOfInput, offset: start) }
        let units = UnsafeBufferPointer(
            start: (base + position).assumingMemoryBound(to: UInt8.self),
            count: Int(count)
        )
        position += Int(count)
        do {
            _ = try UTF8Span(validating: units.span)
        } catch {
            throw CBORError(.invalidUTF8, offset: start)
        }
    }

    private func checkKeyKind(_ major: UInt8, _ start: Int) throws(CBORError) {
        guard major <= (isWire ? 0 : 1) || (major == 3 && !isWire) else {
            throw CBORError(.keyNotAllowed, offset: start)
        }
    }

    /// Compares the key that ends here with the one before by their encoded bytes.
    ///
    /// No encoded key is the beginning of another, so the shorter length decides nothing.
    private func checkOrder(_ last: Int, _ lastEnd: Int, _ start: Int) throws(CBORError) {
        if lastEnd == 0 || byte(last) < byte(start) { return }
        for index in 0..<min(lastEnd - last, position - start) {
            let (left, right) = (byte(last + index), byte(start + index))
            if left < right { return }
            if left > right { throw CBORError(.unsortedKeys, offset: start) }
        }
        throw CBORError(.duplicateKey, offset: start)
    }

    /// Checks that the bytes are one whole item of the profile.
    public static func validate(
        _ bytes: [UInt8],
        limits: CBORLimits = .default
    ) throws(CBORError) {
        try reading(bytes, limits: limits) { (reader) throws(CBORError) in
            try reader.skip()
            try reader.finish()
        }
    }
}
