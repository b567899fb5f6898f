// SPDX-License-Identifier: Apache-2.0

// MARK: Enrolment

// Who comes with an invite may be anybody, so every refusal here is `notFound`.
extension Directory {
    func enrol(
        _ new: Enrolment,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        if isAnswered(new.invite, new.requestKey, new.device, person: new.person, at: now) {
            return []
        }
        let invite = try openInvite(new.invite, at: now)
        guard invite.purpose != .device,
            let participant = participants[invite.participant], participant.person == nil,
            people[new.person] == nil, devices[new.device] == nil,
            new.deviceList.version == 1, isWithinBounds(new.deviceList.signed),
            isWithinBounds(new.encryptionKey), new.signingKey.count == 65,
            isWithinBounds(certificate: new.certificate)
        else { throw .notFound }
        return [
            .enrolled(
                Enrolled(
                    participant: participant.participant,
                    name: participant.name,
                    enrolment: new
                )
            )
        ]
    }

    func enrolDevice(
        _ new: DeviceEnrolment,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        if isAnswered(new.invite, new.requestKey, new.device, person: nil, at: now) { return [] }
        let invite = try openInvite(new.invite, at: now)
        // Who comes by another's word must bring a list: nobody of theirs could confirm them.
        guard invite.inviter == invite.participant else { throw .notFound }
        return [.deviceWaiting(try waiting(new, invite))]
    }

    func recoverDevice(
        _ new: DeviceEnrolment,
        _ listed: DeviceListed,
        previous: Bytes32,
        at now: Timestamp
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        if isAnswered(new.invite, new.requestKey, new.device, person: nil, at: now) { return [] }
        let waiting = try waiting(new, try openInvite(new.invite, at: now))
        guard listed.person == waiting.person, listed.devices.contains(new.device) else {
            throw .notFound
        }
        var after = self
        after.evolve(DirectoryRecord(at: now, by: nil, event: .deviceWaiting(waiting)))
        return try [.deviceWaiting(waiting)] + after.list(listed, previous: previous)
    }

    private func waiting(
        _ new: DeviceEnrolment,
        _ invite: InviteRecord
    ) throws(DirectoryRejection) -> DeviceWaiting {
        guard invite.purpose == .device,
            let person = participants[invite.participant]?.person,
            mayAddDevice(person), devices[new.device] == nil,
            isWithinBounds(new.encryptionKey), new.signingKey.count == 65,
            isWithinBounds(certificate: new.certificate)
        else { throw .notFound }
        return DeviceWaiting(person: person, enrolment: new)
    }

    private func isAnswered(
        _ invite: Bytes32,
        _ requestKey: Bytes32,
        _ device: DeviceID,
        person: PersonID?,
        at now: Timestamp
    ) -> Bool {
        guard let given = answer(to: invite, requestKey: requestKey, device: device, at: now)
        else { return false }
        return person == nil ? given.purpose == .device : given.person == person
    }

    private func isWithinBounds(_ signed: SignedBytes) -> Bool {
        !signed.body.isEmpty && signed.body.count <= limits.signedBytesMax
            && signed.signature.count == 64
    }

    private func isWithinBounds(certificate: [UInt8]) -> Bool {
        !certificate.isEmpty && certificate.count <= limits.certificateBytesMax
    }
}

// MARK: Devices of people who have enrolled

extension Directory {
    func listDevices(
        _ listed: DeviceListed,
        previous: Bytes32,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        guard listed.person == member.person else { throw .notFound }
        return try list(listed, previous: previous)
    }

    private func list(
        _ listed: DeviceListed,
        previous: Bytes32
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        guard let person = people[listed.person] else { throw .notFound }
        if listed.list == person.deviceList { return [] }
        guard isWithinBounds(listed.list.signed) else { throw .outOfBounds }
        guard listed.devices.count <= limits.devicesMax,
            listed.revoked.count <= limits.devicesEverMax
        else { throw .tooManyDevices }
        let (next, overflow) = person.deviceList.version.addingReportingOverflow(1)
        guard !overflow, listed.list.version == next, previous == person.deviceList.hash else {
            throw .deviceListConflict
        }
        let named = Set(listed.devices)
        guard !named.isEmpty, named.count == listed.devices.count,
            named.isDisjoint(with: listed.revoked),
            Set(listed.revoked).count == listed.revoked.count
        else { throw .deviceListConflict }
        for device in listed.devices {
            guard let record = devices[device], record.person == listed.person else {
                throw .deviceListConflict
            }
            guard record.state != .revoked else { throw .deviceRevoked }
        }
        return [.deviceListed(listed)]
    }

    func revokeDevice(
        _ device: DeviceID,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        guard let record = devices[device],
            member.isAdministrator || record.person == member.person
        else { throw .notFound }
        guard record.state != .revoked else { throw .alreadyRevoked }
        return [.deviceRevoked(device)]
    }

    func renewCertificate(
        _ certificate: [UInt8],
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        guard isWithinBounds(certificate: certificate) else { throw .outOfBounds }
        return [
            .certificateRenewed(
                CertificateRenewed(device: member.device, certificate: certificate)
            )
        ]
    }

    func announceEncryptionKey(
        _ key: SignedBytes,
        version: UInt32,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        guard let record = devices[member.device] else { throw .notFound }
        guard isWithinBounds(key) else { throw .outOfBounds }
        if record.encryptionKey == key, record.encryptionKeyVersion == version { return [] }
        guard version > record.encryptionKeyVersion else { throw .encryptionKeyConflict }
        return [
            .encryptionKeyAnnounced(
                EncryptionKeyAnnounced(device: member.device, key: key, version: version)
            )
        ]
    }

    func vouch(
        _ person: PersonID,
        _ voucher: SignedBytes,
        introduction: Bytes32,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let member = try member(actor)
        if people[person]?.vouchers.contains(where: { $0.inviter == member.participant }) == true {
            return []
        }
        guard pending[member.participant]?[person] != nil else { throw .notFound }
        guard isWithinBounds(voucher) else { throw .outOfBounds }
        return [
            .vouched(
                Vouched(
                    person: person,
                    voucher: voucher,
                    signer: member.device,
                    introduction: introduction
                )
            )
        ]
    }
}
