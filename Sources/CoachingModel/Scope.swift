// SPDX-License-Identifier: Apache-2.0

/// Who can read an entry.
///
/// - Source: DESIGN.md, Scopes; the numbers stand on the wire.
public enum Scope: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// The author alone.
    case own = 0
    /// The author and one other member.
    case direct = 1
    /// Everyone with a role in one turn.
    case turn = 2
    /// The room's peers, without facilitators.
    case peers = 3
    /// Peers and facilitators.
    case room = 4
    /// What has been released to the programme's administrators.
    case programme = 5
}

/// What a transcript is for: a scope and, where the scope has several, which one.
///
/// - Source: DESIGN.md D2.
public enum TranscriptKey: Hashable, Sendable {
    /// One person's own transcript.
    case own(PersonID)
    /// The transcript of two persons, the lower identifier first.
    case direct(PersonID, PersonID)
    /// The transcript of one turn.
    case turn(TurnID)
    /// The peers' transcript.
    case peers
    /// The room's transcript.
    case room
    /// What one person has released to the programme's administrators.
    case programme(PersonID)
    /// The transcript of a question in `room` or `peers` that is answered without names (D15).
    case prompt(PromptID, Scope)

    /// Makes the key of the transcript that two persons share, in either order.
    public static func between(_ one: PersonID, _ other: PersonID) -> TranscriptKey {
        one < other ? .direct(one, other) : .direct(other, one)
    }

    /// The scope.
    public var scope: Scope {
        switch self {
        case .own: .own
        case .direct: .direct
        case .turn: .turn
        case .peers: .peers
        case .room: .room
        case .programme: .programme
        case .prompt(_, let scope): scope
        }
    }

    /// Whether it is that of a question that is answered without names.
    public var isPrompt: Bool {
        if case .prompt = self { true } else { false }
    }

    /// The instance as it stands in identifiers and headers: 16, 32, 18 or 0 bytes, 16 of
    /// a prompt and of what a person released.
    public var instance: [UInt8] {
        switch self {
        case .own(let person), .programme(let person): person.value.bytes
        case .direct(let first, let second): first.value.bytes + second.value.bytes
        case .turn(let turn): turn.session.value.bytes + [turn.round, turn.pod]
        case .peers, .room: []
        case .prompt(let prompt, _): prompt.value.bytes
        }
    }

    /// Reads a scope and instance; `nil` where the two do not fit or direct is not ascending.
    public init?(scope: Scope, instance: [UInt8]) {
        switch (scope, instance.count) {
        case (.own, 16):
            guard let person = Bytes16(instance) else { return nil }
            self = .own(PersonID(person))
        case (.direct, 32):
            guard let first = Bytes16(instance[..<16]), let second = Bytes16(instance[16...]),
                first < second
            else { return nil }
            self = .direct(PersonID(first), PersonID(second))
        case (.turn, 18):
            guard let session = Bytes16(instance[..<16]) else { return nil }
            self = .turn(
                TurnID(session: SessionID(session), round: instance[16], pod: instance[17])
            )
        case (.peers, 0): self = .peers
        case (.room, 0): self = .room
        case (.programme, 16):
            guard let person = Bytes16(instance) else { return nil }
            self = .programme(PersonID(person))
        case (.peers, 16), (.room, 16):
            guard let prompt = Bytes16(instance) else { return nil }
            self = .prompt(PromptID(prompt), scope)
        default: return nil
        }
    }
}

/// One pod in one round of a session.
public struct TurnID: Hashable, Comparable, Sendable {
    /// The session.
    public let session: SessionID
    /// The round, counted from 1.
    public let round: UInt8
    /// The pod, counted from 0.
    public let pod: UInt8

    /// Makes the identifier of a turn.
    public init(session: SessionID, round: UInt8, pod: UInt8) {
        self.session = session
        self.round = round
        self.pod = pod
    }

    /// Orders by session, round and pod.
    public static func < (left: TurnID, right: TurnID) -> Bool {
        (left.session, left.round, left.pod) < (right.session, right.round, right.pod)
    }
}
