// SPDX-License-Identifier: Apache-2.0

import CoachingCertificates
import Foundation
import Testing

@testable import CoachingTransport

/// Lets another TLS implementation judge certificates and handshake.
@Suite(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "no openssl"),
    .timeLimit(.minutes(15))
)
struct OpenSSLTests {
    private func openssl(_ arguments: [String]) async throws -> (status: Int32, text: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { process in
                let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
                continuation.resume(
                    returning: (process.terminationStatus, String(decoding: data, as: UTF8.self))
                )
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }

    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("peercoach-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    @Test func `openssl accepts the chain by its strict rules, and completes the handshake`()
        async throws
    {
        try await TestServer.run { server in
            try await withFolder { folder in
                let authority = folder.appendingPathComponent("authority.pem")
                let leaf = folder.appendingPathComponent("leaf.pem")
                try Data(server.authority.certificatePEM.utf8).write(to: authority)
                try Data(PEMText.text(certificates: [server.identity.leaf]).utf8).write(to: leaf)
                let verified = try await openssl([
                    "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname",
                    "localhost", "-CAfile", authority.path, leaf.path,
                ])
                #expect(verified.status == 0, "\(verified.text)")
                let shaken = try await openssl([
                    "s_client", "-connect", "127.0.0.1:\(server.listener.port)", "-alpn",
                    TLSPolicy.protocolName, "-CAfile", authority.path, "-verify_return_error",
                    "-verify_hostname", "localhost",
                ])
                #expect(shaken.text.contains("Verification: OK"), "\(shaken.text)")
                #expect(shaken.text.contains("ALPN protocol: peercoach/1"))
                #expect(shaken.text.contains("TLSv1.3"))
                let old = try await openssl([
                    "s_client", "-connect", "127.0.0.1:\(server.listener.port)", "-tls1_2",
                    "-alpn", TLSPolicy.protocolName,
                ])
                #expect(old.status != 0)
                #expect(old.text.contains("alert protocol version"), "\(old.text)")
            }
        }
    }

    @Test func `openssl finds the same pin`() async throws {
        try await withFolder { folder in
            var generator = SystemRandomNumberGenerator()
            let authority = try Authority.make(atMs: realTimeMs(), using: &generator)
            let certificate = folder.appendingPathComponent("authority.pem")
            let key = folder.appendingPathComponent("key.der")
            try Data(authority.certificatePEM.utf8).write(to: certificate)
            let shown = try await openssl(["x509", "-in", certificate.path, "-noout", "-pubkey"])
            let publicKey = folder.appendingPathComponent("public.pem")
            try Data(shown.text.utf8).write(to: publicKey)
            _ = try await openssl([
                "pkey", "-pubin", "-in", publicKey.path, "-outform", "der", "-out", key.path,
            ])
            let digest = try await openssl(["dgst", "-sha256", "-r", key.path])
            #expect(digest.text.hasPrefix(authority.pin.description))
        }
    }
}
