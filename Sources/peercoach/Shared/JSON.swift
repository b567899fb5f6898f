// SPDX-License-Identifier: Apache-2.0

/// A value of JSON with keys in the order in which they were put.
enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Int64)
    /// So many tenths.
    case tenths(Int64)
    case string(String)
    case array([JSON])
    case object([Field])

    /// A key with its value.
    struct Field: Hashable, Sendable {
        var key: String
        var value: JSON
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Field(key: $0.0, value: $0.1) })
    }

    /// Makes a string, or null of nothing.
    init(_ text: String?) { self = text.map(JSON.string) ?? .null }
    /// Makes a number, or null of nothing; numbers over the range stay at its end.
    init(_ number: (some BinaryInteger)?) {
        self = number.map { JSON.number(Int64(clamping: $0)) } ?? .null
    }
    /// Makes an array of strings.
    init(_ texts: [String]) { self = .array(texts.map(JSON.string)) }
}

extension JSON {
    /// The value on one line.
    ///
    /// Whatever could drive a terminal or look like a line's end is escaped, so that the line
    /// can also be printed; a reader of JSON gets the text back as it was.
    var line: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let value): text += String(value)
        case .tenths(let value):
            let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 10)
            text += (value < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
        case .string(let value): Self.quote(value, &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        case .object(let fields):
            text += "{"
            for (index, field) in fields.enumerated() {
                if index > 0 { text += "," }
                Self.quote(field.key, &text)
                text += ":"
                field.value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func quote(_ value: String, _ text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                if isUnsafe(scalar) {
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        text += "\""
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: return false
        case 0x00...0x9F: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            return true
        default: return false
        }
    }
}
