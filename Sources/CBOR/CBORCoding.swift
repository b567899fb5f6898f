// SPDX-License-Identifier: Apache-2.0

/// Writes itself without the cost of `Codable`, for messages on the hot path.
///
/// A type that is `Encodable` too gives the same bytes both ways, and a test says so.
public protocol CBORWritable {
    /// Writes exactly one item.
    func write(to writer: inout CBORWriter)
}

/// Reads itself without the cost of `Codable`, for messages on the hot path.
public protocol CBORReadable {
    /// Reads exactly one item.
    init(from reader: inout CBORReader) throws(CBORError)
}

extension CBORWritable {
    /// Encodes the value into an array of its own.
    @inlinable
    public func cborBytes() -> [UInt8] {
        var writer = CBORWriter(capacity: 256)
        write(to: &writer)
        return writer.finish()
    }
}

extension CBORReadable {
    /// Decodes bytes that hold one item and nothing after it.
    @inlinable
    public static func read(_ bytes: [UInt8]) throws(CBORError) -> Self {
        try read(bytes, limits: .default)
    }

    /// Decodes bytes that hold one item and nothing after it, under other limits.
    @inlinable
    public static func read(_ bytes: [UInt8], limits: CBORLimits) throws(CBORError) -> Self {
        try CBORReader.reading(bytes, limits: limits) { (reader) throws(CBORError) -> Self in
            let value = try Self(from: &reader)
            try reader.finish()
            return value
        }
    }
}
