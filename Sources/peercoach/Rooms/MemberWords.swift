// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel

/// Words about who is in a room: how they came in, how they are known, what they read.
enum MemberWords {
    /// Who let somebody in, when, and on whose word.
    static func entered(
        _ person: PersonID,
        _ admission: Admitted?,
        _ room: Room,
        _ now: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> String {
        guard let admission else { return "let in before" }
        let when = Words.moment(admission.at, now: now, calendar)
        guard let by = admission.by, by != person else { return "opened the room, \(when)" }
        let keeper = room.shownName(by)
        let word =
            switch admission.voucher {
            case nil: "on their own word"
            case keeper: "who invited them"
            case let voucher?: "on the word of \(voucher)"
            }
        return "let in by \(keeper), \(word), \(when)"
    }

    /// How somebody's identity is known on this device; empty for oneself.
    static func standing(
        _ standing: IdentityStanding?,
        _ now: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> String {
        switch standing {
        case .own, nil: ""
        case .matched(let at): "digits were the same, \(Words.day(at, now: now, calendar))"
        case .unmatched(let at):
            "DIGITS WERE NOT THE SAME, \(Words.day(at, now: now, calendar))"
        case .invited: "known from your invite"
        case .otherThanBefore: "OTHER KEYS THAN BEFORE"
        case .notCompared: "digits not compared"
        }
    }

    /// The same in one word, for programs.
    static func code(_ standing: IdentityStanding?) -> String {
        switch standing {
        case .own: "own"
        case .matched: "matched"
        case .unmatched: "unmatched"
        case .invited: "invited"
        case .otherThanBefore: "otherThanBefore"
        case .notCompared, nil: "notCompared"
        }
    }

    /// Who reads what goes somewhere, and since when: "Lena and you since 14:10; Ben since 14:22".
    ///
    /// - Parameters:
    ///   - readers: names with the time since when they read there, in order.
    ///   - now: the time.
    ///   - calendar: the place's days and hours.
    /// - Returns: the words; who came at the same time stand together.
    static func readers(
        _ readers: [(name: String, since: Timestamp?)],
        now: Timestamp,
        _ calendar: WallCalendar = .local
    ) -> String {
        var groups: [(since: String, names: [String])] = []
        for (name, since) in readers {
            let text = since.map { " since \(Words.moment($0, now: now, calendar))" } ?? ""
            if let index = groups.firstIndex(where: { $0.since == text }) {
                groups[index].names.append(name)
            } else {
                groups.append((text, [name]))
            }
        }
        return groups.map { Words.list($0.names) + $0.since }.joined(separator: "; ")
    }
}

extension Room {
    /// Who reads what goes somewhere, with the time since when, earliest first.
    func readersSince(
        _ key: TranscriptKey,
        _ log: AdmissionLog,
        me: PersonID
    ) -> [(name: String, since: Timestamp?)] {
        audience(of: key)
            .map { person in
                (name: person == me ? "you" : shownName(person), since: log.since(person, key))
            }
            .sorted { left, right in
                let first = left.since?.milliseconds ?? 0
                let second = right.since?.milliseconds ?? 0
                if first != second { return first < second }
                // Oneself stands last among those who came together.
                if left.name == "you" || right.name == "you" { return right.name == "you" }
                return left.name < right.name
            }
    }
}
