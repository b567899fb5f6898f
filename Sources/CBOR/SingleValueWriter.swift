// SPDX-License-Identifier: Apache-2.0

/// Writes a value that is no container.
extension EncoderCore: SingleValueEncodingContainer, RawSink {
    func encodeNil() throws { state.pointee.writer.null() }

    func encode(_ value: Bool) throws {
        state.pointee.writer.bool(value)
    }

    func encode(_ value: String) throws {
        state.pointee.writer.text(value)
    }

    func encode(_ value: Int) throws {
        state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int8) throws {
        state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int16) throws {
        state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int32) throws {
        state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: Int64) throws {
        state.pointee.writer.int(Int64(value))
    }

    func encode(_ value: UInt) throws {
        state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt8) throws {
        state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt16) throws {
        state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt32) throws {
        state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: UInt64) throws {
        state.pointee.writer.uint(UInt64(value))
    }

    func encode(_ value: Double) throws {
        throw CBORError(.floatingPoint, offset: offset)
    }

    func encode(_ value: Float) throws {
        throw CBORError(.floatingPoint, offset: offset)
    }

    func encodeRaw(_ item: [UInt8]) throws { writeRaw(item) }
}
