// SPDX-License-Identifier: Apache-2.0
import CoachingCertificates
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

extension Client {
    /// After how many silent ticks a server counts as gone; it asks after 30 s itself.
    private static let silentTicksMax = 180
    /// After how many ticks without a good hello a connection is given up.
    private static let helloTicksMax = 40

    /// Counts time for every deadline.
    func countTicks() async {
        while !Task.isCancelled {
            do {
                try await environment.wait(.tick)
            } catch {
                return
            }
            tick()
        }
    }

    private func tick() {
        ticks &+= 1
        if let wire {
            wire.replies.tick()
            let (silent, isReady) = wire.note { notes in
                notes.silentTicks += 1
                return (notes.silentTicks, notes.ready != nil)
            }
            if silent > (isReady ? Self.silentTicksMax : Self.helloTicksMax) {
                cut(.timedOut)
            }
        }
        if ticks % 120 == 0 { noteHeads() }
        if ticks % 10 == 0 { flushSent() }
        changed.fire()
    }

    /// Makes one connection after the other; gives the error that ended it for good.
    func keepConnected() async -> ClientError? {
        var backoff = Backoff()
        var tries = 0
        while !Task.isCancelled {
            set(.connecting)
            let (error, stood) = await connectOnce()
            guard !Task.isCancelled else { return nil }
            if error.isFinal { return error }
            if stood {
                backoff.reset()
                tries = 0
            }
            tries += 1
            if case .tries(let most) = persistence, tries >= most { return error }
            set(.offline(since: environment.now(), error))
            do {
                try await environment.wait(.retry(backoff.next(random: environment.draw())))
            } catch {
                return nil
            }
        }
        return nil
    }

    /// Connects and serves the connection until it ends.
    private func connectOnce() async -> (ClientError, stood: Bool) {
        guard let address = profile.address else {
            return (
                ClientError(.profile, "The server's address in this profile is damaged."), false
            )
        }
        let identity = DialingIdentity(certificate: profile.certificate, key: profile.tlsKey)
        let link: any ServerLink
        do {
            link = try await dialing.dial(
                address,
                authority: profile.authority,
                identity: identity
            )
        } catch {
            return (error, false)
        }
        let wire = Wire(link)
        self.wire = wire
        connections &+= 1
        let lost = await serve(wire)
        await link.close()
        let (end, ready) = wire.note { ($0.end, $0.ready) }
        let error = end ?? lost
        wire.end(error)
        if self.wire === wire { self.wire = nil }
        for room in rooms.keys { rooms[room]?.isFollowing = false }
        changed.fire()
        return (error, ready != nil)
    }

    private func serve(_ wire: Wire) async -> ClientError {
        await withTaskGroup(of: ClientError?.self) { group in
            group.addTask {
                do throws(ClientError) {
                    try await wire.link.receive { body in await self.receive(body, wire) }
                } catch {
                    return error
                }
                return .notConnected
            }
            group.addTask {
                for await frame in wire.outbox {
                    do throws(ClientError) {
                        try await wire.link.send(frame)
                    } catch {
                        return error
                    }
                }
                return nil
            }
            let first = await group.next() ?? nil
            // Closing ends the other side of the link, too.
            await wire.link.close()
            group.cancelAll()
            return first ?? .notConnected
        }
    }

    /// Ends the present connection; the next one is made by itself.
    func cut(_ error: ClientError) {
        guard let wire else { return }
        wire.note { if $0.end == nil { $0.end = error } }
        wire.end(error)
    }

    func set(_ state: State) {
        guard self.state != state else { return }
        self.state = state
        stateSink.yield(state)
        changed.fire()
    }

    /// Ends everything that waits.
    func finish(_ error: ClientError) {
        set(.ended(error))
        wire?.end(error)
        for room in rooms.keys { rooms[room]?.sink.finish() }
        stateSink.finish()
        noticeSink.finish()
        changed.fire()
    }

