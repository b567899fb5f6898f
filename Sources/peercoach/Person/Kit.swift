// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

struct Kit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Your recovery kit: for the day on which this device is lost.",
        subcommands: [Write.self, Check.self],
        defaultSubcommand: Write.self
    )

    struct Write: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "write",
            abstract: "Write the kit to a file, or show it.",
            discussion: """
                Twelve groups of five characters. Whoever has them can become you, so they are
                shown after a yes only, and never to a file or another program unless --show or
                --into says so. They are always the same: what they bring back is what others know
                you by, so a kit that somebody may have read cannot be exchanged for another.
                Then have an administrator remove you and invite you anew.
                """
        )

        @Option(
            help: ArgumentHelp(
                "Write it to this new file, for you alone.",
                valueName: "file"
            ),
            completion: .file()
        )
        var into: String?
        @Flag(help: "Print it, also where that is no terminal.")
        var show = false
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await options.reporting { output in
                let folder = try options.openFolder()
                let profile = try folder.load()
                guard let seed = profile.seed else { throw ClientError.noSeed }
                let kit = RecoveryKit(IdentitySeed(seed))
                let asking = Asking(output: output, isYes: options.isYes)
                guard let file = try await place(asking) else {
                    try await print(kit, asking)
                    return try note(folder)
                }
                let text = KitPage.text(kit, name: profile.name, server: profile.server)
                try TextFile.create(file, text)
                output.put(
                    "Written to \(file), for you alone. Print it or copy it down, then delete it.",
                    ["type": "kit", "file": .string(file)]
                )
                try note(folder)
                output.line("When it is in a safe place: peercoach kit check")
            }
        }

        /// Where to write it; `nil` for the screen.
        private func place(_ asking: Asking) async throws(ClientError) -> String? {
            if into != nil || show { return into }
            guard Asking.isPossible, isatty(1) == 1 else {
                throw ClientError(
                    .usage,
                    "A recovery kit is a secret.",
                    hint: "Run it in a terminal, or give --into FILE or --show."
                )
            }
            for line in KitPage.uses { asking.output.line(line) }
            asking.output.prompt("Write it to which new file? (empty: show it here) ")
            let typed = await Asking.line()?.filter { !$0.isNewline } ?? ""
            return typed.allSatisfy(\.isWhitespace) ? nil : typed
        }

        private func print(_ kit: RecoveryKit, _ asking: Asking) async throws(ClientError) {
            if !show {
                try await asking.require("Show it on this screen, where nobody else looks?")
            }
            asking.output.line()
            for line in KitPage.lines(kit) { asking.output.line("    " + line) }
            asking.output.line()
            asking.output.object(
                ["type": "kit", "kit": .string(kit.groups.joined(separator: " "))]
            )
            asking.output.line("When you have written it down: peercoach kit check")
        }

        private func note(_ folder: ProfileFolder) throws(ClientError) {
            let now = GlobalOptions.environment.now()
            try folder.update { $0.kitMade = now }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Type the kit as you have it: is it right, and yours?",
            discussion: """
                Case, spaces and dashes do not matter. A typing error is named by its group. A kit
                that is right can be taken off this device: then whoever gets the device cannot
                add devices of their own to yours, and you need the kit to do so.
                """
        )

        @Option(
            help: ArgumentHelp("Read the kit from a file.", valueName: "file"),
            completion: .file()
        )
        var kit: String?
        @Flag(help: "If it is right, keep it on this device no longer.")
        var forget = false
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await options.reporting { output in
                let folder = try options.openFolder()
                let profile = try folder.load()
                let typed = try await KitInput.read(kit, output)
                guard let person = profile.person,
                    let identity = try? typed.seed.identityKey(), identity.person == person
                else { throw ClientError.othersKit }
                output.put(
                    "This is your recovery kit, \(profile.name), without an error.",
                    ["type": "kit", "right": true]
                )
                guard profile.seed != nil else { return }
                let question =
                    "Keep it on this device no longer? You then need it to add or end a device."
                let asking = Asking(output: output, isYes: options.isYes)
                guard forget || Asking.isPossible && !options.isYes else { return }
                guard forget ? true : try await asking.confirm(question) else { return }
                let now = GlobalOptions.environment.now()
                try folder.update { profile in
                    profile.seed = nil
                    profile.kitMade = now
                }
                output.put(
                    "It is on this device no longer. Keep yours well: nobody can make it again.",
                    ["type": "kit", "kept": false]
                )
            }
        }
    }
}

extension ClientError {
    /// This device does not hold what the kit holds.
    static let noSeed = ClientError(
        .refused,
        "This device does not hold your recovery kit.",
        hint: "It is on your first device, unless you took it off there, and where you wrote it."
    )
}

extension Opened {
    /// Takes the recovery kit where this device cannot sign for the person's devices.
    func signing(_ file: String?) async throws(ClientError) {
        let signs = await client.signsDevices
        guard !signs || file != nil else { return }
        if file == nil {
            guard Asking.isPossible else { return }
            output.line("This device does not hold your recovery kit, and that is needed here.")
        }
        try await client.use(try await KitInput.read(file, output))
    }
}
