// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient

extension GlobalOptions {
    /// Where this command's words go.
    var output: Output { Output(isJSON: isJSON) }

    /// Runs a command and tells what went wrong the same way everywhere.
    ///
    /// - Throws: `ExitCode` with an ``ExitStatus``; what is printed then is all.
    func reporting(_ body: (Output) async throws -> Void) async throws {
        let output = output
        do {
            try await body(output)
        } catch let error as ClientError {
            output.error(error)
            throw ExitStatus(error.code).exit
        }
    }
}
