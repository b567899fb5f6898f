// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore
import CoachingWire

extension ServerCore {
    /// How many enrolment messages one connection may send.
    private static let enrolmentMessagesMax = 4

    /// Answers what a connection without a device asks about its invite.
    func enrol(_ request: EnrolmentRequest, _ connection: ConnectionState) {
        let number = connection.number
        connection.enrolments += 1
        guard connection.enrolments <= Self.enrolmentMessagesMax else {
            return goodbye(number, .tooFast, "Too many tries. Connect again later.")
        }
        guard !isStopping else { return goodbye(number, .stopping, Sentences.stopping) }
        switch request {
        case .look(let auth): look(Hashing.hash(auth.bytes), number)
        case .person(let form): enrol(form, number)
        case .device(let form): enrol(form, number)
        case .decline(let auth):
            directoryHost.take(
                .declineInvite(Hashing.hash(auth.bytes)),
                by: .stranger
            ) { [weak self] result, _ in
                self?.answer(number, result) { _ in .declined }
            }
        }
    }

    private func look(_ hash: Bytes32, _ number: ConnectionNumber) {
        guard let invite = directory.invite(hash),
            directory.status(of: invite, at: now) == .open,
            let participant = directory.participant(invite.participant)
        else { return send(.enrolment(Self.noInvite), to: number) }
        let rooms = directory.rooms(of: invite.participant).filter {
            $0.room.isMeeting
        }
        let list = invite.purpose == .device ? participant.person.flatMap(latestList) : nil
        let ended = list?.list.devices.map(\.device).filter {
            directory.device($0)?.state == .revoked
        }
        let invitation = Invitation(
            name: participant.name,
            inviter: invite.inviter.flatMap { directory.participant($0)?.name }
                ?? "the operator of this server",
            purpose: invite.purpose,
            expires: invite.expires,
            rooms: rooms.map(\.room.name),
            deviceList: list?.signed,
            ended: ended,
            provedInviter: invite.inviterName
        )
        send(.enrolment(.invitation(invitation)), to: number)
    }

    private static let noInvite = EnrolmentReply.refused(
        code: .notFound,
        sentence: Sentences.invite
    )

    private func enrol(_ form: PersonForm, _ number: ConnectionNumber) {
        let hash = Hashing.hash(form.auth.bytes)
        guard let list = try? SignedDeviceList.introduced(form.deviceList),
            list.list.version == 1, list.list.devices.count == 1,
            let device = list.list.devices.first,
            let key = try? VerifyingKey(device.signingKey),
            let announced = try? EncryptionKeyAnnouncement.verified(form.encryptionKey, by: key),
            announced.device == device.device,
            let issued = try? desk.issue(form.request, device.device, now)
        else { return send(.enrolment(Self.badForm), to: number) }
        if let again = directory.answer(
            to: hash,
            requestKey: issued.key,
            device: device.device,
            at: now
        ) {
            return enrolled(.enrolled(receipt(again, active: true)), number)
        }
        let enrolment = Enrolment(
            invite: hash,
            person: list.list.person,
            device: device.device,
            signingKey: device.signingKey,
            deviceList: DeviceListVersion(
                signed: form.deviceList,
                version: list.list.version,
                hash: list.hash
            ),
            mac: form.mac,
            encryptionKey: form.encryptionKey,
            requestKey: issued.key,
            certificate: issued.certificate
        )
        directoryHost.take(.enrol(enrolment), by: .stranger) { [weak self] result, now in
            self?.answer(number, result) { core in
                core.directory.answer(
                    to: hash,
                    requestKey: issued.key,
                    device: device.device,
                    at: now
                ).map { .enrolled(core.receipt($0, active: true)) } ?? Self.noInvite
            }
        }
    }

