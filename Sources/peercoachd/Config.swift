// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingDaemon

struct Config: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show every setting, its value, and where it was set."
    )

    @OptionGroup
    var settings: Settings

    func run() async throws {
        let (configuration, sources) = try await settings.read()
        print(Setting.table(configuration, sources: sources))
    }
}
