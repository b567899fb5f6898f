// SPDX-License-Identifier: Apache-2.0

/// Walks the elements of an array.
struct UnkeyedReader: UnkeyedDecodingContainer {
    let core: DecoderCore
    var position: Int
    let elements: Int
    let slot: Int
    var currentIndex = 0

    init(core: DecoderCore, position: Int, elements: Int, slot: Int) {
        self.core = core
        self.position = position
        self.elements = elements
        self.slot = slot
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { elements }
    var isAtEnd: Bool { currentIndex == elements }

    @inline(__always)
    private func current() throws -> Int {
        guard currentIndex < elements else { throw CBORError(.missingKey, offset: position) }
        return position
    }

    @inline(__always)
    private mutating func advance() {
        position = core.source.end(of: position)
        currentIndex &+= 1
    }

    mutating func decodeNil() throws -> Bool {
        guard core.isNull(at: try current()) else { return false }
        advance()
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool {
        let value: Bool = try core.bool(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: String.Type) throws -> String {
        let value: String = try core.text(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: Int.Type) throws -> Int {
        let value: Int = try core.integer(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: Int8.Type) throws -> Int8 {
        let value: Int8 = try core.integer(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: Int16.Type) throws -> Int16 {
        let value: Int16 = try core.integer(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: Int32.Type) throws -> Int32 {
        let value: Int32 = try core.integer(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: Int64.Type) throws -> Int64 {
        let value: Int64 = try core.integer(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: UInt.Type) throws -> UInt {
        let value: UInt = try core.integer(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: UInt8.Type) throws -> UInt8 {
        let value: UInt8 = try core.integer(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: UInt16.Type) throws -> UInt16 {
        let value: UInt16 = try core.integer(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: UInt32.Type) throws -> UInt32 {
        let value: UInt32 = try core.integer(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: UInt64.Type) throws -> UInt64 {
        let value: UInt64 = try core.integer(at: current())
        advance()
        return value
    }

    mutating func decode(_ type: Double.Type) throws -> Double {
        throw core.floatingPoint(at: try current())
    }

    mutating func decode(_ type: Float.Type) throws -> Float {
        throw core.floatingPoint(at: try current())
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let value = try core.decode(type, at: current())
        advance()
        return value
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let container: KeyedDecodingContainer<NestedKey> = try core.keyed(
            at: current(),
            slot: slot + 1
        )
        advance()
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try core.unkeyed(at: current(), slot: slot + 1)
        advance()
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = core.decoder(at: try current())
        advance()
        return decoder
    }
}
