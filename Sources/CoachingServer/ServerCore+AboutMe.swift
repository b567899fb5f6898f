// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire

extension ServerCore {
    /// The most of each kind that one answer lists, the latest ones.
    private static let aboutMax = 100

    /// Lists all that the directory holds about who asks.
    func tellAbout(_ asker: Asker) {
        guard let own = directory.participant(asker.identity.participant),
            let enrolled = directory.person(asker.identity.person)
        else { return refuse(asker, .notFound, Sentences.notFound) }
        let devices = enrolled.devices.compactMap { directory.device($0) }.map {
            AboutDevice(device: $0.device, state: $0.state, since: $0.since)
        }
        let invites = directory.invites(for: own.participant).map { invite in
            AboutInvite(
                purpose: invite.purpose,
                state: directory.status(of: invite, at: now),
                inviter: invite.inviter.flatMap { directory.participant($0)?.name },
                made: invite.made,
                expires: invite.expires
            )
        }
        let vouchers = directory.vouchers(for: enrolled.person).map { voucher in
            AboutVoucher(
                name: directory.participant(voucher.inviter)?.name ?? "",
                at: voucher.at
            )
        }
        let places = directory.rooms(of: own.participant).map { room, proposal in
            AboutPlace(
                room: room.room,
                name: room.name,
                membership: proposal.membership,
                proposer: proposal.by.flatMap { directory.participant($0)?.name },
                proposed: proposal.proposed,
                accepted: proposal.accepted,
                until: proposal.until,
                closed: room.isClosed
            )
        }
        let about = AboutMe(
            participant: own.participant,
            name: own.name,
            department: own.department,
            address: own.address,
            added: own.added,
            administrator: directory.isAdministrator(own.participant),
            person: enrolled.person,
            devices: devices.suffix(Self.aboutMax),
            invites: invites.suffix(Self.aboutMax),
            vouchers: vouchers.suffix(Self.aboutMax),
            places: places.suffix(Self.aboutMax)
        )
        answer(asker, .about(about))
    }
}
