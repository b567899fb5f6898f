// SPDX-License-Identifier: Apache-2.0
public import CoachingCertificates
public import CoachingEnvelope
public import CoachingModel
import Foundation

/// The folder in which a server keeps all that it has.
///
/// `authority.pem` (certificate), `authority-key.pem` (its key, mode 0600), `address`,
/// `store/` (the database), `alive` (touched while the server runs), `operate/` (what the
/// operator's command line asks of a running server).
public struct DataFolder: Sendable {
    /// The folder.
    public let path: String

    /// Names a data folder; nothing is read yet.
    public init(_ path: String) { self.path = path }

    var store: String { path + "/store" }
    var operate: String { path + "/operate" }
    private var authorityCertificate: String { path + "/authority.pem" }
    private var authorityKey: String { path + "/authority-key.pem" }
    private var addressFile: String { path + "/address" }
    private var aliveFile: String { path + "/alive" }

    /// Makes a new data folder: the authority, the address, and nothing else.
    ///
    /// - Throws: ``DaemonError`` where the folder holds a server already or cannot be written.
    public func make(address: String, at now: Timestamp) throws(DaemonError) -> Authority {
        guard let parsed = ServerAddress(address), ServerName(parsed.host) != nil else {
            throw DaemonError(
                "'\(address)' is not HOST:PORT.",
                hint: "Give the name and port under which people reach this server."
            )
        }
        let files = FileManager.default
        guard !files.fileExists(atPath: authorityKey), !files.fileExists(atPath: store) else {
            throw DaemonError(
                "There is a server in \(path) already.",
                hint: "Choose another folder with --data."
            )
        }
        do {
            try files.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            var generator = SystemRandomNumberGenerator()
            let authority = try Authority.make(atMs: now.milliseconds, using: &generator)
            try write(authority.keyPEM, to: authorityKey, mode: 0o600)
            try write(authority.certificatePEM, to: authorityCertificate, mode: 0o644)
            try write(parsed.description + "\n", to: addressFile, mode: 0o644)
            return authority
        } catch let error as DaemonError {
            throw error
        } catch {
            throw DaemonError(
                "The folder \(path) cannot be written.",
                hint: "Check that it exists, that it is yours and that the disk has room."
            )
        }
    }

    /// Reads the authority.
    public func authority() throws(DaemonError) -> Authority {
        let certificate = try text(authorityCertificate)
        let key = try text(authorityKey)
        do {
            return try Authority(certificatePEM: certificate, keyPEM: key)
        } catch {
            throw DaemonError(
                "The authority in \(path) does not hold together.",
                hint: "Put authority.pem and authority-key.pem back from a backup."
            )
        }
    }

    /// Reads the address under which people reach the server.
    public func address() throws(DaemonError) -> ServerAddress {
        let line = try text(addressFile).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let address = ServerAddress(line) else {
            throw DaemonError(
                "The file 'address' in \(path) is not HOST:PORT.",
                hint: "Write it there anew."
            )
        }
        return address
    }

    /// When the server was last known to run.
    func lastAlive() -> Timestamp? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: aliveFile)
        guard let date = attributes?[.modificationDate] as? Foundation.Date else { return nil }
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
    }

    /// Notes that the server runs.
    func touchAlive() {
        _ = FileManager.default.createFile(
            atPath: aliveFile,
            contents: nil,
            attributes: [.posixPermissions: 0o600]
        )
    }

    private func text(_ file: String) throws(DaemonError) -> String {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw DaemonError(
                "\(file) is missing or cannot be read.",
                hint: "Make a server with: peercoachd init --address HOST:PORT --data \(path)"
            )
        }
        return text
    }

    private func write(_ text: String, to file: String, mode: Int) throws {
        let made = FileManager.default.createFile(
            atPath: file,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: mode]
        )
        guard made else { throw CocoaError(.fileWriteUnknown) }
    }
}

/// Why the server or one of its commands could not do what it was asked.
public struct DaemonError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened.
    public var sentence: String
    /// What to do.
    public var hint: String

    /// Makes an error.
    public init(_ sentence: String, hint: String = "") {
        self.sentence = sentence
        self.hint = hint
    }

    /// Both, on two lines.
    public var description: String { hint.isEmpty ? sentence : sentence + "\n" + hint }
}
