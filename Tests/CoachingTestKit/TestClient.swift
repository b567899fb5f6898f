// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
package import CoachingModel
import CoachingSeal
package import CoachingWire

/// What a request was answered.
package enum Reply: Equatable, Sendable {
    case answer(Answer)
    case refusal(Refusal)

    package var refusal: RefusalCode? {
        if case .refusal(let refusal) = self { refusal.code } else { nil }
    }

    package var posted: UInt64? {
        if case .answer(.posted(let number)) = self { number } else { nil }
    }

    package var isDone: Bool {
        if case .answer(.done) = self { true } else { false }
    }
}

/// A device that talks to a ``World``, checks what it gets, and keeps it as a client would.
package final class TestClient {
    package let world: World
    package let person: TestPerson
    package let device: TestDevice
    package private(set) var link: Link?
    package var nextRequest: UInt64 = 1
    package private(set) var replies: [UInt64: Reply] = [:]
    /// Where the lists go on that came in pages, by request.
    package private(set) var cursors: [UInt64: PageCursor] = [:]
    package private(set) var enrolment: [EnrolmentReply] = []
    package var pushes: [Push] = []
    package private(set) var ready: Ready?
    package private(set) var goodbye: GoodbyeCode?
    package private(set) var welcome: Welcome?
    /// What follows are asked for, by request.
    private var follows: [UInt64: RoomID] = [:]
    /// Histories that are on their way.
    package var histories: [UInt64: TranscriptID] = [:]
    /// The rooms as they came.
    package var rooms: [RoomID: RoomCopy] = [:]
    /// What an honest server never does.
    package private(set) var findings: [String] = []
    package var secret: UInt64
    package var generator = SplitMix64(seed: 0x5a17)

    package init(_ world: World, _ person: TestPerson, device index: Int = 0) {
        self.world = world
        self.person = person
        device = person.devices[index]
        secret = UInt64(person.number) << 32 | UInt64(index) << 24
    }

    package var isConnected: Bool { link.map { !$0.isClosed } ?? false }

    // MARK: Connections

    package func open(certified: Bool = true) throws {
        link = world.connect(certified: certified ? device.id : nil)
        goodbye = nil
        ready = nil
        follows = [:]
        histories = [:]
        nextRequest = 1
        replies = [:]
        cursors = [:]
        for id in rooms.keys { rooms[id]?.isFollowed = false }
        try read()
    }

    package func hello(_ change: (inout Hello) -> Void = { _ in }) throws {
        guard let welcome else { throw NoReply() }
        var hello = Hello(
            version: wireVersion,
            device: device.id,
            signature: try device.signing.signHello(nonce: welcome.nonce, serverLeaf: World.leaf),
            program: "test 1"
        )
        change(&hello)
        try send(.hello(hello))
    }

    /// Opens a connection and proves the device.
    @discardableResult
    package func connect() throws -> TestClient {
        try open()
        try hello()
        return self
    }

    package func send(_ message: ClientMessage) throws {
        guard let link else { throw NoReply() }
        world.receive(try message.frame(), on: link)
        try read()
    }

    package func cut() throws {
        guard let link else { return }
        try read()
        world.cut(link)
        self.link = nil
    }

    /// Reads all that has come.
    package func read() throws {
        guard let link else { return }
        for message in try link.takeMessages() { try take(message) }
    }

    // MARK: Requests

    /// Sends a request without waiting; gives its number.
    @discardableResult
    package func begin(_ request: Request, after: PageCursor? = nil) throws -> UInt64 {
        let id = nextRequest
        nextRequest += 1
        if case .follow(let follow) = request { follows[id] = follow.room }
        if case .history(let page) = request { histories[id] = page.transcript }
        try send(.request(id: id, request, after: after))
        return id
    }

    package func reply(_ id: UInt64) throws -> Reply? {
        try read()
        return replies[id]
    }

    /// Sends a request and gives its answer.
    package func ask(_ request: Request) throws -> Reply {
        let id = try begin(request)
        guard let reply = try reply(id) else { throw NoReply() }
        return reply
    }

    /// Asks for a page of a list; gives also where the next one begins.
    package func page(
        _ request: Request,
        after: PageCursor?
    ) throws -> (reply: Reply, next: PageCursor?) {
        let id = try begin(request, after: after)
        guard let reply = try reply(id) else { throw NoReply() }
        return (reply, cursors[id])
    }

    /// Asks for a list until its last page, and gives the answers.
    package func pages(_ request: Request) throws -> [Answer] {
        var answers: [Answer] = []
        var after: PageCursor?
        repeat {
            let page = try page(request, after: after)
            guard case .answer(let answer) = page.reply else { throw NoReply() }
            answers.append(answer)
            after = page.next
        } while after != nil
        return answers
    }

    package func ask(_ request: DirectoryRequest) throws -> Reply { try ask(.directory(request)) }

    package func act(_ room: RoomID, _ act: RoomAct) throws -> Reply {
        try ask(.room(RoomRequest(room: room, act: act)))
    }

    package func enrol(_ request: EnrolmentRequest) throws -> EnrolmentReply? {
        enrolment = []
        try send(.enrolment(request))
        return enrolment.last
    }

    @discardableResult
    package func follow(_ room: RoomID, rest: Bool = true) throws -> Reply {
        try ask(followRequest(room, rest: rest))
    }

    /// Makes the request that goes on where this client is.
    package func followRequest(_ room: RoomID, rest: Bool = true) -> Request {
        let copy = rooms[room]
        let places = (copy?.transcripts ?? [:]).sorted { $0.key < $1.key }.map {
            TranscriptPosition(transcript: $0.key, number: $0.value.number)
        }
        return .follow(
            Follow(
                room: room,
                position: copy?.room.position ?? 0,
                transcripts: places,
                rest: rest
            )
        )
    }

    // MARK: What comes

    private func find(_ sentence: String) { findings.append("\(person.name): \(sentence)") }

    private func take(_ message: ServerMessage) throws {
        if goodbye != nil { find("something came after the goodbye") }
        switch message {
        case .welcome(let welcome): self.welcome = welcome
        case .ready(let ready): self.ready = ready
        case .goodbye(let goodbye): self.goodbye = goodbye.code
        case .reply(let id, let answer, let next):
            take(id, .answer(answer))
            cursors[id] = next
        case .refusal(let id, let refusal): take(id, .refusal(refusal))
        case .ping:
            if let link { world.receive(try ClientMessage.pong.frame(), on: link) }
        case .enrolment(let reply): enrolment.append(reply)
        case .push(let push):
            pushes.append(push)
            take(push)
        case .unrecognised: find("an unknown message")
        }
    }

    private func take(_ id: UInt64, _ reply: Reply) {
        if replies.updateValue(reply, forKey: id) != nil { find("two replies to \(id)") }
        if id >= nextRequest { find("a reply to \(id), which was not asked") }
        if let room = follows.removeValue(forKey: id), case .answer(.followed(let answer)) = reply {
            var copy = rooms[room] ?? RoomCopy(id: room)
            copy.begin(answer)
            findings += copy.takeFindings(of: person.name)
            rooms[room] = copy
        }
        histories[id] = nil
    }

    private func take(_ push: Push) {
        switch push {
        case .record(let pushed):
            change(pushed.room, "record \(pushed.position)") { $0.take(pushed) }
        case .opened(let room, let transcript): change(room, "an opening") { $0.open(transcript) }
        case .item(let pushed):
            guard let room = rooms.first(where: { $0.value.transcripts[pushed.transcript] != nil })
            else { return find("an item of an unknown transcript") }
            let isAsked = histories.values.contains(pushed.transcript)
            change(room.key, "item \(pushed.number)", isAsked: isAsked) {
                $0.take(pushed, isAsked: isAsked)
            }
        case .lagged(let lost): for room in lost { rooms[room]?.isFollowed = false }
        case .tombstone(let tombstone):
            guard
                let room = rooms.first(where: {
                    $0.value.transcripts[tombstone.transcript] != nil
                })
            else { return find("a tombstone of an unknown transcript") }
            let isAsked = histories.values.contains(tombstone.transcript)
            change(room.key, "tombstone \(tombstone.number)", isAsked: isAsked) {
                $0.take(tombstone, isAsked: isAsked)
            }
        case .waiting, .admitted: break
        }
    }

    private func change(
        _ id: RoomID,
        _ what: String,
        isAsked: Bool = false,
        _ body: (inout RoomCopy) -> Void
    ) {
        guard var copy = rooms[id] else { return find("\(what) of an unknown room") }
        if !copy.isFollowed, !isAsked {
            find("\(what) of a room that is not followed, at \(copy.room.position)")
        }
        body(&copy)
        findings += copy.takeFindings(of: person.name)
        rooms[id] = copy
    }
}
