// SPDX-License-Identifier: Apache-2.0
import CBOR

// The payloads of the events about meetings: maps with the keys of their `CodingKeys`; what is
// absent is left out.

extension MeetingSet {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var id: UInt32?
        var start: Timestamp?
        var minutes: UInt16?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: id = try reader.integer()
            case 1: start = try reader.timestamp()
            case 2: minutes = try reader.integer()
            default: return false
            }
            return true
        }
        guard let id, let minutes else { throw reader.missing }
        self.init(id: id, start: start, minutes: minutes)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(start == nil ? 2 : 3)
        writer.key(0)
        writer.uint(UInt64(id))
        if let start {
            writer.key(1)
            writer.int(start.milliseconds)
        }
        writer.key(2)
        writer.uint(UInt64(minutes))
    }
}

extension Coming {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var meeting: UInt32?
        var comes: Bool?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: meeting = try reader.integer()
            case 1: comes = try reader.bool()
            default: return false
            }
            return true
        }
        guard let meeting, let comes else { throw reader.missing }
        self.init(meeting: meeting, comes: comes)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.uint(UInt64(meeting))
        writer.key(1)
        writer.bool(comes)
    }
}
