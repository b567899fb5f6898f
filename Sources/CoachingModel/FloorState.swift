// SPDX-License-Identifier: Apache-2.0
import CBOR

/// In which order a role speaks in a phase; without one all with the role may speak at any time.
public enum Floor: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// One at a time, each once; who has had the floor least comes first.
    case round = 1
    /// Whatever is not a question cites the question that it answers.
    case questionFirst = 2
}

/// What somebody wants of the floor, or of the phase.
public enum FloorWish: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// Has spoken, or does not want to: the next one has the floor.
    case pass = 1
    /// Would like to speak.
    case ask = 2
    /// Is ready to go on; once all who are there are, the phase is over.
    case ready = 3
    /// Shall speak now, alone: a facilitator gives them the floor.
    case give = 4
    /// Shall speak alone no longer: a facilitator takes back what was given.
    case take = 5
}

/// A word about the floor.
public struct FloorCall: Codable, Hashable, Sendable {
    /// What is wanted.
    public var wish: FloorWish
    /// By whom; for whom who keeps the time passes; to or from whom a facilitator gives or takes.
    public var person: PersonID

    enum CodingKeys: Int, CodingKey {
        case wish = 0
        case person = 1
    }

    /// Makes a call.
    public init(wish: FloorWish, person: PersonID) {
        self.wish = wish
        self.person = person
    }
}

extension FloorCall {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var wish: FloorWish?
        var person: PersonID?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: wish = try reader.choice()
            case 1: person = try reader.identifier()
            default: return false
            }
            return true
        }
        guard let wish, let person else { throw reader.missing }
        self.init(wish: wish, person: person)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.uint(UInt64(wish.rawValue))
        writer.key(1)
        writer.identifier(person)
    }
}

/// How the floor stands in the running phase of a pod, or of the whole group.
public struct FloorState: Hashable, Sendable {
    /// Who alone may speak, among those who speak one at a time or to whom it was given; `nil`
    /// where all of them may.
    public internal(set) var holder: PersonID?
    /// Whether a facilitator gave it: then all others who work here wait, in whatever order the
    /// phase speaks.
    public internal(set) var isGiven = false
    /// Who had it by the order of the phase when it was given to somebody else.
    var interrupted: PersonID?
    /// Who has had the floor, or passed.
    public internal(set) var passed: Set<PersonID> = []
    /// Who asked for the floor, in the order of asking.
    public internal(set) var asked: [PersonID] = []
    /// Who is ready to go on.
    public internal(set) var ready: Set<PersonID> = []
    /// What of that which must be there before the phase ends was put down, and by whom.
    public internal(set) var met: Set<NeedMet> = []
}
