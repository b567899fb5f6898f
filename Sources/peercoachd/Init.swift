// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingCertificates
import CoachingDaemon

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a server: its authority and an empty data folder."
    )

    @Option(help: "HOST:PORT under which people reach the server; it stands in every invite.")
    var address: String

    @OptionGroup
    var settings: Settings

    func run() async throws {
        try await reporting {
            let folder = settings.folder
            let authority = try folder.make(address: address, at: SystemTime.now())
            print(
                """
                Made the server \(try folder.address()) in \(folder.path).
                Its authority: \(authority.pin)

                Next:
                  1. peercoachd serve --data \(folder.path)
                  2. peercoachd invite-admin "YOUR NAME" --data \(folder.path)
                  3. On the administrator's own machine: peercoach enrol
                """
            )
        }
    }
}

/// Runs a command and says what went wrong the same way everywhere.
func reporting(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as DaemonError {
        StandardError.write("peercoachd: \(error.sentence)\n")
        if !error.hint.isEmpty { StandardError.write("\(error.hint)\n") }
        throw ExitCode(1)
    }
}
