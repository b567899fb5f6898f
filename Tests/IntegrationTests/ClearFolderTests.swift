// SPDX-License-Identifier: Apache-2.0
import CoachingDaemon
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingStore
import CoachingStoreSQLite
import CoachingTestKit
import CoachingTransport
import CoachingWire
import Testing

@Suite(.timeLimit(.minutes(15)))
struct ClearFolderTests {
    /// Puts a key event of suite 0, as servers before sealing kept it, in the first one's place.
    private func makeClear(_ folder: DataFolder, _ stream: StreamID) throws {
        let store = try SQLiteStore(folder: folder.path + "/store", release: Daemon.release)
        defer { store.close() }
        let first = try #require(try store.read(stream, 1...1, bytesMax: .max).first)
        guard
            case .push(.item(let pushed)) = try ServerMessage(
                body: Array(first.frame.dropFirst(Frame.headBytes))
            ), case .key(let key) = try ContentItem.parse(pushed.item)
        else { throw NoReply() }
        let header = key.headerBytes.dropLast() + [0]
        let item: [UInt8] =
            [0x83, 0x58, UInt8(header.count)] + header + [0x80, 0x58, 64]
            + [UInt8](repeating: 1, count: 64)
        #expect(throws: EnvelopeError.wrongSuite) { try ContentItem.parse(item) }
        let clear = PushedItem(
            transcript: pushed.transcript,
            number: 1,
            at: pushed.at,
            item: item
        )
        #expect(try store.replace(stream, 1, with: clear.frame()))
    }

    @Test func `a folder with lines in the clear is not opened, one with sealed lines is`()
        async throws
    {
        try await RunningServer.withFolder { folder, authority, invite in
            let person = try Cast.people()[0]
            func start() async throws -> Daemon {
                try await Daemon.start(
                    folder,
                    RunningServer.configuration,
                    logger: RunningServer.quiet
                )
            }
            var daemon = try await start()
            let server = RunningServer(
                folder: folder,
                authority: authority,
                invite: invite,
                port: daemon.port
            )
            let identity = try await NetClient.enrol(person, invite.keys, at: server)
            let client = try await NetClient.ready(person, identity, at: server)
            try await client.found()
            let sender = try await client.announceKey(1)
            await client.link.close()
            await daemon.stop()
            daemon = try await start()
            await daemon.stop()
            try makeClear(folder, StreamID(sender.transcript))
            let error = try await #require(throws: DaemonError.self) { _ = try await start() }
            #expect(error.sentence.contains("in the clear"))
            #expect(error.hint.contains("peercoachd init"))
            // Nothing holds the folder after the refusal.
            await #expect(throws: DaemonError.self) { _ = try await start() }
        }
    }
}
