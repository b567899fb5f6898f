// SPDX-License-Identifier: Apache-2.0
import CBOR

// The payload of the events about an agreed deviation: a map with the keys of its `CodingKeys`.

extension Deviation {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var less: PersonID?
        var more: PersonID?
        var minutes: UInt16?
        var once: Bool?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: less = try reader.identifier()
            case 1: more = try reader.identifier()
            case 2: minutes = try reader.integer()
            case 3: once = try reader.bool()
            default: return false
            }
            return true
        }
        guard let less, let more, let once else { throw reader.missing }
        self.init(less: less, more: more, minutes: minutes, once: once)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(minutes == nil ? 3 : 4)
        writer.key(0)
        writer.identifier(less)
        writer.key(1)
        writer.identifier(more)
        if let minutes {
            writer.key(2)
            writer.uint(UInt64(minutes))
        }
        writer.key(3)
        writer.bool(once)
    }
}
