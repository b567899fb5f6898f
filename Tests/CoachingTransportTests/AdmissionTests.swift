// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import CoachingTransport

@Suite(.timeLimit(.minutes(15))) struct AdmissionTests {
    @Test func `the ninth silent connection of an address is refused, another's first is not`()
        async throws
    {
        try await TestServer.run { server in
            var links: [RawLink] = []
            for _ in 0..<8 { links.append(try await server.plainLink(from: "127.0.0.2")) }
            let ninth = try await server.plainLink(from: "127.0.0.2")
            await ninth.ended()
            links.append(try await server.plainLink(from: "127.0.0.3"))
            let counts = try await server.counts { $0.admitted == 9 }
            #expect(counts.refused == 1)
            #expect(counts.unauthenticated == 9)
            for link in links { try await link.channel.close().get() }
            _ = try await server.counts { $0.open == 0 && $0.unauthenticated == 0 }
        }
    }

    @Test func `members behind one address do not count`() async throws {
        try await TestServer.run { server in
            var links: [FrameLink] = []
            for _ in 0..<40 { links.append(try await server.link()) }
            _ = try await server.log.opened(count: 40)
            let counts = await server.onTable { $0.counts }
            #expect(counts.open == 40)
            #expect(counts.unauthenticated == 0)
            #expect(counts.refused == 0)
            for link in links { await link.close() }
        }
    }

    @Test func `an address that fails too often is refused before TLS, who only looks is not`()
        async throws
    {
        var limits = TransportLimits.patient
        limits.failedPerAddressMax = 3
        // However slow the machine is, no one is cut for coming late.
        limits.handshakeWithin = .seconds(600)
        try await TestServer.run(limits: limits, react: echo) { server in
            for number in 1...5 as ClosedRange<UInt64> {
                let visitor = try await server.plainLink(from: "127.0.0.4")
                try await visitor.channel.close().get()
                _ = try await server.counts { $0.handshakesFailed == number && $0.open == 0 }
            }
            for number in 1...3 as ClosedRange<UInt64> {
                let rubbish = try await server.plainLink(from: "127.0.0.4")
                try await rubbish.write(Array("GET / HTTP/1.0\r\n\r\n".utf8))
                await rubbish.ended()
                _ = try await server.counts { $0.handshakesFailed == 5 + number && $0.open == 0 }
            }
            let refused = try await server.plainLink(from: "127.0.0.4")
            await refused.ended()
            _ = try await server.counts { $0.refused == 1 }
            // Another address is served as ever.
            let member = try await server.link()
            var frames = member.frames.makeAsyncIterator()
            try await member.send(wholeFrame([5]))
            #expect(try await frames.next() == [5])
            await member.close()
        }
    }

    @Test func `connections over the total are refused`() async throws {
        var limits = TransportLimits.patient
        limits.connectionsMax = 2
        try await TestServer.run(limits: limits, react: echo) { server in
            let first = try await server.link()
            let second = try await server.link()
            let third = try await server.plainLink()
            await third.ended()
            #expect(await server.onTable { $0.counts.refused } == 1)
            // A device that is cut off comes again; one that is refused by TLS would give up.
            await #expect(throws: TransportError.closed) { try await server.link() }
            #expect(await server.onTable { $0.counts.refused } == 2)
            await first.close()
            _ = try await server.counts { $0.open == 1 }
            let next = try await server.link()
            var frames = next.frames.makeAsyncIterator()
            try await next.send(wholeFrame([5]))
            #expect(try await frames.next() == [5])
            await second.close()
        }
    }
}

@Suite struct AddressGateTests {
    private var generator = SystemRandomNumberGenerator()
    private let home = AddressKey.four(1)

    /// Admits and gives the admission, or nil.
    private mutating func admit(
        _ gate: inout AddressGate,
        _ key: AddressKey,
        _ atMs: Int64
    ) -> AddressGate.Admission? {
        try? gate.admit(key, atMs: atMs, using: &generator).get()
    }

    private mutating func refusal(
        _ gate: inout AddressGate,
        _ key: AddressKey,
        _ atMs: Int64
    ) -> AddressGate.Refusal? {
        guard case .failure(let refused) = gate.admit(key, atMs: atMs, using: &generator) else {
            return nil
        }
        return refused.refusal
    }

    @Test mutating func `thirty a minute and a hundred and twenty in ten minutes are let in`() {
        var gate = AddressGate(TransportLimits())
        var admitted = 0
        for minute in 0..<Int64(10) {
            for second in 0..<Int64(40) {
                let now = minute * 60_000 + second * 1_000
                guard let admission = admit(&gate, home, now) else { continue }
                admitted += 1
                gate.ended(admission)
            }
            #expect(admitted == min(120, 30 * (Int(minute) + 1)))
        }
        #expect(refusal(&gate, home, 599_999) == .tooOftenFromAddress)
        #expect(refusal(&gate, .four(2), 599_999) == nil)
        #expect(refusal(&gate, home, 600_001) == nil)
    }

