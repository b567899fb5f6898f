// SPDX-License-Identifier: Apache-2.0

/// Draws random bytes from a generator that is passed in.
enum SecretBytes {
    /// Draws bytes, eight for each word of the generator.
    static func draw(_ count: Int, using generator: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            let word: UInt64 = generator.next()
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return Array(bytes.prefix(count))
    }
}
