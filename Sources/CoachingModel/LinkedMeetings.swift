// SPDX-License-Identifier: Apache-2.0
import CBOR

/// Which meeting one goes on from: that of another format, with the same people in the same roles.
///
/// - Source: CAPABILITIES.md F7, U9 and U10.
public struct MeetingLink: Codable, Hashable, Sendable {
    /// The name of the format that was held before.
    public var before: String
    /// Whether each coach must have written to their client since; `nil` where not.
    public var written: Bool?

    enum CodingKeys: Int, CodingKey {
        case before = 0
        case written = 1
    }

    /// Makes a link.
    public init(before: String, written: Bool? = nil) {
        self.before = before
        self.written = written
    }
}

extension MeetingLink {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var before: String?
        var written: Bool?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: before = try reader.text()
            case 1: written = try reader.bool()
            default: return false
            }
            return true
        }
        guard let before else { throw reader.missing }
        self.init(before: before, written: written)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(written == nil ? 1 : 2)
        writer.key(0)
        writer.text(before)
        if let written {
            writer.key(1)
            writer.bool(written)
        }
    }
}

/// A meeting that was held, as far as another one still goes on from it.
public struct EarlierMeeting: Hashable, Sendable {
    /// When it began.
    public var began: Timestamp
    /// Its turns that were held and that nobody has gone on from yet, in their order.
    public var turns: [TurnState]
}

extension Room {
    /// Finds the meeting from which one of a format goes on: the last one held of the format
    /// that it follows; `nil` where there is none, or all of its turns were gone on from.
    public func earlierMeeting(of format: SessionFormat) -> EarlierMeeting? {
        guard let link = format.follows,
            let index = sessions.lastIndex(where: { $0.isHeld && $0.format == link.before })
        else { return nil }
        let earlier = sessions[index]
        let later = sessions[(index + 1)...].filter { $0.isHeld && $0.format == format.name }
        guard earlier.hadRounds else {
            return later.isEmpty ? EarlierMeeting(began: earlier.began, turns: []) : nil
        }
        let done = Set(later.flatMap(\.turns).filter(\.held).map(\.turn.pod.client))
        let turns = earlier.turns.filter { $0.held && !done.contains($0.turn.pod.client) }
        return turns.isEmpty ? nil : EarlierMeeting(began: earlier.began, turns: turns)
    }

    /// Plans a meeting that goes on from another one.
    ///
    /// - Throws: ``RoomRejection/meetingBeforeMissing`` or `pairsNotPresent`.
    func continuedRounds(
        of format: SessionFormat,
        present: [PersonID]
    ) throws(RoomRejection) -> [[Pod]] {
        guard let earlier = earlierMeeting(of: format) else { throw .meetingBeforeMissing }
        if format.hasNoRounds { return [] }
        let rounds = RotationPlanner.continued(earlier.turns, present: Set(present))
        guard !rounds.isEmpty else { throw .pairsNotPresent }
        return rounds
    }

    /// Lists what has to be written before a meeting of a format opens with these rounds: each
    /// coach's feedback to their client, since the meeting from which it goes on.
    ///
    /// Nobody but the two is told whether it was.
    public func writtenAwaited(for format: SessionFormat, in rounds: [[Pod]]) -> [FeedbackDue] {
        guard format.follows?.written == true else { return [] }
        var awaited: [FeedbackDue] = []
        for pod in rounds.joined() {
            for coach in pod.coaches where coach != pod.client {
                let due = FeedbackDue(.written, from: coach, to: pod.client)
                if !awaited.contains(due) { awaited.append(due) }
            }
        }
        return awaited
    }
}

extension RotationPlanner {
    /// Gives the rounds of a meeting that goes on from turns of another: the same people in the
    /// same roles, as far as they are there; a turn without its client or any of its coaches
    /// falls out.
    static func continued(_ turns: [TurnState], present: Set<PersonID>) -> [[Pod]] {
        var rounds: [UInt8: [Pod]] = [:]
        for turn in turns.map(\.turn).sorted(by: { $0.id < $1.id }) {
            var pod = turn.pod
            pod.coaches = pod.coaches.filter(present.contains)
            pod.observers = pod.observers.filter(present.contains)
            guard present.contains(pod.client), !pod.coaches.isEmpty else { continue }
            rounds[turn.round, default: []].append(pod)
        }
        return rounds.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension Course {
    /// Plans what is left of a meeting that goes on from another one with who is there now.
    mutating func goOn(from round: UInt8, with people: Set<PersonID>) {
        guard let session = room.session else { return }
        let had = Set(session.turns.values.map(\.turn.pod.client))
        let turns = room.earlierMeeting(of: session.format)?.turns ?? []
        let rounds = RotationPlanner.continued(
            turns.filter { !had.contains($0.turn.pod.client) },
            present: people
        )
        guard rounds.count + Int(round) - 1 <= RoomLimits.roundsMax,
            Array(session.plan.rounds.dropFirst(Int(round) - 1)) != rounds
        else { return }
        follow(.replanned(Replanned(session: session.id, from: round, rounds: rounds)))
    }
}
