// SPDX-License-Identifier: Apache-2.0
import CBOR

// The payloads of the events about who keeps time: maps with the keys of their `CodingKeys`.

extension HandedOver {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var to: PersonID?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: to = try reader.identifier()
            default: return false
            }
            return true
        }
        self.init(to: to)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(to == nil ? 0 : 1)
        if let to {
            writer.key(0)
            writer.identifier(to)
        }
    }
}

extension RotaSet {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var order: [PersonID]?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: order = try reader.identifiers(max: RoomLimits.peopleBound)
            default: return false
            }
            return true
        }
        guard let order else { throw reader.missing }
        self.init(order: order)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(1)
        writer.key(0)
        writer.identifiers(order)
    }
}

extension KeeperReached {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var person: PersonID?
        var isReached: Bool?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: person = try reader.identifier()
            case 1: isReached = try reader.bool()
            default: return false
            }
            return true
        }
        guard let person, let isReached else { throw reader.missing }
        self.init(person: person, isReached: isReached)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.identifier(person)
        writer.key(1)
        writer.bool(isReached)
    }
}
