// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import CoachingStore
public import CoachingWire

extension ServerCore {
    // MARK: Coming and going

    func opened(_ number: ConnectionNumber, _ peer: ConnectionPeer) {
        let connection = ConnectionState(number: number, peer: peer, at: now)
        connections[number] = connection
        guard !isStopping else { return goodbye(number, .stopping, Sentences.stopping) }
        send(
            .welcome(
                Welcome(
                    nonce: peer.nonce,
                    versions: [wireVersion],
                    limits: configuration.limits,
                    time: now
                )
            ),
            to: number
        )
    }

    func closed(_ number: ConnectionNumber) {
        guard let connection = connections.removeValue(forKey: number) else { return }
        for room in connection.following.sorted() { rooms[room]?.drop(number) }
        if let device = connection.device?.device {
            byDevice[device]?.removeAll { $0 == number }
            if byDevice[device]?.isEmpty == true { byDevice[device] = nil }
        }
    }

    /// Says why, closes, and forgets.
    func goodbye(_ number: ConnectionNumber, _ code: GoodbyeCode, _ sentence: String) {
        let frame = try? ServerMessage.goodbye(Goodbye(code, sentence)).frame()
        closed(number)
        emit(.close(number, frame))
    }

    /// Gives the goodbye for a frame that could not even be read.
    public func farewell(_ code: GoodbyeCode, _ sentence: String) -> [UInt8]? {
        try? ServerMessage.goodbye(Goodbye(code, sentence)).frame()
    }

    // MARK: Frames

    func received(_ number: ConnectionNumber, _ body: [UInt8]) {
        guard let connection = connections[number] else { return }
        connection.heardAt = now
        connection.pinged = false
        guard keepsPace(connection, bytes: body.count) else { return }
        let message: ClientMessage
        do {
            message = try ClientMessage(body: body)
        } catch {
            return goodbye(
                number,
                .malformed,
                "A frame is not what this protocol expects: \(error.reason) at byte \(error.offset)."
            )
        }
        switch (message, connection.device) {
        case (.hello(let hello), nil): greet(hello, connection)
        case (.enrolment(let request), nil): enrol(request, connection)
        case (.pong, .some): spend(RequestTable.costOfNonsense, connection)
        case (.request(let id, let request, let after), .some(let identity)):
            guard begin(id, connection) else { return }
            var asker = Asker(connection: number, request: id, identity: identity)
            asker.after = after
            take(request, asker, connection)
        case (.unknownRequest(let id), .some(let identity)):
            guard begin(id, connection) else { return }
            spend(RequestTable.costOfNonsense, connection)
            let asker = Asker(connection: number, request: id, identity: identity)
            refuse(asker, .unknownRequest, "The server does not know this request.")
        case (.badRequest(let id, let error), .some(let identity)):
            guard begin(id, connection) else { return }
            spend(RequestTable.costOfNonsense, connection)
            let asker = Asker(connection: number, request: id, identity: identity)
            refuse(asker, .badRequest, detail: UInt64(error.offset), Sentences.badRequest)
        default:
            goodbye(number, .outOfOrder, "This message has no place here: say hello first, once.")
        }
    }

    private func begin(_ id: UInt64, _ connection: ConnectionState) -> Bool {
        if let last = connection.lastRequest, id <= last {
            goodbye(
                connection.number,
                .repeatedRequest,
                "Request numbers must ascend; this one came."
            )
            return false
        }
        connection.lastRequest = id
        connection.waiting += 1
        return true
    }

    // MARK: Hello

