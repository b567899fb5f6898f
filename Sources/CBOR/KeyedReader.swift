// SPDX-License-Identifier: Apache-2.0

/// Looks up values in the map whose first key stands at `start`.
struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let core: DecoderCore
    let start: Int
    let count: Int
    let slot: Int

    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
        var keys: [Key] = []
        var position = start
        for _ in 0..<count {
            let head = core.source.head(position)
            switch head.major {
            case 0:
                if let value = Int(exactly: head.argument), let key = Key(intValue: value) {
                    keys.append(key)
                }
            case 1:
                if let value = Int(exactly: head.argument), let key = Key(intValue: ~value) {
                    keys.append(key)
                }
            default:
                if let text = try? core.text(at: position), let key = Key(stringValue: text) {
                    keys.append(key)
                }
            }
            position = core.source.end(of: core.source.end(of: position))
        }
        return keys
    }

    @inline(__always)
    private func position(of key: Key) throws -> Int {
        let position = core.find(key, start: start, count: count, slot: slot)
        guard position >= 0 else { throw CBORError(.missingKey, offset: start) }
        return position
    }

    /// Gives where a value that is neither absent nor null stands.
    @inline(__always)
    private func positionIfPresent(of key: Key) -> Int? {
        let position = core.find(key, start: start, count: count, slot: slot)
        return position < 0 || core.isNull(at: position) ? nil : position
    }

    func contains(_ key: Key) -> Bool {
        core.find(key, start: start, count: count, slot: slot, isAsked: false) >= 0
    }

    func decodeNil(forKey key: Key) throws -> Bool { core.isNull(at: try position(of: key)) }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try core.bool(at: position(of: key))
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.bool(at: position)
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try core.text(at: position(of: key))
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.text(at: position)
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
        try core.integer(at: position(of: key))
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.integer(at: position)
    }

    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 {
        try core.integer(at: position(of: key))
    }

    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.integer(at: position)
    }

    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 {
        try core.integer(at: position(of: key))
    }

    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.integer(at: position)
    }

    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 {
        try core.integer(at: position(of: key))
    }

    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.integer(at: position)
    }

    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
        try core.integer(at: position(of: key))
    }

    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.integer(at: position)
    }

    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt {
        try core.integer(at: position(of: key))
    }

    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.integer(at: position)
    }

    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 {
        try core.integer(at: position(of: key))
    }

    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.integer(at: position)
    }

    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
        try core.integer(at: position(of: key))
    }

    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.integer(at: position)
    }

    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
        try core.integer(at: position(of: key))
    }

    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.integer(at: position)
    }

    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
        try core.integer(at: position(of: key))
    }

    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.integer(at: position)
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        throw core.floatingPoint(at: try position(of: key))
    }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        throw core.floatingPoint(at: try position(of: key))
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try core.decode(type, at: position(of: key))
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        guard let position = positionIfPresent(of: key) else { return nil }
        return try core.decode(type, at: position)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try core.keyed(at: position(of: key), slot: slot + 1)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try core.unkeyed(at: position(of: key), slot: slot + 1)
    }

    func superDecoder() throws -> any Decoder {
        guard let key = Key(stringValue: "super") else {
            throw CBORError(.missingKey, offset: start)
        }
        return core.decoder(at: try position(of: key))
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        core.decoder(at: try position(of: key))
    }
}
