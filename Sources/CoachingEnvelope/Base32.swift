// SPDX-License-Identifier: Apache-2.0

/// Base32 as in RFC 4648 section 6, without padding, written in lower case.
public enum Base32 {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// Writes bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        var letters: [UInt8] = []
        letters.reserveCapacity(bytes.count * 8 / 5 + 1)
        var held: UInt16 = 0
        var bits = 0
        for byte in bytes {
            held = held << 8 | UInt16(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                letters.append(alphabet[Int(held >> bits & 31)])
            }
            held &= 1 << bits - 1
        }
        if bits > 0 { letters.append(alphabet[Int(held << (5 - bits) & 31)]) }
        return String(decoding: letters, as: UTF8.self)
    }

    /// Reads letters of either case; `nil` for another character, a length that no bytes have, or
    /// bits that are left over and not zero, so that every byte string has one spelling.
    public static func decode(_ letters: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count * 5 / 8)
        var held: UInt16 = 0
        var bits = 0
        for letter in letters {
            guard let value = value(of: letter) else { return nil }
            held = held << 5 | UInt16(value)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
                held &= 1 << bits - 1
            }
        }
        return bits < 5 && held == 0 ? bytes : nil
    }

    /// Gives the five bits that a letter stands for.
    static func value(of letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a")
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
        case UInt8(ascii: "2")...UInt8(ascii: "7"): letter - UInt8(ascii: "2") + 26
        default: nil
        }
    }
}
