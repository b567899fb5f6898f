// SPDX-License-Identifier: Apache-2.0

/// Checks bytes against all of RFC 8949, also what the profile refuses.
///
/// For tests and tools that name the difference between malformed and merely not deterministic.
///
/// - Limits: no recursion; memory grows with the nesting, so never beyond the input's size.
/// - Source: RFC 8949 appendix C.
public enum CBORWellFormedness {
    /// Says what an open item waits for.
    private enum Open {
        /// So many items more.
        case items(UInt64)
        /// Items up to a stop code; in a map the count of them must be even.
        case indefinite(isMap: Bool, isOdd: Bool)
        /// Strings of this major type up to a stop code.
        case chunks(UInt8)
    }

    /// Checks that the bytes are one well-formed item and nothing after it.
    ///
    /// - Throws: endOfInput, reservedHead, indefiniteLength, simpleValue or trailingBytes.
    public static func check(_ bytes: [UInt8]) throws(CBORError) {
        var open: [Open] = [.items(1)]
        var position = 0
        while let top = open.last {
            if case .items(0) = top {
                open.removeLast()
                continue
            }
            let start = position
            let (initial, argument) = try head(bytes, &position)
            if initial == 0xff {
                try stop(top, start)
                open.removeLast()
                continue
            }
            let major = initial >> 5
            switch top {
            case .items(let left):
                open[open.count - 1] = .items(left - 1)
            case .indefinite(let isMap, let isOdd):
                open[open.count - 1] = .indefinite(isMap: isMap, isOdd: !isOdd)
            case .chunks(let wanted):
                guard major == wanted, argument != nil else {
                    throw CBORError(.indefiniteLength, offset: start)
                }
            }
            switch (major, argument) {
            case (2, let length?), (3, let length?):
                guard length <= UInt64(bytes.count - position) else {
                    throw CBORError(.endOfInput, offset: start)
                }
                position += Int(length)
            case (2, nil), (3, nil): open.append(.chunks(major))
            case (4, let count?): open.append(.items(count))
            case (5, let count?):
                guard count <= UInt64(bytes.count) else {
                    throw CBORError(.endOfInput, offset: start)
                }
                open.append(.items(count * 2))
            case (4, nil), (5, nil): open.append(.indefinite(isMap: major == 5, isOdd: false))
            case (6, _): open.append(.items(1))
            default: break
            }
        }
        guard position == bytes.count else { throw CBORError(.trailingBytes, offset: position) }
    }

    private static func stop(_ top: Open, _ start: Int) throws(CBORError) {
        switch top {
        case .items, .indefinite(isMap: true, isOdd: true):
            throw CBORError(.indefiniteLength, offset: start)
        case .indefinite, .chunks: return
        }
    }

    /// Reads a head; the argument is `nil` for an indefinite length or a stop code.
    private static func head(
        _ bytes: [UInt8],
        _ position: inout Int
    ) throws(CBORError) -> (initial: UInt8, argument: UInt64?) {
        let start = position
        guard start < bytes.count else { throw CBORError(.endOfInput, offset: start) }
        let initial = bytes[start]
        position += 1
        switch initial & 31 {
        case let info where info < 24: return (initial, UInt64(info))
        case let info where info < 28:
            let size = 1 << Int(info - 24)
            guard bytes.count - position >= size else {
                throw CBORError(.endOfInput, offset: start)
            }
            let argument = bytes[position..<position + size].reduce(0) { $0 << 8 | UInt64($1) }
            position += size
            guard initial != 0xf8 || argument >= 32 else {
                throw CBORError(.simpleValue, offset: start)
            }
            return (initial, argument)
        case 31:
            guard [2, 3, 4, 5, 7].contains(initial >> 5) else {
                throw CBORError(.reservedHead, offset: start)
            }
            return (initial, nil)
        default: throw CBORError(.reservedHead, offset: start)
        }
    }
}
