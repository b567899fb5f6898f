// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingDaemon
import CoachingEnvelope
import CoachingModel
import CoachingTestKit
import CoachingTransport
import CoachingWire
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@Suite(.timeLimit(.minutes(15)))
struct ConnectionTests {
    /// Is a client without our rules: any TLS or none; gives when it ended.
    private func raw(
        _ server: RunningServer,
        _ configure: ((inout TLSConfiguration) -> Void)?,
        _ bytes: [UInt8]
    ) async throws {
        var context: NIOSSLContext?
        if let configure {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.certificateVerification = .none
            configuration.trustRoots = .certificates([])
            configure(&configuration)
            context = try NIOSSLContext(configuration: configuration)
        }
        let tls = context
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let tls else { return }
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                    )
                }
            }
            .connect(host: "127.0.0.1", port: server.port).get()
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
        try? await channel.closeFuture.get()
    }

    /// The server still serves.
    private func expectAlive(_ server: RunningServer) async throws {
        let client = try await NetClient(server.dial(), Cast.people()[0])
        #expect(client.welcome?.versions == [wireVersion])
        await client.link.close()
    }

    @Test func `what is not TLS 1.3 with our protocol is closed, and the server serves on`()
        async throws
    {
        try await RunningServer.run { server, _ in
            try await raw(server, nil, Array("GET / HTTP/1.0\r\n\r\n".utf8))
            try await raw(
                server,
                {
                    $0.applicationProtocols = [TLSPolicy.protocolName]
                    $0.minimumTLSVersion = .tlsv12
                    $0.maximumTLSVersion = .tlsv12
                },
                [0, 0, 0, 1, 0x80]
            )
            try await raw(server, { $0.applicationProtocols = ["h2"] }, [0, 0, 0, 1, 0x80])
            try await raw(server, { _ in }, [0, 0, 0, 1, 0x80])
            try await expectAlive(server)
        }
    }

    @Test func `without a certificate one can enrol and nothing else`() async throws {
        try await RunningServer.run { server, _ in
            let person = try Cast.people()[0]
            let stranger = try await NetClient.connect(person, nil, at: server)
            #expect(try await stranger.farewell() == .certificateRequired)
            let asking = try await NetClient(server.dial(), person)
            _ = try await asking.begin(.rooms)
            #expect(try await asking.farewell() == .outOfOrder)
            let identity = try await NetClient.enrol(person, server.invite.keys, at: server)
            let client = try await NetClient.ready(person, identity, at: server)
            guard case .answer(.rooms(let rooms)) = try await client.ask(.rooms) else {
                throw NoReply()
            }
            #expect(rooms.isEmpty)
            await client.link.close()
        }
    }

    @Test func `a certificate of another authority, or whose time is over, is refused`()
        async throws
    {
        let now = RunningServer.now()
        let before = now.adding(milliseconds: -450 * 86_400_000)
        try await RunningServer.run(since: before) { server, _ in
            var generator = SystemRandomNumberGenerator()
            let person = try Cast.people()[0]
            let foreign = try Authority.make(atMs: now.milliseconds, using: &generator)
            let cases = [
                (foreign, now, false), (server.authority, before, false),
                (server.authority, now, true),
            ]
            for (authority, time, isTaken) in cases {
                let request = try CertificateRequest.make(using: &generator)
                let leaf = try authority.issueDevice(
                    request: request.request,
                    commonName: person.devices[0].id.description,
                    atMs: time.milliseconds,
                    using: &generator
                )
                let identity = NetIdentity(certificate: leaf, key: request.key)
                do {
                    let client = try await NetClient.connect(person, identity, at: server)
                    // The right one is let in, and its device is not known yet.
                    #expect(try await client.farewell() == .notKnown)
                    #expect(isTaken)
                } catch let error as TransportError {
                    #expect(!isTaken)
                    #expect(error == .certificateRefused || error == .closed)
                }
            }
            try await expectAlive(server)
        }
    }

    @Test func `a device that is revoked is cut and told so`() async throws {
        try await RunningServer.run { server, _ in
            let people = try Cast.people()
            let identity = try await NetClient.enrol(people[0], server.invite.keys, at: server)
            let admin = try await NetClient.ready(people[0], identity, at: server)
            let secret = Programme.invite(for: people[1])
            let steps: [DirectoryRequest] = [
                .addPeople([
                    NewParticipant(participant: people[1].participant, name: people[1].name)
                ]),
                .invite(
                    NewInvite(
                        hash: secret.authHash,
                        participant: people[1].participant,
                        days: nil,
                        room: nil
                    )
                ),
            ]
            for step in steps { #expect(try await admin.ask(.directory(step)).isDone) }
            let other = try await NetClient.enrol(people[1], secret, at: server)
            let cut = try await NetClient.ready(people[1], other, at: server)
            let revoke = DirectoryRequest.revokeDevice(people[1].devices[0].id)
            #expect(try await admin.ask(.directory(revoke)).isDone)
            #expect(try await cut.farewell() == .revoked)
            let again = try await NetClient.connect(people[1], other, at: server)
            #expect(try await again.farewell() == .revoked)
        }
    }

    @Test func `a frame that is none is answered with the right goodbye`() async throws {
        try await RunningServer.run { server, _ in
            let person = try Cast.people()[0]
            let nested = [UInt8](repeating: 0x81, count: 4_000) + [0x80]
            let head: [UInt8] = [0, 0, UInt8(nested.count >> 8), UInt8(nested.count & 255)]
            let cases: [([UInt8], GoodbyeCode)] = [
                ([0, 0, 0, 0], .badFrame),
                // Only the length: the body never comes.
                ([0, 0, 0x20, 0x01], .frameTooLong),
                ([0xff, 0xff, 0xff, 0xff], .frameTooLong),
                ([0, 0, 0, 3, 0xff, 0xff, 0xff], .malformed),
                ([0, 0, 0, 2, 0x80, 0x80], .malformed),
                (head + nested, .malformed),
            ]
            for (bytes, code) in cases {
                let client = try await NetClient(server.dial(), person)
                try await client.link.send(bytes)
                #expect(try await client.farewell() == code)
            }
            // Half a frame, and gone.
            let client = try await NetClient(server.dial(), person)
            try await client.link.send([0, 0, 0, 9, 0x82, 0x01])
            await client.link.close()
            try await expectAlive(server)
        }
    }

    @Test func `a hello that comes too late gets its goodbye`() async throws {
        var configuration = RunningServer.configuration
        configuration.transport.enrolmentWithin = .milliseconds(50)
        configuration.transport.lookEvery = .milliseconds(10)
        try await RunningServer.run(configuration) { server, _ in
            let client = try await NetClient(server.dial(), Cast.people()[0])
            #expect(try await client.farewell() == .tooSlow)
        }
    }

    @Test func `an enrolled device may send longer frames, up to the limit`() async throws {
        try await RunningServer.run { server, _ in
            let person = try Cast.people()[0]
            let identity = try await NetClient.enrol(person, server.invite.keys, at: server)
            let client = try await NetClient.ready(person, identity, at: server)
            let long = [UInt8](repeating: 0x01, count: 60_000)
            let item: [UInt8] = [0x59, UInt8(long.count >> 8), UInt8(long.count & 255)] + long
            let reply = try await client.ask(.post(Post(room: Programme.room, item: item)))
            #expect(reply.refusal == .notFound)
            try await client.link.send([0, 1, 0x10, 0x01])
            #expect(try await client.farewell() == .frameTooLong)
        }
    }

    @Test func `5,000 people are listed over TLS, each of them once`() async throws {
        try await RunningServer.run { server, _ in
            let person = try Cast.people()[0]
            let identity = try await NetClient.enrol(person, server.invite.keys, at: server)
            let client = try await NetClient.ready(person, identity, at: server)
            for start in stride(from: 0, to: 5_000, by: 500) {
                let new = (start..<start + 500).map { number in
                    NewParticipant(
                        participant: ParticipantID(Bytes16(high: 0x99, low: UInt64(number))),
                        name: "Somebody of a long name \(number)",
                        address: "somebody.\(number)@acme.example"
                    )
                }
                guard try await client.ask(.directory(.addPeople(new))).isDone else {
                    throw NoReply()
                }
            }
            let pages = try await client.pages(.people)
            #expect(pages.count > 3)
            let people = try pages.flatMap { page in
                guard case .answer(.people(let people)) = page else { throw NoReply() }
                return people.map(\.participant)
            }
            #expect(people.count == 5_001)
            #expect(Set(people).count == 5_001)
        }
    }
}