    func show(_ sentence: String, needsOwner: Bool = false) {
        noticeSink.yield(Notice(sentence: sentence, needsOwner: needsOwner))
    }

    // MARK: What comes

    /// Takes one frame's body; gives whether the connection goes on.
    private func receive(_ body: [UInt8], _ wire: Wire) async -> Bool {
        guard self.wire === wire else { return false }
        wire.note { $0.silentTicks = 0 }
        guard let message = try? ServerMessage(body: body) else {
            return fail(wire, .unexpectedAnswer)
        }
        switch message {
        case .welcome(let welcome): return greet(welcome, wire)
        case .ready(let ready): return begin(ready, wire)
        case .goodbye(let goodbye): return fail(wire, ClientError(goodbye))
        case .reply(let id, let answer, let next):
            take(ReplyTable.Page(answer: answer, next: next), id, wire)
        case .refusal(let id, let refusal):
            refuse(refusal, id, wire)
        case .ping: wire.transmit(.pong)
        case .push(let push): take(push)
        case .enrolment: return fail(wire, .unexpectedAnswer)
        case .unrecognised: break
        }
        return wire.note { $0.end == nil }
    }

    private func fail(_ wire: Wire, _ error: ClientError) -> Bool {
        wire.note { if $0.end == nil { $0.end = error } }
        return false
    }

    private func greet(_ welcome: Welcome, _ wire: Wire) -> Bool {
        guard welcome.versions.contains(wireVersion) else { return fail(wire, .otherVersion) }
        do {
            let signature = try keys.signing.signHello(
                nonce: welcome.nonce,
                serverLeaf: wire.link.serverLeaf
            )
            let hello = Hello(
                version: wireVersion,
                device: keys.device,
                signature: signature,
                program: environment.program
            )
            wire.transmit(.hello(hello))
            return true
        } catch {
            return fail(wire, ClientError(.profile, "The keys in this profile are damaged."))
        }
    }

    private func begin(_ ready: Ready, _ wire: Wire) -> Bool {
        guard ready.person == keys.person else {
            return fail(
                wire,
                ClientError(.alarm, "The server takes this device for somebody else's.")
            )
        }
        wire.note { $0.ready = ready }
        noteReady(ready)
        set(.connected)
        for room in rooms.keys.sorted() { follow(room, wire) }
        startChores(ready.waiting)
        changed.fire()
        return true
    }

    private func noteReady(_ ready: Ready) {
        guard
            profile.participant != ready.participant || profile.name != ready.name
                || profile.stage != .active
        else { return }
        try? change { profile in
            profile.participant = ready.participant
            profile.name = ready.name
            profile.stage = .active
        }
    }

    private func take(_ page: ReplyTable.Page, _ id: UInt64, _ wire: Wire) {
        let room = wire.note { $0.follows.removeValue(forKey: id) }
        if let room, case .followed(let followed) = page.answer { begin(followed, room) }
        wire.replies.settle(id, .success(page))
        changed.fire()
    }

    private func refuse(_ refusal: Refusal, _ id: UInt64, _ wire: Wire) {
        let error = ClientError(refusal)
        // A request that a later one for the same room overtook says nothing about the room.
        let room = wire.note { notes -> RoomID? in
            let room = notes.follows.removeValue(forKey: id)
            return room.flatMap { notes.follows.values.contains($0) ? nil : $0 }
        }
        if let room {
            rooms[room]?.refusal = error
            if refusal.code == .left { noteLeft(room) }
        }
        wire.replies.settle(id, .failure(error))
        changed.fire()
    }

    private func take(_ push: Push) {
        switch push {
        case .record(let record): take(record)
        case .item(let item): take(item)
        case .tombstone(let tombstone): take(tombstone)
        case .opened(let room, let transcript): open(transcript, in: room)
        case .lagged(let rooms):
            guard let wire else { return }
            for room in rooms where self.rooms[room] != nil { follow(room, wire) }
        case .waiting(let waiting): startChores(waiting)
        case .admitted(let room): noteAdmitted(room)
        }
        changed.fire()
    }
}
