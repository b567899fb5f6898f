// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import Crypto

/// Files as they are sealed and opened, one chunk of 64 KiB at a time.
///
/// A file has a key of its own, which stands with the file's name and length inside the entry that
/// hands it over. Whoever reads takes chunks in order and calls ``Reader/finish()`` after the last:
/// before that nothing says that the file is whole.
///
/// - Shape: `salt 16 || chunks` as entries have them, under `HKDF(K, salt, "peer1/file")`, with
///   `SHA-256("peer1/file" || 0 || transcript)` as associated data.
/// - Source: SEALING.md 3.8.
public enum SealedFile {
    /// How many bytes every chunk but the last has before it is sealed.
    public static let chunkBytes = ChunkSealing.chunkBytes
    /// How many bytes every chunk but the last has afterwards.
    public static let sealedChunkBytes = ChunkSealing.chunkBytes + ChunkSealing.tagBytes
    /// How many bytes stand before the first chunk.
    public static let saltBytes = ChunkSealing.saltBytes

    /// Seals a file's chunks in order.
    public struct Writer: Sendable {
        /// What stands before the first chunk.
        public let salt: [UInt8]
        private let key: SymmetricKey
        private let binding: Bytes32
        private var index: UInt64 = 0
        private var isDone = false

        /// Begins a file.
        ///
        /// - Parameters:
        ///   - secret: 32 bytes that were drawn for this file alone.
        ///   - transcript: where it is handed over.
        ///   - generator: draws the salt.
        public init(
            secret: Bytes32,
            transcript: TranscriptID,
            using generator: inout some RandomNumberGenerator
        ) {
            salt = SecretBytes.draw(SealedFile.saltBytes, using: &generator)
            key = SealedFile.key(secret, salt)
            binding = SealedFile.binding(transcript)
        }

        /// Seals the next chunk.
        ///
        /// - Throws: ``SealError/tooLong`` for a chunk whose length has no place there: one that
        ///   is not full and not the last, an empty one after others, any after the last.
        public mutating func seal(
            _ chunk: [UInt8],
            isLast: Bool
        ) throws(SealError) -> [UInt8] {
            let fits =
                if isLast {
                    chunk.count <= SealedFile.chunkBytes && (index == 0 || !chunk.isEmpty)
                } else { chunk.count == SealedFile.chunkBytes }
            guard fits, !isDone, index < .max else { throw .tooLong }
            defer { index += 1 }
            isDone = isLast
            return try ChunkSealing.seal(
                chunk[...],
                index,
                isLast: isLast,
                key: key,
                binding: binding
            )
        }
    }

    /// Opens a file's chunks in order.
    public struct Reader: Sendable {
        private let key: SymmetricKey
        private let binding: Bytes32
        private var index: UInt64 = 0
        private var isDone = false

        /// Begins with what stands before the first chunk.
        ///
        /// - Throws: ``SealError/cannotOpen`` for a salt of another length.
        public init(
            secret: Bytes32,
            transcript: TranscriptID,
            salt: [UInt8]
        ) throws(SealError) {
            guard salt.count == SealedFile.saltBytes else { throw .cannotOpen }
            key = SealedFile.key(secret, salt)
            binding = SealedFile.binding(transcript)
        }

        /// Opens the next chunk.
        ///
        /// - Throws: ``SealError/cannotOpen``, also for a chunk after the last.
        public mutating func open(
            _ sealed: [UInt8],
            isLast: Bool
        ) throws(SealError) -> [UInt8] {
            guard !isDone, index < .max else { throw .cannotOpen }
            let chunk = try ChunkSealing.open(
                sealed[...],
                index,
                isLast: isLast,
                key: key,
                binding: binding
            )
            index += 1
            isDone = isLast
            return chunk
        }

        /// Makes sure that the last chunk has come.
        ///
        /// - Throws: ``SealError/cannotOpen`` where the file was cut short.
        public func finish() throws(SealError) {
            guard isDone else { throw .cannotOpen }
        }
    }

    private static func key(_ secret: Bytes32, _ salt: [UInt8]) -> SymmetricKey {
        KeyDerivation.derive(from: secret.symmetricKey, salt: salt, info: "peer1/file")
    }

    private static func binding(_ transcript: TranscriptID) -> Bytes32 {
        var hashing = Hashing(label: "peer1/file")
        hashing.add(transcript.value)
        return hashing.finish()
    }
}
