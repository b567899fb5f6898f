// SPDX-License-Identifier: Apache-2.0

/// Puts scalars together from bytes that come in any pieces.
///
/// - Limits: it holds one unfinished scalar, never bytes.
struct UTF8Assembler: Sendable {
    private var value: UInt32 = 0
    private var missing = 0
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    /// Tells whether a scalar has begun and is not whole.
    var isWaiting: Bool { missing > 0 }

    /// Takes one byte and appends what became whole; what is not UTF-8 becomes U+FFFD,
    /// and the controls U+0080 to U+009F are dropped.
    mutating func take(_ byte: UInt8, into text: inout String.UnicodeScalarView) {
        if missing > 0 {
            if allowed.contains(byte) {
                value = value << 6 | UInt32(byte & 0x3F)
                missing -= 1
                allowed = 0x80...0xBF
                if missing == 0, !(0x80...0x9F).contains(value) {
                    text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
                }
                return
            }
            giveUp(into: &text)
        }
        switch byte {
        case 0x00...0x7F: text.append(Unicode.Scalar(byte))
        case 0xC2...0xDF: begin(byte & 0x1F, missing: 1)
        case 0xE0: begin(0, missing: 2, allowed: 0xA0...0xBF)
        case 0xED: begin(0x0D, missing: 2, allowed: 0x80...0x9F)
        case 0xE1...0xEF: begin(byte & 0x0F, missing: 2)
        case 0xF0: begin(0, missing: 3, allowed: 0x90...0xBF)
        case 0xF1...0xF3: begin(byte & 0x07, missing: 3)
        case 0xF4: begin(4, missing: 3, allowed: 0x80...0x8F)
        default: text.append("\u{FFFD}")
        }
    }

    /// Ends an unfinished scalar as U+FFFD.
    mutating func giveUp(into text: inout String.UnicodeScalarView) {
        guard missing > 0 else { return }
        missing = 0
        text.append("\u{FFFD}")
    }

    private mutating func begin(
        _ bits: UInt8,
        missing: Int,
        allowed: ClosedRange<UInt8> = 0x80...0xBF
    ) {
        value = UInt32(bits)
        self.missing = missing
        self.allowed = allowed
    }
}
