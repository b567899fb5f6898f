// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import CoachingTransport

@Suite(.timeLimit(.minutes(15))) struct ListenerTests {
    private let big = wholeFrame([UInt8](repeating: 0x5A, count: 32_000))

    @Test func `frames of every size come back as they were`() async throws {
        try await TestServer.run(react: echo) { server in
            let link = try await server.link()
            var frames = link.frames.makeAsyncIterator()
            for count in [1, 2, 511, 512, 513, 16_383, 16_384, 16_385, 69_632] {
                let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                try await link.send(wholeFrame(body))
                #expect(try await frames.next() == body, "\(count) bytes")
            }
        }
    }

    @Test func `glued and dribbled frames are told apart`() async throws {
        try await TestServer.run { server in
            let link = try await server.link()
            let bodies: [[UInt8]] = [[1], [2, 2], Array(repeating: 3, count: 40), [4]]
            let stream = bodies.flatMap { wholeFrame($0) }
            try await link.send(stream)
            for byte in stream { try await link.send([byte]) }
            try await server.log.wait(count: 2) { $0 == .received(1, [4]) }
            #expect(server.log.received(1) == bodies + bodies)
        }
    }

    @Test func `an empty frame is answered with goodbye and the end`() async throws {
        try await TestServer.run { server in
            let link = try await server.link()
            try await link.send([0, 0, 0, 0, 0, 0, 0, 1, 9])
            var frames = link.frames.makeAsyncIterator()
            #expect(try await frames.next() == [0xBB])
            #expect(try await frames.next() == nil)
            #expect(try await server.log.closed(1) == .violation(.empty))
            #expect(server.log.received(1).isEmpty)
        }
    }

    @Test func `a length over the limit is refused before the body arrives`() async throws {
        try await TestServer.run { server in
            let link = try await server.link()
            try await link.send([0, 1, 0x10, 1])
            var frames = link.frames.makeAsyncIterator()
            #expect(try await frames.next() == [0xBB])
            let violation = FrameViolation.tooLong(bytes: 69_633, bytesMax: 69_632)
            #expect(try await server.log.closed(1) == .violation(violation))
        }
    }

    @Test func `before the hello the limit is small`() async throws {
        let react: RecordingHandler.Reaction = { table, event in
            if case .received(let id, [1]) = event { table.setAuthenticated(id) }
        }
        try await TestServer.run(react: react) { server in
            let member = try await server.link()
            try await member.send(wholeFrame([1]) + wholeFrame(Array(repeating: 2, count: 8_193)))
            try await server.log.wait { $0 == .received(1, Array(repeating: 2, count: 8_193)) }
            let stranger = try await server.link()
            try await stranger.send(wholeFrame(Array(repeating: 2, count: 8_192)))
            try await stranger.send([0, 0, 0x20, 1])
            let violation = FrameViolation.tooLong(bytes: 8_193, bytesMax: 8_192)
            #expect(try await server.log.closed(2) == .violation(violation))
            #expect(server.log.received(2).count == 1)
        }
    }

    @Test func `a body that dribbles is cut when its time is over`() async throws {
        var limits = TransportLimits.patient
        limits.frameWithin = .milliseconds(50)
        limits.lookEvery = .milliseconds(10)
        try await TestServer.run(limits: limits) { server in
            let link = try await server.link()
            try await link.send([0, 0, 0, 2, 1])
            var frames = link.frames.makeAsyncIterator()
            #expect(try await frames.next() == [0xBB])
            #expect(try await server.log.closed(1) == .violation(.late))
        }
    }

    @Test func `the end within a frame is told as such`() async throws {
        try await TestServer.run { server in
            let link = try await server.link()
            try await link.send(wholeFrame([1]) + [0, 0, 0, 9, 1, 2])
            try await server.log.wait { $0 == .received(1, [1]) }
            await link.close()
            #expect(try await server.log.closed(1) == .truncated)
        }
    }

    @Test func `a push comes to all alike, and only to whom it is for`() async throws {
        try await TestServer.run { server in
            var links: [FrameLink] = []
            for _ in 0..<12 { links.append(try await server.link()) }
            _ = try await server.log.opened(count: 12)
            let receivers = (1...11).map { ConnectionID($0) }
            let big = big
            await server.onTable { table in
                for number in 0..<30 {
                    table.deliver(wholeFrame([UInt8(number)]), to: receivers)
                    table.deliver(big, to: receivers)
                }
                table.deliver(wholeFrame([0xEE]), to: receivers + [12, 99])
            }
            var expected: [[UInt8]] = []
            for number in 0..<30 { expected += [[UInt8(number)], Array(big.dropFirst(4))] }
            for link in links {
                var found: [[UInt8]] = []
                for try await frame in link.frames {
                    if frame == [0xEE] { break }
                    found.append(frame)
                }
                #expect(found == (link === links[11] ? [] : expected))
            }
        }
    }

    @Test func `who does not read lags once, drains, and disturbs nobody`() async throws {
        try await TestServer.run { server in
            let slow = try await server.link()
            let quick = try await server.link()
            _ = try await server.log.opened(count: 2)
            let big = big
            let sent = try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask {
                    var count = 0
                    for try await frame in quick.frames {
                        if frame == [1] { break }
                        count += 1
                    }
                    return count
                }
                var sent = 0
                while !server.log.all.contains(.lagged(1)) {
                    try Task.checkCancellation()
                    // Not faster than the quick one reads, or it would lag by right.
                    let queued = await server.onTable { table in
                        if table.queuedBytes(2) < 512 * 1_024 {
                            table.deliver(big, to: [1, 2])
                            return true
                        }
                        return false
                    }
                    if queued { sent += 1 }
                }
                let waiting = await server.onTable { table in
                    table.deliver(big, to: [1])
                    table.send(wholeFrame([2]), to: 1)
                    table.send(wholeFrame([1]), to: 2)
                    return table.queuedBytes(1)
                }
                #expect(waiting <= 1 << 20)
                let received = try await group.next()
                #expect(received == sent)
                return sent
            }
            // The slow one reads on: less than was sent, the reply, and then pushes again.
            var iterator = slow.frames.makeAsyncIterator()
            var pushes = 0
            while let frame = try await iterator.next(), frame != [2] { pushes += 1 }
            #expect(pushes < sent)
            try await server.log.wait { $0 == .drained(1) }
            await server.onTable { $0.deliver(wholeFrame([3]), to: [1]) }
            #expect(try await iterator.next() == [3])
            #expect(server.log.all.filter { $0 == .lagged(1) }.count == 1)
            #expect(!server.log.all.contains(.lagged(2)))
        }
    }

    @Test func `who takes nothing for too long is cut`() async throws {
        var limits = TransportLimits.patient
        limits.writeProgressWithin = .milliseconds(100)
        limits.lookEvery = .milliseconds(10)
        try await TestServer.run(limits: limits) { server in
            let link = try await server.link()
            _ = try await server.log.opened()
            let big = big
            while !server.log.all.contains(.closed(1, .writeStalled)) {
                try Task.checkCancellation()
                await server.onTable { $0.deliver(big, to: [1]) }
            }
            await link.close()
        }
    }

    @Test func `who waits for the first time when looked at has not waited for long`() async throws
    {
        var short = TransportLimits.patient
        short.lookEvery = .milliseconds(300)
        let limits = short
        try await TestServer.run(limits: limits) { server in
            let link = try await server.link()
            _ = try await server.log.opened()
            let big = big
            var waiting = 0
            while waiting == 0 {
                try Task.checkCancellation()
                waiting = await server.onTable { table in
                    table.deliver(big, to: [1])
                    return table.queuedBytes(1)
                }
            }
            // The first look comes meanwhile.
            let (passed, pass) = AsyncStream.makeStream(of: Void.self)
            await server.onTable { table in
                _ = table.schedule(after: limits.lookEvery) { pass.finish() }
            }
            for await _ in passed {}
            #expect(!server.log.all.contains(.closed(1, .writeStalled)))
            await link.close()
        }
    }

    @Test func `who does not fetch its replies is cut`() async throws {
        try await TestServer.run { server in
            let link = try await server.link()
            _ = try await server.log.opened()
            let big = big
            while !server.log.all.contains(.closed(1, .queueOverflow)) {
                try Task.checkCancellation()
                await server.onTable { $0.send(big, to: 1) }
            }
            #expect(await server.onTable { $0.counts.queuedBytes } == 0)
            await link.close()
        }
    }

    @Test func `when all queues are too long the longest is cut`() async throws {
        var limits = TransportLimits.patient
        limits.allQueuesBytesMax = 1_000_000
        try await TestServer.run(limits: limits) { server in
            let links = [try await server.link(), try await server.link()]
            _ = try await server.log.opened(count: 2)
            let big = big
            await server.onTable { table in
                // Within one turn only who is over a limit of its own is drained.
                for _ in 0..<10 { table.send(big, to: 1) }
                for _ in 0..<22 { table.send(big, to: 2) }
            }
            #expect(try await server.log.closed(2) == .queueOverflow)
            var iterator = links[0].frames.makeAsyncIterator()
            for _ in 0..<10 { #expect(try await iterator.next()?.count == 32_000) }
            #expect(!server.log.all.contains { if case .closed(1, _) = $0 { true } else { false } })
        }
    }

    @Test func `paused, nothing is told; resumed, everything in order`() async throws {
        let react: RecordingHandler.Reaction = { table, event in
            admitAll(table, event)
            if case .received(let id, [1]) = event { table.pauseReading(id) }
        }
        try await TestServer.run(react: react) { server in
            let link = try await server.link()
            // Three frames in one record: the pause falls between them.
            try await link.send(wholeFrame([1]) + wholeFrame([2]) + wholeFrame([3]))
            try await server.log.wait { $0 == .received(1, [1]) }
            try await link.send(wholeFrame([4]))
            _ = await server.onTable { _ in }
            #expect(server.log.received(1) == [[1]])
            await server.onTable { table in
                table.resumeReading(1)
                table.pauseReading(1)
                table.resumeReading(1)
            }
            try await server.log.wait { $0 == .received(1, [4]) }
            #expect(server.log.received(1) == [[1], [2], [3], [4]])
        }
    }

    @Test func `a handler may close within its own call`() async throws {
        let react: RecordingHandler.Reaction = { table, event in
            admitAll(table, event)
            if case .received(let id, _) = event { table.close(id, after: wholeFrame([0xCC])) }
        }
        try await TestServer.run(react: react) { server in
            let link = try await server.link()
            try await link.send(wholeFrame([1]) + wholeFrame([2]))
            var frames = link.frames.makeAsyncIterator()
            #expect(try await frames.next() == [0xCC])
            #expect(try await frames.next() == nil)
            #expect(try await server.log.closed(1) == .handler)
            #expect(server.log.received(1) == [[1]])
        }
    }

    @Test func `a turn with many frames ends once, after them`() async throws {
        try await TestServer.run { server in
            let link = try await server.link()
            let (id, _) = try await server.log.opened()
            try await link.send((0..<40).flatMap { wholeFrame([$0]) })
            try await server.log.wait { $0 == .received(id, [39]) }
            _ = await server.onTable { _ in }
            let events = server.log.all
            let first = try #require(events.firstIndex(of: .received(id, [0])))
            let last = try #require(events.firstIndex(of: .received(id, [39])))
            #expect(events[first...last].allSatisfy { $0 != .turnEnded })
            #expect(events[last...].contains(.turnEnded))
        }
    }

    @Test func `what comes in from other threads together wakes the loop once`() async throws {
        try await TestServer.run { server in
            let gate = DispatchGate()
            server.listener.loop.onLoop { gate.hold() }
            let before = server.log.all.filter { $0 == .turnEnded }.count
            let counter = EventLog()
            for number in 0..<100 {
                server.listener.loop.onLoop { counter.append(.lagged(ConnectionID(number))) }
            }
            gate.release()
            try await counter.wait(count: 100) { _ in true }
            _ = await server.onTable { _ in }
            _ = await server.onTable { _ in }
            #expect(counter.all == (0..<100).map { .lagged(ConnectionID($0)) })
            let turns = server.log.all.filter { $0 == .turnEnded }.count - before
            #expect((1...4).contains(turns))
        }
    }

    @Test func `timers run on the loop until cancelled`() async throws {
        try await TestServer.run { server in
            let log = EventLog()
            await server.onTable { table in
                var ticks: ConnectionID = 0
                var timer: LoopTimer?
                timer = table.scheduleTick(every: .milliseconds(1)) {
                    ticks += 1
                    log.append(.drained(ticks))
                    if ticks == 3 {
                        timer?.cancel()
                        table.schedule(after: .milliseconds(20)) { log.append(.stopping) }
                    }
                }
                table.schedule(after: .milliseconds(1)) { log.append(.lagged(0)) }.cancel()
            }
            try await log.wait { $0 == .stopping }
            #expect(log.all == [.drained(1), .drained(2), .drained(3), .stopping])
        }
    }
}
