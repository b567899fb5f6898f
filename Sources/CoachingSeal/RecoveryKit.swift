// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// A person's recovery kit: the identity's seed as letters to write down, read aloud and type.
///
/// 52 characters carry the seed and 8 check it, in twelve groups of five. Each half of the kit
/// is a code word over 32 symbols that any two of differ in five places: up to four wrong
/// characters in a half are always noticed, and one alone is found, so that its group is named.
///
/// - Shape: base32 (RFC 4648, lower case) of the seed, 26 characters, their 4 check characters,
///   the other 26 and theirs. The check characters are the remainder of a Reed-Solomon code over
///   GF(32) = GF(2)[x]/(x^5 + x^2 + 1) with the roots a, a^2, a^3, a^4 of a = x, the first
///   character standing for the highest power.
/// - Source: DESIGN.md D17.
public struct RecoveryKit: Sendable, CustomStringConvertible {
    /// How many groups there are.
    public static let groupsMax = 12
    /// How many characters a group has.
    public static let groupCount = 5

    private static let halfCount = 30
    private static let dataCount = 26
    private static let textBytesMax = 4_096

    /// The seed.
    public let seed: IdentitySeed

    /// Makes the kit of a seed.
    public init(_ seed: IdentitySeed) { self.seed = seed }

    /// The groups, in their order.
    public var groups: [String] {
        let data = Self.symbols(of: seed.value.bytes)
        var letters: [UInt8] = []
        for half in [data[..<Self.dataCount], data[Self.dataCount...]] {
            let word = Array(half) + KitCode.check(of: half)
            letters += word.map { Self.alphabet[Int($0)] }
        }
        return stride(from: 0, to: letters.count, by: Self.groupCount).map { start in
            String(decoding: letters[start..<start + Self.groupCount], as: UTF8.self)
        }
    }

    /// Reads a kit as somebody typed it: case, spaces, line ends and dashes do not matter, 0
    /// counts as o and 8 as b.
    ///
    /// - Throws: ``RecoveryKitError``, which says where to look.
    public init(reading text: String) throws(RecoveryKitError) {
        guard text.utf8.count <= Self.textBytesMax else { throw .wrongCount(found: .max) }
        var symbols: [UInt8] = []
        for scalar in text.unicodeScalars where !Self.isPassedOver(scalar) {
            guard let symbol = Self.symbol(of: scalar) else {
                let group = symbols.count / Self.groupCount + 1
                throw .wrongCharacter(group: min(group, Self.groupsMax))
            }
            symbols.append(symbol)
        }
        guard symbols.count == 2 * Self.halfCount else {
            throw .wrongCount(found: symbols.count)
        }
        for half in 0..<2 {
            let word = symbols[half * Self.halfCount..<(half + 1) * Self.halfCount]
            switch KitCode.fault(in: word) {
            case .none: break
            case .one(let index):
                let place = half * Self.halfCount + index
                throw .typingError(group: place / Self.groupCount + 1)
            case .several:
                let first = half * Self.groupsMax / 2 + 1
                throw .typingErrors(groups: first...first + Self.groupsMax / 2 - 1)
            }
        }
        let data =
            symbols[..<Self.dataCount]
            + symbols[Self.halfCount..<Self.halfCount + Self.dataCount]
        guard let bytes = Self.bytes(of: Array(data)), let value = Bytes32(bytes) else {
            throw .typingError(group: Self.groupsMax)
        }
        seed = IdentitySeed(value)
    }

    /// Names the type alone, so that no log holds a kit.
    public var description: String { "RecoveryKit" }

    // MARK: Letters

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    private static func isPassedOver(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .dashPunctuation
    }

    private static func symbol(of scalar: Unicode.Scalar) -> UInt8? {
        switch scalar {
        case "a"..."z": UInt8(truncatingIfNeeded: scalar.value - 0x61)
        case "A"..."Z": UInt8(truncatingIfNeeded: scalar.value - 0x41)
        case "2"..."7": UInt8(truncatingIfNeeded: scalar.value - 0x32 + 26)
        case "0": 14
        case "8": 1
        default: nil
        }
    }

    /// Cuts 32 bytes into 52 symbols of five bits; the last four bits are zero.
    private static func symbols(of bytes: [UInt8]) -> [UInt8] {
        (0..<2 * dataCount).map { index in
            (0..<5).reduce(0) { symbol, bit in
                let place = index * 5 + bit
                let isSet = place < 256 && bytes[place / 8] >> (7 - place % 8) & 1 == 1
                return symbol << 1 | (isSet ? 1 : 0)
            }
        }
    }

    private static func bytes(of symbols: [UInt8]) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 32)
        for place in 0..<260 {
            guard symbols[place / 5] >> (4 - place % 5) & 1 == 1 else { continue }
            guard place < 256 else { return nil }
            bytes[place / 8] |= 0x80 >> (place % 8)
        }
        return bytes
    }
}

/// Why a text is not a recovery kit.
public enum RecoveryKitError: Error, Hashable, Sendable {
    /// A group, from 1, has a character that no kit has.
    case wrongCharacter(group: Int)
    /// There are more or fewer than 60 characters.
    case wrongCount(found: Int)
    /// One character of a group, from 1, is another one.
    case typingError(group: Int)
    /// Several characters of these groups are others.
    case typingErrors(groups: ClosedRange<Int>)
}

/// The code of a kit's halves.
enum KitCode {
    /// What is wrong with a code word.
    enum Fault: Hashable {
        case none
        /// One symbol, at this index.
        case one(Int)
        case several
    }

    /// The product of x - a, x - a^2, x - a^3 and x - a^4, without its highest term.
    private static let generator: [UInt8] = {
        var product: [UInt8] = [1]
        for root in 1...4 {
            var next = product + [0]
            for (index, factor) in product.enumerated() {
                next[index + 1] ^= multiplied(factor, power(root))
            }
            product = next
        }
        return Array(product.dropFirst())
    }()

    /// Gives the four symbols that make a code word of data.
    static func check(of data: some Sequence<UInt8>) -> [UInt8] {
        var rest: [UInt8] = [0, 0, 0, 0]
        for symbol in data {
            let first = symbol ^ rest[0]
            rest = Array(rest.dropFirst()) + [0]
            for index in rest.indices { rest[index] ^= multiplied(first, generator[index]) }
        }
        return rest
    }

    /// Looks for wrong symbols in a word.
    static func fault(in word: some Collection<UInt8>) -> Fault {
        let sums: [UInt8] = (1...4).map { root in
            word.reduce(0) { multiplied($0, power(root)) ^ $1 }
        }
        if sums.allSatisfy({ $0 == 0 }) { return .none }
        for place in 0..<word.count {
            // A wrong symbol at this power makes each sum that many times the one before.
            let step = power(place)
            let fits = (0..<3).allSatisfy { sums[$0 + 1] == multiplied(sums[$0], step) }
            if fits, sums[0] != 0 { return .one(word.count - 1 - place) }
        }
        return .several
    }

    private static func power(_ exponent: Int) -> UInt8 {
        (0..<exponent).reduce(1) { value, _ in multiplied(value, 2) }
    }

    private static func multiplied(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product: UInt8 = 0
        var shifted = left
        for bit in 0..<5 {
            if right >> bit & 1 == 1 { product ^= shifted }
            shifted = shifted << 1 ^ (shifted & 0x10 == 0 ? 0 : 0b10_0101)
        }
        return product
    }
}
