// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

struct Peercoach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peercoach",
        abstract: "Peer coaching in the terminal.",
        version: Release.version,
        subcommands: [Formats.self]
    )
}
