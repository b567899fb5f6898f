// SPDX-License-Identifier: Apache-2.0

/// Writes a value that is no container.
extension EncoderCore: SingleValueEncodingContainer, RawSink {
    func encodeNil() throws { writer.pointee.null() }

    func encode(_ value: Bool) throws {
        writer.pointee.bool(value)
    }

    func encode(_ value: String) throws {
        writer.pointee.text(value)
    }

    func encode(_ value: Int) throws {
        writer.pointee.int(Int64(value))
    }

    func encode(_ value: Int8) throws {
        writer.pointee.int(Int64(value))
    }

    func encode(_ value: Int16) throws {
        writer.pointee.int(Int64(value))
    }

    func encode(_ value: Int32) throws {
        writer.pointee.int(Int64(value))
    }

    func encode(_ value: Int64) throws {
        writer.pointee.int(Int64(value))
    }

    func encode(_ value: UInt) throws {
        writer.pointee.uint(UInt64(value))
    }

    func encode(_ value: UInt8) throws {
        writer.pointee.uint(UInt64(value))
    }

    func encode(_ value: UInt16) throws {
        writer.pointee.uint(UInt64(value))
    }

    func encode(_ value: UInt32) throws {
        writer.pointee.uint(UInt64(value))
    }

    func encode(_ value: UInt64) throws {
        writer.pointee.uint(UInt64(value))
    }

    func encode(_ value: Double) throws {
        throw CBORError(.floatingPoint, offset: offset)
    }

    func encode(_ value: Float) throws {
        throw CBORError(.floatingPoint, offset: offset)
    }

    func encodeRaw(_ item: [UInt8]) throws { writeRaw(item) }
}
