// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@main
enum Main {
    static func main() async {
        if GlobalOptions.variable("SWIFT_BACKTRACE") == nil { ProcessSecrets.shield() }
        let arguments = Arguments.placed(
            Array(CommandLine.arguments.dropFirst()),
            for: Peercoach.self
        )
        do {
            var command = try Peercoach.parseAsRoot(arguments)
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch {
            exit(end(error, isJSON: arguments.contains("--json")).rawValue)
        }
    }

    /// Prints what an error asks to print and gives the number to end with.
    private static func end(_ error: any Error, isJSON: Bool) -> ExitStatus {
        if let code = error as? ExitCode { return ExitStatus(rawValue: code.rawValue) ?? .refused }
        let code = Peercoach.exitCode(for: error)
        let output = Output(isJSON: isJSON)
        guard code != .success else {
            // Help, the version or a completion script: asked for, so a result.
            print(Peercoach.fullMessage(for: error))
            return .done
        }
        if isJSON {
            output.error(ClientError(.usage, Peercoach.message(for: error)))
        } else {
            for line in Peercoach.fullMessage(for: error).split(separator: "\n") {
                output.remark(String(line))
            }
        }
        return .usage
    }
}

/// Arguments as people type them.
enum Arguments {
    /// Puts options that every command takes behind the words of the command, so that they can
    /// stand anywhere: `peercoach --json rooms`.
    static func placed(
        _ arguments: [String],
        for root: any ParsableCommand.Type
    ) -> [String] {
        var command: any ParsableCommand.Type = root
        var words: [String] = []
        var options: [String] = []
        var rest = arguments[...]
        while let next = rest.first {
            if let takesValue = GlobalOptions.words[next] {
                options.append(rest.removeFirst())
                if takesValue, let value = rest.popFirst() { options.append(value) }
            } else if let name = next.split(separator: "=").first.map(String.init),
                next.contains("="), GlobalOptions.words[name] == true
            {
                options.append(rest.removeFirst())
            } else if let inner = command.configuration.subcommands.first(where: {
                $0.commandName == next
            }) {
                words.append(rest.removeFirst())
                command = inner
            } else {
                break
            }
        }
        return words + options + rest
    }
}

extension ParsableCommand {
    fileprivate static var commandName: String {
        if let name = configuration.commandName { return name }
        var words = ""
        for character in String(describing: Self.self) {
            if character.isUppercase, !words.isEmpty { words += "-" }
            words += character.lowercased()
        }
        return words
    }
}
