// SPDX-License-Identifier: Apache-2.0

/// Writes elements into the array whose head is at `start`.
struct UnkeyedWriter: UnkeyedEncodingContainer {
    let core: EncoderCore
    let start: Int

    var codingPath: [any CodingKey] { [] }

    var count: Int { core.state.pointee.level.start == start ? core.state.pointee.level.count : 0 }

    func encodeNil() throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.null()
    }

    func encode(_ value: Bool) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.bool(value)
    }

    func encode(_ value: String) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.text(value)
    }

    func encode(_ value: Int) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int8) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int16) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int32) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int64) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: UInt) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt8) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt16) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt32) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt64) throws {
        try core.countPart(at: start, items: 1)
        core.state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: Double) throws {
        throw CBORError(.floatingPoint, offset: core.offset)
    }

    func encode(_ value: Float) throws {
        throw CBORError(.floatingPoint, offset: core.offset)
    }

    func encode<T: Encodable>(_ value: T) throws {
        try core.countPart(at: start, items: 1)
        try core.encode(value)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        core.fallBack()
        return KeyedEncodingContainer(KeyedWriter<NestedKey>(core: core, start: -2))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        core.fallBack()
        return UnkeyedWriter(core: core, start: -2)
    }

    func superEncoder() -> any Encoder {
        core.fallBack()
        return core
    }
}
