// SPDX-License-Identifier: Apache-2.0
public import CBOR
public import CoachingModel

/// A file as the line names it that hands it over: what is needed to get and to open it.
///
/// It stands inside the sealed part: the server knows neither the name nor the key.
///
/// - Shape: `{0: hash of the salt and the sealed chunks, 1: length, 2: chunks, 3: name, 4: key,
///   5: salt}`; unknown keys are skipped.
/// - Limits: ``FileLimits``; as many chunks as the length needs; a name of 1 to 255 bytes.
/// - Source: SEALING.md 3.8.
public struct HandedFile: Hashable, Sendable {
    /// SHA-256 of the salt and of all sealed chunks, by which the server knows it.
    public var file: Bytes32
    /// How many bytes it has.
    public var bytes: Int
    /// Its name as its sender has it: data, never a path.
    public var name: String
    /// Its own key.
    public var secret: Bytes32
    /// What stands before the first chunk.
    public var salt: Bytes16

    /// Makes a description.
    public init(file: Bytes32, bytes: Int, name: String, secret: Bytes32, salt: Bytes16) {
        self.file = file
        self.bytes = bytes
        self.name = name
        self.secret = secret
        self.salt = salt
    }

    /// How many chunks it has.
    public var chunks: Int { FileLimits.chunks(of: bytes) }

    /// Tells whether it is within its limits.
    public var isWithinLimits: Bool {
        (0...FileLimits.bytesMax).contains(bytes)
            && (1...FileLimits.nameBytesMax).contains(name.utf8.count)
    }
}

extension HandedFile: CBORWritable, CBORReadable {
    /// Writes the map.
    public func write(to writer: inout CBORWriter) {
        writer.map(6)
        writer.key(0)
        writer.bytes(file.bytes)
        writer.key(1)
        writer.uint(UInt64(clamping: bytes))
        writer.key(2)
        writer.uint(UInt64(clamping: chunks))
        writer.key(3)
        writer.text(name)
        writer.key(4)
        writer.bytes(secret.bytes)
        writer.key(5)
        writer.fixed16(salt.high, salt.low)
    }

    /// Reads the map and skips what is unknown.
    public init(from reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        var fields = try reader.fields()
        try fields.expect(0, &reader)
        let file = try Self.hash(&reader)
        try fields.expect(1, &reader)
        let length = try reader.uint()
        try fields.expect(2, &reader)
        let chunks = try reader.uint()
        try fields.expect(3, &reader)
        let name = try reader.text(maxBytes: FileLimits.nameBytesMax)
        try fields.expect(4, &reader)
        let secret = try Self.hash(&reader)
        try fields.expect(5, &reader)
        let salt = try reader.fixed16()
        while try fields.next(&reader) != nil { try reader.skip() }
        guard length <= UInt64(FileLimits.bytesMax) else {
            throw CBORError(.invalidValue, offset: start)
        }
        self.init(
            file: file,
            bytes: Int(length),
            name: name,
            secret: secret,
            salt: Bytes16(high: salt.0, low: salt.1)
        )
        guard isWithinLimits, chunks == UInt64(self.chunks) else {
            throw CBORError(.invalidValue, offset: start)
        }
    }

    private static func hash(_ reader: inout CBORReader) throws(CBORError) -> Bytes32 {
        let start = reader.offset
        guard let value = Bytes32(try reader.bytes(max: 32)) else {
            throw CBORError(.invalidValue, offset: start)
        }
        return value
    }
}
