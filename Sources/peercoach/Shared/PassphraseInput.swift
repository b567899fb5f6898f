// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingTerminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Gets a passphrase: from the file that scripts name, else from the terminal, unseen.
///
/// It is never an argument or a variable, which others on this machine could see.
enum PassphraseInput {
    /// The variable that names a file with the passphrase in its first line.
    static let variable = "PEERCOACH_PASSPHRASE_FILE"

    private static let triesMax = 3

    /// Gives the passphrase of the file that the environment names; `nil` where it names none.
    ///
    /// - Throws: ``ClientError`` with `file` for a file that others can read.
    static func fromFile() throws(ClientError) -> [UInt8]? {
        guard let path = GlobalOptions.variable(variable), !path.isEmpty else { return nil }
        return try read(path)
    }

    /// Reads the first line of a file that nobody else can read.
    static func read(_ path: String) throws(ClientError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw ClientError(.file, "The file that \(variable) names cannot be read.")
        }
        defer { close(file) }
        var found = stat()
        guard fstat(file, &found) == 0, found.st_mode & S_IFMT == S_IFREG,
            found.st_mode & 0o077 == 0, found.st_uid == geteuid()
        else {
            throw ClientError(
                .file,
                "The file that \(variable) names is not used: others can read it.",
                hint: "chmod 600 \(path)"
            )
        }
        var bytes = [UInt8](repeating: 0, count: ProfileFolder.passphraseBytesMax + 2)
        let count = bytes.withUnsafeMutableBytes { buffer in
            TextFile.sysRead(file, buffer)
        }
        guard count > 0 else {
            throw ClientError(.file, "The file that \(variable) names is empty.")
        }
        return Array(bytes[..<count].prefix { $0 != 0x0A && $0 != 0x0D })
    }

    /// Asks for the passphrase that there is.
    static func ask(_ prompt: String = "Passphrase: ") throws(ClientError) -> [UInt8] {
        do {
            return try TTY(input: 0, output: 2).readSecret(prompt: prompt)
        } catch .tooLong {
            throw .wrongPassphrase
        } catch {
            throw ClientError(.notWanted, "Nothing was done.")
        }
    }

    /// Asks for a new passphrase, twice; an empty one is none.
    static func askNew(_ output: Output) throws(ClientError) -> [UInt8]? {
        for _ in 0..<triesMax {
            let first = try ask("New passphrase (empty for none): ")
            if first.isEmpty { return nil }
            guard first.count >= ProfileFolder.passphraseBytesMin else {
                output.notice(
                    "Too short: at least \(ProfileFolder.passphraseBytesMin) characters. Four or "
                        + "five words that do not belong together are good ones."
                )
                continue
            }
            if try ask("The same again: ") == first { return first }
            output.notice("These were two different ones.")
        }
        throw ClientError(.notWanted, "No passphrase was set.")
    }
}

extension GlobalOptions {
    /// The profile's folder, opened: by the login session's memory, the file that the environment
    /// names, or the person at the terminal.
    ///
    /// - Throws: ``ClientError/Code/locked`` where nobody gives the passphrase.
    func openFolder() throws(ClientError) -> ProfileFolder {
        let folder = try folder()
        guard folder.exists, let name = try folder.keyName() else { return folder }
        if let key = SessionKeyring.find(name), let open = try? folder.opened(with: key) {
            return open
        }
        if let passphrase = try PassphraseInput.fromFile() {
            return try folder.opened(passphrase: passphrase)
        }
        return try Self.asking(folder)
    }

    /// Opens a folder with what the person types.
    static func asking(_ folder: ProfileFolder) throws(ClientError) -> ProfileFolder {
        guard Asking.isPossible else { throw .locked }
        for _ in 0..<2 {
            do throws(ClientError) {
                return try folder.opened(passphrase: PassphraseInput.ask())
            } catch {
                guard error == .wrongPassphrase else { throw error }
                Output(isJSON: false).notice(error.sentence + " Once more.")
            }
        }
        return try folder.opened(passphrase: PassphraseInput.ask())
    }
}
