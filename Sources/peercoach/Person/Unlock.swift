// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient

struct Unlock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give your passphrase once, for some hours.",
        discussion: """
            What opens your keys then stays in the memory of this login session, in no file, until
            the time is over, peercoach lock, or the end of the session. Without it every command
            asks. For scripts PEERCOACH_PASSPHRASE_FILE names a file that is yours alone.
            """
    )

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("For how long: 30m, 8h, 2d; a week at most.", valueName: "time")
    )
    var time = UnlockTime.standard
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await options.reporting { output in
            let folder = try options.folder()
            guard folder.exists else { throw ClientError.noProfile }
            guard folder.hasPassphrase else {
                throw ClientError(
                    .refused,
                    "Your keys on this machine have no passphrase.",
                    hint: "peercoach passphrase set gives them one."
                )
            }
            let open =
                if let passphrase = try PassphraseInput.fromFile() {
                    try folder.opened(passphrase: passphrase)
                } else {
                    try GlobalOptions.asking(folder)
                }
            guard let key = open.openedKey else { throw ClientError.locked }
            try SessionKeyring.keep(key, seconds: time.seconds)
            output.put(
                "Unlocked for \(time.words), in this login session.",
                ["type": "unlocked", "seconds": JSON(time.seconds)]
            )
        }
    }
}

struct Lock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Forget the passphrase that unlock took.",
        discussion: """
            Rooms that are open go on until they are closed.
            """
    )

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await options.reporting { output in
            let name = try options.folder().keyName()
            let wasOpen = name.map { SessionKeyring.forget($0) } ?? false
            let sentence =
                name == nil
                ? "Your keys on this machine have no passphrase: nothing is locked."
                : wasOpen ? "Locked." : "It was locked already."
            output.put(sentence, ["type": "locked", "locked": .bool(name != nil)])
        }
    }
}

/// For how long an unlocked profile stays so.
struct UnlockTime: ExpressibleByArgument, Hashable {
    /// A working day.
    static let standard = UnlockTime(seconds: 8 * 3_600)

    private static let secondsMax: UInt32 = 7 * 86_400

    /// The time.
    let seconds: UInt32

    private init(seconds: UInt32) { self.seconds = seconds }

    init?(argument: String) {
        let units: [Character: UInt32] = ["m": 60, "h": 3_600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }),
            let count = UInt32(argument.dropLast()), count > 0
        else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, seconds <= Self.secondsMax else { return nil }
        self.seconds = seconds
    }

    var defaultValueDescription: String { "8h" }

    /// The time in words.
    var words: String {
        if seconds % 86_400 == 0 { return Words.count(seconds / 86_400, "day") }
        if seconds % 3_600 == 0 { return Words.count(seconds / 3_600, "hour") }
        return Words.count(seconds / 60, "minute")
    }
}

extension ClientError {
    /// Nobody has enrolled here.
    static let noProfile = ClientError(
        .profile,
        "There is no profile on this device yet.",
        hint: "peercoach enrol takes your invite."
    )
}
