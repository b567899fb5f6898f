// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient

struct PassphraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passphrase",
        abstract: "The passphrase of your keys on this machine: set, change, remove it.",
        discussion: """
            With a passphrase the files of your profile are sealed: who has this machine's disk or
            a backup of it gets nothing from them. Nobody can reset a forgotten one; then this
            device is replaced as a lost one is.
            """,
        subcommands: [Show.self, Change.self, Remove.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Whether there is one.")

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await options.reporting { output in
                let folder = try options.folder()
                guard folder.exists else { throw ClientError.noProfile }
                let name = try folder.keyName()
                let isOpen = name.flatMap { SessionKeyring.find($0) } != nil
                if name == nil { KeyWarning.show(folder, output) }
                if name != nil {
                    output.line(
                        isOpen
                            ? "Your keys have a passphrase; this login session has it."
                            : "Your keys have a passphrase, and are locked."
                    )
                }
                output.object([
                    "type": "passphrase", "passphrase": .bool(name != nil),
                    "unlocked": .bool(name == nil || isOpen),
                ])
            }
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract: "Give your keys a passphrase, or another one.",
            discussion: """
                A change asks for the old one first. Who copied the files and knew the old one
                still opens that copy: end the device then (peercoach devices revoke).
                """
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await options.reporting { output in
                let folder = try options.folder()
                guard folder.exists else { throw ClientError.noProfile }
                guard Asking.isPossible || !folder.hasPassphrase else {
                    throw ClientError(
                        .usage,
                        "A passphrase is changed in a terminal.",
                        hint: "It is asked for there, and not shown."
                    )
                }
                // The old one is asked for even where the session has it.
                let open = folder.hasPassphrase ? try GlobalOptions.asking(folder) : folder
                guard let passphrase = try Self.new(output, isChange: folder.hasPassphrase) else {
                    output.line("Nothing was changed.")
                    return
                }
                var generator = SystemRandomNumberGenerator()
                _ = try open.settingPassphrase(passphrase, using: &generator)
                output.put(
                    "The files in \(folder.path) are sealed. peercoach unlock asks once for "
                        + "some hours.",
                    ["type": "passphrase", "passphrase": true]
                )
            }
        }

        private static func new(
            _ output: Output,
            isChange: Bool
        ) throws(ClientError) -> [UInt8]? {
            if !isChange, let passphrase = try PassphraseInput.fromFile() { return passphrase }
            guard Asking.isPossible else {
                throw ClientError(
                    .usage,
                    "This asks for a passphrase.",
                    hint: "Run it in a terminal, or name a file by \(PassphraseInput.variable)."
                )
            }
            return try PassphraseInput.askNew(output)
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the passphrase away; your keys lie open afterwards."
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await options.reporting { output in
                let folder = try options.folder()
                guard folder.exists else { throw ClientError.noProfile }
                guard let name = try folder.keyName() else {
                    return output.put(
                        "There is no passphrase.",
                        ["type": "passphrase", "passphrase": false]
                    )
                }
                try await Asking(output: output, isYes: options.isYes).require(
                    "Take the passphrase away, so that whoever reads your files is you?"
                )
                let open =
                    if let passphrase = try PassphraseInput.fromFile() {
                        try folder.opened(passphrase: passphrase)
                    } else {
                        try GlobalOptions.asking(folder)
                    }
                _ = try open.removingPassphrase()
                SessionKeyring.forget(name)
                output.object(["type": "passphrase", "passphrase": false])
                KeyWarning.show(folder, output)
            }
        }
    }
}

/// Says what it means that keys lie open.
enum KeyWarning {
    /// Says it, where there is no passphrase.
    static func show(_ folder: ProfileFolder, _ output: Output) {
        guard !folder.hasPassphrase else { return }
        output.line(
            "Your keys lie open in \(folder.path): whoever gets hold of this disk or a backup "
                + "can read and write as you. Close them: peercoach passphrase set"
        )
    }
}
