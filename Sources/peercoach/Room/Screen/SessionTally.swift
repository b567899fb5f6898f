// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// What this view has seen of the running session, for its summary.
///
/// - Limits: ``promisesMax`` promises, ``turnsMax`` turns and ``coachingMax`` lines about coaching.
struct SessionTally: Hashable, Sendable {
    static let promisesMax = 500
    static let turnsMax = 200
    static let coachingMax = 4_000

    /// A promise and where it was made.
    struct Promise: Hashable, Sendable {
        var author: PersonID
        var text: String
        var due: Timestamp?
        var key: TranscriptKey
        var number: UInt64
    }

    /// The session it is about.
    private(set) var session: SessionID?
    /// When the session began.
    private(set) var began = Timestamp(milliseconds: .max)
    /// Who is to be named, in the order in which it was promised.
    private(set) var promises: [Promise] = []
    /// The lines of each turn that one may read.
    private(set) var turns: [TurnID: Int] = [:]
    private(set) var roomLines = 0
    private(set) var peersLines = 0
    private(set) var directLines = 0
    private(set) var notes = 0
    /// Lines that can say how one coached.
    private(set) var coaching: [CoachingLine] = []
    /// The last number of each place, so that nothing counts twice.
    private var numbers: [TranscriptKey: UInt64] = [:]

    /// Begins anew with a session.
    mutating func begin(_ session: RunningSession) {
        guard self.session != session.id else { return }
        self = SessionTally()
        self.session = session.id
        began = session.startedAt
    }

    /// Counts a line, if it belongs to the session.
    mutating func take(_ line: HeardLine, in room: Room) {
        if let running = room.session { begin(running) }
        guard let session, line.at >= began, line.text != nil else { return }
        if let last = numbers[line.key], line.number <= last { return }
        numbers[line.key] = line.number
        guard line.kind.needsFloor else { return }
        if coaching.count < Self.coachingMax, let one = CoachingLine(line) { coaching.append(one) }
        switch line.key {
        case .turn(let id):
            guard id.session == session, turns[id] != nil || turns.count < Self.turnsMax else {
                return
            }
            turns[id, default: 0] += 1
        case .room, .prompt(_, .room): roomLines += 1
        case .peers, .prompt: peersLines += 1
        case .direct: directLines += 1
        case .own: notes += 1
        case .programme: return
        }
        guard line.kind == .commit, let author = line.author, let text = line.text,
            promises.count < Self.promisesMax
        else { return }
        promises.append(
            Promise(
                author: author,
                text: text,
                due: line.due,
                key: line.key,
                number: line.number
            )
        )
    }

    /// Counts a line no more that is gone.
    mutating func forget(_ line: HeardLine) {
        promises.removeAll { $0.key == line.key && $0.number == line.number }
        coaching.removeAll { $0.key == line.key && $0.number == line.number }
        guard let session, line.at >= began, line.text != nil, line.kind.needsFloor,
            line.number <= numbers[line.key] ?? 0
        else { return }
        switch line.key {
        case .turn(let id):
            guard id.session == session, let count = turns[id], count > 0 else { return }
            turns[id] = count - 1
        case .room, .prompt(_, .room): roomLines = max(0, roomLines - 1)
        case .peers, .prompt: peersLines = max(0, peersLines - 1)
        case .direct: directLines = max(0, directLines - 1)
        case .own: notes = max(0, notes - 1)
        case .programme: return
        }
    }
}
