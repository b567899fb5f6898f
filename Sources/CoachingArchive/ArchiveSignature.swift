// SPDX-License-Identifier: Apache-2.0

/// By which device an archive was made: its signature over the index.
///
/// - Shape: two lines of hexadecimal digits: the signing key, 65 bytes, and the signature, 64 bytes.
public struct ArchiveSignature: Hashable, Sendable {
    /// The name of the signature in its archive.
    public static let name = "SHA256SUMS.sig"
    /// How long it is, in bytes.
    public static let bytesMax = 65 * 2 + 1 + 64 * 2 + 1

    /// The key that checks it, 65 bytes.
    public var key: [UInt8]
    /// The signature, 64 bytes.
    public var signature: [UInt8]

    /// Makes it.
    public init(key: [UInt8], signature: [UInt8]) { (self.key, self.signature) = (key, signature) }

    /// The text of the file.
    public var text: String {
        "\(ArchiveIndex.hexadecimal(key))\n\(ArchiveIndex.hexadecimal(signature))\n"
    }

    /// Reads the file.
    ///
    /// - Throws: ``ArchiveError`` with `signature`.
    public init(reading text: String) throws(ArchiveError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.bytesMax, lines.count == 3, lines[2].isEmpty,
            let key = ArchiveIndex.bytes(lines[0]), key.count == 65,
            let signature = ArchiveIndex.bytes(lines[1]), signature.count == 64
        else { throw ArchiveError(.signature, Self.name) }
        self.init(key: key, signature: signature)
    }
}
