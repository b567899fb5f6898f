// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

struct AgreementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement",
        abstract: "The group's own rules: read, accept, propose others.",
        subcommands: [Show.self, Accept.self, Propose.self, Template.self, Keep.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The agreement that holds, and what is proposed."
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    let agreements = try await session.agreements()
                    if let text = agreements.inForce {
                        opened.show(text, "holds", room)
                    } else {
                        opened.output.line("There is no agreement yet.")
                        opened.output.line("peercoach agreement propose FILE")
                    }
                    if let text = agreements.proposed {
                        opened.output.line()
                        opened.show(text, "is proposed", room)
                    }
                    let waits = [agreements.inForce, agreements.proposed].contains {
                        $0?.isAccepted == false
                    }
                    if waits { opened.output.line("To accept: peercoach agreement accept") }
                    opened.output.line()
                    opened.show(room.policy, "keeping")
                }
            }
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the agreement and accept it."
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    let agreements = try await session.agreements()
                    let open = [agreements.inForce, agreements.proposed].compactMap { $0 }
                        .filter { !$0.isAccepted }
                    guard !open.isEmpty else {
                        opened.output.put(
                            "There is nothing to accept: you have accepted what holds.",
                            ["type": "agreement", "accepted": true]
                        )
                        return
                    }
                    for text in open {
                        guard text.text != nil else {
                            throw ClientError(
                                .refused,
                                "The text of version \(text.version.version) has not come to this "
                                    + "device, so it cannot be accepted here.",
                                hint: "Somebody who lets people in posts it again when they "
                                    + "connect next."
                            )
                        }
                        if !options.isYes { opened.show(text, "is open", room) }
                        try await opened.asking.require("Accept this?")
                        try await session.acceptAgreement(text.version)
                        opened.output.put(
                            "You accepted version \(text.version.version).",
                            [
                                "type": "agreement", "version": JSON(text.version.version),
                                "accepted": true,
                            ]
                        )
                    }
                    if room.accepted(by: opened.me) == nil,
                        room.newcomersSpan(.room, of: opened.me) != nil
                    {
                        opened.output.line(RoomScreenModel.olderLines(room.policy))
                    }
                }
            }
        }
    }

    struct Propose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Propose another text; it holds once all have accepted it."
        )

        @Argument(help: "A text file; - reads the standard input.", completion: .file())
        var file: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let options = options
            let file = file
            try await withClient(options) { opened in
                let text = try await AgreementText.read(file)
                try await opened.inRoom { session, room in
                    try await opened.asking.require(
                        "Propose this text to \(Words.count(room.members.count, "person", "people"))?"
                    )
                    try await session.proposeAgreement(text)
                    opened.output.put(
                        "Proposed. Each member accepts it: peercoach agreement accept",
                        ["type": "agreement", "proposed": true]
                    )
                }
            }
        }
    }
}

extension AgreementCommand {
    struct Template: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The text with which rooms begin, to make another one of it.",
            discussion: """
                peercoach agreement template > ours.txt, then change it, then propose it: where
                and how often you meet, what you expect, how you see that it went well, what is
                written down, where confidentiality ends, whether calls are recorded.
                """
        )

        @OptionGroup var options: GlobalOptions

        func run() throws { options.output.file(FirstAgreement.text + "\n") }
    }
}

/// Texts of agreements.
enum AgreementText {
    /// Reads an agreement's text from a file.
    static func read(_ file: String) async throws(ClientError) -> String {
        let text = try await TextFile.read(file, bytesMax: EntryBody.textBytesMax)
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw ClientError(.file, "The file \(file) is empty.")
        }
        return text
    }
}

extension Opened {
    fileprivate func show(_ text: Agreements.Text, _ state: String, _ room: Room) {
        output.line(
            "Version \(text.version.version) \(state)"
                + (text.isAccepted ? ", accepted by you" : ", not accepted by you")
        )
        let missing = room.members.filter { !accepted(text.version, $0.person, room) }
        if !missing.isEmpty { output.line("Not yet: \(Words.list(missing.map(\.name)))") }
        for line in (text.text ?? "(The text has not come to this device.)").split(
            separator: "\n",
            omittingEmptySubsequences: false
        ) {
            output.line("  " + line, indent: 2)
        }
        output.object(
            [
                "type": "agreement", "version": JSON(text.version.version),
                "state": .string(state), "text": JSON(text.text),
                "accepted": .bool(text.isAccepted), "missing": JSON(missing.map(\.name)),
            ])
    }

    private func accepted(_ version: AgreementVersion, _ person: PersonID, _ room: Room) -> Bool {
        version == room.agreementInForce
            ? room.hasAccepted(person) : room.accepted(by: person) == version.version
    }
}
