// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel

struct AdminPolicy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "With what new rooms begin: how long lines are kept, and who else may read them.",
        discussion: """
            Rooms that somebody has opened stay as they are: their groups decide. Who opens a new
            room sees what is set here before they do, and the group can change it.
            """,
        subcommands: [Show.self, Set.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What is set for new rooms.")
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                opened.showDefaults(try await opened.client.policyOfNewRooms())
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set something else for new rooms.",
            discussion: "What is not named stays as it is. Lines are kept for 1 to 36500 days."
        )
        @OptionGroup var changes: PolicyOptions
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let before = try await opened.client.policyOfNewRooms()
                let wanted = changes.changed(before)
                if wanted != before { try await opened.client.setPolicyOfNewRooms(wanted) }
                opened.showDefaults(try await opened.client.policyOfNewRooms())
            }
        }
    }
}

extension Opened {
    fileprivate func showDefaults(_ policy: RoomPolicy) {
        output.line("New rooms begin with this; the group of each room can change it.")
        show(policy, "policy")
    }
}
