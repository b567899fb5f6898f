// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingWire

/// Whom a device believes, when it lets people in.
struct AdmissionTrust: Sendable {
    /// Oneself.
    var own: VerifyingKey?
    /// People who have proved their identity key to this device.
    var known: [PersonID: KnownPerson]
}

/// Who would be let into a room, and by whose word; pure.
///
/// - Source: DESIGN.md D6, SEALING.md 3.2.
enum Admission {
    /// Whose word lets a candidate in.
    struct Voucher: Hashable {
        /// The person who vouches.
        var person: PersonID
        /// Their name, as it is shown.
        var name: String
        var isOwn: Bool
    }

    /// A candidate whose keys were checked.
    struct Checked {
        var candidate: Candidate
        var list: SignedDeviceList
        /// Whose word it is; `nil` where nobody this device knows vouches.
        var voucher: Voucher?
    }

    /// Checks a candidate's own keys.
    static func check(_ candidate: Candidate, trust: AdmissionTrust) -> Checked? {
        guard let signed = candidate.deviceList,
            let list = try? SignedDeviceList.introduced(signed), !list.list.devices.isEmpty
        else { return nil }
        return Checked(
            candidate: candidate,
            list: list,
            voucher: voucher(for: candidate, trust: trust)
        )
    }

    /// Finds somebody whose word counts: oneself, an administrator who has proved their identity
    /// to this device, or the candidate who has done so.
    static func voucher(for candidate: Candidate, trust: AdmissionTrust) -> Voucher? {
        guard let signed = candidate.deviceList,
            let list = try? SignedDeviceList.introduced(signed)
        else { return nil }
        let person = list.list.person
        if trust.known[person] != nil || trust.own?.bytes == list.list.identityKey {
            return Voucher(person: person, name: candidate.name, isOwn: false)
        }
        var found: Voucher?
        for voucher in candidate.vouchers {
            guard let signer = signer(of: voucher, for: list.list, trust: trust) else { continue }
            if signer.isOwn { return signer }
            found = found ?? signer
        }
        return found
    }

    private static func signer(
        of voucher: SignedVoucher,
        for list: DeviceList,
        trust: AdmissionTrust
    ) -> Voucher? {
        guard let devices = try? SignedDeviceList.introduced(voucher.signerDevices) else {
            return nil
        }
        let signer = devices.list.person
        let isOwn = devices.list.identityKey == trust.own?.bytes
        guard isOwn || voucher.administrator && trust.known[signer] != nil,
            let device = devices.list.devices.first(where: { $0.device == voucher.signer }),
            let key = try? VerifyingKey(device.signingKey),
            let words = try? VouchedIdentity.verified(voucher.voucher, by: key),
            words.identityKey == list.identityKey
        else { return nil }
        return Voucher(
            person: signer,
            name: trust.known[signer]?.name ?? voucher.name,
            isOwn: isOwn
        )
    }

    /// Builds the next roster of a room with some more people; `nil` where nobody is new.
    static func roster(after room: Room, letting people: [Checked]) -> Roster? {
        guard let last = room.roster, last.version < .max else { return nil }
        var members = room.members
        let there = Set(members.map(\.person))
        for checked in people where !there.contains(checked.list.list.person) {
            let list = checked.list.list
            members.append(
                RosterMember(
                    person: list.person,
                    identityKey: list.identityKey,
                    membership: checked.candidate.membership,
                    leastDeviceListVersion: list.version,
                    name: checked.candidate.name
                )
            )
        }
        guard members.count > there.count else { return nil }
        return Roster(
            room: room.id,
            version: last.version + 1,
            previous: room.rosterHash,
            members: members.sorted { $0.person < $1.person },
            policy: last.policy,
            excludedDevices: last.excludedDevices
        )
    }

    /// Builds the first roster of a room, with oneself alone.
    static func genesis(
        of room: RoomID,
        list: DeviceList,
        name: String,
        membership: Membership
    ) -> Roster {
        Roster(
            room: room,
            version: 1,
            previous: .zero,
            members: [
                RosterMember(
                    person: list.person,
                    identityKey: list.identityKey,
                    membership: membership,
                    leastDeviceListVersion: list.version,
                    name: name
                )
            ],
            policy: .standard,
            excludedDevices: []
        )
    }
}
