// SPDX-License-Identifier: Apache-2.0
import CBOR

extension SessionFormat {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var name: String?
        var title: String?
        var source: String?
        var version: UInt32?
        var pods: PodSizes?
        var opening: [Phase]?
        var round: [Phase]?
        var closing: [Phase]?
        var roundsMost: UInt8?
        var seating: Seating?
        var labels: RoleLabels?
        var visits: Bool?
        var absence: Absence?
        var graceSeconds: UInt32?
        var follows: MeetingLink?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: name = try reader.text()
            case 1: title = try reader.text()
            case 2: source = try reader.text()
            case 3: version = try reader.integer()
            case 4: pods = try PodSizes(&reader)
            case 5: opening = try Phase.list(&reader)
            case 6: round = try Phase.list(&reader)
            case 7: closing = try Phase.list(&reader)
            case 8: roundsMost = try reader.integer()
            case 9: seating = try reader.choice()
            case 10: labels = try RoleLabels(&reader)
            case 11: visits = try reader.bool()
            case 12: absence = try reader.choice()
            case 13: graceSeconds = try reader.integer()
            case 14: follows = try MeetingLink(&reader)
            default: return false
            }
            return true
        }
        guard let name, let title, let source, let version, let pods, let opening, let round,
            let closing
        else { throw reader.missing }
        self.init(
            name: name,
            title: title,
            source: source,
            version: version,
            pods: pods,
            opening: opening,
            round: round,
            closing: closing,
            roundsMost: roundsMost,
            seating: seating,
            labels: labels,
            visits: visits,
            absence: absence,
            graceSeconds: graceSeconds,
            follows: follows
        )
    }

    func write(to writer: inout CBORWriter) {
        let further = [
            roundsMost != nil, seating != nil, labels != nil, visits != nil, absence != nil,
            graceSeconds != nil, follows != nil,
        ]
        writer.map(8 + further.count { $0 })
        writer.key(0)
        writer.text(name)
        writer.key(1)
        writer.text(title)
        writer.key(2)
        writer.text(source)
        writer.key(3)
        writer.uint(UInt64(version))
        writer.key(4)
        pods.write(to: &writer)
        for (key, phases) in [(5, opening), (6, round), (7, closing)] as [(UInt64, [Phase])] {
            writer.key(key)
            writer.array(phases.count)
            for phase in phases { phase.write(to: &writer) }
        }
        if let roundsMost {
            writer.key(8)
            writer.uint(UInt64(roundsMost))
        }
        if let seating {
            writer.key(9)
            writer.uint(UInt64(seating.rawValue))
        }
        if let labels {
            writer.key(10)
            labels.write(to: &writer)
        }
        if let visits {
            writer.key(11)
            writer.bool(visits)
        }
        if let absence {
            writer.key(12)
            writer.uint(UInt64(absence.rawValue))
        }
        if let graceSeconds {
            writer.key(13)
            writer.uint(UInt64(graceSeconds))
        }
        if let follows {
            writer.key(14)
            follows.write(to: &writer)
        }
    }
}

extension RoleLabels {
    fileprivate init(_ reader: inout CBORReader) throws(CBORError) {
        self.init()
        var labels = RoleLabels()
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 1: labels.client = try reader.text()
            case 2: labels.coach = try reader.text()
            case 3: labels.observer = try reader.text()
            default: return false
            }
            return true
        }
        self = labels
    }

    fileprivate func write(to writer: inout CBORWriter) {
        let texts = [(1, client), (2, coach), (3, observer)] as [(UInt64, String?)]
        writer.map(texts.count { $0.1 != nil })
        for case (let key, let text?) in texts {
            writer.key(key)
            writer.text(text)
        }
    }
}

