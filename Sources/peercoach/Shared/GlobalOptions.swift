// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print JSON, one object a line.")
    var isJSON = false

    @Option(
        help: ArgumentHelp(
            "The folder with this device's keys (or PEERCOACH_PROFILE).",
            valueName: "folder"
        )
    )
    var profile: String?

    @Option(help: ArgumentHelp("The room, where there are several.", valueName: "room"))
    var room: String?

    @Flag(name: .customLong("yes"), help: "Answer every question with yes.")
    var isYes = false

    /// The words that stand for these options, and whether a value follows.
    static let words = ["--json": false, "--yes": false, "--profile": true, "--room": true]
}