    @Test mutating func `who authenticates gives the place back`() {
        var gate = AddressGate(TransportLimits())
        for _ in 0..<500 {
            guard var admission = admit(&gate, home, 1_000) else {
                Issue.record("refused")
                return
            }
            gate.authenticated(&admission)
            gate.authenticated(&admission)
        }
        #expect(gate.open == 500)
        #expect(gate.unauthenticated == 0)
        #expect(gate.addressesCount == 0)
    }

    @Test mutating func `a flood from many addresses is thinned from 128 and stopped at 256`() {
        var gate = AddressGate(TransportLimits())
        for number in 0..<UInt32(128) {
            #expect(refusal(&gate, .four(number), 0) == nil)
        }
        var dropped = 0
        for number in 128..<UInt32(200_000) {
            switch refusal(&gate, .four(number), 0) {
            case .droppedEarly: dropped += 1
            case .tooManyUnauthenticated: #expect(gate.unauthenticated == 256)
            case nil: #expect(gate.unauthenticated <= 256)
            default: Issue.record("another refusal")
            }
        }
        #expect(dropped > 0)
        #expect(gate.unauthenticated <= 256)
    }

    /// Comes and fails in the handshake; gives whether it was let in.
    private mutating func fail(_ gate: inout AddressGate, _ key: AddressKey, _ atMs: Int64) -> Bool
    {
        guard let admission = admit(&gate, key, atMs) else { return false }
        gate.failed(admission, atMs: atMs)
        gate.ended(admission)
        return true
    }

    @Test(arguments: [AddressKey.four(1), .six(1)])
    mutating func `ten failed handshakes within two minutes are answered with five minutes`(
        _ key: AddressKey
    ) {
        var gate = AddressGate(TransportLimits())
        for number in 0..<Int64(10) { #expect(fail(&gate, key, number * 13_000)) }
        let last: Int64 = 9 * 13_000
        #expect(refusal(&gate, key, last) == .failedTooOften)
        #expect(refusal(&gate, key, last + 299_999) == .failedTooOften)
        #expect(refusal(&gate, .four(2), last) == nil)
        #expect(refusal(&gate, .six(2), last) == nil)
        #expect(refusal(&gate, key, last + 300_000) == nil)
        // What failed before counts no more.
        for number in 0..<Int64(9) { #expect(fail(&gate, key, last + 300_000 + number)) }
        #expect(refusal(&gate, key, last + 300_100) == nil)
    }

    @Test mutating func `failed handshakes further apart are no reason to refuse`() {
        var gate = AddressGate(TransportLimits())
        for number in 0..<Int64(40) { #expect(fail(&gate, home, number * 13_400)) }
    }

    @Test mutating func `who authenticates takes back what others of the address failed in`() {
        var gate = AddressGate(TransportLimits())
        for round in 0..<Int64(3) {
            for _ in 0..<9 { #expect(fail(&gate, home, round)) }
            guard var member = admit(&gate, home, round) else {
                Issue.record("refused")
                return
            }
            gate.authenticated(&member)
            gate.ended(member)
        }
        #expect(refusal(&gate, home, 3) == nil)
    }

    @Test mutating func `the memory of addresses is bounded`() {
        var limits = TransportLimits.patient
        limits.addressesMax = 64
        var gate = AddressGate(limits)
        let kept = admit(&gate, .six(7), 0)
        #expect(kept != nil)
        for number in 0..<UInt32(10_000) {
            guard let admission = admit(&gate, .four(number), Int64(number)) else {
                Issue.record("refused")
                return
            }
            gate.ended(admission)
            #expect(gate.addressesCount <= 64)
        }
        #expect(gate.open == 1)
    }

    @Test func `IPv6 counts by its first half, mapped IPv4 as IPv4`() {
        let prefix: [UInt8] = [0x20, 1, 0xD, 0xB8, 0, 0, 0, 1]
        let one = AddressKey(bytes: prefix + [0, 0, 0, 0, 0, 0, 0, 1])
        let two = AddressKey(bytes: prefix + [9, 9, 9, 9, 9, 9, 9, 9])
        #expect(one == two)
        #expect(one == .six(0x2001_0DB8_0000_0001))
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 127, 0, 0, 1]
        #expect(AddressKey(bytes: mapped) == .four(0x7F00_0001))
        #expect(AddressKey(bytes: [1, 2]) == nil)
    }
}