extension PodSizes {
    fileprivate init(_ reader: inout CBORReader) throws(CBORError) {
        var smallest: UInt8?
        var usual: UInt8?
        var largest: UInt8?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: smallest = try reader.integer()
            case 1: usual = try reader.integer()
            case 2: largest = try reader.integer()
            default: return false
            }
            return true
        }
        guard let smallest, let usual, let largest else { throw reader.missing }
        self.init(smallest: smallest, usual: usual, largest: largest)
    }

    fileprivate func write(to writer: inout CBORWriter) {
        writer.map(3)
        writer.key(0)
        writer.uint(UInt64(smallest))
        writer.key(1)
        writer.uint(UInt64(usual))
        writer.key(2)
        writer.uint(UInt64(largest))
    }
}

extension Phase {
    fileprivate static func list(_ reader: inout CBORReader) throws(CBORError) -> [Phase] {
        try reader.list(max: 255) { (reader) throws(CBORError) in try Phase(&reader) }
    }

    fileprivate init(_ reader: inout CBORReader) throws(CBORError) {
        var name: String?
        var title: String?
        var seconds: UInt32?
        var parts: [Part]?
        var isHeld: Bool?
        var interventions: [EntryKind]?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: name = try reader.text()
            case 1: title = try reader.text()
            case 2: seconds = try reader.integer()
            case 3:
                parts = try reader.list(max: 255) { (reader) throws(CBORError) in
                    try Part(&reader)
                }
            case 4: isHeld = try reader.bool()
            case 5:
                interventions = try reader.list(max: 255) { (reader) throws(CBORError) in
                    try reader.choice()
                }
            default: return false
            }
            return true
        }
        guard let name, let title, let seconds, let parts else { throw reader.missing }
        self.init(
            name: name,
            title: title,
            seconds: seconds,
            parts: parts,
            isHeld: isHeld,
            interventions: interventions
        )
    }

    fileprivate func write(to writer: inout CBORWriter) {
        writer.map(4 + (isHeld == nil ? 0 : 1) + (interventions == nil ? 0 : 1))
        writer.key(0)
        writer.text(name)
        writer.key(1)
        writer.text(title)
        writer.key(2)
        writer.uint(UInt64(seconds))
        writer.key(3)
        writer.array(parts.count)
        for part in parts { part.write(to: &writer) }
        if let isHeld {
            writer.key(4)
            writer.bool(isHeld)
        }
        if let interventions {
            writer.key(5)
            writer.array(interventions.count)
            for kind in interventions { writer.uint(UInt64(kind.rawValue)) }
        }
    }
}

extension Part {
    fileprivate init(_ reader: inout CBORReader) throws(CBORError) {
        var role: Role?
        var kinds: [EntryKind]?
        var bare: EntryKind?
        var spoken: EntryKind?
        var sentence: String?
        var floor: Floor?
        var must: [EntryKind]?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: role = try reader.choice()
            case 1:
                kinds = try reader.list(max: 255) { (reader) throws(CBORError) in
                    try reader.choice()
                }
            case 2: bare = try reader.choice()
            case 3: spoken = try reader.choice()
            case 4: sentence = try reader.text()
            case 5: floor = try reader.choice()
            case 6:
                must = try reader.list(max: 255) { (reader) throws(CBORError) in
                    try reader.choice()
                }
            default: return false
            }
            return true
        }
        guard let role, let kinds, let bare, let spoken, let sentence else {
            throw reader.missing
        }
        self.init(
            role: role,
            kinds: kinds,
            bare: bare,
            spoken: spoken,
            sentence: sentence,
            floor: floor,
            must: must
        )
    }

    fileprivate func write(to writer: inout CBORWriter) {
        writer.map(5 + (floor == nil ? 0 : 1) + (must == nil ? 0 : 1))
        writer.key(0)
        writer.uint(UInt64(role.rawValue))
        writer.key(1)
        writer.array(kinds.count)
        for kind in kinds { writer.uint(UInt64(kind.rawValue)) }
        writer.key(2)
        writer.uint(UInt64(bare.rawValue))
        writer.key(3)
        writer.uint(UInt64(spoken.rawValue))
        writer.key(4)
        writer.text(sentence)
        if let floor {
            writer.key(5)
            writer.uint(UInt64(floor.rawValue))
        }
        if let must {
            writer.key(6)
            writer.array(must.count)
            for kind in must { writer.uint(UInt64(kind.rawValue)) }
        }
    }
}
