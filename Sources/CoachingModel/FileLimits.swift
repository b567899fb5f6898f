// SPDX-License-Identifier: Apache-2.0

/// The bounds of files that members hand to each other.
///
/// - Source: SEALING.md 3.8; Protocol/spec.md, Files.
public enum FileLimits {
    /// The most bytes of a file: 16 MiB.
    public static let bytesMax = 16 << 20
    /// How many bytes each chunk but the last has before it is sealed.
    public static let chunkBytes = 65_536
    /// How many bytes sealing adds to a chunk.
    public static let tagBytes = 16
    /// How many bytes each chunk but the last has when it is sealed.
    public static let sealedChunkBytes = chunkBytes + tagBytes
    /// The most chunks of a file.
    public static let chunksMax: UInt32 = 256
    /// The longest name of a file, in bytes.
    public static let nameBytesMax = 255

    /// Gives how many chunks a file of so many bytes has; one at least.
    public static func chunks(of bytes: Int) -> Int {
        max(1, (max(0, bytes) + chunkBytes - 1) / chunkBytes)
    }

    /// Tells whether a sealed chunk can have so many bytes in its place.
    public static func takes(_ bytes: Int, at index: UInt32, of chunks: UInt32) -> Bool {
        guard index < chunks else { return false }
        if index + 1 < chunks { return bytes == sealedChunkBytes }
        return bytes <= sealedChunkBytes && bytes >= (chunks == 1 ? tagBytes : tagBytes + 1)
    }
}

extension TranscriptKey {
    /// Whether files are handed over there; not among answers without names, and not where there
    /// is only what was released.
    public var takesFiles: Bool {
        switch self {
        case .own, .direct, .turn, .peers, .room: true
        case .programme, .prompt: false
        }
    }
}
