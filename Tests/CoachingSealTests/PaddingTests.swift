// SPDX-License-Identifier: Apache-2.0
import CoachingSeal
import Testing

@Suite struct `Padding of texts` {
    /// Plaintext and padded lengths, computed in Python from the definition of Padmé.
    static let table = [
        (0, 256), (1, 256), (58, 256), (254, 256), (255, 256), (256, 272), (257, 272), (263, 272),
        (264, 272), (511, 512), (512, 544), (1_000, 1_024), (2_047, 2_048), (2_048, 2_176),
        (4_095, 4_096), (7_999, 8_192), (8_000, 8_192), (8_100, 8_192), (16_384, 17_408),
        (65_534, 65_536), (65_535, 65_536),
    ]

    @Test(arguments: table)
    func `lengths are those of the table and come back`(count: Int, padded: Int) throws {
        #expect(Padding.paddedCount(count) == padded)
        // Plaintexts that look like padding themselves.
        for byte in [0, 0x80, 0xff] as [UInt8] {
            let plaintext = [UInt8](repeating: byte, count: count)
            let all = try Padding.pad(plaintext)
            #expect(all.count == padded && all[count] == 0x80)
            #expect(try Padding.unpad(all) == plaintext)
        }
    }

    @Test func `lengths never shrink and grow by an eighth at most`() {
        var last = 0
        for count in 0..<65_536 {
            let padded = Padding.paddedCount(count)
            #expect(padded >= last && padded > count)
            #expect(padded == 256 || padded - count - 1 <= (count + 1) / 8)
            last = padded
        }
    }

    @Test func `an answer without a name has 2 KiB at least`() throws {
        let padded = try Padding.pad([1, 2], least: Padding.unattributedLeast)
        #expect(padded.count == 2_048)
        #expect(try Padding.unpad(padded, least: Padding.unattributedLeast) == [1, 2])
        #expect(throws: SealError.cannotOpen) { try Padding.unpad(padded) }
    }

    @Test func `what is too long is not padded`() {
        #expect(throws: SealError.tooLong) {
            try Padding.pad([UInt8](repeating: 1, count: 65_536))
        }
    }

    @Test func `other bytes are not unpadded`() {
        let zeros = [UInt8](repeating: 0, count: 256)
        let others: [[UInt8]] = [
            [], [0x80], zeros, [0x81] + zeros.dropLast(), [0x80] + zeros,
            zeros + [0x80] + zeros, [UInt8](repeating: 0x80, count: 70_000),
        ]
        for bytes in others {
            #expect(throws: SealError.cannotOpen) { try Padding.unpad(bytes) }
        }
    }
}
