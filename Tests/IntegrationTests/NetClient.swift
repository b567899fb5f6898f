// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingTransport
import CoachingWire

/// A device's certificate with its key.
struct NetIdentity: Sendable {
    var certificate: [UInt8]
    var key: [UInt8]
}

/// A device that talks to a running server over TLS; one task at a time may use it.
final class NetClient {
    let link: FrameLink
    let person: TestPerson
    private var frames: InboundFrames.Iterator
    private(set) var welcome: Welcome?
    private var nextRequest: UInt64 = 1
    var copy = RoomCopy(id: Programme.room)
    private(set) var replies: [UInt64: Reply] = [:]
    /// Where the lists go on that came in pages, by request.
    private var cursors: [UInt64: PageCursor] = [:]
    private(set) var goodbye: GoodbyeCode?
    private(set) var secret: UInt64 = 0

    init(_ link: FrameLink, _ person: TestPerson) async throws {
        self.link = link
        self.person = person
        frames = link.frames.makeAsyncIterator()
        guard case .welcome(let welcome)? = try await message() else { throw NoReply() }
        self.welcome = welcome
    }

    private var device: TestDevice { person.devices[0] }

    // MARK: Beginning

    /// Enrols a person and gives what they connect with.
    static func enrol(
        _ person: TestPerson,
        _ secret: InviteSecret,
        at server: RunningServer
    ) async throws -> NetIdentity {
        var generator = SystemRandomNumberGenerator()
        let request = try CertificateRequest.make(using: &generator)
        let client = try await NetClient(server.dial(), person)
        let form = PersonForm(
            auth: secret.auth,
            request: request.request,
            deviceList: person.firstList.signed,
            mac: secret.deviceListMAC(person.firstList.signed.body),
            encryptionKey: person.devices[0].announcement
        )
        try await client.send(.enrolment(.person(form)))
        guard case .enrolment(.enrolled(let receipt))? = try await client.message() else {
            throw NoReply()
        }
        await client.link.close()
        return NetIdentity(certificate: receipt.certificate, key: request.key)
    }

    /// Connects with a certificate and says hello.
    static func connect(
        _ person: TestPerson,
        _ identity: NetIdentity?,
        at server: RunningServer
    ) async throws -> NetClient {
        let tls = try identity.map {
            try ClientTLS(
                certificate: $0.certificate,
                key: $0.key,
                verify: server.verification()
            )
        }
        let client = try await NetClient(server.dial(tls), person)
        try await client.hello()
        return client
    }

    func hello() async throws {
        guard let welcome else { throw NoReply() }
        let signature = try device.signing.signHello(
            nonce: welcome.nonce,
            serverLeaf: Hashing.hash(link.serverLeaf)
        )
        try await send(
            .hello(
                Hello(
                    version: wireVersion,
                    device: device.id,
                    signature: signature,
                    program: "test"
                )
            )
        )
    }

    /// Connects and waits until the server says that one is in.
    static func ready(
        _ person: TestPerson,
        _ identity: NetIdentity,
        at server: RunningServer
    ) async throws -> NetClient {
        let client = try await connect(person, identity, at: server)
        guard case .ready? = try await client.message() else { throw NoReply() }
        return client
    }

    // MARK: Frames

    func send(_ message: ClientMessage) async throws { try await link.send(message.frame()) }

    /// Waits for the next message and takes it in; `nil` when the server has closed.
    @discardableResult
    func message() async throws -> ServerMessage? {
        guard let body = try await frames.next() else { return nil }
        let message = try ServerMessage(body: body)
        switch message {
        case .reply(let id, let answer, let next):
            if case .followed(let followed) = answer { copy.begin(followed) }
            cursors[id] = next
            replies[id] = .answer(answer)
        case .refusal(let id, let refusal): replies[id] = .refusal(refusal)
        case .goodbye(let goodbye): self.goodbye = goodbye.code
        case .push(.record(let pushed)): copy.take(pushed)
        case .push(.item(let pushed)): copy.take(pushed, isAsked: false)
        case .push(.opened(_, let transcript)): copy.open(transcript)
        default: break
        }
        return message
    }

    /// Reads until the server says goodbye, or closes without.
    func farewell() async throws -> GoodbyeCode? {
        while goodbye == nil, try await message() != nil {}
        return goodbye
    }

    func begin(_ request: Request) async throws -> UInt64 {
        let id = nextRequest
        nextRequest += 1
        try await send(.request(id: id, request))
        return id
    }

