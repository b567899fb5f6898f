// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

struct Peercoach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peercoach",
        abstract: "Peer coaching in the terminal.",
        discussion: """
            Alone, peercoach says what is next. With an invite begin here:
              peercoach enrol
            ROOM can be left out where you are in one room only. Names need only their beginning.
            What works inside a room as /say or /note works outside as peercoach say, peercoach note.
            """,
        version: Release.version,
        groupedSubcommands: [
            CommandGroup(
                name: "You",
                subcommands: [
                    Enrol.self, Whoami.self, Privacy.self, Guide.self, Unlock.self, Lock.self,
                    PassphraseCommand.self, Devices.self, Kit.self,
                    CoachingCommand.self, QuestionsCommand.self,
                ]
            ),
            CommandGroup(
                name: "Your rooms",
                subcommands: [
                    Rooms.self, GoIn.self, Members.self, Who.self, Verify.self,
                    AgreementCommand.self, Say.self, Note.self,
                    Feedback.self, Assess.self, Heard.self, History.self,
                    Withdraw.self, SendFile.self, SaveFile.self,
                    ReleaseLine.self, Released.self, Consents.self, Chatham.self,
                    SessionCommand.self,
                    LedgerCommand.self, Call.self, Rota.self, CalendarCommand.self,
                    ComingCommand.self, RelationshipCommand.self,
                    Watch.self,
                    Present.self, Absent.self, Erase.self, Leave.self, Restored.self,
                    Breach.self,
                    Prompt.self, Unnamed.self, Grant.self,
                ]
            ),
            CommandGroup(
                name: "What stays",
                subcommands: [
                    GoalCommand.self, ActionCommand.self, Commit.self, Review.self, Due.self,
                    Feel.self, Journal.self, StoryCommand.self, ReportCommand.self,
                    GroupReviewCommand.self, ExportCommand.self, ImportCommand.self,
                ]
            ),
            CommandGroup(name: "Letting people in", subcommands: [Lobby.self, Admit.self]),
            CommandGroup(name: "Methods", subcommands: [Formats.self, Rehearse.self]),
            CommandGroup(name: "For administrators", subcommands: [Admin.self]),
        ]
    )

    @OptionGroup var options: GlobalOptions

    func run() async throws { try await WhatNow.run(options) }
}
