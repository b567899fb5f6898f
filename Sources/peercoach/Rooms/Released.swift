// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct Released: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What was released to the programme: all of it for administrators, else yours.",
        discussion: """
            An administrator reads what was released since they became one; who released something
            reads their own, and nobody else reads any of it. Each line says by whose yes it is
            here, as far as you know who they are; your device has checked each yes. Where a line
            came from is not told. It stays until who released it takes it back.
            """
    )

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await withClient(options) { opened in
            guard let summary = try await opened.client.programmeRoom() else {
                opened.output.line("You have released nothing to the programme.")
                return
            }
            guard summary.stage == .admitted else {
                opened.output.line(
                    "You are let in by an administrator's program when it is connected next."
                )
                return
            }
            let view = try await opened.client.programme()
            opened.output.put(
                "Who reads here: \(ProgrammeWords.readers(view, opened.me)). Who released a line"
                    + " reads that one.",
                [
                    "type": "readers",
                    "names": JSON(view.readers.map(\.name)),
                    "accepted": .bool(view.isAccepted),
                ]
            )
            try await opened.inRoom("programme", depth: .everything) { session, room in
                let lines = try await session.lines().filter { line in
                    guard case .programme = line.key else { return false }
                    return line.kind != .withdraw
                }
                let proved = lines.filter { $0.body == nil || $0.agreed != nil }
                let printer = HistoryPrinter(room, opened)
                printer.print(proved.sorted { ($0.at, $0.number) < ($1.at, $1.number) })
                if proved.count < lines.count {
                    let left = Words.count(lines.count - proved.count, "line")
                    opened.output.notice(
                        "\(left) left out: nothing proves that all agreed whom it concerns."
                    )
                }
            }
        }
    }
}

/// Puts the programme's room into words.
enum ProgrammeWords {
    /// Who reads what is released: "Maya Lind and you".
    static func readers(_ view: ProgrammeView, _ me: PersonID) -> String {
        guard !view.readers.isEmpty else { return "nobody now" }
        return Words.list(view.readers.map { $0.person == me ? "you" : $0.name })
    }

    /// Shows the administrators before the first release, and asks once.
    ///
    /// - Throws: what the person's no is.
    static func accept(_ view: ProgrammeView, _ opened: Opened) async throws {
        guard !view.isAccepted else { return }
        let readers = view.readers.map { reader in
            if reader.person == opened.me { return "you" }
            return reader.isProved
                ? "\(reader.name) (proved by an invite between you)"
                : "\(reader.name) (not proved to you: the word of the others there)"
        }
        let names = readers.isEmpty ? "nobody now" : Words.list(readers)
        let later =
            " Who becomes an administrator later reads what is released from then on."
        if view.isAnother {
            try await opened.asking.require(
                "CAREFUL: the programme's room is another one than you agreed to release to."
                    + " That is so after its last administrator was lost; else somebody stands in"
                    + " between. Ask an administrator, by another way. Who reads here: \(names)."
                    + "\(later) Go on with it?",
                typing: "another"
            )
        } else {
            try await opened.asking.require(
                "What you release to the programme is read by its administrators: \(names)."
                    + "\(later) Who releases something sees who else does, not what."
                    + " Release to them?"
            )
        }
        try await opened.client.accept(view)
    }
}
