// SPDX-License-Identifier: Apache-2.0
import CBOR

// The payloads of a prompt's events: maps with the keys of their `CodingKeys`.

extension PromptOpened {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var prompt: PromptID?
        var scope: Scope?
        var audience: [PersonID]?
        var ends: Timestamp?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: prompt = try reader.identifier()
            case 1: scope = try reader.choice()
            case 2: audience = try reader.identifiers(max: RoomLimits.peopleBound)
            case 3: ends = try reader.timestamp()
            default: return false
            }
            return true
        }
        guard let prompt, let scope, let audience, let ends else { throw reader.missing }
        self.init(prompt: prompt, scope: scope, audience: audience, ends: ends)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(4)
        writer.key(0)
        writer.identifier(prompt)
        writer.key(1)
        writer.uint(UInt64(scope.rawValue))
        writer.key(2)
        writer.identifiers(audience)
        writer.key(3)
        writer.int(ends.milliseconds)
    }
}

extension PromptClosed {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var prompt: PromptID?
        var answers: UInt16?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: prompt = try reader.identifier()
            case 1: answers = try reader.integer()
            default: return false
            }
            return true
        }
        guard let prompt, let answers else { throw reader.missing }
        self.init(prompt: prompt, answers: answers)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.identifier(prompt)
        writer.key(1)
        writer.uint(UInt64(answers))
    }
}
