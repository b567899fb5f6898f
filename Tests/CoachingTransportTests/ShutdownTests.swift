// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CoachingTransport

@Suite(.timeLimit(.minutes(15))) struct ShutdownTests {
    @Test func `at the end everybody gets what waited, a goodbye, and a clean close`()
        async throws
    {
        let react: RecordingHandler.Reaction = { table, event in
            admitAll(table, event)
            if case .stopping = event {
                for id in ConnectionID(1)...3 { table.close(id, after: wholeFrame([0xDD])) }
            }
        }
        try await TestServer.run(react: react) { server in
            var links: [FrameLink] = []
            for _ in 0..<3 { links.append(try await server.link()) }
            let silent = try await server.plainLink()
            _ = try await server.log.opened(count: 3)
            _ = try await server.counts { $0.open == 4 }
            let big = wholeFrame([UInt8](repeating: 1, count: 30_000))
            await server.onTable { table in
                for _ in 0..<30 { table.deliver(big, to: [1, 2, 3]) }
            }
            async let stopped: Void = server.listener.shutdown(within: .seconds(20))
            try await withThrowingTaskGroup(of: [Int].self) { group in
                for link in links {
                    group.addTask {
                        var sizes: [Int] = []
                        for try await frame in link.frames { sizes.append(frame.count) }
                        return sizes
                    }
                }
                for try await sizes in group {
                    #expect(sizes == Array(repeating: 30_000, count: 30) + [1])
                }
            }
            await silent.ended()
            await stopped
            for id in ConnectionID(1)...3 {
                #expect(server.log.all.contains(.closed(id, .handler)))
            }
            await server.listener.shutdown()
        }
    }

    @Test func `who does not read is cut when the time is over`() async throws {
        try await TestServer.run { server in
            let link = try await server.link()
            _ = try await server.log.opened()
            let big = wholeFrame([UInt8](repeating: 1, count: 65_000))
            var queued = 0
            while queued < 500_000 {
                try Task.checkCancellation()
                await server.onTable { $0.deliver(big, to: [1]) }
                queued = await server.onTable { $0.queuedBytes(1) }
            }
            await server.listener.shutdown(within: .milliseconds(50))
            #expect(server.log.all.contains(.closed(1, .shutdown)))
            await link.close()
        }
    }

    @Test func `posting while the server stops ends in closed, never hangs`() async throws {
        try await TestServer.run(react: echo) { server in
            let link = try await server.link()
            async let stopped: Void = server.listener.shutdown(within: .seconds(5))
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for try await _ in link.frames {} }
                await #expect(throws: TransportError.closed) {
                    while true { try await link.send(wholeFrame([1, 2, 3])) }
                }
                // How the reading side ends depends on whose close was first; it must end.
                while await group.nextResult() != nil {}
            }
            await stopped
        }
    }
}
