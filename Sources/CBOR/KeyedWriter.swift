// SPDX-License-Identifier: Apache-2.0

/// Writes keys and values into the map whose head is at `start`.
struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let core: EncoderCore
    let start: Int

    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.null()
    }

    func encode(_ value: Bool, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.bool(value)
    }

    func encode(_ value: String, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.text(value)
    }

    func encode(_ value: Int, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int8, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int16, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int32, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int64, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: UInt, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt8, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt16, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt32, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt64, forKey key: Key) throws {
        try core.key(key, at: start)
        core.state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: Double, forKey key: Key) throws {
        throw CBORError(.floatingPoint, offset: core.offset)
    }

    func encode(_ value: Float, forKey key: Key) throws {
        throw CBORError(.floatingPoint, offset: core.offset)
    }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try core.key(key, at: start)
        try core.encode(value)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        core.fallBack()
        return KeyedEncodingContainer(KeyedWriter<NestedKey>(core: core, start: -2))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        core.fallBack()
        return UnkeyedWriter(core: core, start: -2)
    }

    func superEncoder() -> any Encoder {
        core.fallBack()
        return core
    }

    func superEncoder(forKey key: Key) -> any Encoder { superEncoder() }
}
