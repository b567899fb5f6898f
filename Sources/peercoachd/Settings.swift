// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingDaemon
import Configuration
import Foundation
import SystemPackage

/// Where the server keeps its data and what is set: flags before environment before file before
/// default.
struct Settings: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data folder (or PEERCOACHD_DATA).",
            valueName: "folder"
        )
    )
    var data: String?

    @Option(
        help: ArgumentHelp(
            "A YAML file with settings; DATA/peercoachd.yaml where there is one.",
            valueName: "file"
        )
    )
    var config: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A setting, as NAME=NUMBER; can be given again.", valueName: "name=n")
    )
    var assignments: [String] = []

    /// The data folder.
    var folder: DataFolder {
        let environment = ProcessInfo.processInfo.environment
        return DataFolder(data ?? environment["PEERCOACHD_DATA"] ?? "/var/lib/peercoachd")
    }

    /// Reads all sources; gives the settings and where each that is set was set.
    func read() async throws -> (DaemonConfiguration, sources: [String: String]) {
        var configuration = DaemonConfiguration()
        var sources: [String: String] = [:]
        let file = config ?? folder.path + "/peercoachd.yaml"
        try await apply(file: file, isNeeded: config != nil, to: &configuration, &sources)
        try apply(environment: ProcessInfo.processInfo.environment, to: &configuration, &sources)
        for assignment in assignments {
            let parts = assignment.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let number = Int(parts[1]) else {
                throw ValidationError("--set takes NAME=NUMBER, not '\(assignment)'.")
            }
            try put(parts[0], number, from: "--set", to: &configuration, &sources)
        }
        return (configuration, sources)
    }

    private func apply(
        file: String,
        isNeeded: Bool,
        to configuration: inout DaemonConfiguration,
        _ sources: inout [String: String]
    ) async throws {
        guard isNeeded || FileManager.default.fileExists(atPath: file) else { return }
        let provider: FileProvider<YAMLSnapshot>
        do {
            provider = try await FileProvider<YAMLSnapshot>(filePath: FilePath(file))
        } catch {
            throw ValidationError("The settings file \(file) is missing or is no YAML map.")
        }
        let reader = ConfigReader(provider: provider)
        for setting in Setting.all {
            guard let number = reader.int(forKey: ConfigKey([setting.name])) else { continue }
            try put(setting.name, number, from: file, to: &configuration, &sources)
        }
    }

    private func apply(
        environment: [String: String],
        to configuration: inout DaemonConfiguration,
        _ sources: inout [String: String]
    ) throws {
        let prefix = "PEERCOACHD_"
        var own: [String: String] = [:]
        for (name, value) in environment where name.hasPrefix(prefix) {
            own[String(name.dropFirst(prefix.count))] = value
        }
        let reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: own))
        for setting in Setting.all {
            guard let number = reader.int(forKey: ConfigKey([setting.name])) else { continue }
            try put(
                setting.name,
                number,
                from: setting.environmentName,
                to: &configuration,
                &sources
            )
        }
    }

    private func put(
        _ name: String,
        _ number: Int,
        from source: String,
        to configuration: inout DaemonConfiguration,
        _ sources: inout [String: String]
    ) throws {
        guard let setting = Setting.all.first(where: { $0.name == name }) else {
            throw ValidationError("There is no setting '\(name)'. See: peercoachd config")
        }
        guard setting.bounds.contains(number) else {
            throw ValidationError(
                "\(name) (\(source)) must be from \(setting.bounds.lowerBound) to "
                    + "\(setting.bounds.upperBound), not \(number)."
            )
        }
        setting.put(&configuration, number)
        sources[name] = source
    }
}
