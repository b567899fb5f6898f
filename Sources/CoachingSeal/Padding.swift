// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope

/// Hides how long a text is: 256 bytes at least, above that the lengths of Padmé.
///
/// - Shape: plaintext || 0x80 || 0x00 ...
/// - Source: SEALING.md 3.3; Padmé: Nikitin and others, "Reducing Metadata Leakage from Encrypted
///   Files and Communication with PURBs", 2019.
public enum Padding {
    /// The shortest padded length of an entry.
    public static let least = 256
    /// The length to which answers without a name are padded (D15).
    public static let unattributedLeast = UnattributedAnswer.plaintextBytes
    /// The longest padded length.
    public static let bytesMax = 65_536

    /// Gives the padded length of a plaintext with so many bytes.
    ///
    /// Lengths of L bytes keep their highest log2(log2(L)) + 1 bits: at most 12 % are added.
    public static func paddedCount(_ count: Int, least: Int = Padding.least) -> Int {
        let length = max(count, 0) + 1
        guard length > least else { return least }
        let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount
        let kept = Int.bitWidth - exponent.leadingZeroBitCount
        let mask = 1 << max(exponent - kept, 0) - 1
        return (length + mask) & ~mask
    }

    /// Pads a plaintext.
    ///
    /// - Throws: ``SealError/tooLong`` for a plaintext that would come to more than 64 KiB.
    public static func pad(
        _ plaintext: [UInt8],
        least: Int = Padding.least
    ) throws(SealError) -> [UInt8] {
        guard plaintext.count < bytesMax else { throw .tooLong }
        let count = paddedCount(plaintext.count, least: least)
        guard count <= bytesMax else { throw .tooLong }
        var padded = plaintext
        padded.reserveCapacity(count)
        padded.append(0x80)
        padded.append(contentsOf: repeatElement(0, count: count - padded.count))
        return padded
    }

    /// Takes the padding off.
    ///
    /// - Throws: ``SealError/cannotOpen`` for bytes that ``pad(_:least:)`` does not give.
    public static func unpad(
        _ padded: [UInt8],
        least: Int = Padding.least
    ) throws(SealError) -> [UInt8] {
        guard padded.count <= bytesMax,
            let end = padded.lastIndex(where: { $0 != 0 }), padded[end] == 0x80,
            paddedCount(end, least: least) == padded.count
        else { throw .cannotOpen }
        return Array(padded[..<end])
    }
}
