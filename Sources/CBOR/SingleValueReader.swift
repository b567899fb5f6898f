// SPDX-License-Identifier: Apache-2.0

/// Reads a value that is no container.
extension DecoderCore: SingleValueDecodingContainer {
    func decodeNil() -> Bool { isNull(at: position) }

    func decode(_ type: Bool.Type) throws -> Bool { try bool(at: position) }

    func decode(_ type: String.Type) throws -> String { try text(at: position) }

    func decode(_ type: Int.Type) throws -> Int { try integer(at: position) }

    func decode(_ type: Int8.Type) throws -> Int8 { try integer(at: position) }

    func decode(_ type: Int16.Type) throws -> Int16 { try integer(at: position) }

    func decode(_ type: Int32.Type) throws -> Int32 { try integer(at: position) }

    func decode(_ type: Int64.Type) throws -> Int64 { try integer(at: position) }

    func decode(_ type: UInt.Type) throws -> UInt { try integer(at: position) }

    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(at: position) }

    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(at: position) }

    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(at: position) }

    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(at: position) }

    func decode(_ type: Double.Type) throws -> Double { throw floatingPoint(at: position) }

    func decode(_ type: Float.Type) throws -> Float { throw floatingPoint(at: position) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decode(type, at: position) }
}