    func reply(_ id: UInt64) async throws -> Reply? {
        while replies[id] == nil {
            guard try await message() != nil else { return nil }
        }
        return replies[id]
    }

    func ask(_ request: Request) async throws -> Reply {
        guard let reply = try await reply(begin(request)) else { throw NoReply() }
        return reply
    }

    /// Asks for a list until its last page, and gives the pages.
    func pages(_ request: Request) async throws -> [Reply] {
        var pages: [Reply] = []
        var after: PageCursor?
        repeat {
            let id = nextRequest
            nextRequest += 1
            try await send(.request(id: id, request, after: after))
            guard let page = try await reply(id) else { throw NoReply() }
            pages.append(page)
            after = cursors[id]
        } while after != nil
        return pages
    }

    // MARK: A room of one's own

    /// Has an administrator set up the room with themselves as its one peer, and follows it.
    func found() async throws {
        let room = Programme.room
        let steps: [DirectoryRequest] = [
            .addRoom(NamedRoom(room: room, name: "alpha")),
            .propose(
                RoomProposal(
                    room: room,
                    participant: ParticipantID(Bytes16(high: 0x7a, low: 0)),
                    membership: .peer,
                    until: nil
                )
            ),
            .accept(room),
        ]
        for step in steps {
            guard try await ask(.directory(step)).isDone else { throw NoReply() }
        }
        let roster = Roster(
            room: room,
            version: 1,
            previous: .zero,
            members: [person.member()],
            policy: .standard,
            excludedDevices: []
        )
        let signed = try device.signing.sign(roster)
        guard try await ask(.room(RoomRequest(room: room, act: .admit(signed)))).isDone else {
            throw NoReply()
        }
        try await follow()
    }

    func follow() async throws {
        let follow = Follow(room: Programme.room, position: 0, transcripts: [], rest: true)
        guard case .answer(.followed(let answer)) = try await ask(.follow(follow)) else {
            throw NoReply()
        }
        while copy.room.position < answer.position {
            guard try await message() != nil else { throw NoReply() }
        }
    }

    /// Makes and announces a sender key for one's own transcript.
    func announceKey(_ number: UInt64) async throws -> SenderKey {
        let key = TranscriptKey.own(person.id)
        let readers = copy.room.readerDevices(of: key)
        let sender = SenderKey(
            secret: Bytes32(number, 4, 4, 4),
            signer: device.signing,
            room: Programme.room,
            key: key,
            audience: AudienceDigest.compute(
                transcript: TranscriptID(room: Programme.room, key: key),
                position: copy.room.position,
                head: copy.head,
                devices: readers
            ),
            position: copy.room.position,
            epoch: number
        )
        let item = try sender.announcement(to: Cast.recipients(readers))
        guard try await ask(.post(Post(room: Programme.room, item: item))).posted != nil else {
            throw NoReply()
        }
        return sender
    }

    /// Posts without stopping, with a few on their way, until the server is gone; gives what was
    /// acknowledged.
    func postUntilGone(
        _ sender: SenderKey,
        onAccepted: (Int) -> Void
    ) async throws -> [UInt64: [UInt8]] {
        var sender = sender
        var generator = SystemRandomNumberGenerator()
        var waiting: [UInt64: [UInt8]] = [:]
        var accepted: [UInt64: [UInt8]] = [:]
        do {
            while goodbye == nil {
                while waiting.count < 16 {
                    let item = try sender.seal(
                        EntryBody(text: "note \(sender.nextCounter)").encoded(),
                        kind: .note,
                        seenNumber: 0,
                        seenHead: TranscriptChain.start(sender.transcript),
                        using: &generator
                    )
                    waiting[try await begin(.post(Post(room: Programme.room, item: item)))] = item
                }
                guard try await message() != nil else { break }
                for (id, item) in waiting {
                    guard let reply = replies[id] else { continue }
                    waiting[id] = nil
                    guard let number = reply.posted else { continue }
                    accepted[number] = item
                    onAccepted(accepted.count)
                }
            }
        } catch is TransportError {
            // The server is gone: that is what this is for.
        }
        // Answers that were on their way before the end count as well.
        while (try? await message()) ?? nil != nil {}
        for (id, item) in waiting {
            if let number = replies[id]?.posted { accepted[number] = item }
        }
        return accepted
    }
}
