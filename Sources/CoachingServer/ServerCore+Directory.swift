// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

extension ServerCore {
    // MARK: Requests of the directory

    /// Checks what is signed, and hands the command to the directory's rules.
    func take(_ request: DirectoryRequest, _ asker: Asker) {
        do {
            let command = try command(for: request, asker)
            let participant = asker.identity.participant
            guard request.needsKeeper, !directory.isAdministrator(participant) else {
                return take(command, asker)
            }
            // Who admits where is known only by rooms that are in memory.
            whenLoaded(openRooms(of: participant)) { [weak self] areRead in
                if areRead { self?.take(command, asker) } else { self?.tryLater(asker) }
            }
        } catch {
            refuse(asker, error.code, detail: error.detail, error.sentence)
        }
    }

    private func take(_ command: DirectoryCommand, _ asker: Asker) {
        // A device that was revoked meanwhile has no connection any more.
        guard connections[asker.connection] != nil else { return }
        directoryHost.take(command, by: actor(asker.identity)) { [weak self] result, _ in
            guard let self else { return }
            switch result {
            case .success: self.answer(asker, .done(self.directoryHost.position))
            case .failure(let rejection): self.refuse(asker, rejection)
            case nil: self.tryLater(asker)
            }
        }
    }

    func refuse(_ asker: Asker, _ rejection: DirectoryRejection) {
        let code: RefusalCode =
            rejection == .notFound ? .notFound : RefusalCode(rawValue: rejection.rawValue)
        refuse(asker, code, Sentences.sentence(for: rejection))
    }

    private func actor(_ identity: DeviceIdentity) -> DirectoryActor {
        if directory.isAdministrator(identity.participant) {
            return .administrator(identity.participant, identity.device)
        }
        let kept = directory.rooms(of: identity.participant).map(\.room.room).filter {
            rooms[$0]?.standing == .ready && rooms[$0]?.room.isKeeper(identity.person) == true
        }
        return .person(
            identity.participant,
            identity.person,
            identity.device,
            keeperOf: Set(kept)
        )
    }

    private func command(
        for request: DirectoryRequest,
        _ asker: Asker
    ) throws(Refusal) -> DirectoryCommand {
        switch request {
        case .addPeople(let people): .addParticipants(people)
        case .removePerson(let participant): .removeParticipant(participant)
        case .makeAdministrator(let participant): .makeAdministrator(participant)
        case .endAdministrator(let participant): .endAdministrator(participant)
        case .addRoom(let room): .addRoom(room.room, name: room.name)
        case .closeRoom(let room): .closeRoom(room)
        case .propose(let proposal):
            .propose(
                proposal.room,
                proposal.participant,
                proposal.membership,
                until: proposal.until
            )
        case .withdrawProposal(let place): .withdrawProposal(place.room, place.participant)
        case .accept(let room): .accept(room)
        case .invite(let invite):
            invite.forDevice == true
                ? .inviteDeviceFor(invite.hash, invite.participant, days: invite.days)
                : .invite(
                    invite.hash,
                    invite.participant,
                    days: invite.days,
                    room: invite.room,
                    by: invite.inviter
                )
        case .renewInvite(let term): .renewInvite(term.hash, days: term.days)
        case .revokeInvite(let hash): .revokeInvite(hash)
        case .inviteDevice(let hash): .inviteDevice(hash)
        case .renamePerson(let new): .renameParticipant(new.participant, to: new.name)
        case .setPolicy(let policy): .setDefaults(policy)
        case .addFormat(let format): .addFormat(format)
        case .removeFormat(let name): .removeFormat(name)
        case .openProgramme(let room): .openProgramme(room)
        case .contribute: .contribute
        case .revokeDevice(let device): .revokeDevice(device)
        case .listDevices(let signed): try listing(signed, asker)
        case .vouch(let voucher): try vouching(voucher, asker)
        case .announceKey(let signed): try announcing(signed, asker)
        }
    }

    private func listing(_ signed: SignedBytes, _ asker: Asker) throws(Refusal) -> DirectoryCommand
    {
        let person = asker.identity.person
        if let before = directory.deviceList(of: person), before.signed == signed,
            let list = try? SignedDeviceList.introduced(signed).list
        {
            // It came before, and its reply was lost.
            return .listDevices(
                DeviceListed(
                    person: person,
                    list: before,
                    devices: list.devices.map(\.device),
                    revoked: list.revoked
                ),
                previous: list.previous
            )
        }
        guard let before = directory.deviceList(of: person),
            let last = try? SignedDeviceList.introduced(before.signed),
            let key = try? VerifyingKey(last.list.identityKey),
            let next = try? SignedDeviceList.verified(signed, by: key)
        else {
            throw Refusal(.badSignature, sentence: "The device list is not signed rightly.")
        }
        do {
            try next.checkSuccessor(of: last)
        } catch {
            throw Refusal(
                RefusalCode(rawValue: DirectoryRejection.deviceListConflict.rawValue),
                sentence: Sentences.sentence(for: DirectoryRejection.deviceListConflict)
            )
        }
        for device in next.list.devices {
            // Only devices that have come here with their own key can be listed.
            guard directory.device(device.device)?.signingKey == device.signingKey else {
                throw Refusal(.notFound, sentence: Sentences.notFound)
            }
        }
        let listed = DeviceListed(
            person: person,
            list: DeviceListVersion(signed: signed, version: next.list.version, hash: next.hash),
            devices: next.list.devices.map(\.device),
            revoked: next.list.revoked
        )
        return .listDevices(listed, previous: next.list.previous)
    }

