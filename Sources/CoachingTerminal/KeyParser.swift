// SPDX-License-Identifier: Apache-2.0

/// Makes keys from the bytes of a terminal, however they are cut into reads.
///
/// Bytes that mean nothing here are dropped. Pasted text (bracketed paste) never submits: its
/// line breaks become spaces.
///
/// - Limits: it holds at most ``parametersMax`` bytes of a sequence and one unfinished scalar; a
///   string that a terminal sends is skipped to its end, ``skippedMax`` bytes at most.
public struct KeyParser: Sendable {
    /// The bytes of a control sequence that are kept; a longer one means nothing.
    public static let parametersMax = 16
    /// The bytes of a terminal's own string (a report) that are skipped.
    public static let skippedMax = 4_096

    private enum State: Hashable {
        case ground
        case escape
        case sequence
        case shifted
        case functionKey
        case string(escaped: Bool)
    }

    private var state = State.ground
    private var parameters: [UInt8] = []
    private var isTooLong = false
    private var skipped = 0
    private var isPasting = false
    private var afterReturn = false
    private var assembler = UTF8Assembler()
    private var text = String.UnicodeScalarView()
    private var keys: [Key] = []

    /// Starts with nothing pending.
    public init() {}

    /// Tells whether an escape or a scalar has begun that ``flush()`` would end.
    public var isWaiting: Bool { state != .ground || assembler.isWaiting }

    /// Takes what was read and gives the keys that are whole.
    public mutating func feed(_ bytes: [UInt8]) -> [Key] {
        if isPasting, bytes == [0x03] {
            // A read of this one byte is a key press: the way out when a paste never ends.
            isPasting = false
            state = .ground
            return [.interrupt]
        }
        for byte in bytes { take(byte) }
        return taken()
    }

    /// Ends what is unfinished, when nothing followed for a moment: a lone ESC is the key Escape.
    public mutating func flush() -> [Key] {
        // A paste may pause anywhere, even inside the mark of its end.
        if isPasting { return taken() }
        assembler.giveUp(into: &text)
        if state == .escape { press(.escape) }
        state = .ground
        return taken()
    }

    private mutating func taken() -> [Key] {
        endText()
        defer { keys.removeAll(keepingCapacity: false) }
        return keys
    }

    private mutating func endText() {
        guard !text.isEmpty else { return }
        keys.append(.text(String(text)))
        text = String.UnicodeScalarView()
    }

    private mutating func press(_ key: Key) {
        endText()
        // In a paste nothing is a key press.
        if !isPasting { keys.append(key) }
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .ground: takeGround(byte)
        case .escape: takeEscape(byte)
        case .sequence: takeSequence(byte)
        case .shifted:
            state = .ground
            if byte == 0x1B { state = .escape } else { takeFinal(byte) }
        case .functionKey: state = byte == 0x1B ? .escape : .ground
        case .string(let escaped): takeString(byte, escaped: escaped)
        }
    }

    private mutating func takeGround(_ byte: UInt8) {
        if byte >= 0x20, byte != 0x7F {
            afterReturn = false
            assembler.take(byte, into: &text)
            return
        }
        assembler.giveUp(into: &text)
        if byte == 0x1B {
            state = .escape
        } else if isPasting {
            takePastedControl(byte)
        } else {
            takeControl(byte)
        }
        afterReturn = byte == 0x0D
    }

    private mutating func takePastedControl(_ byte: UInt8) {
        if byte == 0x0A, afterReturn { return }
        if (0x09...0x0D).contains(byte) { text.append(" ") }
    }

    private mutating func takeControl(_ byte: UInt8) {
        switch byte {
        case 0x01: press(.home)
        case 0x02: press(.left)
        case 0x03: press(.interrupt)
        case 0x04: press(.endOfInput)
        case 0x05: press(.end)
        case 0x06: press(.right)
        case 0x08, 0x7F: press(.backspace)
        case 0x09: press(.tab)
        case 0x0A: if !afterReturn { press(.enter) }
        case 0x0B: press(.killToEnd)
        case 0x0C: press(.clearScreen)
        case 0x0D: press(.enter)
        case 0x0E: press(.down)
        case 0x10: press(.up)
        case 0x15: press(.killToStart)
        case 0x17: press(.killWordLeft)
        case 0x19: press(.yank)
        case 0x1A: press(.suspend)
        default: break
        }
    }

    private mutating func takeEscape(_ byte: UInt8) {
        state = .ground
        if isPasting, byte != UInt8(ascii: "["), byte != 0x1B {
            // Only the end of the paste is looked for in it.
            takeGround(byte)
            return
        }
        switch byte {
        case UInt8(ascii: "["):
            parameters.removeAll(keepingCapacity: true)
            isTooLong = false
            state = .sequence
        case UInt8(ascii: "O"):
            parameters.removeAll(keepingCapacity: true)
            state = .shifted
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"),
            UInt8(ascii: "_"):
            skipped = 0
            state = .string(escaped: false)
        case 0x1B:
            press(.escape)
            state = .escape
        case UInt8(ascii: "b"), UInt8(ascii: "B"): press(.wordLeft)
        case UInt8(ascii: "f"), UInt8(ascii: "F"): press(.wordRight)
        case UInt8(ascii: "d"), UInt8(ascii: "D"): press(.killWordRight)
        case 0x08, 0x7F: press(.killWordLeft)
        case 0x00...0x1F, 0x80...0xFF: takeGround(byte)
        default: break
        }
    }

    private mutating func takeSequence(_ byte: UInt8) {
        switch byte {
        case 0x20...0x3F:
            if parameters.count < Self.parametersMax {
                parameters.append(byte)
            } else {
                isTooLong = true
            }
        case UInt8(ascii: "[") where parameters.isEmpty: state = .functionKey
        case 0x40...0x7E:
            state = .ground
            if !isTooLong { takeFinal(byte) }
            parameters.removeAll(keepingCapacity: true)
        case 0x1B: state = .escape
        default:
            state = .ground
            takeGround(byte)
        }
    }

    private mutating func takeString(_ byte: UInt8, escaped: Bool) {
        skipped += 1
        if byte == 0x07 || byte == 0x18 || byte == 0x1A || skipped >= Self.skippedMax {
            state = .ground
        } else if escaped, byte == UInt8(ascii: "\\") {
            state = .ground
        } else {
            state = .string(escaped: byte == 0x1B)
        }
    }

    private mutating func takeFinal(_ byte: UInt8) {
        let numbers = parameters.split(
            separator: UInt8(ascii: ";"),
            omittingEmptySubsequences: false
        )
        let first = numbers.first.map(Array.init) ?? []
        let modified = numbers.count > 1 && (numbers[1] == [0x33] || numbers[1] == [0x35])
        switch byte {
        case UInt8(ascii: "A"): press(.up)
        case UInt8(ascii: "B"): press(.down)
        case UInt8(ascii: "C"): press(modified ? .wordRight : .right)
        case UInt8(ascii: "D"): press(modified ? .wordLeft : .left)
        case UInt8(ascii: "F"): press(.end)
        case UInt8(ascii: "H"): press(.home)
        case UInt8(ascii: "M"): press(.enter)
        case UInt8(ascii: "~"): takeNumbered(first)
        default: break
        }
    }

    private mutating func takeNumbered(_ number: [UInt8]) {
        switch String(decoding: number, as: UTF8.self) {
        case "1", "7": press(.home)
        case "4", "8": press(.end)
        case "3": press(.delete)
        case "200":
            endText()
            isPasting = true
            afterReturn = false
        case "201":
            endText()
            isPasting = false
        default: break
        }
    }
}
