// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingCertificates
import CoachingDaemon
import CoachingEnvelope
import CoachingModel
import Foundation

struct InviteAdmin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite-admin",
        abstract: "Invite the first administrator, or replace one who is lost.",
        discussion: """
            The invite is shown on a terminal only; otherwise it is written to a file that nobody
            else can read. Works while the server runs and while it does not.
            """
    )

    @Argument(help: "The administrator's name as others will see it.")
    var name: String

    @OptionGroup
    var settings: Settings

    @Option(help: "Write the invite to this file instead of the terminal.")
    var file: String?

    @Option(help: "How many days the invite holds, 1 to 7.")
    var days: UInt32 = 3

    @Flag(help: "There was an administrator, and all of them are lost.")
    var replace = false

    func run() async throws {
        try await reporting {
            let folder = settings.folder
            let authority = try folder.authority()
            var generator = SystemRandomNumberGenerator()
            guard let pin = Bytes32(authority.pin.bytes) else {
                throw DaemonError("The authority's key has an odd hash.")
            }
            let invite = Invite(
                kind: .person,
                authority: pin,
                secret: Bytes16(high: generator.next(), low: generator.next()),
                address: try folder.address()
            )
            if file == nil, isatty(STDOUT_FILENO) == 0 {
                throw DaemonError(
                    "An invite is a secret and is printed to a terminal only.",
                    hint: "Give --file FILE."
                )
            }
            try await OperatorDesk(folder).ask(
                OperatorRequest(
                    participant: ParticipantID(
                        Bytes16(high: generator.next(), low: generator.next())
                    ),
                    name: name,
                    invite: invite.keys.authHash,
                    days: days,
                    replacing: replace
                )
            )
            try show(invite.encoded())
        }
    }

    private func show(_ line: String) throws {
        if let file {
            guard !FileManager.default.fileExists(atPath: file),
                FileManager.default.createFile(
                    atPath: file,
                    contents: Data((line + "\n").utf8),
                    attributes: [.posixPermissions: 0o600]
                )
            else {
                throw DaemonError("\(file) exists or cannot be written.", hint: "Name a new file.")
            }
            StandardError.write("The invite for \(name) is in \(file). It holds \(days) days.\n")
        } else {
            print(line)
            StandardError.write(
                """

                This line makes its bearer an administrator, once, within \(days) days.
                Give it to \(name) over a way that you trust. They run: peercoach enrol

                """
            )
        }
    }
}