    private func vouching(
        _ voucher: NewVoucher,
        _ asker: Asker
    ) throws(Refusal) -> DirectoryCommand {
        guard let device = directory.device(asker.identity.device),
            let key = try? VerifyingKey(device.signingKey),
            let words = try? VouchedIdentity.verified(voucher.voucher, by: key),
            words.person == voucher.person,
            isAwaited(words, by: asker.identity.participant)
        else {
            throw Refusal(.badSignature, sentence: "The voucher is not signed rightly.")
        }
        return .vouch(voucher.person, voucher.voucher, introduction: voucher.introduction)
    }

    /// Whether a participant may vouch so: for who waits for it, or (again) for whom they did.
    private func isAwaited(_ words: VouchedIdentity, by participant: ParticipantID) -> Bool {
        directory.vouchers(for: words.person).contains { $0.inviter == participant }
            || directory.pendingVouches(for: participant).contains {
                $0.person == words.person && $0.deviceList.hash == words.deviceList
            }
    }

    private func announcing(
        _ signed: SignedBytes,
        _ asker: Asker
    ) throws(Refusal) -> DirectoryCommand {
        guard let device = directory.device(asker.identity.device),
            let key = try? VerifyingKey(device.signingKey),
            let announcement = try? EncryptionKeyAnnouncement.verified(signed, by: key),
            announcement.device == asker.identity.device
        else {
            throw Refusal(.badSignature, sentence: "The key is not signed by this device.")
        }
        return .announceEncryptionKey(signed, version: announcement.version)
    }

    /// Issues a new certificate for a device that has proved itself.
    func renew(_ request: [UInt8], _ asker: Asker) {
        guard let issued = try? desk.issue(request, asker.identity.device, now) else {
            return refuse(asker, .badRequest, "The certificate request does not hold.")
        }
        directoryHost.take(
            .renewCertificate(issued.certificate),
            by: actor(asker.identity)
        ) { [weak self] result, _ in
            switch result {
            case .success: self?.answer(asker, .certificate(issued.certificate))
            case .failure(let rejection): self?.refuse(asker, rejection)
            case nil: self?.tryLater(asker)
            }
        }
    }

    /// Carries out a command of the server's own command line.
    func operate(_ token: UInt64, _ command: DirectoryCommand) {
        directoryHost.take(command, by: .operator) { [weak self] result, _ in
            guard let self else { return }
            switch result {
            case .success:
                let outcome = DirectoryOutcome(position: self.directoryHost.position)
                self.emit(.operated(token, .success(outcome)))
            case .failure(let rejection): self.emit(.operated(token, .failure(rejection)))
            case nil: self.emit(.operated(token, nil))
            }
        }
    }

    // MARK: What follows

    /// Does what a record of the directory leads to, once it is durable.
    func directoryChanged(_ record: DirectoryRecord, at now: Timestamp) {
        switch record.event {
        case .enrolled(let enrolled):
            if let inviter = directory.invite(enrolled.enrolment.invite)?.inviter {
                tellWaiting(participant: inviter)
            }
        case .deviceWaiting(let waiting): tellWaiting(waiting.person)
        case .deviceListed(let listed):
            for device in directory.activeAndEnded(of: listed.person)
            where directory.device(device)?.state == .revoked { cut(device) }
            for (room, _) in rooms(of: listed.person) { updateDevices(of: listed.person, in: room) }
        case .deviceRevoked(let device): cut(device)
        case .accepted(let accepted): tellKeepers(of: host(accepted.room))
        case .administratorMade(let participant): tellWaiting(participant: participant)
        case .vouched(let vouched):
            for (room, _) in rooms(of: vouched.person) { tellKeepers(of: room) }
        case .proposalWithdrawn(let withdrawn):
            guard let person = directory.person(of: withdrawn.participant) else { return }
            let by = record.by.flatMap { directory.person(of: $0) }
            let wait = RoomWait(ask: .shutOut(person, withdrawn.cause, by: by))
            host(withdrawn.room).takeFirst([wait])
        default: break
        }
    }

    private func rooms(of person: PersonID) -> [(RoomHost, MembershipProposal)] {
        guard let participant = directory.participant(of: person) else { return [] }
        return directory.rooms(of: participant.participant)
            .filter { !$0.room.isClosed }
            .map { (host($0.room.room), $0.proposal) }
    }

    private func tellWaiting(participant: ParticipantID) {
        guard let person = directory.participant(participant)?.person else { return }
        tellWaiting(person)
    }
}

extension DirectoryRequest {
    /// Whether the rules ask in which rooms the asker admits others.
    fileprivate var needsKeeper: Bool {
        switch self {
        case .propose, .withdrawProposal, .invite, .renewInvite, .revokeInvite: true
        default: false
        }
    }
}
