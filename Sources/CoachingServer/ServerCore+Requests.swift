// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

extension ServerCore {
    /// Hands a request to whom it concerns, after the one table has been asked.
    func take(_ request: Request, _ asker: Asker, _ connection: ConnectionState) {
        let rule = RequestTable.rule(for: request.kind)
        spend(asker.after == nil ? rule.cost : RequestTable.costOfNextPage, connection)
        guard !isStopping else { return refuse(asker, .stopping, Sentences.stopping) }
        guard connection.waiting <= configuration.requestsWaitingMax else {
            return refuse(asker, .busy, "Too many requests wait. Wait for answers first.")
        }
        if rule.right == .administrator, !directory.isAdministrator(asker.identity.participant) {
            return refuse(asker, .notAnAdministrator, "Only an administrator may ask this.")
        }
        switch request {
        case .post(let post): hand(.post(post), to: post.room, asker)
        case .posted(let reference): hand(.posted(reference), to: reference.room, asker)
        case .follow(let follow): hand(.follow(follow), to: follow.room, asker)
        case .unfollow(let room):
            guard let host = rooms[room] else { return answer(asker, .done(0)) }
            host.take(RoomWait(asker: asker, ask: .unfollow), at: now)
        case .history(let page): hand(.history(page), to: page.room, asker)
        case .room(let request): hand(.act(request.act), to: request.room, asker)
        case .lobby(let room): hand(.lobby, to: room, asker)
        case .keys(let room): hand(.keys, to: room, asker)
        case .directory(let request): take(request, asker)
        case .rooms: listRooms(asker)
        case .vouches: listVouches(asker)
        case .devices: listDevices(asker)
        case .people:
            withAllRooms { [weak self] in self?.listPeople(asker) }
        case .invites: listInvites(asker)
        case .status:
            withAllRooms { [weak self] in self?.listStatus(asker) }
        case .renew(let request): renew(request, asker)
        case .introductions: listIntroductions(asker)
        case .about: tellAbout(asker)
        case .putChunk(let part): hand(.putChunk(part), to: part.room, asker)
        case .getChunk(let place): hand(.getChunk(place), to: place.room, asker)
        case .policy: answer(asker, .policy(directory.defaults))
        case .formats: listFormats(asker)
        }
    }

    private func listFormats(_ asker: Asker) {
        answer(
            asker,
            directory.allFormats(),
            by: { FormatPlace($0.name) },
            { $0 },
            as: { .formats($0) }
        )
    }

    private func hand(_ ask: RoomAsk, to room: RoomID, _ asker: Asker) {
        // A room in memory is one of the directory's, which is not looked at for every post.
        guard rooms[room] != nil || directory.room(room) != nil else {
            return refuse(asker, .notFound, Sentences.notFound)
        }
        host(room).take(RoomWait(asker: asker, ask: ask), at: now)
    }

    // MARK: Lists

    private func listRooms(_ asker: Asker) {
        let participant = asker.identity.participant
        whenLoaded(openRooms(of: participant)) { [weak self] areRead in
            guard let self else { return }
            guard areRead else { return self.tryLater(asker) }
            let mine = self.directory.rooms(of: participant).filter { !$0.room.isClosed }
            self.answer(asker, mine, by: { $0.room.room.value }) {
                self.summary($0.room, $0.proposal, asker.identity)
            } as: {
                .rooms($0)
            }
        }
    }

    func openRooms(of participant: ParticipantID) -> [RoomID] {
        directory.rooms(of: participant).filter { !$0.room.isClosed }.map(\.room.room)
    }

    /// How many rooms are read into memory for one answer.
    private static let roomsReadMax = 512

    /// Answers what looks into every room; where there are too many, by those in memory alone.
    private func withAllRooms(_ answer: @escaping () -> Void) {
        let unread = directory.openRooms().map(\.room).filter { rooms[$0]?.standing != .ready }
        guard unread.count <= Self.roomsReadMax else { return answer() }
        whenLoaded(unread) { _ in answer() }
    }

    private func summary(
        _ room: DirectoryRoom,
        _ proposal: MembershipProposal,
        _ identity: DeviceIdentity
    ) -> RoomSummary {
        let host = host(room.room)
        let isIn = host.room.membership(of: identity.person) != nil
        let stage: AdmissionStage
        if isIn {
            stage = .admitted
        } else if host.room.position == 0, directory.mayFound(room.room, identity.participant) {
            stage = .founding
        } else {
            stage = proposal.accepted == nil ? .proposed : .accepted
        }
        return RoomSummary(
            room: room.room,
            name: room.name,
            membership: host.room.membership(of: identity.person) ?? proposal.membership,
            stage: stage,
            admitters: admitters(of: host),
            running: host.room.session != nil,
            people: UInt32(clamping: host.room.members.count),
            isProgramme: room.isProgramme ? true : nil
        )
    }

    private func admitters(of host: RoomHost) -> [String] {
        guard host.room.position > 0 else {
            let proposals = directory.proposals(in: host.id)
            let facilitators = proposals.filter { $0.membership == .facilitator }
            return (facilitators.isEmpty ? proposals : facilitators)
                .compactMap { directory.participant($0.participant)?.name }
        }
        return host.room.keepers.compactMap { host.room.name(of: $0) }
    }

