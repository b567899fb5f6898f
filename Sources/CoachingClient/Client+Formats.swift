// SPDX-License-Identifier: Apache-2.0
public import CoachingModel
import CoachingWire

extension Client {
    /// Gives the programme's own formats, in order of their names.
    ///
    /// What cannot be run, and what would stand in the place of a format that comes with the
    /// program, is passed over: the list is the server's word alone.
    public func formats() async throws(ClientError) -> [SessionFormat] {
        guard case .formats(let formats) = try await ask(.formats) else { throw .unexpectedAnswer }
        return formats.filter {
            $0.mistakes.isEmpty && !SessionFormat.builtInNames.contains($0.name)
        }
        .sorted { $0.name < $1.name }
    }

    /// Adds a format for everybody, or puts another version in its place; for administrators.
    public func addFormat(_ format: SessionFormat) async throws(ClientError) {
        try await done(.directory(.addFormat(format)))
    }

    /// Takes a format of the programme's own away; for administrators.
    ///
    /// A session that runs goes on with it.
    public func removeFormat(named name: String) async throws(ClientError) {
        try await done(.directory(.removeFormat(name)))
    }
}