    private func greet(_ hello: Hello, _ connection: ConnectionState) {
        let number = connection.number
        guard hello.version == wireVersion else {
            return goodbye(
                number,
                .versionUnsupported,
                "This server speaks version \(wireVersion). Update peercoach or the server."
            )
        }
        guard let certified = connection.peer.certified else {
            return goodbye(
                number,
                .certificateRequired,
                "Show the certificate that this server issued."
            )
        }
        guard certified == hello.device, let device = directory.device(hello.device),
            let key = try? VerifyingKey(device.signingKey),
            key.verifyHello(
                nonce: connection.peer.nonce,
                serverLeaf: connection.peer.serverLeaf,
                device: hello.device,
                signature: hello.signature
            )
        else { return goodbye(number, .notKnown, "This device is not known here.") }
        switch device.state {
        case .revoked:
            return goodbye(number, .revoked, "This device has been revoked.")
        case .waiting:
            return goodbye(
                number,
                .notConfirmed,
                "Your other device has not confirmed this one yet: peercoach devices add, there."
            )
        case .active: break
        }
        guard let participant = directory.participant(of: device.person) else {
            return goodbye(number, .notKnown, "This device is not known here.")
        }
        guard (byDevice[hello.device]?.count ?? 0) < configuration.limits.connectionsMax else {
            return goodbye(
                number,
                .tooMany,
                "This device has \(configuration.limits.connectionsMax) connections already."
            )
        }
        let identity = DeviceIdentity(
            device: hello.device,
            person: device.person,
            participant: participant.participant
        )
        connection.device = identity
        connection.pace = pace(of: hello.device)
        byDevice[hello.device, default: []].append(number)
        emit(.authenticated(number))
        send(
            .ready(
                Ready(
                    person: device.person,
                    participant: participant.participant,
                    name: participant.name,
                    administrator: directory.isAdministrator(participant.participant),
                    time: now,
                    waiting: waiting(for: identity)
                )
            ),
            to: number
        )
    }

    // MARK: Answers

    func send(_ message: ServerMessage, to number: ConnectionNumber) {
        guard let frame = try? message.frame() else { return }
        emit(.send(number, frame))
    }

    func push(_ push: Push, to number: ConnectionNumber) {
        guard let frame = try? push.frame() else { return }
        emit(.deliver(frame, [number]))
    }

    func answer(_ asker: Asker, _ answer: Answer, next: PageCursor? = nil) {
        guard let connection = connections[asker.connection] else { return }
        connection.waiting -= 1
        if case .posted(let number) = answer {
            return emit(.send(asker.connection, ServerMessage.posted(asker.request, number)))
        }
        let frame: [UInt8]
        do {
            frame = try ServerMessage.reply(id: asker.request, answer, next: next).frame()
        } catch {
            connection.waiting += 1
            return refuse(asker, .tooLong, Sentences.tooLong)
        }
        guard frame.count - Frame.headBytes <= Int(configuration.limits.frameBytesMax) else {
            connection.waiting += 1
            return refuse(asker, .tooLong, Sentences.tooLong)
        }
        emit(.send(asker.connection, frame))
    }

    /// Answers with the page of a list that was asked for.
    func answer<Item, Key: PageKey, Element: Encodable>(
        _ asker: Asker,
        _ items: [Item],
        by key: (Item) -> Key,
        _ make: (Item) -> Element?,
        as whole: ([Element]) -> Answer
    ) {
        do throws(Refusal) {
            let page = try Paging(configuration.limits).page(
                of: items,
                after: asker.after,
                by: key,
                make
            )
            answer(asker, whole(page.elements), next: page.next)
        } catch {
            refuse(asker, error.code, detail: error.detail, error.sentence)
        }
    }

    func refuse(
        _ asker: Asker,
        _ code: RefusalCode,
        detail: UInt64 = 0,
        _ sentence: String
    ) {
        guard let connection = connections[asker.connection] else { return }
        connection.waiting -= 1
        let reference =
            String(asker.connection, radix: 36) + "-" + String(asker.request, radix: 36)
        let refusal = Refusal(code, detail: detail, sentence: sentence, reference: reference)
        send(.refusal(id: asker.request, refusal), to: asker.connection)
        emit(
            .log(ServerNote(.debug, "Refused with code \(code.rawValue).", reference: reference))
        )
    }

    func tryLater(_ asker: Asker?) {
        guard let asker else { return }
        refuse(asker, .tryLater, Sentences.tryLater)
    }

    func connections(of person: PersonID) -> [ConnectionNumber] {
        directory.activeDevices(of: person).flatMap { byDevice[$0.device] ?? [] }
    }

    /// Cuts all connections of a device that counts no more.
    func cut(_ device: DeviceID) {
        for number in byDevice[device] ?? [] {
            goodbye(number, .revoked, "This device has been revoked.")
        }
    }
}