    private func listDevices(_ asker: Asker) {
        let person = asker.identity.person
        guard let list = directory.deviceList(of: person) else {
            return refuse(asker, .notFound, Sentences.notFound)
        }
        let all =
            directory.activeDevices(of: person) + directory.waitingDevices(of: person)
        let devices = all.map { device in
            DeviceSummary(
                device: device.device,
                state: device.state,
                signingKey: device.signingKey,
                encryptionKey: device.encryptionKey,
                mac: device.state == .waiting ? device.mac : nil,
                invite: device.state == .waiting ? device.invite : nil,
                since: device.since
            )
        }
        answer(asker, .devices(DeviceSummaries(deviceList: list.signed, devices: devices)))
    }

    private func listVouches(_ asker: Asker) {
        let pending = directory.pendingVouches(for: asker.identity.participant)
        answer(asker, pending, by: \.person.value) { pending -> AwaitedVouch? in
            guard let name = directory.participant(pending.participant)?.name else { return nil }
            return AwaitedVouch(
                invite: pending.invite,
                person: pending.person,
                name: name,
                deviceList: pending.deviceList.signed,
                mac: pending.mac
            )
        } as: {
            .vouches($0)
        }
    }

    private func listIntroductions(_ asker: Asker) {
        let person = asker.identity.person
        answer(asker, directory.vouchers(for: person), by: \.inviter.value) {
            voucher -> Introduction? in
            guard let inviter = directory.participant(voucher.inviter), let signer = inviter.person,
                let list = directory.deviceList(of: signer),
                let invite = directory.invite(of: person, from: voucher.inviter)
            else { return nil }
            return Introduction(
                invite: invite,
                name: inviter.name,
                deviceList: list.signed,
                mac: voucher.vouched.introduction,
                provedName: directory.invite(invite)?.inviterName
            )
        } as: {
            .introductions($0)
        }
    }

    private func listInvites(_ asker: Asker) {
        answer(asker, directory.everybody, by: \.participant.value) {
            participant -> InviteSummary? in
            guard let invite = directory.unusedInvite(for: participant.participant) else {
                return nil
            }
            return InviteSummary(
                hash: invite.invite,
                participant: participant.participant,
                name: participant.name,
                purpose: invite.purpose,
                expires: invite.expires,
                state: directory.status(of: invite, at: now)
            )
        } as: {
            .invites($0.sorted { ($0.name, $0.participant) < ($1.name, $1.participant) })
        }
    }

    private func listStatus(_ asker: Asker) {
        let all = directory.everybody
        let counts = directory.inviteCounts(at: now)
        answer(asker, directory.openRooms(), by: \.room.value) { room in
            let host = rooms[room.room]
            let came = host?.room.sessions.last?.people.count ?? 0
            return RoomCounts(
                room: room.room,
                name: room.name,
                opened: (host?.room.position ?? 0) > 0,
                sessions: host.map { UInt32(clamping: $0.room.sessions.filter(\.isHeld).count) },
                attended: came >= 5 ? UInt32(came) : nil,
                names: host?.room.namesForAdministrators
            )
        } as: { rooms in
            .status(
                StatusCounts(
                    people: UInt32(clamping: all.count),
                    enrolled: UInt32(clamping: all.filter { $0.person != nil }.count),
                    invitesOpen: UInt32(clamping: counts.open),
                    invitesUsed: UInt32(clamping: counts.used),
                    invitesExpired: UInt32(clamping: counts.expired),
                    rooms: rooms
                )
            )
        }
    }

    // MARK: What waits

    /// The bytes of a room's identifier in a list.
    static let bytesOfRoom = 17

    /// Sums up what a person's client can do by itself.
    func waiting(for identity: DeviceIdentity) -> Waiting {
        let lobbies = directory.rooms(of: identity.participant).filter { room, _ in
            !room.isClosed && hasLobby(room.room, for: identity)
        }
        let most = Paging(configuration.limits).bytesMax / Self.bytesOfRoom
        return Waiting(
            vouches: UInt32(clamping: directory.pendingVouches(for: identity.participant).count),
            // The others are told when these have been seen to, with the next change or hello.
            lobbies: lobbies.prefix(most).map(\.room.room),
            devices: UInt32(clamping: directory.waitingDevices(of: identity.person).count),
            programme: awaitsProgramme(identity) ? true : nil
        )
    }

    /// Whether an administrator is to open the programme's room, or to be the first in it.
    private func awaitsProgramme(_ identity: DeviceIdentity) -> Bool {
        guard directory.isAdministrator(identity.participant) else { return false }
        guard let programme = directory.programme else { return true }
        let host = host(programme)
        return host.standing == .ready && host.room.position == 0
    }

    private func hasLobby(_ room: RoomID, for identity: DeviceIdentity) -> Bool {
        let host = host(room)
        // While the room is being read nothing is said; `roomLoaded` tells it then.
        guard host.standing == .ready, host.room.isKeeper(identity.person) else { return false }
        return hasCandidate(host)
    }

    private func hasCandidate(_ host: RoomHost) -> Bool {
        directory.proposals(in: host.id).contains { proposal in
            guard proposal.accepted != nil,
                let person = directory.participant(proposal.participant)?.person
            else { return false }
            return host.room.membership(of: person) == nil
        }
    }

    /// Tells the clients of those who admit to a room that somebody waits there.
    func tellKeepers(of host: RoomHost) {
        guard host.standing == .ready, hasCandidate(host) else { return }
        for keeper in host.room.keepers { tellWaiting(keeper) }
    }

    /// Tells a person's clients what waits for them.
    func tellWaiting(_ person: PersonID) {
        guard let participant = directory.participant(of: person)?.participant else { return }
        for number in connections(of: person) {
            guard let identity = connections[number]?.device,
                identity.participant == participant
            else { continue }
            send(.push(.waiting(waiting(for: identity))), to: number)
        }
    }
}
