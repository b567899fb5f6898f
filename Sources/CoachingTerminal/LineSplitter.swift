// SPDX-License-Identifier: Apache-2.0

/// One line of an input that is not a terminal.
public enum InputLine: Hashable, Sendable {
    /// A whole line without its end; what is not UTF-8 is U+FFFD.
    case line(String)
    /// A line over the limit; none of it was kept.
    case tooLong(bytesMax: Int)
}

/// Cuts bytes into lines.
///
/// - Limits: one unfinished line of `lineBytesMax` bytes; a longer one is skipped and named.
public struct LineSplitter: Sendable {
    /// The bytes that a line may have.
    public let lineBytesMax: Int
    private var pending: [UInt8] = []
    private var isTooLong = false

    /// Starts before the first line.
    public init(lineBytesMax: Int = 65_536) { self.lineBytesMax = lineBytesMax }

    /// Takes what was read and gives the lines that ended.
    public mutating func feed(_ bytes: [UInt8]) -> [InputLine] {
        var lines: [InputLine] = []
        for byte in bytes {
            if byte == 0x0A {
                lines.append(take())
            } else if pending.count < lineBytesMax {
                if !isTooLong { pending.append(byte) }
            } else {
                isTooLong = true
                pending = []
            }
        }
        return lines
    }

    /// Gives the last line, when the input ended without a line end.
    public mutating func finish() -> InputLine? {
        pending.isEmpty && !isTooLong ? nil : take()
    }

    private mutating func take() -> InputLine {
        defer {
            pending = []
            isTooLong = false
        }
        if isTooLong { return .tooLong(bytesMax: lineBytesMax) }
        if pending.last == 0x0D { pending.removeLast() }
        return .line(String(decoding: pending, as: UTF8.self))
    }
}
