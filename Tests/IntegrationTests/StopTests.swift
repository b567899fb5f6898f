// SPDX-License-Identifier: Apache-2.0
import CoachingDaemon
import CoachingEnvelope
import CoachingModel
import CoachingTestKit
import CoachingTransport
import CoachingWire
import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(15)))
struct StopTests {
    /// The server's program as it was built beside these tests.
    static let program: URL? = {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let places = [
            tests.deletingLastPathComponent(),
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: ".build/debug"),
        ]
        return places.map { $0.appending(path: "peercoachd") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    /// Everything that was acknowledged stands in the transcript under its number.
    private func expectKept(_ accepted: [UInt64: [UInt8]], _ client: NetClient) async throws {
        let id = TranscriptID(room: Programme.room, key: .own(client.person.id))
        let last = accepted.keys.max() ?? 0
        while (client.copy.transcripts[id]?.number ?? 0) < last {
            guard try await client.message() != nil else { throw NoReply() }
        }
        let items = client.copy.transcripts[id]?.items ?? [:]
        let lost = accepted.filter { items[$0.key] != $0.value }.keys.sorted()
        #expect(lost.isEmpty, "Of \(accepted.count) acknowledged entries these are lost.")
        #expect(client.copy.takeFindings(of: "client") == [])
    }

    @Test func `a server that is stopped while people post has all that it acknowledged`()
        async throws
    {
        try await RunningServer.withFolder { folder, authority, invite in
            let person = try Cast.people()[0]
            var daemon = try await Daemon.start(
                folder,
                RunningServer.configuration,
                logger: RunningServer.quiet
            )
            var server = RunningServer(
                folder: folder,
                authority: authority,
                invite: invite,
                port: daemon.port
            )
            let identity = try await NetClient.enrol(person, invite.keys, at: server)
            let client = try await NetClient.ready(person, identity, at: server)
            try await client.found()
            let sender = try await client.announceKey(1)
            let running = daemon
            let accepted = try await client.postUntilGone(sender) { count in
                if count == 100 { running.requestStop() }
            }
            #expect(accepted.count >= 100)
            #expect(client.goodbye == .stopping)
            #expect(await daemon.ended() == nil)
            await daemon.stop()
            daemon = try await Daemon.start(
                folder,
                RunningServer.configuration,
                logger: RunningServer.quiet
            )
            server = RunningServer(
                folder: folder,
                authority: authority,
                invite: invite,
                port: daemon.port
            )
            let again = try await NetClient.ready(person, identity, at: server)
            try await again.follow()
            try await expectKept(accepted, again)
            await again.link.close()
            await daemon.stop()
        }
    }

    @Test(.enabled(if: program != nil, "skipped: peercoachd was not built beside the tests"))
    func `a server that is killed while people post has all that it acknowledged`() async throws {
        let program = try #require(Self.program)
        try await RunningServer.withFolder { folder, authority, invite in
            let person = try Cast.people()[0]
            var identity: NetIdentity?
            var accepted: [UInt64: [UInt8]] = [:]
            for round in 1...3 as ClosedRange<UInt64> {
                let process = try await Self.start(program, folder, round)
                defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
                let port = try await Self.port(folder, round)
                let server = RunningServer(
                    folder: folder,
                    authority: authority,
                    invite: invite,
                    port: port
                )
                let known: NetIdentity
                if let identity {
                    known = identity
                } else {
                    known = try await NetClient.enrol(person, invite.keys, at: server)
                }
                let client = try await NetClient.ready(person, known, at: server)
                if identity == nil { try await client.found() } else { try await client.follow() }
                identity = known
                try await expectKept(accepted, client)
                let sender = try await client.announceKey(round)
                let target = 60 + Int(round) * 17
                let more = try await client.postUntilGone(sender) { count in
                    if count == target { kill(process.processIdentifier, SIGKILL) }
                }
                #expect(more.count >= target)
                accepted.merge(more) { _, new in new }
                process.waitUntilExit()
                #expect(process.terminationReason == .uncaughtSignal)
            }
            let daemon = try await Daemon.start(
                folder,
                RunningServer.configuration,
                logger: RunningServer.quiet
            )
            let server = RunningServer(
                folder: folder,
                authority: authority,
                invite: invite,
                port: daemon.port
            )
            let client = try await NetClient.ready(person, #require(identity), at: server)
            try await client.follow()
            try await expectKept(accepted, client)
            await client.link.close()
            await daemon.stop()
        }
    }

    private static func start(
        _ program: URL,
        _ folder: DataFolder,
        _ round: UInt64
    ) async throws -> Process {
        let process = Process()
        process.executableURL = program
        process.arguments = [
            "serve", "--data", folder.path, "--listen", "127.0.0.1:0", "--port-file",
            folder.path + "/port-\(round)", "--log", "error", "--set",
            "requestsBurst=10000", "--set", "requestsPerSecond=10000", "--set",
            "bytesPerSecond=1073741824",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Waits for the server to write its port; the test's time limit ends it.
    private static func port(_ folder: DataFolder, _ round: UInt64) async throws -> Int {
        while true {
            try Task.checkCancellation()
            let text = try? String(
                contentsOfFile: folder.path + "/port-\(round)",
                encoding: .utf8
            )
            if let port = text.flatMap({ Int($0.trimmingCharacters(in: .newlines)) }) {
                return port
            }
            await Task.yield()
        }
    }

    @Test func `an administrator is invited while the server runs`() async throws {
        try await RunningServer.run { server, _ in
            // The operator's invite of the same name replaces the one that was not used.
            let desk = OperatorDesk(server.folder)
            let secret = Programme.invite(for: try Cast.people()[0], 77)
            try await desk.ask(
                OperatorRequest(
                    participant: ParticipantID(Bytes16(high: 0x7a, low: 1)),
                    name: "Person 0",
                    invite: secret.authHash,
                    days: 1,
                    replacing: false
                )
            )
            let identity = try await NetClient.enrol(Cast.people()[0], secret, at: server)
            let client = try await NetClient.ready(Cast.people()[0], identity, at: server)
            guard case .answer(.people) = try await client.ask(.people) else { throw NoReply() }
            await client.link.close()
            await #expect(throws: DaemonError.self) {
                try await desk.ask(
                    OperatorRequest(
                        participant: ParticipantID(Bytes16(high: 0x7a, low: 2)),
                        name: "Person 0",
                        invite: Bytes32(1, 1, 1, 1),
                        days: 1,
                        replacing: false
                    )
                )
            }
        }
    }

    @Test func `two servers do not share a data folder or a port`() async throws {
        try await RunningServer.run { server, daemon in
            await #expect(throws: DaemonError.self) {
                try await Daemon.start(
                    server.folder,
                    RunningServer.configuration,
                    logger: RunningServer.quiet
                )
            }
            try await RunningServer.withFolder { other, _, _ in
                var configuration = RunningServer.configuration
                configuration.listenPort = daemon.port
                let taken = configuration
                await #expect(throws: DaemonError.self) {
                    try await Daemon.start(other, taken, logger: RunningServer.quiet)
                }
            }
        }
    }

    @Test(.enabled(if: ReadOnlyFolder.canMount, "skipped: nothing can be mounted here"))
    func `a data folder that cannot be written is named at the start`() async throws {
        try await ReadOnlyFolder.use { path, freeze in
            let folder = DataFolder(path + "/data")
            _ = try folder.make(address: "localhost:7440", at: RunningServer.now())
            freeze()
            do {
                let daemon = try await Daemon.start(
                    folder,
                    RunningServer.configuration,
                    logger: RunningServer.quiet
                )
                await daemon.stop()
                Issue.record("It started.")
            } catch let error as DaemonError {
                #expect(!error.sentence.isEmpty)
            }
            #expect(throws: DaemonError.self) {
                try DataFolder(path + "/other").make(
                    address: "localhost:7440",
                    at: RunningServer.now()
                )
            }
        }
    }

    @Test func `a folder that holds no server is named with what to do`() async throws {
        let folder = DataFolder(NSTemporaryDirectory() + "peercoach-none-" + UUID().uuidString)
        await #expect {
            try await Daemon.start(
                folder,
                RunningServer.configuration,
                logger: RunningServer.quiet
            )
        } throws: { error in
            (error as? DaemonError)?.hint.contains("peercoachd init") == true
        }
    }
}