    private func enrol(_ form: DeviceForm, _ number: ConnectionNumber) {
        let hash = Hashing.hash(form.auth.bytes)
        let device = DeviceID(signingKey: form.signingKey)
        guard let key = try? VerifyingKey(form.signingKey),
            let announced = try? EncryptionKeyAnnouncement.verified(form.encryptionKey, by: key),
            announced.device == device,
            let issued = try? desk.issue(form.request, device, now)
        else { return send(.enrolment(Self.badForm), to: number) }
        if let again = directory.answer(to: hash, requestKey: issued.key, device: device, at: now) {
            return enrolled(.enrolled(receipt(again, active: isActive(device))), number)
        }
        let enrolment = DeviceEnrolment(
            invite: hash,
            device: device,
            signingKey: form.signingKey,
            encryptionKey: form.encryptionKey,
            mac: form.mac,
            requestKey: issued.key,
            certificate: issued.certificate
        )
        guard let command = command(for: enrolment, form.deviceList) else {
            return send(.enrolment(Self.badForm), to: number)
        }
        directoryHost.take(command, by: .stranger) { [weak self] result, now in
            self?.answer(number, result) { core in
                core.directory.answer(
                    to: hash,
                    requestKey: issued.key,
                    device: device,
                    at: now
                ).map { .enrolled(core.receipt($0, active: core.isActive(device))) }
                    ?? Self.noInvite
            }
        }
    }

    /// Says what a further device asks for, with the list that it brings; `nil` where the list
    /// is not the person's own or names devices that never came here.
    private func command(
        for enrolment: DeviceEnrolment,
        _ signed: SignedBytes?
    ) -> DirectoryCommand? {
        guard let signed, let invite = directory.invite(enrolment.invite),
            let person = directory.participant(invite.participant)?.person
        else { return .enrolDevice(enrolment) }
        guard let last = latestList(of: person), let key = try? VerifyingKey(last.list.identityKey),
            let next = try? SignedDeviceList.verified(signed, by: key),
            Set(next.list.revoked).isSuperset(of: last.list.revoked),
            next.list.devices.allSatisfy({ listed in
                let known = directory.device(listed.device)?.signingKey
                return listed.signingKey
                    == (listed.device == enrolment.device ? enrolment.signingKey : known)
            })
        else { return nil }
        let listed = DeviceListed(
            person: person,
            list: DeviceListVersion(signed: signed, version: next.list.version, hash: next.hash),
            devices: next.list.devices.map(\.device),
            revoked: next.list.revoked
        )
        return .recoverDevice(enrolment, listed, previous: next.list.previous)
    }

    private func latestList(of person: PersonID) -> SignedDeviceList? {
        directory.deviceList(of: person).flatMap { try? SignedDeviceList.introduced($0.signed) }
    }

    private static let badForm = EnrolmentReply.refused(
        code: .badRequest,
        sentence: "The enrolment does not hold together. Is peercoach up to date?"
    )

    private func isActive(_ device: DeviceID) -> Bool {
        directory.device(device)?.state == .active
    }

    private func receipt(_ answer: EnrolmentAnswer, active: Bool) -> EnrolmentReceipt {
        let list = directory.deviceList(of: answer.person)
        let identity = list.flatMap { try? SignedDeviceList.introduced($0.signed) }
        return EnrolmentReceipt(
            certificate: answer.certificate,
            authority: desk.authority,
            person: answer.person,
            name: answer.name,
            identityKey: identity?.list.identityKey ?? [],
            active: active
        )
    }

    /// Answers; who has enrolled counts no more among the strangers of an address (D21).
    private func enrolled(_ reply: EnrolmentReply, _ number: ConnectionNumber) {
        if case .enrolled = reply, connections[number] != nil { emit(.authenticated(number)) }
        send(.enrolment(reply), to: number)
    }

    private func answer(
        _ number: ConnectionNumber,
        _ result: Result<[DirectoryRecord], DirectoryRejection>?,
        _ reply: (ServerCore) -> EnrolmentReply
    ) {
        switch result {
        case .success: enrolled(reply(self), number)
        case .failure(.notFound): send(.enrolment(Self.noInvite), to: number)
        case .failure(let rejection):
            let code = RefusalCode(rawValue: rejection.rawValue)
            let sentence = Sentences.sentence(for: rejection)
            send(.enrolment(.refused(code: code, sentence: sentence)), to: number)
        case nil:
            send(
                .enrolment(.refused(code: .tryLater, sentence: Sentences.tryLater)),
                to: number
            )
        }
    }
}
