// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import CoachingSeal

struct LocalSealTests {
    private struct Counting: RandomNumberGenerator {
        var count: UInt64
        mutating func next() -> UInt64 {
            count &+= 1
            return count &* 0x9E37_79B9_7F4A_7C15
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static let cheap = PassphraseCost(logN: 10) ?? .standard

    // MARK: Passphrases

    @Test func `passphrases are stretched by scrypt as others do it`() throws {
        // Worked out with Python's hashlib.scrypt(n=2**logN, r=8, p=1, dklen=32).
        let salt: [UInt8] = Array(0..<16)
        let small = try Self.cheap.derive(Array("pleaseletmein".utf8), salt)
        #expect(
            Self.hex(small) == "c748c7505929341889570635021b87ecdbb2c559646ab1675e344d869d41fde5"
        )
        let full = try PassphraseCost.standard.derive(Array("pleaseletmein".utf8), salt)
        #expect(
            Self.hex(full) == "2a84820ee15cac2bf1a8f8d6de5708164f12c32d50ca85f58cd3e3a6eece5d11"
        )
        #expect(PassphraseCost.standard.logN == 18)
    }

    @Test func `a key is locked and opened by its passphrase alone`() throws {
        var generator = Counting(count: 1)
        let key = FileKey(using: &generator)
        let passphrase = Array("correct horse battery".utf8)
        let locked = try LockedFileKey(
            key,
            passphrase: passphrase,
            cost: Self.cheap,
            using: &generator
        )
        let read = try LockedFileKey(reading: locked.bytes)
        #expect(read.name == key.name)
        #expect(try read.open(passphrase: passphrase).rawBytes == key.rawBytes)
        for wrong in ["", "correct horse batterY", "correct horse battery ", "x"] {
            #expect(throws: SealError.cannotOpen) { try read.open(passphrase: Array(wrong.utf8)) }
        }
    }

    @Test func `every flipped bit and every cut of a locked key is noticed`() throws {
        var generator = Counting(count: 2)
        let passphrase = Array("correct horse battery".utf8)
        let locked = try LockedFileKey(
            FileKey(using: &generator),
            passphrase: passphrase,
            cost: Self.cheap,
            using: &generator
        )
        for index in locked.bytes.indices where index != 9 {
            var bytes = locked.bytes
            bytes[index] ^= 1 << UInt8(index % 8)
            #expect(throws: SealError.cannotOpen, "byte \(index)") {
                try LockedFileKey(reading: bytes).open(passphrase: passphrase)
            }
        }
        for count in locked.bytes.indices {
            #expect(throws: SealError.cannotOpen) {
                try LockedFileKey(reading: Array(locked.bytes.prefix(count)))
            }
        }
    }

    @Test func `what a file may cost is bounded before anything is derived`() throws {
        var generator = Counting(count: 3)
        let locked = try LockedFileKey(
            FileKey(using: &generator),
            passphrase: [1],
            cost: Self.cheap,
            using: &generator
        )
        for (place, values) in [(9, 0...9), (9, 20...255), (10, 9...255), (11, 2...255)] {
            for value in values {
                var bytes = locked.bytes
                bytes[place] = UInt8(value)
                #expect(throws: SealError.cannotOpen) { try LockedFileKey(reading: bytes) }
            }
        }
        #expect(PassphraseCost.bounds.upperBound == 19)
    }

    // MARK: Boxes

    @Test(arguments: [0, 1, 15, 16, 17, 1_000, 70_000])
    func `a box gives back what was put in`(_ count: Int) throws {
        var generator = Counting(count: 4)
        let key = FileKey(using: &generator)
        let plaintext = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let box = try SealedBox.seal(plaintext, named: "a", under: key, using: &generator)
        #expect(SealedBox.isSealed(box))
        #expect(box.count == count + 40)
        #expect(try SealedBox.open(box, named: "a", under: key) == plaintext)
        let again = try SealedBox.seal(plaintext, named: "a", under: key, using: &generator)
        #expect(again != box)
    }

    @Test func `another key, another name and every flipped bit of a box look alike`() throws {
        var generator = Counting(count: 5)
        let key = FileKey(using: &generator)
        let other = FileKey(using: &generator)
        let box = try SealedBox.seal([1, 2, 3], named: "a", under: key, using: &generator)
        #expect(throws: SealError.cannotOpen) {
            try SealedBox.open(box, named: "a", under: other)
        }
        #expect(throws: SealError.cannotOpen) { try SealedBox.open(box, named: "b", under: key) }
        for index in box.indices {
            for bit in 0..<8 as Range<UInt8> {
                var bytes = box
                bytes[index] ^= 1 << bit
                #expect(throws: SealError.cannotOpen) {
                    try SealedBox.open(bytes, named: "a", under: key)
                }
            }
        }
        for count in box.indices {
            #expect(throws: SealError.cannotOpen) {
                try SealedBox.open(Array(box.prefix(count)), named: "a", under: key)
            }
        }
    }

    @Test func `no description tells a key`() throws {
        var generator = Counting(count: 6)
        #expect("\(FileKey(using: &generator))" == "FileKey")
        #expect("\(RecoveryKit(IdentitySeed(using: &generator)))" == "RecoveryKit")
    }
}
