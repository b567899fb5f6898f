// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Digits to compare by voice, with one person or with the whole room.",
        discussion: """
            With a name: 60 digits that only the two of you have if nobody stands between you.
            Without: the room's 30 digits, which are the same for all who are in it until somebody
            comes, goes or has other keys. Compare by voice or side by side, never by a message
            through this server. What you answer is kept on this device alone.
            """
    )

    @Argument(help: "With whom; nobody for the whole room.")
    var name: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            try await opened.inRoom(nil, depth: .everything) { session, room in
                if let name {
                    let member = try opened.member(name, of: room)
                    try await opened.compare(with: member, session)
                } else {
                    try await opened.compareRoom(session)
                }
            }
        }
    }
}

/// Words about digits.
enum DigitWords {
    /// The digits as they are read: six groups a line.
    static func lines(_ number: SafetyNumber) -> [String] {
        stride(from: 0, to: number.groups.count, by: 6).map { start in
            number.groups[start..<min(start + 6, number.groups.count)].joined(separator: " ")
        }
    }

    /// What two people do with them.
    static func pairSteps(_ name: String) -> [String] {
        [
            "Call \(name), or meet; \(name) does the same with your name. One reads the first line"
                + " aloud, the other the second. Every digit must be the same."
        ]
    }

    /// What a room does with them.
    static let roomSteps = [
        "One reads them aloud, by voice; everybody who is in must have the same."
    ]
    static let pairQuestion = "Did they match?"
    static let roomQuestion = "Did everybody have the same?"

    /// What is said after a comparison with a person.
    static func pairAnswer(_ name: String, matched: Bool) -> String {
        matched
            ? "Kept on this device: your digits and those of \(name) are the same."
            : "CAREFUL: then somebody may stand between you and \(name). Nothing of yours goes "
                + "where \(name) reads. Tell your group, by another way."
    }

    /// What is said after a comparison with all.
    static func roomAnswer(matched: Bool) -> String {
        matched
            ? "Kept on this device: the room's digits were read aloud. They are shown again when "
                + "they change."
            : "CAREFUL: then somebody sees another room than you. Write nothing here, and compare "
                + "with each person: verify NAME"
    }
}

extension Opened {
    fileprivate func compare(with member: RosterMember, _ session: RoomSession) async throws {
        let number = try await session.safetyNumber(with: member.person)
        output.line("Your digits and those of \(member.name):")
        for line in DigitWords.lines(number) { output.line("  " + line) }
        output.lines(DigitWords.pairSteps(member.name))
        output.object([
            "type": "digits", "name": .string(member.name), "digits": JSON(number.groups),
            "verified": .string(MemberWords.code(try await session.identities()[member.person])),
        ])
        guard let matched = try await asking.answer(DigitWords.pairQuestion) else { return }
        try await session.noteCompared(member.person, matched: matched)
        output.line(DigitWords.pairAnswer(member.name, matched: matched))
    }

    fileprivate func compareRoom(_ session: RoomSession) async throws {
        let room = try await session.roomNumber()
        output.line("The digits of \(session.name):")
        for line in DigitWords.lines(room.number) { output.line("  " + line) }
        output.lines(DigitWords.roomSteps)
        if let at = room.readAloud {
            output.line("You have read them aloud as they are, \(Words.day(at, now: now)).")
        }
        output.object([
            "type": "digits", "room": .string(session.name), "digits": JSON(room.number.groups),
            "readAloud": JSON(room.readAloud.map(Words.stamp)),
        ])
        guard let matched = try await asking.answer(DigitWords.roomQuestion) else { return }
        if matched { try await session.noteReadAloud() }
        output.line(DigitWords.roomAnswer(matched: matched))
    }
}

extension Asking {
    /// Asks what only somebody who looked can answer; `--yes` does not answer it.
    ///
    /// - Returns: the answer; `nil` where there is none: an empty line, or nobody at a terminal.
    func answer(_ question: String) async throws(ClientError) -> Bool? {
        guard Self.isPossible, !output.isJSON else { return nil }
        for _ in 0..<3 {
            output.prompt(question + " yes or no, or Enter for later: ")
            guard let answer = await Self.line()?.lowercased() else { return nil }
            switch answer.filter({ !$0.isWhitespace }) {
            case "y", "yes": return true
            case "n", "no": return false
            case "": return nil
            default: output.notice("Type yes or no.")
            }
        }
        return nil
    }
}
