// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingWire

/// What is known of the answers in a prompt's transcript.
///
/// - Source: DESIGN.md D15; Protocol/spec.md 12.13.
struct PromptReading: Sendable {
    /// What is wrong with an answer.
    enum Wrong: Hashable, Sendable {
        /// It came while the prompt was open.
        case early
        /// It is one more than were given.
        case extra
        /// It does not stand where its hash puts it, or has a time of its own.
        case order
        /// It has another length or key than all others, or does not open.
        case form
        /// Answers that were given did not come.
        case missing
    }

    /// The key of who asks, under which all answers stand.
    var key: KeyID?
    /// How many answers have come.
    private(set) var count = 0
    private var last: Bytes32?

    /// Counts an answer, and says what is wrong with its place.
    mutating func take(
        _ digest: Bytes32,
        at: Timestamp,
        under key: KeyID,
        _ end: PromptEnd?
    ) -> Wrong? {
        guard let end else { return .early }
        count += 1
        guard count <= end.answers else { return .extra }
        guard key == self.key else { return .form }
        guard at == end.at, last.map({ $0 < digest }) ?? true else { return .order }
        last = digest
        return nil
    }
}

extension RoomReplica {
    /// The prompt of a transcript that is read here; `nil` for other transcripts.
    private func prompt(of id: TranscriptID) -> (PromptID, PromptState?)? {
        guard case .prompt(let prompt, _)? = readings[id]?.key else { return nil }
        return (prompt, room.prompts[prompt])
    }

    /// Whether a frame is an answer to a prompt that is open as far as the log has come here.
    func isEarlyAnswer(_ pushed: PushedItem, _ isUnattributed: Bool) -> Bool {
        guard isUnattributed, let (_, state) = prompt(of: pushed.transcript) else { return false }
        return state?.isOpen ?? true
    }

    /// Names answers that came although their prompt is still open.
    ///
    /// The record that closes a prompt has the same time as its answers: where the log has gone
    /// on beyond that time, or has come as far as it was when the answers were there, it cannot
    /// follow any more.
    mutating func findEarlyAnswers() -> [RoomHappening] {
        var happenings: [RoomHappening] = []
        for (id, reading) in readings.sorted(by: { $0.key < $1.key }) where !reading.isBroken {
            guard case .item(let first)? = reading.held.first, isEarly(.item(first)),
                let (prompt, state) = self.prompt(of: id), let state, state.isOpen
            else { continue }
            let isComplete = room.position >= target ?? .max && first.number <= reading.target
            guard first.at < room.lastAt || isComplete else { continue }
            readings[id]?.isBroken = true
            readings[id]?.held = []
            happenings.append(.alarm(alarm(for: .early, prompt)))
        }
        return happenings
    }

    /// Names prompts of which answers are missing that were delivered when the room was followed.
    func findMissingAnswers() -> [RoomHappening] {
        readings.sorted { $0.key < $1.key }.compactMap { _, reading in
            guard case .prompt(let prompt, _) = reading.key, !reading.isBroken,
                let end = room.prompts[prompt]?.closed,
                UInt64(reading.answers.count) + reading.reader.tombstones < UInt64(end.answers)
            else { return nil }
            return .alarm(alarm(for: .missing, prompt))
        }
    }

    /// Puts into words what is wrong with the answers to a prompt.
    func alarm(for wrong: PromptReading.Wrong, _ prompt: PromptID) -> RoomAlarm {
        let name = room.prompts[prompt].flatMap { room.name(of: $0.asker) } ?? "somebody"
        let what = "what \(name) asked"
        switch wrong {
        case .early:
            return RoomAlarm(
                .wrongAnswers,
                "The server handed out answers to \(what) before it was closed. They are not"
                    + " shown. Tell the others and who runs the server.",
                isFatal: false
            )
        case .extra:
            return RoomAlarm(
                .wrongAnswers,
                "More answers to \(what) came than were given. This one is not shown."
                    + " Tell the others and who runs the server.",
                isFatal: false
            )
        case .order:
            return RoomAlarm(
                .wrongAnswers,
                "An answer to \(what) came in an order or at a time that could tell who wrote it."
                    + " It is not shown. Tell who runs the server.",
                isFatal: false
            )
        case .form:
            return RoomAlarm(
                .wrongAnswers,
                "An answer to \(what) is damaged or of another form than the others, and is not"
                    + " shown. Ask \(name) whether to ask again.",
                isFatal: false
            )
        case .missing:
            return RoomAlarm(
                .wrongAnswers,
                "The server left out answers to \(what). Ask the others how many they see.",
                isFatal: false
            )
        }
    }

    /// What a server does that hands out the answers of fewer than five.
    static let tooFewAnswers = RoomAlarm(
        .wrongAnswers,
        "The server hands out answers without names although fewer than five were given."
            + " Write nothing here, and ask the others, by another way, what they see.",
        isFatal: true
    )
}
