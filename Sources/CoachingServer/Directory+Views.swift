// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire

extension Directory {
    /// Whether a participant may be the first in a room: a proposed facilitator, or a proposed
    /// peer where no facilitator is proposed.
    func mayFound(_ room: RoomID, _ participant: ParticipantID) -> Bool {
        guard let record = self.room(room), !record.isClosed,
            let own = proposal(participant, in: room)
        else { return false }
        if own.membership == .facilitator { return true }
        return !proposals(in: room).contains { $0.membership == .facilitator }
    }

    /// Describes somebody who is proposed for a room, unless they are in it.
    func candidate(_ proposal: MembershipProposal, members: Set<PersonID>) -> Candidate? {
        guard let participant = participant(proposal.participant) else { return nil }
        if let person = participant.person, members.contains(person) { return nil }
        let enrolled = participant.person.flatMap { person($0) }
        return Candidate(
            participant: participant.participant,
            name: participant.name,
            membership: proposal.membership,
            proposer: proposal.by.flatMap { self.participant($0)?.name } ?? "",
            accepted: proposal.accepted != nil,
            deviceList: enrolled?.deviceList.signed,
            vouchers: participant.person.map { signedVouchers(for: $0) } ?? []
        )
    }

    private func signedVouchers(for person: PersonID) -> [SignedVoucher] {
        vouchers(for: person).compactMap { voucher in
            guard let inviter = participant(voucher.inviter), let signer = inviter.person,
                let list = deviceList(of: signer)
            else { return nil }
            return SignedVoucher(
                voucher: voucher.vouched.voucher,
                signer: voucher.vouched.signer,
                signerDevices: list.signed,
                name: inviter.name,
                administrator: isAdministrator(inviter.participant)
            )
        }
    }

    /// Lists the keys of a member's devices.
    func keys(of person: PersonID) -> MemberKeys? {
        guard let list = deviceList(of: person) else { return nil }
        return MemberKeys(
            person: person,
            deviceList: list.signed,
            encryptionKeys: activeDevices(of: person).map(\.encryptionKey)
        )
    }

    /// Lists the devices of a person that were ever listed, whatever has become of them.
    func activeAndEnded(of person: PersonID) -> [DeviceID] { self.person(person)?.devices ?? [] }

    /// Gives the invite with which a person enrolled, if this participant had made it.
    func invite(of person: PersonID, from inviter: ParticipantID) -> Bytes32? {
        activeAndEnded(of: person).lazy.compactMap { device($0).flatMap { invite($0.invite) } }
            .first { $0.inviter == inviter && $0.purpose != .device }?.invite
    }
}
