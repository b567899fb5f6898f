// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingDaemon

@main
struct Peercoachd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peercoachd",
        abstract: "The server for peer coaching in a terminal.",
        discussion: """
            Three steps to a running server:
              peercoachd init --address coach.acme.example:7443 --data /srv/coach
              peercoachd invite-admin "Maya Lind" --data /srv/coach
              peercoachd serve --data /srv/coach
            """,
        version: Daemon.release,
        subcommands: [Init.self, Serve.self, InviteAdmin.self, Config.self]
    )
}
