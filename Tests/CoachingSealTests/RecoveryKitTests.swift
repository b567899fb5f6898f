// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import Testing

struct RecoveryKitTests {
    private static let seed = IdentitySeed(
        Bytes32(0x0001_0203_0405_0607, 0x0809_0A0B_0C0D_0E0F, 0xF0E1_D2C3_B4A5_9687, 0xFF)
    )
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz234567")

    private var typed: [Character] { Array(RecoveryKit(Self.seed).groups.joined()) }

    @Test func `a kit is the same twelve groups for ever`() {
        // Worked out apart from this program, in Python, from the shape that RecoveryKit states.
        #expect(
            RecoveryKit(Self.seed).groups.joined(separator: " ")
                == "aaaqe ayeau daoca jbifq ydiob 7rcl5 "
                + "yoduw dwssz nbyaa aaaaa aaad7 qspqj"
        )
    }

    @Test func `a kit is read back as it was made`() throws {
        for count in 0..<64 as Range<UInt64> {
            let value = Bytes32(count &* 0x9E37_79B9_7F4A_7C15, ~count, count << 57, .max - count)
            let kit = RecoveryKit(IdentitySeed(value))
            #expect(kit.groups.count == RecoveryKit.groupsMax)
            #expect(kit.groups.allSatisfy { $0.count == RecoveryKit.groupCount })
            let read = try RecoveryKit(reading: kit.groups.joined(separator: " "))
            #expect(read.seed.value == value)
        }
    }

    @Test(arguments: ["-", "\n", "\t", "  ", " \u{2013} ", ""])
    func `case and what stands between the groups do not matter`(_ between: String) throws {
        let text = RecoveryKit(Self.seed).groups.joined(separator: between)
        #expect(try RecoveryKit(reading: text.uppercased()).seed.value == Self.seed.value)
        let numbers = text.map { $0 == "o" ? "0" : $0 == "b" ? "8" : String($0) }.joined()
        #expect(try RecoveryKit(reading: numbers).seed.value == Self.seed.value)
    }

    @Test func `every single wrong character is caught and its group named`() {
        for place in typed.indices {
            for letter in Self.letters where letter != typed[place] {
                var wrong = typed
                wrong[place] = letter
                #expect(throws: RecoveryKitError.typingError(group: place / 5 + 1)) {
                    try RecoveryKit(reading: String(wrong))
                }
            }
        }
    }

    @Test func `two characters that changed places are caught`() {
        for place in typed.indices.dropLast() where typed[place] != typed[place + 1] {
            var wrong = typed
            wrong.swapAt(place, place + 1)
            #expect(throws: RecoveryKitError.self) { try RecoveryKit(reading: String(wrong)) }
        }
    }

    @Test func `up to four wrong characters of a half are caught`() {
        var state: UInt64 = 1
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for run in 0..<2_000 {
            var wrong = typed
            let half = draw(2) * 30
            for _ in 0..<2 + draw(3) {
                let place = half + draw(30)
                wrong[place] = Self.letters[draw(32)]
            }
            guard wrong != typed else { continue }
            #expect(throws: RecoveryKitError.self, "run \(run)") {
                try RecoveryKit(reading: String(wrong))
            }
        }
    }

    @Test func `a character that no kit has is named by its group`() {
        var wrong = typed
        wrong[17] = "1"
        #expect(throws: RecoveryKitError.wrongCharacter(group: 4)) {
            try RecoveryKit(reading: String(wrong))
        }
        wrong[0] = "\u{0}"
        #expect(throws: RecoveryKitError.wrongCharacter(group: 1)) {
            try RecoveryKit(reading: String(wrong))
        }
    }

    @Test func `a part of a kit, or more than one, is none`() {
        for count in 0..<60 {
            #expect(throws: RecoveryKitError.wrongCount(found: count)) {
                try RecoveryKit(reading: String(typed.prefix(count)))
            }
        }
        #expect(throws: RecoveryKitError.self) { try RecoveryKit(reading: String(typed + ["a"])) }
        #expect(throws: RecoveryKitError.self) {
            try RecoveryKit(reading: String(repeating: "a ", count: 100_000))
        }
    }

    @Test func `bits that no seed has are refused`() {
        // The last data character of the all-zero kit with a bit too many, and its checks.
        #expect(throws: RecoveryKitError.typingError(group: 12)) {
            try RecoveryKit(
                reading: "aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa b6gjr"
            )
        }
    }
}
